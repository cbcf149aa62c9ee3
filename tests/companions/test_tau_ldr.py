"""tauLDR: kernels against enumeration and sampling, reversal, stationarity, and order of error."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.linalg import expm

from companions import tau_ldr as tl


def random_law(shape, seed):
    p = np.random.default_rng(seed).uniform(0.1, 1, shape)
    return p / p.sum()


def random_rate(S, seed):
    R = np.random.default_rng(seed).exponential(size=(S, S))
    np.fill_diagonal(R, 0)
    return R - np.diag(R.sum(axis=1))


@pytest.mark.parametrize(("a", "b"), [(5.0, 5.0), (1.3, 20.0)])
def test_rate_scale_integrates(a, b):
    for t in (0.2, 1.0):
        assert tl.rate_scale_integral(t, a, b) == pytest.approx(
            quad(lambda s: tl.rate_scale(s, a, b), 0, t)[0], rel=1e-12
        )
    assert tl.rate_scale(1.0) == pytest.approx(25 * math.log(5), rel=1e-15)
    assert tl.rate_scale_integral(1.0) == 20


@pytest.mark.parametrize(
    ("S", "sigma_0", "sigma_r"), [(16, 4.0, 1.0), (9, 2.0, 1.5), (8, 8.0, 0.7)]
)
def test_gaussian_rate_is_reversible_with_the_stated_base_rates(S, sigma_0, sigma_r):
    R, pi = tl.gaussian_rate(S, sigma_0, sigma_r), tl.gaussian_target(S, sigma_0)
    flow = pi[:, None] * R
    assert flow == pytest.approx(flow.T, abs=1e-16)
    assert R.sum(axis=1) == pytest.approx(0, abs=1e-14)
    assert np.log(pi[1] / pi[0]) == pytest.approx(
        ((1 - S / 2) ** 2 - (2 - S / 2) ** 2) / (2 * sigma_0**2), rel=1e-9
    )
    for i in range(S):
        for j in range(S):
            if i != j:
                inward = max(R[i, j], R[j, i])
                base = math.exp(-((abs(i - j) - 1) ** 2) / sigma_r**2)
                inner_first = abs(2 * i - S + 1) > abs(2 * j - S + 1)
                if inner_first:
                    assert R[i, j] == pytest.approx(base, rel=1e-12)
                assert inward > 0


@pytest.mark.parametrize("s", [0.0, 1e-3, 0.5, 20.0])
def test_transition_against_the_spectral_formula_and_expm(s):
    R, pi = tl.gaussian_rate(12, 3.0, 1.0), tl.gaussian_target(12, 3.0)
    uniformised = tl.transition(R, s)
    assert uniformised == pytest.approx(tl.spectral_transition(R, pi, s), abs=1e-13)
    irreversible = random_rate(6, 1)
    assert tl.transition(irreversible, s) == pytest.approx(expm(s * irreversible), abs=1e-13)
    assert uniformised.sum(axis=1) == pytest.approx(1, rel=1e-12)


def test_transition_keeps_the_digits_of_tiny_entries():
    # n neighbouring steps at rate 1 in a short time s have probability s^n/n! to leading order.
    S, s = 8, 1e-4
    R = np.diag(np.ones(S - 1), 1)
    R -= np.diag(R.sum(axis=1))
    n = np.arange(S - 1)
    poisson = np.exp(-s) * s**n / np.array([math.factorial(k) for k in n])
    assert tl.transition(R, s)[0, : S - 1] == pytest.approx(poisson, rel=1e-12, abs=0)


@pytest.mark.parametrize("shape", [(4,), (3, 3), (2, 2, 2)])
def test_noised_law_and_generator_agree_in_the_joint_space(shape):
    S, D = shape[0], len(shape)
    R, p = random_rate(S, 2), random_law(shape, 3)
    joint = tl.generator(tl.forward_rates(R, D))
    brute = p.reshape(-1) @ expm(0.4 * joint)
    assert tl.noised_law(p, tl.transition(R, 0.4)).reshape(-1) == pytest.approx(brute, rel=1e-11)
    kronecker = sum(np.kron(np.kron(np.eye(S**d), R), np.eye(S ** (D - d - 1))) for d in range(D))
    assert joint == pytest.approx(kronecker, abs=1e-14)


@pytest.mark.parametrize("shape", [(5,), (3, 3), (2, 2, 2)])
def test_reverse_rates_are_proposition_1_and_undo_the_noise(shape):
    S, D = shape[0], len(shape)
    R, q = random_rate(S, 4), random_law(shape, 5)
    forward, flat = tl.generator(tl.forward_rates(R, D)), q.reshape(-1)
    reverse = tl.generator(tl.reverse_rates(q, R))
    off = forward.T * flat / flat[:, None]
    np.fill_diagonal(off, 0)
    np.fill_diagonal(off, -off.sum(axis=1))
    assert reverse == pytest.approx(off, rel=1e-12, abs=1e-14)
    # The reversed chain moves q backwards as fast as the forward chain moves it on.
    assert flat @ reverse == pytest.approx(-(flat @ forward), abs=1e-13)


def clamped_by_convolution(intensity, x, S):
    """The leap's law by convolving truncated Poisson laws on a long line."""
    reach = 400
    pmf = np.zeros(2 * reach + 1)
    pmf[reach] = 1.0
    for j, rate in enumerate(intensity):
        if j == x or rate == 0:
            continue
        step = np.zeros_like(pmf)
        for count in range(60):
            at = reach + count * (j - x)
            if 0 <= at < step.size:
                step[at] = np.exp(-rate + count * np.log(rate) - math.lgamma(count + 1))
        pmf = np.convolve(pmf, step)[reach : 3 * reach + 1]
    law = np.zeros(S)
    for k, mass in enumerate(pmf):
        law[min(max(x + k - reach, 0), S - 1)] += mass
    return law


@pytest.mark.parametrize("size", [0.01, 0.5, 2.0])
@pytest.mark.parametrize("S", [2, 5, 11])
def test_leap_laws_against_direct_convolution(size, S):
    tau = 0.7
    rates = np.random.default_rng(S).exponential(size / tau, size=(S, 1, S))
    for x in range(S):
        rates[x, 0, x] = 0
    laws = tl.leap_laws(rates, tau)
    for x in range(S):
        expected = clamped_by_convolution(tau * rates[x, 0], x, S)
        assert laws[x, 0] == pytest.approx(expected, abs=1e-13)


def test_leap_against_simulation():
    S, tau, n = 4, 0.3, 200_000
    q, p = random_law((S, S), 7), random_law((S, S), 8)
    rates = tl.reverse_rates(q, random_rate(S, 9))
    rng = np.random.default_rng(10)
    start = rng.choice(S * S, size=n, p=p.reshape(-1))
    x = np.stack(np.divmod(start, S), axis=1)
    counts = rng.poisson(tau * rates[start])
    end = np.clip(x + np.sum(counts * (np.arange(S) - x[:, :, None]), axis=2), 0, S - 1)
    observed = np.bincount(end[:, 0] * S + end[:, 1], minlength=S * S) / n
    expected = tl.leap(p, rates, tau).reshape(-1)
    assert np.all(np.abs(observed - expected) < 5 * np.sqrt(expected / n) + 1e-4)
    chi2 = n * np.sum((observed - expected) ** 2 / expected)
    assert chi2 < 50


def test_leap_is_first_order_in_its_length():
    S = 4
    p, rates = random_law((S, S), 11), tl.reverse_rates(random_law((S, S), 12), random_rate(S, 13))
    flow = (p.reshape(-1) @ tl.generator(rates)).reshape(S, S)
    errors = [np.abs(tl.leap(p, rates, h) - p - h * flow).max() / h for h in (1e-2, 5e-3)]
    # Clamping leaves no trace in the limit: the sum of single jumps never leaves the range.
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.1)


def small_problem():
    S = 8
    R, pi = tl.gaussian_rate(S, 2.0, 1.0), tl.gaussian_target(S, 2.0)
    return tl.tau_picture(S), R, tl.product_law(pi, 2)


def test_error_of_the_sampler_falls_like_the_step():
    p, R, _ = small_problem()
    exact_start = tl.noised_law(p, tl.transition(R, tl.rate_scale_integral(1.0)))
    errors = np.array([tl.sampler_error(p, R, exact_start, n) for n in (160, 320, 640)])
    orders = np.log2(errors[:-1] / errors[1:])
    assert orders == pytest.approx(1, abs=0.12)
    assert abs(orders[1] - 1) < abs(orders[0] - 1) + 0.01


def test_sampler_follows_the_noised_laws_back():
    p, R, p_ref = small_problem()
    laws = list(tl.sampler_laws(p, R, p_ref, 400))
    assert len(laws) == 401
    assert laws[0][0] == 1.0
    assert laws[-1][0] == 0.0
    assert np.array_equal(laws[0][1], p_ref)
    for t, law in laws[::80]:
        exact = tl.noised_law(p, tl.transition(R, tl.rate_scale_integral(t)))
        assert tl.total_variation(law, exact) < 0.06
        assert law.sum() == pytest.approx(1, abs=1e-12)
    assert tl.sampler_error(p, R, p_ref, 400) == tl.total_variation(laws[-1][1], p)


def test_correctors_make_it_worse_for_exact_rates_and_a_fixed_budget():
    p, R, p_ref = small_problem()
    for NFE in (60, 120):
        plain = tl.sampler_error(p, R, p_ref, NFE)
        for correctors in (1, 2):
            for step in (0.1, 0.5, 1.0):
                corrected = tl.sampler_error(
                    p, R, p_ref, NFE, correctors=correctors, corrector_step=step
                )
                assert corrected > 1.1 * plain


def test_correctors_help_for_a_fixed_number_of_predictors():
    # Against "worse" being a bug: with the predictors unchanged, extra correctors repair the law.
    p, R, p_ref = small_problem()
    plain = tl.sampler_error(p, R, p_ref, 60)
    assert tl.sampler_error(p, R, p_ref, 120, correctors=1, corrector_step=0.5) < 0.98 * plain


def test_many_correctors_bring_the_noised_law_whatever_came_before():
    # Halfway through two steps from the wrong start. The corrector's own bias is of order its step.
    p, R, start = random_law((3, 3), 14), random_rate(3, 15), random_law((3, 3), 16)
    schedule = {"a": 0.5, "b": 3.0}
    exact = tl.noised_law(p, tl.transition(R, tl.rate_scale_integral(0.5, **schedule)))
    assert tl.total_variation(start, exact) > 0.1
    errors = []
    for correctors, step in ((500, 0.02), (1000, 0.01)):
        laws = tl.sampler_laws(
            p, R, start, 2 + 2 * correctors, correctors=correctors, corrector_step=step, **schedule
        )
        next(laws)
        t, law = next(laws)
        assert t == 0.5
        errors.append(tl.total_variation(law, exact))
    assert errors[1] < 3e-3
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)


def test_budget_must_divide():
    p, R, p_ref = small_problem()
    with pytest.raises(ValueError, match="no multiple of 3"):
        next(tl.sampler_laws(p, R, p_ref, 10, correctors=2))


@given(seed=st.integers(0, 10**6))
@settings(deadline=None, derandomize=True, max_examples=25)
def test_distances(seed):
    p, q = random_law((3, 4), seed), random_law((3, 4), seed + 1)
    best_event = max(
        abs((p - q).reshape(-1)[[bool(mask >> k & 1) for k in range(12)]].sum())
        for mask in range(1 << 12)
    )
    assert tl.total_variation(p, q) == pytest.approx(best_event, rel=1e-12)
    assert tl.hellinger(p, q) ** 2 == pytest.approx(1 - np.sqrt(p * q).sum(), rel=1e-9)


def test_picture_and_product_law():
    for S in (8, 16, 32):
        p = tl.tau_picture(S)
        assert p.sum() == pytest.approx(1, rel=1e-12)
        # A bar on top, and one stem below it.
        assert np.count_nonzero(p.any(axis=1)) == 5 * S // 8
        assert np.all(np.sort((p > 0).sum(axis=1))[-S // 8 :] == 3 * S // 4)
    pi = random_law((5,), 1)
    joint = tl.product_law(pi, 3)
    assert joint.shape == (5, 5, 5)
    assert joint[1, 2, 4] == pytest.approx(pi[1] * pi[2] * pi[4], rel=1e-14)


@pytest.mark.parametrize("shape", [(6,), (3, 3), (2, 2, 2)])
@pytest.mark.parametrize("seed", [1, 2])
def test_corrector_is_reversible_and_decays_at_its_gap(shape, seed):
    S = shape[0]
    q, p, R = random_law(shape, seed), random_law(shape, seed + 5), random_rate(S, seed + 9)
    R_c, flat = tl.corrector_generator(q, R), q.reshape(-1)
    flow = flat[:, None] * R_c
    # Detailed balance, though R itself has none; Proposition 4 is its consequence.
    assert flow == pytest.approx(flow.T, abs=1e-15)
    assert flat @ R_c == pytest.approx(0, abs=1e-14)
    gap = tl.spectral_gap(R_c, q)
    assert gap == pytest.approx(np.sort(-np.linalg.eigvals(R_c).real)[1], rel=1e-9)
    times = np.array([0.0, 0.3, 10 / gap, 11 / gap])
    decay = tl.chi_square_decay(R_c, q, p, times)
    for t, value in zip(times[:2], decay[:2], strict=True):
        moved = p.reshape(-1) @ expm(t * R_c)
        assert value == pytest.approx(np.sum((moved - flat) ** 2 / flat), rel=1e-10)
    assert np.all(decay <= decay[0] * np.exp(-2 * gap * times) * (1 + 1e-9))
    late = tl.chi_square_decay(R_c, q, p, np.array([4, 5]) / gap)
    assert np.log(late[0] / late[1]) >= 2 * (1 - 1e-6)
