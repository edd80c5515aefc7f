"""What every objective offers to the trainer."""

from typing import Dict, List

import torch
from torch import nn

from ..wedge import FourierFilter


class Objective:
    """Owns networks and optimisers; `train_step` changes the networks, `monitor` watches them on held-out observations."""

    networks: nn.ModuleDict
    optimisers: Dict[str, torch.optim.Optimizer]
    learning_rates: Dict[str, float]

    def train_step(self, random: torch.Generator) -> Dict[str, float]:
        """One update of every network; returns what to show, `loss` among it."""
        raise NotImplementedError

    def monitor(self) -> Dict[str, float]:
        """Numbers of held-out observations; the guard watches those of `power_by_region`."""
        raise NotImplementedError

    @property
    def device(self) -> torch.device:
        return next(self.networks.parameters()).device

    def placed(self, batch: Dict) -> Dict:
        """A batch with its tensors where the networks are."""
        return {key: value.to(self.device) if torch.is_tensor(value) else value for key, value in batch.items()}

    def to(self, device: str) -> None:
        """Before the first step: optimisers make their state where the weights are."""
        self.networks.to(device)

    def set_rate(self, share: float) -> None:
        """Learning rates as a share of what was asked for."""
        for name, optimiser in self.optimisers.items():
            for group in optimiser.param_groups:
                group["lr"] = share * self.learning_rates[name]

    def update(self, name: str, loss: torch.Tensor, clip: float = 1.0) -> None:
        """One step of one optimiser, with the gradient's norm limited."""
        optimiser = self.optimisers[name]
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        parameters: List[torch.Tensor] = [p for group in optimiser.param_groups for p in group["params"]]
        nn.utils.clip_grad_norm_(parameters, clip)
        optimiser.step()


def power_by_region(answer: torch.Tensor, operator: FourierFilter) -> Dict[str, float]:
    """Mean power a frequency of volumes, inside and outside the measured region."""
    measured = operator(answer)
    share = operator.mean_square
    return {
        "measuredPower": float(measured.square().mean()) / share,
        "unmeasuredPower": float((answer - measured).square().mean()) / max(1 - share, 1e-6),
    }


def adamw(parameters, rate: float) -> torch.optim.AdamW:
    return torch.optim.AdamW(parameters, lr=rate, betas=(0.9, 0.99), weight_decay=1e-2)
