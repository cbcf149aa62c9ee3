import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from companions import diffusion_theory as dt

SIGMA2 = [0.25, 1.0, 3.0]


def matrix_kl(P, Q):
    """KL between centred Gaussian vectors of covariances P and Q."""
    (_, logdet_p), (_, logdet_q) = np.linalg.slogdet(P), np.linalg.slogdet(Q)
    return 0.5 * (np.trace(np.linalg.solve(Q, P)) - len(P) + logdet_q - logdet_p)


def sampler_covariance(sigma2, T, N, M, start):
    """Covariance of the sampler's path seen M times a step, from its linear maps; shape NM + 1."""
    h = T / N
    size = N * M + 1
    noises = np.eye(size)
    maps = [noises[0] * math.sqrt(start)]
    for k in range(N):
        frozen = maps[-1]
        v = 1 + (sigma2 - 1) * math.exp(-2 * (T - k * h))
        for j in range(M):
            g = h / M
            drift = -2 * math.expm1(g) / v * frozen
            noise = math.sqrt(math.expm1(2 * g)) * noises[k * M + j + 1]
            maps.append(math.exp(g) * maps[-1] + drift + noise)
    return np.array(maps) @ np.array(maps).T


def true_covariance(sigma2, T, N, M):
    """Covariance of the forward process at the same times: Cov(X_s, X_u) = e^{−|u−s|}v_{min}."""
    times = T - np.arange(N * M + 1) * T / (N * M)
    v = 1 + (sigma2 - 1) * np.exp(-2 * np.minimum.outer(times, times))
    return np.exp(-abs(np.subtract.outer(times, times))) * v


@pytest.mark.parametrize("sigma2", SIGMA2)
def test_variance_solves_its_equation(sigma2):
    assert dt.variance(0.0, sigma2) == sigma2
    t, eps = np.linspace(0.1, 3, 7), 1e-5
    slope = (dt.variance(t + eps, sigma2) - dt.variance(t - eps, sigma2)) / (2 * eps)
    np.testing.assert_allclose(slope, 2 * (1 - dt.variance(t, sigma2)), atol=1e-9)


@pytest.mark.parametrize("d", [1, 3])
@pytest.mark.parametrize(("p", "q"), [(0.5, 2.0), (3.0, 1.0), (1.0, 1.0 + 1e-5)])
def test_gaussian_kl(p, q, d):
    assert dt.gaussian_kl(p, q, d) == pytest.approx(
        matrix_kl(p * np.eye(d), q * np.eye(d)), abs=1e-14
    )

    def integrand(x):
        log_ratio = 0.5 * math.log(q / p) - x * x / 2 * (1 / p - 1 / q)
        return math.exp(-x * x / (2 * p)) / math.sqrt(2 * math.pi * p) * log_ratio

    assert dt.gaussian_kl(p, q) == pytest.approx(
        2 * quad(integrand, 0, 40, epsabs=1e-13, limit=200)[0], abs=1e-11
    )


@pytest.mark.parametrize("sigma2", SIGMA2)
@pytest.mark.parametrize("start", [None, 1.0, 0.6])
def test_laws_on_the_grid_against_covariance_matrices(sigma2, start):
    T, N = 1.5, 6
    w0 = float(dt.variance(T, sigma2)) if start is None else start
    P, Q = true_covariance(sigma2, T, N, 1), sampler_covariance(sigma2, T, N, 1, w0)
    np.testing.assert_allclose(dt.sampler_variances(sigma2, T, N, start), np.diag(Q), rtol=1e-12)
    np.testing.assert_allclose(dt.variance(T - np.arange(7) * T / N, sigma2), np.diag(P))
    assert dt.grid_path_kl(sigma2, T, N, 1, start) == pytest.approx(matrix_kl(P, Q), abs=1e-11)
    assert dt.true_kl(sigma2, T, N, 1, start) == pytest.approx(
        matrix_kl(P[-1:, -1:], Q[-1:, -1:]), abs=1e-12
    )


@pytest.mark.parametrize("sigma2", SIGMA2)
@pytest.mark.parametrize("start", [None, 0.6])
def test_variances_within_steps_against_covariance_matrices(sigma2, start):
    T, N, M = 1.5, 6, 4
    w0 = float(dt.variance(T, sigma2)) if start is None else start
    expected = np.diag(sampler_covariance(sigma2, T, N, M, w0))
    times = np.linspace(0, T, N * M + 1)
    np.testing.assert_allclose(
        dt.sampler_variance(times, sigma2, T, N, start), expected, rtol=1e-12
    )


@pytest.mark.parametrize("tolerance", [0.5, 0.03, 1e-3])
@pytest.mark.parametrize("kl", [dt.true_kl, dt.path_kl])
def test_steps_needed_are_enough_and_one_fewer_is_not(kl, tolerance):
    def divergence(N):
        return kl(0.3, 1.0, N)

    N = dt.steps_needed(divergence, tolerance)
    assert divergence(N) <= tolerance
    assert N == 1 or divergence(N - 1) > tolerance


def test_one_step_may_be_enough():
    assert dt.steps_needed(lambda N: 0.0, 0.1) == 1


@pytest.mark.parametrize("sigma2", SIGMA2)
@pytest.mark.parametrize("start", [None, 1.2])
def test_path_kl_is_the_limit_of_ever_finer_observation(sigma2, start):
    """Seen M times a step the KL rises to path_kl, with an error of order 1/M²."""
    T, N = 1.0, 3
    w0 = float(dt.variance(T, sigma2)) if start is None else start
    seen = [
        matrix_kl(true_covariance(sigma2, T, N, M), sampler_covariance(sigma2, T, N, M, w0))
        for M in (1, 10, 20, 40)
    ]
    assert seen == sorted(seen)
    limit = dt.path_kl(sigma2, T, N, 1, start)
    assert seen[-1] < limit
    assert (limit - seen[2]) / (limit - seen[3]) == pytest.approx(4, abs=0.01)
    assert (4 * seen[3] - seen[2]) / 3 == pytest.approx(limit, rel=1e-6)


@pytest.mark.parametrize("sigma2", SIGMA2)
@pytest.mark.parametrize(("T", "N"), [(0.7, 1), (2.0, 5)])
def test_path_kl_against_quadrature(sigma2, T, N):
    h, total = T / N, 0.0
    for k in range(N):
        u = T - k * h
        v_u = 1 + (sigma2 - 1) * math.exp(-2 * u)

        def integrand(s, u=u, v_u=v_u):
            v_s = 1 + (sigma2 - 1) * math.exp(-2 * s)
            difference = np.array([1 / v_s, -1 / v_u])
            cross = math.exp(s - u) * v_s
            return difference @ np.array([[v_s, cross], [cross, v_u]]) @ difference

        total += quad(integrand, u - h, u, epsabs=1e-13)[0]
    assert dt.path_kl(sigma2, T, N) == pytest.approx(total, abs=1e-11)


@settings(deadline=None, derandomize=True, max_examples=60)
@given(
    st.floats(0.05, 10), st.floats(0.2, 4), st.integers(1, 40), st.sampled_from([None, 0.7, 1.0])
)
def test_data_processing(sigma2, T, N, start):
    true = dt.true_kl(sigma2, T, N, 1, start)
    grid = dt.grid_path_kl(sigma2, T, N, 1, start)
    path = dt.path_kl(sigma2, T, N, 1, start)
    assert -1e-14 <= true <= grid + 1e-12
    assert grid <= path + 1e-12


@pytest.mark.parametrize("sigma2", SIGMA2)
@pytest.mark.parametrize("T", [0.5, 2.0])
def test_orders_one_and_two_with_their_constants(sigma2, T):
    """First order for paths, second for samples; the scaled errors tend to the limits like 1/N."""
    scaled = {
        dt.path_kl_limit(sigma2, T): [N * dt.path_kl(sigma2, T, N) for N in (400, 800)],
        dt.true_kl_limit(sigma2, T): [N**2 * dt.true_kl(sigma2, T, N) for N in (400, 800)],
        dt.variance_bias_limit(sigma2, T): [
            N * (dt.sampler_variances(sigma2, T, N)[-1] - sigma2) for N in (400, 800)
        ],
    }
    for limit, (coarse, fine) in scaled.items():
        assert fine == pytest.approx(limit, rel=0.02)
        assert 2 * fine - coarse == pytest.approx(limit, rel=2e-4)
    halved = [dt.path_kl(sigma2, T, N) / dt.path_kl(sigma2, T, 2 * N) for N in (500, 1000)]
    quartered = [dt.true_kl(sigma2, T, N) / dt.true_kl(sigma2, T, 2 * N) for N in (500, 1000)]
    np.testing.assert_allclose(halved, 2, atol=0.01)
    np.testing.assert_allclose(quartered, 4, atol=0.04)


@pytest.mark.parametrize("d", [2, 5])
def test_linear_in_the_dimension(d):
    """In d independent coordinates the covariances are Kronecker products with the identity."""
    sigma2, T, N = 0.4, 1.2, 4
    P = np.kron(true_covariance(sigma2, T, N, 1), np.eye(d))
    Q = np.kron(sampler_covariance(sigma2, T, N, 1, 1.0), np.eye(d))
    assert dt.grid_path_kl(sigma2, T, N, d, 1.0) == pytest.approx(matrix_kl(P, Q), abs=1e-10)
    last = slice(-d, None)
    assert dt.true_kl(sigma2, T, N, d, 1.0) == pytest.approx(
        matrix_kl(P[last, last], Q[last, last]), abs=1e-11
    )
    for f in (dt.path_kl, dt.true_kl):
        assert f(sigma2, T, N, d, 1.0) == pytest.approx(d * f(sigma2, T, N, 1, 1.0), rel=1e-13)
    for limit in (dt.path_kl_limit, dt.true_kl_limit):
        assert limit(sigma2, T, d) == pytest.approx(d * limit(sigma2, T), rel=1e-13)


@pytest.mark.parametrize("sigma2", [0.25, 3.0])
def test_starting_from_the_standard_normal_costs_e_to_minus_four_t(sigma2):
    for T in (1.0, 3.0):
        extra = dt.path_kl(sigma2, T, 7, 1, 1.0) - dt.path_kl(sigma2, T, 7)
        assert dt.initial_kl(sigma2, T, 1, 1.0) == pytest.approx(extra, abs=1e-14)
        assert dt.initial_kl(sigma2, T) == 0
    ratio = dt.initial_kl(sigma2, 4.0, 1, 1.0) / dt.initial_kl(sigma2, 5.0, 1, 1.0)
    assert ratio == pytest.approx(math.exp(4), rel=1e-3)


def test_samples_have_the_predicted_variance():
    sigma2, T, N, runs = 0.3, 1.5, 8, 200_000
    rng = np.random.default_rng(11)
    h, y = T / N, rng.standard_normal(runs)
    for k in range(N):
        score = -y / (1 + (sigma2 - 1) * math.exp(-2 * (T - k * h)))
        y = math.exp(h) * y + 2 * math.expm1(h) * score
        y += math.sqrt(math.expm1(2 * h)) * rng.standard_normal(runs)
    w = dt.sampler_variances(sigma2, T, N, 1.0)[-1]
    assert abs(np.mean(y**2) - w) < 4 * w * math.sqrt(2 / runs)
    assert abs(np.mean(y**2) - sigma2) > 20 * w * math.sqrt(2 / runs)
