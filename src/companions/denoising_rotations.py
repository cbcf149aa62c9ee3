"""A denoising Markov model on rotations: the heat kernel of SO(3).

One of the manifolds of arXiv:2211.03595; the kernel is classical. Brownian motion with generator
½Δ, Δ having eigenvalue −l(l+1) on the spin-l representation, noises a rotation by a random one
whose angle ω ∈ [0,π] has density f(ω,t)(1−cos ω)/π: f is that for Haar measure. Angles are in
radians; t is the variance of each infinitesimal rotation angle.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def haar_density(omega: ArrayLike) -> Array:
    """(1−cos ω)/π on [0,π], the law of the angle of a uniform rotation."""
    return np.asarray(2 * np.sin(np.asarray(omega, dtype=float) / 2) ** 2 / np.pi)


def character(ell: int, omega: ArrayLike) -> Array:
    """χ_l(ω) = sin((l+½)ω)/sin(ω/2) = 1 + 2Σ_{m≤l} cos mω; 2l+1 at ω = 0."""
    omega = np.asarray(omega, dtype=float)
    m = np.arange(1, ell + 1).reshape(-1, *(1,) * omega.ndim)
    return np.asarray(1 + 2 * np.sum(np.cos(m * omega), axis=0))


def heat_kernel(omega: ArrayLike, t: float, l_max: int | None = None) -> Array:
    """f(ω,t) = Σ_l (2l+1) exp(−l(l+1)t/2) χ_l(ω), shaped as ω.

    At t = 0 the limit: ∞ for ω = 0, else 0. The error is rounding of the largest term, some
    1e-15 t^{-3/2}; for small t and ω away from 0 use `heat_kernel_small_time`, whose relative
    error stays at rounding.
    """
    omega = np.asarray(omega, dtype=float)
    if l_max is None:
        if t == 0:
            return np.where(omega == 0, np.inf, 0.0)
        l_max = int(np.ceil(np.sqrt(90 / t))) + 2
    total, chi = np.zeros_like(omega), np.ones_like(omega)
    for ell in range(l_max + 1):
        if ell:
            chi = chi + 2 * np.cos(ell * omega)
        total = total + (2 * ell + 1) * np.exp(-ell * (ell + 1) * t / 2) * chi
    return np.asarray(total)


def heat_kernel_small_time(omega: ArrayLike, t: float, wraps: int = 6) -> Array:
    """The same f by Poisson summation, for 0 ≤ ω ≤ π: a Gaussian wrapped on the double cover.

    e^{t/8} √(2π/t) Σ_k (−1)^k (ω−2πk)/t exp(−(ω−2πk)²/(2t)) / sin(ω/2), with the limit at ω = 0.
    """
    omega = np.asarray(omega, dtype=float)
    if t == 0:
        return heat_kernel(omega, 0.0)
    g, slope = _wrapped(omega, t, wraps)
    half = np.sin(omega / 2)
    value = np.where(half == 0, 2 * slope, g / np.where(half == 0, 1.0, half))
    return np.asarray(np.exp(t / 8) * np.sqrt(2 * np.pi / t) * value)


def angle_density(omega: ArrayLike, t: float) -> Array:
    """f(ω,t)(1−cos ω)/π, the density of the angle at time t > 0 on [0,π]."""
    return heat_kernel(omega, t) * haar_density(omega)


def angle_score(omega: ArrayLike, t: float) -> Array:
    """∂_ω log f(ω,t) for 0 < ω ≤ π and t ≤ 10: the score is this times the geodesic's direction.

    From the wrapped sum, which keeps its relative accuracy where f itself is tiny.
    """
    omega = np.asarray(omega, dtype=float)
    g, slope = _wrapped(omega, t, 6)
    return np.asarray(slope / g - 1 / (2 * np.tan(omega / 2)))


def mean_trace(t: float) -> float:
    """E[1 + 2cos ω] = 3e^{−t}, the mean trace of the rotation after time t."""
    return float(3 * np.exp(-t))


def _wrapped(omega: Array, t: float, wraps: int) -> tuple[Array, Array]:
    """g = Σ_k (−1)^k (ω−2πk)/t exp(−(ω−2πk)²/(2t)) and dg/dω."""
    a = omega - 2 * np.pi * np.arange(-wraps, wraps + 1).reshape(-1, *(1,) * omega.ndim)
    sign = (-1.0) ** np.arange(-wraps, wraps + 1).reshape(-1, *(1,) * omega.ndim)
    term = sign * np.exp(-(a**2) / (2 * t)) / t
    return np.sum(term * a, axis=0), np.sum(term * (1 - a**2 / t), axis=0)
