"""What the page on unsupervised environment design shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from companions.drawing import C1, C2, C3, INK, MUTED, axes, panels, thumbnail
from companions.environment_design import (
    EXAMPLE,
    domain_randomisation,
    duality_gap,
    maximin,
    minimax_regret,
    mixed_counterexample,
    multiplicative_weights,
    pure_minimax_regret,
    regret,
    succeeds_where_possible,
    theorem_1_applies,
    weights_bound,
)
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.environment_design import Solution
    from companions.study import Result

POLICIES = ("stay", "dash", "search")
ENVIRONMENTS = ("open", "open too", "maze", "walled in")
COLOURS = (C2, C1, C3)
#: Lengths of play, each with learning rates of its own.
ROUNDS = np.unique(np.geomspace(2, 4096, 23).astype(int))
#: The counterexample of the text: environments, and what the policy that never fails returns.
N, SAFE = 3, 0.6


class Data(NamedTuple):
    """Solutions of the example by criterion, and what play of so many rounds comes to."""

    solutions: dict[str, Solution]
    plays: list[Solution]
    gaps: NDArray[np.float64]
    promised: NDArray[np.float64]


def compute() -> Data:
    """Solve the example by linear programming and by play."""
    R = regret(EXAMPLE)
    plays = [multiplicative_weights(R, int(T)) for T in ROUNDS]
    return Data(
        {
            "maximin": maximin(EXAMPLE),
            "randomisation": domain_randomisation(EXAMPLE),
            "regret": minimax_regret(EXAMPLE),
        },
        plays,
        np.array([duality_gap(R, play.policy, play.environments) for play in plays]),
        np.array([weights_bound(R, int(T)) for T in ROUNDS]),
    )


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    R = regret(EXAMPLE)
    found = data.solutions["regret"]
    numbers = {
        f"{name}_worst_regret": number(float((solution.policy @ R).max()))
        for name, solution in data.solutions.items()
    }
    shares = {
        f"regret_{policy.replace(' ', '_')}": number(100 * share, ".0f", 1e-6)
        for policy, share in zip(POLICIES, found.policy, strict=True)
    }
    hard = {
        f"hard_{name.replace(' ', '_')}": number(100 * share, ".0f", 1e-6)
        for name, share in zip(ENVIRONMENTS, found.environments, strict=True)
    }
    U, success = mixed_counterexample(N, SAFE)
    mixed = minimax_regret(U)
    assert theorem_1_applies(U, success)
    assert succeeds_where_possible(success)[pure_minimax_regret(U)].all()
    return {
        **numbers,
        **shares,
        **hard,
        "searching_return": number(EXAMPLE[2, 0], "g"),
        "moving_cost": number(-EXAMPLE[1, 3], "g"),
        "best_mean": number(data.solutions["randomisation"].value),
        "searching_mean": number(EXAMPLE[2].mean()),
        "searching_worst_regret": number(R[2].max()),
        "gap": at_most(duality_gap(R, found.policy, found.environments), -12),
        "rounds": number(ROUNDS[-1], ",d"),
        "play_gap": number(data.gaps[-1], ".2g", 1e-6),
        "play_bound": number(data.promised[-1], ".2g"),
        "environments": number(N, "d"),
        "safe": number(SAFE, "g"),
        "safe_regret": number(1 - SAFE, "g"),
        "mixed_regret": number(mixed.value, ".3f", 1e-7),
        "mixed_safe_share": number(100 * mixed.policy[-1], ".0f", 1e-6),
        "mixed_failure": number(100 / N, ".0f"),
    }


@figure(
    "Regret by environment, for three criteria",
    "Bars of the regret in each of four environments. Maximin, which stays, loses most in the "
    "two open ones; domain randomisation, which dashes, loses most in the maze; minimax regret "
    "loses the same moderate amount in the open environments, in the maze and walled in.",
)
def criteria(data: Data) -> Figure:
    """Grouped bars: environments, and in each the three criteria."""
    fig, ax = axes(height=2.7)
    R = regret(EXAMPLE)
    names = ("maximin", "domain randomisation", "minimax regret")
    for k, (name, solution) in enumerate(zip(names, data.solutions.values(), strict=True)):
        place = np.arange(4) + (k - 1) * 0.26
        heights = solution.policy @ R
        ax.bar(place, heights, 0.22, color=(C2, C1, C3)[k], label=name)
        # A bar of no height is a result, too.
        ax.plot(place, heights, "_", color=INK, ms=8, mew=1)
    ax.set_xticks(range(4), ENVIRONMENTS)
    ax.grid(visible=False, axis="x")
    ax.set(ylim=(0, 1.35), ylabel="expected regret")
    ax.legend(loc="upper center", ncols=3, columnspacing=1.0, handlelength=1.2)
    return fig


@moving(
    "Two learners find the equilibrium",
    "Above, the shares of the three policies in the average of play, next to marks where the "
    "linear programme has them; below, how far that average is from equilibrium against the "
    "number of rounds, on logarithmic axes, under the line of the guarantee. Play starts near "
    "equal shares and comes to the marks as the distance falls.",
    label="rounds of play",
    frames=lambda data: [
        f"{T} rounds, {gap:.3f} from equilibrium" for T, gap in zip(ROUNDS, data.gaps, strict=True)
    ],
    still=16,
)
def learning(data: Data, frame: int) -> Figure:
    """Average policy after so many rounds, and its distance from equilibrium."""
    fig, (top, bottom) = panels(2, 1, height=3.5)
    top.barh(range(3), data.plays[frame].policy, 0.55, color=COLOURS)
    best = data.solutions["regret"].policy
    top.plot(best, range(3), "|", color=INK, ms=16, mew=1.6, label="linear programme")
    top.set_yticks(range(3), POLICIES)
    top.set(xlim=(0, 1), xlabel="share of the average policy")
    top.grid(visible=False, axis="y")
    top.invert_yaxis()
    top.legend(loc="lower right")
    bottom.plot(ROUNDS, data.promised, "--", color=MUTED, label="guarantee")
    bottom.plot(ROUNDS, data.gaps, "-", color=C1, label="duality gap")
    bottom.plot(ROUNDS[frame : frame + 1], data.gaps[frame : frame + 1], "o", color=C2, ms=6)
    bottom.set(xscale="log", yscale="log", xlabel="rounds of play", ylabel="distance")
    bottom.legend(loc="lower left")
    return fig


@figure("Bars", "Bars of regret, equal for one criterion.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    R = regret(EXAMPLE)
    for k, solution in enumerate(data.solutions.values()):
        ax.bar(np.arange(4) + (k - 1) * 0.26, solution.policy @ R, 0.22, color=(C2, C1, C3)[k])
    ax.set(ylim=(0, 1.05), xlim=(-0.5, 3.5))
    return fig
