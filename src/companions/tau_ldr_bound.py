"""The three terms of Theorem 1 of arXiv:2205.14987 (tauLDR), for chains small enough to enumerate.

With |R| a bound on the rates of one coordinate, t_mix its mixing time, M a bound on the error of
the learned rates, and C_1, C_2 bounds on q_t's ratios between neighbours and their change in time,

‖law − p_data‖_TV ≤ 3MT + {(|R|SDC_1)² + ½C_2(M + C_1SD|R|)}τT + 2exp{−T log²2/(t_mix log 4D)}.

C_1 and C_2 are computed here in our own reading, stated at `neighbour_constants`; the paper has the
precise assumptions. Rates are constant in time, β ≡ 1.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from companions.tau_ldr import leap, noised_law, reverse_rates, total_variation, transition

Array = NDArray[np.float64]


class Terms(NamedTuple):
    """The right-hand side of Theorem 1, term by term."""

    #: 3MT: learned rates that are wrong.
    rates: float
    #: {(|R|SDC_1)² + ½C_2(M + C_1SD|R|)}τT: leaps of length τ.
    leaps: float
    #: 2exp{−T log²2/(t_mix log 4D)}: starting from p_ref and not from q_T.
    start: float


def theorem_1_terms(
    *,
    M: float,
    T: float,
    tau: float,
    R: float,
    S: int,
    D: int,
    C_1: float,
    C_2: float,
    t_mix: float,
) -> Terms:
    """The three terms of Theorem 1; R stands for |R|."""
    return Terms(
        rates=3 * M * T,
        leaps=float(((R * S * D * C_1) ** 2 + C_2 * (M + C_1 * S * D * R) / 2) * tau * T),
        start=float(2 * np.exp(-T * np.log(2) ** 2 / (t_mix * np.log(4 * D)))),
    )


def theorem_1_bound(terms: Terms) -> float:
    """Their sum."""
    return sum(terms)


def mixing_time(R_b: Array, level: float = 0.25) -> float:
    """Least t with max_x ‖q_{t|0}(·|x) − π‖_TV ≤ level, one coordinate, to a relative 1e-12."""
    values, vectors = np.linalg.eig(R_b.T)
    pi = np.real(vectors[:, np.argmax(np.real(values))])
    pi = pi / pi.sum()

    def distance(t: float) -> float:
        return max(total_variation(row, pi) for row in transition(R_b, t))

    low, high = 0.0, 1.0
    if distance(0.0) <= level:
        return 0.0
    while distance(high) > level:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if distance(middle) > level else (low, middle)
    return high


def flip_rate(rate: float = 1.0) -> Array:
    """R_b for S = 2: either state flips at `rate`; the mixing time is log 2/(2 rate)."""
    return np.array([[-rate, rate], [rate, -rate]])


def ising_law(D: int, coupling: float, field: float) -> Array:
    """p ∝ exp(coupling Σ s_d s_{d+1} + field Σ s_d), s = ±1, shape (2,)*D: positive data."""
    s = 2.0 * np.indices((2,) * D) - 1
    energy = coupling * np.sum(s[:-1] * s[1:], axis=0) + field * np.sum(s, axis=0)
    p = np.exp(energy - energy.max())
    return np.asarray(p / p.sum())


def neighbour_constants(p_data: Array, R_b: Array, times: Sequence[float]) -> tuple[float, float]:
    """C_1 = max q_t(x̃)/q_t(x) and C_2 = max |∂_t log(q_t(x̃)/q_t(x))|.

    Over x, x̃ that differ in one coordinate and over the given times.
    """
    C_1 = C_2 = 0.0
    for t in times:
        q = noised_law(p_data, transition(R_b, t))
        # ∂_t q = Σ_d q R_b along coordinate d.
        slope = np.zeros_like(q)
        for d in range(q.ndim):
            slope += np.moveaxis(np.tensordot(q, R_b, axes=(d, 0)), -1, d)
        log_slope = slope / q
        for d in range(q.ndim):
            along, rate = np.moveaxis(q, d, -1), np.moveaxis(log_slope, d, -1)
            C_1 = max(C_1, float(np.max(along.max(-1) / along.min(-1))))
            C_2 = max(C_2, float(np.max(rate.max(-1) - rate.min(-1))))
    return C_1, C_2


def compare(
    p_data: Array, R_b: Array, p_ref: Array, T: float, steps: int
) -> tuple[Terms, float, float]:
    """Theorem 1's terms for exact rates (M = 0), the sampler's true TV error, and its start's.

    The last is ‖q_T − p_ref‖_TV; p_ref and p_data have shape (S,)*D. The constants come from a
    grid of 65 times, the sampler's law is exact.
    """
    tau, S, D = T / steps, len(R_b), p_data.ndim
    C_1, C_2 = neighbour_constants(p_data, R_b, [float(t) for t in np.linspace(0, T, 65)])
    law = p_ref
    for k in range(steps, 0, -1):
        q = noised_law(p_data, transition(R_b, k * tau))
        law = leap(law, reverse_rates(q, R_b), tau)
    terms = theorem_1_terms(
        M=0.0,
        T=T,
        tau=tau,
        R=float(np.max(np.abs(R_b))),
        S=S,
        D=D,
        C_1=C_1,
        C_2=C_2,
        t_mix=mixing_time(R_b),
    )
    start = total_variation(noised_law(p_data, transition(R_b, T)), p_ref)
    return terms, total_variation(law, p_data), start
