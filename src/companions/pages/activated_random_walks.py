"""What the page on activated random walks shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.activated_random_walks import (
    asymptotic_flux,
    critical_density,
    density,
    driven_densities,
    mean_flux,
    simulate_queue,
    stabilised_all_ones,
    stationary_law,
    stationary_mean_visits,
    total_variation,
    visit_laws,
)
from companions.drawing import C1, C2, C3, C4, INK, MUTED, axes, panels, thumbnail
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: The directed walks: sleep rate, densities around the critical one, lengths of the road.
LAMBDA = 1.0
ZETA = np.linspace(0.3, 0.7, 25)
LENGTHS = (10, 100, 1000)
#: How far from criticality the decay of the flux is followed, and where its order is read off.
OFF = 0.1
#: The realisation drawn: sites, and where they are drawn.
SITES, EVERY, SEED = 600, 5, 2017
#: The symmetric interval: its length, sleep rates, particles added per site.
L, RATES, PER_SITE = 5, (0.25, 1.0, 4.0), 3


class Data(NamedTuple):
    """Curves of the figures; flux has a row for each ζ and a column for each length."""

    flux: NDArray[np.float64]
    paths: NDArray[np.int64]
    excess: NDArray[np.float64]
    mean_visits: float
    driven: NDArray[np.float64]
    stationary: NDArray[np.float64]
    gap: float
    lengths: NDArray[np.float64]


def _bernoulli(zeta: float) -> NDArray[np.float64]:
    return np.array([1 - zeta, zeta])


def _path(zeta: float) -> NDArray[np.int64]:
    """Visits to the sites; the same random numbers whatever the density."""
    rng = np.random.default_rng(SEED)
    eta = (rng.random(SITES) < zeta).astype(np.int64)
    visits = simulate_queue(eta, LAMBDA, rng)[0]
    return np.concatenate([[0], visits[EVERY - 1 :: EVERY]])


def compute() -> Data:
    """Exact fluxes, one realisation, and the interval by linear algebra."""
    at = np.array(LENGTHS) - 1
    flux = np.array([mean_flux(_bernoulli(z), LAMBDA, LENGTHS[-1])[at] for z in ZETA])
    b = critical_density(LAMBDA)
    shifts = (-OFF, 0.0, OFF)
    excess = np.array(
        [
            mean_flux(_bernoulli(b + s), LAMBDA, LENGTHS[-1]) - asymptotic_flux(b + s, LAMBDA)
            for s in shifts
        ]
    )
    last = visit_laws(_bernoulli(b - OFF), LAMBDA, LENGTHS[-1])[-1]
    ones = [stabilised_all_ones(n, LAMBDA) for n in range(1, L + 1)]
    gaps = [total_variation(stationary_law(n, LAMBDA), law) for n, law in enumerate(ones, 1)]
    return Data(
        flux,
        np.array([_path(z) for z in ZETA]),
        excess,
        float(last @ np.arange(last.size)),
        np.array([driven_densities(L, lam, PER_SITE * L) for lam in RATES]),
        np.array([density(stabilised_all_ones(L, lam)) for lam in RATES]),
        max(gaps),
        np.array([density(law) for law in ones]),
    )


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    b, x = critical_density(LAMBDA), LENGTHS[-1]
    predicted = float(np.sqrt(4 * b * (1 - b) / (np.pi * x)))
    orders = [float(np.log2(row[x // 2 - 1] / row[x - 1])) for row in data.excess]
    zeta = b - OFF
    return {
        "lambda": number(LAMBDA, "g"),
        "x": number(x, "d"),
        "flux_critical": number(data.excess[1, -1], ".4f"),
        "flux_predicted": number(predicted, ".4f"),
        "order_below": number(orders[0], ".2f"),
        "order_critical": number(orders[1], ".2f"),
        "zeta_below": number(zeta, "g"),
        "mean_visits": number(data.mean_visits, ".4g"),
        "queue_error": at_most(
            data.mean_visits - stationary_mean_visits(zeta, zeta * (1 - zeta), LAMBDA), -5
        ),
        "off": number(OFF, "g"),
        "duality": at_most(float(np.abs(data.excess[0] - data.excess[2]).max()), -12),
        "L": number(L, "d"),
        "gap": at_most(data.gap, -12),
        "one_site": number(data.lengths[0], "g"),
        "five_sites": number(data.lengths[-1], ".3f"),
        "after_one": number(data.driven[1, L], ".3f"),
        "after_all": number(data.driven[1, -1], ".3f"),
        "per_site": number(PER_SITE, "d"),
    }


@moving(
    "Flux through the transition",
    "Above, the number of particles that pass each site of a long road, in one realisation, with a "
    "dashed straight line for its mean growth; below, the mean flux against the density of "
    "particles, for roads of 10, 100 and 1000 sites and in the limit, with a mark at the density "
    "of the picture above. Below density one half the number that pass stays small everywhere. "
    "Above, it grows in proportion to the distance, along the dashed line. At one half it wanders. "
    "The curves of the flux come down to a line that is zero up to one half and then rises.",
    label="density",
    frames=lambda data: [f"ζ = {zeta:.3f}" for zeta in ZETA],
    still=18,
)
def flux(data: Data, frame: int) -> Figure:
    """One realisation of the queue, and the exact mean flux."""
    fig, (top, bottom) = panels(2, 1, height=4.4)
    x, zeta = np.arange(0, SITES + 1, EVERY), float(ZETA[frame])
    top.plot(x, data.paths[frame], color=C1, lw=1.2)
    top.plot([0, SITES], [0, asymptotic_flux(zeta, LAMBDA) * SITES], "--", color=MUTED)
    top.set(xlim=(0, SITES), ylim=(-2, 130))
    top.set_xlabel("site $x$")
    top.set_ylabel("particles passing, $N_x$")
    for k, (colour, dash) in enumerate(((C4, ":"), (C3, "-."), (C2, "--"))):
        bottom.plot(ZETA, data.flux[:, k], dash, color=colour, label=f"$x={LENGTHS[k]}$")
    limit = [asymptotic_flux(float(z), LAMBDA) for z in ZETA]
    bottom.plot(ZETA, limit, color=INK, label=r"$x\to\infty$")
    bottom.plot([zeta], [asymptotic_flux(zeta, LAMBDA)], "o", color=C1, ms=6)
    bottom.set(xlim=(ZETA[0], ZETA[-1]), ylim=(-0.008, 0.26))
    bottom.set_xlabel(r"density $\zeta$")
    bottom.set_ylabel("mean flux")
    bottom.legend(loc="upper left")
    return fig


@figure(
    "How fast the flux approaches its limit",
    "The excess of the mean flux over its limit against the length of the road, on logarithmic "
    "axes. Equally far below and above criticality it is the same, a curve that becomes a line of "
    "slope minus one. At criticality the slope is minus one half, and the curve approaches a "
    "dotted line, the prediction of the reflected walk.",
)
def decay(data: Data) -> Figure:
    """The excess of the mean flux along x, and its asymptote at criticality."""
    fig, ax = axes()
    x = np.unique(np.geomspace(1, LENGTHS[-1], 60).astype(int))
    b = critical_density(LAMBDA)
    below, critical, above = data.excess
    ax.plot(x, below[x - 1], "-", color=C3, label=rf"$\zeta=\zeta_c-{OFF:g}$")
    some = x[::5]
    ax.plot(some, above[some - 1], "s", color=C2, label=rf"$\zeta=\zeta_c+{OFF:g}$")
    ax.plot(x, critical[x - 1], "--", color=C1, label=r"$\zeta=\zeta_c$")
    asymptote = np.sqrt(4 * b * (1 - b) / (np.pi * x))
    ax.plot(x, asymptote, ":", color=INK, label=r"$\sqrt{4b(1-b)/\pi x}$")
    ax.set(xscale="log", yscale="log", xlim=(1, x[-1]))
    ax.set_xlabel("length of the road $x$")
    ax.set_ylabel("mean flux minus its limit")
    ax.legend(loc="lower left")
    return fig


@figure(
    "A system that finds its own density",
    "Three curves of the mean density of sleeping particles in an interval of five sites against "
    "the number of particles added per site, for three sleep rates. All begin along the dashed "
    "diagonal, on which nothing is lost, bend, and level off at their own stationary densities, "
    "marked by dotted lines: the sleepier the particles, the higher.",
)
def driven(data: Data) -> Figure:
    """Density after so many additions, from an empty interval."""
    fig, ax = axes()
    added = np.arange(PER_SITE * L + 1) / L
    ax.plot([0, 1], [0, 1], "--", color=MUTED, lw=1, label="all stay")
    styles = zip(RATES, (C1, C2, C4), "os^", data.driven, data.stationary, strict=True)
    for lam, colour, marker, row, limit in styles:
        ax.plot(added, row, marker + "-", color=colour, label=rf"$\lambda={lam:g}$")
        ax.axhline(limit, color=colour, lw=0.9, ls=":")
    ax.set(xlim=(0, PER_SITE), ylim=(0, 1))
    ax.set_xlabel("particles added per site")
    ax.set_ylabel("density of sleepers")
    ax.legend(loc="lower right", ncol=2)
    return fig


@figure("Three roads", "Numbers of particles passing: few, wandering, and steadily more.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    x = np.arange(0, SITES + 1, EVERY)
    for frame, colour in ((18, C2), (12, C1), (6, C3)):
        ax.fill_between(x, data.paths[frame], color=colour, alpha=0.2, lw=0)
        ax.plot(x, data.paths[frame], color=colour, lw=1.2)
    ax.set_ylim(0, None)
    return fig
