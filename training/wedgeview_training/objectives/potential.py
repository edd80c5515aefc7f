"""
The quantities that the four methods share, for any decoder A, energy E (w = -E) and operator T_M; sums over voxels, one value a sample:

    G(z; y) = -E(T_M R A(z)) - lambda/2 || T_M (y - A(z)) ||^2                          utility
    log q*(z | y) = G(z; y) / gamma - beta/2 || z - zbar ||^2 + const                   Boltzmann posterior
    kappa(z | y) = N(zbar, I / beta)                                                    conditional prior
    Psi(y) = -gamma log E_{z ~ kappa} exp(G(z; y) / gamma)                              free energy
"""

from dataclasses import dataclass
from math import log, sqrt
from typing import Callable

import torch

from ..wedge import noise_like

Volumes = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Weights:
    data: float = 1.0
    """lambda"""
    tether: float = 1.0
    """beta"""
    temperature: float = 1.0
    """gamma"""


def square_sum(x: torch.Tensor) -> torch.Tensor:
    return x.square().flatten(1).sum(1)


def misfit(volume: torch.Tensor, record: torch.Tensor, operator: Volumes) -> torch.Tensor:
    """|| T_M (y - x) ||^2."""
    return square_sum(operator(record - volume))


def utility(z: torch.Tensor, record: torch.Tensor, decode: Volumes, energy: Volumes, operator: Volumes, data: float) -> torch.Tensor:
    """G; `energy` takes the volume and does the turning and recording that its domain asks for."""
    volume = decode(z)
    return -energy(volume) - 0.5 * data * misfit(volume, record, operator)


def candidates(centre: torch.Tensor, count: int, tether: float, random: torch.Generator) -> torch.Tensor:
    """(count, B, …) draws of kappa."""
    noise = torch.randn((count, *centre.shape), generator=random).to(centre.device)
    return centre + noise / sqrt(tether)


def free_energy(utilities: torch.Tensor, temperature: float) -> torch.Tensor:
    """Psi from utilities (M, B) of draws of kappa; its gradient is -sum omega dG, so gradients flow as they should."""
    return -temperature * (torch.logsumexp(utilities / temperature, 0) - log(utilities.shape[0]))


def boltzmann_weights(utilities: torch.Tensor, temperature: float) -> torch.Tensor:
    """omega (M, B), in the log domain."""
    return torch.softmax(utilities / temperature, 0)


def soft_barycentre(z: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """z* = sum omega z_m."""
    return (weights.reshape(*weights.shape, *[1] * (z.dim() - 2)) * z).sum(0)


def langevin(
    start: torch.Tensor, utility_of: Volumes, centre: torch.Tensor, weights: Weights, step: float, count: int, random: torch.Generator
) -> torch.Tensor:
    """`count` steps of z <- z + eta grad log q* + sqrt(2 eta) xi."""
    z = start.detach()
    for _ in range(count):
        z = z.detach().requires_grad_(True)
        log_density = utility_of(z).sum() / weights.temperature - 0.5 * weights.tether * (z - centre).square().sum()
        (force,) = torch.autograd.grad(log_density, z)
        z = z.detach() + step * force + sqrt(2 * step) * noise_like(z, random)
    return z


def contrast(energy: Volumes, observed: torch.Tensor, produced: torch.Tensor) -> torch.Tensor:
    """E of records less E of what the model produces: an energy trained to lower it calls records likely and products unlikely."""
    return energy(observed).mean() - energy(produced).mean()


def gradient_penalty(energy: Volumes, observed: torch.Tensor, produced: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """
    Mean square of dE/dx between records and products, a voxel: without a limit on its slope, an energy's contrast has no minimum
    (Gulrajani et al. 2017, here with the slope held near 0 as in Mescheder et al. 2018).
    """
    share = torch.rand(observed.shape[0], 1, 1, 1, 1, generator=random).to(observed.device)
    point = (share * observed + (1 - share) * produced).detach().requires_grad_(True)
    (slope,) = torch.autograd.grad(energy(point).sum(), point, create_graph=True)
    return slope.square().mean()
