"""What the page on the VR-IWAE bound shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.drawing import C1, C2, C3, C4, INK, MUTED, axes, panels, thumbnail
from companions.study import figure, moving, number
from companions.vr_iwae import (
    kink,
    limit_shape,
    lognormal_gamma_squared,
    lognormal_gap,
    lognormal_limit,
    scaled_gap_curve,
    theorem_3,
    theorem_5,
)
from companions.vr_iwae_gaussian import (
    gamma_squared,
    gradient_snr,
    log_weight_variance,
    snr_slope,
    vr_gap,
    vr_iwae_gap,
)

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result
    from companions.vr_iwae_gaussian import Estimator

#: Variances B² of log-normal weights, c = log N/B², and α of the frames of the moving picture.
VARIANCES = (25.0, 100.0, 400.0)
C = 0.8 * np.linspace(0, 1, 41) ** 2
ALPHAS = np.linspace(0, 0.9, 19)
#: The weights that the text speaks of, and its second α.
B_TEXT, ALPHA_TEXT = 5.0, 0.5
N_TEXT = 1000
#: Linear Gaussian model: dimensions, and log N.
DIMENSIONS = (20, 80, 200)
LOG_N = np.log(2) * np.arange(0, 17)
N_GAUSSIAN = 256
#: Gradients: numbers of draws, and those for which slopes come close to their limit.
DRAWS = tuple(2**k for k in range(2, 10))
MANY_DRAWS = tuple(2**k for k in range(12, 17))
SNR_ALPHAS = (0.0, 0.2, 0.5)
ESTIMATORS: tuple[Estimator, ...] = ("rep", "drep")


class Data(NamedTuple):
    """Curves of the figures."""

    #: Δ/B², shape (ALPHAS, VARIANCES, C).
    scaled: NDArray[np.float64]
    #: Δ_N of the Gaussian model and its Theorem 3, shape (2 α, DIMENSIONS, LOG_N).
    gaussian: NDArray[np.float64]
    theorem: NDArray[np.float64]
    #: Shape (ESTIMATORS, SNR_ALPHAS, DRAWS), for one replica.
    snr: NDArray[np.float64]


def compute() -> Data:
    """Quadratures, no sampling."""
    scaled = [[scaled_gap_curve(C, a, float(np.sqrt(v))) for v in VARIANCES] for a in ALPHAS]
    both = (0.0, ALPHA_TEXT)
    gaussian = [[vr_iwae_gap(LOG_N, a, d, 0.0) for d in DIMENSIONS] for a in both]
    theorem = [
        [theorem_3(np.exp(LOG_N), vr_gap(a, d, 0.0), gamma_squared(a, d, 0.0)) for d in DIMENSIONS]
        for a in both
    ]
    snr = [[[gradient_snr(n, a, e) for n in DRAWS] for a in SNR_ALPHAS] for e in ESTIMATORS]
    return Data(np.array(scaled), np.array(gaussian), np.array(theorem), np.array(snr))


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    v, log_n = B_TEXT**2, np.log(N_TEXT)
    slopes = {
        f"{e}_{'many_' if many else ''}{10 * a:.0f}": number(
            snr_slope(n, a, e), ".3f" if many else ".2f", 1e-6
        )
        for e in ESTIMATORS
        for a in SNR_ALPHAS
        for many, n in ((False, DRAWS), (True, MANY_DRAWS))
    }
    half = int(np.argmin(np.abs(ALPHAS - ALPHA_TEXT)))
    shape = np.array([limit_shape(C, a) for a in (0.0, ALPHA_TEXT)])
    away = np.abs(data.scaled[[0, half]] - shape[:, None]).max(axis=2)
    at = int(np.log2(N_GAUSSIAN))
    return {
        **slopes,
        "variance": number(v, "g"),
        "alpha": number(ALPHA_TEXT, "g"),
        "needed": number(np.exp(kink(0.0) * v), ",.0f"),
        "needed_alpha": number(np.exp(kink(ALPHA_TEXT) * v), ".0f"),
        "lost_alpha": number(-lognormal_limit(ALPHA_TEXT, B_TEXT), "g"),
        "N": number(N_TEXT, ",d"),
        "gap": number(float(lognormal_gap(log_n, 0.0, B_TEXT)), ".2f", 1e-7),
        "gap_theorem_5": number(float(theorem_5(log_n, 0.0, B_TEXT)), ".2f"),
        "gap_theorem_3": number(
            float(theorem_3(N_TEXT, 0.0, lognormal_gamma_squared(0.0, B_TEXT))), ".1e", 1e-3
        ),
        "gap_alpha": number(float(lognormal_gap(log_n, ALPHA_TEXT, B_TEXT)), ".2f", 1e-7),
        "limit_alpha": number(lognormal_limit(ALPHA_TEXT, B_TEXT), ".2f"),
        "away_small": number(away[0, 0], ".3f", 1e-7),
        "away_large": number(away[0, -1], ".3f", 1e-7),
        "away_small_alpha": number(away[1, 0], ".3f", 1e-7),
        "away_large_alpha": number(away[1, -1], ".3f", 1e-7),
        "largest_variance": number(VARIANCES[-1], "g"),
        "d": number(DIMENSIONS[-1], "d"),
        "d_small": number(DIMENSIONS[0], "d"),
        "d_variance": number(log_weight_variance(DIMENSIONS[-1], 0.0), ".1f"),
        "d_small_variance": number(log_weight_variance(DIMENSIONS[0], 0.0), ".1f"),
        "N_gaussian": number(N_GAUSSIAN, "d"),
        "gaussian": number(data.gaussian[0, -1, at], ".3f", 1e-7),
        "gaussian_theorem": number(data.theorem[0, -1, at], ".3f"),
        "gaussian_alpha": number(data.gaussian[1, -1, at], ".3f", 1e-7),
        "gaussian_theorem_alpha": number(data.theorem[1, -1, at], ".3f"),
        "gaussian_limit_alpha": number(vr_gap(ALPHA_TEXT, DIMENSIONS[-1], 0.0), ".3f"),
        "fewest_draws": number(DRAWS[0], "d"),
        "most_draws": number(DRAWS[-1], "d"),
        "first_many": number(MANY_DRAWS[0], ",d"),
        "last_many": number(MANY_DRAWS[-1], ",d"),
        "snr_iwae": number(data.snr[0, 0, -1], ".3f", 1e-7),
        "snr_alpha": number(data.snr[0, 1, -1], ".2f", 1e-7),
        "snr_drep": number(data.snr[1, 0, -1], ".1f", 1e-6),
        "small_alpha": number(SNR_ALPHAS[1], "g"),
    }


@moving(
    "The gap of the bound, for log-normal weights",
    "Curves of the scaled gap against the scaled logarithm of the number of samples, for three "
    "variances, and their limit. All rise from minus one half, the steeper the further left, and "
    "then are level at minus alpha over two; a dot marks where the limit becomes level. As alpha "
    "grows, the dot moves to the left and down: fewer samples lead to the end, and it is lower.",
    label="α",
    frames=lambda data: [f"α = {a:.2f}, level from c = {kink(float(a)):.3f}" for a in ALPHAS],
    still=4,
)
def shape(data: Data, frame: int) -> Figure:
    """Δ/B² against c for one α."""
    fig, ax = axes(height=3.0)
    alpha = float(ALPHAS[frame])
    for curve, variance, colour, dash in zip(
        data.scaled[frame], VARIANCES, (C2, C1, C4), (":", "--", "-."), strict=True
    ):
        ax.plot(C, curve, dash, color=colour, label=f"$B^2={variance:g}$")
    ax.plot(C, limit_shape(C, alpha), color=INK, lw=1.0, label="limit")
    ax.plot([kink(alpha)], [-alpha / 2], "o", color=INK)
    ax.set(xlim=(0, 0.8), ylim=(-0.63, 0.02), xlabel=r"$c=\log N\,/\,B^2$")
    ax.set_ylabel(r"gap $\Delta_N\,/\,B^2$")
    ax.legend(loc="lower right", ncols=2)
    return fig


@figure(
    "Exact gap and its expansion in a Gaussian model",
    "Two panels, for alpha zero and one half, of the gap against the number of samples in three "
    "dimensions. Solid exact curves rise to their limits. Dashed ones of the expansion agree with "
    "them from one sample on in the smallest dimension; in the largest they come from far below "
    "and join after thousands of samples for alpha zero, after tens for alpha one half.",
)
def gaussian(data: Data) -> Figure:
    """Δ_N and Theorem 3 for several dimensions."""
    fig, found = panels(1, 2, height=2.7)
    n = np.exp(LOG_N)
    for k, (ax, alpha) in enumerate(zip(found, (0.0, ALPHA_TEXT), strict=True)):
        for d, colour, mark, exact, theorem in zip(
            DIMENSIONS, (C3, C1, C2), "^os", data.gaussian[k], data.theorem[k], strict=True
        ):
            ax.plot(n, exact, "-", marker=mark, ms=3, markevery=2, color=colour, label=f"$d={d}$")
            ax.plot(n, theorem, "--", color=colour, lw=1)
        ax.set(xscale="log", xlim=(1, n[-1]), ylim=(-5, 0.2), title=rf"$\alpha={alpha:g}$")
        ax.set_xlabel("samples $N$")
    found[0].set_ylabel(r"gap $\Delta_N$")
    found[0].legend(loc="lower right")
    return fig


@figure(
    "Signal-to-noise ratio of two gradient estimators",
    "Six curves on logarithmic axes. Those of the doubly reparameterised gradient are highest and "
    "all rise with slope about one half. Those of the reparameterised gradient rise for alpha "
    "0.2 and 0.5, after a slow start, and fall for alpha zero with slope minus one half.",
)
def snr(data: Data) -> Figure:
    """SNR against N for REP and DREP."""
    fig, ax = axes(height=3.0)
    for e, (name, dash) in enumerate((("REP", "--"), ("DREP", "-"))):
        for k, (alpha, colour, mark) in enumerate(
            zip(SNR_ALPHAS, (C4, C1, C2), "so^", strict=True)
        ):
            label = rf"{name}, $\alpha={alpha:g}$"
            ax.plot(DRAWS, data.snr[e, k], dash, marker=mark, color=colour, label=label)
    ax.set(xscale="log", yscale="log", ylim=(0.015, 400))
    ax.set_xticks([4, 16, 64, 256], ["4", "16", "64", "256"])
    ax.minorticks_off()
    ax.set(xlabel="samples $N$", ylabel="signal-to-noise ratio")
    ax.legend(loc="upper left", ncols=2)
    return fig


@figure("A transition", "A curve that rises and then is level, and three that come close to it.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    for curve, colour in zip(data.scaled[4], (C2, C1, C4), strict=True):
        ax.plot(C, curve, color=colour)
    alpha = float(ALPHAS[4])
    ax.plot(C, limit_shape(C, alpha), color=INK, lw=1)
    ax.plot([kink(alpha)], [-alpha / 2], "o", color=INK)
    ax.axhline(0, color=MUTED, lw=0.6, ls=":")
    ax.set(xlim=(0, 0.8), ylim=(-0.55, 0.05))
    return fig
