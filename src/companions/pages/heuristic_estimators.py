"""What the page on heuristic arguments and estimators shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.drawing import C1, C2, C3, INK, MUTED, axes, panels, thumbnail
from companions.heuristic_estimators import (
    Circuit,
    compare_estimators,
    covariance_propagation,
    hardy_littlewood_estimate,
    independent_estimate,
    local_factor,
    primes_up_to,
    random_circuit,
    twin_prime_constant,
    twin_primes_up_to,
)
from companions.study import figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.heuristic_estimators import Comparison
    from companions.study import Result

#: Fair coins, 0 or 1, and fair signs: values and their chances.
COIN = ([0.0, 1.0], [0.5, 0.5])
SIGN = ([-1.0, 1.0], [0.5, 0.5])
INPUTS, CIRCUITS, RECENT = 6, 400, 8
GATES = (2, 4, 6, 8, 10, 12, 14, 16)
#: The circuits whose matrix of covariances is looked at: inputs and gates.
SMALL = (36, 54)
LARGE = ((400, 400), (400, 800))
#: Twin primes are counted up to X.
X = 10**7
#: Largest primes that have had their say, frame by frame; 1 for none, 0 for all.
HEARD = (1, *primes_up_to(71).tolist(), 0)


class Data(NamedTuple):
    """Comparisons by number of gates, covariances, and the ratios of twin primes."""

    coins: list[Comparison]
    signs: Comparison
    covariance: NDArray[np.float64]
    x: NDArray[np.int64]
    pairs: NDArray[np.int64]
    independent: NDArray[np.float64]


def compute() -> Data:
    """Estimate random circuits both ways, and count twin primes."""
    rng = np.random.default_rng(2211)
    coins = [
        compare_estimators(
            [random_circuit(INPUTS, gates, rng, recent=RECENT) for _ in range(CIRCUITS)], *COIN
        )
        for gates in GATES
    ]
    signs = compare_estimators(
        [random_circuit(INPUTS, GATES[-1], rng, recent=RECENT) for _ in range(CIRCUITS)], *SIGN
    )
    x = np.geomspace(100, X, 61).astype(int)
    pairs = np.searchsorted(twin_primes_up_to(X) + 2, x, side="right")
    independent = np.array([independent_estimate(float(n)) for n in x])
    return Data(coins, signs, _covariance(*SMALL), x, pairs, independent)


def _covariance(inputs: int, gates: int) -> NDArray[np.float64]:
    """Covariances of all nodes of a random circuit of coins."""
    circuit = random_circuit(inputs, gates, np.random.default_rng(6538))
    half = np.full(inputs, 0.5)
    return covariance_propagation(circuit, half, np.diag(half / 2))[1]


def _errors(c: Comparison) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Relative errors of the mean, by means and by covariances."""
    size = abs(c.exact_mean)
    by_means, by_covariances = c.mean_by_means, c.mean_by_covariances
    return abs(by_means - c.exact_mean) / size, abs(by_covariances - c.exact_mean) / size


def _factor(largest: int) -> float:
    return 2 * twin_prime_constant() if largest == 0 else local_factor(largest)


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    powers = Circuit(1, (("*", 0, 0), ("*", 1, 1)))
    square = compare_estimators([Circuit(1, powers.gates[:1])], *SIGN)
    fourth = compare_estimators([powers], *SIGN)
    means, covariances = _errors(data.coins[-1])
    s = data.signs
    naive = abs(s.mean_by_means - s.exact_mean)
    better = abs(s.mean_by_covariances - s.exact_mean)
    margin = 1e-9 * (1 + abs(s.exact_mean))
    filled = {
        f"filled_{k}": number(100 * float((_covariance(*size) != 0).mean()), ".1f", 1e-6)
        for k, size in enumerate(LARGE)
    }
    return {
        "square_exact": number(float(square.exact_mean[0]), "g"),
        "square_means": number(float(square.mean_by_means[0]), "g"),
        "square_covariances": number(float(square.mean_by_covariances[0]), "g"),
        "fourth_exact": number(float(fourth.exact_mean[0]), "g"),
        "fourth_means": number(float(fourth.mean_by_means[0]), "g"),
        "fourth_covariances": number(float(fourth.mean_by_covariances[0]), "g"),
        "inputs": number(INPUTS, "d"),
        "outcomes": number(2**INPUTS, "d"),
        "circuits": number(CIRCUITS, "d"),
        "recent": number(RECENT, "d"),
        "gates": number(GATES[-1], "d"),
        "exact_means": number(100 * float(np.mean(means < 1e-9)), ".0f"),
        "exact_covariances": number(100 * float(np.mean(covariances < 1e-9)), ".0f"),
        "median_means": number(100 * float(np.median(means)), ".0f", 1e-6),
        "median_covariances": number(100 * float(np.median(covariances)), ".2g", 1e-6),
        "signs_better": number(100 * float(np.mean(better < naive - margin)), ".0f"),
        "signs_worse": number(100 * float(np.mean(better > naive + margin)), ".1f"),
        "coins_worse": number(int((covariances > means + 1e-9).sum()), "d"),
        **{f"inputs_{k}": number(size[0], "d") for k, size in enumerate(LARGE)},
        **{f"gates_{k}": number(size[1], "d") for k, size in enumerate(LARGE)},
        **filled,
        "small_inputs": number(SMALL[0], "d"),
        "small_gates": number(SMALL[1], "d"),
        "factor_2": number(local_factor(2), "g"),
        "factor_3": number(local_factor(3), "g"),
        "factor_limit": number(2 * twin_prime_constant(), ".5f"),
        "twins": number(data.pairs[-1], ",d"),
        "twins_independent": number(data.independent[-1], ",.0f", 1e-3),
        "twins_short": number(100 * (1 - data.independent[-1] / data.pairs[-1]), ".0f", 1e-6),
        "twins_conjecture": number(hardy_littlewood_estimate(X), ",.0f", 1e-3),
        "twins_error": number(
            100 * abs(hardy_littlewood_estimate(X) / data.pairs[-1] - 1), ".1f", 1e-6
        ),
    }


@figure(
    "Two estimators on random circuits",
    "Two panels against the number of gates. Left, the share of circuits on which an estimator is "
    "exact falls for both, much faster for mean propagation than for covariance propagation. "
    "Right, the 90th percentile of the relative error, which grows for both and is smaller for "
    "covariance propagation.",
)
def circuits(data: Data) -> Figure:
    """Share of exact estimates, and a high quantile of the error, against gates."""
    fig, (left, right) = panels(1, 2, height=2.5)
    errors = [_errors(c) for c in data.coins]
    for k, (label, line) in enumerate((("means", "o-"), ("covariances", "s--"))):
        left.plot(
            GATES,
            [100 * np.mean(e[k] < 1e-9) for e in errors],
            line,
            color=(C2, C1)[k],
            label=label,
        )
        right.plot(GATES, [100 * np.quantile(e[k], 0.9) for e in errors], line, color=(C2, C1)[k])
    left.set(ylim=(0, 105), xlabel="gates", ylabel="exact, % of circuits")
    right.set(ylim=(-3, 105), xlabel="gates", ylabel="error, % (90th percentile)")
    left.legend(loc="lower left")
    return fig


def _runs(filled: NDArray[np.bool_]) -> tuple[list[float], list[float]]:
    """One line, with gaps, over the places of a matrix that are filled: much less to write."""
    x: list[float] = []
    y: list[float] = []
    for row, places in enumerate(filled):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], places.astype(int), [0]])))
        for start, stop in ends.reshape(-1, 2):
            x += [start - 0.4, stop - 0.6, np.nan]
            y += [row, row, np.nan]
    return x, y


@figure(
    "Which covariances there are to track",
    "A square matrix with a mark for each pair of nodes with a covariance that is not zero. Among "
    "the inputs, at the upper left, only the diagonal is filled; rows of later gates fill up more "
    "and more, so that marks are dense in the lower right corner.",
)
def pattern(data: Data) -> Figure:
    """Non-zero covariances, inputs first."""
    fig, ax = axes(width=3.6, height=3.3)
    ax.plot(*_runs(data.covariance != 0), color=C1, lw=2, solid_capstyle="butt")
    ax.axhline(SMALL[0] - 0.5, color=MUTED, lw=0.8)
    ax.axvline(SMALL[0] - 0.5, color=MUTED, lw=0.8)
    size = sum(SMALL)
    middle = [SMALL[0] / 2, SMALL[0] + SMALL[1] / 2]
    ax.set(xlim=(-1, size), ylim=(size, -1), aspect="equal")
    ax.set_xticks(middle, ["inputs", "gates"])
    ax.set_yticks(middle, ["inputs", "gates"])
    ax.tick_params(length=0)
    ax.grid(visible=False)
    return fig


def _frames(data: Data) -> list[str]:
    names = {1: "no prime heard", 0: "all primes heard"}
    return [f"{names.get(p, f'primes up to {p}')}: factor {_factor(p):.3f}" for p in HEARD]


@moving(
    "Twin primes, as one prime after another is heard",
    "The ratio of the estimate to the true number of twin primes, against x from a hundred to ten "
    "million. With no prime heard it runs near 0.75; the prime 2 doubles it to about 1.5, and "
    "3, 5, 7 and so on take it down until, with all primes, it settles at one.",
    label="primes heard",
    frames=_frames,
    still=3,
)
def twins(data: Data, frame: int) -> Figure:
    """The estimate with the primes heard so far, over the truth."""
    fig, ax = axes(height=2.7)
    ratio = data.independent / data.pairs
    ax.axhline(1, color=INK, lw=1)
    ax.plot(data.x, ratio, ":", color=C2, label="independence alone")
    ax.plot(data.x, _factor(0) * ratio, "--", color=C3, label="all primes")
    ax.plot(data.x, _factor(HEARD[frame]) * ratio, "-", color=C1, lw=2, label="so far")
    ax.set(xscale="log", xlim=(100, X), ylim=(0.5, 2.7))
    ax.set_xlabel("$x$")
    ax.set_ylabel("estimate / number of pairs")
    ax.legend(loc="upper right")
    return fig


@figure("Covariances", "A matrix of marks, sparse at the upper left and dense at the lower right.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    part = data.covariance[24:64, 20:80] != 0
    ax.plot(*_runs(part), color=C1, lw=2, solid_capstyle="butt")
    ax.set(xlim=(-1, 60), ylim=(40, -1))
    return fig
