"""Which policy for unknown environments: minimax regret, domain randomisation or maximin.

M. Dennis et al., "Emergent complexity and zero-shot transfer via unsupervised environment design",
arXiv:2012.02096, train a policy on environments that maximise its regret. Here the game is small
enough to be solved: U[π, θ], of shape (n, m), is the return of policy π in environment θ, and a
mixed policy p is a law over the rows. Each criterion is solved by linear programming and, as
learners would, by multiplicative weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import linprog

Array: TypeAlias = NDArray[np.float64]

#: Policies stay, dash, search in environments open, open too, maze, walled in; moving costs.
#: Maximin stays, domain randomisation dashes, minimax regret mixes all three.
EXAMPLE = np.array([[0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 0.0, -0.3], [0.6, 0.6, 0.6, -0.3]])
EXAMPLE.setflags(write=False)


@dataclass(frozen=True)
class Solution:
    """A mixed policy, the environments that are worst for it, and what the criterion promises."""

    policy: Array  #: p, shape (n,)
    environments: Array  #: q, shape (m,)
    value: float


def regret(U: ArrayLike) -> Array:
    """R[π, θ] = max_π' U[π', θ] − U[π, θ], shape (n, m). A mixed best policy would gain no more."""
    U = np.asarray(U, dtype=float)
    return np.asarray(U.max(axis=0) - U)


def solve_zero_sum(A: ArrayLike) -> Solution:
    """min_p max_q pᵀAq over mixed strategies by linear programming, to 1e-9 of max |A|."""
    A = np.asarray(A, dtype=float)
    p, value = _least_worst(A)
    q, _ = _least_worst(-A.T)
    return Solution(p, q, value)


def _least_worst(A: Array) -> tuple[Array, float]:
    """The p with the least v such that pᵀA ≤ v, and that v."""
    n, m = A.shape
    result = linprog(
        c=np.append(np.zeros(n), 1.0),
        A_ub=np.hstack([A.T, -np.ones((m, 1))]),
        b_ub=np.zeros(m),
        A_eq=np.append(np.ones(n), 0.0)[None],
        b_eq=[1.0],
        bounds=[(0, None)] * n + [(None, None)],
    )
    p = np.maximum(np.asarray(result.x, dtype=float)[:n], 0)
    p /= p.sum()
    return p, float((p @ A).max())


def minimax_regret(U: ArrayLike) -> Solution:
    """min_p max_θ of the regret; the value is that regret."""
    return solve_zero_sum(regret(U))


def maximin(U: ArrayLike) -> Solution:
    """max_p min_θ of the return; the value is that return."""
    solution = solve_zero_sum(-np.asarray(U, dtype=float))
    return Solution(solution.policy, solution.environments, 0.0 - solution.value)


def domain_randomisation(U: ArrayLike, q: ArrayLike | None = None) -> Solution:
    """max_p of the mean return over θ ~ q, default uniform; ties are shared, the value is the mean.

    A linear programme over the simplex, so its solutions are the mixtures of the best rows.
    """
    U = np.asarray(U, dtype=float)
    q = np.full(U.shape[1], 1 / U.shape[1]) if q is None else np.asarray(q, dtype=float)
    means = U @ q
    best = np.isclose(means, means.max(), rtol=0, atol=1e-12 * (1 + np.abs(U).max()))
    return Solution(best / best.sum(), q, float(means.max()))


def multiplicative_weights(A: ArrayLike, rounds: int, q: ArrayLike | None = None) -> Solution:
    """min_p max_q pᵀAq by play: each side weights its choices by exp(−η·past losses), and averages.

    With a fixed law ``q`` of the columns only the rows learn. The rates √(8 log n/rounds)/range are
    those of Y. Freund and R. Schapire, "Adaptive game playing using multiplicative weights", Games
    and Economic Behavior 29, 1999, up to constants; the value is the worst case of the mean policy,
    within ``weights_bound`` of the least one.
    """
    A = np.asarray(A, dtype=float)
    n, m = A.shape
    scale = float(np.ptp(A)) or 1.0
    row_rate, column_rate = (np.sqrt(8 * np.log(k) / rounds) / scale for k in (n, m))
    row_loss, column_gain = np.zeros(n), np.zeros(m)
    mean_p, mean_q = np.zeros(n), np.zeros(m)
    fixed = None if q is None else np.asarray(q, dtype=float)
    for _ in range(rounds):
        p = _softmax(-row_rate * row_loss)
        now = _softmax(column_rate * column_gain) if fixed is None else fixed
        row_loss += A @ now
        column_gain += p @ A
        mean_p += p / rounds
        mean_q += now / rounds
    worst = (mean_p @ A).max() if fixed is None else mean_p @ A @ fixed
    return Solution(mean_p, mean_q, float(worst))


def _softmax(x: Array) -> Array:
    w = np.exp(x - x.max())
    return np.asarray(w / w.sum())


def weights_bound(A: ArrayLike, rounds: int, fixed: bool = False) -> float:
    """range·(√(log n/2T) + √(log m/2T)), the most by which the weights miss; T = rounds.

    Without the second term if the columns are fixed. It also bounds ``duality_gap``.
    """
    A = np.asarray(A, dtype=float)
    sides = A.shape[:1] if fixed else A.shape
    return float(np.ptp(A) * sum(np.sqrt(np.log(k) / (2 * rounds)) for k in sides))


def duality_gap(A: ArrayLike, p: ArrayLike, q: ArrayLike) -> float:
    """max_θ (pᵀA)_θ − min_π (Aq)_π ≥ 0, zero exactly at the solutions of min_p max_q pᵀAq."""
    A = np.asarray(A, dtype=float)
    return float((np.asarray(p) @ A).max() - (A @ np.asarray(q)).min())


# Pure policies, and the theorem about them.


def pure_minimax_regret(U: ArrayLike) -> list[int]:
    """The single policies of least worst regret, all of them in case of ties."""
    worst = regret(U).max(axis=1)
    return [int(k) for k in np.flatnonzero(worst == worst.min())]


def pure_maximin(U: ArrayLike) -> list[int]:
    """The single policies of greatest worst return."""
    worst = np.asarray(U, dtype=float).min(axis=1)
    return [int(k) for k in np.flatnonzero(worst == worst.max())]


def succeeds_where_possible(success: ArrayLike) -> NDArray[np.bool_]:
    """For each policy, shape (n,): whether it succeeds in each θ in which some policy does."""
    S = np.asarray(success, dtype=bool)
    return np.asarray((S | ~S.any(axis=0)).all(axis=1))


def theorem_1_applies(U: ArrayLike, success: ArrayLike) -> bool:
    """The hypotheses of Theorem 1 of Dennis et al., for the outcomes marked in ``success`` (n, m).

    Returns are in [S_min, S_max] on success and [F_min, F_max] on failure; both ranges are shorter
    than the gap S_min − F_max; some policy succeeds wherever success is possible. Then so does
    every minimax-regret policy among *pure* policies: failing where one can succeed costs at least
    the gap, while that policy's regret stays below it. A mixture can spread its failures thinly
    enough to beat it, so for mixed policies the conclusion is false.
    """
    U, S = np.asarray(U, dtype=float), np.asarray(success, dtype=bool)
    if not succeeds_where_possible(S).any():
        return False
    won, lost = U[S], U[~S]
    if won.size == 0 or lost.size == 0:
        return True
    gap = won.min() - lost.max()
    return bool(max(np.ptp(won), np.ptp(lost)) < gap)


def mixed_counterexample(n: int = 3, safe: float = 0.6) -> tuple[Array, NDArray[np.bool_]]:
    """U and successes, shapes (n+1, n), where the mixed optimum shuns the policy that never fails.

    Policy i returns 0 (failure) in environment i and 1 elsewhere, policy n returns ``safe``
    everywhere. The even mixture of the first n has regret 1/n everywhere, less than 1 − safe if
    safe < 1 − 1/n, while Theorem 1 applies for safe > ½ (own observation).
    """
    U = np.vstack([1 - np.eye(n), np.full((1, n), safe)])
    return U, U > 0
