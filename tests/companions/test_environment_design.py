from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from companions import environment_design as ed

MATRICES = arrays(
    float, array_shapes(min_dims=2, max_dims=2, max_side=4), elements=st.integers(-9, 9)
)


def value_by_supports(A):
    """Shapley–Snow: some square subgame has equalising strategies that solve the whole game."""
    n, m = A.shape
    for k in range(1, min(n, m) + 1):
        for rows in combinations(range(n), k):
            for columns in combinations(range(m), k):
                B = A[np.ix_(rows, columns)]
                border = np.block([[B, -np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]])
                if abs(np.linalg.det(border)) < 1e-9:
                    continue
                right = np.append(np.zeros(k), 1)
                q, v = np.split(np.linalg.solve(border, right), [k])
                transposed = np.block(
                    [[B.T, -np.ones((k, 1))], [np.ones((1, k)), np.zeros((1, 1))]]
                )
                p = np.linalg.solve(transposed, right)[:k]
                if min(p.min(), q.min()) < -1e-9:
                    continue
                worst = (p @ A[list(rows)]).max()
                best = (A[:, list(columns)] @ q).min()
                if worst <= v[0] + 1e-9 and best >= v[0] - 1e-9:
                    return v[0]
    raise AssertionError("no subgame solves the game")


@settings(deadline=None, derandomize=True, max_examples=40)
@given(MATRICES)
def test_linear_programming_against_all_supports(A):
    solution = ed.solve_zero_sum(A)
    assert solution.value == pytest.approx(value_by_supports(A), abs=1e-8)
    assert solution.policy.sum() == pytest.approx(1, abs=1e-12)
    assert solution.environments.sum() == pytest.approx(1, abs=1e-12)
    assert ed.duality_gap(A, solution.policy, solution.environments) == pytest.approx(0, abs=1e-8)


def test_textbook_games():
    """Matching pennies with unequal stakes, rock-paper-scissors, a saddle point."""
    pennies = ed.solve_zero_sum([[3, -1], [-1, 1]])
    np.testing.assert_allclose(pennies.policy, [1 / 3, 2 / 3], atol=1e-9)
    assert pennies.value == pytest.approx(1 / 3, abs=1e-9)
    fair = ed.solve_zero_sum([[0, 1, -1], [-1, 0, 1], [1, -1, 0]])
    np.testing.assert_allclose(fair.policy, [1 / 3] * 3, atol=1e-9)
    np.testing.assert_allclose(fair.environments, [1 / 3] * 3, atol=1e-9)
    assert ed.solve_zero_sum([[2, 1], [5, 4]]).value == pytest.approx(2, abs=1e-9)


@pytest.mark.parametrize("rounds", [50, 500])
@settings(deadline=None, derandomize=True, max_examples=12)
@given(A=MATRICES)
def test_multiplicative_weights_against_linear_programming(A, rounds):
    learned = ed.multiplicative_weights(A, rounds)
    bound = ed.weights_bound(A, rounds) + 1e-9
    gap = ed.duality_gap(A, learned.policy, learned.environments)
    assert -1e-12 <= gap <= bound
    assert -1e-8 <= learned.value - ed.solve_zero_sum(A).value <= bound
    assert learned.value == pytest.approx((learned.policy @ A).max(), abs=1e-12)


def test_two_rounds_of_play_by_hand():
    """Uniform first; then logits ∓√(8 log n/T)/range times the first losses."""
    A, rounds = np.array([[0.0, 2.0], [1.0, 0.0]]), 2
    rate = np.sqrt(8 * np.log(2) / rounds) / 2
    loss, gain = A @ [0.5, 0.5], np.array([0.5, 0.5]) @ A
    p = np.exp(-rate * loss) / np.exp(-rate * loss).sum()
    q = np.exp(rate * gain) / np.exp(rate * gain).sum()
    learned = ed.multiplicative_weights(A, rounds)
    np.testing.assert_allclose(learned.policy, (0.5 + p) / 2, atol=1e-15)
    np.testing.assert_allclose(learned.environments, (0.5 + q) / 2, atol=1e-15)
    assert ed.weights_bound(A, rounds) == pytest.approx(2 * np.sqrt(np.log(2)))
    assert ed.weights_bound(A, rounds, fixed=True) == pytest.approx(np.sqrt(np.log(2)))


def test_the_bound_shrinks_like_the_square_root_of_the_rounds():
    R = ed.regret(ed.EXAMPLE)
    assert ed.weights_bound(R, 100) / ed.weights_bound(R, 400) == pytest.approx(2)
    gaps = []
    for rounds in (100, 900, 8100):
        s = ed.multiplicative_weights(R, rounds)
        gaps.append(ed.duality_gap(R, s.policy, s.environments))
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[-1] < 0.25 * gaps[0]


@settings(deadline=None, derandomize=True, max_examples=20)
@given(MATRICES)
def test_domain_randomisation_by_both_methods(U):
    """Against a fixed law of the environments, the rows' regret bound is the whole error."""
    exact = ed.domain_randomisation(U)
    assert exact.value == pytest.approx(U.mean(axis=1).max(), abs=1e-12)
    assert exact.policy @ U @ exact.environments == pytest.approx(exact.value, abs=1e-9)
    q = np.full(U.shape[1], 1 / U.shape[1])
    learned = ed.multiplicative_weights(-U, 400, q)
    assert -1e-9 <= exact.value + learned.value <= ed.weights_bound(U, 400, fixed=True) + 1e-9
    np.testing.assert_allclose(learned.environments, q)


def test_domain_randomisation_with_a_given_law_and_ties():
    U = [[1, 0], [0, 2], [1, 0]]
    solution = ed.domain_randomisation(U, [0.9, 0.1])
    np.testing.assert_allclose(solution.policy, [0.5, 0, 0.5])
    assert solution.value == pytest.approx(0.9)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(MATRICES, st.lists(st.integers(-20, 20), min_size=4, max_size=4))
def test_regret_does_not_see_what_no_policy_can_change(U, shifts):
    """A bonus that depends on the environment alone leaves regret as it is."""
    shifted = U + np.array(shifts)[: U.shape[1]]
    np.testing.assert_array_equal(ed.regret(shifted), ed.regret(U))
    assert (ed.regret(U) >= 0).all()
    assert (ed.regret(U).min(axis=0) == 0).all()
    assert ed.pure_minimax_regret(shifted) == ed.pure_minimax_regret(U)
    assert ed.minimax_regret(shifted).value == pytest.approx(ed.minimax_regret(U).value, abs=1e-8)


@settings(deadline=None, derandomize=True, max_examples=40)
@given(MATRICES)
def test_criteria_are_what_they_say_among_pure_and_mixed(U):
    """No mixture sampled does better; mixing never does worse than the best single policy."""
    rng = np.random.default_rng(0)
    p = rng.dirichlet(np.ones(U.shape[0]), size=200)
    least, greatest = ed.minimax_regret(U), ed.maximin(U)
    assert (p @ ed.regret(U)).max(axis=1).min() >= least.value - 1e-8
    assert (p @ U).min(axis=1).max() <= greatest.value + 1e-8
    assert (least.policy @ ed.regret(U)).max() == pytest.approx(least.value, abs=1e-8)
    assert (greatest.policy @ U).min() == pytest.approx(greatest.value, abs=1e-8)
    pure = [max(U.max(axis=0) - row) for row in U]
    assert ed.pure_minimax_regret(U) == [k for k, r in enumerate(pure) if r == min(pure)]
    assert min(pure) >= least.value - 1e-8
    worst = [min(row) for row in U]
    assert ed.pure_maximin(U) == [k for k, r in enumerate(worst) if r == max(worst)]
    assert max(worst) <= greatest.value + 1e-8


def test_the_example_by_hand():
    """Mixing stay, dash and search by a, b and c has three regrets.

    They are a + 0.4c in the open, 0.6(a + b) in the maze and 0.3(b + c) within walls, all 7/25 at
    (1/15, 2/5, 8/15), where they balance. The uniform mean returns are 0, 0.425 and 0.375.
    """
    least = ed.minimax_regret(ed.EXAMPLE)
    np.testing.assert_allclose(least.policy, [1 / 15, 2 / 5, 8 / 15], atol=1e-9)
    assert least.value == pytest.approx(0.28, abs=1e-9)
    np.testing.assert_allclose(ed.maximin(ed.EXAMPLE).policy, [1, 0, 0], atol=1e-9)
    assert ed.maximin(ed.EXAMPLE).value == pytest.approx(0, abs=1e-9)
    dash = ed.domain_randomisation(ed.EXAMPLE)
    np.testing.assert_allclose(dash.policy, [0, 1, 0])
    assert dash.value == pytest.approx(0.425)


# Theorem 1


@st.composite
def games_of_success_and_failure(draw):
    """Failures in [0, f], successes in [10, 10 + s], f, s < 10 − f; one row is a paragon."""
    n, m = draw(st.integers(2, 4)), draw(st.integers(1, 4))
    success = draw(arrays(bool, (n, m)))
    possible = draw(arrays(bool, m))
    success &= possible
    success[0] = possible
    f = draw(st.integers(0, 4))
    level = draw(arrays(float, (n, m), elements=st.floats(0, 1)))
    s = 10 - f - 0.1
    order = draw(st.permutations(range(n)))
    return np.where(success, 10 + s * level, f * level)[order], success[order]


@settings(deadline=None, derandomize=True, max_examples=80)
@given(games_of_success_and_failure())
def test_theorem_1_for_pure_policies(game):
    U, success = game
    assert ed.theorem_1_applies(U, success)
    assert ed.succeeds_where_possible(success)[ed.pure_minimax_regret(U)].all()


def test_the_hypotheses_of_theorem_1_are_needed():
    """With successes as wide as the gap, or without a paragon, minimax regret may fail."""
    U, success = np.array([[4.0, 4.0], [8.0, 3.0]]), np.array([[True, True], [True, False]])
    assert not ed.theorem_1_applies(U, success)
    assert ed.pure_minimax_regret(U) == [1]
    assert ed.succeeds_where_possible(success).tolist() == [True, False]
    as_wide_as_the_gap = np.array([[4.0, 4.0], [5.0, 3.0]])
    assert not ed.theorem_1_applies(as_wide_as_the_gap, success)
    assert not ed.theorem_1_applies(np.eye(2), np.eye(2, dtype=bool))
    assert ed.theorem_1_applies(np.array([[4.0, 4.0], [4.5, 3.0]]), success)
    assert ed.theorem_1_applies([[1.0, 2.0]], [[True, True]])


@pytest.mark.parametrize(("n", "safe"), [(3, 0.6), (4, 0.6), (5, 0.7)])
def test_theorem_1_is_false_for_mixed_policies(n, safe):
    U, success = ed.mixed_counterexample(n, safe)
    assert ed.theorem_1_applies(U, success)
    assert ed.pure_minimax_regret(U) == [n]
    mixed = ed.minimax_regret(U)
    assert mixed.value == pytest.approx(1 / n, abs=1e-9)
    np.testing.assert_allclose(mixed.policy, [1 / n] * n + [0], atol=1e-9)
    assert not ed.succeeds_where_possible(success)[:n].any()
