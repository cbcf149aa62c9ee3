import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companions import activated_random_walks as arw

lambdas = st.floats(0.05, 8.0)


def bernoulli(zeta):
    return np.array([1 - zeta, zeta])


def poisson(zeta, terms=60):
    return np.array([math.exp(-zeta) * zeta**k / math.factorial(k) for k in range(terms)])


def test_critical_density_is_one_where_particles_sleep_at_once():
    assert arw.critical_density(math.inf) == 1.0
    assert arw.critical_density(1e12) == pytest.approx(1 - 1e-12, abs=1e-15)
    # Each site keeps its last particle, so that only what is beyond one a site leaves.
    assert arw.asymptotic_flux(1.5, math.inf) == 0.5
    assert arw.serve([0.25, 0.25, 0.5], math.inf) == pytest.approx([0.5, 0.5, 0.0])


# The directed queue


@pytest.mark.parametrize("lam", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("eta", [(1, 1, 1), (2, 0, 1), (0, 3, 1), (1, 0, 0, 2)])
def test_the_queue_agrees_with_the_interval_of_all_states(eta, lam):
    """Two algorithms for the number that leave: the queue and the linear system."""
    law = arw.stabilised_laws([eta], lam, right=1.0)[0]
    left = np.array([1.0])
    for n in eta:
        left = arw.serve(np.convolve(left, np.eye(n + 1)[n]), lam)
    by_count = np.zeros(sum(eta) + 1)
    for occupation in np.ndindex(law.shape):
        by_count[sum(eta) - sum(occupation)] += law[occupation]
    np.testing.assert_allclose(np.pad(left, (0, by_count.size - left.size)), by_count, atol=1e-13)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(st.floats(0.05, 0.95), lambdas)
def test_visit_laws_conserve_mass_and_particles(zeta, lam):
    laws = arw.visit_laws(bernoulli(zeta), lam, 6)
    b = arw.critical_density(lam)
    means = [p @ np.arange(p.size) for p in laws]
    busy = [1 - p[0] for p in laws]
    assert sum(p.sum() for p in laws) == pytest.approx(6, abs=1e-12)
    for x in range(5):
        assert means[x + 1] == pytest.approx(zeta + means[x] - b * busy[x], abs=1e-12)
    leaving = arw.mean_flux(bernoulli(zeta), lam, 6) * np.arange(1, 7)
    np.testing.assert_allclose(leaving, zeta * np.arange(1, 7) - b * np.cumsum(busy), atol=1e-12)


@pytest.mark.parametrize(
    ("pmf", "variance"), [(bernoulli, lambda z: z * (1 - z)), (poisson, lambda z: z)]
)
@pytest.mark.parametrize(("zeta", "lam"), [(0.1, 1.0), (0.25, 1.0), (0.3, 2.0)])
def test_below_criticality_the_queue_reaches_the_stationary_formulas(pmf, variance, zeta, lam):
    law = pmf(zeta)
    for _ in range(400):
        law = np.convolve(pmf(zeta), arw.serve(law, lam))[:300]
    assert 1 - law[0] == pytest.approx(arw.stationary_busy_probability(zeta, lam), abs=1e-9)
    mean = arw.stationary_mean_visits(zeta, variance(zeta), lam)
    assert law @ np.arange(law.size) == pytest.approx(mean, abs=1e-8)


@pytest.mark.parametrize("lam", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("shift", [-0.2, 0.0, 0.2])
def test_the_flux_tends_to_its_limit_from_above(lam, shift):
    """Off criticality the excess is O(1/x); at criticality, a reflected walk, O(1/√x)."""
    zeta = arw.critical_density(lam) + shift
    excess = arw.mean_flux(bernoulli(zeta), lam, 300) - arw.asymptotic_flux(zeta, lam)
    assert (excess > 0).all()
    order = math.log2(excess[149] / excess[299])
    assert order == pytest.approx(0.5 if shift == 0 else 1.0, abs=0.04)


@settings(deadline=None, derandomize=True, max_examples=20)
@given(st.floats(0.1, 0.9), lambdas)
def test_exchanging_arrivals_and_services_exchanges_maximum_and_minimum(zeta, lam):
    """Those leaving are S_x − min S, as many in law as max S; the excess over S_x is −min S."""
    b = arw.critical_density(lam)
    excess = arw.mean_flux(bernoulli(zeta), lam, 40) - (zeta - b)
    np.testing.assert_allclose(
        excess, arw.mean_flux(bernoulli(b), zeta / (1 - zeta), 40), atol=1e-12
    )


def test_at_criticality_the_flux_is_a_reflected_walk():
    """Donsker: Bernoulli arrivals give steps of variance 2b(1−b), so E N_x ~ √(4b(1−b)x/π)."""
    b, x = arw.critical_density(1.0), 1000
    flux = arw.mean_flux(bernoulli(b), 1.0, x)
    assert flux[-1] * math.sqrt(x) == pytest.approx(math.sqrt(4 * b * (1 - b) / math.pi), rel=0.03)


def test_simulation_agrees_with_the_exact_laws():
    rng = np.random.default_rng(20240)
    zeta, lam, sites, runs = 0.6, 1.0, 12, 40_000
    eta = (rng.random((runs, sites)) < zeta).astype(np.int64)
    visits, asleep = arw.simulate_queue(eta, lam, rng)
    for x, law in enumerate(arw.visit_laws(bernoulli(zeta), lam, sites)):
        mean = law @ np.arange(law.size)
        error = math.sqrt((law @ np.arange(law.size) ** 2 - mean**2) / runs)
        assert abs(visits[:, x].mean() - mean) < 4 * error
    leaving = eta.sum(axis=1) - asleep.sum(axis=1)
    assert (leaving == visits[:, -1] - asleep[:, -1]).all()
    flux = arw.mean_flux(bernoulli(zeta), lam, sites)[-1]
    assert abs(leaving.mean() / sites - flux) < 4 * leaving.std() / sites / math.sqrt(runs)


@pytest.mark.parametrize("zeta", [0.2, 0.5, 0.8])
def test_particles_sleep_or_leave(zeta):
    total = arw.asymptotic_flux(zeta, 1.0) + arw.asymptotic_sleeping_density(zeta, 1.0)
    assert total == pytest.approx(zeta, abs=1e-15)
    rng = np.random.default_rng(7)
    eta = (rng.random((1, 100_000)) < zeta).astype(np.int64)
    asleep = arw.simulate_queue(eta, 1.0, rng)[1]
    assert asleep.mean() == pytest.approx(arw.asymptotic_sleeping_density(zeta, 1.0), abs=0.01)


# The symmetric interval


@pytest.mark.parametrize("lam", [0.2, 1.0, 5.0])
@pytest.mark.parametrize("right", [0.5, 0.8])
def test_abelian_property(lam, right):
    starts = [(1, 1, 1), (0, 3, arw.ASLEEP), (2, 0, 2)]
    for first, last in zip(
        arw.stabilised_laws(starts, lam, right, order=min),
        arw.stabilised_laws(starts, lam, right, order=max),
        strict=True,
    ):
        assert arw.total_variation(first, last) < 1e-13


@pytest.mark.parametrize("lam", [0.3, 1.0, 2.5])
def test_closed_forms_of_one_and_two_sites(lam):
    """L = 1: asleep with chance b. L = 2: solved by hand for the four unstable states.

    Write s for b, j = (1−b)/2. From one lone active particle beside an empty site, the chance u of
    ending asleep at home and v of ending asleep next door solve u = s + jv, v = ju. From (1, 1)
    topple site 1; (0, 2) has one particle return or leave; and so on.
    """
    s = arw.critical_density(lam)
    j = (1 - s) / 2
    assert arw.stabilised_all_ones(1, lam) == pytest.approx([1 - s, s])
    u = s / (1 - j * j)
    v = j * u
    # x: law from (1, 1); y: from (asleep, 1); z: from (0, 2), as (P[both], P[1 only], P[2 only]).
    # x = s·y + j·(leave: lone at 2) + j·z;  z = ½ x + ½ (leave: lone at 2);
    # y = s·both + j·(leave: asleep at 1) + j·mirror(z).
    lone2, first = np.array([0, v, u]), np.array([0, 1.0, 0])
    both, mirror = np.array([1.0, 0, 0]), np.eye(3)[[0, 2, 1]]
    identity = np.eye(3)
    system = np.block(
        [
            [identity, -s * identity, -j * identity],
            [0 * identity, identity, -j * mirror],
            [-0.5 * identity, 0 * identity, identity],
        ]
    )
    x = np.linalg.solve(system, np.concatenate([j * lone2, s * both + j * first, 0.5 * lone2]))[:3]
    law = arw.stabilised_all_ones(2, lam)
    np.testing.assert_allclose([law[1, 1], law[1, 0], law[0, 1]], x, atol=1e-14)


@pytest.mark.parametrize("lam", [0.1, 1.0, 6.0])
@pytest.mark.parametrize("L", [1, 2, 3, 4, 5])
def test_stationary_law_is_that_of_stabilised_all_ones(L, lam):
    stationary = arw.stationary_law(L, lam)
    assert stationary.sum() == pytest.approx(1, abs=1e-12)
    assert arw.total_variation(stationary, arw.stabilised_all_ones(L, lam)) < 1e-12


@settings(deadline=None, derandomize=True, max_examples=15)
@given(lambdas, st.lists(st.floats(0.01, 1), min_size=3, max_size=3), st.floats(0.1, 0.9))
def test_stationary_law_does_not_depend_on_the_driving(lam, weights, right):
    driving = np.array(weights) / sum(weights)
    stationary = arw.stationary_law(3, lam, driving, right)
    assert arw.total_variation(stationary, arw.stabilised_all_ones(3, lam, right)) < 1e-11


def test_driven_matrix_is_stochastic_and_reaches_equilibrium_in_one_step_for_one_site():
    np.testing.assert_allclose(arw.driven_matrix(4, 1.3).sum(axis=1), 1, atol=1e-13)
    b = arw.critical_density(1.3)
    np.testing.assert_allclose(arw.driven_matrix(1, 1.3), [[1 - b, b], [1 - b, b]], atol=1e-15)


@pytest.mark.parametrize("lam", [0.4, 2.0])
def test_driving_and_stabilising_in_turn_is_stabilising_at_the_end(lam):
    """The abelian property once more: all particles may be added before any is moved."""
    L, additions = 3, 3
    starts = []
    for places in np.ndindex((L,) * additions):
        state = [0] * L
        for x in places:
            state[x] += 1
        starts.append(tuple(state))
    at_the_end = np.mean(arw.stabilised_laws(starts, lam), axis=0)
    densities = arw.driven_densities(L, lam, 60)
    assert densities[additions] == pytest.approx(arw.density(at_the_end), abs=1e-13)
    assert densities[0] == 0
    assert densities[-1] == pytest.approx(arw.density(arw.stationary_law(L, lam)), abs=1e-12)


def test_the_law_is_symmetric_and_denser_for_sleepier_particles():
    law = arw.stabilised_all_ones(5, 1.0)
    np.testing.assert_allclose(law, law.transpose(), atol=1e-13)
    densities = [arw.density(arw.stabilised_all_ones(4, lam)) for lam in (0.1, 0.5, 1, 4, 50)]
    assert densities == sorted(densities)
    assert arw.density(arw.stabilised_all_ones(4, 1e9)) == pytest.approx(1, abs=1e-8)


def test_continuous_time_particles_give_the_same_law():
    """The definition itself: exponential clocks of rate 1 and λ, in whatever order they ring."""
    rng, lam, L, runs = np.random.default_rng(5), 0.8, 3, 4000
    counts = np.zeros((2,) * L)
    for _ in range(runs):
        number, awake = np.ones(L, dtype=int), np.ones(L, dtype=bool)
        while (active := awake & (number > 0)).any():
            rates = np.concatenate([number * active, lam * (active & (number == 1))])
            ring = rng.choice(2 * L, p=rates / rates.sum())
            if ring >= L:
                awake[ring - L] = False
                continue
            number[ring] -= 1
            y = ring + rng.choice([-1, 1])
            if 0 <= y < L:
                number[y] += 1
                awake[y] = True
        counts[tuple(number)] += 1
    p = arw.stabilised_all_ones(L, lam)
    assert (abs(counts / runs - p) < 4 * np.sqrt(p * (1 - p) / runs) + 1e-12).all()
