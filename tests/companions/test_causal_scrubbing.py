import math
from collections import Counter
from fractions import Fraction
from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import k0
from scipy.stats import multivariate_normal

from companions import causal_scrubbing as cs

COEFFICIENTS = [Fraction(1, 3), Fraction(-1, 2), 1, 2, Fraction(7, 2)]
RHOS = [0.15, 0.5, 0.9, -0.4, 0.99]


# Causal scrubbing


@settings(deadline=None, derandomize=True, max_examples=10)
@given(st.fractions(-4, 4, max_denominator=9).filter(bool))
def test_enumeration_gives_the_closed_forms(c):
    exact = {"right": 1, "first_term": 1 / (1 + c * c), "one_variable": c * c / (1 + c * c)}
    for name, hypothesis in cs.two_terms_hypotheses().items():
        assert cs.loss_recovered(cs.two_terms(c), hypothesis, cs.cube(3)) == exact[name]
        assert cs.two_terms_loss_recovered(float(c))[name] == pytest.approx(float(exact[name]))


@pytest.mark.parametrize("c", COEFFICIENTS)
def test_a_term_said_to_depend_on_one_of_its_two_variables(c):
    """As bad as leaving the term out: given x1 alone, x1·x2 is a fair coin."""
    hypothesis = dict(cs.two_terms_hypotheses()["right"], first=lambda x: x[0])
    del hypothesis["x2"]
    recovered = cs.loss_recovered(cs.two_terms(c), hypothesis, cs.cube(3))
    assert recovered == c * c / Fraction(1 + c * c)


@pytest.mark.parametrize("c", COEFFICIENTS)
def test_the_baseline_is_twice_the_variance(c):
    model, data = cs.two_terms(c), cs.cube(3)
    values = [model(x) for x in data]
    assert [x[0] * x[1] + c * x[2] for x in data] == values
    variance = Fraction(sum(v * v for v in values)) / 8 - (Fraction(sum(values)) / 8) ** 2
    assert cs.resampled_loss(model, data) == 2 * variance == 2 * (1 + c * c)
    assert cs.loss_recovered(model, {}, data) == 0


def test_the_law_of_the_output_by_writing_out_every_draw():
    """The algorithm unrolled: y and v agree on x1, z replaces x2, and w all of the second term."""
    c, data = 3, cs.cube(3)
    hypothesis = {"first": lambda x: x[0], "x1": lambda x: x[0]}
    for x in data:
        draws = Counter(
            v[0] * z[1] + c * w[2]
            for y, v, z, w in product(data, repeat=4)
            if y[0] == x[0] and v[0] == y[0]
        )
        total = sum(draws.values())
        law = cs.scrubbed_law(cs.two_terms(c), hypothesis, data, x)
        assert law == {value: Fraction(n, total) for value, n in draws.items()}


def test_parents_that_do_not_matter_share_one_input_and_the_others_do_not():
    """x1·x1 = 1 survives one random input for both factors, not a draw for each."""

    def copy(name):
        return cs.Node(name, lambda v: v, (cs.Node(f"{name}1", lambda x: x[0]),))

    square = cs.Node("square", lambda a, b: a * b, (copy("a"), copy("b")))
    assert cs.scrubbed_law(square, {}, cs.cube(1), (1,)) == {1: 1}
    blind = dict.fromkeys("ab", lambda x: 0) | dict.fromkeys(("a1", "b1"), lambda x: x[0])
    half = Fraction(1, 2)
    assert cs.scrubbed_law(square, blind, cs.cube(1), (1,)) == {1: half, -1: half}


@pytest.mark.parametrize("k", [1, 2, 5])
def test_the_score_is_negative_where_parts_that_cancel_are_drawn_apart(k):
    """f = (k+1)·x1 − k·x1: apart, E((k+1)y − kz − x)² = (k+1)² + k² + 1 against a baseline of 2."""
    data = cs.cube(1)
    parts = tuple(
        cs.Node(name, lambda v, m=m: m * v, (cs.Node(f"{name}1", lambda x: x[0]),))
        for name, m in (("a", k + 1), ("b", k))
    )
    model = cs.Node("f", lambda a, b: a - b, parts)
    leaves = dict.fromkeys(("a1", "b1"), lambda x: x[0])
    apart = dict.fromkeys("ab", lambda x: 0) | leaves
    assert cs.loss_recovered(model, apart, data) == 1 - Fraction((k + 1) ** 2 + k**2 + 1, 2)
    assert cs.loss_recovered(model, {}, data) == 0
    assert cs.loss_recovered(model, dict.fromkeys(("a", "b", "a1", "b1"), data.index), data) == 1


@settings(deadline=None, derandomize=True, max_examples=40)
@given(
    st.lists(st.integers(-5, 5), min_size=8, max_size=8).filter(lambda v: len(set(v)) > 1),
    st.sets(st.integers(0, 2)),
)
def test_resampling_a_set_of_inputs_against_the_walsh_spectrum(values, subset):
    table = dict(zip(cs.cube(3), values, strict=True))
    leaves = tuple(cs.Node(f"x{i}", lambda x, i=i: x[i]) for i in range(3))
    model = cs.Node("f", lambda *x: table[x], leaves)
    hypothesis = {f"x{i}": (lambda x, i=i: x[i]) for i in subset}
    exact = cs.loss_recovered(model, hypothesis, cs.cube(3))
    spectral = cs.subset_loss_recovered(np.reshape(values, (2, 2, 2)), sorted(subset))
    assert spectral == pytest.approx(float(exact), abs=1e-12)


@pytest.mark.parametrize("c", [0.4, 1.0, 2.5])
def test_two_terms_by_their_spectrum(c):
    f = np.reshape([x[0] * x[1] + c * x[2] for x in cs.cube(3)], (2, 2, 2))
    closed = cs.two_terms_loss_recovered(c)
    for name, subset in {"right": (0, 1, 2), "first_term": (0, 1), "one_variable": (2,)}.items():
        assert cs.subset_loss_recovered(f, subset) == pytest.approx(closed[name], abs=1e-14)


# Mechanistic anomaly detection


def pairs(rho, runs, rng):
    h1, z = rng.standard_normal((2, runs))
    return h1, rho * h1 + math.sqrt(1 - rho**2) * z


@pytest.mark.parametrize("rho", RHOS)
def test_product_cdf_against_the_bessel_density(rho):
    """The density of h1·h2 is exp(ρs/(1−ρ²))K_0(|s|/(1−ρ²))/(π√(1−ρ²))."""
    q = 1 - rho**2
    points = [-1.5, -0.2, 0.0, 0.01, 0.7, 2.0]
    mass = [
        quad(
            lambda s: math.exp(rho * s / q) * k0(abs(s) / q) / (math.pi * math.sqrt(q)),
            low,
            high,
            epsabs=1e-12,
        )[0]
        for low, high in pairwise(points)
    ]
    np.testing.assert_allclose(np.diff(cs.product_cdf(points, rho)), mass, atol=1e-9)
    assert cs.product_cdf(0.0, rho) == pytest.approx(0.5 - math.asin(rho) / math.pi, abs=1e-12)
    np.testing.assert_allclose(cs.product_cdf([-60.0, 60.0], rho), [0, 1], atol=1e-12)


@pytest.mark.parametrize("rho", RHOS[:4])
def test_auroc_is_the_area_under_the_curve(rho):
    s = np.concatenate([-np.geomspace(60, 1e-12, 2000), np.geomspace(1e-12, 60, 2000)])
    false_alarms, detections = cs.roc(rho, s)
    area = np.sum(np.diff(false_alarms) * (detections[1:] + detections[:-1]) / 2)
    assert area == pytest.approx(cs.auroc(rho), abs=1e-5)


@pytest.mark.parametrize("rho", RHOS)
def test_auroc_against_samples_and_lesser_scores(rho):
    rng, runs = np.random.default_rng(3), 60_000
    (h1, h2), (g1, g2) = pairs(rho, runs, rng), pairs(-rho, runs, rng)
    error = 1 / math.sqrt(6 * runs)
    assert abs(cs.empirical_auroc(h1 * h2, g1 * g2) - cs.auroc(rho)) < 4 * error
    assert abs(cs.empirical_auroc(abs(h1), abs(g1)) - 0.5) < 4 * error
    sums = 2 / math.pi * math.atan(math.sqrt((1 + rho) / (1 - rho)))
    assert abs(cs.empirical_auroc(abs(h1 + h2), abs(g1 + g2)) - sums) < 4 * error
    assert abs(sums - 0.5) < abs(cs.auroc(rho) - 0.5)


@pytest.mark.parametrize("rho", [*RHOS, 0.0])
def test_auroc_of_the_distance_against_samples(rho):
    rng, runs = np.random.default_rng(8), 60_000
    inverse = np.linalg.inv([[1, rho], [rho, 1]])
    trusted, anomalous = (
        np.einsum("ik,ij,jk->k", h, inverse, h)
        for h in (np.stack(pairs(r, runs, rng)) for r in (rho, -rho))
    )
    error = 1 / math.sqrt(6 * runs)
    assert abs(cs.empirical_auroc(anomalous, trusted) - cs.distance_auroc(rho)) < 4 * error
    assert cs.distance_auroc(rho) <= max(cs.auroc(rho), cs.auroc(-rho))


@pytest.mark.parametrize("rho", RHOS)
def test_the_product_is_the_likelihood_ratio(rho):
    h = np.random.default_rng(1).standard_normal((20, 2))
    trusted, anomalous = (
        multivariate_normal([0, 0], [[1, r], [r, 1]]).logpdf(h) for r in (rho, -rho)
    )
    ratio = cs.log_likelihood_ratio(h[:, 0], h[:, 1], rho)
    np.testing.assert_allclose(ratio, trusted - anomalous, atol=1e-12)


@settings(deadline=None, derandomize=True, max_examples=50)
@given(
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
    st.lists(st.integers(0, 5), min_size=1, max_size=8),
)
def test_empirical_auroc_against_all_pairs(trusted, anomalous):
    score = np.mean([(a > b) + (a == b) / 2 for a, b in product(trusted, anomalous)])
    assert cs.empirical_auroc(trusted, anomalous) == pytest.approx(score)
