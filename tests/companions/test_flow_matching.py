"""Flow matching: closed forms against quadrature, ODE solutions and optimisation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import quad, solve_ivp
from scipy.stats import norm

from companions import flow_matching as fm

CASES = [(1.0, 0.4), (1.0, 1.0), (2.0, 0.7), (0.5, 1.3)]


def conditional_variance(x: float, tau: float, R: float, sigma: float) -> float:
    """Var(ξ | W + ξ = x) from the joint density of (ξ, W) alone."""

    # The trapezoid rule converges geometrically for these entire, decaying integrands.
    xi = tau * np.linspace(-12, 12, 4001)
    w = x - xi
    joint = np.exp(-(((w - R) / sigma) ** 2) / 2) + np.exp(-(((w + R) / sigma) ** 2) / 2)
    joint *= np.exp(-((xi / tau) ** 2) / 2)
    mean = np.average(xi, weights=joint)
    return float(np.average((xi - mean) ** 2, weights=joint))


@pytest.mark.parametrize(("R", "sigma"), CASES)
@pytest.mark.parametrize(("x", "tau"), [(0.0, 0.6), (0.3, 0.6), (-0.8, 1.1), (0.1, 0.3)])
def test_covariance_ratio_is_the_conditional_variance(R, sigma, x, tau):
    expected = conditional_variance(x, tau, R, sigma) / tau**2
    assert fm.covariance_ratio(x, tau, R, sigma) == pytest.approx(expected, rel=1e-9)


def test_covariance_ratio_survives_far_arguments():
    assert fm.covariance_ratio(1e6, 0.1, 1.0, 0.1) == pytest.approx(0.5, rel=1e-12)


@given(r=st.floats(0.05, 60.0), sigma=st.floats(0.2, 3.0))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_exact_lambda_is_the_supremum_on_a_grid(r, sigma):
    R = sigma * np.sqrt(r)
    tau = sigma * np.geomspace(1e-4, 1e4, 4001)
    x = R * np.linspace(-2, 2, 41)[:, None]
    ratio = fm.covariance_ratio(x, tau, R, sigma)
    assert ratio.max() <= fm.exact_lambda(r) * (1 + 1e-12)
    assert ratio.max() == pytest.approx(fm.exact_lambda(r), rel=1e-5)
    assert ratio.max(axis=0) == pytest.approx(fm.supremum_ratio(tau, R, sigma), rel=1e-12)
    assert fm.exact_lambda(r) <= fm.lemma_6_lambda(r)


def test_exact_lambda_of_many_separations():
    r = np.array([[0.0, 0.5, 1.0], [4.0, 9.0, 1e200]])
    many = fm.exact_lambda(r)
    assert many.shape == r.shape
    assert many[0].tolist() == [1.0, 1.0, 1.0]
    assert many[1] == pytest.approx([25 / 16, 100 / 36, 1e200 / 4], rel=1e-15)
    assert many.ravel().tolist() == [float(fm.exact_lambda(each)) for each in r.ravel()]


@pytest.mark.parametrize("r", [1.0, 1.5, 4.0, 25.0])
def test_worst_tau_attains_the_exact_lambda(r):
    R, sigma = np.sqrt(r) * 0.8, 0.8
    tau = fm.worst_tau(R, sigma)
    assert fm.supremum_ratio(tau, R, sigma) == pytest.approx(fm.exact_lambda(r), rel=1e-13)
    beside = fm.supremum_ratio([0.9 * tau + 1e-3, 1.1 * tau + 1e-3], R, sigma)
    assert np.all(beside < fm.exact_lambda(r))


@pytest.mark.parametrize("sigma", [0.2, 0.7, 1.0, 3.0])
def test_linear_schedule_constant_is_the_exponential_of_the_integral(sigma):
    turn = 1 / (1 + sigma**2)
    L = quad(lambda t: abs(fm.linear_schedule_rate(t, sigma)), 0, 1, points=[turn], epsabs=1e-13)[0]
    assert fm.theorem_1_bound(1.0, L) == pytest.approx(
        fm.linear_schedule_constant(sigma), rel=1e-12
    )


@pytest.mark.parametrize("sigma", [0.3, 1.0, 2.5])
def test_velocity_slope_is_the_regression_of_the_derivative_on_the_state(sigma):
    # X_t = (1−t)X_0 + tX_1 and Ẋ = X_1 − X_0 are jointly Gaussian: E[Ẋ|X] = Cov(Ẋ,X)/Var(X) X.
    z, w = hermegauss(4)
    X_0, X_1 = z[:, None], sigma * z
    weight = w[:, None] * w / w.sum() ** 2
    for t in (0.1, 0.5, 0.8):
        X = (1 - t) * X_0 + t * X_1
        slope = np.sum(weight * (X_1 - X_0) * X) / np.sum(weight * X**2)
        assert fm.linear_schedule_rate(t, sigma) == pytest.approx(slope, rel=1e-12)
        assert fm.linear_schedule_std(t, sigma) ** 2 == pytest.approx(np.sum(weight * X**2))


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0])
def test_worst_perturbation_shifts_the_endpoint_by_the_closed_form(sigma):
    def learned(t, x):
        e = fm.linear_schedule_worst_perturbation(t, sigma)
        return fm.linear_schedule_rate(t, sigma) * x + np.array([0.0, 0.0, 1.0, 1.0]) * e

    start = [-1.0, 2.0, -1.0, 2.0]
    end = solve_ivp(learned, (0, 1), start, method="DOP853", rtol=1e-11, atol=1e-12).y[:, -1]
    assert end[:2] == pytest.approx(sigma * np.array(start[:2]), rel=1e-9)
    shift = end[2:] - end[:2]
    assert shift == pytest.approx(fm.linear_schedule_worst_error(sigma), rel=1e-9)
    energy = quad(lambda t: fm.linear_schedule_worst_perturbation(t, sigma) ** 2, 0, 1)[0]
    assert energy == pytest.approx(1.0, rel=1e-9)
    assert fm.linear_schedule_worst_error(sigma) < fm.linear_schedule_constant(sigma)


@pytest.mark.parametrize("sigma", [0.3, 2.0])
def test_no_other_unit_perturbation_shifts_further(sigma):
    rng = np.random.default_rng(1)
    t = (np.arange(4000) + 0.5) / 4000
    gain = sigma / fm.linear_schedule_std(t, sigma)
    for _ in range(20):
        noise = np.cumsum(rng.normal(size=t.size)) / np.sqrt(t.size)
        e = fm.linear_schedule_worst_perturbation(t, sigma) + 0.2 * rng.random() * noise
        e /= np.sqrt(np.mean(e**2))
        assert np.mean(gain * e) <= fm.linear_schedule_worst_error(sigma) * (1 + 1e-6)


@given(sigma=st.floats(1.0, 50.0), delta=st.floats(1e-3, 1.0))
@settings(deadline=None, derandomize=True, max_examples=40)
def test_late_schedule_ratio_is_the_cauchy_schwarz_integral(sigma, delta):
    energy = quad(
        lambda t: fm.late_schedule_std(t, sigma, delta) ** -2.0, 1 - delta, 1, epsabs=1e-13
    )[0]
    expected = np.sqrt(1 - delta + energy)
    assert fm.late_schedule_ratio(sigma, delta) == pytest.approx(expected, rel=1e-10)
    assert expected <= 1 + 1e-12


def test_late_schedule_ratio_tends_to_one_linearly_in_delta():
    gap = [1 - fm.late_schedule_ratio(3.0, d) for d in (1e-2, 1e-3, 1e-4)]
    assert gap[0] / gap[1] == pytest.approx(10, rel=0.02)
    assert gap[1] / gap[2] == pytest.approx(10, rel=0.002)


@pytest.mark.parametrize(("sigma", "delta"), [(0.5, 0.1), (2.0, 0.0), (2.0, 1.5)])
def test_late_schedule_ratio_refuses_what_it_does_not_cover(sigma, delta):
    with pytest.raises(ValueError, match="expected sigma >= 1"):
        fm.late_schedule_ratio(sigma, delta)


@pytest.mark.parametrize(("R", "sigma"), CASES)
@pytest.mark.parametrize(("gamma_0", "gamma_1"), [(6.0, 0.05), (2.0, 0.5), (0.6, 0.2), (9.0, 4.0)])
def test_ve_lipschitz_integral_matches_both_quadratures(R, sigma, gamma_0, gamma_1):
    closed = fm.ve_lipschitz_integral(R, sigma, gamma_0, gamma_1)
    lower, upper = sigma**2 + gamma_1**2, sigma**2 + gamma_0**2
    kinks = [s for s in (R**2 / 2, R**2) if lower < s < upper]
    in_S = quad(
        lambda S: max(1, abs(R**2 / S - 1)) / (2 * S), lower, upper, points=kinks or None, limit=200
    )[0]
    assert closed == pytest.approx(in_S, rel=1e-9)
    t = (np.arange(200_000) + 0.5) / 200_000
    assert closed == pytest.approx(
        np.mean(fm.ve_lipschitz(t, R, sigma, gamma_0, gamma_1)), rel=1e-8
    )


@pytest.mark.parametrize("t", [0.2, 0.6, 0.9])
def test_ve_lipschitz_is_the_largest_slope_of_the_velocity(t):
    R, sigma, gamma_0, gamma_1 = 1.0, 0.4, 6.0, 0.05
    x = np.linspace(-40, 40, 400_001)
    v = fm.ve_velocity(x, t, R, sigma, gamma_0, gamma_1)
    slope = np.abs(np.diff(v) / np.diff(x)).max()
    assert slope == pytest.approx(fm.ve_lipschitz(t, R, sigma, gamma_0, gamma_1), rel=1e-6)


@pytest.mark.parametrize("t", [0.3, 0.7, 1.0])
def test_ve_slope_is_the_schedule_rate_times_one_minus_the_covariance_ratio(t):
    R, sigma, gamma_0, gamma_1 = 1.2, 0.5, 4.0, 0.1
    x, h = np.linspace(-3, 3, 31), 1e-5
    left, right = (fm.ve_velocity(x + s, t, R, sigma, gamma_0, gamma_1) for s in (-h, h))
    ratio = fm.covariance_ratio(x, fm.geometric_gamma(t, gamma_0, gamma_1), R, sigma)
    expected = np.log(gamma_1 / gamma_0) * (1 - ratio)
    assert (right - left) / (2 * h) == pytest.approx(expected, rel=1e-6, abs=1e-8)


def test_true_flow_carries_the_first_mixture_to_the_last():
    R, sigma, gamma_0, gamma_1 = 1.0, 0.4, 6.0, 0.05
    x = np.linspace(-12, 12, 41)

    def v(t, y):
        return fm.ve_velocity(y, t, R, sigma, gamma_0, gamma_1)

    end = solve_ivp(v, (0, 1), x, method="DOP853", rtol=1e-10, atol=1e-12).y[:, -1]

    def cdf(y, gamma):
        s = np.hypot(sigma, gamma)
        return (norm.cdf(y, R, s) + norm.cdf(y, -R, s)) / 2

    assert cdf(end, gamma_1) == pytest.approx(cdf(x, gamma_0), abs=1e-8)


@pytest.mark.parametrize("gamma_1", [0.05, 0.3, 1.5])
@pytest.mark.parametrize("epsilon", [0.01, 0.1])
def test_truth_and_bounds_are_in_order(gamma_1, epsilon):
    error = fm.ve_error(epsilon, 1.0, 0.4, 6.0, gamma_1, nodes=1001, rtol=1e-8)
    first, exact, lemma = fm.ve_bounds(epsilon, 1.0, 0.4, 6.0, gamma_1)
    assert 0 < error < first < exact < lemma


@pytest.mark.parametrize("gamma_1", [0.05, 0.3, 1.5])
def test_one_sided_bound_lies_between_the_truth_and_theorem_1(gamma_1):
    case = (0.05, 1.0, 0.4, 6.0, gamma_1)
    error = fm.ve_error(*case, nodes=1001, rtol=1e-8)
    assert error < fm.ve_one_sided_bound(*case) < fm.ve_bounds(*case)[0]


def test_one_sided_bound_is_the_exponential_of_the_largest_slopes():
    epsilon, R, sigma, gamma_0, gamma_1, n = 0.1, 1.0, 0.4, 6.0, 0.2, 4000
    t, x = (np.arange(n) + 0.5) / n, np.linspace(-3, 3, 601)[:, None]
    v = fm.ve_velocity(x, t, R, sigma, gamma_0, gamma_1)
    slope = (np.diff(v, axis=0) / np.diff(x, axis=0)).max(axis=0) + 3 * epsilon
    later = (np.cumsum(slope[::-1])[::-1] - slope / 2) / n
    assert fm.ve_one_sided_bound(epsilon, R, sigma, gamma_0, gamma_1) == pytest.approx(
        epsilon * np.mean(np.exp(later)), rel=1e-3
    )


def test_error_is_first_order_in_epsilon():
    errors = [fm.ve_error(e, 1.0, 0.4, 6.0, 0.2, nodes=1001, rtol=1e-10) for e in (2e-3, 1e-3)]
    assert errors[0] / errors[1] == pytest.approx(2, rel=5e-3)


def test_error_is_the_distance_between_two_clouds_of_samples():
    # Sorting couples equal-sized samples optimally in one dimension.
    R, sigma, gamma_0, gamma_1, epsilon, n = 1.0, 0.4, 6.0, 0.3, 0.2, 40_000
    s_0, s_1 = np.hypot(sigma, gamma_0), np.hypot(sigma, gamma_1)
    u = (np.arange(n) + 0.5) / n

    def quantiles(s):
        grid = np.linspace(-R - 9 * s, R + 9 * s, 200_001)
        return np.interp(u, (norm.cdf(grid, R, s) + norm.cdf(grid, -R, s)) / 2, grid)

    def learned(t, y):
        v = fm.ve_velocity(y, t, R, sigma, gamma_0, gamma_1)
        return v + epsilon * np.cos(3 * y + 2 * np.pi * t)

    end = solve_ivp(learned, (0, 1), quantiles(s_0), rtol=1e-7, atol=1e-9).y[:, -1]
    brute = np.sqrt(np.mean((np.sort(end) - quantiles(s_1)) ** 2))
    assert fm.ve_error(epsilon, R, sigma, gamma_0, gamma_1) == pytest.approx(brute, rel=2e-3)


def test_error_where_few_starts_change_modes():
    # Between modes far apart hardly any start is carried to the other one, but those count most:
    # here by the laws' quantiles in one dimension, ∫∫ over the two distribution functions.
    epsilon, R, sigma, gamma_0, gamma_1 = 0.2, 2.0, 0.5, 3.0, 0.1
    s = np.hypot(sigma, gamma_0)
    ends = np.sinh(np.linspace(-8, 8, 40_001)) / np.sinh(8) * 6

    def starts(error):
        def backward(t, y):
            v = fm.ve_velocity(y, 1 - t, R, sigma, gamma_0, gamma_1)
            return -v - error * np.cos(3 * y + 2 * np.pi * (1 - t))

        return solve_ivp(backward, (0, 1), ends, method="DOP853", rtol=1e-9, atol=1e-11).y[:, -1]

    def law(x):
        return (norm.cdf(x, R, s) + norm.cdf(x, -R, s)) / 2

    true, learned = law(starts(0.0)), law(starts(epsilon))
    u = (np.arange(2_000_000) + 0.5) / 2_000_000
    brute = np.sqrt(np.mean((np.interp(u, true, ends) - np.interp(u, learned, ends)) ** 2))
    for nodes in (501, 2001):
        error = fm.ve_error(epsilon, R, sigma, gamma_0, gamma_1, nodes=nodes)
        assert error == pytest.approx(brute, rel=1e-4)


def test_learned_densities_are_the_laws_of_the_learned_flow():
    R, sigma, gamma_0, gamma_1, epsilon = 1.0, 0.4, 6.0, 0.05, 0.5
    times, x = np.array([0.0, 0.4, 1.0]), np.linspace(-30, 30, 6001)
    grid = np.tile(x, (3, 1))
    true = fm.ve_learned_densities(grid, times, 0.0, R, sigma, gamma_0, gamma_1)
    for t, row in zip(times, true, strict=True):
        s = np.hypot(sigma, fm.geometric_gamma(t, gamma_0, gamma_1))
        expected = (norm.pdf(x, R, s) + norm.pdf(x, -R, s)) / 2
        assert row == pytest.approx(expected, abs=2e-4 * expected.max())

    learned = fm.ve_learned_densities(grid, times, epsilon, R, sigma, gamma_0, gamma_1)
    assert learned.sum(axis=1) * (x[1] - x[0]) == pytest.approx(1, abs=1e-4)
    assert np.abs(learned[2] - true[2]).max() > 0.05
    # The distance between the laws, by their quantiles, is the error by the flows.
    cdf = np.cumsum(np.stack([learned[2], true[2]]), axis=1) * (x[1] - x[0])
    u = np.linspace(0.0005, 0.9995, 1000)
    a, b = (np.interp(u, row, x) for row in cdf)
    error = fm.ve_error(epsilon, R, sigma, gamma_0, gamma_1)
    assert np.sqrt(np.mean((a - b) ** 2)) == pytest.approx(error, rel=5e-3)


def test_curve_is_the_pointwise_values():
    errors, bounds = fm.ve_error_curve([1.0, 0.5], 0.1, 1.0, 0.4, 6.0)
    assert errors[1] == fm.ve_error(0.1, 1.0, 0.4, 6.0, 0.5)
    assert tuple(bounds[1]) == fm.ve_bounds(0.1, 1.0, 0.4, 6.0, 0.5)


def test_theorem_6_power_is_the_variance_exploding_case_of_theorem_2():
    gamma_0, gamma_1, lam = 6.0, 0.05, 1.7
    log_ratio = quad(lambda t: -np.log(gamma_1 / gamma_0), 0, 1)[0]
    L = fm.theorem_2_bound(lam, 1.0, log_ratio, 0.0, 0.0)
    assert fm.theorem_1_bound(0.3, L) == pytest.approx(
        fm.theorem_6_bound(0.3, lam, gamma_1, gamma_0), rel=1e-12
    )
    assert fm.theorem_6_bound(0.3, lam, gamma_1) == pytest.approx(0.3 * gamma_1**-lam)


def test_bounds_too_large_for_a_float_are_infinite():
    first, exact, lemma = fm.ve_bounds(0.05, 3.0, 0.05, 6.0, 0.01)
    assert np.isfinite(fm.ve_lipschitz_integral(3.0, 0.05, 6.0, 0.01))
    assert first == exact == lemma == np.inf
    assert fm.theorem_3_bound(0.1, 400.0, 2.0, 1.0, 0.1) == np.inf
    assert fm.theorem_5_bound(0.1, 500.0, 0.1) == np.inf


@given(lam=st.floats(1, 20), gamma_1=st.floats(0.01, 1), C=st.floats(1, 9))
@settings(deadline=None, derandomize=True, max_examples=30)
def test_bounds_are_the_powers_of_the_theorems(lam, gamma_1, C):
    assert fm.theorem_5_bound(0.3, lam, gamma_1) == pytest.approx((np.e / gamma_1) ** lam * 0.3)
    assert fm.theorem_6_bound(0.3, lam, gamma_1, 4.0) == pytest.approx((4 / gamma_1) ** lam * 0.3)
    expected = C ** np.sqrt(lam) * 0.3 * (2 / gamma_1) ** (2 * lam)
    assert fm.theorem_3_bound(0.3, lam, C, 2.0, gamma_1) == pytest.approx(expected)


def test_theorem_6_needs_the_initial_scale():
    # λ = 1 for Gaussian data, and (1/γ_1)^λ alone would be below exp ∫L*, so that it could not
    # come from Theorem 1.
    gamma_0, gamma_1, sigma = 6.0, 0.5, 0.01
    L = fm.ve_lipschitz_integral(0.0, sigma, gamma_0, gamma_1)
    assert np.exp(L) > fm.theorem_6_bound(1.0, 1.0, gamma_1)
    assert np.exp(L) <= fm.theorem_6_bound(1.0, 1.0, gamma_1, gamma_0)


@pytest.mark.parametrize(("R", "sigma"), CASES)
def test_theorem_2_dominates_the_true_integral_with_the_exact_lambda(R, sigma):
    # α_t = 0 and β ≡ 1: only the first integral of Theorem 2 is left.
    for gamma_0, gamma_1 in [(6.0, 0.05), (3.0, 0.3)]:
        bound = fm.theorem_2_bound(
            fm.exact_lambda((R / sigma) ** 2), R, np.log(gamma_0 / gamma_1), 0.0, 0.0
        )
        assert fm.ve_lipschitz_integral(R, sigma, gamma_0, gamma_1) <= bound


@pytest.mark.parametrize("bridge", [True, False])
def test_theorem_2_dominates_a_schedule_with_moving_ends(bridge):
    # π_0 = π_1 = ½N(±R,σ²), α = 1−t, β = t on [h, 1−h], γ = √(t(1−t)) or constant; v from its
    # definition, a regression within each of the four components. Lemma 6 gives λ: α²+β² ≥ ½.
    R, sigma, h, n = 1.0, 0.6, 0.02, 2000
    t = h + (1 - 2 * h) * (np.arange(n) + 0.5) / n
    gamma = np.sqrt(t * (1 - t)) if bridge else np.full(n, 0.8)
    gamma_dot = (1 - 2 * t) / (2 * gamma) if bridge else np.zeros(n)
    variance = ((1 - t) ** 2 + t**2) * sigma**2 + gamma**2
    covariance = (2 * t - 1) * sigma**2 + gamma * gamma_dot
    x = np.linspace(-4, 4, 401)[:, None]
    numerator, weight = 0.0, 0.0
    for U_0 in (-R, R):
        for U_1 in (-R, R):
            residual = x - (1 - t) * U_0 - t * U_1
            w = np.exp(-(residual**2) / (2 * variance))
            numerator = numerator + w * (U_1 - U_0 + covariance / variance * residual)
            weight = weight + w
    slope = np.abs(np.gradient(numerator / weight, x[:, 0], axis=0)).max(axis=0)
    lam = fm.lemma_6_lambda(2 * (R / sigma) ** 2)
    length = 1 - 2 * h
    bound = fm.theorem_2_bound(
        lam,
        R,
        length * np.mean(np.abs(gamma_dot) / gamma),
        length * np.mean(1 / gamma),
        length * np.mean(1 / gamma),
    )
    assert length * np.mean(slope) < bound


@given(lam=st.floats(1.0, 5.0), gamma=st.floats(0.01, 0.9), epsilon=st.floats(1e-4, 1.0))
@settings(deadline=None, derandomize=True, max_examples=25)
def test_probability_flow_bounds_compare(lam, gamma, epsilon):
    # VP starts from γ_0 = 1 too, and pays one factor e^λ for the moving mean.
    vp, ve = fm.theorem_5_bound(epsilon, lam, gamma), fm.theorem_6_bound(epsilon, lam, gamma)
    assert np.log(vp / ve) == pytest.approx(lam, rel=1e-9)
    third = fm.theorem_3_bound(epsilon, lam, 1.0, 1.0, gamma)
    assert third * epsilon == pytest.approx(ve**2, rel=1e-9)
    doubled = fm.theorem_3_bound(epsilon, lam, 3.0, 1.0, gamma)
    assert np.log(doubled / third) == pytest.approx(np.sqrt(lam) * np.log(3.0), rel=1e-9)
