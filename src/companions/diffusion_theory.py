"""Discretisation of a diffusion model with Gaussian data, in closed form: a 1/N and a 1/N² error.

Data N(0, σ²I_d) are noised by dX = −X dt + √2 dW over [0, T], so X_t ~ N(0, v_t I) with
v_t = 1 + (σ²−1)e^{−2t}, and the score is ∇log q_t(x) = −x/v_t. The reverse process
dY = (Y + 2∇log q_{T−t}(Y))dt + √2 dB is run in N steps of length h = T/N by the exponential
integrator: the score is frozen at the start of a step, the rest is solved exactly (as in S. Chen et
al., "Sampling is as easy as learning the score", arXiv:2209.11215). The score is exact, so all
error is due to the steps, and to starting from N(0, I) unless the start is q_T.

``start`` is the variance of each coordinate of the start; None means v_T, the right one. The KL of
path measures is what Girsanov's theorem bounds; that of the samples is what one would like to know.
The limits of both are own observations, derived here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from collections.abc import Callable

Array: TypeAlias = NDArray[np.float64]


def variance(t: ArrayLike, sigma2: float) -> Array:
    """v_t = 1 + (σ²−1)e^{−2t}, the variance of each coordinate at times t of any shape."""
    return np.asarray(1 + (sigma2 - 1) * np.exp(-2 * np.asarray(t, dtype=float)))


def gaussian_kl(p: float, q: float, d: int = 1) -> float:
    """KL(N(0, p·I_d) ‖ N(0, q·I_d)) = (d/2)(r − 1 − log r) with r = p/q, in nats."""
    excess = (p - q) / q
    return 0.5 * d * float(excess - np.log1p(excess))


def step_coefficients(sigma2: float, T: float, N: int) -> tuple[Array, float]:
    """Steps Y ← a_k Y + √b Z with Z ~ N(0, I): a_k = e^h − 2(e^h−1)/v_{T−kh}, b = e^{2h} − 1.

    Returns the a_k, shape (N,), and b.
    """
    h = T / N
    u = T - h * np.arange(N)
    return np.exp(h) - 2 * np.expm1(h) / variance(u, sigma2), float(np.expm1(2 * h))


def sampler_variances(sigma2: float, T: float, N: int, start: float | None = None) -> Array:
    """Variance w_k of a coordinate after k steps, shape (N+1,); the true one is v at T − kh."""
    a, b = step_coefficients(sigma2, T, N)
    w = [float(variance(T, sigma2)) if start is None else start]
    for a_k in a:
        w.append(a_k**2 * w[-1] + b)
    return np.array(w)


def sampler_variance(
    t: ArrayLike, sigma2: float, T: float, N: int, start: float | None = None
) -> Array:
    """Variance of a coordinate of the sampler at times t ∈ [0, T] of its own, within steps too.

    After a time g of a step it is (e^g − 2(e^g−1)/v_u)² w_k + e^{2g} − 1, u = T − kh.
    """
    t, h = np.asarray(t, dtype=float), T / N
    k = np.clip((t / h + 1e-9).astype(int), 0, N - 1)
    g = t - k * h
    a = np.exp(g) - 2 * np.expm1(g) / variance(T - k * h, sigma2)
    w = sampler_variances(sigma2, T, N, start)[k]
    return np.asarray(a**2 * w + np.expm1(2 * g))


def true_kl(sigma2: float, T: float, N: int, d: int = 1, start: float | None = None) -> float:
    """KL(data ‖ law of the samples), of order d/N² when started from q_T."""
    return gaussian_kl(sigma2, float(sampler_variances(sigma2, T, N, start)[-1]), d)


def initial_kl(sigma2: float, T: float, d: int = 1, start: float | None = None) -> float:
    """KL(q_T ‖ start), the cost of starting from the wrong law; of order e^{−4T} from N(0, I)."""
    v_T = float(variance(T, sigma2))
    return gaussian_kl(v_T, v_T if start is None else start, d)


def path_kl(sigma2: float, T: float, N: int, d: int = 1, start: float | None = None) -> float:
    """KL(path of the true reverse process ‖ path of the sampler), of order d/N.

    Girsanov: the initial KL plus Σ_k ∫ E‖∇log q_s(X_s) − ∇log q_u(X_u)‖² ds over s ∈ [u−h, u],
    u = T − kh. With Cov(X_s, X_u) = e^{s−u}v_s I the integrand is d(1/v_s + (1 − 2e^{s−u})/v_u),
    and ∫ ds/v_s = ½log(e^{2s} + σ² − 1).
    """
    h = T / N
    u = T - h * np.arange(N)
    # The logarithms telescope; log(e^{2s} + σ² − 1) = 2s + log v_s stays finite for large T.
    first = T + 0.5 * float(np.log(variance(T, sigma2) / sigma2))
    second = float((h + 2 * np.expm1(-h)) * np.sum(1 / variance(u, sigma2)))
    return initial_kl(sigma2, T, d, start) + d * (first + second)


def grid_path_kl(sigma2: float, T: float, N: int, d: int = 1, start: float | None = None) -> float:
    """KL of the two laws of (Y_0, Y_h, …, Y_T): between true_kl and path_kl (data processing).

    Chain rule over the steps. Given X_u, the true X_{u−h} is N(e^{−h}v_{u−h}/v_u X_u, c), with
    c = v_{u−h}(1 − e^{−2h})/v_u, as conditioning the forward pair shows.
    """
    h = T / N
    u = T - h * np.arange(N)
    v_u, v_s = variance(u, sigma2), variance(u - h, sigma2)
    a, b = step_coefficients(sigma2, T, N)
    mean = np.exp(-h) * v_s / v_u
    c = -np.expm1(-2 * h) * v_s / v_u
    bias = 0.5 * float(np.sum((a - mean) ** 2 * v_u)) / b
    return initial_kl(sigma2, T, d, start) + d * (bias + sum(gaussian_kl(float(x), b) for x in c))


def path_kl_limit(sigma2: float, T: float, d: int = 1) -> float:
    """lim N·path_kl = dT∫_0^T ds/v_s² when started from q_T (own observation).

    The integrand of ``path_kl`` is 2d(u−s)/v_u² + O(h²). Differentiating log v_s and 1/v_s
    gives ∫ ds/v_s² = T + ½log(v_T/σ²) + ½(1/σ² − 1/v_T).
    """
    v_T = float(variance(T, sigma2))
    return d * T * (T + 0.5 * float(np.log(v_T / sigma2)) + 0.5 * (1 / sigma2 - 1 / v_T))


def variance_bias_limit(sigma2: float, T: float) -> float:
    """lim N(w_N − σ²) = T(1 − e^{−2T}σ⁴/v_T²) when started from q_T (own observation).

    A step's own error is h²(4/v_u − 2); the later steps carry it to time 0 with the factor
    exp ∫_0^u 2(1 − 2/v_s)ds = e^{−2u}σ⁴/v_u². Sum, and substitute v for u.
    """
    v_T = float(variance(T, sigma2))
    return T * (1 - float(np.exp(-2 * T)) * sigma2**2 / v_T**2)


def true_kl_limit(sigma2: float, T: float, d: int = 1) -> float:
    """lim N²·true_kl = (d/4)(variance_bias_limit/σ²)² when started from q_T (own observation)."""
    return 0.25 * d * (variance_bias_limit(sigma2, T) / sigma2) ** 2


def steps_needed(kl: Callable[[int], float], tolerance: float) -> int:
    """The smallest N ≥ 1 with kl(N) ≤ tolerance, for a kl that decreases in N: by bisection."""
    few, many = 0, 1
    while kl(many) > tolerance:
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if kl(middle) <= tolerance else (middle, many)
    return many
