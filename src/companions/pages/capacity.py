"""What the page on capacity and polysemanticity shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.patches import Rectangle

from companions.capacity import (
    capacities,
    descend,
    eigenvector_defect,
    ignore_threshold,
    loss,
    marginal_benefit,
    optimal_embedding,
    optimal_loss,
    two_feature_capacity,
    water_filling,
)
from companions.drawing import C1, C2, C3, INK, MUTED, axes, heat, panels, thumbnail
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike, NDArray

    from companions.study import Result

#: The map of two features: v_2/v_1 across, the kurtosis upwards.
RATIOS = np.geomspace(0.1, 10, 61)
KURTOSES = np.geomspace(1.5, 60, 45)
#: Where the map is compared with gradient descent; no tie among the ratios.
TRIED_RATIOS = np.array([0.12, 0.2, 0.34, 0.58, 0.85, 1.18, 1.7, 2.9, 5.0, 8.3])
TRIED_KURTOSES = np.array([1.8, 2.4, 4.0, 6.0, 9.0, 14.0, 21.0, 40.0])
#: Less capacity than this, found by descent, counts as none.
NONE = 1e-3
#: The moving picture: kurtosis of its frames, and the weaker feature it weighs.
FRAMES = np.concatenate([np.linspace(1.5, 2.75, 6), np.geomspace(3, 30, 18)])
WEAKER = 0.4
#: Kurtosis of the examples in the text, from densities of a sparse Gaussian.
DENSITIES = (0.6, 0.3, 0.05)
#: Many features: their weights, the number of neurons, the kurtosis.
V, N, BETA = np.array([1.6, 1.2, 1.0, 0.9, 0.7, 0.5, 0.3, 0.15]), 3, 6.0
SEED, STARTS = 5, 6
#: Outlines of marks, x and y about their centre; a gap ends each stroke.
CROSS = np.array([[-1, 1, np.nan, -1, 1, np.nan], [-1, 1, np.nan, 1, -1, np.nan]])
ANGLES = np.append(np.linspace(0, 2 * np.pi, 13), np.nan)
CIRCLE = np.array([np.cos(ANGLES), np.sin(ANGLES)])


class Data(NamedTuple):
    """C_1 on the map, by formula and by descent; a trained W of many features."""

    formula: NDArray[np.float64]
    descended: NDArray[np.float64]
    loss_defect: float
    W: NDArray[np.float64]


def compute() -> Data:
    """Gradient descent at every point tried, and on the larger model."""
    rng = np.random.default_rng(SEED)
    descended = np.empty((TRIED_KURTOSES.size, TRIED_RATIOS.size))
    defect = 0.0
    for i, beta in enumerate(TRIED_KURTOSES):
        for j, ratio in enumerate(TRIED_RATIOS):
            v = np.array([1.0, ratio])
            W = descend(v, beta, 1, rng, starts=4)
            descended[i, j] = capacities(W)[0]
            least = optimal_loss(v, beta, 1)
            defect = max(defect, abs(loss(W, v, beta) / least - 1))
    formula = two_feature_capacity(1.0, RATIOS, KURTOSES[:, None])
    return Data(formula, descended, defect, descend(V, BETA, N, rng, STARTS))


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    expected = two_feature_capacity(1.0, TRIED_RATIOS, TRIED_KURTOSES[:, None])
    C = water_filling(V, BETA, N)
    trained = capacities(data.W)
    examples = {}
    for p, name in zip(DENSITIES, ("dense", "middle", "sparse"), strict=True):
        examples[f"{name}_density"] = number(p, "g")
        examples[f"{name}_kurtosis"] = number(3 / p, "g")
        examples[f"{name}_threshold"] = number(ignore_threshold(3 / p), ".2g")
        examples[f"{name}_capacity"] = number(
            float(two_feature_capacity(1.0, WEAKER, 3 / p)), ".2f"
        )
    return {
        **examples,
        "weaker": number(WEAKER, "g"),
        "appears_kurtosis": number(1 + 2 / WEAKER, "g"),
        "appears_density": number(3 / (1 + 2 / WEAKER), ".2g"),
        "tried": number(expected.size, "d"),
        "capacity_difference": at_most(float(abs(data.descended - expected).max()), -6),
        "loss_difference": at_most(data.loss_defect, -9),
        "features": number(V.size, "d"),
        "neurons": number(N, "d"),
        "beta": number(BETA, "g"),
        "own": number((C == 1).sum(), "d"),
        "shared": number(((C > 0) & (C < 1)).sum(), "d"),
        "shared_neurons": number(C[C < 1].sum(), "g"),
        "ignored": number((C == 0).sum(), "d"),
        "largest_shared": number(C[C < 1].max(), ".2f"),
        "least_shared": number(C[C > 0].min(), ".2f"),
        "total": number(C.sum(), "g"),
        "trained_capacities": at_most(float(abs(trained - C).max()), -4),
        "trained_loss": at_most(loss(data.W, V, BETA) / optimal_loss(V, BETA, N) - 1, -9),
        "trained_defect": at_most(float(eigenvector_defect(data.W).max()), -4),
    }


def _map(ax: Axes, formula: NDArray[np.float64]) -> None:
    """C_1 as shades, under the boundary of the analytic phases."""
    # Levels beyond one keep the shade of C_1 = 1 light enough to be written on.
    heat(ax, RATIOS, KURTOSES, formula, [(k - 0.5) / 8 for k in range(15)])
    beta = np.geomspace(3, KURTOSES[-1], 60)
    threshold = np.array([ignore_threshold(b) for b in beta])
    # From the left arm through the corner (1, 3) to the right arm, and the tie below it.
    ax.plot(
        np.concatenate([threshold[::-1], 1 / threshold]),
        np.concatenate([beta[::-1], beta]),
        color=INK,
    )
    ax.plot([1, 1], [KURTOSES[0], 3], color=INK)
    ax.set(xscale="log", yscale="log", xlim=RATIOS[[0, -1]], ylim=KURTOSES[[0, -1]])


@figure(
    "Who gets the neuron: the phases of two features",
    "A map over the ratio of the two weights, across, and the kurtosis, upwards, both logarithmic. "
    "Below a kurtosis of three a vertical line at the ratio one parts two regions, in which the "
    "heavier feature has the neuron to itself. Above three the line opens into a wedge in which "
    "the two share it, wider as the kurtosis grows. Crosses and circles, where gradient descent "
    "found one feature alone or both, fall outside and inside the wedge without exception.",
)
def phases(data: Data) -> Figure:
    """C_1 over ratio and kurtosis, its boundary, and what descent found."""
    fig, ax = axes(height=3.3)
    _map(ax, data.formula)
    ratio, beta = np.meshgrid(TRIED_RATIOS, TRIED_KURTOSES)
    both = (data.descended > NONE) & (data.descended < 1 - NONE)
    _marks(ax, ratio[both], beta[both], CIRCLE)
    _marks(ax, ratio[~both], beta[~both], CROSS)
    ax.set_xticks([0.1, 0.3, 1, 3, 10], ["0.1", "0.3", "1", "3", "10"])
    ax.set_yticks([2, 3, 5, 10, 20, 50], ["2", "3", "5", "10", "20", "50"])
    ax.minorticks_off()
    ax.grid(visible=False)
    ax.set_xlabel("weight of the second feature over the first, $v_2/v_1$")
    ax.set_ylabel(r"kurtosis $\beta$")
    density = ax.secondary_yaxis("right", functions=(_inverse, _inverse))
    density.set_yticks([1, 0.5, 0.2, 0.1, 0.06], ["1", "0.5", "0.2", "0.1", "0.06"])
    density.minorticks_off()
    density.set_ylabel(r"density $p=3/\beta$")
    for x, y, words in ((0.3, 3.1, "only feature 1"), (3.2, 3.1, "only feature 2")):
        ax.text(x, y, words, ha="center", va="center", fontsize=9)
    ax.text(1, 29, "shared", ha="center", va="center", fontsize=9)
    return fig


def _marks(
    ax: Axes, x: NDArray[np.float64], y: NDArray[np.float64], mark: NDArray[np.float64]
) -> None:
    """Outlines at points of logarithmic axes, as one line: lighter than so many markers."""
    size = 10 ** (0.017 * mark)
    ax.plot(np.outer(x, size[0]).ravel(), np.outer(y, size[1]).ravel(), color=INK, lw=0.8)


def _inverse(beta: ArrayLike) -> NDArray[np.float64]:
    with np.errstate(divide="ignore"):
        return np.divide(3.0, beta)


@moving(
    "Capacity responds to kurtosis",
    "Above, the capacity of the first feature and of the weaker second against the ratio of their "
    "weights. Below, the marginal benefit of capacity to each, against the share of the first. At "
    "a kurtosis under three both benefits rise with one's own share, and all goes to the "
    "first feature. At three they are level. Above three they fall, and once they cross, the "
    "neuron is shared where they do.",
    label="kurtosis",
    frames=lambda data: [
        f"kurtosis {beta:.1f}" + (f", density {3 / beta:.2f}" if beta >= 3 else ", not sparse")
        for beta in FRAMES
    ],
    still=14,
)
def response(data: Data, frame: int) -> Figure:
    """Optimal capacities along the ratio, and the market in which they are found."""
    fig, (top, bottom) = panels(2, 1, height=4.2)
    beta = FRAMES[frame]
    best = float(two_feature_capacity(1.0, WEAKER, beta))
    ratio = np.linspace(0, 0.995, 80)
    C = two_feature_capacity(1.0, ratio, beta)
    top.plot(ratio, C, "-", color=C1, label="$C_1$")
    top.plot(ratio, 1 - C, "--", color=C2, label="$C_2$")
    top.axvline(WEAKER, color=MUTED, lw=0.8, ls=":")
    top.plot([WEAKER] * 2, [best, 1 - best], "o", color=INK)
    top.set(xlim=(0, 1), ylim=(-0.04, 1.04), ylabel="capacity")
    top.set_xlabel("weight of the second feature over the first, $v_2/v_1$")
    top.legend(loc="center left")
    share = np.linspace(0, 1, 61)
    bottom.plot(share, marginal_benefit(share, 1.0, beta), "-", color=C1, label="to feature 1")
    bottom.plot(
        share, marginal_benefit(1 - share, WEAKER, beta), "--", color=C2, label="to feature 2"
    )
    bottom.axvline(best, color=MUTED, lw=0.8, ls=":")
    bottom.plot([best], marginal_benefit(best, 1.0, beta), "o", color=INK)
    bottom.set(yscale="log", xlim=(-0.02, 1.02), ylim=(0.02, 600))
    bottom.minorticks_off()
    bottom.set_xlabel("share $C_1$ of the first feature ($C_2=1-C_1$)")
    bottom.set_ylabel("marginal benefit")
    bottom.legend(loc="upper right", ncols=2)
    return fig


@figure(
    "Capacities of many features, and the geometry that attains them",
    "On the left, bars of the capacity of eight features by decreasing weight: the first has one, "
    "the next four less and less, the last three none; dots of gradient descent sit on the "
    "ends of the bars. On the right, the matrix of scalar products of the eight feature vectors "
    "as squares: a single square for the first feature, a block of four by four, and nothing else.",
)
def allocation(data: Data) -> Figure:
    """Water-filling against descent, and the Gram matrix of an optimal embedding."""
    fig, (left, right) = panels(1, 2, height=2.35)
    features = np.arange(1, V.size + 1)
    left.bar(features, water_filling(V, BETA, N), 0.7, color=C1, label="water-filling")
    left.plot(features, capacities(data.W), "o", color=C2, label="descent")
    left.set_xticks(features)
    left.set(ylim=(-0.03, 1.05), xlabel="feature $i$", ylabel="capacity $C_i$")
    left.grid(visible=False, axis="x")
    left.legend(loc="upper right")
    _gram(right, optimal_embedding(V, BETA, N))
    right.set_xticks(features)
    right.set_yticks(features)
    right.set(xlabel="feature $i$", ylabel="feature $j$")
    return fig


def _gram(ax: Axes, W: NDArray[np.float64]) -> None:
    """Scalar products of the columns as squares: the area is the size, the fill the sign."""
    G = W.T @ W
    for (i, j), g in np.ndenumerate(G):
        side = 0.92 * np.sqrt(abs(g) / G.max())
        if side > 0.05:
            fill = C1 if g > 0 else C2
            ax.add_patch(Rectangle((i + 1 - side / 2, j + 1 - side / 2), side, side, fc=fill))
    ax.set(xlim=(0.4, len(G) + 0.6), ylim=(len(G) + 0.6, 0.4), aspect="equal")
    ax.grid(visible=False)


@figure("A wedge", "A map of two shades with a wedge between them.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    _map(ax, data.formula)
    ax.plot([1], [3], "o", color=C3, ms=5)
    return fig
