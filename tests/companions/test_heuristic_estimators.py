import math
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from companions import heuristic_estimators as he

SEEDS = st.integers(0, 10_000)
CUBE = ([-1.0, 1.0], [0.5, 0.5])
SKEWED = ([0.0, 1.0, 3.0], [0.5, 0.3, 0.2])


def moments(values, weights):
    m = np.dot(weights, values)
    return m, np.dot(weights, (np.array(values) - m) ** 2)


# Circuits


@settings(deadline=None, derandomize=True, max_examples=30)
@given(SEEDS, st.sampled_from([CUBE, SKEWED]))
def test_exact_moments_by_plain_enumeration(seed, support):
    circuit = he.random_circuit(3, 6, np.random.default_rng(seed))
    values, weights = support
    outcomes = []
    for draw in product(range(len(values)), repeat=3):
        nodes = [values[k] for k in draw]
        for op, i, j in circuit.gates:
            nodes.append(nodes[i] * nodes[j] if op == "*" else nodes[i] + nodes[j])
        outcomes.append((math.prod(weights[k] for k in draw), nodes))
    mean = [sum(p * x[i] for p, x in outcomes) for i in range(9)]
    second = np.array(
        [[sum(p * x[i] * x[j] for p, x in outcomes) for j in range(9)] for i in range(9)]
    )
    exact_mean, exact_covariance = he.exact_moments(circuit, values, weights)
    np.testing.assert_allclose(exact_mean, mean, rtol=1e-12, atol=1e-12)
    scale = abs(second).max() + 1
    np.testing.assert_allclose(exact_covariance, second - np.outer(mean, mean), atol=1e-12 * scale)


def test_exact_moments_against_monte_carlo():
    rng = np.random.default_rng(9)
    circuit = he.Circuit(3, (("+", 0, 1), ("*", 3, 2), ("*", 3, 4), ("+", 4, 5)))
    x = rng.choice(SKEWED[0], p=SKEWED[1], size=(100_000, 3))
    nodes = he.evaluate(circuit, x)
    mean, covariance = he.exact_moments(circuit, *SKEWED)
    error = nodes.std(axis=0) / math.sqrt(len(x))
    assert (abs(nodes.mean(axis=0) - mean) < 4 * error).all()
    deviation = ((nodes - mean) ** 2).std(axis=0) / math.sqrt(len(x))
    assert (abs(((nodes - mean) ** 2).mean(axis=0) - np.diag(covariance)) < 4 * deviation).all()


@pytest.mark.parametrize("points", [2, 4, 7])
def test_gaussian_support_has_gaussian_moments(points):
    x, w = he.gaussian_support(points)
    for k in range(2 * points):
        moment = 0 if k % 2 else math.prod(range(1, k, 2))
        assert w @ x**k == pytest.approx(moment, rel=1e-10, abs=1e-9 * (1 + math.factorial(k)))


@settings(deadline=None, derandomize=True, max_examples=30)
@given(SEEDS, st.sampled_from([CUBE, SKEWED]))
def test_mean_propagation_is_exact_on_formulas_that_read_each_input_once(seed, support):
    rng = np.random.default_rng(seed)
    unused, gates = list(range(5)), []
    while len(unused) > 1:
        i, j = (unused.pop(rng.integers(len(unused))) for _ in range(2))
        unused.append(5 + len(gates))
        gates.append((rng.choice(["+", "*"]), i, j))
    circuit = he.Circuit(5, tuple(gates))
    m, _ = moments(*support)
    exact, _ = he.exact_moments(circuit, *support)
    np.testing.assert_allclose(he.mean_propagation(circuit, [m] * 5), exact, atol=1e-9)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(SEEDS)
def test_covariance_propagation_without_covariance_is_mean_propagation(seed):
    rng = np.random.default_rng(seed)
    circuit = he.random_circuit(4, 8, rng)
    mean = rng.normal(size=4)
    mu, K = he.covariance_propagation(circuit, mean, np.zeros((4, 4)))
    np.testing.assert_allclose(mu, he.mean_propagation(circuit, mean), rtol=1e-12)
    assert not K.any()


def affine_then_product(rng):
    sums = he.random_circuit(4, 5, rng, products=0.0)
    i, j = (int(k) for k in rng.integers(0, 9, 2))
    return he.Circuit(4, (*sums.gates, ("*", i, j)))


@settings(deadline=None, derandomize=True, max_examples=25)
@given(SEEDS)
def test_covariance_propagation_is_exact_on_one_product(seed):
    """The mean for any inputs; variance, and covariance with the factors, for Gaussian inputs."""
    circuit = affine_then_product(np.random.default_rng(seed))
    m, v = moments(*SKEWED)
    mu, _ = he.covariance_propagation(circuit, np.full(4, m), v * np.eye(4))
    np.testing.assert_allclose(mu, he.exact_moments(circuit, *SKEWED)[0], rtol=1e-10)
    x, w = he.gaussian_support(5)
    mu, K = he.covariance_propagation(circuit, np.full(4, 0.7), 4 * np.eye(4))
    mean, covariance = he.exact_moments(circuit, 0.7 + 2 * x, w)
    np.testing.assert_allclose(mu, mean, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(K, covariance, rtol=1e-8, atol=1e-8)


@settings(deadline=None, derandomize=True, max_examples=25)
@given(SEEDS)
def test_means_of_cubics_of_gaussians_are_exact(seed):
    """Third cumulants of affine forms vanish, so the mean of (affine·affine)·affine is exact."""
    rng = np.random.default_rng(seed)
    circuit = affine_then_product(rng)
    circuit = he.Circuit(4, (*circuit.gates, ("*", 9, int(rng.integers(0, 9)))))
    x, w = he.gaussian_support(4)
    mu, _ = he.covariance_propagation(circuit, np.full(4, -0.5), np.eye(4))
    assert mu[-1] == pytest.approx(he.exact_moments(circuit, x - 0.5, w)[0][-1], rel=1e-9, abs=1e-8)


def test_correlated_inputs_are_the_same_as_gates_that_make_them():
    """Cutting a circuit after its sums and feeding in their covariance changes nothing."""
    mixed = he.Circuit(2, (("+", 0, 1), ("+", 1, 2), ("*", 2, 3), ("*", 4, 2), ("+", 4, 5)))
    mu, K = he.covariance_propagation(mixed, [0.3, -1.2], np.diag([0.5, 2.0]))
    rest = he.Circuit(2, (("*", 0, 1), ("*", 2, 0), ("+", 2, 3)))
    mu2, K2 = he.covariance_propagation(rest, mu[2:4], K[2:4, 2:4])
    np.testing.assert_allclose(mu2, mu[2:], rtol=1e-13)
    np.testing.assert_allclose(K2, K[2:, 2:], rtol=1e-13)


@settings(deadline=None, derandomize=True, max_examples=30)
@given(SEEDS)
def test_propagated_covariances_are_positive_semidefinite(seed):
    """Each product's row is that of a Gaussian product, so no negative variance can arise."""
    rng = np.random.default_rng(seed)
    circuit = he.random_circuit(4, 8, rng, recent=6)
    _, K = he.covariance_propagation(circuit, rng.normal(size=4), np.eye(4))
    scale = np.sqrt(np.maximum(np.diag(K), 1e-30))
    assert (K == K.T).all()
    assert np.linalg.eigvalsh(K / np.outer(scale, scale)).min() > -1e-9


def test_a_square_shows_what_each_estimator_misses():
    """X² and X⁴ of a sign: E = 1. Means give 0, covariances give 1 and then 1 + 2 = 3."""
    circuit = he.Circuit(1, (("*", 0, 0), ("*", 1, 1)))
    comparison = he.compare_estimators([he.Circuit(1, circuit.gates[:1]), circuit], *CUBE)
    np.testing.assert_array_equal(comparison.exact_mean, [1, 1])
    np.testing.assert_array_equal(comparison.mean_by_means, [0, 0])
    np.testing.assert_array_equal(comparison.mean_by_covariances, [1, 3])
    np.testing.assert_array_equal(comparison.exact_variance, [0, 0])
    np.testing.assert_array_equal(comparison.variance_by_covariances, [2, 16])


@pytest.mark.parametrize("support", [CUBE, ([0.0, 1.0], [0.5, 0.5])])
def test_covariances_help_on_random_circuits(support):
    rng = np.random.default_rng(2022)
    circuits = [he.random_circuit(6, 8, rng) for _ in range(150)]
    c = he.compare_estimators(circuits, *support)
    naive, better = abs(c.mean_by_means - c.exact_mean), abs(c.mean_by_covariances - c.exact_mean)
    assert np.sum(better < naive - 1e-9) > 4 * np.sum(better > naive + 1e-9)
    assert np.mean(better < 1e-9) > np.mean(naive < 1e-9)
    for circuit in circuits:
        size = circuit.n
        for op, i, j in circuit.gates:
            assert op in "+*"
            assert max(i, j) < size
            size += 1


# Twin primes


def is_prime(n):
    return n > 1 and all(n % k for k in range(2, math.isqrt(n) + 1))


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4, 5, 13, 31, 1000])
def test_sieves_against_trial_division(n):
    assert he.primes_up_to(n).tolist() == [p for p in range(n + 1) if is_prime(p)]
    twins = [p for p in range(n - 1) if is_prime(p) and is_prime(p + 2)]
    assert he.twin_primes_up_to(n).tolist() == twins
    assert he.twin_prime_count(n) == len(twins)


def test_classical_counts():
    """OEIS A007508: pairs of twin primes below 10^n."""
    assert [he.twin_prime_count(10**n) for n in range(1, 7)] == [2, 8, 35, 205, 1224, 8169]


def test_twin_prime_constant():
    """OEIS A005597, and the product itself: the primes left out change the logarithm by < 1/z."""
    assert he.twin_prime_constant() == pytest.approx(0.66016181584686957392, abs=1e-15)
    for z in (10**3, 10**5):
        gap = math.log(he.local_factor(z) / (2 * he.twin_prime_constant()))
        assert 0 < gap < 1 / z


@pytest.mark.parametrize("z", [2, 3, 5, 7, 11, 13])
def test_local_factor_counts_residues(z):
    """The share of residues n with n and n + 2 prime to Π p, over the squared share for n alone."""
    modulus = math.prod(p for p in range(2, z + 1) if is_prime(p))
    n = np.arange(modulus)
    alone, both = np.gcd(n, modulus) == 1, np.gcd(n * (n + 2), modulus) == 1
    assert he.local_factor(z) == pytest.approx(both.mean() / alone.mean() ** 2, rel=1e-12)


@pytest.mark.parametrize("x", [2.0, 10.0, 1e3, 1e6])
def test_estimates_against_quadrature(x):
    """∫ dt/log²t with t = e^u."""
    integral = quad(lambda u: math.exp(u) / u**2, math.log(2), math.log(x), epsabs=1e-10)[0]
    assert he.independent_estimate(x) == pytest.approx(integral, rel=1e-10, abs=1e-10)
    factor = 2 * 0.66016181584686957392
    assert he.hardy_littlewood_estimate(x) == pytest.approx(factor * integral, rel=1e-10, abs=1e-10)


def test_hardy_littlewood_is_right_where_independence_is_not():
    n = 10**6
    ratio = he.hardy_littlewood_estimate(n) / he.twin_prime_count(n)
    assert ratio == pytest.approx(1, abs=0.015)
    assert he.independent_estimate(n) / he.twin_prime_count(n) == pytest.approx(0.765, abs=0.015)
