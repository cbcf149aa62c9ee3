"""Denoising Markov models on a finite state space.

After Benton, Shi, De Bortoli, Deligiannidis and Doucet, arXiv:2211.03595: a forward Markov process
with generator L noises the data, a positive β(x,t) defines its reversal f ↦ β⁻¹L*(βf) − β⁻¹f L*β,
and β is learned by minimising I(β) = ∫ E_{q_t}[L*β/β + L log β] dt, whose minimiser is β ∝ q_t.
Adding ∂_t to the generator, for a process with its time, changes nothing here: the two
contributions to the integrand cancel.

Here L is a rate matrix R of shape (n, n): R[x,y] ≥ 0 is the rate of x → y, rows sum to zero,
(Lf)(x) = Σ_y R[x,y] f(y) and (L*β)(x) = Σ_y R[y,x] β(y). Laws and β are arrays of shape (n,);
rates and times have inverse units. Nothing assumes that R is reversible.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp  # type: ignore[import-untyped, unused-ignore]
from scipy.linalg import expm  # type: ignore[import-untyped, unused-ignore]
from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]

Array = NDArray[np.float64]


def cycle_generator(n: int, right: float, left: float) -> Array:
    """Rates of the walk on Z_n: x → x+1 at rate `right`, x → x−1 at rate `left`; n ≥ 3."""
    step = np.roll(np.eye(n), 1, axis=1)
    return np.asarray(right * step + left * step.T - (right + left) * np.eye(n))


def transition(R: Array, t: float) -> Array:
    """q_{t|0}[x_0, x] = exp(tR), shape (n, n)."""
    return np.asarray(expm(t * R), dtype=float)


def noised_law(R: Array, q_0: Array, t: float) -> Array:
    """q_t = q_0 exp(tR)."""
    return np.asarray(q_0 @ transition(R, t))


def integrand(beta: Array, R: Array) -> Array:
    """L*β/β + L log β at every state."""
    return np.asarray(beta @ R / beta + R @ np.log(beta))


def implicit_objective(beta: Array, q: Array, R: Array) -> float:
    """J(β) = E_q[L*β/β + L log β], the implicit score-matching objective at one time."""
    return float(q @ integrand(beta, R))


def phi(f: Array, R: Array) -> Array:
    """Φ(f) = Lf/f − L log f ≥ 0 at every state, the paper's divergence; zero iff f is constant."""
    ratio = f / f[:, None]
    # log r ≤ r − 1 term by term, so that nothing negative is left by cancellation.
    return np.asarray(np.sum(_off_diagonal(R) * (ratio - 1 - np.log(ratio)), axis=1))


def explicit_objective(beta: Array, q: Array, R: Array) -> float:
    """J(β) − J(q) = Σ q(x)R(x,y)(r − 1 − log r), r = q(y)β(x)/(q(x)β(y)): E_q Φ(q/β).

    Own observation in this form: exact for every rate matrix, reversible or not.
    """
    return float(q @ phi(q / beta, R))


def denoising_objective(beta: Array, q_0: Array, conditional: Array, R: Array) -> float:
    """E Φ(q_{t|0}(·|X_0)/β)(X_t), X_0 ~ q_0: J(β) up to a constant, without the law q_t.

    `conditional` is q_{t|0} with shape (n, n), as `transition` returns it.
    """
    values = [row @ phi(row / beta, R) for row in conditional]
    return float(q_0 @ np.array(values))


def minimise_objective(q: Array, R: Array) -> Array:
    """The β that minimises J, found numerically from the uniform law and normalised to sum 1.

    J is convex in θ = log β, and β ∝ q is recovered to some 1e-9. R must be irreducible.
    """
    forward = q[:, None] * _off_diagonal(R)

    def back(theta: Array) -> Array:
        # q(x) R(y,x) β(y)/β(x) at [x, y].
        return np.asarray(q[:, None] * _off_diagonal(R).T * np.exp(theta - theta[:, None]))

    def value(theta: Array) -> float:
        return float(np.sum(back(theta)) + np.sum(forward * (theta - theta[:, None])))

    def gradient(theta: Array) -> Array:
        total = back(theta) + forward
        return np.asarray(total.sum(axis=0) - total.sum(axis=1))

    def hessian(theta: Array) -> Array:
        weights = back(theta) + back(theta).T
        return np.asarray(np.diag(weights.sum(axis=1)) - weights)

    result = minimize(
        value, np.zeros(len(q)), jac=gradient, hess=hessian, method="trust-ncg", tol=1e-12
    )
    beta = np.exp(result.x - result.x.max())
    return np.asarray(beta / beta.sum())


def reverse_generator(beta: Array, R: Array) -> Array:
    """Rates of f ↦ β⁻¹L*(βf) − β⁻¹f L*β: x → y at R[y,x] β(y)/β(x)."""
    K = _off_diagonal(R).T * beta / beta[:, None]
    return np.asarray(K - np.diag(K.sum(axis=1)))


def model_law(beta: Callable[[float], Array], R: Array, p_ref: Array, T: float) -> Array:
    """Law at time 0 of the reverse process started from p_ref at time T, to some 1e-10."""

    def forward_equation(s: float, p: Array) -> Array:
        return np.asarray(p @ reverse_generator(beta(T - s), R))

    solution = solve_ivp(forward_equation, (0.0, T), p_ref, method="DOP853", rtol=1e-11, atol=1e-13)
    return np.asarray(solution.y[:, -1], dtype=float)


def elbo(
    beta: Callable[[float], Array], R: Array, p_ref: Array, T: float, *, nodes: int = 48
) -> Array:
    """E[log p_ref(X_T) − ∫_0^T (L*β/β + L log β)(X_t) dt | X_0 = x_0] ≤ log p(x_0), for every x_0.

    Gauss–Legendre in time with `nodes` points; equality for β_t = q_t and p_ref = q_T.
    """
    z, w = np.polynomial.legendre.leggauss(nodes)
    bound = transition(R, T) @ np.log(p_ref)
    for t, weight in zip(T * (z + 1) / 2, T * w / 2, strict=True):
        bound -= weight * (transition(R, float(t)) @ integrand(beta(float(t)), R))
    return np.asarray(bound)


class ElboChain(NamedTuple):
    """Averages over the data; the first three decrease, and the last equals data − bound."""

    #: E log q_0(X_0), the best possible.
    data: float
    #: E log p(X_0) under the model of β.
    model: float
    #: E of the ELBO.
    bound: float
    #: KL(q_T | p_ref) + ∫ (J(β_t) − J(q_t)) dt, the divergence of the two path laws.
    path_divergence: float


def elbo_chain(
    beta: Callable[[float], Array],
    R: Array,
    q_0: Array,
    p_ref: Array,
    T: float,
    *,
    nodes: int = 48,
) -> ElboChain:
    """E log q_0 ≥ E log p ≥ E ELBO = E log q_0 − path divergence, each computed by itself.

    q_0 > 0 in every state: otherwise log q_0 and the reverse rates at time 0 are infinite.
    """
    z, w = np.polynomial.legendre.leggauss(nodes)
    q_T = noised_law(R, q_0, T)
    divergence = float(q_T @ np.log(q_T / p_ref))
    for t, weight in zip(T * (z + 1) / 2, T * w / 2, strict=True):
        q_t = noised_law(R, q_0, float(t))
        divergence += float(weight) * explicit_objective(beta(float(t)), q_t, R)
    return ElboChain(
        data=float(q_0 @ np.log(q_0)),
        model=float(q_0 @ np.log(model_law(beta, R, p_ref, T))),
        bound=float(q_0 @ elbo(beta, R, p_ref, T, nodes=nodes)),
        path_divergence=divergence,
    )


def _off_diagonal(R: Array) -> Array:
    return np.asarray(R - np.diag(np.diag(R)))
