from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from companions import complete_conics as cc


def has_distinct_sums(w):
    return len({w[i] + w[j] for i in range(3) for j in range(i + 1)}) == 6


WEIGHTS = st.tuples(*[st.integers(-20, 20)] * 3).filter(has_distinct_sums)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(WEIGHTS)
def test_fixed_points_give_the_same_numbers_for_any_torus(w):
    """M. Chasles 1864: 1, 2, 4, 4, 2, 1."""
    assert [cc.characteristic_number(k, w) for k in range(6)] == [1, 2, 4, 4, 2, 1]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("k", range(6))
def test_solving_finds_that_many_distinct_smooth_conics(k, seed):
    rng = np.random.default_rng(seed)
    points, lines = rng.normal(size=(5 - k, 3)), rng.normal(size=(k, 3))
    conics = cc.solve_conics(points, lines)
    assert len(conics) == cc.characteristic_number(k)
    for Q in conics:
        assert np.linalg.norm(Q) == pytest.approx(1)
        np.testing.assert_allclose(Q, Q.T, atol=1e-9)
        assert abs(np.einsum("pi,ij,pj->p", points, Q, points)).max(initial=0) < 1e-7
        assert abs(np.einsum("pi,ij,pj->p", lines, cc.adjugate(Q), lines)).max(initial=0) < 1e-7
        assert abs(np.linalg.det(Q)) > 1e-9
    for i, Q in enumerate(conics):
        for R in conics[:i]:
            assert 1 - abs(np.vdot(Q, R)) > 1e-6


@pytest.mark.parametrize("seed", range(3))
def test_a_tangent_line_meets_its_conic_once(seed):
    """Tangency without the adjugate: the form on the line has a double root."""
    rng = np.random.default_rng(seed)
    points, lines = rng.normal(size=(2, 3)), rng.normal(size=(3, 3))
    for Q in cc.solve_conics(points, lines):
        for line in lines:
            u, v = np.linalg.svd(line[None])[2][1:]
            roots = np.roots([u @ Q @ u, 2 * (u @ Q @ v), v @ Q @ v])
            assert abs(roots[0] - roots[1]) < 1e-3 * (1 + abs(roots[0]))


def test_a_conic_known_beforehand():
    """Five points of the circle x² + y² = 1, and five of its tangents, give the circle back."""
    angle = np.array([0.1, 0.9, 2.0, 3.3, 5.0])
    points = np.stack([np.cos(angle), np.sin(angle), np.ones(5)], axis=1)
    circle = np.diag([1.0, 1.0, -1.0]) / np.sqrt(3)
    tangents = points * [1, 1, -1]
    for k in range(6):
        found = cc.solve_conics(points[k:], tangents[:k] if k < 5 else tangents)
        assert max(abs(np.vdot(circle, Q)) for Q in found) == pytest.approx(1, abs=1e-9)


@pytest.mark.parametrize("seed", range(40))
def test_three_points_and_two_lines_have_four_real_conics_or_none(seed):
    """Four if the product of the two lines has one sign at the points, scaled to be alike.

    Through the coordinate points, conics are ayz + bzx + cxy, and tangency to ℓ says
    √(aℓ_1) + √(bℓ_2) + √(cℓ_3) = 0 for some signs of the roots.
    """
    rng = np.random.default_rng(seed)
    points, lines = rng.normal(size=(3, 3)), rng.normal(size=(2, 3))
    conics = np.exp(0.7j) * cc.solve_conics(points, lines)
    expected = abs(np.sign(lines @ points.T).prod(axis=0).sum()) == 3
    assert cc.is_real(conics).tolist() == [expected] * 4
    for Q in conics[cc.is_real(conics)]:
        real = cc.real_matrix(Q)
        assert abs(np.vdot(real, Q)) == pytest.approx(1, abs=1e-9)
        assert abs(np.einsum("pi,ij,pj->p", points, real, points)).max() < 1e-7


def test_adjugate():
    rng = np.random.default_rng(2)
    Q = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    Q = Q + Q.T
    np.testing.assert_allclose(cc.adjugate(Q) @ Q, np.linalg.det(Q) * np.eye(3), atol=1e-12)
    line = rng.normal(size=3)
    assert not cc.adjugate(np.outer(line, line)).round(12).any()


def test_3264():
    assert cc.conics_tangent_to_five_conics() == 3264
    assert cc.conics_tangent_to_curves([2] * 5) == 3264


@pytest.mark.parametrize("n", range(1, 7))
def test_one_curve_by_riemann_hurwitz(n):
    """A pencil of conics through 4 points cuts a map of degree 2n on a curve of degree n.

    Its branch points, 4n + 2g − 2 with g = C(n−1, 2), are the tangencies.
    """
    tangencies = 4 * n + 2 * comb(n - 1, 2) - 2
    assert cc.conics_tangent_to_curves([n], points=4) == tangencies


@pytest.mark.parametrize("k", range(6))
def test_a_line_is_a_curve_of_degree_one(k):
    for curves in range(k + 1):
        count = cc.conics_tangent_to_curves([1] * curves, points=5 - k, lines=k - curves)
        assert count == cc.characteristic_number(k)


def test_a_conic_counts_as_two_points_and_two_lines():
    """The class 2P + 2L of tangency to a conic, added to any four points and lines."""
    for points in range(5):
        lines = 4 - points
        through = cc.conics_tangent_to_curves([], points + 1, lines)
        tangent = cc.conics_tangent_to_curves([], points, lines + 1)
        assert cc.conics_tangent_to_curves([2], points, lines) == 2 * through + 2 * tangent


def test_double_lines_take_the_rest_of_bezout():
    assert [cc.lost_to_double_lines(k) for k in range(6)] == [0, 0, 0, 4, 14, 31]
