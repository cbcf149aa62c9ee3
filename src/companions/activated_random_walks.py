"""Activated random walks: the directed model as a queue, the symmetric one by linear algebra.

Active particles jump at rate 1 and, when alone on their site, fall asleep at rate λ; a sleeping
particle wakes when another joins it. By the abelian property (L. T. Rolla, "Activated random walks
on Z^d", Probability Surveys 17, 2020) what remains asleep, and how many particles leave, does not
depend on the order in which active sites are toppled. So only the discrete instructions matter: a
lone active particle sleeps with probability b = λ/(1+λ) and otherwise jumps.

A state of an interval is a tuple with one entry per site: 0 empty, k ≥ 1 for k active particles,
``ASLEEP`` for one sleeping particle. Laws of stable states are arrays of shape (2,)*L indexed by
the occupation (0 empty, 1 asleep) of each site, site 1 first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]
State: TypeAlias = tuple[int, ...]

ASLEEP = -1


def critical_density(lam: float) -> float:
    """ζ_c = λ/(1+λ) of totally directed walks on Z, for a sleep rate 0 ≤ λ ≤ ∞."""
    return 1.0 if lam == np.inf else lam / (1 + lam)


# The directed walk as a queue: site x is the time, the particles passing it the customers.


def asymptotic_flux(zeta: float, lam: float) -> float:
    """(ζ − ζ_c)_+, the limit of N_x/x: particles leaving [1, x] per site, from density ζ."""
    return max(zeta - critical_density(lam), 0.0)


def asymptotic_sleeping_density(zeta: float, lam: float) -> float:
    """min(ζ, ζ_c), the density left asleep behind the flux."""
    return min(zeta, critical_density(lam))


def serve(visits: ArrayLike, lam: float) -> Array:
    """Law of N − B·1{N ≥ 1}, the particles leaving a site visited by N (pmfs on 0, 1, …).

    The last particle to be toppled falls asleep with probability b: B ~ Ber(b), independent of N.
    """
    p, b = np.asarray(visits, dtype=float), critical_density(lam)
    left = (1 - b) * p
    left[0] = p[0]
    left[:-1] += b * p[1:]
    return left


def visit_laws(arrivals: ArrayLike, lam: float, sites: int) -> list[Array]:
    """Exact laws of N_1, …, N_sites for N_{x+1} = η_{x+1} + N_x − B_x 1{N_x ≥ 1}, N_0 = 0.

    ``arrivals`` is the pmf of the initial number η_x of active particles of a site (independent
    sites). Entry x − 1 is the pmf of N_x on 0, …, x·(len(arrivals) − 1).
    """
    eta = np.asarray(arrivals, dtype=float)
    laws = [eta]
    while len(laws) < sites:
        laws.append(np.convolve(eta, serve(laws[-1], lam)))
    return laws


def mean_flux(arrivals: ArrayLike, lam: float, sites: int) -> Array:
    """E[particles leaving [1, x]]/x for x = 1, …, sites; tends to ``asymptotic_flux``."""
    leaving = [serve(law, lam) for law in visit_laws(arrivals, lam, sites)]
    return np.array([p @ np.arange(p.size) / x for x, p in enumerate(leaving, start=1)])


def stationary_busy_probability(zeta: float, lam: float) -> float:
    """P(N ≥ 1) = min(ζ/ζ_c, 1) far to the right, by conservation of particles; λ > 0."""
    return min(zeta / critical_density(lam), 1.0)


def stationary_mean_visits(zeta: float, variance: float, lam: float) -> float:
    """E N = (Var η + ζ(1−ζ))/(2(ζ_c−ζ)) for ζ < ζ_c, infinite otherwise.

    Stationarity of E N² under the recursion (the queue's Pollaczek–Khinchine formula).
    """
    slack = critical_density(lam) - zeta
    return (variance + zeta * (1 - zeta)) / (2 * slack) if slack > 0 else float("inf")


def simulate_queue(
    eta: NDArray[np.integer], lam: float, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Visits N and sleepers B·1{N ≥ 1}, both of the shape (…, sites) of the initial state η."""
    coins = rng.random(eta.shape) < critical_density(lam)
    visits, asleep = np.empty(eta.shape, dtype=np.int64), np.empty(eta.shape, dtype=np.int64)
    leaving = np.zeros(eta.shape[:-1], dtype=np.int64)
    for x in range(eta.shape[-1]):
        visits[..., x] = eta[..., x] + leaving
        asleep[..., x] = coins[..., x] & (visits[..., x] >= 1)
        leaving = visits[..., x] - asleep[..., x]
    return visits, asleep


# An interval with sinks at both ends, by linear algebra on all its states.


def topple(state: State, x: int, lam: float, right: float = 0.5) -> list[tuple[State, float]]:
    """Outcomes (state, probability) of the next effective instruction at the active site x.

    With two or more particles a sleep instruction does nothing, so it is skipped. A jump goes right
    with probability ``right``; beyond the ends is the sink.
    """

    def jump(y: int) -> State:
        after = list(state)
        after[x] -= 1
        if 0 <= y < len(state):
            after[y] = 2 if state[y] == ASLEEP else state[y] + 1
        return tuple(after)

    sleep = critical_density(lam) if state[x] == 1 else 0.0
    moves = [(jump(x + 1), (1 - sleep) * right), (jump(x - 1), (1 - sleep) * (1 - right))]
    asleep = (*state[:x], ASLEEP, *state[x + 1 :])
    return [(s, p) for s, p in [*moves, (asleep, sleep)] if p > 0]


def stabilised_laws(
    starts: Sequence[State],
    lam: float,
    right: float = 0.5,
    order: Callable[[Iterable[int]], int] = min,
) -> list[Array]:
    """Law of the stable state reached from each start, by solving (I − Q)H = R over all states.

    Q holds the chances between unstable states, R those of becoming stable. ``order`` picks the
    site toppled among the active ones; the result does not depend on it. Error: some 1e-12.
    """
    L = len(starts[0])
    unstable: dict[State, int] = {}
    stack = [s for s in starts if max(s) > 0]
    outcomes: list[list[tuple[State, float]]] = []
    while stack:
        state = stack.pop()
        if state in unstable:
            continue
        unstable[state] = len(outcomes)
        outcomes.append(topple(state, order(x for x in range(L) if state[x] > 0), lam, right))
        stack += [s for s, _ in outcomes[-1] if max(s) > 0 and s not in unstable]

    A, R = np.eye(len(outcomes)), np.zeros((len(outcomes), 2**L))
    for i, moves in enumerate(outcomes):
        for s, p in moves:
            if max(s) > 0:
                A[i, unstable[s]] -= p
            else:
                R[i, _code(s)] += p
    H = np.linalg.solve(A, R)
    still = np.eye(2**L)
    rows = [H[unstable[s]] if max(s) > 0 else still[_code(s)] for s in starts]
    return [row.reshape((2,) * L) for row in rows]


def _code(stable: State) -> int:
    return sum(2**k for k, s in enumerate(reversed(stable)) if s == ASLEEP)


def stabilised_all_ones(L: int, lam: float, right: float = 0.5) -> Array:
    """Law of the stable state reached from one active particle on each of L sites."""
    return stabilised_laws([(1,) * L], lam, right)[0]


def driven_matrix(
    L: int, lam: float, driving: ArrayLike | None = None, right: float = 0.5
) -> Array:
    """Driven-dissipative chain, shape (2^L, 2^L): add a particle at a random site and stabilise.

    ``driving`` are the chances of the sites (default: uniform). Row and column k stand for the
    state whose occupations are the binary digits of k, site 1 the leading one.
    """
    u = np.full(L, 1 / L) if driving is None else np.asarray(driving, dtype=float)
    starts = []
    for occupation in np.ndindex((2,) * L):
        for x in range(L):
            state = [ASLEEP * n for n in occupation]
            state[x] = 2 if state[x] == ASLEEP else 1
            starts.append(tuple(state))
    laws = np.reshape(stabilised_laws(starts, lam, right), (2**L, L, 2**L))
    return np.asarray(np.einsum("x,axb->ab", u, laws))


def stationary_law(
    L: int, lam: float, driving: ArrayLike | None = None, right: float = 0.5
) -> Array:
    """The stationary law π = πP of the driven-dissipative chain, shape (2,)*L.

    It equals ``stabilised_all_ones`` whatever the driving (L. Levine and F. Liang, "Exact sampling
    and fast mixing of activated random walk", arXiv:2110.14008).
    """
    P = driven_matrix(L, lam, driving, right)
    system = np.vstack([P.T - np.eye(len(P)), np.ones(len(P))])
    target = np.append(np.zeros(len(P)), 1.0)
    return np.asarray(np.linalg.lstsq(system, target, rcond=None)[0]).reshape((2,) * L)


def driven_densities(L: int, lam: float, additions: int, right: float = 0.5) -> Array:
    """Mean sleepers per site after 0, …, ``additions`` particles, driven uniformly from empty."""
    P = driven_matrix(L, lam, right=right)
    law = np.eye(2**L)[0]
    densities = [0.0]
    for _ in range(additions):
        law = law @ P
        densities.append(density(law.reshape((2,) * L)))
    return np.array(densities)


def density(law: ArrayLike) -> float:
    """Mean number of sleeping particles per site of a law of shape (2,)*L."""
    p = np.asarray(law, dtype=float)
    return float(np.mean([p.take(1, axis=x).sum() for x in range(p.ndim)]))


def total_variation(p: ArrayLike, q: ArrayLike) -> float:
    """½ Σ |p − q| of two laws of the same shape."""
    return float(np.abs(np.asarray(p, dtype=float) - np.asarray(q, dtype=float)).sum() / 2)
