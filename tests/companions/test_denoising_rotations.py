"""The heat kernel of SO(3): two expansions, the heat equation, and random rotations."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from companions import denoising_rotations as so3

Z, W = np.polynomial.legendre.leggauss(300)
OMEGA, W = np.pi * (Z + 1) / 2, np.pi * W / 2


@pytest.mark.parametrize("ell", [0, 1, 2, 7])
def test_characters_are_the_quotient_of_sines_and_orthonormal(ell):
    assert so3.character(ell, OMEGA) == pytest.approx(
        np.sin((ell + 0.5) * OMEGA) / np.sin(OMEGA / 2), abs=1e-10
    )
    assert so3.character(ell, 0.0) == 2 * ell + 1
    for other in range(9):
        inner = np.sum(
            W * so3.haar_density(OMEGA) * so3.character(ell, OMEGA) * so3.character(other, OMEGA)
        )
        assert inner == pytest.approx(float(ell == other), abs=1e-12)


@pytest.mark.parametrize("t", [0.05, 0.3, 1.0, 4.0])
def test_mass_is_one_and_the_trace_decays(t):
    density = so3.angle_density(OMEGA, t)
    assert np.sum(W * density) == pytest.approx(1, abs=1e-12)
    trace = np.sum(W * density * (1 + 2 * np.cos(OMEGA)))
    assert trace == pytest.approx(so3.mean_trace(t), abs=1e-12)


@pytest.mark.parametrize("t", [0.02, 0.1, 0.7, 3.0])
def test_spectral_and_wrapped_expansions_agree(t):
    omega = np.linspace(0, np.pi, 40)
    wrapped = so3.heat_kernel_small_time(omega, t)
    assert so3.heat_kernel(omega, t) == pytest.approx(wrapped, rel=1e-9, abs=1e-11 * wrapped[0])


@pytest.mark.parametrize("kernel", [so3.heat_kernel, so3.heat_kernel_small_time])
def test_all_mass_is_at_rest_to_begin_with(kernel):
    start = kernel([[0.0, 0.1], [1.0, np.pi]], 0.0)
    assert start.tolist() == [[np.inf, 0.0], [0.0, 0.0]]
    # The values just after tend to these.
    soon = so3.heat_kernel_small_time([0.0, 0.1], 1e-5)
    assert soon[0] > 1e7
    assert soon[1] < 1e-100


@pytest.mark.parametrize("t", [0.2, 1.0])
def test_heat_equation(t):
    # ½Δ on class functions of the angle: ½(f'' + cot(ω/2) f').
    omega, h = np.linspace(0.3, 3.0, 12), 1e-3
    f, right, left = (so3.heat_kernel(omega + s, t) for s in (0, h, -h))
    laplacian = (right - 2 * f + left) / h**2 + (right - left) / (2 * h) / np.tan(omega / 2)
    rate = (so3.heat_kernel(omega, t + h) - so3.heat_kernel(omega, t - h)) / (2 * h)
    assert rate == pytest.approx(laplacian / 2, abs=1e-4 * np.abs(rate).max())


def test_two_times_compose():
    s, t = 0.3, 0.5
    product = so3.heat_kernel(OMEGA, s) * so3.heat_kernel(OMEGA, t) * so3.haar_density(OMEGA)
    assert np.sum(W * product) == pytest.approx(float(so3.heat_kernel(0.0, s + t)), rel=1e-12)


@pytest.mark.parametrize("t", [0.02, 0.1, 0.8, 5.0])
def test_score_is_the_slope_of_the_logarithm(t):
    omega, h = np.linspace(0.2, 3.0, 9), 1e-5
    right, left = (np.log(so3.heat_kernel_small_time(omega + s, t)) for s in (h, -h))
    score = so3.angle_score(omega, t)
    assert score == pytest.approx((right - left) / (2 * h), rel=1e-6)
    # By symmetry about the half turn.
    assert so3.angle_score(np.pi, t) == pytest.approx(0, abs=1e-9 / t)


def test_products_of_small_random_rotations_follow_the_kernel():
    rng = np.random.default_rng(5)
    t, steps, paths = 0.6, 60, 20_000
    rotation = Rotation.identity(paths)
    for _ in range(steps):
        rotation = Rotation.from_rotvec(np.sqrt(t / steps) * rng.normal(size=(paths, 3))) * rotation
    omega = rotation.magnitude()
    for f, bias in ((lambda w: 1 + 2 * np.cos(w), 0.01), (lambda w: w**2, 0.01)):
        sample = f(omega)
        exact = np.sum(W * so3.angle_density(OMEGA, t) * f(OMEGA))
        error = sample.std() / np.sqrt(paths)
        assert abs(sample.mean() - exact) < 4 * error + bias
