"""Discrete denoising in continuous time, with the law of the sampler computed exactly.

Campbell, Benton, De Bortoli, Rainforth, Deligiannidis, Doucet, arXiv:2205.14987 (tauLDR): each of D
coordinates in {0,…,S−1} is noised by a chain with rates R_t = β(t)R_b; the time reversal has rates
R̂_t(x,x̃) = R_t(x̃,x) q_t(x̃)/q_t(x) (Proposition 1) and is simulated by tau-leaping, a Poisson(τR̂)
number of each jump at once. Here the rates are exact and there is no sampling: given x, a
coordinate's displacement over one leap is compound Poisson, and its law is one Fourier transform.

Laws p are arrays of shape (S,)*D. Rates out of every state are arrays of shape (n, D, S), n = S^D
states in C order: entry [x, d, j] is the rate of the jump of coordinate d to j, zero for j = x_d.
Rate matrices have R[i,j] for i → j and rows summing to zero. Time runs from data, 0, to noise, T.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.fft import next_fast_len  # type: ignore[import-untyped, unused-ignore]

Array = NDArray[np.float64]


def rate_scale(t: float, a: float = 5.0, b: float = 5.0) -> float:
    """β(t) = a bᵗ log b."""
    return float(a * b**t * np.log(b))


def rate_scale_integral(t: float, a: float = 5.0, b: float = 5.0) -> float:
    """∫_0^t β = a(bᵗ − 1)."""
    return float(a * (b**t - 1))


def gaussian_target(S: int, sigma_0: float) -> Array:
    """The law ∝ exp(−(i+1−S/2)²/(2σ_0²)) on 0…S−1, stationary for `gaussian_rate`.

    Centred at S/2 − 1, half a step left of the middle, as in the authors' published code.
    """
    weights = np.exp(-((np.arange(S) + 1 - S / 2) ** 2) / (2 * sigma_0**2))
    return np.asarray(weights / weights.sum())


def gaussian_rate(S: int, sigma_0: float, sigma_r: float) -> Array:
    """R_b of shape (S, S): of two states, the one further from (S−1)/2 jumps to the other at rate
    exp(−(|i−j|−1)²/σ_r²), and the way back follows from detailed balance with `gaussian_target`.

    As in the authors' published code; of two states equally far the lower one counts as further.
    """
    i, j = np.indices((S, S))
    inward = np.abs(2 * j - S + 1) < np.abs(2 * i - S + 1)
    inward |= (j == S - 1 - i) & (i < j)
    base = np.where(inward, np.exp(-((np.abs(i - j) - 1.0) ** 2) / sigma_r**2), 0.0)
    pi = gaussian_target(S, sigma_0)
    R = base + base.T * pi / pi[:, None]
    return np.asarray(R - np.diag(R.sum(axis=1)))


def transition(R_b: Array, s: float) -> Array:
    """q_{t|0} = exp(s R_b), s = ∫_0^t β, by uniformisation: relative accuracy in every entry."""
    c = float(np.max(-np.diag(R_b)))
    if c * s == 0:
        return np.eye(len(R_b))
    P = np.eye(len(R_b)) + R_b / c
    halvings = max(0, int(np.ceil(np.log2(c * s))))
    mean = c * s / 2**halvings
    term = np.exp(-mean) * np.eye(len(R_b))
    total = term.copy()
    # Sums and products of non-negative numbers only, so that no digit is lost to cancellation.
    for k in range(1, len(R_b) + 30):
        term = term @ P * (mean / k)
        total += term
    for _ in range(halvings):
        total = total @ total
    return np.asarray(total)


def spectral_transition(R_b: Array, pi: Array, s: float) -> Array:
    """The same as Q exp(Λs) Q⁻¹, the paper's formula, for R_b reversible with respect to π.

    Absolute accuracy only: entries below 1e-15 are noise, which reverse rates would divide by.
    """
    root = np.sqrt(pi)
    values, vectors = np.linalg.eigh((R_b + R_b.T * pi / pi[:, None]) / 2 * root[:, None] / root)
    return np.asarray((vectors * np.exp(values * s)) @ vectors.T / root[:, None] * root)


def noised_law(p: Array, A: Array) -> Array:
    """q_t of shape (S,)*D from p_data and the one-coordinate transition matrix A, in product."""
    for d in range(p.ndim):
        p = np.moveaxis(np.tensordot(p, A, axes=(d, 0)), -1, d)
    return p


def forward_rates(R: Array, D: int) -> Array:
    """Rates of D independent coordinates, shape (S^D, D, S)."""
    states = _states(len(R), D)
    rates = R[states]
    np.put_along_axis(rates, states[:, :, None], 0.0, axis=2)
    return np.asarray(rates)


def reverse_rates(q: Array, R: Array) -> Array:
    """R̂(x, x̃) = R(x̃,x) q(x̃)/q(x), Proposition 1, shape (S^D, D, S); q > 0 everywhere."""
    D, S = q.ndim, len(R)
    states = _states(S, D)
    rates = np.empty((len(states), D, S))
    for d in range(D):
        along = np.moveaxis(q, d, -1)
        ratio = along[..., None, :] / along[..., :, None]
        # Back to C order of x with the destination j last.
        rates[:, d] = np.moveaxis(ratio * R.T, -2, d).reshape(len(states), S)
    np.put_along_axis(rates, states[:, :, None], 0.0, axis=2)
    return rates


def generator(rates: Array) -> Array:
    """The full (S^D, S^D) rate matrix of `rates`, for small S^D."""
    n, D, S = rates.shape
    states, index = _states(S, D), np.arange(n).reshape((S,) * D)
    R = np.zeros((n, n))
    for d in range(D):
        for j in range(S):
            target = states.copy()
            target[:, d] = j
            R[np.arange(n), index[tuple(target.T)]] += rates[:, d, j]
    return np.asarray(R - np.diag(R.sum(axis=1)))


def leap_laws(rates: Array, tau: float) -> Array:
    """Law of each coordinate after one leap from each state, shape (n, D, S), clamped to 0…S−1.

    With λ_j = τ rates[x,d,j], the displacement Σ_j (j − x_d) Poisson(λ_j) has the transform
    exp(Σ_j λ_j(e^{iω(j−x_d)} − 1)). Absolute error 1e-15: see `_reach`.
    """
    n, D, S = rates.shape
    x = _states(S, D).reshape(-1, 1)
    jump = np.arange(S) - x
    intensity = tau * rates.reshape(-1, S)
    half = next_fast_len(max(S, _reach(intensity, jump)) + 1, real=True)
    measure = np.zeros((len(x), 2 * half))
    np.put_along_axis(measure, jump % (2 * half), intensity, axis=1)
    transform = np.fft.rfft(measure, axis=1)
    pmf = np.fft.irfft(np.exp(transform - transform[:, :1]), 2 * half, axis=1)
    cdf = np.cumsum(np.fft.fftshift(pmf, axes=1), axis=1)
    upto = np.take_along_axis(cdf, half + np.arange(S) - x, axis=1)
    upto[:, -1] = 1.0
    return np.maximum(np.diff(upto, axis=1, prepend=0.0), 0.0).reshape(n, D, S)


def leap(p: Array, rates: Array, tau: float) -> Array:
    """The law p after one tau-leap: given x, the D coordinates move independently."""
    laws = leap_laws(rates, tau)
    kernel = np.ones((laws.shape[0], 1))
    for d in range(laws.shape[1]):
        kernel = (kernel[:, :, None] * laws[:, d, None, :]).reshape(len(kernel), -1)
    q = (p.reshape(-1) @ kernel).reshape(p.shape)
    return np.asarray(q / q.sum())


def sampler_laws(
    p_data: Array,
    R_b: Array,
    p_ref: Array,
    NFE: int,
    *,
    correctors: int = 0,
    corrector_step: float = 1.0,
    T: float = 1.0,
    a: float = 5.0,
    b: float = 5.0,
) -> Iterator[tuple[float, Array]]:
    """(t, law of the sampler) from (T, p_ref) to (0, result), after every predictor step.

    Each of NFE/(1+correctors) predictor steps leaps with R̂_t from t to t − τ and is followed by
    `correctors` leaps of length corrector_step · τ with R^c = R + R̂ at t − τ, except at t = 0,
    where the rates of data without full support are infinite.
    """
    if NFE % (1 + correctors):
        raise ValueError(f"{NFE} evaluations are no multiple of {1 + correctors} per step")
    steps = NFE // (1 + correctors)
    tau, law = T / steps, p_ref

    def rates_at(t: float) -> tuple[Array, Array]:
        R = rate_scale(t, a, b) * R_b
        q = noised_law(p_data, transition(R_b, rate_scale_integral(t, a, b)))
        return reverse_rates(q, R), R

    yield T, law
    reverse, R = rates_at(T)
    for k in range(steps - 1, -1, -1):
        t = k * tau
        law = leap(law, reverse, tau)
        if k:
            reverse, R = rates_at(t)
            for _ in range(correctors):
                law = leap(law, reverse + forward_rates(R, law.ndim), corrector_step * tau)
        yield t, law


def sampler_error(
    p_data: Array,
    R_b: Array,
    p_ref: Array,
    NFE: int,
    *,
    correctors: int = 0,
    corrector_step: float = 1.0,
) -> float:
    """Total variation between p_data and the result of `sampler_laws`, at its default schedule."""
    laws = sampler_laws(
        p_data, R_b, p_ref, NFE, correctors=correctors, corrector_step=corrector_step
    )
    *_, (_, law) = laws
    return total_variation(law, p_data)


def total_variation(p: Array, q: Array) -> float:
    """½Σ|p − q|."""
    return float(np.abs(p - q).sum() / 2)


def hellinger(p: Array, q: Array) -> float:
    """√(½Σ(√p − √q)²)."""
    return float(np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2))


def product_law(pi: Array, D: int) -> Array:
    """π in each of D coordinates, shape (S,)*D."""
    p = np.ones(())
    for _ in range(D):
        p = np.multiply.outer(p, pi)
    return np.asarray(p)


def tau_picture(S: int) -> Array:
    """Data in the shape of the letter τ: uniform on a bar, a stem and its hook; (S, S), S ≥ 8.

    Our own drawing after the paper's Figure 3; rows count from the top.
    """
    unit = S / 16
    y, x = np.indices((S, S)) / unit
    bar = (y >= 3) & (y < 5) & (x >= 2) & (x < 14)
    stem = (y >= 5) & (y < 12) & (x >= 7) & (x < 9)
    hook = (y >= 11) & (y < 13) & (x >= 8) & (x < 11)
    ink = (bar | stem | hook).astype(float)
    return np.asarray(ink / ink.sum())


def corrector_generator(q: Array, R: Array) -> Array:
    """R^c = R + R̂ as a full matrix: q is stationary (Proposition 4), and even reversible."""
    return generator(forward_rates(R, q.ndim) + reverse_rates(q, R))


def spectral_gap(R: Array, q: Array) -> float:
    """Least nonzero eigenvalue of −R for R reversible with respect to q."""
    root = np.sqrt(q.reshape(-1))
    symmetric = R * root[:, None] / root
    return float(-np.linalg.eigvalsh((symmetric + symmetric.T) / 2)[-2])


def chi_square_decay(R: Array, q: Array, p: Array, times: Array) -> Array:
    """χ²(p exp(tR) | q) = Σ(p_t/q − 1)²q at each time; at most χ²(p|q) e^{−2 gap t}."""
    flat, start = q.reshape(-1), p.reshape(-1)
    root = np.sqrt(flat)
    symmetric = R * root[:, None] / root
    values, vectors = np.linalg.eigh((symmetric + symmetric.T) / 2)
    modes = (((start - flat) / root) @ vectors) ** 2
    return np.asarray(np.exp(2 * np.multiply.outer(times, values)) @ modes)


def _reach(intensity: Array, jump: NDArray[np.int64]) -> int:
    """A distance that displacements exceed with probability below 1e-16, by Chernoff's bound."""
    bounds = []
    for theta in np.geomspace(0.02, 3.0, 12):
        for sign in (-1, 1):
            growth = np.expm1(np.minimum(sign * theta * jump, 300.0))
            bounds.append((38 + np.sum(intensity * growth, axis=1)) / theta)
    grouped = np.array(bounds).reshape(-1, 2, len(jump))
    return int(np.ceil(grouped.min(axis=0).max()))


def _states(S: int, D: int) -> NDArray[np.int64]:
    """All x in {0,…,S−1}^D in C order, shape (S^D, D)."""
    return np.indices((S,) * D).reshape(D, -1).T
