from math import comb, factorial, prod

import pytest

from companions import intersection_numbers as nums
from companions import toric_counts as toric


def test_classical_numbers_of_rational_curves():
    """Kontsevich and Manin 1994: 12 (Steiner), 620 (Zeuthen), 87304, 26312976."""
    expected = [1, 1, 12, 620, 87304, 26312976]
    assert [nums.kontsevich(d) for d in range(1, 7)] == expected


@pytest.mark.parametrize("d", range(1, 8))
def test_kontsevich_and_caporaso_harris_agree_on_rational_curves(d):
    assert nums.plane_curves(d, 0) == nums.kontsevich(d)


@pytest.mark.parametrize(
    ("d", "delta"),
    [(d, delta) for d in range(1, 5) for delta in range(comb(d, 2) + 1)]
    + [(5, delta) for delta in (0, 1, 2, 3, 4, 6)],
)
def test_caporaso_harris_and_lattice_paths_agree(d, delta):
    points = d * (d + 3) // 2 - delta
    assert toric.lattice_path_count(toric.triangle(d), points) == nums.severi_degree(d, delta)


@pytest.mark.parametrize("d", range(3, 8))
def test_node_polynomials(d):
    """One, two and three nodes: Steiner, Cayley, Roberts (S. Kleiman and R. Piene 1999)."""
    assert nums.severi_degree(d, 0) == 1
    assert nums.severi_degree(d, 1) == 3 * (d - 1) ** 2
    assert 2 * nums.severi_degree(d, 2) == 3 * (d - 1) * (d - 2) * (3 * d * d - 3 * d - 11)
    three = 9 * d**6 - 54 * d**5 + 9 * d**4 + 423 * d**3 - 458 * d**2 - 829 * d + 1050
    assert 2 * nums.severi_degree(d, 3) == three


@pytest.mark.parametrize("d", range(1, 7))
def test_the_most_nodes_make_lines_in_pairs_of_points(d):
    """C(d, 2) nodes: d lines, and (2d−1)!! ways to pair off the 2d points."""
    assert nums.severi_degree(d, comb(d, 2)) == prod(range(1, 2 * d, 2))


def partitions(total, largest):
    if total == 0:
        yield ()
    for first in range(min(total, largest), 0, -1):
        for rest in partitions(total - first, first):
            yield (first, *rest)


@pytest.mark.parametrize("d", range(1, 6))
def test_contacts_of_smooth_curves_are_coincident_roots(d):
    """Smooth curves: only the binary form on the line matters, and a point is a linear condition.

    D. Hilbert 1887: forms with root multiplicities λ have degree r!/Π β_k! · Π λ_j, r = |λ|.
    """
    for parts in partitions(d, d):
        beta = tuple(parts.count(k) for k in range(1, d + 1))
        degree = factorial(len(parts)) // prod(map(factorial, beta)) * prod(parts)
        assert nums.caporaso_harris(d, 0, (0,) * d, beta) == degree
        assert nums.caporaso_harris(d, 0, beta, (0,) * d) == 1


def test_reducible_curves_by_listing_the_components():
    """Quartics: cubic, line. Quintics of 6 nodes: quartic of genus 1, line; cubic, conic."""
    assert nums.severi_degree(4, 3) == nums.kontsevich(4) + comb(11, 2)
    quintics = nums.kontsevich(5) + comb(14, 2) * nums.plane_curves(4, 1) + comb(14, 5)
    assert nums.severi_degree(5, 6) == quintics
    assert nums.severi_degree(3, 2) == comb(7, 2)


@pytest.mark.parametrize("d", range(3, 7))
def test_irreducible_curves_of_high_genus_are_all_there_are(d):
    """With δ ≤ d − 2 nodes nothing is reducible, and δ = d − 1 splits off one line at most."""
    top = comb(d - 1, 2)
    for delta in range(min(d - 1, top + 1)):
        assert nums.plane_curves(d, top - delta) == nums.severi_degree(d, delta)
    with_a_line = comb(d * (d + 3) // 2 - d + 1, 2)
    if d - 1 <= top:
        assert nums.plane_curves(d, top - d + 1) == nums.severi_degree(d, d - 1) - with_a_line
