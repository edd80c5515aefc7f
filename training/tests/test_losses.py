"""Every objective's terms against closed forms on Gaussian toys."""

from math import log, sqrt
from unittest import TestCase

import torch

from wedgeview_training.objectives.cryogen1 import map_loss
from wedgeview_training.objectives.cryogen2 import c_transform, maximum_mean_discrepancy, semi_dual
from wedgeview_training.objectives.cryowgen1 import barycentre_loss
from wedgeview_training.objectives.denoiser_prior import denoising_loss
from wedgeview_training.objectives.double_wedge import fill_wedge, masked_square, record_again, variance_loss
from wedgeview_training.objectives.potential import (
    Weights,
    boltzmann_weights,
    candidates,
    contrast,
    free_energy,
    gradient_penalty,
    langevin,
    soft_barycentre,
    utility,
)
from wedgeview_training.rotation import cube_rotations
from wedgeview_training.wedge import FourierFilter, Wedge, wedge_operator

N = 12
OPERATOR = wedge_operator(Wedge(), (N, N, N))
SHARE = OPERATOR.mean_square


def generator(seed: int = 1) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def quadratic(q: float):
    """E(x) = q/2 ||x||^2."""
    return lambda x: 0.5 * q * x.square().flatten(1).sum(1)


def identity(x: torch.Tensor) -> torch.Tensor:
    return x


class DoubleWedgeTest(TestCase):
    """White x of variance S, noise s1 and s2, and a network that multiplies by a: every expectation is a sum over frequencies."""

    s, s1, s2, a = 1.7, 0.8, 1.1, 0.6

    def records(self, count: int):
        random = generator()
        draw = lambda: torch.randn(count, 1, N, N, N, generator=random)
        x = sqrt(self.s) * draw()
        return x, OPERATOR(x + self.s1 * draw()), OPERATOR(x + self.s2 * draw()), random

    def test_plain_term(self) -> None:
        _, first, second, _ = self.records(64)
        found = float(masked_square(self.a * first - second, OPERATOR))
        expected = SHARE * ((self.a - 1) ** 2 * self.s + self.a**2 * self.s1**2 + self.s2**2)
        self.assertAlmostEqual(found / expected, 1, delta=0.015)

    def test_rotated_term(self) -> None:
        _, first, second, random = self.records(64)
        for turn in cube_rotations()[3:24:7]:
            seen = wedge_operator(Wedge(), (N, N, N), turn.matrix)
            filled = fill_wedge(first, self.a * first, OPERATOR)
            noise = self.s1 * torch.randn(first.shape, generator=random)
            again = record_again(turn(filled), OPERATOR, seen, noise)
            # A record made anew is as noisy as a record: signal where both masks hold, noise in all of M.
            both = float((OPERATOR.symbol * seen.symbol).mean())
            power = float(again.square().mean())
            self.assertAlmostEqual(power / (both * self.s + SHARE * self.s1**2), 1, delta=0.015)
            found = float(masked_square(self.a * again - turn(second), seen))
            inside = (self.a - 1) ** 2 * self.s + self.a**2 * self.s1**2
            expected = both * inside + (SHARE - both) * self.s + SHARE * self.s2**2
            self.assertAlmostEqual(found / expected, 1, delta=0.015)

    def test_variance_is_least_where_it_is_right(self) -> None:
        v, c, noise = 0.4, 0.7, torch.tensor([[[[[0.9]]]]])
        expected = c * (v + 0.81)
        residual = sqrt(expected) * torch.randn(1, 1, 40, 40, 40, generator=generator())
        guess = torch.tensor(log(v), requires_grad=True)
        loss = variance_loss(residual, guess.expand(residual.shape), c, noise)
        self.assertAlmostEqual(float(loss), log(expected) + 1, delta=0.03)
        (slope,) = torch.autograd.grad(loss, guess)
        self.assertAlmostEqual(float(slope), 0, delta=0.01)
        for other in (-0.5, 0.5):
            worse = variance_loss(residual, torch.full(residual.shape, log(v) + other), c, noise)
            self.assertGreater(float(worse), float(loss) + 0.005)


class DenoiserTest(TestCase):
    def test_loss_of_linear_denoisers(self) -> None:
        s, d = 0.6, 1.3
        clean = d * torch.randn(40, 1, N, N, N, generator=generator())
        noisy = clean + s * torch.randn(clean.shape, generator=generator(2))
        sigma = torch.full((40,), s)
        best = d**2 / (d**2 + s**2)
        for a in (0.2, best, 1.0):
            expected = (s**2 + d**2) / (s * d) ** 2 * ((a - 1) ** 2 * d**2 + a**2 * s**2)
            self.assertAlmostEqual(float(denoising_loss(a * noisy, clean, sigma, d)) / expected, 1, delta=0.02)
        # At the optimum every level's loss is 1: that is what the weight is for.
        self.assertAlmostEqual(float(denoising_loss(best * noisy, clean, sigma, d)), 1, delta=0.02)


class PotentialTest(TestCase):
    """One measured frequency pattern, x white: per voxel of a small box everything is Gaussian."""

    data, q, beta, gamma = 0.7, 0.4, 1.5, 1.3

    def setUp(self) -> None:
        self.centre = torch.randn(1, 1, 1, 1, 2, generator=generator(3))
        self.record = torch.randn(1, 1, 1, 1, 2, generator=generator(4))

    def closed_form(self):
        a, b = self.data / self.gamma, self.q / self.gamma
        precision = a + b + self.beta
        right = a * self.record + self.beta * self.centre
        exponent = 0.5 * (a * self.record**2 + self.beta * self.centre**2 - right**2 / precision)
        psi = self.gamma * (exponent - 0.5 * log(self.beta / precision)).sum()
        return precision, right / precision, float(psi)

    def test_free_energy_and_barycentre(self) -> None:
        precision, mean, psi = self.closed_form()
        q = torch.tensor(self.q, requires_grad=True)
        energy = lambda x: 0.5 * q * x.square().flatten(1).sum(1)
        z = candidates(self.centre, 60000, self.beta, generator())
        utilities = utility(
            z.flatten(0, 1), self.record, identity, energy, identity, self.data
        )[:, None]
        found = free_energy(utilities, self.gamma)
        self.assertAlmostEqual(float(found), psi, delta=0.02)
        weights = boltzmann_weights(utilities, self.gamma)
        self.assertAlmostEqual(float(weights.sum()), 1, places=5)
        self.assertLess(float((soft_barycentre(z, weights) - mean).abs().max()), 0.02)
        # d Psi / d q is the posterior mean of ||z||^2 / 2.
        (slope,) = torch.autograd.grad(found.sum(), q)
        self.assertAlmostEqual(float(slope), 0.5 * float((mean**2 + 1 / precision).sum()), delta=0.02)

    def test_free_energy_of_no_utility_and_of_huge_ones(self) -> None:
        self.assertAlmostEqual(float(free_energy(torch.full((7, 1), -3.0), 0.5)), 3.0, places=5)
        self.assertTrue(torch.isfinite(free_energy(torch.tensor([[-1e6], [-2e6]]), 1.0)).all())

    def test_langevin_has_the_posterior_and_its_known_bias(self) -> None:
        step, chains = 0.15, 20000
        precision, mean, _ = self.closed_form()
        weights = Weights(self.data, self.beta, self.gamma)
        of = lambda z: utility(z, self.record, identity, quadratic(self.q), identity, self.data)
        start = self.centre.expand(chains, 1, 1, 1, 2)
        z = langevin(start, of, self.centre, weights, step, 40, generator())
        self.assertLess(float((z.mean(0) - mean[0]).abs().max()), 0.02)
        biased = 1 / (precision * (1 - step * precision / 2))
        self.assertLess(float((z.var(0) / biased - 1).abs().max()), 0.05)

    def test_barycentre_loss_pulls_by_the_tether(self) -> None:
        centre = self.centre.clone().requires_grad_(True)
        target = self.centre + 0.5
        loss = barycentre_loss(centre, target, self.beta)
        self.assertAlmostEqual(float(loss), 0.5 * self.beta * 0.25 * 2, places=5)
        (slope,) = torch.autograd.grad(loss, centre)
        self.assertLess(float((slope + 0.5 * self.beta).abs().max()), 1e-5)


class MethodTest(TestCase):
    data, q = 0.8, 0.5

    def setUp(self) -> None:
        self.record = OPERATOR(torch.randn(2, 1, N, N, N, generator=generator(5)))
        # lambda T_M (y - x) = q x: the Wiener filter.
        self.best = self.data / (self.data + self.q) * self.record

    def test_cryogen1_is_least_at_the_wiener_filter(self) -> None:
        x = self.best.clone().requires_grad_(True)
        loss = map_loss(x, self.record, OPERATOR, self.data, quadratic(self.q)(x))
        (slope,) = torch.autograd.grad(loss, x)
        self.assertLess(float(slope.abs().max()), 1e-5)
        expected = 0.5 * self.data * self.q / (self.data + self.q) * float(self.record.square().sum()) / 2
        self.assertAlmostEqual(float(loss) / expected, 1, places=4)

    def test_discriminator_sees_the_difference_in_power(self) -> None:
        observed = 1.5 * torch.randn(50, 1, N, N, N, generator=generator(6))
        produced = 0.5 * torch.randn(50, 1, N, N, N, generator=generator(7))
        found = float(contrast(quadratic(self.q), observed, produced)) / N**3
        self.assertAlmostEqual(found, 0.5 * self.q * (2.25 - 0.25), delta=0.01)

    def test_gradient_penalty_of_a_linear_energy(self) -> None:
        direction = torch.randn(1, 1, N, N, N, generator=generator(8))
        energy = lambda x: (direction * x).flatten(1).sum(1)
        found = gradient_penalty(energy, self.record, self.best, generator())
        self.assertAlmostEqual(float(found), float(direction.square().mean()), places=4)

    def test_c_transform_of_a_quadratic(self) -> None:
        psi = lambda x: -quadratic(self.q)(x)
        expected = 0.5 * self.data * self.q / (self.data + self.q) * self.record.square().flatten(1).sum(1)
        found = c_transform(self.best, self.record, OPERATOR, self.data, psi(self.best))
        self.assertLess(float((found / expected - 1).abs().max()), 1e-4)
        other = self.best + 0.05 * torch.randn(self.best.shape, generator=generator(9))
        self.assertTrue(bool((c_transform(other, self.record, OPERATOR, self.data, psi(other)) > found).all()))
        dual = semi_dual(found, psi(self.record))
        self.assertAlmostEqual(float(dual), float((found + psi(self.record)).mean()), places=3)

    def test_discrepancy_is_zero_for_one_law_and_grows_with_a_shift(self) -> None:
        a = torch.randn(400, 3, generator=generator(10))
        b = torch.randn(400, 3, generator=generator(11))
        self.assertAlmostEqual(float(maximum_mean_discrepancy(a, b)), 0, delta=0.02)
        values = [float(maximum_mean_discrepancy(a, b + shift)) for shift in (0.5, 1.0, 2.0)]
        self.assertTrue(0.02 < values[0] < values[1] < values[2])
        # Four points in one dimension, by hand: kernel k(d) = sum of s / (s + d^2), s = 0.4, 2, 10.
        k = lambda d: sum(s / (s + d * d) for s in (0.4, 2.0, 10.0))
        found = maximum_mean_discrepancy(torch.tensor([[0.0], [1.0]]), torch.tensor([[2.0], [4.0]]))
        cross = (k(2) + k(4) + k(1) + k(3)) / 4
        self.assertAlmostEqual(float(found), k(1) + k(2) - 2 * cross, places=5)


class FilterTest(TestCase):
    def test_filter_shapes_noise(self) -> None:
        symbol = torch.full((N, N, N), 0.5)
        shaped = FourierFilter(symbol)(torch.ones(1, 1, N, N, N))
        self.assertLess(float((shaped - 0.5).abs().max()), 1e-6)
