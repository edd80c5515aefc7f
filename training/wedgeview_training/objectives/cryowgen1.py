"""
CryoWGEN-I: the entropic objective, by Monte Carlo.

    z_m ~ kappa(z | y) = N(zbar(y), I / beta),   G_m = -E(T_M (R A(z_m) + n)) - lambda/2 || T_M (y - A(z_m)) ||^2
    omega = softmax(G / gamma),   Psi(y) = -gamma (logsumexp(G / gamma) - ln M)

    energy    min of   E_y' E(y') - E_y Psi(y)         the gradient of Psi is the weighted mean sum omega dE: no sampling beyond kappa
    encoder   min of   beta/2 || zbar(y) - stop(z*) ||^2,   z* = sum omega z_m        the soft barycentre draws the encoder to it
    decoder   min of   E_y Psi(y)

Utilities are sums over voxels, so gamma has to grow with the box (`gamma` in the settings is a voxel's): else one candidate takes all the weight.
"""

from typing import Dict, Tuple

import torch

from .energy_model import EnergyModel
from .potential import boltzmann_weights, candidates, free_energy, gradient_penalty, soft_barycentre, utility


def barycentre_loss(centre: torch.Tensor, barycentre: torch.Tensor, tether: float) -> torch.Tensor:
    """beta/2 || zbar - z* ||^2 without gradient to z*, the mean over samples."""
    return 0.5 * tether * (centre - barycentre.detach()).square().flatten(1).sum(1).mean()


class Cryowgen1(EnergyModel):
    def weigh(self, batch: Dict, centre: torch.Tensor, random: torch.Generator) -> Tuple[torch.Tensor, torch.Tensor]:
        """Candidates (M, B, …) and their utilities (M, B)."""
        operator = self.operator(batch["wedge"])
        z = candidates(centre.detach(), self.candidates, self.weights.tether, random)
        energy = lambda volume: self.energy_share * self.energy_of(
            self.observe(volume, operator, batch["first_sigma"], random)
        )
        utilities = [utility(one, batch["second"], self.decode, energy, operator, self.weights.data) for one in z]
        return z, torch.stack(utilities)

    @property
    def temperature(self) -> float:
        return self.weights.temperature * self.size**3

    def encoder_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        centre = self.encode(batch["first"])
        z, utilities = self.weigh(batch, centre, random)
        barycentre = soft_barycentre(z, boltzmann_weights(utilities.detach(), self.temperature))
        loss = barycentre_loss(centre, barycentre, self.weights.tether)
        if "decoder" in self.networks:
            loss = loss + free_energy(utilities, self.temperature).mean()
        return loss / self.size**3

    def energy_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        with torch.no_grad():
            centre = self.encode(batch["first"])
        _, utilities = self.weigh(batch, centre, random)
        observed = batch["second"].roll(1, 0)
        with torch.no_grad():
            produced = self.observe(self.decode(centre), self.operator(batch["wedge"]), batch["first_sigma"], random)
        free = free_energy(utilities, self.temperature).mean()
        penalty = gradient_penalty(self.energy_of, observed, produced, random)
        return (self.energy_share * self.energy_of(observed).mean() - free) / self.size**3 + self.penalty * penalty
