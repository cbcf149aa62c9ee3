"""A denoising Markov model on the simplex: the Wright–Fisher diffusion with two types.

One of the state spaces of arXiv:2211.03595. The generator on [0,1] is
Lf = ½x(1−x)f'' + ½(α_1(1−x) − α_2x)f', θ = α_1 + α_2, reversible for Beta(α_1,α_2), with
eigenvalues −k(k+θ−1)/2 and Jacobi polynomials as eigenfunctions. Its transition density is known
twice over: spectrally, and as a mixture of Beta laws over the number m of surviving ancestral
lineages (classical: Griffiths 1979, Tavaré 1984). Densities are with respect to dx; time is the
diffusion's own.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import eval_jacobi, gammaln, roots_jacobi  # type: ignore[import-untyped, unused-ignore]
from scipy.stats import beta as beta_law  # type: ignore[import-untyped, unused-ignore]
from scipy.stats import binom

Array = NDArray[np.float64]

#: (weight, a, b) for each Beta(a,b) of a mixture.
Mixture = Sequence[tuple[float, float, float]]

#: The data of the write-up: ½Beta(12,4) + ½Beta(5,15).
TWO_HUMPS: Mixture = ((0.5, 12.0, 4.0), (0.5, 5.0, 15.0))


def eigenvalue(k: ArrayLike, theta: float) -> Array:
    """−k(k+θ−1)/2."""
    k = np.asarray(k, dtype=float)
    return np.asarray(-k * (k + theta - 1) / 2)


def spectral_density(
    x_0: ArrayLike, x: ArrayLike, t: float, alpha: tuple[float, float] = (2.0, 2.0)
) -> Array:
    """Transition density from the Jacobi expansion, broadcast over x_0 and x; absolute error 1e-12.

    Terms are summed until exp(eigenvalue · t) is below rounding; t ≥ 0.01 keeps that short.
    """
    x_0, x = np.broadcast_arrays(np.asarray(x_0, dtype=float), np.asarray(x, dtype=float))
    k = np.arange(_terms(t, sum(alpha)))
    decay = np.exp(eigenvalue(k, sum(alpha)) * t) / _norms(k, alpha)
    ratio = np.zeros(x.shape)
    for j, factor in enumerate(decay):
        ratio += factor * _eigenfunction(j, x_0, alpha) * _eigenfunction(j, x, alpha)
    return np.asarray(beta_law.pdf(x, *alpha) * ratio)


def lineage_law(t: float, theta: float, m_max: int | None = None) -> Array:
    """q_m(t), m = 0…m_max: the law of the number of lineages left at time t of infinitely many.

    Pairs coalesce at rate 1, a lineage is lost to mutation at rate θ/2: death rate m(m+θ−1)/2.
    q_m = Σ_{k≥m} (−1)^{k−m} (2k+θ−1) (m+θ)_{k−1} exp(−k(k+θ−1)t/2) / (m!(k−m)!). The alternating
    sum loses digits as t falls: absolute error below 1e-9 for t ≥ 0.15.
    """
    terms = _terms(t, theta)
    m = np.arange(terms if m_max is None else m_max + 1)[:, None]
    k = np.arange(terms)[None, :]
    j = np.maximum(k - m, 0)
    # (m+θ)_{k−1} = Γ(m+θ+k−1)/Γ(m+θ); at k = 0 the factor 2k+θ−1 turns it into 1.
    top = np.maximum(m + theta + k - 1, 1e-300)
    log_size = gammaln(top) - gammaln(m + theta) - gammaln(m + 1) - gammaln(j + 1)
    size = (2 * k + theta - 1) * np.exp(log_size + eigenvalue(k, theta) * t)
    size = np.where(k == 0, 1.0, size)
    return np.asarray(np.sum(np.where(k >= m, (-1.0) ** j * size, 0.0), axis=1))


def ancestral_density(
    x_0: float, x: ArrayLike, t: float, alpha: tuple[float, float] = (2.0, 2.0)
) -> Array:
    """Transition density Σ_m q_m(t) Σ_l Bin(m,x_0)(l) Beta(α_1+l, α_2+m−l)(x), shape of x."""
    x = np.asarray(x, dtype=float)
    density = np.zeros_like(x)
    for m, q_m in enumerate(lineage_law(t, sum(alpha))):
        for ell, p in enumerate(binom.pmf(np.arange(m + 1), m, x_0)):
            density += q_m * p * beta_law.pdf(x, alpha[0] + ell, alpha[1] + m - ell)
    return density


def noised_score(
    x: ArrayLike, t: float, data: Mixture = TWO_HUMPS, alpha: tuple[float, float] = (2.0, 2.0)
) -> tuple[Array, Array, Array]:
    """q_t, ∂log q_t and ∂²log q_t at 0 < x < 1 for a mixture of Beta laws; each shaped as x."""
    x = np.asarray(x, dtype=float)
    a_1, a_2 = alpha
    k = np.arange(_terms(t, sum(alpha)))
    c = _data_coefficients(len(k), data, alpha) * np.exp(eigenvalue(k, sum(alpha)) * t)
    c /= _norms(k, alpha)
    h, dh, ddh = (sum(c[j] * _eigenfunction(int(j), x, alpha, n) for j in k) for n in range(3))
    score = dh / h + (a_1 - 1) / x - (a_2 - 1) / (1 - x)
    curvature = ddh / h - (dh / h) ** 2 - (a_1 - 1) / x**2 - (a_2 - 1) / (1 - x) ** 2
    return np.asarray(beta_law.pdf(x, *alpha) * h), np.asarray(score), np.asarray(curvature)


def objective(
    q: Array, score: Array, curvature: Array, x: Array, weights: Array, theta: float
) -> float:
    """J(β) = E_q[L*β/β + L log β] from ∂log β and ∂²log β at quadrature nodes x on [0,1].

    ½x(1−x)(2s' + s²) + (1−2x)s − 1 + θ/2 with s = ∂log β: the drift cancels.
    """
    value = x * (1 - x) * (curvature + score**2 / 2) + (1 - 2 * x) * score - 1 + theta / 2
    return float(np.sum(weights * q * value))


def objective_gap(
    d_log_ratio: Callable[[Array], Array],
    dd_log_ratio: Callable[[Array], Array],
    t: float,
    data: Mixture = TWO_HUMPS,
    alpha: tuple[float, float] = (2.0, 2.0),
    *,
    nodes: int = 200,
) -> tuple[float, float]:
    """(J(β) − J(q_t), ½E_q[x(1−x)(∂log(β/q_t))²]), equal, from two derivatives of log(β/q_t).

    Gauss–Legendre on [0,1]; the ratio β/q_t has to be smooth up to the ends, α_1, α_2 > 1 there.
    """
    z, w = np.polynomial.legendre.leggauss(nodes)
    x, w = (z + 1) / 2, w / 2
    q, score, curvature = noised_score(x, t, data, alpha)
    d, dd = d_log_ratio(x), dd_log_ratio(x)
    theta = sum(alpha)
    gap = objective(q, score + d, curvature + dd, x, w, theta)
    gap -= objective(q, score, curvature, x, w, theta)
    return gap, float(np.sum(w * q * x * (1 - x) * d**2) / 2)


def _terms(t: float, theta: float) -> int:
    """How many k have exp(−k(k+θ−1)t/2) above 1e-18, with room for the factors beside it."""
    if t <= 0:
        raise ValueError(f"expected a positive time, got {t}")
    return int(np.ceil(np.sqrt(2 * 42 / t + (theta - 1) ** 2 / 4) - (theta - 1) / 2)) + 12


def _eigenfunction(k: int, x: Array, alpha: tuple[float, float], derivative: int = 0) -> Array:
    """Derivative in x of P_k^{(α_2−1, α_1−1)}(2x−1)."""
    a, b, n = alpha[1] - 1, alpha[0] - 1, derivative
    if k < n:
        return np.zeros_like(x)
    # d/dz P_k^{(a,b)} = ½(k+a+b+1) P_{k−1}^{(a+1,b+1)}, and dz/dx = 2.
    factor = np.prod(k + a + b + 1 + np.arange(n))
    return np.asarray(factor * eval_jacobi(k - n, a + n, b + n, 2 * x - 1))


def _norms(k: NDArray[np.int64], alpha: tuple[float, float]) -> Array:
    """E[P_k²] under Beta(α_1,α_2)."""
    a, b = alpha[1] - 1, alpha[0] - 1
    # For k = 0, Γ(k+a+b+1)(2k+a+b+1) is Γ(a+b+2), which also covers a+b+1 = 0.
    log_h = gammaln(k + a + 1) + gammaln(k + b + 1) - gammaln(k + 1)
    log_h = log_h - gammaln(np.where(k == 0, a + b + 2, k + a + b + 1))
    log_h = log_h - np.log(np.where(k == 0, 1.0, 2 * k + a + b + 1))
    return np.asarray(np.exp(log_h + gammaln(sum(alpha)) - gammaln(a + 1) - gammaln(b + 1)))


def _data_coefficients(terms: int, data: Mixture, alpha: tuple[float, float]) -> Array:
    """E[P_k(X_0)] for k < terms, by Gauss–Jacobi quadrature in each component, exact."""
    coefficients = np.zeros(terms)
    for weight, a, b in data:
        x, w = _beta_nodes(a, b, terms // 2 + 1)
        for k in range(terms):
            coefficients[k] += weight * np.sum(w * _eigenfunction(k, x, alpha))
    return coefficients


def _beta_nodes(a: float, b: float, n: int) -> tuple[Array, Array]:
    z, w = roots_jacobi(n, b - 1, a - 1)
    return np.asarray((z + 1) / 2), np.asarray(w / np.sum(w))
