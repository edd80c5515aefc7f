"""What the four objectives with an energy have in common: networks, data, records made of volumes."""

from typing import Dict, List

import torch

from ..networks import Decoder, Encoder, Energy, LatentEncoder
from ..observations import Observation, batch_of
from ..rotation import cube_rotations
from ..wedge import FourierFilter, Wedge, noise_like, wedge_operator
from .double_wedge import fill_wedge, masked_square, record_again
from .objective import Objective, adamw, power_by_region
from .potential import Weights, contrast, gradient_penalty


class EnergyModel(Objective):
    """
    Encoder, optional decoder (`latentChannels`; without it the latent is the volume) and an energy of the observation domain. Subclasses say how a
    latent is found for a record (`encoder_step`, `energy_step`).

    Besides the method's own terms the encoder gets the double-wedge term (`selfSupervision`, 1): it ties the unmeasured
    frequencies to measured targets, without which an energy that is too strong drives them away.
    """

    def __init__(self, settings: Dict, training: List[Observation], held_out: List[Observation]) -> None:
        self.size, self.batch = settings.get("crop", 32), settings.get("batch", 8)
        self.training, self.held_out = training, held_out
        self.weights = Weights(settings.get("lambda", 1.0), settings.get("beta", 4.0), settings.get("gamma", 1.0))
        self.penalty, self.supervision = settings.get("penalty", 10.0), settings.get("selfSupervision", 1.0)
        self.energy_share = settings.get("energyShare", 0.1)
        self.candidates, self.langevin_steps = settings.get("candidates", 4), settings.get("langevinSteps", 4)
        self.langevin_step = settings.get("langevinStep", 0.05)
        width, channels = settings.get("width", 16), settings.get("latentChannels")
        modules = {
            "encoder": LatentEncoder(width, channels) if channels else Encoder(width),
            "energy": Energy(settings.get("energyWidth", 8)),
        }
        if channels:
            modules["decoder"] = Decoder(width, channels)
        self.networks = torch.nn.ModuleDict(modules)
        self.optimisers = {name: adamw(module.parameters(), 0.0) for name, module in modules.items()}
        rate = settings.get("learningRate", 1e-3)
        self.learning_rates = {**{name: rate for name in modules}, "energy": settings.get("energyRate", 3e-4)}
        self.cube = cube_rotations()
        self._operators: Dict = {}

    def operator(self, wedge: Wedge, turn: int = 0) -> FourierFilter:
        if (wedge, turn) not in self._operators:
            rotation = self.cube[turn].matrix if turn else None
            self._operators[(wedge, turn)] = wedge_operator(wedge, (self.size,) * 3, rotation)
        return self._operators[(wedge, turn)]

    def encode(self, record: torch.Tensor) -> torch.Tensor:
        answer = self.networks["encoder"](record)
        return answer[0] if isinstance(answer, tuple) else answer

    def decode(self, z: torch.Tensor) -> torch.Tensor:
        return self.networks["decoder"](z) if "decoder" in self.networks else z

    def observe(self, volume: torch.Tensor, operator: FourierFilter, sigma: torch.Tensor, random: torch.Generator) -> torch.Tensor:
        """T_M (R x + n), one rotation of the cube for all: what a record of this specimen, turned, would look like."""
        turn = self.cube[int(torch.randint(0, len(self.cube), (1,), generator=random))]
        noise = noise_like(volume, random) * sigma[:, None, None, None, None]
        return operator(turn(volume) + noise)

    def energy_of(self, volume: torch.Tensor) -> torch.Tensor:
        return self.networks["energy"](volume)

    def supervision_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        """The double-wedge terms of double_wedge.py, for A(zbar(y))."""
        operator, first, second = self.operator(batch["wedge"]), batch["first"], batch["second"]
        answer = self.decode(self.encode(first))
        turn = int(torch.randint(0, len(self.cube), (1,), generator=random))
        seen = self.operator(batch["wedge"], turn)
        noise = noise_like(first, random) * batch["first_sigma"][:, None, None, None, None]
        turned = self.cube[turn](fill_wedge(first, answer.detach(), operator))
        again = self.decode(self.encode(record_again(turned, operator, seen, noise)))
        return masked_square(again - self.cube[turn](second), seen) + masked_square(answer - second, operator)

    def encoder_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        raise NotImplementedError

    def energy_loss(self, batch: Dict, random: torch.Generator) -> torch.Tensor:
        raise NotImplementedError

    def contrast_with(self, volumes: torch.Tensor, batch: Dict, random: torch.Generator) -> torch.Tensor:
        """Contrast and penalty of the energy, records against products, in units of a voxel."""
        operator = self.operator(batch["wedge"])
        produced = self.observe(volumes, operator, batch["first_sigma"], random).detach()
        # Another order: a product is compared with other specimens' records.
        observed = batch["second"].roll(1, 0)
        penalty = gradient_penalty(self.energy_of, observed, produced, random)
        return contrast(self.energy_of, observed, produced) / self.size**3 + self.penalty * penalty

    def train_step(self, random: torch.Generator) -> Dict[str, float]:
        batch = self.placed(batch_of(self.training, self.batch, self.size, random))
        loss = self.encoder_loss(batch, random)
        total = loss + self.supervision * self.supervision_loss(batch, random)
        self._update(("encoder", "decoder"), total)
        energy_loss = self.energy_loss(batch, random)
        self._update(("energy",), energy_loss)
        return {"loss": float(total.detach()), "method": float(loss.detach()), "energy": float(energy_loss.detach())}

    def _update(self, names, loss: torch.Tensor) -> None:
        present = [name for name in names if name in self.networks]
        for optimiser in self.optimisers.values():
            optimiser.zero_grad(set_to_none=True)
        loss.backward()
        for name in present:
            torch.nn.utils.clip_grad_norm_(self.networks[name].parameters(), 1.0)
            self.optimisers[name].step()

    @torch.no_grad()
    def monitor(self) -> Dict[str, float]:
        random = torch.Generator().manual_seed(7)
        batch = self.placed(batch_of(self.held_out or self.training, self.batch, self.size, random))
        answer = self.decode(self.encode(batch["first"]))
        operator = self.operator(batch["wedge"])
        produced = self.observe(answer, operator, batch["first_sigma"], random)
        return {
            "plain": float(masked_square(answer - batch["second"], operator)),
            "supervision": float(self.supervision_loss(batch, random)),
            "contrast": float(contrast(self.energy_of, batch["second"], produced)) / self.size**3,
            **power_by_region(answer, operator),
        }
