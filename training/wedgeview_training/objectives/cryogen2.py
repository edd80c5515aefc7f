"""
CryoGEN-II: optimal transport between records and what the model records, in its semi-dual form, as a Wasserstein auto-encoder.

    cost         c(y, z) = lambda/2 || T_M (y - A(z)) ||^2
    c-transform  psi^c(y) = min_z { c(y, z) - psi(T_M (R A(z) + n)) },      the encoder is its minimiser, amortised: z = zbar(y)
    semi-dual    max over psi of   E_y psi^c(y) + E_y' psi(y')
    latents      WAE: MMD^2 between zbar(y) and N(0, I), where there is a decoder (a volume as latent has its own law)

psi = -E, so the potential is exported as an energy.
"""

from typing import Dict

import torch

from ..wedge import noise_like
from .energy_model import EnergyModel
from .potential import gradient_penalty, misfit


def c_transform(volume: torch.Tensor, record: torch.Tensor, operator, data: float, psi: torch.Tensor) -> torch.Tensor:
    """c(y, z) - psi, one value a sample: an upper bound of psi^c(y), equal to it at the best z."""
    return 0.5 * data * misfit(volume, record, operator) - psi


def semi_dual(transformed: torch.Tensor, psi_of_records: torch.Tensor) -> torch.Tensor:
    return transformed.mean() + psi_of_records.mean()


def maximum_mean_discrepancy(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Unbiased MMD^2 of samples (n, d), kernel sum over s of s / (s + |a - b|^2), s = 2 d times 0.2, 1 and 5 (Tolstikhin et al. 2018)."""
    count, dimensions = a.shape

    def kernel(x: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
        square = (x[:, None] - y[None]).square().sum(2)
        return sum(scale / (scale + square) for scale in (0.4 * dimensions, 2.0 * dimensions, 10.0 * dimensions))

    def off_diagonal(k: torch.Tensor) -> torch.Tensor:
        return (k.sum() - k.diagonal().sum()) / (count * (count - 1))

    return off_diagonal(kernel(a, a)) + off_diagonal(kernel(b, b)) - 2 * kernel(a, b).mean()


class Cryogen2(EnergyModel):
    def encoder_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        operator = self.operator(batch["wedge"])
        z = self.encode(batch["first"])
        volume = self.decode(z)
        psi = -self.energy_share * self.energy_of(self.observe(volume, operator, batch["first_sigma"], random))
        loss = c_transform(volume, batch["second"], operator, self.weights.data, psi).mean() / self.size**3
        if "decoder" in self.networks:
            places = z.permute(0, 2, 3, 4, 1).reshape(-1, z.shape[1])
            chosen = places[torch.randperm(places.shape[0], generator=random)[:256].to(z.device)]
            loss = loss + 0.1 * maximum_mean_discrepancy(chosen, noise_like(chosen, random))
        return loss

    def energy_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        """Minus the semi-dual; the cost does not depend on psi."""
        operator = self.operator(batch["wedge"])
        with torch.no_grad():
            volume = self.decode(self.encode(batch["first"]))
            produced = self.observe(volume, operator, batch["first_sigma"], random)
        observed = batch["second"].roll(1, 0)
        psi = lambda x: -self.energy_of(x)
        cost = c_transform(volume, batch["second"], operator, self.weights.data, psi(produced))
        penalty = gradient_penalty(self.energy_of, observed, produced, random)
        return -semi_dual(cost, psi(observed)) / self.size**3 + self.penalty * penalty
