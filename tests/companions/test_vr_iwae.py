"""The VR-IWAE bound: quadrature against closed forms, sampling, and the two theorems."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import digamma, gammaln, ndtr

from companions import vr_iwae as vr


@pytest.mark.parametrize("shape", [0.6, 1.0, 3.5])
def test_expected_log_of_a_sum_of_gamma_variables(shape):
    # ΣY is Gamma(kN), whose mean logarithm is ψ(kN); nodes in log Y, where the density is smooth.
    log_Y = np.arange(-60 / shape, 7, 0.01)
    log_weight = shape * log_Y - np.exp(log_Y) - gammaln(shape) + np.log(0.01)
    N = np.array([1, 2, 7, 1000, 10**6])
    exact = digamma(shape * N)
    assert vr.expected_log_sum(log_Y, log_weight, np.log(N)) == pytest.approx(exact, abs=1e-10)


@given(
    values=st.lists(st.floats(-3, 3), min_size=2, max_size=3),
    p=st.floats(0.1, 0.9),
    N=st.integers(1, 4),
)
@settings(deadline=None, derandomize=True, max_examples=30)
def test_expected_log_of_a_sum_of_few_atoms_is_the_enumeration(values, p, N):
    weight = np.array([p] + [(1 - p) / (len(values) - 1)] * (len(values) - 1))
    total = 0.0
    for index in np.ndindex(*(len(values),) * N):
        total += np.prod(weight[list(index)]) * np.log(
            np.sum(np.exp(np.array(values)[list(index)]))
        )
    result = vr.expected_log_sum(np.array(values), np.log(weight), np.log(N))
    assert float(result) == pytest.approx(total, abs=1e-11)


@pytest.mark.parametrize("alpha", [0.0, 0.3, 0.9])
@pytest.mark.parametrize("B", [0.5, 3.0, 20.0])
def test_one_sample_gives_the_elbo_for_every_alpha(alpha, B):
    assert vr.lognormal_gap(0.0, alpha, B) == pytest.approx(-(B**2) / 2, abs=1e-9 * B**2)


@pytest.mark.parametrize("alpha", [0.0, 0.4])
@pytest.mark.parametrize("B", [0.5, 2.0])
def test_two_samples_against_quadrature_of_the_soft_maximum(alpha, B):
    # log(Y_1+Y_2) = mean of the logs + log(2cosh(half their difference)); the difference is normal.
    spread = (1 - alpha) * B

    def soft(z):
        return np.log(np.cosh(spread * z / np.sqrt(2))) * np.exp(-(z**2) / 2)

    mean = quad(soft, -12, 12, epsabs=1e-13, limit=200)[0] / np.sqrt(2 * np.pi)
    expected = -(B**2) / 2 + mean / (1 - alpha)
    assert vr.lognormal_gap(np.log(2), alpha, B) == pytest.approx(expected, abs=1e-10)


@pytest.mark.parametrize(
    ("N", "alpha", "B"), [(5, 0.0, 1.0), (40, 0.2, 3.0), (300, 0.5, 6.0), (2000, 0.0, 8.0)]
)
def test_lognormal_gap_against_sampling(N, alpha, B):
    rng = np.random.default_rng(N)
    replicas = 2_000_000 // N
    log_Y = (1 - alpha) * (-(B**2) / 2 - B * rng.normal(size=(replicas, N)))
    top = log_Y.max(axis=1, keepdims=True)
    sample = (np.log(np.exp(log_Y - top).mean(axis=1)) + top[:, 0]) / (1 - alpha)
    error = sample.std() / np.sqrt(replicas)
    assert abs(sample.mean() - vr.lognormal_gap(np.log(N), alpha, B)) < 4 * error


@given(alpha=st.floats(0, 0.95), B=st.floats(0.1, 12), log_N=st.floats(0.1, 60))
@settings(deadline=None, derandomize=True, max_examples=20)
def test_bound_lies_between_elbo_and_vr_bound_and_grows(alpha, B, log_N):
    # ELBO ≤ ℓ_N ≤ ℓ_{N'} ≤ L^{(α)} ≤ log p, and the IWAE bound is the largest for one N.
    low, high = vr.lognormal_gap([log_N, log_N + 1], alpha, B)
    slack = 1e-9 * B**2
    assert -(B**2) / 2 - slack <= low <= high + slack
    assert high <= vr.lognormal_limit(alpha, B) + slack <= slack
    assert low <= vr.lognormal_gap(log_N, 0.0, B) + slack


@pytest.mark.parametrize(("alpha", "B"), [(0.0, 0.8), (0.2, 1.0), (0.5, 2.0), (0.9, 5.0)])
def test_theorem_3_is_the_expansion_to_first_order(alpha, B):
    N = np.array([1e3, 1e4, 1e5])
    limit, gamma_squared = vr.lognormal_limit(alpha, B), vr.lognormal_gamma_squared(alpha, B)
    exact = vr.lognormal_gap(np.log(N), alpha, B)
    remainder = exact - vr.theorem_3(N, limit, gamma_squared)
    # The remainder is of order 1/N², hence 100 times smaller per decade.
    assert remainder[:2] / remainder[1:] == pytest.approx(100, rel=0.1)
    assert 2 * N[-1] * (limit - exact[-1]) == pytest.approx(gamma_squared, rel=1e-2)


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_lognormal_constants_are_moments_of_the_weights(alpha):
    B, a = 1.3, 1 - alpha
    z, log_weight = vr.standard_normal_nodes(-14, 14, 0.05)
    w = np.exp(-(B**2) / 2 + B * z)
    weight = np.exp(log_weight)
    mean, square = weight @ w**a, weight @ w ** (2 * a)
    assert weight @ w == pytest.approx(1, rel=1e-12)
    assert vr.lognormal_limit(alpha, B) == pytest.approx(np.log(mean) / a, abs=1e-12)
    assert vr.lognormal_gamma_squared(alpha, B) == pytest.approx(
        (square / mean**2 - 1) / a, rel=1e-11
    )


@pytest.mark.parametrize("alpha", [0.0, 0.2, 0.5])
def test_theorem_5_is_the_leading_behaviour_before_the_kink(alpha):
    # At c = log N/B² below the kink what is missing is o(B²): of order log log N.
    c = 0.4 * vr.kink(alpha)
    scaled = []
    for B in (10.0, 25.0):
        log_N = c * B**2
        remainder = vr.lognormal_gap(log_N, alpha, B) - vr.theorem_5(log_N, alpha, B)
        assert abs(remainder) < 0.4 * B * np.log(log_N)
        scaled.append(abs(remainder) / B**2)
    assert scaled[1] < 0.4 * scaled[0]


@pytest.mark.parametrize("alpha", [0.0, 0.2, 0.5])
def test_scaled_gap_converges_to_the_limit_shape(alpha):
    c = np.array([0.0, 0.3, 0.7, 1.5, 3.0]) * vr.kink(alpha)
    distance = [
        np.abs(vr.scaled_gap_curve(c, alpha, B) - vr.limit_shape(c, alpha)).max()
        for B in (5.0, 10.0, 20.0)
    ]
    assert distance[0] > 1.8 * distance[1] > 3.2 * distance[2]
    assert distance[2] < 0.02


@given(alpha=st.floats(0, 0.95), c=st.floats(1e-3, 2.0), B=st.floats(0.5, 30))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_limit_shape_has_the_branches_of_the_two_theorems(alpha, c, B):
    kink = vr.kink(alpha)
    before, after = vr.limit_shape([kink * (1 - 1e-9), kink], alpha)
    assert before == pytest.approx(after, abs=1e-9)
    if c < kink:
        expected = vr.theorem_5(c * B**2, alpha, B) / B**2
    else:
        expected = vr.lognormal_limit(alpha, B) / B**2
    assert vr.limit_shape(c, alpha) == pytest.approx(float(expected), abs=1e-12)
    # No sample size beats the VR bound, in the limit either.
    assert vr.limit_shape(c, alpha) <= -alpha / 2 + 1e-15


def test_slope_of_the_limit_vanishes_at_the_kink_from_below():
    # The transition is of second order: the two branches meet with one tangent.
    alpha, h = 0.2, 1e-4
    kink = vr.kink(alpha)
    values = vr.limit_shape([kink - 2 * h, kink - h, kink], alpha)
    slopes = np.diff(values) / h
    assert abs(slopes[1]) < abs(slopes[0]) < 1e-3


def test_hundreds_of_nats_of_samples():
    # Far beyond the kink at 200 nats IWAE is exact, up to weights too rare for N draws to see.
    values = vr.lognormal_gap([300.0, 400.0, 450.0], 0.0, 20.0)
    assert -ndtr(20 - np.sqrt(2 * 300)) < values[0] < -1e-8
    assert values[1:] == pytest.approx(0.0, abs=1e-8)


@pytest.mark.parametrize(("log_N", "alpha", "B"), [(800.0, 0.0, 20.0), (5000.0, 0.3, 2.0)])
def test_no_number_of_samples_is_too_large(log_N, alpha, B):
    assert vr.lognormal_gap(log_N, alpha, B) == pytest.approx(-alpha * B**2 / 2, abs=1e-8)


def test_alpha_one_is_the_elbo():
    elbo = -(2.0**2) / 2
    assert vr.lognormal_gap([0.0, 5.0], 1.0, 2.0) == pytest.approx([elbo, elbo], rel=1e-12)
    assert vr.lognormal_gap(5.0, 1 - 1e-5, 2.0) == pytest.approx(elbo, abs=3e-5)
