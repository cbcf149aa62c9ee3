"""Wright–Fisher: two expansions of one density, and the score-matching identity."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.stats import beta

from companions import denoising_wright_fisher as wf

Z, W = np.polynomial.legendre.leggauss(120)
X, W = (Z + 1) / 2, W / 2

ALPHAS = [(2.0, 2.0), (1.5, 3.0), (2.5, 1.0)]


@pytest.mark.parametrize("alpha", ALPHAS)
@pytest.mark.parametrize("t", [0.2, 0.6, 2.0])
def test_spectral_and_ancestral_densities_agree(alpha, t):
    x = np.linspace(0.02, 0.98, 25)
    for x_0 in (0.0, 0.1, 0.55, 1.0):
        spectral = wf.spectral_density(x_0, x, t, alpha)
        assert wf.ancestral_density(x_0, x, t, alpha) == pytest.approx(spectral, abs=1e-10)


def test_agreement_stands_at_the_shortest_stated_time():
    x = np.linspace(0.02, 0.98, 25)
    difference = wf.ancestral_density(0.3, x, 0.15) - wf.spectral_density(0.3, x, 0.15)
    assert np.abs(difference).max() < 1e-9
    assert abs(wf.lineage_law(0.15, 4.0).sum() - 1) < 1e-9


@pytest.mark.parametrize("theta", [1.0, 2.5, 4.0])
@pytest.mark.parametrize("t", [0.3, 1.0])
def test_lineage_law_solves_the_death_process(theta, t):
    # Infinitely many lineages take Σ_{m>400} 2/(m(m+θ−1)) ≈ 2/400 to come down to 400.
    m = np.arange(401)
    death = m * (m + theta - 1) / 2

    def forward(_, q):
        flow = death * q
        return np.append(flow[1:], 0.0) - flow

    start = np.zeros(401)
    start[-1] = 1.0
    end = solve_ivp(
        forward, (0, t - 2 / 400), start, method="LSODA", rtol=1e-9, atol=1e-12, lband=0, uband=1
    ).y[:, -1]
    assert wf.lineage_law(t, theta, 30) == pytest.approx(end[:31], abs=2e-4)


@pytest.mark.parametrize("theta", [1.5, 4.0])
def test_lineage_law_obeys_its_own_rate_equation(theta):
    t, h = 0.5, 1e-4
    later, now, before = (wf.lineage_law(s, theta, 25) for s in (t + h, t, t - h))
    m = np.arange(26)
    flow = m * (m + theta - 1) / 2 * now
    assert (later - before)[:25] / (2 * h) == pytest.approx(flow[1:] - flow[:25], abs=1e-6)
    assert now.sum() == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("alpha", [(2.0, 2.0), (3.0, 2.0)])
def test_density_is_a_reversible_semigroup(alpha):
    s, t = 0.2, 0.35
    x_0, x_1 = 0.3, 0.8
    first = wf.spectral_density(x_0, X, s, alpha)
    second = wf.spectral_density(X, x_1, t, alpha)
    assert np.sum(W * first) == pytest.approx(1, abs=1e-12)
    composed = np.sum(W * first * second)
    assert composed == pytest.approx(wf.spectral_density(x_0, x_1, s + t, alpha), rel=1e-11)
    there = beta.pdf(x_0, *alpha) * wf.spectral_density(x_0, x_1, t, alpha)
    back = beta.pdf(x_1, *alpha) * wf.spectral_density(x_1, x_0, t, alpha)
    assert there == pytest.approx(back, rel=1e-12)


@pytest.mark.parametrize("alpha", ALPHAS)
def test_mean_relaxes_at_half_theta(alpha):
    # L x = ½(α_1 − θx), hence E X_t = α_1/θ + (x_0 − α_1/θ) e^{−θt/2}. The Beta weight of ALPHAS is
    # not smooth at the ends: Jacobi quadrature of the ratio to it.
    t, x_0, theta = 0.4, 0.9, sum(alpha)
    x, w = wf._beta_nodes(*alpha, 60)
    ratio = wf.spectral_density(x_0, x, t, alpha) / beta.pdf(x, *alpha)
    expected = alpha[0] / theta + (x_0 - alpha[0] / theta) * np.exp(-theta * t / 2)
    assert np.sum(w * x * ratio) == pytest.approx(expected, rel=1e-11)


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_moments_decay_with_the_eigenvalues(k):
    # An eigenfunction projected out of the density: what is left of it after t is exp(λ_k t).
    theta, x_0 = 4.0, 0.27
    for t in (0.25, 0.9):
        p = wf.spectral_density(x_0, X, t)
        orthogonal = wf._eigenfunction(k, X, (2.0, 2.0))
        kept = np.sum(W * p * orthogonal) / wf._eigenfunction(k, np.array(x_0), (2.0, 2.0))
        assert np.log(kept) / t == pytest.approx(wf.eigenvalue(k, theta), rel=1e-9)
        assert wf.eigenvalue(k, theta) == -k * (k + 3) / 2


@pytest.mark.parametrize(("t", "alpha"), [(0.1, (2.0, 2.0)), (0.5, (2.0, 2.0)), (0.3, (3.0, 2.0))])
def test_noised_law_is_the_data_carried_by_the_density(t, alpha):
    x = np.array([0.15, 0.4, 0.7, 0.92])
    data = sum(p * beta.pdf(X, a, b) for p, a, b in wf.TWO_HUMPS)
    carried = np.sum(W * data * wf.spectral_density(X, x[:, None], t, alpha), axis=1)
    q, score, curvature = wf.noised_score(x, t, alpha=alpha)
    assert q == pytest.approx(carried, rel=1e-10)
    h = 1e-4
    right, left = (np.log(wf.noised_score(x + s, t, alpha=alpha)[0]) for s in (h, -h))
    assert score == pytest.approx((right - left) / (2 * h), rel=1e-5, abs=1e-5)
    assert curvature == pytest.approx((right - 2 * np.log(q) + left) / h**2, rel=1e-4)


PERTURBATIONS = [
    pytest.param(lambda x: 3 * np.cos(3 * x), lambda x: -9 * np.sin(3 * x), id="sine"),
    pytest.param(lambda x: 0.8 * x, lambda x: 0.8 + 0 * x, id="square"),
    pytest.param(lambda x: 2 + 0 * x, lambda x: 0 * x, id="exponential"),
]


@pytest.mark.parametrize(("d", "dd"), PERTURBATIONS)
@pytest.mark.parametrize("t", [0.05, 0.3, 1.5])
def test_objective_minus_minimum_is_half_the_weighted_fisher_divergence(d, dd, t):
    gap, divergence = wf.objective_gap(d, dd, t)
    assert divergence > 1e-3
    assert gap == pytest.approx(divergence, rel=1e-10)


def test_identity_holds_for_other_data_and_mutation_rates():
    data = ((0.3, 3.0, 7.0), (0.7, 6.0, 2.5))
    for alpha in [(3.0, 2.0), (2.0, 4.0)]:
        gap, divergence = wf.objective_gap(np.cos, lambda x: -np.sin(x), 0.3, data, alpha)
        assert gap == pytest.approx(divergence, rel=1e-9)


def test_objective_is_the_definition_with_finite_differences():
    # E_q[L*β/β + L log β], the operators applied by differences to β = q e^{x²}, no score in sight.
    t, h = 0.4, 2e-4
    inner = np.linspace(0.05, 0.95, 10)

    def b(y):
        return wf.noised_score(y, t)[0] * np.exp(y**2)

    def d(f, y):
        return (f(y + h) - f(y - h)) / (2 * h)

    def dd(f, y):
        return (f(y + h) - 2 * f(y) + f(y - h)) / h**2

    def drift(y):
        return (2 * (1 - y) - 2 * y) / 2

    adjoint = dd(lambda y: y * (1 - y) / 2 * b(y), inner) - d(lambda y: drift(y) * b(y), inner)

    def log_b(y):
        return np.log(b(y))

    generator = inner * (1 - inner) / 2 * dd(log_b, inner) + drift(inner) * d(log_b, inner)
    direct = adjoint / b(inner) + generator
    q, score, curvature = wf.noised_score(inner, t)
    one = np.ones_like(inner)
    for i in range(len(inner)):
        at = slice(i, i + 1)
        value = wf.objective(
            one[at], score[at] + 2 * inner[at], curvature[at] + 2, inner[at], one[at], 4.0
        )
        assert value == pytest.approx(direct[i], rel=1e-4, abs=1e-4)
    assert np.all(q > 0)


def test_times_must_be_positive():
    with pytest.raises(ValueError, match="positive time"):
        wf.spectral_density(0.3, 0.4, 0.0)
