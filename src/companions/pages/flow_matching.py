"""What the page on error bounds for flow matching shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.drawing import C1, C2, C3, C4, INK, MUTED, axes, panels, thumbnail
from companions.flow_matching import (
    covariance_ratio,
    exact_lambda,
    geometric_gamma,
    late_schedule_ratio,
    lemma_6_lambda,
    linear_schedule_constant,
    linear_schedule_worst_error,
    supremum_ratio,
    ve_error_curve,
    ve_learned_densities,
    ve_lipschitz,
    ve_lipschitz_integral,
    ve_one_sided_bound,
    worst_tau,
)
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: r = R²/σ² of the mixtures whose regularity is drawn, and of the one the text speaks of.
RATIOS = (0.5, 1.0, 4.0, 9.0)
R_TEXT = 4.0
#: The end π_1 = N(0, σ²) of the flow between Gaussians, and two lengths of a late expansion.
S_TEXT = 2.0
LATE = (0.1, 0.01)
#: The bimodal flow: data ½N(±1, 0.4²), noise from 6 down, error of the velocity.
R, SIGMA, GAMMA_0, EPSILON = 1.0, 0.4, 6.0, 0.01
GAMMA_1 = np.geomspace(2.0, 0.05, 13)
#: The moving picture: noise from 6 to 0.05, and an error of the velocity that one can see.
TIMES, SHOWN = np.linspace(0, 1, 26), 0.3
#: Where densities are drawn, in standard deviations of the law.
Z = np.linspace(-3, 3, 91)


class Data(NamedTuple):
    """Curves of the figures."""

    tau: NDArray[np.float64]
    ratios: NDArray[np.float64]
    grid_lambda: float
    errors: NDArray[np.float64]
    bounds: NDArray[np.float64]
    one_sided: NDArray[np.float64]
    learned: NDArray[np.float64]


def compute() -> Data:
    """The regularity ratio on grids, error and bounds along γ_1, and the learned laws."""
    tau = np.geomspace(0.05, 20, 121)
    ratios = np.array([supremum_ratio(tau, np.sqrt(r), 1.0) for r in RATIOS])
    errors, bounds = ve_error_curve(GAMMA_1, EPSILON, R, SIGMA, GAMMA_0)
    one_sided = np.array([ve_one_sided_bound(EPSILON, R, SIGMA, GAMMA_0, g) for g in GAMMA_1])
    fine, x = np.geomspace(0.05, 20, 4001), np.linspace(-5, 5, 101)[:, None]
    grid_lambda = float(covariance_ratio(x, fine, np.sqrt(R_TEXT), 1.0).max())
    spreads = np.array([_spread(t) for t in TIMES])
    learned = ve_learned_densities(
        spreads[:, None] * Z, TIMES, SHOWN, R, SIGMA, GAMMA_0, GAMMA_1[-1]
    )
    return Data(tau, ratios, grid_lambda, errors, bounds, one_sided, spreads[:, None] * learned)


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    constant, worst = linear_schedule_constant(S_TEXT), linear_schedule_worst_error(S_TEXT)
    whole = ve_lipschitz_integral(R, SIGMA, GAMMA_0, GAMMA_1[-1])
    # As long as S = σ² + γ² > R² the law has one mode, and all slopes of the velocity are negative.
    one_hump = ve_lipschitz_integral(R, SIGMA, GAMMA_0, np.sqrt(R**2 - SIGMA**2))
    return {
        "ratio": number(R_TEXT, "g"),
        "exact_lambda": number(float(exact_lambda(R_TEXT)), ".4g"),
        "lemma_lambda": number(lemma_6_lambda(R_TEXT), "g"),
        "worst_tau": number(worst_tau(np.sqrt(R_TEXT), 1.0)),
        "grid_error": at_most(float(exact_lambda(R_TEXT)) - data.grid_lambda, -6),
        "s": number(S_TEXT, "g"),
        "constant": number(constant),
        "worst": number(worst),
        "share": number(100 * worst / constant, ".0f"),
        "delta": number(LATE[0], "g"),
        "delta_small": number(LATE[1], "g"),
        "late": number(100 * late_schedule_ratio(S_TEXT, LATE[0]), ".1f"),
        "late_small": number(100 * late_schedule_ratio(S_TEXT, LATE[1]), ".1f"),
        "R": number(R, "g"),
        "sigma": number(SIGMA, "g"),
        "gamma_0": number(GAMMA_0, "g"),
        "gamma_1": number(GAMMA_1[-1], "g"),
        "epsilon": number(EPSILON, "g"),
        "shown": number(SHOWN, "g"),
        "bimodal_lambda": number(float(exact_lambda((R / SIGMA) ** 2))),
        "bimodal_lemma": number(lemma_6_lambda((R / SIGMA) ** 2)),
        "lipschitz": number(whole),
        "one_hump": number(100 * one_hump / whole, ".0f"),
        "error": number(data.errors[-1], ".2g", 1e-8),
        "theorem_1": number(data.bounds[-1, 0], ".2f"),
        "one_sided": number(data.one_sided[-1], ".3f"),
        "theorem_6_exact": number(data.bounds[-1, 1], ".0f", 1e-5),
        "theorem_6": number(data.bounds[-1, 2], ".1e", 1e-3),
        "gap": number(data.bounds[-1, 0] / data.errors[-1], ".0f", 1e-2),
    }


@figure(
    "How much information noise leaves about itself",
    "Above, curves of the largest normalised posterior variance of the noise against the noise "
    "level, for separations r from one half to nine. For r up to one the curve falls from one. For "
    "larger r it rises to a peak, marked by a dot, and then falls. Below, the height of the peak "
    "against r: one up to r = 1, and then a slowly rising curve that stays far below the straight "
    "line 1 + r of Lemma 6.",
)
def regularity(data: Data) -> Figure:
    """The supremum over x of the regularity ratio against τ, and the smallest λ against r."""
    fig, (top, bottom) = panels(2, 1, height=4.4)
    r = np.linspace(0, 10, 101)
    bottom.plot(r, exact_lambda(r), color=INK, label=r"exact $\lambda^\star$")
    bottom.plot(r, [lemma_6_lambda(each) for each in r], "--", color=MUTED, label="Lemma 6, $1+r$")
    for each, ratio, colour, dash, marker in zip(
        RATIOS, data.ratios, (C1, C2, C3, C4), ("-", "--", "-.", ":"), "v^os", strict=True
    ):
        top.plot(data.tau, ratio, dash, color=colour, label=f"$r={each:g}$")
        if each > 1:
            top.plot(worst_tau(np.sqrt(each), 1.0), exact_lambda(each), marker, color=colour)
        bottom.plot(each, exact_lambda(each), marker, color=colour, ms=5)
    top.set(xscale="log", xlim=(0.05, 20), ylim=(0, 3))
    top.set_xlabel(r"noise level $\tau/\sigma$")
    top.set_ylabel(r"$\sup_x\,\mathrm{Var}(\xi\,|\,W'=x)/\tau^2$")
    top.legend(loc="upper right")
    bottom.set(xlim=(0, 10), ylim=(0, 11))
    bottom.set_xlabel(r"separation $r=R^2/\sigma^2$")
    bottom.set_ylabel(r"$\lambda$")
    bottom.legend(loc="upper left")
    return fig


@figure(
    "The true error and four bounds on it",
    "Five curves against the noise level at which the flow stops, on logarithmic axes. The true "
    "error is lowest and hardly grows. The one-sided bound is a little above it, Theorem 1 a "
    "little higher, Theorem 6 with the exact constant higher still, and Theorem 6 with the "
    "constant of Lemma 6 rises by many orders of magnitude.",
)
def bounds(data: Data) -> Figure:
    """W_2 and the bounds along γ_1."""
    fig, ax = axes(height=3.3)
    ax.plot(GAMMA_1, data.errors, "o-", color=INK, label=r"true $W_2$")
    ax.plot(GAMMA_1, data.one_sided, ":", color=C3, label="one-sided")
    labels = ("Theorem 1", r"Theorem 6, $\lambda^\star$", "Theorem 6, $1+r$")
    for k, (colour, dash) in enumerate(((C1, "-"), (C2, "--"), (C4, "-."))):
        ax.plot(GAMMA_1, data.bounds[:, k], dash, color=colour, label=labels[k])
    ax.set(xscale="log", yscale="log")
    ax.invert_xaxis()
    ax.set_xlabel(r"final noise level $\gamma_1$ (less noise to the right)")
    ax.set_ylabel(r"$W_2(\hat\pi_1,\,\pi_1)$")
    ax.legend(loc="upper left")
    return fig


def _spread(t: float) -> float:
    return float(np.hypot(R, np.hypot(SIGMA, geometric_gamma(t, GAMMA_0, GAMMA_1[-1]))))


def _law(t: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
    s = np.hypot(SIGMA, geometric_gamma(t, GAMMA_0, GAMMA_1[-1]))
    p = np.exp(-(((x - R) / s) ** 2) / 2) + np.exp(-(((x + R) / s) ** 2) / 2)
    return np.asarray(p / (2 * s * np.sqrt(2 * np.pi)))


@moving(
    "A law being denoised, by the true velocity and by a wrong one",
    "Above, two densities at one time, on the scale of the law's spread: that of the true flow, "
    "filled, and that of a flow whose velocity is wrong, dashed. Both begin as one broad hump and "
    "split into two when the noise is as small as the distance of the modes; the dashed humps are "
    "somewhat displaced. Below, the Lipschitz constant of the velocity over time, the area under "
    "it filled up to that time.",
    label="time",
    frames=lambda data: [
        f"t = {t:.2f}, γ = {float(geometric_gamma(t, GAMMA_0, GAMMA_1[-1])):.2f}" for t in TIMES
    ],
    still=22,
)
def law(data: Data, frame: int) -> Figure:
    """The laws of the two flows, and what the exponent of Theorem 1 has added up to."""
    fig, (top, bottom) = panels(2, 1, height=3.6)
    t = TIMES[frame]
    # In units of its own standard deviation, or the noise would drive it out of the picture.
    density = _law(t, Z * _spread(t)) * _spread(t)
    top.fill_between(Z, density, color=C1, alpha=0.25, lw=0)
    top.plot(Z, density, color=C1, label="true")
    top.plot(Z, data.learned[frame], "--", color=C2, label="learned")
    top.set(xlim=(-3, 3), ylim=(0, 0.9), yticks=[])
    top.set_xlabel("$x$, in standard deviations of the true law")
    top.set_ylabel("density")
    top.legend(loc="upper right")
    times, past = np.linspace(0, 1, 121), np.linspace(0, t, 31)
    schedule = (R, SIGMA, GAMMA_0, float(GAMMA_1[-1]))
    bottom.fill_between(past, ve_lipschitz(past, *schedule), color=C1, alpha=0.25, lw=0)
    bottom.plot(times, ve_lipschitz(times, *schedule), color=MUTED)
    bottom.plot([t], ve_lipschitz(t, *schedule), "o", color=C2, ms=6)
    bottom.set(xlim=(0, 1), ylim=(0, 6))
    bottom.set_xlabel(r"time $t$")
    bottom.set_ylabel(r"$L^\star_t$")
    return fig


@figure("A law in two humps", "Two humps, and above them the broad hump they came from.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    x = np.linspace(-4.5, 4.5, 91)
    for t, colour in ((0.4, C3), (0.53, C2), (1.0, C1)):
        ax.fill_between(x, _law(t, x), color=colour, alpha=0.2, lw=0)
        ax.plot(x, _law(t, x), color=colour)
    ax.set_ylim(0, None)
    return fig
