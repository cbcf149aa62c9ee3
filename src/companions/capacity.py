"""Capacity and polysemanticity (Scherlis, Sachan, Jermyn, Benton, Shlegeris, arXiv:2210.01892).

A model y = Σ_n (Σ_i W_ni x_i)² + bias with N neurons embeds M features as the columns w_i of W,
shape (N, M), and is trained on the target Σ_i v_i x_i². The capacity of a feature is
C_i = (w_i·w_i)²/Σ_j(w_i·w_j)², between 0 (ignored) and 1 (a neuron of its own, up to rotation), and
ΣC_i ≤ N. For x_i i.i.d. of mean 0, variance 1 and kurtosis β = E x⁴ the loss is a function of
G = WᵀW. Its form below and the solutions derived from it are own observations; v_i > 0 throughout.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import minimize  # type: ignore[import-untyped, unused-ignore]

Array = NDArray[np.float64]


def sparse_gaussian_kurtosis(p: float) -> float:
    """β = 3/p of x = 0 with probability 1−p, else N(0, 1/p)."""
    return 3 / p


def capacities(W: Array) -> Array:
    """C_i = (w_i·w_i)²/Σ_j(w_i·w_j)², shape (M,); 0 for a column of zeros."""
    G = W.T @ W
    total = np.sum(G**2, axis=1)
    return np.asarray(np.diag(G) ** 2 / np.where(total > 0, total, 1.0))


def loss(W: Array, v: Array, beta: float) -> float:
    """(β−1)Σ(v_i−G_ii)² + 2Σ_{i≠j}G_ij²: the mean squared error with the best bias."""
    G = W.T @ W
    diagonal = np.diag(G)
    off = np.sum(G**2) - np.sum(diagonal**2)
    return float((beta - 1) * np.sum((v - diagonal) ** 2) + 2 * off)


def loss_gradient(W: Array, v: Array, beta: float) -> Array:
    """∂loss/∂W, shape (N, M)."""
    G = W.T @ W
    diagonal = np.diag(G)
    return np.asarray(8 * W @ G - W * (8 * diagonal + 4 * (beta - 1) * (v - diagonal)))


def feature_loss(C: ArrayLike, v: ArrayLike, beta: float) -> Array:
    """L_i(C) = 2(β−1)v²(1−C)/(2+(β−3)C): a feature's share of the loss, |w_i|² chosen best."""
    C, v = np.asarray(C, dtype=float), np.asarray(v, dtype=float)
    return np.asarray(2 * (beta - 1) * v**2 * (1 - C) / (2 + (beta - 3) * C))


def marginal_benefit(C: ArrayLike, v: ArrayLike, beta: float) -> Array:
    """−dL_i/dC = 2(β−1)²v²/(2+(β−3)C)²; decreasing in C iff β > 3."""
    C, v = np.asarray(C, dtype=float), np.asarray(v, dtype=float)
    return np.asarray(2 * (beta - 1) ** 2 * v**2 / (2 + (beta - 3) * C) ** 2)


def ignore_threshold(beta: float) -> float:
    """Two features, one neuron: the lesser is ignored iff v_2/v_1 is at most 2/(β−1), or β ≤ 3."""
    return 2 / (beta - 1) if beta > 3 else 1.0


def two_feature_capacity(v_1: ArrayLike, v_2: ArrayLike, beta: ArrayLike) -> Array:
    """Optimal C_1 for two features and one neuron (C_2 = 1 − C_1), broadcast.

    ((β−1)v_1 − 2v_2)/((β−3)(v_1+v_2)) clipped to [0,1] if β > 3; else all to the larger v, where a
    tie, which has two optima, goes to the first.
    """
    v_1, v_2 = np.asarray(v_1, dtype=float), np.asarray(v_2, dtype=float)
    beta = np.asarray(beta, dtype=float)
    sparse = beta > 3
    slope = np.where(sparse, beta - 3, 1.0)
    shared = ((beta - 1) * v_1 - 2 * v_2) / (slope * (v_1 + v_2))
    return np.asarray(np.where(sparse, np.clip(shared, 0.0, 1.0), np.where(v_1 >= v_2, 1.0, 0.0)))


def water_filling(v: Array, beta: float, N: int) -> Array:
    """Capacities C minimising Σ L_i(C_i) with ΣC_i = min(N, M) and 0 ≤ C_i ≤ 1, shape (M,).

    For β > 3 convex: C_i = ((β−1)v_i/μ − 2)/(β−3) clipped, μ found exactly among the breakpoints.
    For β ≤ 3 the marginal benefit does not decrease, and the N largest v_i take everything.
    """
    v = np.asarray(v, dtype=float)
    M = v.size
    if M <= N:
        return np.ones(M)
    if beta <= 3:
        C = np.zeros(M)
        C[np.argsort(-v, kind="stable")[:N]] = 1.0
        return C

    def clipped(mu: float) -> Array:
        return np.clip(((beta - 1) * v / mu - 2) / (beta - 3), 0.0, 1.0)

    # Total capacity falls from M to 0 in μ, and is linear in 1/μ between breakpoints.
    breaks = np.unique(np.concatenate([v, (beta - 1) * v / 2]))
    totals = np.array([clipped(float(mu)).sum() for mu in breaks])
    after = int(np.searchsorted(-totals, -float(N), side="right"))
    left, right = 1 / breaks[after - 1], 1 / breaks[min(after, breaks.size - 1)]
    high, low = totals[after - 1], totals[min(after, breaks.size - 1)]
    share = 0.0 if high == low else (high - N) / (high - low)
    return clipped(float(1 / (left + share * (right - left))))


def optimal_loss(v: Array, beta: float, N: int) -> float:
    """Σ L_i at the water-filling capacities, which some W attains (`optimal_embedding`)."""
    return float(np.sum(feature_loss(water_filling(v, beta, N), v, beta)))


def optimal_embedding(v: Array, beta: float, N: int) -> Array:
    """A W, shape (N, M), with water-filling capacities and the least loss; for β > 3.

    Features with C_i = 1 get axes of their own. The others share one eigenvalue
    μ = (β−1)v_i/(2+(β−3)C_i) of WWᵀ, |w_i|² = μC_i: √μ times a matrix with orthonormal rows and
    squared column lengths C_i, made by plane rotations (the constructive Schur–Horn theorem).
    """
    v = np.asarray(v, dtype=float)
    C = water_filling(v, beta, N)
    W = np.zeros((N, v.size))
    own = np.flatnonzero(C > 1 - 1e-12)
    W[np.arange(own.size), own] = np.sqrt(v[own])
    partial = np.flatnonzero((C > 1e-12) & (C <= 1 - 1e-12))
    if partial.size:
        mu = float(np.mean((beta - 1) * v[partial] / (2 + (beta - 3) * C[partial])))
        rank = round(float(C[partial].sum()))
        rows = own.size + np.arange(rank)
        W[np.ix_(rows, partial)] = np.sqrt(mu) * _frame(C[partial], rank)
    return W


def descend(v: Array, beta: float, N: int, rng: np.random.Generator, starts: int = 8) -> Array:
    """The W of least loss among `starts` runs of BFGS from small random matrices, shape (N, M)."""
    v = np.asarray(v, dtype=float)
    shape = (N, v.size)

    def value(flat: Array) -> tuple[float, Array]:
        W = flat.reshape(shape)
        return loss(W, v, beta), loss_gradient(W, v, beta).ravel()

    best, least = np.zeros(shape), np.inf
    for _ in range(starts):
        start = rng.normal(size=shape[0] * shape[1]) * np.sqrt(v.mean() / N)
        result = minimize(
            value, start, jac=True, method="BFGS", options={"gtol": 1e-9, "maxiter": 5000}
        )
        if result.fun < least:
            best, least = np.asarray(result.x, dtype=float).reshape(shape), float(result.fun)
    return best


def eigenvector_defect(W: Array) -> Array:
    """|WWᵀw_i − μ_i w_i| with μ_i the Rayleigh quotient, shape (M,).

    Zero iff w_i is an eigenvector of WWᵀ: features with equal μ then form a block, orthogonal to
    the others, in which W has orthogonal rows of one length ("block-semi-orthogonal").
    """
    image = W @ W.T @ W
    squares = np.sum(W**2, axis=0)
    mu = np.sum(W * image, axis=0) / np.where(squares > 0, squares, 1.0)
    return np.asarray(np.linalg.norm(image - mu * W, axis=0))


def _frame(C: Array, rank: int) -> Array:
    """A matrix with `rank` orthonormal rows whose columns have squared lengths C, ΣC = rank."""
    Q = np.eye(rank, C.size)
    open_columns, column_of = list(range(C.size)), np.zeros(C.size, dtype=int)
    for feature in np.argsort(-C)[:-1]:
        # The lengths still open majorise the targets still open, so that two of them enclose the
        # largest target; taking the closest two keeps it so (Chan and Li, 1983).
        squares, target = np.sum(Q**2, axis=0), float(C[feature])
        i = min(open_columns, key=lambda k: (squares[k] < target, squares[k]))
        j = max(
            (k for k in open_columns if k != i), key=lambda k: (squares[k] <= target, squares[k])
        )
        x, y = Q[:, i].copy(), Q[:, j].copy()
        t = _rotation_angle(squares[i], squares[j], float(x @ y), target)
        Q[:, i], Q[:, j] = np.cos(t) * x + np.sin(t) * y, np.cos(t) * y - np.sin(t) * x
        open_columns.remove(i)
        column_of[feature] = i
    column_of[np.argsort(-C)[-1]] = open_columns[0]
    return np.asarray(Q[:, column_of])


def _rotation_angle(a: float, b: float, c: float, target: float) -> float:
    """t with a cos²t + b sin²t + 2c sin t cos t = target, for target between a and b."""
    middle, half = (a + b) / 2, (a - b) / 2
    radius, phase = np.hypot(half, c), np.arctan2(c, half)
    if radius == 0:
        return 0.0
    return float((phase + np.arccos(np.clip((target - middle) / radius, -1.0, 1.0))) / 2)
