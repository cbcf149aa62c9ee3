"""What the page on error bounds for flow matching shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.drawing import C1, C2, C3, C4, INK, MUTED, axes, panels, thumbnail
from companions.flow_matching import (
    exact_lambda,
    geometric_gamma,
    late_schedule_ratio,
    lemma_6_lambda,
    linear_schedule_constant,
    linear_schedule_worst_error,
    supremum_ratio,
    ve_error_curve,
    ve_lipschitz,
    ve_lipschitz_integral,
    worst_tau,
)
from companions.study import figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: r = R²/σ² of the mixtures whose regularity is drawn, and of the one the text speaks of.
RATIOS = (0.5, 1.0, 4.0, 9.0)
R_TEXT = 4.0
#: The bimodal flow: data ½N(±1, 0.4²), noise from 6 down, error of the velocity.
R, SIGMA, GAMMA_0, EPSILON = 1.0, 0.4, 6.0, 0.01
GAMMA_1 = np.geomspace(2.0, 0.05, 13)
#: Times of the moving picture: noise from 6 to 0.05.
TIMES = np.linspace(0, 1, 31)


class Data(NamedTuple):
    """Curves of the figures."""

    tau: NDArray[np.float64]
    ratios: NDArray[np.float64]
    errors: NDArray[np.float64]
    bounds: NDArray[np.float64]


def compute() -> Data:
    """The regularity ratio on a grid of τ/σ, and error and bounds along γ_1."""
    tau = np.geomspace(0.05, 20, 121)
    ratios = np.array([supremum_ratio(tau, np.sqrt(r), 1.0) for r in RATIOS])
    errors, bounds = ve_error_curve(GAMMA_1, EPSILON, R, SIGMA, GAMMA_0)
    return Data(tau, ratios, errors, bounds)


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    return {
        "ratio": number(R_TEXT, "g"),
        "exact_lambda": number(exact_lambda(R_TEXT), ".4g"),
        "lemma_lambda": number(lemma_6_lambda(R_TEXT), "g"),
        "worst_tau": number(worst_tau(np.sqrt(R_TEXT), 1.0)),
        "constant_at_2": number(linear_schedule_constant(2.0)),
        "worst_at_2": number(linear_schedule_worst_error(2.0)),
        "share_at_2": number(
            100 * linear_schedule_worst_error(2.0) / linear_schedule_constant(2.0), ".0f"
        ),
        "late_tenth": number(100 * late_schedule_ratio(2.0, 0.1), ".1f"),
        "late_hundredth": number(100 * late_schedule_ratio(2.0, 0.01), ".1f"),
        "epsilon": number(EPSILON, "g"),
        "bimodal_lambda": number(exact_lambda((R / SIGMA) ** 2)),
        "bimodal_lemma": number(lemma_6_lambda((R / SIGMA) ** 2)),
        "lipschitz": number(ve_lipschitz_integral(R, SIGMA, GAMMA_0, GAMMA_1[-1])),
        "error": number(data.errors[-1], ".2g", 1e-8),
        "theorem_1": number(data.bounds[-1, 0], ".2g"),
        "theorem_6_exact": number(data.bounds[-1, 1], ".2g", 1e-5),
        "theorem_6": number(data.bounds[-1, 2], ".2g", 1e-3),
        "gap": number(data.bounds[-1, 0] / data.errors[-1], ".0f", 1e-2),
    }


@figure(
    "How much information noise leaves about itself",
    "Curves of the largest normalised posterior variance of the noise against the noise level, for "
    "separations r from one half to nine. For r up to one the curve falls from one. For larger r "
    "it rises above one to a peak of (1+r)²/(4r) and then falls; a dotted line marks that peak.",
)
def regularity(data: Data) -> Figure:
    """The supremum over x of the regularity ratio, against τ."""
    fig, ax = axes()
    for r, ratio, colour, dash in zip(
        RATIOS, data.ratios, (C1, C2, C3, C4), ("-", "--", "-.", "-"), strict=True
    ):
        ax.plot(data.tau, ratio, dash, color=colour, label=f"$r={r:g}$")
        if r > 1:
            ax.plot(worst_tau(np.sqrt(r), 1.0), exact_lambda(r), "o", color=colour)
            ax.axhline(exact_lambda(r), color=colour, lw=0.8, ls=":")
    ax.set(xscale="log", xlim=(0.05, 20), ylim=(0, 3))
    ax.set_xlabel(r"noise level $\tau/\sigma$")
    ax.set_ylabel(r"$\sup_x\ \mathrm{Var}(\xi\,|\,W'=x)/\tau^2$")
    ax.legend(loc="upper right")
    return fig


@figure(
    "The true error and three bounds on it",
    "Four curves against the noise level at which the flow stops, on logarithmic axes. The true "
    "error is lowest and hardly grows. Theorem 1 lies above it, Theorem 6 with the exact constant "
    "higher, and Theorem 6 with the constant of Lemma 6 rises by many orders of magnitude.",
)
def bounds(data: Data) -> Figure:
    """W_2 and the bounds along γ_1."""
    fig, ax = axes(height=3.1)
    ax.plot(GAMMA_1, data.errors, "o-", color=INK, label=r"true $W_2$")
    labels = ("Theorem 1", r"Theorem 6, exact $\lambda^\star$", r"Theorem 6, Lemma 6's $\lambda$")
    for k, (colour, dash) in enumerate(((C1, "-"), (C2, "--"), (C4, "-."))):
        ax.plot(GAMMA_1, data.bounds[:, k], dash, color=colour, label=labels[k])
    ax.set(xscale="log", yscale="log")
    ax.invert_xaxis()
    ax.set_xlabel(r"final noise level $\gamma_1$ (less noise to the right)")
    ax.set_ylabel(r"$W_2(\hat\pi_1,\,\pi_1)$")
    ax.legend(loc="upper left")
    return fig


def _law(t: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    s = np.hypot(SIGMA, geometric_gamma(t, GAMMA_0, 0.05))
    p = np.exp(-(((x - R) / s) ** 2) / 2) + np.exp(-(((x + R) / s) ** 2) / 2)
    return np.asarray(p / (2 * s * np.sqrt(2 * np.pi)))


@moving(
    "A law being denoised",
    "Above, the density of the flow at one time on the scale of its spread; below, the Lipschitz "
    "constant of the velocity over time with a mark at that time. The density is one broad hump "
    "until the noise is as small as the distance of the modes, and then splits into two.",
    label="time",
    frames=lambda data: [
        f"t = {t:.2f}, γ = {float(geometric_gamma(t, GAMMA_0, 0.05)):.2f}" for t in TIMES
    ],
    still=25,
)
def law(data: Data, frame: int) -> Figure:
    """The law of X_t, and where in the schedule the velocity is steep."""
    fig, (top, bottom) = panels(2, 1, height=3.4)
    t = TIMES[frame]
    z = np.linspace(-3, 3, 121)
    # In units of its own standard deviation, or the noise would drive it out of the picture.
    spread = float(np.hypot(R, np.hypot(SIGMA, geometric_gamma(t, GAMMA_0, 0.05))))
    density = _law(t, z * spread) * spread
    top.fill_between(z, density, color=C1, alpha=0.25, lw=0)
    top.plot(z, density, color=C1)
    top.set(xlim=(-3, 3), ylim=(0, 0.65), yticks=[])
    top.set_xlabel("$x$, in standard deviations of the law")
    top.set_ylabel("density")
    times = np.linspace(0, 1, 121)
    bottom.plot(times, ve_lipschitz(times, R, SIGMA, GAMMA_0, 0.05), color=MUTED)
    bottom.plot([t], ve_lipschitz(t, R, SIGMA, GAMMA_0, 0.05), "o", color=C2, ms=6)
    bottom.set(xlim=(0, 1), ylim=(0, None))
    bottom.set_xlabel(r"time $t$")
    bottom.set_ylabel(r"$L^\star_t$")
    return fig


@figure("A law in two humps", "Two humps, and above them the broad hump they came from.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    x = np.linspace(-3, 3, 91)
    for t, colour in ((0.4, C3), (0.53, C2), (1.0, C1)):
        ax.fill_between(x, _law(t, x), color=colour, alpha=0.2, lw=0)
        ax.plot(x, _law(t, x), color=colour)
    ax.set_ylim(0, None)
    return fig
