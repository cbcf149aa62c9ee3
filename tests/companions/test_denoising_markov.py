"""Denoising Markov models on finite chains: identities to rounding, the ELBO against the law."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companions import denoising_markov as dm

CHAINS = [
    pytest.param(dm.cycle_generator(8, 0.7, 0.7), id="reversible"),
    pytest.param(dm.cycle_generator(8, 1.1, 0.3), id="irreversible"),
    pytest.param(dm.cycle_generator(3, 0.2, 2.0), id="triangle"),
]


def random_law(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(n, 1.5)) * 0.98 + 0.02 / n


def random_generator(n: int, seed: int) -> np.ndarray:
    R = np.random.default_rng(seed).exponential(size=(n, n))
    return R - np.diag(R.sum(axis=1))


def test_cycle_walks_at_the_stated_rates():
    R = dm.cycle_generator(8, 1.1, 0.3)
    assert (R[2, 3], R[2, 1], R[7, 0], R[0, 7]) == (1.1, 0.3, 1.1, 0.3)
    assert np.count_nonzero(R) == 24
    assert R.sum(axis=1) == pytest.approx(0, abs=1e-15)


def test_noised_law_solves_the_forward_equation():
    R, q_0, h = random_generator(5, 3), random_law(5, 4), 1e-5
    slope = (dm.noised_law(R, q_0, 0.4 + h) - dm.noised_law(R, q_0, 0.4 - h)) / (2 * h)
    assert slope == pytest.approx(dm.noised_law(R, q_0, 0.4) @ R, abs=1e-9)


@given(
    n=st.integers(3, 9), seed=st.integers(0, 10**6), right=st.floats(0, 3), left=st.floats(0.1, 3)
)
@settings(deadline=None, derandomize=True, max_examples=40)
def test_objective_minus_minimum_is_the_explicit_sum(n, seed, right, left):
    q, beta = random_law(n, seed), random_law(n, seed + 1)
    for R in (dm.cycle_generator(n, right, left), random_generator(n, seed)):
        direct = sum(
            q[x] * R[x, y] * (r - 1 - np.log(r))
            for x in range(n)
            for y in range(n)
            if x != y
            for r in [q[y] * beta[x] / (q[x] * beta[y])]
        )
        gap = dm.implicit_objective(beta, q, R) - dm.implicit_objective(q, q, R)
        assert gap == pytest.approx(direct, rel=1e-12, abs=1e-12)
        assert dm.explicit_objective(beta, q, R) == pytest.approx(direct, rel=1e-12)


def test_objective_ignores_the_scale_of_beta():
    R, q, beta = random_generator(6, 1), random_law(6, 2), random_law(6, 3)
    assert dm.implicit_objective(7 * beta, q, R) == pytest.approx(
        dm.implicit_objective(beta, q, R), rel=1e-13
    )


@given(seed=st.integers(0, 10**6))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_phi_is_its_definition_and_vanishes_on_constants_only(seed):
    R, f = random_generator(6, seed), random_law(6, seed)
    assert dm.phi(f, R) == pytest.approx(R @ f / f - R @ np.log(f), rel=1e-11, abs=1e-12)
    assert np.all(dm.phi(f, R) > 0)
    assert np.all(dm.phi(np.full(6, 2.5), R) == 0)


@pytest.mark.parametrize("R", CHAINS)
def test_denoising_form_differs_from_the_implicit_one_by_a_constant(R):
    n, t = len(R), 0.3
    q_0, conditional = random_law(n, 5), dm.transition(R, t)
    q_t = dm.noised_law(R, q_0, t)
    offsets = [
        dm.denoising_objective(beta, q_0, conditional, R) - dm.implicit_objective(beta, q_t, R)
        for beta in (random_law(n, seed) for seed in range(6, 12))
    ]
    assert np.ptp(offsets) < 1e-12 * abs(offsets[0])


@pytest.mark.parametrize("R", CHAINS)
def test_minimiser_recovers_the_law(R):
    q = random_law(len(R), 8)
    assert dm.minimise_objective(q, R) == pytest.approx(q, rel=1e-7)


@pytest.mark.parametrize("R", CHAINS)
def test_reversal_is_the_operator_of_the_paper(R):
    n = len(R)
    beta, f = random_law(n, 2), random_law(n, 3)
    operator = (beta * f) @ R / beta - f * (beta @ R) / beta
    assert dm.reverse_generator(beta, R) @ f == pytest.approx(operator, rel=1e-11, abs=1e-12)


@pytest.mark.parametrize("R", CHAINS)
def test_exact_reversal_returns_the_data_and_makes_the_elbo_tight(R):
    q_0, T = random_law(len(R), 9), 1.2

    def exact(t):
        return dm.noised_law(R, q_0, t)

    assert dm.model_law(exact, R, exact(T), T) == pytest.approx(q_0, abs=1e-9)
    assert dm.elbo(exact, R, exact(T), T) == pytest.approx(np.log(q_0), abs=1e-9)


@pytest.mark.parametrize("R", CHAINS)
@pytest.mark.parametrize("size", [0.1, 0.8])
def test_elbo_chain_of_a_perturbed_beta(R, size):
    n, T = len(R), 1.2
    q_0, uniform = random_law(n, 10), np.full(n, 1 / n)
    bump = np.random.default_rng(11).normal(size=n)

    def perturbed(t):
        return dm.noised_law(R, q_0, t) * np.exp(size * np.cos(2 * t) * bump)

    log_p = np.log(dm.model_law(perturbed, R, uniform, T))
    assert np.all(dm.elbo(perturbed, R, uniform, T) < log_p)
    chain = dm.elbo_chain(perturbed, R, q_0, uniform, T)
    assert chain.data > chain.model > chain.bound
    assert chain.data - chain.bound == pytest.approx(chain.path_divergence, rel=1e-10)
    assert chain.model == pytest.approx(q_0 @ log_p, rel=1e-12)
    assert chain.data == pytest.approx(q_0 @ np.log(q_0), rel=1e-14)


def test_model_law_agrees_with_small_exact_steps():
    # Frozen rates over midpoints: a second-order scheme that shares nothing with the ODE solver.
    R, T = dm.cycle_generator(5, 1.1, 0.3), 0.8
    q_0, p_ref = random_law(5, 12), random_law(5, 13)

    def beta(t):
        return dm.noised_law(R, q_0, t) * np.exp(0.5 * np.sin(3 * t + np.arange(5)))

    exact = dm.model_law(beta, R, p_ref, T)
    errors = []
    for steps in (20, 40, 80):
        p, h = p_ref, T / steps
        for k in range(steps):
            p = p @ dm.transition(dm.reverse_generator(beta(T - (k + 0.5) * h), R), h)
        errors.append(np.abs(p - exact).max())
    orders = np.log2(np.array(errors[:-1]) / errors[1:])
    assert orders == pytest.approx(2, abs=0.05)
