"""What the page on discrete denoising in continuous time shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb

from companions.drawing import (
    C1,
    C2,
    C3,
    C4,
    GRID,
    INK,
    MEETING,
    MUTED,
    axes,
    panels,
    thumbnail,
)
from companions.study import at_most, figure, moving, number
from companions.tau_ldr import (
    chi_square_decay,
    corrector_generator,
    gaussian_rate,
    gaussian_target,
    hellinger,
    leap,
    noised_law,
    product_law,
    rate_scale,
    rate_scale_integral,
    reverse_rates,
    sampler_error,
    sampler_laws,
    spectral_gap,
    tau_picture,
    total_variation,
    transition,
)
from companions.tau_ldr_bound import Terms, compare, flip_rate, ising_law

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: The grid, half the size of the paper's, and its noise: widths of target and of a jump.
S, SIGMA_0, SIGMA_R = 16, 4.0, 1.0
#: Evaluations of the rates, and those of the moving picture.
NFE = (10, 20, 40, 80, 160, 320)
SHOWN = 20
#: Budgets spent half on corrector steps, and the length of one in predictor steps.
BUDGETS, CORRECTOR_STEP = (10, 20, 40, 80), 0.5
#: The frame of the moving picture at which the corrector's decay is measured.
AT_CORRECTOR = 18
#: Theorem 1: spins in a chain, how much neighbours agree, how much they point up.
DIMENSIONS = tuple(range(1, 9))
COUPLING, FIELD, BOUND_T, BOUND_STEPS = 0.3, 0.2, 6.0, 60


class Data(NamedTuple):
    """Laws, errors and bounds."""

    times: list[float]
    #: Of shape (frames, S, S).
    exact: NDArray[np.float64]
    sampled: NDArray[np.float64]
    #: Of the plain sampler, by NFE.
    total_variation: NDArray[np.float64]
    hellinger: NDArray[np.float64]
    #: Of the sampler with one corrector step after each predictor step, by BUDGETS.
    corrected: NDArray[np.float64]
    #: Theorem 1's terms, the sampler's error and its start's, by DIMENSIONS.
    bounds: list[tuple[Terms, float, float]]


def _problem() -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """p_data, R_b and p_ref."""
    pi = gaussian_target(S, SIGMA_0)
    return tau_picture(S), gaussian_rate(S, SIGMA_0, SIGMA_R), product_law(pi, 2)


def _exact(t: float) -> NDArray[np.float64]:
    p, R_b, _ = _problem()
    return noised_law(p, transition(R_b, rate_scale_integral(t)))


def compute() -> Data:
    """The law of the sampler at every budget, and Theorem 1 for chains of spins."""
    p, R_b, p_ref = _problem()
    path = list(sampler_laws(p, R_b, p_ref, SHOWN))
    ends = [list(sampler_laws(p, R_b, p_ref, n))[-1][1] for n in NFE]
    corrected = [
        sampler_error(p, R_b, p_ref, n, correctors=1, corrector_step=CORRECTOR_STEP)
        for n in BUDGETS
    ]
    uniform = np.array([0.5, 0.5])
    bounds = [
        compare(
            ising_law(D, COUPLING, FIELD),
            flip_rate(),
            product_law(uniform, D),
            BOUND_T,
            BOUND_STEPS,
        )
        for D in DIMENSIONS
    ]
    return Data(
        [t for t, _ in path],
        np.array([_exact(t) for t, _ in path]),
        np.array([law for _, law in path]),
        np.array([total_variation(law, p) for law in ends]),
        np.array([hellinger(law, p) for law in ends]),
        np.array(corrected),
        bounds,
    )


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    p, R_b, p_ref = _problem()
    errors = dict(zip(NFE, data.total_variation, strict=True))
    lag = [
        total_variation(sampled, before)
        for sampled, before in zip(data.sampled[1:], data.exact[:-1], strict=True)
    ]
    q, start = data.exact[AT_CORRECTOR], data.sampled[AT_CORRECTOR]
    R_c = corrector_generator(q, rate_scale(data.times[AT_CORRECTOR]) * R_b)
    flow = q.reshape(-1, 1) * R_c
    # The last of the predictor leaps, from the exact law.
    tau = 2 / BUDGETS[-1]
    last = leap(_exact(tau), reverse_rates(_exact(tau), rate_scale(tau) * R_b), tau)
    gap = spectral_gap(R_c, q)
    decay = chi_square_decay(R_c, q, start, np.array([0.0, 1 / gap]))
    terms = [bound[0] for bound in data.bounds]
    true = [error for _, error, _ in data.bounds]
    return {
        "S": number(S, "d"),
        "states": number(S**2, "d"),
        "sigma_0": number(SIGMA_0, "g"),
        "sigma_r": number(SIGMA_R, "g"),
        "noise": number(rate_scale_integral(1.0), "g"),
        "start": number(total_variation(data.exact[0], p_ref), ".2g"),
        "leaps": number(SHOWN, "d"),
        "fewest": number(NFE[0], "d"),
        "most": number(NFE[-1], "d"),
        "half_most": number(NFE[-2], "d"),
        "error_shown": number(errors[SHOWN]),
        "before_last": number(total_variation(data.sampled[-2], data.exact[-2])),
        "lag_last": number(lag[-1], ".3f"),
        "lag_before_last": number(lag[-2], ".3f"),
        "outside": number(100 * data.sampled[-1][p == 0].sum(), ".0f", 1e-6),
        "error_most": number(errors[NFE[-1]]),
        "halving": number(errors[NFE[-2]] / errors[NFE[-1]], ".2f"),
        "halving_early": number(errors[NFE[0]] / errors[NFE[1]], ".2f"),
        "halving_hellinger": number(data.hellinger[-2] / data.hellinger[-1], ".2f"),
        "hellinger_most": number(data.hellinger[-1]),
        "budget": number(BUDGETS[-1], "d"),
        "predictors": number(BUDGETS[-1] // 2, "d"),
        "corrector_step": number(CORRECTOR_STEP, "g"),
        "error_budget": number(errors[BUDGETS[-1]]),
        "error_corrected": number(data.corrected[-1]),
        "error_predictors": number(errors[BUDGETS[-1] // 2]),
        "last_leap": number(total_variation(last, p)),
        "t_corrector": number(data.times[AT_CORRECTOR], "g"),
        "balance": at_most(float(np.abs(flow - flow.T).max()), -15),
        "gap": number(gap),
        "decay": number(100 * decay[1] / decay[0], ".2g", 1e-6),
        "decay_gap": number(100 * np.exp(-2), ".3g"),
        "dimensions": number(DIMENSIONS[-1], "d"),
        "coupling": number(COUPLING, "g"),
        "field": number(FIELD, "g"),
        "bound_T": number(BOUND_T, "g"),
        "bound_steps": number(BOUND_STEPS, "d"),
        "leap_term": number(terms[-1].leaps, ",.0f"),
        "start_term": number(terms[-1].start, ".2f"),
        "true_error": number(true[-1], ".2f"),
        "true_start": number(data.bounds[-1][2], ".1e", 1e-9),
        "leap_growth": number(terms[-1].leaps / terms[3].leaps),
        "true_growth": number(true[-1] / true[3], ".2g"),
        "half_dimensions": number(DIMENSIONS[3], "d"),
    }


def _squares(ax: Axes, laws: NDArray[np.float64], frame: int) -> None:
    """A law on the grid: one square a state, the stronger the likelier; those that ever show."""
    full = laws.max()
    y, x = np.nonzero(laws.max(axis=0) > 0.02 * full)
    # Never quite none or full, for which matplotlib would write another element.
    strength = np.clip(np.round(laws[frame, y, x] / full, 2), 0.01, 0.99)
    corners = np.moveaxis(np.array([[x, x + 1, x + 1, x], [y, y, y + 1, y + 1]]), -1, 0)
    squares = PolyCollection(
        list(corners.swapaxes(1, 2)),
        facecolors=[(*to_rgb(C1), s) for s in strength],
        lw=0,
        clip_on=False,
        gid=MEETING,
    )
    ax.add_collection(squares)
    ax.set(xlim=(0, S), ylim=(S, 0), xticks=[], yticks=[], aspect="equal")
    ax.grid(visible=False)
    for spine in ax.spines.values():
        spine.set(visible=True, color=GRID)


@moving(
    "A letter being denoised",
    "Two grids of squares, the stronger the likelier. Left the exact law of the noised data, right "
    "that of the sampler. At time one both are a broad round blot. As time falls both contract to "
    "the letter tau; at time zero the left grid shows it sharply and the right one blurred.",
    label="time",
    frames=lambda data: [
        f"t = {t:.2f}, total variation {total_variation(exact, sampled):.3f}"
        for t, exact, sampled in zip(data.times, data.exact, data.sampled, strict=True)
    ],
    still=SHOWN,
)
def law(data: Data, frame: int) -> Figure:
    """The exact law of the noised data, and the law of the sampler, at one time."""
    fig, (left, right) = panels(1, 2, height=2.45)
    _squares(left, data.exact, frame)
    _squares(right, data.sampled, frame)
    left.set_title("exact law $q_t$")
    right.set_title(f"law of the sampler, {SHOWN} leaps")
    return fig


@figure(
    "Error of the sampler against the number of leaps",
    "Three curves that fall with the number of evaluations, on logarithmic axes. The total "
    "variation of the plain sampler comes to fall along a dotted line of slope minus one, its "
    "Hellinger distance along one of slope minus one half. With half the budget spent on "
    "correctors the total variation is larger throughout.",
)
def error(data: Data) -> Figure:
    """Distances to the data along the budget."""
    fig, ax = axes()
    n = np.array(NFE)
    ax.plot(n, data.hellinger, "s--", color=C2, label="Hellinger, predictors only")
    ax.plot(BUDGETS, data.corrected, "^-.", color=C4, label="total variation, half correctors")
    ax.plot(n, data.total_variation, "o-", color=C1, label="total variation, predictors only")
    last = n[-3:]
    for end, slope, where, below in (
        (data.total_variation[-1], -1.0, (130, 0.066), "$-1$"),
        (data.hellinger[-1], -0.5, (170, 0.21), r"$-\frac{1}{2}$"),
    ):
        ax.plot(last, 0.9 * end * (last / n[-1]) ** slope, ":", color=MUTED)
        ax.annotate(f"slope {below}", where, ha="right" if slope == -1 else "left", color=MUTED)
    ax.set(xscale="log", yscale="log", ylim=(0.02, 0.9))
    ax.set_xticks(NFE, [str(k) for k in NFE])
    ax.set_yticks([0.02, 0.05, 0.1, 0.2, 0.5], ["0.02", "0.05", "0.1", "0.2", "0.5"])
    ax.minorticks_off()
    ax.set(xlabel="evaluations of the rates", ylabel="distance to the data")
    ax.legend(loc="lower left")
    return fig


@figure(
    "The terms of the bound and the truth",
    "Three curves against the dimension, on a logarithmic scale. The term of the leaps rises from "
    "about six to about four thousand, the term of the start from a half to eighteen hundredths, "
    "and the true error, lowest, from one hundredth to one tenth.",
)
def bound(data: Data) -> Figure:
    """Theorem 1's two terms for exact rates, and the sampler's error, by dimension."""
    fig, ax = axes(height=2.6)
    D = np.array(DIMENSIONS)
    terms = [found[0] for found in data.bounds]
    ax.plot(D, [term.leaps for term in terms], "s--", color=C2, label="term of the leaps")
    ax.plot(D, [term.start for term in terms], "^-.", color=C3, label="term of the start")
    ax.plot(D, [found[1] for found in data.bounds], "o-", color=INK, label="true error")
    ax.axhline(1, color=MUTED, lw=0.8, ls=":")
    ax.set(yscale="log", xlabel="dimension $D$", ylabel="total variation", ylim=(0.003, 1e4))
    ax.set_xticks(D)
    ax.legend(loc="center right", bbox_to_anchor=(1, 0.62))
    return fig


@figure("A letter, blurred", "The letter tau, a little blurred.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    _squares(ax, data.sampled[-1:], 0)
    return fig
