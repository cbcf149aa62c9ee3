"""Causal scrubbing by enumeration, and an anomaly that no single activation shows.

Causal scrubbing (L. Chan et al., "Causal scrubbing: a method for rigorously testing
interpretability hypotheses", Alignment Forum, 2022) tests a hypothesis about how a model computes.
The model is a tree of nodes. The hypothesis names the nodes that matter, each with a feature of the
input it is said to depend on. To evaluate a node at a reference input, each parent that matters is
evaluated, in the same way, at an input drawn from those that agree with the reference on the
parent's feature; the parents that do not matter all take their values from one random input. If the
hypothesis holds, the output does not change. On a small data set all draws can be enumerated.

Mechanistic anomaly detection (P. Christiano, "Mechanistic anomaly detection and ELK", 2022) asks
whether a model's output comes about as it does on trusted inputs. Here two activations (h1, h2) are
standard normal with correlation ρ on trusted inputs, −ρ on anomalous ones: no function of one
activation separates them, the product does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtr

Array: TypeAlias = NDArray[np.float64]
Number: TypeAlias = int | Fraction
Input: TypeAlias = tuple[int, ...]
Feature: TypeAlias = Callable[[Input], Number]
#: Feature of the input by name of each node said to matter; any other node may be resampled.
Hypothesis: TypeAlias = Mapping[str, Feature]
Law: TypeAlias = dict[Number, Fraction]


@dataclass(frozen=True)
class Node:
    """A node of the model's tree: a function of its parents, or of the input if it has none."""

    name: str
    function: Callable[..., Number]
    parents: tuple[Node, ...] = ()

    def __call__(self, x: Input) -> Number:
        """The value of the unscrubbed node on the input x."""
        return self.function(*(p(x) for p in self.parents)) if self.parents else self.function(x)


def cube(n: int) -> list[Input]:
    """The 2^n points of {±1}^n, with uniform weight the data set of the examples."""
    return list(product((-1, 1), repeat=n))


def scrubbed_law(node: Node, hypothesis: Hypothesis, data: Sequence[Input], x: Input) -> Law:
    """Exact law of the scrubbed value of a node at the reference input x, value to probability."""
    if not node.parents:
        return {node.function(x): Fraction(1)}
    law: Law = defaultdict(Fraction)
    for values, weight in _parent_values(node, hypothesis, data, x):
        law[node.function(*values)] += weight
    return dict(law)


def _parent_values(
    node: Node, hypothesis: Hypothesis, data: Sequence[Input], x: Input
) -> Iterator[tuple[list[Number], Fraction]]:
    laws: dict[str, Law] = {}
    for parent in node.parents:
        if (feature := hypothesis.get(parent.name)) is not None:
            agreeing = [y for y in data if feature(y) == feature(x)]
            mixture: Law = defaultdict(Fraction)
            for y in agreeing:
                for value, weight in scrubbed_law(parent, hypothesis, data, y).items():
                    mixture[value] += weight / len(agreeing)
            laws[parent.name] = mixture
    # One random input serves all parents that do not matter, so that they stay consistent.
    others = data if len(laws) < len(node.parents) else data[:1]
    for other in others:
        for choice in product(*(law.items() for law in laws.values())):
            chosen = dict(zip(laws, choice, strict=True))
            weight = Fraction(1, len(others))
            for _, w in choice:
                weight *= w
            values = [chosen[p.name][0] if p.name in chosen else p(other) for p in node.parents]
            yield values, weight


def scrubbed_loss(model: Node, hypothesis: Hypothesis, data: Sequence[Input]) -> Fraction:
    """E(scrubbed output − f(x))² over the data and the draws; 0 for the model itself."""
    total = Fraction(0)
    for x in data:
        for value, weight in scrubbed_law(model, hypothesis, data, x).items():
            total += weight * (value - model(x)) ** 2
    return total / len(data)


def resampled_loss(model: Node, data: Sequence[Input]) -> Fraction:
    """E(f(x') − f(x))² = 2 Var f for independent x, x': the loss if nothing is explained."""
    return Fraction(sum((model(y) - model(x)) ** 2 for x in data for y in data)) / len(data) ** 2


def loss_recovered(model: Node, hypothesis: Hypothesis, data: Sequence[Input]) -> Fraction:
    """1 − scrubbed_loss/resampled_loss: 1 if all of f is explained, 0 if no more than chance."""
    return 1 - scrubbed_loss(model, hypothesis, data) / resampled_loss(model, data)


# The example f = x1·x2 + c·x3 on {±1}³.


def two_terms(c: Number) -> Node:
    """f = x1·x2 + c·x3 as the tree output ← (first ← (x1, x2), second ← x3)."""

    def coordinate(i: int) -> Node:
        return Node(f"x{i + 1}", lambda x: x[i])

    first = Node("first", lambda a, b: a * b, (coordinate(0), coordinate(1)))
    second = Node("second", lambda a: c * a, (coordinate(2),))
    return Node("output", lambda a, b: a + b, (first, second))


def two_terms_hypotheses() -> dict[str, Hypothesis]:
    """Three hypotheses on ``two_terms``: ``right``, ``first_term`` alone, ``one_variable`` (x3)."""
    first: dict[str, Feature] = {
        "first": lambda x: x[0] * x[1],
        "x1": lambda x: x[0],
        "x2": lambda x: x[1],
    }
    second: dict[str, Feature] = {"second": lambda x: x[2], "x3": lambda x: x[2]}
    return {"right": first | second, "first_term": first, "one_variable": second}


def two_terms_loss_recovered(c: float) -> dict[str, float]:
    """1, 1/(1+c²) and c²/(1+c²) for the hypotheses of ``two_terms_hypotheses``, by name.

    The variance explained, since x1·x2 and x3 are uncorrelated (own observation). Saying that the
    first term depends on x1 alone, and the second on x3, also recovers c²/(1+c²).
    """
    return {"right": 1.0, "first_term": 1 / (1 + c * c), "one_variable": c * c / (1 + c * c)}


def subset_loss_recovered(f: ArrayLike, subset: Sequence[int]) -> float:
    """Loss recovered by "f depends on these coordinates", f of shape (2,)*n on {−1, 1}^n.

    Σ_{∅≠T⊆S} f̂(T)²/Σ_{T≠∅} f̂(T)² with Walsh coefficients f̂(T) = E f·Π_T x_i, because resampling
    the other coordinates costs 2f̂(T)² for each T outside S (own observation).
    """
    spectrum = np.asarray(f, dtype=float)
    for axis in range(spectrum.ndim):
        low, high = spectrum.take(0, axis), spectrum.take(1, axis)
        spectrum = np.stack([(low + high) / 2, (high - low) / 2], axis)
    power = spectrum**2
    power[(0,) * power.ndim] = 0
    inside = tuple(slice(None) if i in subset else slice(1) for i in range(power.ndim))
    return float(power[inside].sum() / power.sum())


# The anomaly: trusted (h1, h2) ~ N(0, [[1, ρ], [ρ, 1]]), anomalous the same with −ρ; |ρ| < 1.


def product_cdf(s: ArrayLike, rho: float) -> Array:
    """P(h1·h2 ≤ s) under correlation ρ, of the shape of s, to 1e-11.

    2∫_0^∞ φ(h)Φ((s/h − ρh)/√(1−ρ²))dh by the trapezium rule in log h. The integrand is smooth there
    on the scale √(1−ρ²), with which the step must shrink.
    """
    step = 0.1 * np.sqrt(1 - rho**2)
    h = np.exp(np.arange(-35, 3, step))
    weight = 2 * step * h * np.exp(-h * h / 2) / np.sqrt(2 * np.pi)
    z = np.asarray(s, dtype=float)[..., None] / h - rho * h
    return np.asarray(ndtr(z / np.sqrt(1 - rho**2)) @ weight)


def roc(rho: float, thresholds: ArrayLike) -> tuple[Array, Array]:
    """False alarms and detections, P(h1·h2 ≤ s) under ρ and −ρ, for the alarm "h1·h2 ≤ s"."""
    return product_cdf(thresholds, rho), product_cdf(thresholds, -rho)


def auroc(rho: float) -> float:
    """P(trusted score > anomalous score) = (1+ρ)/2 for the score h1·h2 (own observation).

    The score is ½((1+ρ)A − (1−ρ)B) with A, B ~ χ²_1 independent; with A', B' for the anomalous one,
    it is the larger iff (1+ρ)(A + B') > (1−ρ)(A' + B), and χ²_2 is exponential.
    """
    return (1 + rho) / 2


def distance_auroc(rho: float) -> float:
    """P(anomalous distance > trusted distance) = 1 − √(1−ρ²)/2 (own observation).

    The distance is hᵀΣ⁻¹h (Mahalanobis) for the trusted Σ, and needs no idea of the anomaly. On
    trusted inputs it is χ²_2, an exponential D of mean 2, and on anomalous ones aA + B/a for
    a = (1−ρ)/(1+ρ), A, B ~ χ²_1 independent; so 1 − P(D > aA + B/a) = 1 − 1/√((1+a)(1+1/a)).
    """
    return float(1 - np.sqrt(1 - rho**2) / 2)


def log_likelihood_ratio(h1: ArrayLike, h2: ArrayLike, rho: float) -> Array:
    """log of trusted over anomalous density, 2ρ·h1·h2/(1−ρ²): for ρ > 0 no score beats h1·h2."""
    return np.asarray(2 * rho * np.multiply(h1, h2) / (1 - rho**2))


def empirical_auroc(trusted: ArrayLike, anomalous: ArrayLike) -> float:
    """Share of pairs in which the trusted score is larger, ties counting ½ (Mann–Whitney)."""
    trusted, anomalous = np.ravel(trusted), np.sort(np.ravel(anomalous))
    below = np.searchsorted(anomalous, trusted, "left") + np.searchsorted(
        anomalous, trusted, "right"
    )
    return float(below.mean() / 2 / anomalous.size)
