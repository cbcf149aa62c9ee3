"""Counts on toric surfaces from lattice polygons: lattice paths, and BKK numbers as mixed areas.

A polygon is a list of lattice points, of which the convex hull is meant. Curves with Newton polygon
Δ through points are counted by lattice paths in Δ (G. Mikhalkin, "Counting curves via lattice paths
in polygons", C. R. Math. 336, 2003, and "Enumerative tropical algebraic geometry in R²", J. AMS 18,
2005). Two curves with Newton polygons P and Q meet in the torus (C*)² in as many points as the
mixed area says, D. N. Bernstein's theorem of 1975, checked here by elimination over a finite field.
All numbers are exact.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, pairwise
from typing import TypeAlias

import numpy as np

Point: TypeAlias = tuple[int, int]
Polygon: TypeAlias = Sequence[Point]
Path: TypeAlias = tuple[Point, ...]

#: The field of the eliminations; a random choice misleads with chance of some degree/PRIME.
PRIME = 2**31 - 1


def triangle(d: int) -> Polygon:
    """Newton polygon of plane curves of degree d."""
    return [(0, 0), (d, 0), (0, d)]


def rectangle(a: int, b: int) -> Polygon:
    """Newton polygon of curves of bidegree (a, b) on P¹ × P¹."""
    return [(0, 0), (a, 0), (a, b), (0, b)]


def trapezium(a: int, b: int, n: int) -> Polygon:
    """Newton polygon on the Hirzebruch surface F_n: height b, upper side a, lower side a + nb."""
    return [(0, 0), (a + n * b, 0), (a, b), (0, b)]


def cross(o: Point, p: Point, q: Point) -> int:
    """Twice the signed area of the triangle o, p, q, positive if it turns left at p."""
    return (p[0] - o[0]) * (q[1] - o[1]) - (p[1] - o[1]) * (q[0] - o[0])


def hull(polygon: Polygon) -> list[Point]:
    """Vertices of the convex hull, anticlockwise (Andrew's monotone chain)."""
    points = sorted(set(polygon))
    if len(points) == 1:
        return points
    chains = []
    for ordered in (points, points[::-1]):
        chain: list[Point] = []
        for p in ordered:
            while len(chain) > 1 and cross(chain[-2], chain[-1], p) <= 0:
                chain.pop()
            chain.append(p)
        chains += chain[:-1]
    return chains


def double_area(polygon: Polygon) -> int:
    """Twice the area of the convex hull."""
    v = hull(polygon)
    return sum(cross((0, 0), p, q) for p, q in zip(v, v[1:] + v[:1], strict=True))


def lattice_points(polygon: Polygon) -> list[Point]:
    """Lattice points of the convex hull, in lexicographic order."""
    v = hull(polygon)
    edges = list(zip(v, v[1:] + v[:1], strict=True))
    (x0, y0), (x1, y1) = (tuple(f(p[i] for p in v) for i in (0, 1)) for f in (min, max))
    box = [(x, y) for x in range(x0, x1 + 1) for y in range(y0, y1 + 1)]
    return [p for p in box if all(cross(a, b, p) >= 0 for a, b in edges)]


# Lattice paths.


def lattice_path_count(polygon: Polygon, points: int) -> int:
    """Curves with this Newton polygon through so many general points, reducible ones included.

    For the triangle of size d and d(d+3)/2 − δ points this is the Severi degree N^{d,δ}. Sums, over
    the paths of ``points`` steps through lattice points that increase for λ(x, y) = x − εy and join
    the ends of Δ, the product of the positive and the negative multiplicity.
    """
    inside = sorted(lattice_points(polygon), key=lambda p: (p[0], -p[1]))
    allowed = frozenset(inside)
    first, last = inside[0], inside[-1]
    sides = {side: _boundary(polygon, inside, side) for side in (1, -1)}
    known: dict[tuple[Path, int], int] = {}

    def multiplicity(path: Path, side: int) -> int:
        """Mikhalkin's recursion at the first turn to the side (1 left, −1 right) to be filled."""
        if (path, side) not in known:
            known[path, side] = fill(path, side)
        return known[path, side]

    def fill(path: Path, side: int) -> int:
        for k in range(1, len(path) - 1):
            a, b, c = path[k - 1 : k + 2]
            turn = side * cross(a, b, c)
            if turn > 0:
                cut = turn * multiplicity(path[:k] + path[k + 1 :], side)
                opposite = (a[0] + c[0] - b[0], a[1] + c[1] - b[1])
                if opposite not in allowed:
                    return cut
                return cut + multiplicity((*path[:k], opposite, *path[k + 1 :]), side)
        return int(path == sides[side])

    total = 0
    for middle in combinations(inside[1:-1], points - 1):
        path = (first, *middle, last)
        left = multiplicity(path, 1)
        total += left * multiplicity(path, -1) if left else 0
    return total


def _boundary(polygon: Polygon, inside: list[Point], side: int) -> Path:
    """The boundary of Δ to the left (1) or right (−1) of the way from its first to its last point.

    It is the straight way if no vertex is on that side.
    """
    v, first, last = hull(polygon), inside[0], inside[-1]
    on_edges = [
        p for p in inside if any(cross(a, b, p) == 0 for a, b in zip(v, v[1:] + v[:1], strict=True))
    ]
    beside = [p for p in on_edges if side * cross(first, last, p) > 0]
    return (first, *(beside or [p for p in inside[1:-1] if cross(first, last, p) == 0]), last)


# Mixed areas.


def minkowski_sum(P: Polygon, Q: Polygon) -> list[Point]:
    """Vertices of {p + q}."""
    return hull([(p[0] + q[0], p[1] + q[1]) for p in P for q in Q])


def mixed_area(P: Polygon, Q: Polygon) -> int:
    """Area(P + Q) − Area(P) − Area(Q), the BKK number; the intersection number D_P·D_Q."""
    return (double_area(minkowski_sum(P, Q)) - double_area(P) - double_area(Q)) // 2


def torus_intersections(P: Polygon, Q: Polygon, rng: np.random.Generator) -> int:
    """Common zeros in the torus, with multiplicity, of random f, g with these Newton polygons.

    The coefficients are random in the field of PRIME elements. Zeros are counted as the degree less
    the order at 0 of the resultant Res_y(f, g), a polynomial in x: at x ≠ 0 the leading and lowest
    coefficients in y of f and g have no common zero, so that every zero there is in the torus.
    """
    f, g = _random_rows(P, rng), _random_rows(Q, rng)
    bound = (len(g) - 1) * (len(f[0]) - 1) + (len(f) - 1) * (len(g[0]) - 1)
    samples = [_resultant(_at(f, x), _at(g, x)) for x in range(bound + 1)]
    support = [k for k, c in enumerate(_interpolate(samples)) if c]
    return support[-1] - support[0]


def _random_rows(polygon: Polygon, rng: np.random.Generator) -> list[list[int]]:
    """Coefficients [power of y][power of x], non-zero on the lattice points, shifted to (0, 0)."""
    points = lattice_points(polygon)
    x0, y0 = min(x for x, _ in points), min(y for _, y in points)
    width, height = max(x for x, _ in points) - x0, max(y for _, y in points) - y0
    rows = [[0] * (width + 1) for _ in range(height + 1)]
    for x, y in points:
        rows[y - y0][x - x0] = int(rng.integers(1, PRIME))
    return rows


def _at(rows: list[list[int]], x: int) -> list[int]:
    return [sum(c * pow(x, k, PRIME) for k, c in enumerate(row)) % PRIME for row in rows]


def _resultant(f: list[int], g: list[int]) -> int:
    """Determinant of the Sylvester matrix modulo PRIME, by Gaussian elimination."""
    m, n = len(f) - 1, len(g) - 1
    size = m + n
    rows = [[0] * k + f + [0] * (n - 1 - k) for k in range(n)]
    rows += [[0] * k + g + [0] * (m - 1 - k) for k in range(m)]
    determinant = 1
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k]), None)
        if pivot is None:
            return 0
        if pivot != k:
            rows[k], rows[pivot] = rows[pivot], rows[k]
            determinant = -determinant
        determinant = determinant * rows[k][k] % PRIME
        inverse = pow(rows[k][k], -1, PRIME)
        for row in rows[k + 1 :]:
            if factor := row[k] * inverse % PRIME:
                row[k:] = [
                    (a - factor * b) % PRIME for a, b in zip(row[k:], rows[k][k:], strict=True)
                ]
    return determinant % PRIME


def _interpolate(values: list[int]) -> list[int]:
    """Coefficients modulo PRIME of the polynomial with these values at 0, 1, 2, … (Newton)."""
    n = len(values)
    divided = list(values)
    for k in range(1, n):
        inverse = pow(k, -1, PRIME)
        divided[k:] = [(b - a) * inverse % PRIME for a, b in pairwise(divided[k - 1 :])]
    coefficients = [0] * n
    for k in reversed(range(n)):
        # Horner in Newton's basis: multiply by (x − k), add the next divided difference.
        shifted = [0, *coefficients[:-1]]
        coefficients = [(s - k * c) % PRIME for s, c in zip(shifted, coefficients, strict=True)]
        coefficients[0] = (coefficients[0] + divided[k]) % PRIME
    return coefficients
