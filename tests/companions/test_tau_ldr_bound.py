"""Theorem 1 of tauLDR: its terms, its constants by other routes, the bound against the truth."""

import numpy as np
import pytest
from scipy.linalg import expm

from companions import tau_ldr as tl
from companions import tau_ldr_bound as tb

ARGUMENTS = dict(M=0.1, T=2.0, tau=0.05, R=1.5, S=3, D=4, C_1=1.2, C_2=0.7, t_mix=0.4)  # noqa: C408


def test_terms_against_arithmetic_by_hand():
    terms = tb.theorem_1_terms(**ARGUMENTS)
    # |R|SD C_1 = 21.6; 21.6² + 0.35·21.7 = 474.155; times 0.1.
    assert terms.rates == pytest.approx(0.6, rel=1e-12)
    assert terms.leaps == pytest.approx(47.4155, rel=1e-12)
    # t_mix log 4D = 0.4·4 log 2, so that the exponent is −2·log 2/1.6 = −1.25 log 2.
    assert terms.start == pytest.approx(2 * 2**-1.25, rel=1e-12)
    assert tb.theorem_1_bound(terms) == pytest.approx(0.6 + 47.4155 + 2**-0.25, rel=1e-12)


@pytest.mark.parametrize("rate", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("level", [0.25, 0.05])
def test_mixing_time_of_a_flip(rate, level):
    # ‖q_t − π‖_TV = ½e^{−2·rate·t}.
    assert tb.mixing_time(tb.flip_rate(rate), level) == pytest.approx(
        -np.log(2 * level) / (2 * rate), rel=1e-10
    )


def test_mixing_time_is_the_crossing_of_the_worst_start():
    R = tl.gaussian_rate(8, 2.0, 1.0)
    pi, t = tl.gaussian_target(8, 2.0), tb.mixing_time(R)
    for s, reached in ((0.999 * t, False), (1.001 * t, True)):
        worst = np.abs(expm(s * R) - pi).sum(axis=1).max() / 2
        assert (worst <= 0.25) == reached
    assert tb.mixing_time(R, 1.0) == 0


@pytest.mark.parametrize("D", [1, 3, 6])
def test_ising_law_is_the_boltzmann_weight(D):
    p = tb.ising_law(D, 0.4, 0.2)
    assert p.sum() == pytest.approx(1, rel=1e-13)
    down, up = p[(0,) * D], p[(1,) * D]
    assert np.log(up / down) == pytest.approx(2 * 0.2 * D, rel=1e-12)
    if D > 1:
        broken = p[(1,) + (0,) * (D - 1)]
        assert np.log(broken / down) == pytest.approx(-2 * 0.4 + 2 * 0.2, rel=1e-12)


@pytest.mark.parametrize("D", [1, 2, 4])
def test_neighbour_constants_by_enumeration_and_differences(D):
    p, R, times, h = tb.ising_law(D, 0.5, 0.3), tb.flip_rate(0.8), [0.1, 0.6], 1e-5
    C_1 = C_2 = 0.0
    for t in times:
        now, later, before = (tl.noised_law(p, expm(s * R)) for s in (t, t + h, t - h))
        for x in np.ndindex(p.shape):
            for d in range(D):
                y = (*x[:d], 1 - x[d], *x[d + 1 :])
                C_1 = max(C_1, now[y] / now[x])
                change = np.log(later[y] / later[x]) - np.log(before[y] / before[x])
                C_2 = max(C_2, abs(change) / (2 * h))
    assert tb.neighbour_constants(p, R, times) == pytest.approx((C_1, C_2), rel=1e-7)


def test_one_independent_coordinate_has_constants_in_closed_form():
    # q_t(1) = ½ + (p−½)e^{−2t}: the ratio and its logarithmic slope are largest at t = 0.
    p = np.array([0.2, 0.8])
    constants = tb.neighbour_constants(p, tb.flip_rate(), [0.0, 0.3, 1.0])
    assert constants == pytest.approx((4, 0.6 / 0.8 + 0.6 / 0.2), rel=1e-12)


@pytest.mark.parametrize("D", range(1, 9))
def test_bound_holds_and_its_terms_scale(D):
    R, p = tb.flip_rate(), tb.ising_law(D, 0.3, 0.2)
    p_ref, T = tl.product_law(np.array([0.5, 0.5]), D), 6.0
    terms, error, start = tb.compare(p, R, p_ref, T, 60)
    if D < 6:
        joint = tl.generator(tl.forward_rates(R, D))
        far = p.reshape(-1) @ expm(T * joint) - p_ref.reshape(-1)
        assert start == pytest.approx(np.abs(far).sum() / 2, rel=1e-7)
    assert start < terms.start
    assert start < error + 1e-3
    assert error < tb.theorem_1_bound(terms)
    assert terms.rates == 0
    if D < 6:
        halved, finer, _ = tb.compare(p, R, p_ref, T, 120)
        assert terms.leaps / halved.leaps == pytest.approx(2, rel=1e-12)
        assert halved.start == terms.start
        # The true error of the leaps falls like the step, too.
        assert (error - start) / (finer - start) == pytest.approx(2, rel=0.35)


def test_leap_term_is_quadratic_in_the_dimension():
    values = [tb.theorem_1_terms(**{**ARGUMENTS, "D": D, "C_2": 0.0}).leaps for D in (2, 4, 8)]
    assert values[1] / values[0] == pytest.approx(4, rel=1e-12)
    assert values[2] / values[1] == pytest.approx(4, rel=1e-12)
