"""The VR-IWAE bound of a linear Gaussian model, and the signal-to-noise ratio of its gradients.

The example of arXiv:2210.06226 in d dimensions: z ~ N(θ,I), x|z ~ N(z,I), proposal q = N(m,sI) with
m = Ax + b and s = ⅔. The posterior is N(½(θ+x), vI) with v = ½, so everything depends on x through
δ² = |½(θ+x) − m|², zero at the optimum A = ½, b = ½θ. Weights are w = p(x,z)/q(z), w̄ = w/p(x).

The reparameterised (REP) and doubly reparameterised (DREP) gradients in the location m are taken
for d = 1, posterior mean 0 and m = ½. With ŵ_i = w_i^{1−α}/Σw_j^{1−α}, they are Σŵ_i ∂_z log p(z_i)
and Σ(αŵ_i + (1−α)ŵ_i²) ∂_z log w(z_i), averaged over M replicas of N draws.
"""

from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import gammaln, ive  # type: ignore[import-untyped, unused-ignore]

from companions.vr_iwae import gap

Array = NDArray[np.float64]
Estimator = Literal["rep", "drep"]

#: Variance of each coordinate under the posterior.
V = 1 / 2
#: Variance of each coordinate under the proposal.
S = 2 / 3
#: Step in log u of the trapezoid rule for the moments of gradients.
U_STEP = 0.1


def offset_squared(theta: Array, x: Array, A: float | Array, b: Array) -> float:
    """δ² = |½(θ+x) − (Ax+b)|², with θ, x, b of shape (d,) and A a number or of shape (d, d)."""
    m = np.dot(A, x) + b
    return float(np.sum(((theta + x) / 2 - m) ** 2))


def optimal_proposal(theta: Array) -> tuple[float, Array]:
    """A = ½ and b = ½θ, which put the proposal on the posterior mean."""
    return 0.5, np.asarray(theta / 2)


def log_evidence(theta: Array, x: Array) -> float:
    """log p(x) = log N(x; θ, 2I)."""
    return float(-np.sum((x - theta) ** 2) / 4 - x.size / 2 * np.log(4 * np.pi))


def log_weight(z: Array, theta: Array, x: Array, m: Array, s: float = S) -> Array:
    """log w = log p(x,z) − log q(z|x), for z of shape (…, d)."""
    quadratic = (z - theta) ** 2 + (x - z) ** 2 - (z - m) ** 2 / s
    constant = x.size / 2 * (np.log(2 * np.pi * s) - 2 * np.log(2 * np.pi))
    return np.asarray(-np.sum(quadratic, axis=-1) / 2 + constant)


def log_weight_variance(d: int, delta_squared: float, s: float = S) -> float:
    """Var log w = ½d(s/v−1)² + sδ²/v²; d/18 + (8/3)δ² at s = ⅔."""
    return d * (s / V - 1) ** 2 / 2 + s * delta_squared / V**2


def log_weight_moment(a: float, d: int, delta_squared: float, s: float = S) -> float:
    """log E_q w̄^a, from a product of Gaussian powers; needs P = a/v + (1−a)/s > 0."""
    k = s / V - 1  # sP = 1 + ak
    if 1 + a * k <= 0:
        raise ValueError(f"the weights have no moment of order {a} for s = {s}")
    scale = np.log1p(a * k) - a * np.log1p(k)
    return float(-d / 2 * scale - a * (1 - a) * delta_squared / (2 * V * (1 + a * k)))


def elbo_gap(d: int, delta_squared: float, s: float = S) -> float:
    """ELBO − log p(x) = −KL(q | posterior) = −½d(s/v − 1 − log(s/v)) − δ²/(2v)."""
    return float(-d / 2 * (s / V - 1 - np.log(s / V)) - delta_squared / (2 * V))


def vr_gap(alpha: float, d: int, delta_squared: float, s: float = S) -> float:
    """L^{(α)} − log p(x) = (1−α)⁻¹ log E w̄^{1−α}, the VR bound's gap; the ELBO's at α = 1."""
    if alpha == 1:
        return elbo_gap(d, delta_squared, s)
    return log_weight_moment(1 - alpha, d, delta_squared, s) / (1 - alpha)


def gamma_squared(alpha: float, d: int, delta_squared: float, s: float = S) -> float:
    """γ_α² = (1−α)⁻¹ Var(w^{1−α}/E w^{1−α}), Theorem 3's constant; 0 in the limit α → 1.

    With a = 1−α and k = s/v−1 the second moment of w^a/E w^a has, without cancellation, the
    logarithm ½d log(1 + a²k²/(1+2ak)) + a²δ²s/(v²(1+ak)(1+2ak)).
    """
    a, k = 1 - alpha, s / V - 1
    if 1 + 2 * a * k <= 0:
        raise ValueError(f"the weights have no moment of order {2 * a} for s = {s}")
    if a == 0:
        return 0.0
    log_ratio = d / 2 * np.log1p((a * k) ** 2 / (1 + 2 * a * k))
    log_ratio += a**2 * delta_squared * s / (V**2 * (1 + a * k) * (1 + 2 * a * k))
    return float(np.expm1(log_ratio) / a)


def vr_iwae_gap(
    log_N: ArrayLike, alpha: float, d: int, delta_squared: float, s: float = S
) -> Array:
    """Δ_N = ℓ_N^{(α)} − log p(x), shaped as log_N, by quadrature; s > v.

    log w̄ is a constant minus ½(s/v−1) times a noncentral χ²_d. Absolute error 1e-8 for d ≤ 200.
    """
    k = s / V - 1
    noncentrality = s * delta_squared / (V * k) ** 2
    top = s * delta_squared / (2 * V**2 * k) - delta_squared / (2 * V) + d / 2 * np.log(s / V)
    # The density of the root is analytic on [0, ∞), that of χ²_1 is not.
    centre = np.sqrt(d + noncentrality)
    z, w = np.polynomial.legendre.leggauss(600)
    r = (z + 1) / 2 * (centre + 12)
    log_mass = _log_noncentral_chi(r, d, noncentrality) + np.log(w / 2 * (centre + 12))
    return gap(top - k / 2 * r**2, log_mass, log_N, alpha)


def gradient_moments(
    N: int, alpha: float, estimator: Estimator, m: float = 0.5, s: float = S
) -> tuple[float, float]:
    """Mean and variance of the gradient estimator for one replica of N ≥ 3 draws, no sampling.

    1/S^k = ∫ u^{k−1} e^{−uS} du/(k−1)! turns moments of self-normalised sums into integrals of
    products of one-draw expectations (own observation). Relative error about 1e-9 for N ≤ 10⁵.
    """
    if N < 3:
        raise ValueError(f"expected at least three draws, got {N}")
    if estimator not in get_args(Estimator):
        raise ValueError(f"expected the estimator 'rep' or 'drep', got {estimator!r}")
    linear, quadratic = (1.0, 0.0) if estimator == "rep" else (alpha, 1 - alpha)
    u, phi, a, b, aa, ab, bb = _damped_moments(alpha, estimator, m, s)
    one, two = N * phi ** (N - 1), N * (N - 1) * phi ** (N - 2)

    def integral(k: int, values: Array) -> float:
        """∫ u^{k−1} values du/(k−1)!, the trapezoid rule in log u; k ≤ 4."""
        return float(U_STEP * np.sum(u**k * values) / (1.0, 1.0, 2.0, 6.0)[k - 1])

    mean = linear * integral(1, one * a) + quadratic * integral(2, one * b)
    square = (
        linear**2 * integral(2, one * aa + two * a * a)
        + 2 * linear * quadratic * integral(3, one * ab + two * a * b)
        + quadratic**2 * integral(4, one * bb + two * b * b)
    )
    return mean, square - mean**2


def gradient_snr(
    N: int, alpha: float, estimator: Estimator, M: int = 1, m: float = 0.5, s: float = S
) -> float:
    """|mean|/deviation of the estimator averaged over M replicas of N draws.

    As N grows, REP goes as √(M/N) for α = 0 and √(MN) for α ∈ (0,1); DREP as √(MN) for all α.
    """
    mean, variance = gradient_moments(N, alpha, estimator, m, s)
    return float(np.sqrt(M / variance) * abs(mean))


def snr_slope(
    N: ArrayLike, alpha: float, estimator: Estimator, m: float = 0.5, s: float = S
) -> float:
    """Least-squares slope of log SNR against log N over the values of N."""
    sizes = np.asarray(N, dtype=int)
    snr = [gradient_snr(int(n), alpha, estimator, 1, m, s) for n in sizes]
    return float(np.polyfit(np.log(sizes), np.log(snr), 1)[0])


@lru_cache(maxsize=32)
def _damped_moments(alpha: float, estimator: Estimator, m: float, s: float) -> tuple[Array, ...]:
    """u, φ(u) = E e^{−uY}, and E[Y^p g^j e^{−uY}] for (p,j) = (1,1), (2,1), (2,2), (3,2), (4,2).

    Y = w̄^{1−α}, and g is the derivative the estimator sums.
    """
    z_0 = np.linspace(-9, 9, 361)
    weight = np.exp(-(z_0**2) / 2)
    weight /= weight.sum()
    z = m + np.sqrt(s) * z_0
    Y = np.exp((1 - alpha) * (-(z**2) / (2 * V) + (z - m) ** 2 / (2 * s) + np.log(s / V) / 2))
    g = -z / V if estimator == "rep" else -z / V + (z - m) / s
    u = np.exp(np.arange(-48.0, 64.0, U_STEP))
    damped = np.exp(-u[:, None] * Y) * weight
    integrands = (Y * g, Y**2 * g, (Y * g) ** 2, Y**3 * g**2, (Y**2 * g) ** 2)
    return u, damped.sum(axis=1), *(damped @ f for f in integrands)


def _log_noncentral_chi(r: Array, d: int, noncentrality: float) -> Array:
    """log density at r > 0 of |N(μ,I)| in d dimensions, |μ|² = noncentrality."""
    nu = d / 2 - 1
    if noncentrality == 0:
        return np.asarray((d - 1) * np.log(r) - r**2 / 2 - nu * np.log(2) - gammaln(d / 2))
    mu = np.sqrt(noncentrality)
    # ive carries e^{−μr}; what underflows in it lies below e^{−690} and never matters.
    bessel = np.log(np.maximum(ive(nu, mu * r), 1e-300))
    return np.asarray(bessel - (r - mu) ** 2 / 2 + (nu + 1) * np.log(r) - nu * np.log(mu))
