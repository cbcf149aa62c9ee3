"""What the page on causal scrubbing and mechanistic anomaly detection shows."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.causal_scrubbing import (
    Node,
    auroc,
    cube,
    distance_auroc,
    empirical_auroc,
    loss_recovered,
    resampled_loss,
    scrubbed_law,
    scrubbed_loss,
    subset_loss_recovered,
    two_terms,
    two_terms_hypotheses,
    two_terms_loss_recovered,
)
from companions.drawing import C1, C2, C3, INK, MUTED, axes, panels, thumbnail
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.causal_scrubbing import Input, Law
    from companions.study import Result

#: The coefficient of the text, and those at which the curves are checked by enumeration.
C = Fraction(1, 2)
COEFFICIENTS = [Fraction(1, 4), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4)]
NAMES = {"right": "right", "first_term": "first term only", "one_variable": "$x_3$ only"}
#: Variables of the majority vote and of the parity that are scrubbed one after the other.
VOTERS = 5
#: Correlations of the moving picture, and the one of the text; its samples.
RHOS = np.arange(0, 20) / 20
RHO = 0.8
POINTS, SEED = 40, 11
#: Pairs of samples by which the closed forms are confirmed.
RUNS = 200_000


class Data(NamedTuple):
    """Laws of the scrubbed output, scores by enumeration, and samples of two activations."""

    laws: dict[str, dict[Input, Law]]
    recovered: dict[str, list[Fraction]]
    votes: list[float]
    parity: list[float]
    normal: NDArray[np.float64]
    sampled: dict[str, float]


def compute() -> Data:
    """Every draw of the small examples, and two detectors on samples."""
    model, data = two_terms(C), cube(3)
    hypotheses = two_terms_hypotheses()
    points = np.array(cube(VOTERS))
    tables = [f.reshape((2,) * VOTERS) for f in (np.sign(points.sum(axis=1)), points.prod(axis=1))]
    votes, parity = (
        [subset_loss_recovered(f, range(k)) for k in range(VOTERS + 1)] for f in tables
    )
    rng = np.random.default_rng(SEED)
    normal = rng.standard_normal((8 * POINTS, 2))
    return Data(
        {
            name: {x: scrubbed_law(model, hypothesis, data, x) for x in data}
            for name, hypothesis in hypotheses.items()
        },
        {
            name: [loss_recovered(two_terms(c), hypothesis, data) for c in COEFFICIENTS]
            for name, hypothesis in hypotheses.items()
        },
        votes,
        parity,
        # None so far out that its mark could leave the picture at any correlation.
        normal[np.abs(normal).max(axis=1) < 2.4][: 2 * POINTS],
        _sampled(rng),
    )


def _correlated(z: NDArray[np.float64], rho: float) -> NDArray[np.float64]:
    """Standard normal pairs, shape (n, 2), as pairs of correlation ρ."""
    return np.stack([z[:, 0], rho * z[:, 0] + np.sqrt(1 - rho**2) * z[:, 1]], axis=1)


def _sampled(rng: np.random.Generator) -> dict[str, float]:
    """AUROC of three detectors at `RHO`, by samples."""
    trusted, odd = (_correlated(rng.standard_normal((RUNS, 2)), r) for r in (RHO, -RHO))
    inverse = np.linalg.inv([[1, RHO], [RHO, 1]])

    def distance(h: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.einsum("ki,ij,kj->k", h, inverse, h))

    return {
        "product": empirical_auroc(trusted.prod(axis=1), odd.prod(axis=1)),
        "distance": empirical_auroc(distance(odd), distance(trusted)),
        "single": empirical_auroc(np.abs(trusted[:, 1]), np.abs(odd[:, 1])),
    }


def _difference() -> Node:
    """f = 2·x1 − x1, the two parts computed apart."""
    parts = [
        Node(name, lambda v, k=k: k * v, (Node(f"x1 of {name}", lambda x: x[0]),))
        for name, k in (("double", 2), ("single", 1))
    ]
    return Node("output", lambda a, b: a - b, tuple(parts))


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    model, points = two_terms(C), cube(3)
    hypotheses = two_terms_hypotheses()
    one_input = dict(hypotheses["right"], first=lambda x: x[0])
    del one_input["x2"]
    closed = [two_terms_loss_recovered(float(c)) for c in COEFFICIENTS]
    errors = [
        float(value) - exact[name]
        for name, values in data.recovered.items()
        for value, exact in zip(values, closed, strict=True)
    ]
    blind = dict.fromkeys(("double", "single"), lambda x: 0)
    detail = {f"x1 of {name}": (lambda x: x[0]) for name in blind}
    everything = dict.fromkeys(("first", "second", "x1", "x2", "x3"), points.index)
    exact = {"product": auroc(RHO), "distance": distance_auroc(RHO), "single": 0.5}
    return {
        **{f"votes_{k}": number(share, ".2g") for k, share in enumerate(data.votes)},
        **{f"parity_{k}": number(share, ".2g") for k, share in enumerate(data.parity)},
        **{
            f"loss_{name}": number(float(scrubbed_loss(model, hypothesis, points)), "g")
            for name, hypothesis in hypotheses.items()
        },
        **{
            f"recovered_{name}": number(float(loss_recovered(model, hypothesis, points)), "g")
            for name, hypothesis in hypotheses.items()
        },
        "c": number(float(C), "g"),
        "baseline": number(float(resampled_loss(model, points)), "g"),
        "one_input": number(float(loss_recovered(model, one_input, points)), "g"),
        "everything": number(float(loss_recovered(model, everything, points)), "g"),
        "closed_forms": at_most(max(map(abs, errors)), -15),
        "coefficients": number(len(COEFFICIENTS), "d"),
        "apart": number(float(loss_recovered(_difference(), blind | detail, cube(1))), "g"),
        "together": number(float(loss_recovered(_difference(), {}, cube(1))), "g"),
        "voters": number(VOTERS, "d"),
        "rho": number(RHO, "g"),
        "product": number(auroc(RHO), ".2f"),
        "distance": number(distance_auroc(RHO), ".2f"),
        "runs": number(RUNS, ",d"),
        "sampled": at_most(max(abs(data.sampled[k] - exact[k]) for k in exact), -2),
        "standard_error": number(1 / np.sqrt(6 * RUNS), ".1g"),
    }


@figure(
    "The output before and after scrubbing, under three hypotheses",
    "Three panels with the true output across and the scrubbed output upwards, at the four values "
    "that the function takes; the area of a disc is its probability. Under the right hypothesis "
    "all discs lie on the diagonal. If only the first term is named they leave it by the "
    "small term, up or down with equal chances. If only the third variable is named they leave "
    "it by the large term.",
)
def draws(data: Data) -> Figure:
    """Joint law of output and scrubbed output."""
    fig, found = panels(1, 3, height=2.1)
    ticks = [-1.5, -0.5, 0.5, 1.5]
    for ax, (name, laws), colour in zip(found, data.laws.items(), (C3, C1, C2), strict=True):
        joint: dict[tuple[float, float], float] = {}
        for x, law in laws.items():
            for value, weight in law.items():
                key = (float(two_terms(C)(x)), float(value))
                joint[key] = joint.get(key, 0.0) + float(weight) / len(laws)
        ax.plot([-2, 2], [-2, 2], color=MUTED, lw=0.8, ls=":")
        across, upwards = zip(*joint, strict=True)
        sizes = [500 * weight for weight in joint.values()]
        ax.scatter(across, upwards, s=sizes, color=colour, lw=0)
        ax.set(xlim=(-2.1, 2.1), ylim=(-2.1, 2.1), aspect="equal", title=NAMES[name])
        ax.set_xticks(ticks, ["−1.5", "−.5", ".5", "1.5"])
        ax.set_yticks(ticks, ["−1.5", "−.5", ".5", "1.5"] if ax is found[0] else [""] * 4)
    found[1].set_xlabel("output $f(x)$")
    found[0].set_ylabel("scrubbed output")
    return fig


@figure(
    "Loss recovered by three hypotheses",
    "Loss recovered against the coefficient c on a logarithmic axis. The right hypothesis stays "
    "at one. The hypothesis of the first term falls from nearly one to nearly nought as c grows, "
    "that of the third variable rises the same way, and they cross at one half where c is one. "
    "Marks computed by enumeration lie on all three lines.",
)
def recovered(data: Data) -> Figure:
    """Closed forms as lines, enumeration as marks."""
    fig, ax = axes(height=2.4)
    c = np.geomspace(0.2, 5, 61)
    lines = [two_terms_loss_recovered(float(value)) for value in c]
    at = [float(value) for value in COEFFICIENTS]
    styles = ((C3, "-", "o"), (C1, "--", "s"), (C2, "-.", "^"))
    for (name, scores), (colour, dash, mark) in zip(data.recovered.items(), styles, strict=True):
        ax.plot(c, [line[name] for line in lines], dash, color=colour, label=NAMES[name])
        ax.plot(at, [float(score) for score in scores], mark, color=colour)
    ax.set(xscale="log", ylim=(-0.03, 1.06), xlim=(0.2, 5))
    ax.set_xticks(at, ["1/4", "1/2", "1", "2", "4"])
    ax.minorticks_off()
    ax.set_xlabel("coefficient $c$ of the second term")
    ax.set_ylabel("loss recovered")
    ax.legend(loc="center left")
    return fig


def _activations(ax: Axes, normal: NDArray[np.float64], rho: float) -> None:
    """Samples of both laws and the ellipses of their second standard deviation."""
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = 2 * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    trusted, odd = normal[:POINTS], normal[POINTS:]
    for z, r, colour, mark, dash in ((trusted, rho, C1, "o", "-"), (odd, -rho, C2, "x", "--")):
        ax.plot(*_correlated(circle, r).T, dash, color=colour, lw=1)
        label = "trusted" if mark == "o" else "anomalous"
        ax.plot(*_correlated(z, r).T, mark, color=colour, ms=3, label=label)
    ax.set(xlim=(-3.5, 3.5), ylim=(-3.5, 3.5), aspect="equal")


@moving(
    "An anomaly that neither activation shows",
    "On the left, samples of two activations: trusted ones along the rising diagonal, anomalous "
    "ones along the falling diagonal, apart the more the greater the correlation, while either "
    "coordinate alone looks the same for both. On the right, the area under the curve of three "
    "detectors against the correlation: one activation stays at one half, the distance rises "
    "late and steeply, the product rises in a straight line above it; both reach one.",
    label="correlation",
    frames=lambda data: [f"ρ = {rho:.2f}, product {auroc(rho):.2f}" for rho in RHOS],
    still=16,
)
def anomaly(data: Data, frame: int) -> Figure:
    """Samples at one correlation, and how well three scores tell them apart."""
    fig, (left, right) = panels(1, 2, height=2.75)
    rho = float(RHOS[frame])
    _activations(left, data.normal, rho)
    left.set(xlabel="activation $h_1$", ylabel="activation $h_2$")
    left.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, handletextpad=0.1)
    r = np.linspace(0, 1, 81)
    right.plot(r, auroc(r), "-", color=C1, label="product $h_1h_2$")  # type: ignore[arg-type]
    right.plot(r, [distance_auroc(float(x)) for x in r], "--", color=C2, label="distance")
    right.plot([0, 1], [0.5, 0.5], "-.", color=C3, label="one activation")
    right.axvline(rho, color=MUTED, lw=0.8, ls=":")
    right.plot([rho] * 3, [auroc(rho), distance_auroc(rho), 0.5], "o", color=INK)
    right.set(xlim=(0, 1), ylim=(0.47, 1.02), ylabel="area under the curve")
    right.set_xlabel(r"correlation $\rho$")
    right.legend(loc="upper left")
    return fig


@figure("Two clouds crossed", "Two clouds of points along the two diagonals.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    _activations(ax, data.normal, 0.9)
    ax.set(xlim=(-4.4, 4.4), ylim=(-2.9, 2.9))
    return fig
