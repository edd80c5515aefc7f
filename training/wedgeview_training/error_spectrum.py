"""
How wrong an encoder's answers are, frequency by frequency, in and out of the wedge: measured on records, without truth.

The residual e = F(f(u)) - F(R y2) of the double-wedge objective holds, wherever R y2 was measured, the answer's error and the second record's
noise, which are independent (u is filled blindly, see there). So E |e(k)|^2 - N s2^2 is the power of the error, for k in M (u held that frequency) and outside M (u did not).
"""

from dataclasses import dataclass
from typing import List, Optional

import numpy
import torch

from .objectives.double_wedge import fill_blind, record_again
from .observations import Observation, batch_of
from .rotation import cube_rotations
from .wedge import FourierFilter, wedge_mask, wedge_operator

SHELLS = 24


@dataclass(frozen=True)
class ErrorSpectrum:
    """Power of the error per voxel of volumes, by shells of radius up to the cube's corner; in M and outside; and the answers' own power."""

    measured: numpy.ndarray
    unmeasured: numpy.ndarray
    answers: numpy.ndarray

    def filter(self, mask: torch.Tensor, answer: Optional[torch.Tensor] = None) -> FourierFilter:
        """
        Turns white noise of unit variance into noise of this spectrum; given one answer (D, H, W), of the spectrum in proportion to that answer's
        power in each shell: a box of proteins has a fifth of a membrane's power at 0.25 cycles per voxel, and can't have a membrane's error there.
        """
        shell = shells(tuple(mask.shape))
        share = numpy.ones(SHELLS) if answer is None else numpy.clip(power_by_shell(answer) / self.answers, 0.05, 20)
        inside, outside = (torch.from_numpy((one * share).astype(numpy.float32))[shell] for one in (self.measured, self.unmeasured))
        return FourierFilter(torch.sqrt(mask * inside + (1 - mask) * outside))


def power_by_shell(volume: torch.Tensor) -> numpy.ndarray:
    """Mean power per voxel of a volume (D, H, W) in each shell; at least 1e-4."""
    shell = shells(tuple(volume.shape)).flatten()
    power = torch.fft.fftn(volume).abs().square().double().flatten() / volume.numel()
    sums = torch.zeros(SHELLS, dtype=torch.float64).index_add_(0, shell, power)
    counts = torch.zeros(SHELLS, dtype=torch.float64).index_add_(0, shell, torch.ones_like(power))
    return numpy.maximum((sums / counts.clamp(min=1)).numpy(), 1e-4)


def shells(size) -> torch.Tensor:
    """Each frequency's shell, equal steps of radius."""
    k = numpy.meshgrid(*(numpy.fft.fftfreq(n) for n in size), indexing="ij")
    radius = numpy.sqrt(sum(axis**2 for axis in k))
    return torch.from_numpy(numpy.minimum((radius / (0.5 * 3**0.5) * SHELLS).astype(int), SHELLS - 1))


@torch.no_grad()
def measure_error(encoder, observations: List[Observation], size: int, rounds: int = 24, batch: int = 2) -> ErrorSpectrum:
    """Averages over random crops and rotations of the cube; a shell without data takes its neighbour's value."""
    random = torch.Generator().manual_seed(11)
    cube = cube_rotations()
    shell = shells((size,) * 3)
    power = torch.zeros(2, SHELLS, dtype=torch.float64)
    count = torch.zeros(2, SHELLS, dtype=torch.float64)
    answers = numpy.zeros(SHELLS)
    for _ in range(rounds):
        data = batch_of(observations, batch, size, random)
        operator = wedge_operator(data["wedge"], (size,) * 3)
        turn = cube[1 + int(torch.randint(0, len(cube) - 1, (1,), generator=random))]
        seen = torch.from_numpy(wedge_mask(data["wedge"], (size,) * 3, turn.matrix))
        noise = torch.randn(data["first"].shape, generator=random) * data["first_sigma"][:, None, None, None, None]
        hidden = wedge_operator(data["wedge"], (size,) * 3, turn.matrix.T)
        filled = turn(fill_blind(data["first"], encoder, operator, hidden))
        turned, _ = encoder(record_again(filled, operator, FourierFilter(seen), noise))
        answers += sum(power_by_shell(one[0]) for one in encoder(data["first"])[0]) / (rounds * batch)
        residual = torch.fft.fftn(turned - turn(data["second"]), dim=(-3, -2, -1)).abs().square().double()
        error = residual / size**3 - data["second_sigma"].double()[:, None, None, None, None] ** 2
        for row, where in enumerate((operator.symbol * seen, (1 - operator.symbol) * seen)):
            chosen = where > 0
            index = shell[chosen]
            for one in error[:, 0]:
                power[row].index_add_(0, index, one[chosen])
                count[row].index_add_(0, index, torch.ones(index.shape, dtype=torch.float64))
    mean = (power / count.clamp(min=1)).numpy()
    for row in range(2):
        known = numpy.flatnonzero(count[row].numpy() > 0)
        mean[row] = numpy.interp(numpy.arange(SHELLS), known, mean[row][known])
    return ErrorSpectrum(*numpy.maximum(mean, 1e-4), answers)
