"""What the page on diffusion models in theory shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.diffusion_theory import (
    grid_path_kl,
    initial_kl,
    path_kl,
    path_kl_limit,
    sampler_variance,
    sampler_variances,
    steps_needed,
    true_kl,
    true_kl_limit,
    variance,
    variance_bias_limit,
)
from companions.drawing import C1, C2, C3, C4, INK, axes, panels, thumbnail
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: Variance of the data and duration of the noising.
SIGMA2, T = 0.25, 2.0
#: Another variance of the data, to see that the bias hardly depends on it.
WIDE = 4.0
#: Numbers of steps: of the curves, and the two at which the orders are read off.
N = np.array([2, 3, 5, 8, 12, 20, 32, 50, 80, 125, 200, 320, 500, 800, 1250, 2000])
N_FEW, N_MANY, N_ORDER = 10, 100, 1000
#: Of the moving picture.
FRAMES = (4, 5, 6, 8, 10, 12, 15, 20, 24, 30, 40, 60, 120)
#: Dimensions, and the KL to be reached in all of them together.
D, TOLERANCE = np.array([1, 3, 10, 30, 100, 300, 1000]), 0.1


class Data(NamedTuple):
    """KLs along N, shape (4, n): of paths, of grids, of samples, of samples from N(0, I)."""

    kls: NDArray[np.float64]
    steps: NDArray[np.int64]
    orders: tuple[float, float]
    gap: float


def _steps(kl: Callable[[float, float, int, int], float], d: int) -> int:
    return steps_needed(lambda n: kl(SIGMA2, T, n, d), TOLERANCE)


def compute() -> Data:
    """All KLs, and the steps needed in each dimension for paths and for samples."""
    kls = np.array(
        [
            [path_kl(SIGMA2, T, int(n)) for n in N],
            [grid_path_kl(SIGMA2, T, int(n)) for n in N],
            [true_kl(SIGMA2, T, int(n)) for n in N],
            [true_kl(SIGMA2, T, int(n), 1, 1.0) for n in N],
        ]
    )
    needed = [[_steps(kl, int(d)) for d in D] for kl in (path_kl, true_kl)]
    orders = [
        float(np.log2(kl(SIGMA2, T, N_ORDER // 2) / kl(SIGMA2, T, N_ORDER)))
        for kl in (path_kl, true_kl)
    ]
    # Richardson: the scaled KLs tend to their limits like 1/N.
    scaled = [[n * path_kl(SIGMA2, T, n) / path_kl_limit(SIGMA2, T) for n in (4000, 8000)]]
    scaled += [[n**2 * true_kl(SIGMA2, T, n) / true_kl_limit(SIGMA2, T) for n in (4000, 8000)]]
    gap = max(abs(2 * fine - coarse - 1) for coarse, fine in scaled)
    return Data(kls, np.array(needed), (orders[0], orders[1]), gap)


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    return {
        "sigma2": number(SIGMA2, "g"),
        "T": number(T, "g"),
        "few": number(N_FEW, "d"),
        "many": number(N_MANY, "d"),
        "path_few": number(path_kl(SIGMA2, T, N_FEW), ".2f"),
        "true_few": number(true_kl(SIGMA2, T, N_FEW), ".2f"),
        "path_many": number(path_kl(SIGMA2, T, N_MANY), ".3f"),
        "true_many": number(true_kl(SIGMA2, T, N_MANY), ".4f"),
        "grid_share": number(
            100 * grid_path_kl(SIGMA2, T, N_FEW) / path_kl(SIGMA2, T, N_FEW), ".0f"
        ),
        "order_n": number(N_ORDER, "d"),
        "order_path": number(data.orders[0], ".2f"),
        "order_true": number(data.orders[1], ".2f"),
        "path_limit": number(path_kl_limit(SIGMA2, T), ".2f"),
        "true_limit": number(true_kl_limit(SIGMA2, T), ".1f"),
        "gap": at_most(data.gap, -4),
        "initial": number(initial_kl(SIGMA2, T, 1, 1.0), ".1e"),
        "from_q": number(true_kl(SIGMA2, T, N_ORDER), ".3e", 1e-12),
        "from_normal": number(true_kl(SIGMA2, T, N_ORDER, 1, 1.0), ".3e", 1e-12),
        "tolerance": number(TOLERANCE, "g"),
        "d": number(D[-1], "d"),
        "path_one": number(data.steps[0, 0], "d", 0),
        "path_all": number(data.steps[0, -1], "d", 1),
        "true_one": number(data.steps[1, 0], "d", 0),
        "true_all": number(data.steps[1, -1], "d", 1),
        "fewest": number(FRAMES[0], "d"),
        "last_variance": number(sampler_variances(SIGMA2, T, FRAMES[0])[-1], ".2f"),
        "bias": number(variance_bias_limit(SIGMA2, T), ".3f"),
        "bias_wide": number(variance_bias_limit(WIDE, T), ".3f"),
        "wide": number(WIDE, "g"),
    }


@moving(
    "A sampler with few steps, and with many",
    "Above, the variance over the time of the sampler: the true one, a solid line that falls from "
    "nearly one to a quarter, and the sampler's, a dashed line that lies above it and, with few "
    "steps, sags and rises within each. Below, the density of the data, filled, and that of the "
    "samples, dashed and too wide. With more steps the dashed curves approach the solid ones.",
    label="steps",
    frames=lambda data: [f"N = {n}, KL = {true_kl(SIGMA2, T, n):.4f}" for n in FRAMES],
    still=3,
)
def sampler(data: Data, frame: int) -> Figure:
    """Variances over time, and the two laws at the end."""
    fig, (top, bottom) = panels(2, 1, height=4.0)
    n, t = FRAMES[frame], np.linspace(0, T, 121)
    top.plot(t, variance(T - t, SIGMA2), color=C1, label="true")
    top.plot(t, sampler_variance(t, SIGMA2, T, n), "--", color=C2, label="sampler")
    top.set(xlim=(0, T), ylim=(0, 1.8))
    top.set_xlabel("time of the sampler $t$")
    top.set_ylabel("variance")
    top.legend(loc="lower left")
    x = np.linspace(-3, 3, 91)
    laws = [
        np.exp(-(x**2) / (2 * s2)) / np.sqrt(2 * np.pi * s2)
        for s2 in (SIGMA2, float(sampler_variances(SIGMA2, T, n)[-1]))
    ]
    bottom.fill_between(x, laws[0], color=C1, alpha=0.25, lw=0)
    bottom.plot(x, laws[0], color=C1, label="data")
    bottom.plot(x, laws[1], "--", color=C2, label="samples")
    bottom.set(xlim=(-3, 3), ylim=(0, 0.85), yticks=[])
    bottom.set_xlabel("$x$")
    bottom.set_ylabel("density")
    bottom.legend(loc="upper right")
    return fig


@figure(
    "Two orders of convergence",
    "Divergences against the number of steps on logarithmic axes. That of the paths, and just "
    "below it that of the states at the ends of the steps, fall with slope minus one. That of the "
    "samples falls with slope minus two. Dotted lines mark the limits.",
)
def orders(data: Data) -> Figure:
    """The KL of paths, of the grid, and of the samples."""
    fig, ax = axes(height=3.2)
    ax.plot(N, data.kls[0], "-", color=C1, label="paths")
    ax.plot(N, data.kls[1], "s", color=C4, ms=3.5, label="ends of steps")
    ax.plot(N, data.kls[2], "o--", color=C2, label="samples")
    ax.plot(N, path_kl_limit(SIGMA2, T) / N, ":", color=INK, lw=1, label="limits")
    ax.plot(N, true_kl_limit(SIGMA2, T) / N**2.0, ":", color=INK, lw=1)
    ax.set(xscale="log", yscale="log", xlim=(2, 2000), ylim=(2e-6, 10))
    ax.set_xlabel("number of steps $N$")
    ax.set_ylabel("KL per dimension")
    ax.legend(loc="lower left")
    return fig


@figure(
    "Steps needed in many dimensions",
    "Numbers of steps against the dimension on logarithmic axes. For the paths the number grows in "
    "proportion to the dimension; for the samples in proportion to its square root.",
)
def steps(data: Data) -> Figure:
    """Steps for a given KL against d."""
    fig, ax = axes(height=2.6)
    ax.plot(D, data.steps[0], "s-", color=C1, label="paths")
    ax.plot(D, data.steps[1], "o--", color=C2, label="samples")
    ax.text(8, 2000, "slope 1", ha="right")
    ax.text(30, 150, r"slope $\frac{1}{2}$", ha="right")
    ax.set(xscale="log", yscale="log", xlim=(1, D[-1]))
    ax.set_xlabel("dimension $d$")
    ax.set_ylabel("steps needed")
    ax.legend(loc="upper left")
    return fig


@figure("Steps towards a variance", "A smooth falling curve and, above it, coarse ones.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    t = np.linspace(0, T, 121)
    for n, colour in ((4, C2), (8, C3)):
        ax.plot(t, sampler_variance(t, SIGMA2, T, n), color=colour)
    ax.fill_between(t, variance(T - t, SIGMA2), color=C1, alpha=0.2, lw=0)
    ax.plot(t, variance(T - t, SIGMA2), color=C1)
    ax.set_ylim(0, None)
    return fig
