"""Linear Gaussian VR-IWAE: closed forms against sampling, exact gradients against estimators."""

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from companions import vr_iwae
from companions import vr_iwae_gaussian as lg

RNG = np.random.default_rng(3)
THETA, X = RNG.normal(size=3), RNG.normal(size=3)
A, B = 0.3, RNG.normal(size=3) / 2
M = A * X + B
DELTA = lg.offset_squared(THETA, X, A, B)
EYE = np.eye(3)


def test_weights_are_the_ratio_of_the_densities():
    z = RNG.normal(size=(5, 3))
    expected = [
        multivariate_normal.logpdf(point, THETA, EYE)
        + multivariate_normal.logpdf(X, point, EYE)
        - multivariate_normal.logpdf(point, M, lg.S * EYE)
        for point in z
    ]
    assert lg.log_weight(z, THETA, X, M) == pytest.approx(expected, rel=1e-12)


def test_evidence_is_the_weight_of_the_exact_posterior():
    # With q the posterior itself, w = p(x) whatever z.
    z = RNG.normal(size=(5, 3))
    w = lg.log_weight(z, THETA, X, (THETA + X) / 2, s=lg.V)
    assert w == pytest.approx(lg.log_evidence(THETA, X), rel=1e-12)
    assert lg.log_evidence(THETA, X) == pytest.approx(
        multivariate_normal.logpdf(X, THETA, 2 * EYE), rel=1e-12
    )


def gauss_hermite(f):
    """E f(z) under q = N(M, S I), tensorised; exact for polynomials times mild exponentials."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(40)
    weights = weights / weights.sum()
    grid = np.stack(np.meshgrid(nodes, nodes, nodes, indexing="ij"), axis=-1).reshape(-1, 3)
    mass = np.einsum("i,j,k->ijk", weights, weights, weights).ravel()
    return np.sum(mass * f(M + np.sqrt(lg.S) * grid))


@pytest.mark.parametrize("a", [0.3, 1.0, 1.6])
def test_moments_of_the_weights(a):
    log_p = lg.log_evidence(THETA, X)
    moment = gauss_hermite(lambda z: np.exp(a * (lg.log_weight(z, THETA, X, M) - log_p)))
    assert np.log(moment) == pytest.approx(lg.log_weight_moment(a, 3, DELTA), abs=1e-9)


@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_vr_gap_and_gamma_follow_from_moments(alpha):
    log_p, a = lg.log_evidence(THETA, X), 1 - alpha
    first, second = (
        gauss_hermite(lambda z, k=k: np.exp(k * a * (lg.log_weight(z, THETA, X, M) - log_p)))
        for k in (1, 2)
    )
    assert lg.vr_gap(alpha, 3, DELTA) == pytest.approx(np.log(first) / a, abs=1e-9)
    assert lg.gamma_squared(alpha, 3, DELTA) == pytest.approx((second / first**2 - 1) / a, rel=1e-8)


def test_elbo_and_variance_of_the_log_weight():
    log_p = lg.log_evidence(THETA, X)
    mean = gauss_hermite(lambda z: lg.log_weight(z, THETA, X, M)) - log_p
    variance = gauss_hermite(lambda z: (lg.log_weight(z, THETA, X, M) - log_p - mean) ** 2)
    assert lg.elbo_gap(3, DELTA) == pytest.approx(mean, rel=1e-11)
    assert lg.log_weight_variance(3, DELTA) == pytest.approx(variance, rel=1e-11)
    assert lg.log_weight_variance(3, DELTA) == pytest.approx(3 / 18 + 8 / 3 * DELTA, rel=1e-14)


def test_vr_bound_runs_from_the_evidence_to_the_elbo():
    assert lg.vr_gap(0.0, 3, DELTA) == pytest.approx(0, abs=1e-14)
    assert lg.vr_gap(1 - 1e-7, 3, DELTA) == pytest.approx(lg.elbo_gap(3, DELTA), rel=1e-5)


def test_optimal_proposal_is_the_posterior_mean_and_the_best():
    A_best, b_best = lg.optimal_proposal(THETA)
    for x in RNG.normal(size=(4, 3)):
        assert lg.offset_squared(THETA, x, A_best, b_best) == pytest.approx(0, abs=1e-15)
    assert lg.offset_squared(THETA, X, 0.3 * EYE, B) == pytest.approx(DELTA, rel=1e-14)
    assert pytest.approx(np.sum(((THETA + X) / 2 - M) ** 2), rel=1e-14) == DELTA
    for alpha in (0.1, 0.5, 0.9):
        assert lg.vr_gap(alpha, 3, DELTA) < lg.vr_gap(alpha, 3, 0.0) < 0


def test_missing_moments_are_refused():
    with pytest.raises(ValueError, match="no moment of order 4"):
        lg.log_weight_moment(4.0, 1, 0.0, s=0.3)


CASES = [(1, 0.0), (1, 0.4), (2, 0.2), (3, 1.0), (40, 0.0), (100, 3.0)]


@pytest.mark.parametrize(("d", "delta"), CASES)
@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_exact_gap_starts_at_the_elbo_and_follows_theorem_3(d, delta, alpha):
    assert lg.vr_iwae_gap(0.0, alpha, d, delta) == pytest.approx(lg.elbo_gap(d, delta), abs=1e-8)
    limit, gamma_squared = lg.vr_gap(alpha, d, delta), lg.gamma_squared(alpha, d, delta)
    N = 1e7
    remainder = lg.vr_iwae_gap(np.log(N), alpha, d, delta) - vr_iwae.theorem_3(
        N, limit, gamma_squared
    )
    assert abs(remainder) < max(1e-8, 0.01 * gamma_squared / N)


@pytest.mark.parametrize("N", [2, 20])
def test_exact_gap_against_sampling(N):
    alpha, replicas = 0.3, 100_000
    rng = np.random.default_rng(N)
    z = M + np.sqrt(lg.S) * rng.normal(size=(replicas, N, 3))
    Y = np.exp((1 - alpha) * (lg.log_weight(z, THETA, X, M) - lg.log_evidence(THETA, X)))
    sample = np.log(Y.mean(axis=1)) / (1 - alpha)
    error = sample.std() / np.sqrt(replicas)
    assert abs(sample.mean() - lg.vr_iwae_gap(np.log(N), alpha, 3, DELTA)) < 4 * error


def gradients(N, alpha, replicas, m=0.5, s=lg.S):
    rng = np.random.default_rng(17)
    z_0 = rng.normal(size=(replicas, N))
    z = m + np.sqrt(s) * z_0
    Y = np.exp((1 - alpha) * (-(z**2) / (2 * lg.V) + (z - m) ** 2 / (2 * s)))
    normalised = Y / Y.sum(axis=1, keepdims=True)
    rep = np.sum(normalised * -z / lg.V, axis=1)
    path = -z / lg.V + (z - m) / s
    drep = np.sum((alpha * normalised + (1 - alpha) * normalised**2) * path, axis=1)
    return {"rep": rep, "drep": drep}


@pytest.mark.parametrize(("N", "alpha"), [(4, 0.0), (16, 0.3), (64, 0.8)])
@pytest.mark.parametrize("estimator", ["rep", "drep"])
def test_gradient_moments_against_sampling(N, alpha, estimator):
    replicas = 1_600_000 // N
    sample = gradients(N, alpha, replicas)[estimator]
    mean, variance = lg.gradient_moments(N, alpha, estimator)
    assert abs(sample.mean() - mean) < 4 * np.sqrt(variance / replicas)
    spread = np.std((sample - sample.mean()) ** 2) / np.sqrt(replicas)
    assert abs(sample.var() - variance) < 4 * spread


@pytest.mark.parametrize("N", [3, 10, 300])
@pytest.mark.parametrize("alpha", [0.0, 0.35, 0.9])
@pytest.mark.parametrize(("m", "s"), [(0.5, 2 / 3), (-0.8, 0.9)])
def test_both_estimators_have_the_gradient_of_the_bound_as_mean(N, alpha, m, s):
    rep, _ = lg.gradient_moments(N, alpha, "rep", m, s)
    drep, _ = lg.gradient_moments(N, alpha, "drep", m, s)
    assert rep == pytest.approx(drep, rel=1e-9)
    h = 1e-3
    right, left = (lg.vr_iwae_gap(np.log(N), alpha, 1, (m + e) ** 2, s) for e in (h, -h))
    assert rep == pytest.approx(float(right - left) / (2 * h), rel=1e-5)


@pytest.mark.parametrize(
    ("estimator", "alpha", "slope"),
    [
        ("rep", 0.0, -0.5),
        ("rep", 0.2, 0.5),
        ("rep", 0.8, 0.5),
        ("drep", 0.0, 0.5),
        ("drep", 0.2, 0.5),
        ("drep", 0.8, 0.5),
    ],
)
def test_snr_slopes(estimator, alpha, slope):
    assert lg.snr_slope([20_000, 40_000], alpha, estimator) == pytest.approx(slope, abs=1e-3)
    # Over N = 4…512 the power law is approached, slowest for REP at small α > 0.
    page = lg.snr_slope(2 ** np.arange(2, 10), alpha, estimator)
    assert page == pytest.approx(slope, abs=0.15)


def test_snr_grows_as_the_root_of_the_replicas():
    one = lg.gradient_snr(20, 0.3, "rep")
    mean, variance = lg.gradient_moments(20, 0.3, "rep")
    assert one == pytest.approx(abs(mean) / np.sqrt(variance), rel=1e-14)
    assert lg.gradient_snr(20, 0.3, "rep", M=9) == pytest.approx(3 * one, rel=1e-12)


def test_drep_degenerates_for_equal_variances():
    # ∂_z log w is the constant −m/v then: α near 1 leaves no variance, whatever N.
    _, equal = lg.gradient_moments(10, 0.999, "drep", s=lg.V)
    _, unequal = lg.gradient_moments(10, 0.999, "drep")
    assert abs(equal) < 1e-6 * unequal


def test_too_few_draws_are_refused():
    with pytest.raises(ValueError, match="at least three"):
        lg.gradient_moments(2, 0.0, "rep")


def test_unknown_estimators_are_refused():
    with pytest.raises(ValueError, match="'REP'"):
        lg.gradient_snr(8, 0.5, "REP")


def test_alpha_near_one_is_the_elbo():
    d, delta = 3, 0.2
    elbo = lg.elbo_gap(d, delta)
    assert lg.vr_gap(1.0, d, delta) == elbo
    assert lg.vr_gap(1 - 1e-12, d, delta) == pytest.approx(elbo, rel=1e-10)
    assert lg.vr_iwae_gap(5.0, 1.0, d, delta) == pytest.approx(elbo, rel=1e-8)
    # γ_α² → (1−α) Var log w.
    expected = 1e-9 * lg.log_weight_variance(d, delta)
    assert lg.gamma_squared(1 - 1e-9, d, delta) == pytest.approx(expected, rel=1e-6)
    assert lg.gamma_squared(1.0, d, delta) == 0
