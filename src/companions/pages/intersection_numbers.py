"""What the page on intersection numbers and enumerative geometry shows."""

from __future__ import annotations

from itertools import pairwise
from math import comb
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.complete_conics import (
    adjugate,
    characteristic_number,
    conics_tangent_to_five_conics,
    is_real,
    lost_to_double_lines,
    real_matrix,
    solve_conics,
)
from companions.drawing import C1, C2, C3, C4, GRID, INK, MUTED, axes, panels, thumbnail
from companions.intersection_numbers import kontsevich, plane_curves, severi_degree
from companions.study import at_most, figure, moving, number
from companions.toric_counts import (
    double_area,
    lattice_path_count,
    minkowski_sum,
    mixed_area,
    rectangle,
    torus_intersections,
    triangle,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: Five points and five lines for which all conics of all six kinds are real.
POINTS = np.array(
    [(-0.35, -0.9, 1), (-0.58, 0.78, 1), (0.63, -0.24, 1), (0.88, 0.14, 1), (-0.98, -0.11, 1)]
)
LINES = np.array(
    [
        (-0.95, 0.33, -1.19),
        (0.98, 0.19, -1.23),
        (0.01, -1.0, -1.42),
        (0.09, 1.0, -1.37),
        (-0.56, -0.83, -1.34),
    ]
)
#: Four points, and a line y = height + SLOPE·x that passes over them.
CORNERS = np.array([(-1.0, -0.55, 1), (0.75, -0.9, 1), (1.05, 0.6, 1), (-0.6, 0.85, 1)])
SLOPE = 0.1
HEIGHTS = np.linspace(-1.5, 1.5, 31)
#: Random configurations that are solved: for each k, and of three points and two lines.
TRIALS, REALITY_TRIALS = 100, 2000
#: Degrees of the table, and Newton polygons that are compared with eliminations.
DEGREES = range(1, 7)
P, Q = triangle(2), rectangle(2, 1)
#: P + Q cut into a copy of each and parallelograms of an edge of P and an edge of Q.
COPIES = ([(0, 1), (2, 1), (0, 3)], [(2, 0), (4, 0), (4, 1), (2, 1)])
MIXED = ([(0, 0), (2, 0), (2, 1), (0, 1)], [(2, 1), (4, 1), (2, 3), (0, 3)])
ELIMINATIONS = 25
WINDOW = 2.1


class Data(NamedTuple):
    """Conics that are drawn, and what random trials came to."""

    #: Real matrices, (N_k, 3, 3), by k.
    kinds: list[NDArray[np.float64]]
    #: Two conics for each height, (heights, 2, 3, 3), complex.
    pencil: NDArray[np.complex128]
    residual: float
    four_real: int
    none_real: int


def compute() -> Data:
    """Solve for the conics of the figures, and for many random ones."""
    rng = np.random.default_rng(2020)
    kinds = [
        np.array([real_matrix(c) for c in solve_conics(POINTS[k:], LINES[:k])]) for k in range(6)
    ]
    pencil = [solve_conics(CORNERS, [[SLOPE, -1, height]]) for height in HEIGHTS]
    residuals = []
    for k in range(6):
        for _ in range(TRIALS):
            points, lines = rng.normal(size=(5 - k, 3)), rng.normal(size=(k, 3))
            conics = solve_conics(points, lines)
            assert len(conics) == characteristic_number(k)
            residuals.append(_residuals(conics, points, lines))
    real = [
        int(is_real(solve_conics(rng.normal(size=(3, 3)), rng.normal(size=(2, 3)))).sum())
        for _ in range(REALITY_TRIALS)
    ]
    residual = float(np.median(np.concatenate(residuals)))
    return Data(kinds, _followed(np.array(pencil)), residual, real.count(4), real.count(0))


def _residuals(
    conics: NDArray[np.complex128], points: NDArray[np.float64], lines: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The largest violation of a condition, for each conic."""
    duals = np.array([adjugate(c) for c in conics])
    on = abs(np.einsum("pi,sij,pj->sp", points, conics, points))
    touch = abs(np.einsum("pi,sij,pj->sp", lines, duals, lines))
    return np.asarray(np.concatenate([on, touch], axis=1).max(axis=1))


def _followed(pencil: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """The two conics of each height in such an order that neither jumps."""
    for before, pair in pairwise(pencil):
        spheres = [[_on_sphere(c) for c in conics] for conics in (before, pair)]
        stays = sum(np.linalg.norm(spheres[0][s] - spheres[1][s]) for s in (0, 1))
        swaps = sum(np.linalg.norm(spheres[0][s] - spheres[1][1 - s]) for s in (0, 1))
        if swaps < stays:
            pair[:] = pair[::-1].copy()
    return pencil


def _line_pair(a: int, b: int, c: int, d: int) -> NDArray[np.float64]:
    """The conic that is the line through corners a, b and the line through c, d; norm 1."""
    first, second = np.cross(CORNERS[a], CORNERS[b]), np.cross(CORNERS[c], CORNERS[d])
    pair = np.outer(first, second) + np.outer(second, first)
    return np.asarray(pair / np.linalg.norm(pair))


def _on_sphere(conic: NDArray[np.complex128] | NDArray[np.float64]) -> NDArray[np.float64]:
    """A conic s·A + t·B through the four corners as the point (s : t) of the Riemann sphere.

    Real conics are on the equator, complex conjugates opposite each other across it.
    """
    basis = np.stack([_line_pair(0, 1, 2, 3).ravel(), _line_pair(0, 3, 1, 2).ravel()], axis=1)
    s, t = np.linalg.lstsq(basis.astype(complex), conic.ravel(), rcond=None)[0]
    cross = s * np.conj(t)
    size = abs(s) ** 2 + abs(t) ** 2
    x, y = np.array([abs(s) ** 2 - abs(t) ** 2, 2 * cross.real]) / size
    # Turned a little, lest the pairs of lines hide behind the outline.
    return np.array([0.6 * x - 0.8 * y, 0.8 * x + 0.6 * y, 2 * cross.imag / size])


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    rng = np.random.default_rng(1975)
    found = {torus_intersections(P, Q, rng) for _ in range(ELIMINATIONS)}
    assert found == {mixed_area(P, Q)}
    cells = [double_area(cell) for cell in MIXED]
    assert sum(cells) == 2 * mixed_area(P, Q)
    assert [double_area(cell) for cell in COPIES] == [double_area(P), double_area(Q)]
    assert sum(cells) + double_area(P) + double_area(Q) == double_area(minkowski_sum(P, Q))
    for d in DEGREES:
        assert plane_curves(d, 0) == kontsevich(d)
    for delta in range(4):
        points = comb(5, 2) + 4 - delta
        assert lattice_path_count(triangle(4), points) == severi_degree(4, delta)
    share = data.four_real / REALITY_TRIALS
    expected = 1 - 6 / np.pi**2
    return {
        **{f"conics_{k}": number(characteristic_number(k), "d") for k in range(6)},
        **{f"lost_{k}": number(lost_to_double_lines(k), "d") for k in range(6)},
        **{f"bezout_{k}": number(2**k, "d") for k in range(6)},
        "tangent": number(conics_tangent_to_five_conics(), "d"),
        "bezout": number(6**5, "d"),
        "trials": number(TRIALS, "d"),
        "residual": at_most(data.residual, -14),
        "reality_trials": number(REALITY_TRIALS, ",d"),
        "four_real": number(100 * share, ".1f", 0.2),
        "none_real": number(100 * data.none_real / REALITY_TRIALS, ".1f", 0.2),
        "unclear": number(REALITY_TRIALS - data.four_real - data.none_real, "d", 5),
        "four_expected": number(100 * expected, ".1f"),
        "four_error": number(100 * np.sqrt(expected * (1 - expected) / REALITY_TRIALS), ".1f"),
        **{f"rational_{d}": number(kontsevich(d), ",d") for d in DEGREES},
        **{f"degree_{d}": number(d, "d") for d in DEGREES},
        **{f"points_{d}": number(3 * d - 1, "d") for d in DEGREES},
        **{f"nodes_{d}": number(comb(d - 1, 2), "d") for d in DEGREES},
        **{f"severi_{d}": number(severi_degree(d, comb(d - 1, 2)), ",d") for d in DEGREES},
        "quartic_reducible": number(severi_degree(4, 3) - kontsevich(4), "d"),
        "quartic_choices": number(comb(11, 2), "d"),
        "mixed": number(mixed_area(P, Q), "d"),
        "mixed_bezout": number(2 * 3, "d"),
        "cell_0": number(cells[0] / 2, "g"),
        "cell_1": number(cells[1] / 2, "g"),
        "eliminations": number(ELIMINATIONS, "d"),
    }


def _curve(
    conic: NDArray[np.float64], start: NDArray[np.float64], window: float = 2.5
) -> NDArray[np.float64]:
    """Some 120 points of a real conic: where lines through ``start``, a point of it, meet it again.

    Of very many lines, the more the closer to the tangent (a conic may be two lines, or nearly),
    those are kept that make even steps in the window. Rows of nan part the branches of a hyperbola.
    """
    a, b, _ = (conic @ start).real
    angle = np.arctan2(-a, b) + 2 * np.arctan(np.exp(np.linspace(-14, 14, 20_001)))
    way = np.stack([np.cos(angle), np.sin(angle), np.zeros_like(angle)], axis=1)
    length = -2 * (way @ conic @ start) / np.einsum("pi,ij,pj->p", way, conic, way)
    curve = (start + length[:, None] * way)[:, :2]
    seen = np.flatnonzero(abs(curve).max(axis=1) < window)
    curve = curve[seen]
    step = np.linalg.norm(np.diff(curve, axis=0), axis=1)
    gap = (np.diff(seen) > 1) | (step > 0.5)
    along = np.concatenate([[0], np.cumsum(np.where(gap, 0, step))])
    even = np.searchsorted(along, np.linspace(0, along[-1], 119)).clip(max=len(curve) - 1)
    last = np.flatnonzero(gap)
    kept = np.unique(np.concatenate([even, last, last + 1, [0, len(curve) - 1]]))
    return np.insert(curve[kept], np.searchsorted(kept, last + 1), np.nan, axis=0)


def _draw_line(ax: Axes, line: NDArray[np.float64]) -> None:
    """The line ax + by + c = 0, long enough for any window."""
    foot, way = -line[2] * line[:2], np.array([-line[1], line[0]])
    ends = np.stack([foot - 9 * way, foot + 9 * way]) / (line[:2] @ line[:2])
    ax.plot(*ends.T, color=MUTED, lw=0.9)


def _frame(ax: Axes, window: float) -> None:
    ax.set(xlim=(-window, window), ylim=(-window, window), aspect="equal", xticks=[], yticks=[])
    ax.spines[:].set(visible=True, color=GRID)


def _draw_kind(ax: Axes, data: Data, k: int) -> None:
    """The conics through 5 − k points and tangent to k lines."""
    for line in LINES[:k]:
        _draw_line(ax, line)
    for conic, colour, dash in zip(
        data.kinds[k],
        (C1, C2, C3, C4),
        ("-", (0, (5, 1.5)), "-", (0, (5, 1.5, 1, 1.5))),
        strict=False,
    ):
        point = POINTS[k] if k < 5 else (adjugate(conic) @ LINES[0]).real
        ax.plot(*_curve(conic, point / point[2]).T, color=colour, ls=dash, lw=1.3)
    ax.plot(*POINTS[k:, :2].T, "o", color=INK, ms=3.5)


@figure(
    "Conics through points and tangent to lines",
    "Six drawings, with five points and no line, four points and one line, and so on to no point "
    "and five lines. They show one, two, four, four, two and one curve through the points that "
    "touch the lines: ellipses, and parts of hyperbolas that leave the picture.",
)
def kinds(data: Data) -> Figure:
    """A panel for each k."""
    fig, found = panels(2, 3, height=3.4)
    for k, ax in enumerate(found):
        _draw_kind(ax, data, k)
        _frame(ax, WINDOW)
        ax.set_title(f"$N_{k}={len(data.kinds[k])}$")
    return fig


def _frames(data: Data) -> list[str]:
    real = ["two real conics" if is_real(pair).all() else "a complex pair" for pair in data.pencil]
    return [f"height {h:.1f}: {r}".replace("-", "−") for h, r in zip(HEIGHTS, real, strict=True)]


@moving(
    "A line passes over four points",
    "On the left four points, a nearly horizontal line, and the two conics through the points that "
    "touch it; on the right a sphere with an equator and two marks. While the line has an even "
    "number of points below it, both conics are drawn and the marks are on the equator. When it "
    "has an odd number below, no conic is drawn and the marks are one above the other, on both "
    "sides of the equator.",
    label="height of the line",
    frames=_frames,
    still=3,
)
def pencil(data: Data, frame: int) -> Figure:
    """The line at one height."""
    fig, (left, right) = panels(1, 2, height=2.45)
    _draw_line(left, np.array([SLOPE, -1, HEIGHTS[frame]]))
    turn = np.linspace(0, 2 * np.pi, 121)
    right.plot(np.cos(turn), np.sin(turn), color=MUTED, lw=0.9)
    right.plot(np.cos(turn), 0.35 * np.sin(turn), color=GRID, lw=1.2)
    for pair in ((0, 1, 2, 3), (0, 3, 1, 2), (0, 2, 1, 3)):
        x, y, _ = _on_sphere(_line_pair(*pair))
        right.plot(x, 0.35 * y, "x", color=MUTED, ms=5)
    for conic, colour, mark in zip(data.pencil[frame], (C1, C2), ("o", "s"), strict=True):
        # Something must be drawn in every frame: a complex conic hides behind a corner.
        curve = np.tile(CORNERS[0, :2], (121, 1))
        if is_real(conic):
            curve = _curve(real_matrix(conic), CORNERS[0])
        left.plot(*curve.T, color=colour, ls="-" if mark == "o" else "--")
        x, y, z = _on_sphere(conic)
        right.plot(x, 0.35 * y + np.sqrt(1 - 0.35**2) * z, mark, color=colour, ms=6)
    left.plot(*CORNERS[:, :2].T, "o", color=INK)
    _frame(left, WINDOW)
    _frame(right, 1.15)
    left.set_title("the real conics")
    right.set_title("all conics of the pencil")
    return fig


@figure(
    "A mixed area",
    "A pentagon with corners (0, 0), (4, 0), (4, 1), (2, 3), (0, 3) on a grid of lattice points, "
    "cut into a triangle, which is P, a rectangle, which is Q, and two parallelograms of areas 2 "
    "and 4, which make up the mixed area 6.",
)
def mixed(data: Data) -> Figure:
    """P + Q and its pieces."""
    fig, ax = axes(height=2.5)
    for cells, colour, strength in ((COPIES, GRID, 0.5), (MIXED, C1, 0.35)):
        for cell in cells:
            ax.fill(*np.array(cell).T, color=colour, alpha=strength, lw=0)
            ax.plot(*np.array([*cell, cell[0]]).T, color=INK, lw=1)
    points = np.array([(x, y) for x in range(6) for y in range(4)])
    ax.plot(*points.T, ".", color=MUTED, ms=3)
    words = ("$P$", "$Q$", f"{double_area(MIXED[0]) // 2}", f"{double_area(MIXED[1]) // 2}")
    for cell, word in zip((*COPIES, *MIXED), words, strict=True):
        x, y = np.mean(cell, axis=0)
        ax.text(x, y, word, ha="center", va="center", fontsize=12)
    ax.grid(visible=False)
    ax.set(xlim=(-0.3, 5.3), ylim=(-0.3, 3.3), aspect="equal")
    ax.set_xlabel("exponent of $x$")
    ax.set_ylabel("exponent of $y$")
    ax.set_yticks(range(4))
    return fig


@figure("Conics", "Four conics through three points that touch two lines.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    _draw_kind(ax, data, 2)
    ax.set(xlim=(-2.1, 2.1), ylim=(-1.4, 1.4))
    return fig
