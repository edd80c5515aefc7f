"""
A denoiser as prior: trained on reconstructions or, better, on members of families, which are as varied as the posterior is.

    L = E_{x, s, n} w(s) || D(x + s n, s) - x ||^2,   w(s) = (s^2 + d^2) / (s d)^2,   ln s uniform over the levels,   x turned at random

For each s the minimum is D(x, s) = E[clean | x], and by Tweedie (D(x, s) - x) / s^2 is the score of the volumes' distribution smeared by s.
The weight makes every level's target of unit size (Karras et al. 2022).

`turns`: "cube", any of its 24 rotations, is the prior that the physics has: specimens lie anyhow. But members are unsure in their record's wedge only, and turned
so they are a third unsure everywhere: the prior expects a fraction of the error where the wedge is. "half" turns by half circles, which keep the wedge
where it is: a prior for records of that geometry, as the encoder is an encoder for them.
"""

from math import log
from typing import Dict, List

import torch

from ..networks import Denoiser
from ..observations import Observation
from ..rotation import cube_rotations, half_turns
from ..wedge import noise_like
from .objective import Objective, adamw


def denoising_loss(denoised: torch.Tensor, clean: torch.Tensor, sigma: torch.Tensor, data_std: float) -> torch.Tensor:
    """The loss above for given draws; sigma (B,)."""
    weight = (sigma.square() + data_std**2) / (sigma * data_std).square()
    return (weight * (denoised - clean).square().mean(dim=(1, 2, 3, 4))).mean()


class DenoiserPrior(Objective):
    def __init__(self, settings: Dict, training: List[Observation], held_out: List[Observation]) -> None:
        self.size = settings.get("crop", 32)
        self.batch = settings.get("batch", 8)
        self.low, self.high = settings.get("noise", [0.05, 2.0])
        self.volumes = [one.first for one in training]
        self.held_out = [one.first for one in held_out] or self.volumes
        square = sum(float(volume.square().mean()) for volume in self.volumes) / len(self.volumes)
        self.data_std = settings.get("dataStd", round(square**0.5, 3))
        denoiser = Denoiser(settings.get("width", 32), self.data_std)
        self.networks = torch.nn.ModuleDict({"denoiser": denoiser})
        self.optimisers = {"denoiser": adamw(denoiser.parameters(), 0.0)}
        self.learning_rates = {"denoiser": settings.get("learningRate", 3e-4)}
        self.turns = half_turns() if settings.get("turns", "cube") == "half" else cube_rotations()

    def draw(self, volumes: List[torch.Tensor], random: torch.Generator) -> torch.Tensor:
        crops = []
        for _ in range(self.batch):
            integer = lambda limit: int(torch.randint(0, limit, (1,), generator=random))
            volume = volumes[integer(len(volumes))]
            corner = [integer(max(1, length - self.size + 1)) for length in volume.shape]
            window = volume[tuple(slice(start, start + self.size) for start in corner)]
            crops.append(self.turns[integer(len(self.turns))](window)[None])
        return torch.stack(crops).to(self.device)

    def train_step(self, random: torch.Generator) -> Dict[str, float]:
        clean = self.draw(self.volumes, random)
        share = torch.rand(self.batch, generator=random).to(self.device)
        sigma = torch.exp(log(self.low) + share * (log(self.high) - log(self.low)))
        noisy = clean + sigma[:, None, None, None, None] * noise_like(clean, random)
        loss = denoising_loss(self.networks["denoiser"](noisy, sigma), clean, sigma, self.data_std)
        self.update("denoiser", loss)
        return {"loss": float(loss.detach())}

    @torch.no_grad()
    def monitor(self) -> Dict[str, float]:
        """Mean squared error at three noise levels. The loss alone does not show a denoiser that returns c_skip x; compare with `skip`."""
        random = torch.Generator().manual_seed(7)
        numbers = {}
        for level in (0.2, 0.5, 1.0):
            error = skip = 0.0
            for _ in range(4):
                clean = self.draw(self.held_out, random)
                sigma = torch.full((self.batch,), level, device=self.device)
                noisy = clean + level * noise_like(clean, random)
                error += float((self.networks["denoiser"](noisy, sigma) - clean).square().mean()) / 4
                share = self.data_std**2 / (level**2 + self.data_std**2)
                skip += float((share * noisy - clean).square().mean()) / 4
            numbers[f"error{level}"], numbers[f"skip{level}"] = error, skip
        return numbers
