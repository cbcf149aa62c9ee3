"""Capacity: the loss against its definition, closed forms against optimisation, exact geometry."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import check_grad, minimize, minimize_scalar

from companions import capacity as cap


def discrete_law(beta: float) -> tuple[np.ndarray, np.ndarray]:
    """Values and probabilities of the law on {−a, 0, a} with variance 1 and kurtosis β."""
    a = np.sqrt(beta)
    return np.array([-a, 0.0, a]), np.array([1 / (2 * beta), 1 - 1 / beta, 1 / (2 * beta)])


@pytest.mark.parametrize("beta", [1.0, 2.2, 3.0, 9.0])
def test_loss_is_the_variance_of_the_residual(beta):
    # Enumeration over {−a,0,a}³; the best bias removes the mean.
    values, p = discrete_law(beta)
    rng = np.random.default_rng(2)
    W, v = rng.normal(size=(2, 3)), rng.uniform(0.5, 2, 3)
    index = np.array(list(np.ndindex(3, 3, 3)))
    x, weight = values[index], np.prod(p[index], axis=1)
    residual = x**2 @ v - np.sum((x @ W.T) ** 2, axis=1)
    variance = weight @ residual**2 - (weight @ residual) ** 2
    assert cap.loss(W, v, beta) == pytest.approx(variance, rel=1e-12)


def test_sparse_gaussian_has_the_stated_kurtosis():
    nodes, weights = np.polynomial.hermite_e.hermegauss(8)
    weights = weights / weights.sum()
    for p in (1.0, 0.3, 0.05):
        x = nodes / np.sqrt(p)
        assert p * weights @ x**2 == pytest.approx(1, rel=1e-12)
        assert cap.sparse_gaussian_kurtosis(p) == pytest.approx(p * weights @ x**4, rel=1e-12)


@given(N=st.integers(1, 4), M=st.integers(1, 6), seed=st.integers(0, 10**6), beta=st.floats(1, 30))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_gradient_and_bounds_on_capacity(N, M, seed, beta):
    rng = np.random.default_rng(seed)
    W, v = rng.normal(size=(N, M)), rng.uniform(0.2, 3, M)
    C = cap.capacities(W)
    assert np.all((C >= 0) & (C <= 1 + 1e-12))
    assert C.sum() <= min(N, M) + 1e-9

    def f(flat):
        return cap.loss(flat.reshape(N, M), v, beta)

    def gradient(flat):
        return cap.loss_gradient(flat.reshape(N, M), v, beta).ravel()

    size = np.linalg.norm(gradient(W.ravel()))
    assert check_grad(f, gradient, W.ravel(), seed=1) < 1e-5 * (1 + size)


def test_capacity_of_special_embeddings():
    assert cap.capacities(np.diag([3.0, 0.0, 0.2])) == pytest.approx([1, 0, 1], abs=1e-15)
    assert cap.capacities(np.ones((1, 4))) == pytest.approx(np.full(4, 0.25), rel=1e-14)
    angles = 2 * np.pi * np.arange(5) / 5
    pentagon = np.stack([np.cos(angles), np.sin(angles)])
    assert cap.capacities(pentagon) == pytest.approx(np.full(5, 0.4), rel=1e-12)


@pytest.mark.parametrize("beta", [1.5, 3.0, 8.0])
@pytest.mark.parametrize("C", [0.1, 0.5, 0.9])
def test_feature_loss_is_the_best_length_at_fixed_capacity(beta, C):
    # A feature with G_ii = g leaves (β−1)(v−g)² and interference 2g²(1/C − 1).
    v = 1.7
    best = minimize_scalar(
        lambda g: (beta - 1) * (v - g) ** 2 + 2 * g**2 * (1 / C - 1),
        bounds=(0, 2 * v),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert cap.feature_loss(C, v, beta) == pytest.approx(best.fun, rel=1e-10)
    h = 1e-5
    slope = (cap.feature_loss(C - h, v, beta) - cap.feature_loss(C + h, v, beta)) / (2 * h)
    assert cap.marginal_benefit(C, v, beta) == pytest.approx(slope, rel=1e-7)


def test_marginal_benefit_decreases_iff_kurtosis_exceeds_three():
    C = np.linspace(0, 1, 20)
    assert np.all(np.diff(cap.marginal_benefit(C, 1.0, 3.1)) < 0)
    assert np.all(np.diff(cap.marginal_benefit(C, 1.0, 2.9)) > 0)
    assert np.ptp(cap.marginal_benefit(C, 1.0, 3.0)) < 1e-14


@pytest.mark.parametrize("beta", [1.5, 2.5, 3.0, 3.5, 5.0, 12.0, 60.0])
def test_two_feature_capacity_against_multistart_bfgs(beta):
    rng = np.random.default_rng(7)
    for ratio in (0.05, 0.3, 0.62, 0.95, 1.0, 1.4, 4.0):
        if ratio == 1.0 and beta <= 3:
            continue
        v = np.array([1.0, ratio])
        W = cap.descend(v, beta, 1, rng, starts=4)
        expected = cap.two_feature_capacity(1.0, ratio, beta)
        assert cap.loss(W, v, beta) == pytest.approx(cap.optimal_loss(v, beta, 1), rel=1e-9)
        # Convergence is slow where the second feature is only just ignored.
        assert cap.capacities(W)[0] == pytest.approx(expected, abs=2e-4)


@given(ratio=st.floats(0.02, 50), beta=st.floats(1.05, 100))
@settings(deadline=None, derandomize=True, max_examples=60)
def test_two_feature_formula_minimises_the_sum_of_losses(ratio, beta):
    C = np.linspace(0, 1, 2001)
    total = cap.feature_loss(C, 1.0, beta) + cap.feature_loss(1 - C, ratio, beta)
    best = float(cap.two_feature_capacity(1.0, ratio, beta))
    least = cap.feature_loss(best, 1.0, beta) + cap.feature_loss(1 - best, ratio, beta)
    assert least <= total.min() * (1 + 1e-12)
    if ratio < 1:
        ignored = ratio <= cap.ignore_threshold(beta)
        assert (best == 1.0) == ignored
    both = cap.water_filling(np.array([1.0, ratio]), beta, 1)
    assert both[0] == pytest.approx(best, abs=1e-10)
    assert cap.two_feature_capacity(ratio, 1.0, beta) == pytest.approx(
        1 - best, abs=1e-12
    ) or ratio == pytest.approx(1)


@pytest.mark.parametrize("beta", [3.2, 5.0, 40.0])
def test_ignore_threshold_is_where_the_lesser_feature_appears(beta):
    threshold = cap.ignore_threshold(beta)
    assert cap.two_feature_capacity(1.0, threshold * (1 - 1e-9), beta) == 1
    assert cap.two_feature_capacity(1.0, threshold * (1 + 1e-9), beta) < 1
    # The first sliver of the lesser feature is then worth as much as the last of the greater.
    assert cap.marginal_benefit(0.0, threshold, beta) == pytest.approx(
        cap.marginal_benefit(1.0, 1.0, beta), rel=1e-12
    )


def test_capacity_grid_broadcasts():
    grid = cap.two_feature_capacity(1.0, np.array([[0.2], [0.9]]), np.array([2.0, 4.0, 50.0]))
    assert grid.shape == (2, 3)
    assert grid[0] == pytest.approx([1.0, 1.0, (49 - 0.4) / (47 * 1.2)])
    assert grid[1] == pytest.approx([1.0, (3 - 1.8) / 1.9, (49 - 1.8) / (47 * 1.9)])


@given(
    M=st.integers(2, 8),
    N=st.integers(1, 6),
    seed=st.integers(0, 10**6),
    beta=st.floats(3.05, 80),
)
@settings(deadline=None, derandomize=True, max_examples=50)
def test_water_filling_satisfies_the_optimality_conditions(M, N, seed, beta):
    v = np.random.default_rng(seed).uniform(0.1, 3, M)
    C = cap.water_filling(v, beta, N)
    assert C.sum() == pytest.approx(min(N, M), abs=1e-9)
    if M <= N:
        return
    benefit = cap.marginal_benefit(C, v, beta)
    inside = (C > 1e-9) & (C < 1 - 1e-9)
    ignored, full = benefit[C <= 1e-9], benefit[C >= 1 - 1e-9]
    price = benefit[inside].mean() if inside.any() else full.min()
    assert benefit[inside] == pytest.approx(price, rel=1e-7)
    assert np.all(ignored <= price * (1 + 1e-7))
    assert np.all(full >= price * (1 - 1e-7))


@given(M=st.integers(2, 8), N=st.integers(1, 6), seed=st.integers(0, 10**6), beta=st.floats(1.1, 3))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_dense_features_go_to_the_largest(M, N, seed, beta):
    rng = np.random.default_rng(seed)
    v = rng.uniform(0.1, 3, M)
    best = cap.optimal_loss(v, beta, N)
    assert sorted(cap.water_filling(v, beta, N)) == [0.0] * max(M - N, 0) + [1.0] * min(N, M)
    for _ in range(20):
        C = rng.dirichlet(np.ones(M)) * min(N, M)
        if C.max() <= 1:
            assert np.sum(cap.feature_loss(C, v, beta)) >= best - 1e-12


def test_water_filling_against_a_general_optimiser():
    v, beta, N = np.array([2.0, 1.3, 1.0, 0.7, 0.1]), 9.0, 3
    result = minimize(
        lambda C: np.sum(cap.feature_loss(C, v, beta)),
        np.full(5, N / 5),
        bounds=[(0, 1)] * 5,
        constraints={"type": "eq", "fun": lambda C: C.sum() - N},
        method="SLSQP",
        options={"ftol": 1e-14, "maxiter": 500},
    )
    assert cap.water_filling(v, beta, N) == pytest.approx(result.x, abs=1e-5)
    assert cap.optimal_loss(v, beta, N) == pytest.approx(result.fun, rel=1e-10)


@given(
    M=st.integers(1, 8), N=st.integers(1, 5), seed=st.integers(0, 10**6), beta=st.floats(3.2, 40)
)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_optimal_embedding_attains_the_water_filling(M, N, seed, beta):
    v = np.random.default_rng(seed).uniform(0.1, 3, M)
    W = cap.optimal_embedding(v, beta, N)
    assert cap.capacities(W) == pytest.approx(cap.water_filling(v, beta, N), abs=1e-8)
    assert cap.loss(W, v, beta) == pytest.approx(cap.optimal_loss(v, beta, N), abs=1e-8)
    assert np.abs(cap.loss_gradient(W, v, beta)).max() < 1e-6
    assert cap.eigenvector_defect(W).max() < 1e-7


@pytest.mark.parametrize(
    ("v", "beta", "N"),
    [
        ([1.0, 0.9, 0.7, 0.5, 0.3], 12.0, 2),
        ([2.0, 1.0, 1.0, 1.0, 0.1], 6.0, 2),
        ([1.0, 0.8, 0.6, 0.4], 2.0, 2),
        ([1.0, 0.6], 20.0, 3),
    ],
)
def test_descent_finds_the_water_filling(v, beta, N):
    v = np.array(v)
    W = cap.descend(v, beta, N, np.random.default_rng(4), starts=10)
    assert cap.loss(W, v, beta) == pytest.approx(cap.optimal_loss(v, beta, N), rel=1e-8, abs=1e-10)
    assert cap.capacities(W) == pytest.approx(cap.water_filling(v, beta, N), abs=2e-4)
    assert cap.eigenvector_defect(W).max() < 1e-4


def test_eigenvector_defect_sees_a_generic_matrix():
    W = np.random.default_rng(1).normal(size=(3, 5))
    assert cap.eigenvector_defect(W).min() > 0.1
    assert cap.eigenvector_defect(np.diag([1.0, 2.0])) == pytest.approx(0, abs=1e-14)
