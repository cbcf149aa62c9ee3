"""Plane curves through points, counted by two recursions.

N_d, the rational curves of degree d through 3d − 1 general points, from the associativity of
quantum cohomology (M. Kontsevich and Yu. Manin, "Gromov–Witten classes, quantum cohomology, and
enumerative geometry", Comm. Math. Phys. 164, 1994). Severi degrees, the curves of degree d with δ
nodes, reducible ones included, through d(d+3)/2 − δ general points, by moving the points onto a
line one after the other (L. Caporaso and J. Harris, "Counting plane curves of any genus", Invent.
Math. 131, 1998; the notation is theirs). Taking a logarithm leaves the irreducible curves, and at
genus 0 the two must agree. ``toric_counts`` has a third way. All numbers are exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from itertools import product
from math import comb, prod
from typing import TypeAlias

#: α = (α_1, …, α_d): α_k contacts of order k with the line.
Contacts: TypeAlias = tuple[int, ...]


@cache
def kontsevich(d: int) -> int:
    """N_d = Σ_{a+b=d} N_a N_b (a²b² C(3d−4, 3a−2) − a³b C(3d−4, 3a−1)) from N_1 = 1; d ≥ 1."""
    if d == 1:
        return 1
    total = 0
    for a in range(1, d):
        b = d - a
        pairs = a**2 * b**2 * comb(3 * d - 4, 3 * a - 2) - a**3 * b * comb(3 * d - 4, 3 * a - 1)
        total += kontsevich(a) * kontsevich(b) * pairs
    return total


@cache
def caporaso_harris(d: int, delta: int, alpha: Contacts, beta: Contacts) -> int:
    """N^{d,δ}(α, β): curves of degree d with δ nodes and prescribed contacts with a line L.

    α_k contacts of order k at given points of L, β_k at points left free, Iα + Iβ = d with
    Iα = Σ kα_k, and through as many general points as make the number finite. Curves that contain L
    are not counted. The recursion specialises one of these points to L:
    N^{d,δ}(α, β) = Σ_{β_k>0} k N^{d,δ}(α + e_k, β − e_k)
                  + Σ I^{β'−β} C(α, α') C(β', β) N^{d−1,δ'}(α', β'),
    over α' ≤ α, β' ≥ β with Iα' + Iβ' = d − 1 and δ' = δ − (d − 1) + |β' − β|. Here α and β have
    length d.
    """
    if delta < 0:
        return 0
    if d == 0:
        return int(delta == 0)
    total = 0
    for k in range(1, d + 1):
        if beta[k - 1]:
            total += k * caporaso_harris(d, delta, _add(alpha, k, 1), _add(beta, k, -1))
    for alpha_, beta_ in _splittings(d - 1, alpha, beta):
        new = [b_ - b for b_, b in zip(beta_, beta, strict=True)]
        delta_ = delta - (d - 1) + sum(new)
        factor = prod(k**n for k, n in enumerate(new, start=1))
        factor *= prod(comb(a, a_) for a, a_ in zip(alpha, alpha_, strict=True))
        factor *= prod(comb(b_, b) for b_, b in zip(beta_, beta, strict=True))
        # The entries dropped are 0: no contact of order d is left on a curve of degree d − 1.
        total += factor * caporaso_harris(d - 1, delta_, alpha_[:-1], beta_[:-1])
    return total


def _add(contacts: Contacts, k: int, n: int) -> Contacts:
    return (*contacts[: k - 1], contacts[k - 1] + n, *contacts[k:])


def _splittings(total: int, alpha: Contacts, beta: Contacts) -> Iterator[tuple[Contacts, Contacts]]:
    """All (α', β') with α' ≤ α, β' ≥ β and Iα' + Iβ' = total."""
    start = sum(k * b for k, b in enumerate(beta, start=1))
    for alpha_ in product(*(range(a + 1) for a in alpha)):
        room = total - start - sum(k * a for k, a in enumerate(alpha_, start=1))
        for new in _weighted_partitions(room, len(beta)):
            yield alpha_, tuple(b + n for b, n in zip(beta, new, strict=True))


def _weighted_partitions(total: int, parts: int) -> Iterator[Contacts]:
    """All (n_1, …, n_parts) ≥ 0 with Σ k n_k = total."""
    if parts == 0:
        if total == 0:
            yield ()
        return
    for n in range(total // parts + 1):
        for rest in _weighted_partitions(total - n * parts, parts - 1):
            yield (*rest, n)


def severi_degree(d: int, delta: int) -> int:
    """N^{d,δ}: degree d ≥ 1, δ nodes, reducible or not, through d(d+3)/2 − δ points."""
    return caporaso_harris(d, delta, (0,) * d, (d, *(0,) * (d - 1)))


@cache
def plane_curves(d: int, g: int) -> int:
    """N_{d,g}: irreducible nodal curves of degree d and genus g through r = 3d + g − 1 points.

    The components of a reducible curve share out the points, so with S for the Severi degrees
    Σ S_{d,r} z^d y^r/r! = exp Σ N_{d,g} z^d y^r/r!, and comparing z∂/∂z of both sides,
    S_{d,r} = N_{d,g} + Σ_{0<k<d} k/d Σ_h C(r, r') N_{k,h} S_{d−k,r−r'} with r' = 3k + h − 1.
    """
    r = 3 * d + g - 1
    reducible = Fraction(0)
    for k in range(1, d):
        for h in range(comb(k - 1, 2) + 1):
            s = 3 * k + h - 1
            if s <= r:
                rest = _severi_by_points(d - k, r - s)
                reducible += Fraction(k, d) * comb(r, s) * plane_curves(k, h) * rest
    return int(_severi_by_points(d, r) - reducible)


def _severi_by_points(d: int, r: int) -> int:
    return severi_degree(d, d * (d + 3) // 2 - r)
