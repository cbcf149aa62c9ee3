from math import gcd

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from companions import toric_counts as toric

POINTS = st.tuples(st.integers(-3, 3), st.integers(-3, 3))
POLYGONS = st.lists(POINTS, min_size=1, max_size=6)
SMALL = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=5)
HEXAGON = [(1, 0), (2, 0), (2, 1), (1, 2), (0, 2), (0, 1)]


def boundary_length(polygon):
    v = toric.hull(polygon)
    return sum(gcd(b[0] - a[0], b[1] - a[1]) for a, b in zip(v, v[1:] + v[:1], strict=True))


# Polygons


@settings(deadline=None, derandomize=True, max_examples=100)
@given(POLYGONS)
def test_pick(polygon):
    """2·area = 2·#points − #boundary − 2, also for segments (walked both ways) and points."""
    inside = toric.lattice_points(polygon)
    assert set(polygon) <= set(inside)
    assert toric.double_area(polygon) == 2 * len(inside) - boundary_length(polygon) - 2


@settings(deadline=None, derandomize=True, max_examples=60)
@given(POLYGONS)
def test_lattice_points_are_those_that_leave_the_hull_as_it_is(polygon):
    v = toric.hull(polygon)
    inside = set(toric.lattice_points(polygon))
    for x in range(-3, 4):
        for y in range(-3, 4):
            assert ((x, y) in inside) == (set(toric.hull([*v, (x, y)])) == set(v))


# Lattice paths; test_intersection_numbers compares triangles with Caporaso–Harris.


@pytest.mark.parametrize(
    "polygon",
    [
        toric.triangle(2),
        toric.triangle(4),
        toric.rectangle(1, 1),
        toric.rectangle(2, 2),
        toric.rectangle(2, 3),
        toric.trapezium(1, 1, 1),
        toric.trapezium(1, 2, 2),
        toric.trapezium(2, 2, 1),
        HEXAGON,
    ],
)
def test_one_node_is_the_degree_of_the_discriminant(polygon):
    """3D² + 2KD + e = 6·area − 2·boundary + vertices, for a smooth toric surface."""
    points = len(toric.lattice_points(polygon)) - 1
    nodal = 3 * toric.double_area(polygon) - 2 * boundary_length(polygon)
    nodal += len(toric.hull(polygon))
    assert toric.lattice_path_count(polygon, points) == 1
    assert toric.lattice_path_count(polygon, points - 1) == nodal


@pytest.mark.parametrize("polygon", [toric.triangle(3), toric.rectangle(2, 2), HEXAGON])
@pytest.mark.parametrize("change", [(1, 1, 0, 1), (0, 1, -1, 0), (2, 1, 1, 1), (1, 0, 0, -1)])
def test_counts_do_not_depend_on_the_coordinates_of_the_lattice(polygon, change):
    """A unimodular map changes which paths increase, but not their number."""
    a, b, c, d = change
    moved = [(a * x + b * y + 3, c * x + d * y - 1) for x, y in polygon]
    points = len(toric.lattice_points(polygon)) - 1
    for nodes in range(4):
        count = toric.lattice_path_count(polygon, points - nodes)
        assert toric.lattice_path_count(moved, points - nodes) == count


def test_two_nodes_on_the_quadric_by_listing_the_components():
    """Bidegree (2, 2) through 6 points: twice (1, 1), (1, 0) + (1, 2), or (0, 1) + (2, 1)."""
    assert toric.lattice_path_count(toric.rectangle(2, 2), 6) == 20 // 2 + 6 + 6


# Mixed areas


@settings(deadline=None, derandomize=True, max_examples=100)
@given(POLYGONS, POLYGONS, POLYGONS)
def test_mixed_area_is_bilinear_symmetric_and_counts_points(P, Q, R):
    mixed = toric.mixed_area(P, Q)
    assert mixed == toric.mixed_area(Q, P) >= 0
    assert toric.mixed_area(P, P) == toric.double_area(P)
    assert toric.mixed_area(toric.minkowski_sum(P, R), Q) == mixed + toric.mixed_area(R, Q)
    total = len(toric.lattice_points(toric.minkowski_sum(P, Q)))
    assert mixed == total - len(toric.lattice_points(P)) - len(toric.lattice_points(Q)) + 1


@settings(deadline=None, derandomize=True, max_examples=60)
@given(SMALL, SMALL, st.integers(0, 2**32))
def test_elimination_counts_the_mixed_area(P, Q, seed):
    """D. N. Bernstein 1975, on random polygons, degenerate ones included."""
    count = toric.torus_intersections(P, Q, np.random.default_rng(seed))
    assert count == toric.mixed_area(P, Q)


@pytest.mark.parametrize(("a", "b"), [(1, 4), (2, 3), (4, 4)])
def test_intersection_numbers_of_toric_surfaces(a, b):
    """Bézout on P², ab' + a'b on P¹ × P¹, and D·D' on F_n with fibre and section classes."""
    rng = np.random.default_rng(0)
    for P, Q, expected in [
        (toric.triangle(a), toric.triangle(b), a * b),
        (toric.rectangle(a, b), toric.rectangle(2, 1), a + 2 * b),
        (toric.trapezium(a, b, 2), toric.trapezium(1, 1, 2), a + b + 2 * b),
        (toric.trapezium(a, b, 1), toric.rectangle(1, 0), b),
    ]:
        assert toric.mixed_area(P, Q) == expected
        assert toric.torus_intersections(P, Q, rng) == expected


@settings(deadline=None, derandomize=True, max_examples=30)
@given(SMALL)
def test_a_line_by_substitution(P):
    """y = a + bx put into f: its zeros with x, y ≠ 0, in floating point."""
    inside = toric.lattice_points(P)
    assume(len(inside) > 1)
    rng = np.random.default_rng(len(inside))
    f, line = np.zeros(1), np.array([0.8, -1.3])
    for x, y in inside:
        term = rng.uniform(1, 2) * rng.choice([-1, 1]) * np.eye(x + 1)[x]
        for _ in range(y):
            term = np.convolve(term, line)
        f = np.pad(f, (0, max(term.size - f.size, 0)))
        f[: term.size] += term
    x = np.polynomial.polynomial.polyroots(np.trim_zeros(np.where(abs(f) < 1e-12, 0, f), "b"))
    zeros = x[(abs(x) > 1e-3) & (abs(line[0] + line[1] * x) > 1e-3)]
    assert len(zeros) == toric.mixed_area(P, toric.triangle(1))


def test_resultant_and_interpolation():
    """Res = Π(a_i − b_j) of monic polynomials, and any polynomial from its values."""
    a, b = [2, 5, 7], [11, 3]
    f, g = np.poly(a).astype(int).tolist(), np.poly(b).astype(int).tolist()
    expected = np.prod([x - y for x in a for y in b])
    assert toric._resultant(f, g) == expected % toric.PRIME
    # A vanishing leading coefficient makes the elimination exchange rows: |0 1 2; 3 1 0; 0 3 1|.
    assert toric._resultant([0, 1, 2], [3, 1]) == 15
    coefficients = [5, 0, toric.PRIME - 2, 1]
    values = [sum(c * x**k for k, c in enumerate(coefficients)) for x in range(6)]
    assert toric._interpolate([v % toric.PRIME for v in values]) == [*coefficients, 0, 0]
