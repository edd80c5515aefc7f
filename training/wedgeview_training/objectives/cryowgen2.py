"""
CryoWGEN-II: the potential of CryoWGEN-I, with negative samples of the Boltzmann posterior by stochastic gradient Langevin dynamics.

    z_0 ~ kappa(z | y),   z <- z + eta grad log q*(z | y) + sqrt(2 eta) xi            (K steps; no gradient flows through them)

    energy    min of   E_y' E(y') - E_y E(T_M (R A(z_K) + n)) + penalty         the gradient of the free energy at samples of q*
    encoder   min of   beta/2 || zbar(y) - stop(z_K) ||^2                       its minimiser is the posterior mean
    decoder   min of   lambda/2 || T_M (y - A(z_K)) ||^2
"""

from typing import Dict

import torch

from .cryowgen1 import barycentre_loss
from .energy_model import EnergyModel
from .potential import candidates, langevin, misfit, utility


class Cryowgen2(EnergyModel):
    def sample(self, batch: Dict, centre: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        operator = self.operator(batch["wedge"])
        energy = lambda volume: self.energy_share * self.energy_of(
            self.observe(volume, operator, batch["first_sigma"], random)
        )
        of = lambda z: utility(z, batch["second"], self.decode, energy, operator, self.weights.data)
        start = candidates(centre.detach(), 1, self.weights.tether, random)[0]
        return langevin(
            start, of, centre.detach(), self.weights, self.langevin_step, self.langevin_steps, random
        )

    def encoder_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        centre = self.encode(batch["first"])
        z = self.sample(batch, centre, random)
        loss = barycentre_loss(centre, z, self.weights.tether)
        if "decoder" in self.networks:
            data = misfit(self.decode(z), batch["second"], self.operator(batch["wedge"]))
            loss = loss + 0.5 * self.weights.data * data.mean()
        return loss / self.size**3

    def energy_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        with torch.no_grad():
            centre = self.encode(batch["first"])
        volume = self.decode(self.sample(batch, centre, random))
        return self.contrast_with(volume.detach(), batch, random)
