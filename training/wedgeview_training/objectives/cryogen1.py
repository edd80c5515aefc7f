"""
CryoGEN-I: the encoder (and decoder) as amortised MAP, the energy as a discriminator.

    E, M step   min over encoder, decoder of   E_y [ lambda/2 || T_M (y - x) ||^2 + E(T_M (R x + n)) ],   x = A(zbar(y))
    D step      min over E of                  E_y' E(y') - E_y E(T_M (R x + n)) + penalty

R x is recorded anew with a record's wedge and noise, so that the energy sees like with like: only what the wedge hides, seen from another side,
can give a product away.
"""

from typing import Dict

import torch

from .energy_model import EnergyModel
from .potential import misfit


def map_loss(volume: torch.Tensor, record: torch.Tensor, operator, data: float, energy: torch.Tensor) -> torch.Tensor:
    """lambda/2 ||T_M (y - x)||^2 + E, the mean over samples."""
    return (0.5 * data * misfit(volume, record, operator) + energy).mean()


class Cryogen1(EnergyModel):
    def encoder_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        operator = self.operator(batch["wedge"])
        volume = self.decode(self.encode(batch["first"]))
        energy = self.energy_share * self.energy_of(self.observe(volume, operator, batch["first_sigma"], random))
        return map_loss(volume, batch["second"], operator, self.weights.data, energy) / self.size**3

    def energy_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        with torch.no_grad():
            volume = self.decode(self.encode(batch["first"]))
        return self.contrast_with(volume, batch, random)
