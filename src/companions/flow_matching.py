"""Error bounds for flow matching (Benton, Deligiannidis, Doucet, arXiv:2305.16860).

X_t = α_t X_0 + β_t X_1 + γ_t Z moves π_0 at t = 0 to π_1 at t = 1 along v(x,t) = E[Ẋ_t | X_t = x].
A learned v_θ with ∫E|v_θ − v|² dt ≤ ε² ends in π̂_1, and the paper bounds W_2(π̂_1, π_1). Three cases
where every term is computable: the regularity constant λ of a two-point mixture, Gaussian endpoints
(where Theorem 1 turns out to be sharp), and a bimodal variance-exploding flow (where it is not).

Everything is one-dimensional and dimensionless; R, σ, τ, γ share the unit of x.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.integrate import quad, solve_ivp  # type: ignore[import-untyped, unused-ignore]
from scipy.interpolate import CubicSpline  # type: ignore[import-untyped, unused-ignore]

Array = NDArray[np.float64]


def theorem_1_bound(epsilon: float, L: float) -> float:
    """ε exp(∫L_t dt), Theorem 1, from L = ∫L_t dt where v_θ(·,t) is L_t-Lipschitz.

    Infinite if it is too large for a float, as are the bounds below.
    """
    with np.errstate(over="ignore"):
        return float(epsilon * np.exp(L))


def theorem_2_bound(lam: float, R: float, gamma: float, alpha: float, beta: float) -> float:
    """λ∫|γ̇|/γ + √λ R (∫|α̇|/γ + ∫|β̇|/γ) ≥ ∫L*_t dt, Theorem 2, from the three integrals in order.

    L*_t is the Lipschitz constant of the true v(·,t), λ that of assumption A4.
    """
    return float(lam * gamma + np.sqrt(lam) * R * (alpha + beta))


def theorem_3_bound(
    epsilon: float, lam: float, C: float, gamma_max: float, gamma_min: float
) -> float:
    """C^{√λ} ε (γ_max/γ_min)^{2λ}, Theorem 3 (γ concave); C depends on the schedule alone."""
    return theorem_1_bound(
        epsilon, np.sqrt(lam) * np.log(C) + 2 * lam * np.log(gamma_max / gamma_min)
    )


def theorem_5_bound(epsilon: float, lam: float, gamma_1: float) -> float:
    """(e/γ_1)^λ ε: the variance-preserving probability-flow ODE, Theorem 5."""
    return theorem_1_bound(epsilon, lam * (1 - np.log(gamma_1)))


def theorem_6_bound(epsilon: float, lam: float, gamma_1: float, gamma_0: float = 1.0) -> float:
    """(γ_0/γ_1)^λ ε: the variance-exploding probability-flow ODE, Theorem 6.

    γ_0 = 1 is the statement (1/γ_1)^λ ε. For another γ_0 this is Theorem 2 with β ≡ 1, α ≡ 0, put
    into Theorem 1; for γ_0 > 1 the power of 1/γ_1 alone does not follow from these two.
    """
    return theorem_1_bound(epsilon, lam * np.log(gamma_0 / gamma_1))


# --- The regularity constant of ½N(−R,σ²) + ½N(R,σ²) ---------------------------------------------


def covariance_ratio(x: ArrayLike, tau: ArrayLike, R: float, sigma: float) -> Array:
    """Var(ξ | W + ξ = x)/τ² for W ~ ½N(±R,σ²), ξ ~ N(0,τ²), broadcast over x and τ > 0.

    u + τ²R²/(σ²+τ²)² sech²(xR/(σ²+τ²)), u = σ²/(σ²+τ²). Own observation, by conditioning on the
    component; A4 of arXiv:2305.16860 asks for the supremum over x and τ.
    """
    x, tau = np.asarray(x, dtype=float), np.asarray(tau, dtype=float)
    S = sigma**2 + tau**2
    # sech² from exp(−2|z|): cosh overflows where the term has long vanished.
    e = np.exp(-2 * np.abs(x * R / S))
    return np.asarray(sigma**2 / S + (tau * R / S) ** 2 * 4 * e / (1 + e) ** 2)


def supremum_ratio(tau: ArrayLike, R: float, sigma: float) -> Array:
    """sup_x of `covariance_ratio`, attained at x = 0: u + r u(1−u) with r = R²/σ²."""
    return covariance_ratio(0.0, tau, R, sigma)


def exact_lambda(r: ArrayLike) -> Array:
    """Smallest λ for which ½N(±R,σ²) is λ-regular: 1 if r ≤ 1, else (1+r)²/(4r); r = R²/σ².

    Shaped as r. Own observation: maximise u + r u(1−u) over u ∈ (0,1); if r ≤ 1, the limit τ → 0.
    """
    above = np.maximum(np.asarray(r, dtype=float), 1.0)
    return np.asarray((above + 2 + 1 / above) / 4)


def worst_tau(R: float, sigma: float) -> float:
    """The τ at which the ratio reaches `exact_lambda`: σ√((r−1)/(r+1)), 0 (a limit) if r ≤ 1."""
    r = (R / sigma) ** 2
    return float(sigma * np.sqrt(max(r - 1, 0.0) / (r + 1)))


def lemma_6_lambda(r: float) -> float:
    """1 + R²/σ²: Lemma 6, for any W = U + η with |U| ≤ R and η ~ N(0,σ²I); r = R²/σ²."""
    return 1 + r


# --- Gaussian endpoints: π_0 = N(0,1), π_1 = N(0,σ²), γ ≡ 0 ---------------------------------------


def linear_schedule_std(t: ArrayLike, sigma: float) -> Array:
    """s_t = √((1−t)² + t²σ²), the standard deviation of X_t for α = 1−t, β = t; v = (ṡ/s)x."""
    t = np.asarray(t, dtype=float)
    return np.asarray(np.hypot(1 - t, t * sigma), dtype=float)


def linear_schedule_rate(t: ArrayLike, sigma: float) -> Array:
    """ṡ_t/s_t, the slope of v(·,t) for α = 1−t, β = t; |ṡ_t/s_t| = L*_t."""
    t = np.asarray(t, dtype=float)
    return np.asarray((t * sigma**2 - (1 - t)) / ((1 - t) ** 2 + (t * sigma) ** 2))


def linear_schedule_constant(sigma: float) -> float:
    """exp ∫|ṡ/s| dt = σ + 1/σ for α = 1−t, β = t: the constant of Theorem 1.

    Own observation. Gaussians are not boundedly supported; only A1–A3 are used.
    """
    return sigma + 1 / sigma


def linear_schedule_worst_error(sigma: float) -> float:
    """max W_2/ε = √(πσ/2) over v_θ = v + e(t), ∫e² dt = ε², for α = 1−t, β = t (own observation).

    A shift e(t) reaches t = 1 multiplied by s_1/s_t; Cauchy–Schwarz gives √∫(s_1/s_t)² dt.
    """
    return float(np.sqrt(np.pi * sigma / 2))


def linear_schedule_worst_perturbation(t: ArrayLike, sigma: float) -> Array:
    """The unit e(t) ∝ s_1/s_t that attains `linear_schedule_worst_error`."""
    return sigma / linear_schedule_std(t, sigma) / linear_schedule_worst_error(sigma)


def late_schedule_std(t: ArrayLike, sigma: float, delta: float) -> Array:
    """s ≡ 1 on [0,1−δ], then geometric to σ; e.g. α = s cos φ, β = (s/σ) sin φ, φ: 0 → π/2."""
    t = np.asarray(t, dtype=float)
    return np.asarray(sigma ** np.clip((t - 1 + delta) / delta, 0.0, None))


def late_schedule_ratio(sigma: float, delta: float) -> float:
    """√(1−δ + δ(1−σ^{−2})/(2 log σ)): worst constant shift over Theorem 1's σ, for σ ≥ 1.

    It tends to 1 as δ → 0, so that the constant in Theorem 1 cannot be improved (own observation).
    Raises ValueError for σ < 1, where a contracting flow forgets the shift, and δ outside (0,1].
    """
    if sigma < 1 or not 0 < delta <= 1:
        raise ValueError(f"expected sigma >= 1 and 0 < delta <= 1, got {sigma=}, {delta=}")
    two_log = 2 * np.log(sigma)
    mean = 1.0 if two_log == 0 else -np.expm1(-two_log) / two_log
    return float(np.sqrt(1 - delta + delta * mean))


# --- A bimodal variance-exploding flow: X_t = X_1 + γ_t Z, X_1 ~ ½N(±R,σ²) ------------------------


def geometric_gamma(t: ArrayLike, gamma_0: float, gamma_1: float) -> Array:
    """γ_t = γ_0 (γ_1/γ_0)^t, decreasing from γ_0 to γ_1 > 0."""
    return np.asarray(gamma_0 * (gamma_1 / gamma_0) ** np.asarray(t, dtype=float))


def ve_velocity(
    x: ArrayLike, t: ArrayLike, R: float, sigma: float, gamma_0: float, gamma_1: float
) -> Array:
    """v(x,t) = γγ̇ (x − R tanh(xR/S))/S, S = σ² + γ_t²: minus γγ̇ times the score of X_t."""
    gamma = geometric_gamma(t, gamma_0, gamma_1)
    S = sigma**2 + gamma**2
    x = np.asarray(x, dtype=float)
    return np.asarray(
        gamma**2 * np.log(gamma_1 / gamma_0) * (x - R * np.tanh(x * R / S)) / S, dtype=float
    )


def ve_lipschitz(t: ArrayLike, R: float, sigma: float, gamma_0: float, gamma_1: float) -> Array:
    """L*_t = |γγ̇|/S max(1, |R²/S − 1|), S = σ² + γ_t² (own observation)."""
    gamma = geometric_gamma(t, gamma_0, gamma_1)
    S = sigma**2 + gamma**2
    rate = gamma**2 * np.abs(np.log(gamma_1 / gamma_0)) / S
    return np.asarray(rate * np.maximum(1.0, np.abs(R**2 / S - 1)))


def ve_lipschitz_integral(R: float, sigma: float, gamma_0: float, gamma_1: float) -> float:
    """∫L*_t dt = ∫ max(1, |R²/S − 1|) dS/(2S) over S from σ²+γ_1² to σ²+γ_0², in closed form.

    The maximum is R²/S − 1 below S = R²/2 and 1 above; it does not depend on the schedule between.
    """
    lower, upper = sigma**2 + gamma_1**2, sigma**2 + gamma_0**2
    kink = float(np.clip(R**2 / 2, lower, upper))
    below = R**2 * (1 / lower - 1 / kink) - np.log(kink / lower)
    return float((below + np.log(upper / kink)) / 2)


def ve_error(
    epsilon: float,
    R: float,
    sigma: float,
    gamma_0: float,
    gamma_1: float,
    *,
    nodes: int = 2001,
    rtol: float = 1e-9,
) -> float:
    """W_2(π̂_1, π_1) for v_θ = v + ε cos(3x + 2πt), both flows started from the true law of X_0.

    In one dimension both flows are increasing, so that they carry quantiles to quantiles and
    W_2² = ∫ (Φ_θ(x) − Φ(x))² p_0(x) dx. Spline in x over eight deviations, from `nodes` points,
    with more of them where the two flows part, the starts between which they end in different
    modes. Relative error some 1e-7.
    """
    s = np.hypot(sigma, gamma_0)

    def integrand(x: Array) -> Array:
        def both(t: float, y: Array) -> Array:
            v = ve_velocity(y, t, R, sigma, gamma_0, gamma_1)
            v[x.size :] += epsilon * np.cos(3 * y[x.size :] + 2 * np.pi * t)
            return v

        end = _flow(both, np.concatenate([x, x]), rtol)
        p = np.exp(-(((x - R) / s) ** 2) / 2) + np.exp(-(((x + R) / s) ** 2) / 2)
        distance = end[x.size :] - end[: x.size]
        return np.asarray(p * distance**2 / (2 * np.sqrt(2 * np.pi) * s))

    x = np.linspace(-R - 8 * s, R + 8 * s, nodes)
    f = integrand(x)
    while True:
        square = float(CubicSpline(x, f).integrate(x[0], x[-1]))
        jumps = np.abs(np.diff(f)) * np.diff(x) > 1e-5 * square
        middle = (x[:-1] + x[1:])[jumps] / 2
        if not middle.size or np.diff(x).min() < 1e-13 * s:
            return float(np.sqrt(square))
        order = np.argsort(np.concatenate([x, middle]))
        x, f = (
            np.concatenate([x, middle])[order],
            np.concatenate([f, integrand(middle)])[order],
        )


def ve_bounds(
    epsilon: float, R: float, sigma: float, gamma_0: float, gamma_1: float
) -> tuple[float, float, float]:
    """Bounds on `ve_error`: Theorem 1, Theorem 6 with the exact λ, Theorem 6 with Lemma 6's λ.

    Theorem 1 takes the Lipschitz constant of v_θ, here at most L*_t + 3ε, and |cos| ≤ 1 gives A1.
    The other two replace ∫L* by λ log(γ_0/γ_1) and keep the factor e^{3ε}.
    """
    r = (R / sigma) ** 2
    learned = float(np.exp(3 * epsilon))
    return (
        theorem_1_bound(epsilon, ve_lipschitz_integral(R, sigma, gamma_0, gamma_1) + 3 * epsilon),
        learned * theorem_6_bound(epsilon, float(exact_lambda(r)), gamma_1, gamma_0),
        learned * theorem_6_bound(epsilon, lemma_6_lambda(r), gamma_1, gamma_0),
    )


def ve_one_sided_bound(
    epsilon: float, R: float, sigma: float, gamma_0: float, gamma_1: float
) -> float:
    """ε∫ exp ∫_t^1 (M_s + 3ε) ds dt ≥ `ve_error`, M_t = sup_x ∂v/∂x, which may be negative.

    Own observation: Grönwall's inequality needs only the one-sided constant, here
    M_t = |γγ̇|/S (R²/S − 1), with ∫_t^1 M_s ds = ½(R²(1/S_1 − 1/S_t) − log(S_t/S_1)).
    """
    last = sigma**2 + gamma_1**2

    def growth(t: float) -> float:
        S = sigma**2 + float(geometric_gamma(t, gamma_0, gamma_1)) ** 2
        exponent = R**2 * (1 / last - 1 / S) / 2 + 3 * epsilon * (1 - t)
        return float(np.sqrt(last / S) * np.exp(exponent))

    return float(epsilon * quad(growth, 0, 1, epsabs=0, epsrel=1e-10)[0])


def ve_error_curve(
    gamma_1: ArrayLike, epsilon: float, R: float, sigma: float, gamma_0: float
) -> tuple[Array, Array]:
    """`ve_error`, shape (n,), and `ve_bounds`, shape (n, 3), along the n values of γ_1."""
    ends = [float(g) for g in np.atleast_1d(np.asarray(gamma_1, dtype=float))]
    errors = np.array([ve_error(epsilon, R, sigma, gamma_0, g) for g in ends])
    return errors, np.array([ve_bounds(epsilon, R, sigma, gamma_0, g) for g in ends])


def ve_learned_densities(
    x: ArrayLike,
    times: ArrayLike,
    epsilon: float,
    R: float,
    sigma: float,
    gamma_0: float,
    gamma_1: float,
    *,
    nodes: int = 1001,
    rtol: float = 1e-8,
) -> Array:
    """Densities at x, shape (n, m), of the flow along v + ε cos(3x + 2πt) from the true X_0.

    Row k of x, shape (n, m), belongs to times[k]. The flow map Φ increases, and log Φ' is carried
    along (its derivative being ∂v_θ/∂x): the density at Φ(x) is p_0/Φ', linear between `nodes`.
    """
    s = np.hypot(sigma, gamma_0)
    # Denser in the middle, which the flow pulls apart.
    start = (R + 6 * s) * np.sinh(4 * np.linspace(-1, 1, nodes)) / np.sinh(4)
    p = np.exp(-(((start - R) / s) ** 2) / 2) + np.exp(-(((start + R) / s) ** 2) / 2)
    p /= 2 * s * np.sqrt(2 * np.pi)

    def learned(t: float, y: Array) -> Array:
        at, phase = y[:nodes], 3 * y[:nodes] + 2 * np.pi * t
        v = ve_velocity(at, t, R, sigma, gamma_0, gamma_1)
        rate = np.log(gamma_1 / gamma_0)
        slope = rate * (1 - covariance_ratio(at, geometric_gamma(t, gamma_0, gamma_1), R, sigma))
        return np.concatenate([v + epsilon * np.cos(phase), slope - 3 * epsilon * np.sin(phase)])

    t = np.asarray(times, dtype=float)
    first = np.concatenate([start, np.zeros(nodes)])
    solution = solve_ivp(
        learned, (0.0, 1.0), first, method="DOP853", rtol=rtol, atol=rtol * 1e-2, t_eval=t
    )
    rows = zip(np.asarray(x, dtype=float), solution.y.T, strict=True)
    return np.array([np.interp(at, y[:nodes], p * np.exp(-y[nodes:])) for at, y in rows])


def _flow(v: Callable[[float, Array], Array], x: Array, rtol: float) -> Array:
    solution = solve_ivp(v, (0.0, 1.0), x, method="DOP853", rtol=rtol, atol=rtol * 1e-2)
    return np.asarray(solution.y[:, -1], dtype=float)
