"""What the page on denoising Markov models shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.stats import beta as beta_law

from companions.denoising_markov import (
    ElboChain,
    cycle_generator,
    denoising_objective,
    elbo_chain,
    explicit_objective,
    implicit_objective,
    minimise_objective,
    noised_law,
    transition,
)
from companions.denoising_rotations import (
    angle_density,
    angle_score,
    haar_density,
    heat_kernel,
    heat_kernel_small_time,
    mean_trace,
)
from companions.denoising_wright_fisher import (
    TWO_HUMPS,
    ancestral_density,
    noised_score,
    objective_gap,
    spectral_density,
)
from companions.drawing import C1, C2, C3, INK, MUTED, axes, panels, thumbnail
from companions.study import at_most, figure, moving, number

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from numpy.typing import NDArray

    from companions.study import Result

#: Walks on eight states, (right, left): one reversible, one that drifts; the data; the duration.
RATES = ((0.7, 0.7), (1.1, 0.3))
DATA = np.array([0.30, 0.02, 0.02, 0.20, 0.02, 0.02, 0.40, 0.02])
DURATION = 3.0
#: β_t = q_t exp(s cos(2πx/8)) for these s.
WRONG = (0.0, 0.25, 0.5, 0.75, 1.0)
#: Time at which one objective is looked at, and the seed of the β that is tried there.
AT, SEED = 0.5, 3
#: Wright–Fisher: mutation, times of the moving picture, and those of the checks.
ALPHA = (2.0, 2.0)
TIMES = np.geomspace(1.5, 0.02, 21)
T_DENSITY, T_GAP = 0.15, 0.05
#: Rotations: times drawn, and that of the text.
T_ROTATION = (0.1, 0.4, 1.5)
T_TRACE = 0.4


class Data(NamedTuple):
    """Chains of bounds on the cycle, and what the simplex shows at each time."""

    chains: list[ElboChain]
    x: NDArray[np.float64]
    #: Density and drift of the reverse diffusion, shape (times, points).
    densities: NDArray[np.float64]
    drifts: NDArray[np.float64]


def _forward_drift(x: NDArray[np.float64]) -> NDArray[np.float64]:
    return (ALPHA[0] * (1 - x) - ALPHA[1] * x) / 2


def compute() -> Data:
    """The ELBO for β that is more and more wrong; densities and reverse drifts."""
    R = cycle_generator(8, *RATES[1])
    tilt = np.cos(2 * np.pi * np.arange(8) / 8)

    def chain(s: float) -> ElboChain:
        def beta(t: float) -> NDArray[np.float64]:
            return noised_law(R, DATA, t) * np.exp(s * tilt)

        return elbo_chain(beta, R, DATA, np.full(8, 1 / 8), DURATION)

    chains = [chain(s) for s in WRONG]
    x = np.linspace(0, 1, 81)
    inside = np.clip(x, 1e-6, 1 - 1e-6)
    densities, drifts = [], []
    for t in TIMES:
        q, score, _ = noised_score(inside, float(t), TWO_HUMPS, ALPHA)
        densities.append(q)
        # a' + a ∂log q − b for a = x(1−x), the general reversal in this case.
        drifts.append(1 - 2 * x + inside * (1 - inside) * score - _forward_drift(x))
    return Data(chains, x, np.array(densities), np.array(drifts))


def _slips(R: NDArray[np.float64]) -> tuple[float, float, float]:
    """Of the explicit form, of the denoising form, and of the minimiser, at a random β."""
    q = noised_law(R, DATA, AT)
    beta = q * np.exp(0.5 * np.random.default_rng(SEED).standard_normal(8))
    implicit = implicit_objective(beta, q, R) - implicit_objective(q, q, R)
    to = transition(R, AT)
    denoising = denoising_objective(beta, DATA, to, R) - denoising_objective(q, DATA, to, R)
    explicit = explicit_objective(beta, q, R)
    minimiser = np.abs(minimise_objective(q, R) - q).max()
    return abs(implicit - explicit), abs(denoising - explicit), float(minimiser)


def results(data: Data) -> dict[str, Result]:
    """The numbers of the text."""
    slips = np.array([_slips(cycle_generator(8, *rates)) for rates in RATES])
    exact, wrong = data.chains[0], data.chains[2]
    x = np.linspace(0.01, 0.99, 99)
    two_ways = max(
        np.abs(
            spectral_density(x_0, x, T_DENSITY, ALPHA) - ancestral_density(x_0, x, T_DENSITY, ALPHA)
        ).max()
        for x_0 in (0.1, 0.5, 0.8)
    )
    gap, fisher = objective_gap(
        lambda x: np.sin(3 * x), lambda x: 3 * np.cos(3 * x), T_GAP, TWO_HUMPS, ALPHA
    )
    z, w = np.polynomial.legendre.leggauss(200)
    omega, w = (z + 1) * np.pi / 2, w * np.pi / 2
    rotations = []
    for t in T_ROTATION:
        mass = w * angle_density(omega, t)
        rotations += [mass.sum() - 1, (mass * (1 + 2 * np.cos(omega))).sum() - mean_trace(t)]
        rotations += list(heat_kernel(omega, t) - heat_kernel_small_time(omega, t))
    chain_slip = max(abs(chain.data - chain.bound - chain.path_divergence) for chain in data.chains)
    return {
        "right": number(RATES[1][0], "g"),
        "left": number(RATES[1][1], "g"),
        "both": number(RATES[0][0], "g"),
        "at": number(AT, "g"),
        "forms": at_most(slips[:, :2].max(), -14),
        "minimiser": at_most(slips[:, 2].max(), -7),
        "duration": number(DURATION, "g"),
        "chain": at_most(chain_slip, -9),
        "best": number(exact.data, ".4f", 1e-8),
        "exact_model": number(exact.model, ".4f", 1e-8),
        "exact_bound": number(exact.bound, ".4f", 1e-8),
        "start": number(exact.path_divergence, ".4f", 1e-8),
        "wrong": number(WRONG[2], "g"),
        "wrong_model": number(wrong.model, ".4f", 1e-8),
        "wrong_bound": number(wrong.bound, ".4f", 1e-8),
        "wrong_divergence": number(wrong.path_divergence, ".4f", 1e-8),
        "t_density": number(T_DENSITY, "g"),
        "two_ways": at_most(two_ways, -10),
        "t_gap": number(T_GAP, "g"),
        "gap": number(gap, ".4f", 1e-9),
        "gap_slip": at_most(gap - fisher, -10),
        "t_trace": number(T_TRACE, "g"),
        "trace": number(mean_trace(T_TRACE), ".2f"),
        "rotations": at_most(np.abs(rotations).max(), -11),
    }


@figure(
    "Likelihood, bound and truth for a β that is wrong",
    "Three curves against the size of the error. A level line, the entropy of the data, is on "
    "top. The likelihood of the model starts just below it and falls slowly; the bound starts "
    "lower by very little and falls faster.",
)
def chain(data: Data) -> Figure:
    """E log q_0 ≥ E log p ≥ E ELBO against s."""
    fig, ax = axes(height=2.5)
    ax.plot(WRONG, [c.data for c in data.chains], ":", color=INK, label="data, best possible")
    ax.plot(WRONG, [c.model for c in data.chains], "o-", color=C1, label="model")
    ax.plot(WRONG, [c.bound for c in data.chains], "s--", color=C2, label="bound")
    ax.set(xlabel="size $s$ of the error of $\\beta$", ylabel="mean log-likelihood")
    ax.legend(loc="lower left")
    return fig


@moving(
    "Noise undone on the simplex",
    "Above, the density of the noised frequencies, below, the drift of the reverse diffusion, both "
    "over frequencies from zero to one. At large times the density is one broad hump and the drift "
    "is the straight line of the forward process. As time falls two humps form, and the drift "
    "becomes a wave that pushes towards each of them.",
    label="time",
    frames=lambda data: [f"t = {t:.2f}" for t in TIMES],
    still=15,
)
def simplex(data: Data, frame: int) -> Figure:
    """q_t and the reverse drift of the Wright–Fisher diffusion at one time."""
    fig, (top, bottom) = panels(2, 1, height=3.5)
    x, q = data.x, data.densities[frame]
    top.fill_between(x, q, color=C1, alpha=0.25, lw=0)
    top.plot(x, q, color=C1)
    top.plot(x, beta_law.pdf(x, *ALPHA), ":", color=MUTED)
    top.set(xlim=(0, 1), ylim=(0, 2.6), yticks=[0, 1, 2], ylabel="density $q_t$")
    bottom.axhline(0, color=MUTED, lw=0.6)
    bottom.plot(x, _forward_drift(x), ":", color=MUTED, label="forward")
    bottom.plot(x, data.drifts[frame], "-", color=C2, label="reverse")
    top_drift = 1.05 * np.abs(data.drifts).max()
    bottom.set(xlim=(0, 1), ylim=(-top_drift, top_drift))
    bottom.set(xlabel="frequency $x$ of the first type", ylabel="drift")
    bottom.legend(loc="upper right")
    return fig


@figure(
    "A noisy rotation and its score",
    "Left, densities of the angle of a random rotation for three times and in the limit: a narrow "
    "hump at small angles broadens and moves to the right until it is the uniform law, highest at "
    "pi. Right, the scores at the same times: each follows the straight line of a Gaussian at "
    "small angles and bends back to zero at pi.",
)
def rotations(data: Data) -> Figure:
    """Law of the angle, and the derivative of log f, at several times."""
    fig, (left, right) = panels(1, 2, height=2.5)
    omega = np.linspace(0, np.pi, 91)
    for t, colour, dash in zip(T_ROTATION, (C1, C2, C3), ("-", "--", "-."), strict=True):
        left.plot(omega, angle_density(omega, t), dash, color=colour, label=f"$t={t:g}$")
        right.plot(omega[1:], t * angle_score(omega[1:], t), dash, color=colour)
    left.plot(omega, haar_density(omega), ":", color=INK, label="uniform")
    right.plot(omega, -omega, ":", color=INK, label="Gaussian")
    for ax in (left, right):
        ax.set(xlim=(0, np.pi), xlabel=r"angle $\omega$")
        ax.set_xticks([0, np.pi / 2, np.pi], ["0", r"$\pi/2$", r"$\pi$"])
    left.set(ylim=(0, 2.1), ylabel="density of the angle")
    right.set_ylabel(r"$t\ \partial_\omega \log f(\omega, t)$")
    left.legend(loc="upper right")
    right.legend(loc="lower left")
    return fig


@figure("Two humps and a wave", "Two humps of a density, and a wave that pushes towards them.")
def thumbnail_(data: Data) -> Figure:
    """For the index."""
    fig, ax = thumbnail()
    x = data.x
    for frame, colour in ((7, C3), (12, C2), (20, C1)):
        ax.fill_between(x, data.densities[frame], color=colour, alpha=0.2, lw=0)
        ax.plot(x, data.densities[frame], color=colour)
    ax.set(xlim=(0, 1), ylim=(0, None))
    return fig
