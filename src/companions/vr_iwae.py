"""The VR-IWAE bound without Monte Carlo (Daudel, Benton, Shi, Doucet, arXiv:2210.06226).

With weights w = p(x,z)/q(z|x), z ~ q, the bound is ℓ_N^{(α)} = (1−α)⁻¹ E log(N⁻¹Σ w_i^{1−α}) for
α ∈ [0,1): IWAE at α = 0, the ELBO as α → 1 or at N = 1. The gap Δ_N = ℓ_N − log p(x) depends on
w̄ = w/p(x) alone, E w̄ = 1. As N → ∞ it tends to that of the VR bound L^{(α)}; when log w̄ has a
large variance B² it does so only for log N beyond (1−α)²B²/2. Logarithms are natural.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

#: Step of the trapezoid rules below. Their integrands are analytic and bounded in strips of
#: half-width π/2, which makes the error e^{−π²/0.2} ≈ 1e-21.
STEP = 0.2


def expected_log_sum(log_Y: Array, log_weight: Array, log_N: ArrayLike) -> Array:
    """E log(Y_1 + … + Y_N) for i.i.d. Y > 0, shaped as log_N, with no sampling.

    ∫ (e^{−e^v} − φ(v)^N) dv with φ(v) = E exp(−e^v Y); from log s = ∫_0^∞ (e^{−u} − e^{−us})/u du,
    u = e^v. The law of Y is a quadrature: nodes log Y and logarithms of weights, both (n,), summing
    to 1. Any log N ≥ 0 is fine as long as the nodes reach the largest of N samples.
    """
    log_N = np.asarray(log_N, dtype=float)
    largest = float(np.max(log_N))
    # Beyond, both terms are 0, or both are 1, to within 1e-16.
    significant = log_Y[log_weight > -largest - 45]
    v = np.arange(-significant.max() - largest - 45, max(4.0, 4.0 - significant.min()), STEP)
    # log(1 − φ) and log(−log φ) as logarithms throughout: no sample size is too large for them.
    log_tail = np.zeros_like(v)
    for start in range(0, v.size, 64):
        piece = slice(start, start + 64)
        terms = _log_one_minus_exp(v[piece, None] + log_Y) + log_weight
        top = terms.max(axis=1)
        log_tail[piece] = top + np.log(np.exp(terms - top[:, None]).sum(axis=1))
    tail = np.minimum(np.exp(log_tail), 1 - 1e-16)
    log_log = np.where(log_tail < -36, log_tail, np.log(-np.log1p(-np.maximum(tail, 1e-300))))
    one = np.exp(-np.exp(np.minimum(v, 700.0)))
    total = np.zeros(log_N.shape)
    for at in np.ndindex(log_N.shape):
        power = np.exp(-np.exp(np.minimum(log_N[at] + log_log, 700.0)))
        total[at] = STEP * np.sum(one - power)
    return total


def _log_one_minus_exp(log_x: Array) -> Array:
    """log(1 − e^{−x}) from log x; log x itself below rounding."""
    x = np.exp(np.clip(log_x, -37.0, 4.0))
    return np.where(log_x < -37, log_x, np.log(-np.expm1(-x)))


def gap(log_w: Array, log_weight: Array, log_N: ArrayLike, alpha: float) -> Array:
    """Δ_N = (1−α)⁻¹(E log Σ w̄_i^{1−α} − log N), shaped as log_N, from a quadrature of log w̄.

    At α = 1 it is the limit, the ELBO's gap E log w̄ for every N; nearby, rounding costs some
    1e-13/(1−α).
    """
    log_N = np.asarray(log_N, dtype=float)
    if alpha == 1:
        return np.full(log_N.shape, np.exp(log_weight) @ log_w)
    return np.asarray(
        (expected_log_sum((1 - alpha) * log_w, log_weight, log_N) - log_N) / (1 - alpha)
    )


def standard_normal_nodes(lowest: float, highest: float, step: float) -> tuple[Array, Array]:
    """Trapezoid nodes of N(0,1) on [lowest, highest], and logarithms of their weights."""
    z = np.arange(lowest, highest + step, step)
    return z, -(z**2) / 2 + np.log(step / np.sqrt(2 * np.pi))


def lognormal_gap(log_N: ArrayLike, alpha: float, B: float) -> Array:
    """Δ_N for log w̄ = −B²/2 − BS, S ~ N(0,1), the weights of Theorem 5; absolute error 1e-9 B².

    For B up to 25 or so and any log N ≥ 0; see `gap` for α near 1.
    """
    spread = (1 - alpha) * B
    reach = 9.0 + max(spread, float(np.sqrt(2 * np.max(log_N))))
    z, log_weight = standard_normal_nodes(-9.0, reach, min(STEP / max(spread, 1.0), 0.2))
    return gap(-(B**2) / 2 + B * z, log_weight, log_N, alpha)


def lognormal_limit(alpha: float, B: float) -> float:
    """L^{(α)} − log p(x) = −αB²/2, the gap as N → ∞."""
    return -alpha * B**2 / 2


def lognormal_gamma_squared(alpha: float, B: float) -> float:
    """γ_α² = (1−α)⁻¹ Var(w^{1−α}/E w^{1−α}) = (e^{(1−α)²B²} − 1)/(1−α); infinite past e⁷⁰⁹."""
    with np.errstate(over="ignore"):
        return float(np.expm1(((1 - alpha) * B) ** 2) / (1 - alpha))


def theorem_3(N: ArrayLike, limit: float, gamma_squared: float) -> Array:
    """Δ_N ≈ L^{(α)} − log p − γ_α²/(2N), with an error o(1/N): N → ∞ for fixed weights."""
    return np.asarray(limit - gamma_squared / (2 * np.asarray(N, dtype=float)))


def theorem_5(log_N: ArrayLike, alpha: float, B: float) -> Array:
    """−(B²/2)(1 − 2√(2 log N)/B + 2 log N/((1−α)B²)): log-normal weights, log N ≪ B² → ∞."""
    root = np.sqrt(2 * np.asarray(log_N, dtype=float)) / B
    return np.asarray(-(B**2) / 2 * (1 - 2 * root + root**2 / (1 - alpha)))


def limit_shape(c: ArrayLike, alpha: float) -> Array:
    """lim Δ_N/B² as B → ∞ with log N = cB², for log-normal weights (own observation).

    −½ + √(2c) − c/(1−α) for c < (1−α)²/2, the leading terms of Theorem 5; −α/2, the VR bound of
    Theorem 3, beyond. In between Σw^{1−α} passes from one dominant term to a law of large numbers,
    the freezing of the random energy model.
    """
    c = np.asarray(c, dtype=float)
    frozen = -0.5 + np.sqrt(2 * c) - c / (1 - alpha)
    return np.asarray(np.where(c < kink(alpha), frozen, -alpha / 2))


def kink(alpha: float) -> float:
    """c = log N/B² at which `limit_shape` changes branch: (1−α)²/2."""
    return (1 - alpha) ** 2 / 2


def scaled_gap_curve(c: ArrayLike, alpha: float, B: float) -> Array:
    """Δ_N/B² at log N = cB², to be compared with `limit_shape`."""
    return lognormal_gap(np.asarray(c, dtype=float) * B**2, alpha, B) / B**2
