"""Small specimens for training tests: balls and rods in ice, recorded twice with a wedge and noise as strong as the signal."""

from typing import List, Tuple

import torch

from wedgeview_training.observations import Observation
from wedgeview_training.wedge import Wedge, wedge_operator


def specimen(size: int, random: torch.Generator) -> torch.Tensor:
    axis = torch.arange(size, dtype=torch.float32)
    grid = torch.stack(torch.meshgrid(axis, axis, axis, indexing="ij"), -1)
    volume = torch.zeros(size, size, size)
    for _ in range(6):
        centre = size * torch.rand(3, generator=random)
        direction = torch.nn.functional.normalize(torch.randn(3, generator=random), dim=0)
        offset = grid - centre
        along = (offset @ direction).abs()
        away = (offset.square().sum(-1) - along.square()).clamp(min=0).sqrt()
        length = float(torch.rand(1, generator=random)) * size / 3
        volume = torch.maximum(volume, torch.sigmoid(2 * (2.2 - torch.maximum(away, along - length))))
    return volume


def simulated(count: int, size: int, seed: int, snr: float = 1.0) -> Tuple[List[Observation], List[torch.Tensor]]:
    """Observations, and the truth in their units, which tests alone look at."""
    random = torch.Generator().manual_seed(seed)
    wedge = Wedge()
    operator = wedge_operator(wedge, (size,) * 3)
    observations, truths = [], []
    for i in range(count):
        truth = specimen(size, random)
        signal = operator(truth)
        sigma = float(signal.std()) / (snr * operator.mean_square) ** 0.5
        records = [signal + operator(sigma * torch.randn(truth.shape, generator=random)) for _ in range(2)]
        mean, std = records[0].mean(), records[0].std(unbiased=False)
        first, second = ((record - mean) / std for record in records)
        observations.append(Observation(f"specimen-{i}", wedge, sigma / float(std), first, second))
        truths.append((truth - mean) / std)
    return observations, truths
