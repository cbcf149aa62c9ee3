"""The 3264 conics tangent to five conics: characteristic numbers by fixed points and by solving.

N_k is the number of smooth conics through 5 − k general points and tangent to k general lines. On
the space of complete conics (the graph of Q ↦ adj Q on smooth conics, closed up in P⁵ × P⁵*) it is
∫ P^{5−k}L^k with P, L the hyperplane classes of the two factors, and to be tangent to a smooth
conic has class 2P + 2L, whence M. Chasles' 3264 = 2⁵ Σ C(5, k) N_k (D. Eisenbud and J. Harris,
"3264 and all that", 2016, chapter 8). In P⁵ itself the double lines, of rank 1, satisfy every
tangency: 2^k − N_k solutions are lost to them, none for k ≤ 2. So the conics are computed for k ≤ 2
only, and their duals for the rest: points and tangent lines change places under Q ↦ adj Q.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import combinations_with_replacement
from math import comb, prod
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Conics: TypeAlias = NDArray[np.complex128]


def characteristic_number(k: int, w: tuple[int, int, int] = (0, 1, 3)) -> int:
    """N_k = ∫ P^{5−k}L^k by R. Bott's residue formula over the 12 fixed points of a torus.

    The torus scales x_i with weight w_i; the six sums w_i + w_j must differ, else the choice is
    free. Fixed are x_i x_j for i < j, and (x_i², m) for the three monomials m in the other two
    variables, m being a direction normal to the double lines. The classes restrict to P = −(weight
    of the conic) and L = −(weight of its adjugate).
    """
    total = Fraction(0)
    for i, j in combinations_with_replacement(range(3), 2):
        conic = w[i] + w[j]
        if i < j:
            others = [a + b for a, b in combinations_with_replacement(w, 2) if a + b != conic]
            total += _residue(k, -conic, -2 * conic, [v - conic for v in others])
            continue
        along = [v - w[i] for v in w if v != w[i]]
        normal = [a + b for a, b in combinations_with_replacement(along, 2)]
        for m in normal:
            blown_up = [m, *(n - m for n in normal if n != m)]
            total += _residue(k, -conic, -(2 * conic + m), along + blown_up)
    return int(total)


def _residue(k: int, P: int, L: int, tangent_weights: list[int]) -> Fraction:
    return Fraction(P ** (5 - k) * L**k, prod(tangent_weights))


def conics_tangent_to_curves(degrees: Sequence[int], points: int = 0, lines: int = 0) -> int:
    """Conics through points, tangent to lines and to smooth curves, 5 conditions in all.

    Tangency to a smooth curve of degree n has class n(n−1)P + nL.
    """
    polynomial = np.array([1], dtype=object)
    for n in degrees:
        polynomial = np.convolve(polynomial, np.array([n * (n - 1), n], dtype=object))
    return sum(int(c) * characteristic_number(lines + k) for k, c in enumerate(polynomial))


def conics_tangent_to_five_conics() -> int:
    """3264 = 2⁵ Σ C(5, k) N_k."""
    return 2**5 * sum(comb(5, k) * characteristic_number(k) for k in range(6))


def lost_to_double_lines(k: int) -> int:
    """2^k − N_k: k tangencies are quadrics in P⁵, and double lines lie on them all."""
    return int(2**k - characteristic_number(k))


def solve_conics(points: ArrayLike, lines: ArrayLike) -> Conics:
    """All smooth conics through the points and tangent to the lines, shape (N_k, 3, 3), complex.

    Five conditions in general position: points x of shape (5−k, 3), lines ℓ of shape (k, 3), both
    homogeneous; a conic is a symmetric Q of Frobenius norm 1 with xᵀQx = 0 and ℓᵀ adj(Q) ℓ = 0.
    Elimination, no iteration: residuals are some 1e-9 for well-conditioned data.
    """
    points, lines = np.reshape(points, (-1, 3)), np.reshape(lines, (-1, 3))
    if len(lines) <= 2:
        return _normalised(_solve_directly(points, lines))
    duals = _normalised(_solve_directly(lines, points))
    return _normalised(np.array([adjugate(Q) for Q in duals]))


def adjugate(Q: ArrayLike) -> NDArray[np.complex128]:
    """The adjugate of a 3×3 matrix, defined for singular ones too; dual conic of a conic."""
    a, b, c = np.asarray(Q, dtype=complex)
    return np.stack([np.cross(b, c), np.cross(c, a), np.cross(a, b)], axis=1)


def is_real(Q: ArrayLike, tolerance: float = 1e-6) -> NDArray[np.bool_]:
    """Which conics of norm 1, shape (…, 3, 3), are real up to a factor: |Σ Q_ij²| = 1 just then."""
    Q = np.asarray(Q)
    return np.asarray(abs((Q * Q).sum(axis=(-2, -1))) > 1 - tolerance)


def real_matrix(Q: ArrayLike) -> NDArray[np.float64]:
    """The real matrix, ± the only one of norm 1, of a conic for which ``is_real``."""
    Q = np.asarray(Q)
    return np.asarray((Q / np.sqrt((Q * Q).sum())).real)


def _normalised(Q: Conics) -> Conics:
    return np.asarray(Q / np.linalg.norm(Q, axis=(1, 2), keepdims=True))


def _solve_directly(points: NDArray[np.float64], lines: NDArray[np.float64]) -> Conics:
    """At most two lines: common zeros t ∈ P^k of quadratic forms on the conics Σ t_i Q_i."""
    pairs = list(combinations_with_replacement(range(3), 2))
    conditions = np.array([[p[i] * p[j] for i, j in pairs] for p in points])
    basis = np.zeros((len(lines) + 1, 3, 3))
    for Q, q in zip(basis, np.linalg.svd(conditions)[2][len(points) :], strict=True):
        for (i, j), value in zip(pairs, q, strict=True):
            Q[i, j] = Q[j, i] = value if i == j else value / 2
    forms = [_tangency(basis, line) for line in lines]
    if not forms:
        t = np.ones((1, 1), dtype=complex)
    elif len(forms) == 1:
        ((a, b), (_, c)) = forms[0]
        t = np.array([[r, 1] for r in np.roots([a, 2 * b, c])])
    else:
        t = np.array(_meet(*forms))
    return np.asarray(np.einsum("si,ijk->sjk", t, basis.astype(complex)))


def _tangency(basis: NDArray[np.float64], line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gram matrix in t of ℓᵀ adj(Q) ℓ = (uᵀQu)(vᵀQv) − (uᵀQv)², up to scale; u, v span ℓ."""
    u, v = np.linalg.svd(line[None])[2][1:]
    uu, uv, vv = (np.einsum("i,kij,j->k", a, basis, b) for a, b in ((u, u), (u, v), (v, v)))
    return np.asarray((np.outer(uu, vv) + np.outer(vv, uu)) / 2 - np.outer(uv, uv))


def _meet(A: NDArray[np.float64], B: NDArray[np.float64]) -> list[list[complex]]:
    """The four common zeros (s, r, 1) of two quadratic forms, by the resultant in s."""
    a0, a1, a2 = _in_s(A)
    b0, b1, b2 = _in_s(B)
    linear = a0 * b1 - b0 * a1
    constant = a0 * b2 - b0 * a2
    resultant = constant * constant - linear * (a1 * b2 - b1 * a2)
    return [[complex(-constant(r) / linear(r)), complex(r), 1] for r in resultant.roots]


def _in_s(F: NDArray[np.float64]) -> tuple[np.poly1d, np.poly1d, np.poly1d]:
    """Coefficients of s², s, 1 in the form F at (s, r, 1), as polynomials in r."""
    return (
        np.poly1d([F[0, 0]]),
        np.poly1d([2 * F[0, 1], 2 * F[0, 2]]),
        np.poly1d([F[1, 1], 2 * F[1, 2], F[2, 2]]),
    )
