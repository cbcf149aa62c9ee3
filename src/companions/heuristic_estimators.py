"""Two heuristic estimators at work: moments of arithmetic circuits, and twin primes.

P. Christiano, E. Neyman, M. Xu, "Formalizing the presumption of independence", arXiv:2211.06738,
ask for estimators that presume E[XY] = E[X]E[Y] until told why not. On an arithmetic circuit mean
propagation presumes it at every product; covariance propagation tracks all covariances as well and
presumes that the third and higher joint cumulants vanish. On twin primes the presumption that p and
p + 2 are prime independently is corrected, prime by prime, to the conjecture of Hardy and
Littlewood ("Some problems of 'Partitio numerorum' III", Acta Math. 44, 1923, conjecture B).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expi, zetac

Array: TypeAlias = NDArray[np.float64]
Gate: TypeAlias = tuple[Literal["+", "*"], int, int]


@dataclass(frozen=True)
class Circuit:
    """Nodes 0, …, n−1 are the inputs X_i; each gate adds a node from two earlier ones."""

    n: int
    gates: tuple[Gate, ...]


def random_circuit(
    n: int, gates: int, rng: np.random.Generator, products: float = 0.5, recent: int | None = None
) -> Circuit:
    """Each gate is a product with the given chance, of two nodes uniform among the last ``recent``.

    By default among all earlier nodes.
    """
    drawn: list[Gate] = []
    for size in range(n, n + gates):
        first = 0 if recent is None else max(size - recent, 0)
        i, j = rng.integers(first, size, 2)
        drawn.append(("*" if rng.random() < products else "+", int(i), int(j)))
    return Circuit(n, tuple(drawn))


def evaluate(circuit: Circuit, x: ArrayLike) -> Array:
    """Values of all nodes, shape (…, n + gates), on inputs of shape (…, n)."""
    nodes = list(np.moveaxis(np.asarray(x, dtype=float), -1, 0))
    for op, i, j in circuit.gates:
        nodes.append(nodes[i] * nodes[j] if op == "*" else nodes[i] + nodes[j])
    return np.stack(nodes, axis=-1)


def exact_moments(circuit: Circuit, values: ArrayLike, weights: ArrayLike) -> tuple[Array, Array]:
    """Mean and covariance of all nodes for iid inputs of finite support, by enumeration.

    ``values`` and ``weights`` have shape (s,); s^n inputs are tried. Means are exact to rounding,
    relative to the largest terms that are added.
    """
    support, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    index = np.indices((support.size,) * circuit.n).reshape(circuit.n, -1).T
    p = weights[index].prod(axis=1)
    nodes = evaluate(circuit, support[index])
    mean = p @ nodes
    centred = nodes - mean
    return mean, (centred * p[:, None]).T @ centred


def gaussian_support(points: int) -> tuple[Array, Array]:
    """Gauss–Hermite nodes and weights: N(0, 1) as far as polynomials of degree 2·points − 1."""
    x, w = np.polynomial.hermite_e.hermegauss(points)
    return np.asarray(x), np.asarray(w / w.sum())


def mean_propagation(circuit: Circuit, mean: ArrayLike) -> Array:
    """E[X+Y] = E X + E Y and E[XY] = E X·E Y at each gate, from input means of shape (n,).

    Exact if no product multiplies dependent nodes.
    """
    return evaluate(circuit, mean)


def covariance_propagation(
    circuit: Circuit, mean: ArrayLike, covariance: ArrayLike
) -> tuple[Array, Array]:
    """Means and covariances K of all nodes from those of the inputs, shapes (n,) and (n, n).

    At a product Z = XY, with all joint cumulants of order 3 and 4 presumed to vanish:
    E Z = μ_X μ_Y + K_XY, Cov(Z, W) = μ_X K_YW + μ_Y K_XW for an earlier node W, and
    Var Z = μ_X² K_YY + μ_Y² K_XX + 2μ_X μ_Y K_XY + K_XX K_YY + K_XY².
    So E of a product of two affine forms is exact, and Var too if the inputs are Gaussian.
    """
    n, size = circuit.n, circuit.n + len(circuit.gates)
    mu, K = np.zeros(size), np.zeros((size, size))
    mu[:n], K[:n, :n] = mean, covariance
    for z, (op, x, y) in enumerate(circuit.gates, start=n):
        if op == "+":
            mu[z] = mu[x] + mu[y]
            K[z, :z] = K[:z, z] = K[x, :z] + K[y, :z]
            K[z, z] = K[x, x] + 2 * K[x, y] + K[y, y]
        else:
            mu[z] = mu[x] * mu[y] + K[x, y]
            K[z, :z] = K[:z, z] = mu[x] * K[y, :z] + mu[y] * K[x, :z]
            K[z, z] = (
                mu[x] ** 2 * K[y, y]
                + mu[y] ** 2 * K[x, x]
                + 2 * mu[x] * mu[y] * K[x, y]
                + K[x, x] * K[y, y]
                + K[x, y] ** 2
            )
    return mu, K


@dataclass(frozen=True)
class Comparison:
    """Mean and variance of the last node of each circuit, exact and estimated: (circuits,) each."""

    exact_mean: Array
    mean_by_means: Array
    mean_by_covariances: Array
    exact_variance: Array
    variance_by_covariances: Array


def compare_estimators(
    circuits: list[Circuit], values: ArrayLike, weights: ArrayLike
) -> Comparison:
    """Both propagations against ``exact_moments`` for iid inputs with the given support."""
    support, weights = np.asarray(values, dtype=float), np.asarray(weights, dtype=float)
    m = float(weights @ support)
    v = float(weights @ (support - m) ** 2)
    rows = []
    for circuit in circuits:
        mean, covariance = exact_moments(circuit, support, weights)
        mu, K = covariance_propagation(circuit, np.full(circuit.n, m), v * np.eye(circuit.n))
        naive = mean_propagation(circuit, np.full(circuit.n, m))
        rows.append((mean[-1], naive[-1], mu[-1], covariance[-1, -1], K[-1, -1]))
    return Comparison(*np.array(rows).reshape(-1, 5).T)


# Twin primes.


def primes_up_to(n: int) -> NDArray[np.int64]:
    """The primes p ≤ n in order, by the sieve of Eratosthenes."""
    is_prime = np.ones(max(n + 1, 2), dtype=bool)
    is_prime[:2] = False
    for p in range(2, int(n**0.5) + 1):
        if is_prime[p]:
            is_prime[p * p :: p] = False
    return np.flatnonzero(is_prime).astype(np.int64)


def twin_primes_up_to(n: int) -> NDArray[np.int64]:
    """The primes p with p + 2 ≤ n also prime, in order."""
    p = primes_up_to(n)
    return np.asarray(p[:-1][np.diff(p) == 2])


def twin_prime_count(n: int) -> int:
    """π_2(n), the number of pairs of primes (p, p+2) with p + 2 ≤ n."""
    return int(twin_primes_up_to(n).size)


def local_factor(z: int) -> float:
    """Π_{p ≤ z} (1 − ω(p)/p)/(1 − 1/p)², with ω(2) = 1 and ω(p) = 2 residues of n killing n(n+2).

    What divisibility by the primes up to z does to the presumption of independence. Tends to 2C_2.
    """
    p = primes_up_to(z).astype(float)
    omega = np.where(p == 2, 1, 2)
    return float(np.prod((1 - omega / p) / (1 - 1 / p) ** 2))


def twin_prime_constant() -> float:
    """C_2 = Π_{p > 2} (1 − 1/(p−1)²) = 0.66016…, to 1e-15.

    Primes up to 97 directly; beyond, log = −Σ_{m ≥ 2} (2^m − 2)/m Σ_{p > 97} p^{−m}, with the sums
    Σ_p p^{−m} = Σ_k μ(k)/k log ζ(km) over all primes by Möbius inversion.
    """
    p = primes_up_to(97).astype(float)
    mobius = {1: 1}
    for k in range(2, 30):
        mobius[k] = -sum(s for j, s in mobius.items() if k % j == 0)
    tail = 0.0
    for m in range(2, 12):
        sum_over_primes = sum(s / k * float(np.log1p(zetac(k * m))) for k, s in mobius.items())
        tail -= (2**m - 2) / m * (sum_over_primes - float(np.sum(p**-m)))
    return local_factor(97) / 2 * float(np.exp(tail))


def independent_estimate(x: float) -> float:
    """∫_2^x dt/log² t: n and n + 2 prime independently, each with chance 1/log n; x ≥ 2.

    In closed form li(x) − x/log x, between the limits, with li(x) = Ei(log x).
    """

    def antiderivative(t: float) -> float:
        return float(expi(np.log(t)) - t / np.log(t))

    return antiderivative(x) - antiderivative(2.0)


def hardy_littlewood_estimate(x: float) -> float:
    """2C_2 ∫_2^x dt/log² t, the conjectured asymptotics of π_2(x)."""
    return 2 * twin_prime_constant() * independent_estimate(x)
