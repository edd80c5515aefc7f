"""
Volumes to train a prior on. Reconstructions alone would make a prior that is too sure of itself: a mean is smoother than what it is the mean of.
So each volume is a member of a family:

- without a prior yet: x = zbar(y) + sqrt(v(y) / mean v) * g, with g a Gaussian field of the error's measured spectrum (error_spectrum.py);
- with a denoiser: split Gibbs conditioned on the record (method of the program's split-gibbs sampler), one more round of
  expectation maximisation (Rozet et al. 2024).
"""

from math import sqrt
from pathlib import Path
from typing import List, Sequence

import mrcfile
import numpy
import torch

from .error_spectrum import ErrorSpectrum, measure_error
from .observations import Observation
from .wedge import FourierFilter, wedge_operator


@torch.no_grad()
def gaussian_member(encoder, record: torch.Tensor, spectrum: ErrorSpectrum, mask: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """zbar and an error as large, as coloured and in the places as the encoder expects it; record (1, 1, D, H, W)."""
    centre, log_variance = encoder(record)
    field = spectrum.filter(mask, centre[0, 0])(torch.randn(record.shape, generator=random))
    spread = (0.5 * log_variance).exp()
    return centre + field * spread / spread.square().mean().sqrt()


@torch.no_grad()
def gibbs_member(
    denoiser,
    record: torch.Tensor,
    operator: FourierFilter,
    sigma: float,
    levels: Sequence[float],
    start: torch.Tensor,
    random: torch.Generator,
    gamma: float = 1.0,
) -> torch.Tensor:
    """
    Down through the noise levels: x0 ~ N(D(x_s), r^2 gamma), r^2 = s^2 / (1 + s^2), conditioned on the record exactly, then x_s' = x0 + s' noise.
    """
    dims = (-3, -2, -1)
    measured = operator.half
    weight = measured.square() / sigma**2
    data = torch.fft.rfftn(operator(record), dim=dims) / sigma**2
    clean = start
    for s in levels:
        noisy = clean + s * sqrt(gamma) * torch.randn(clean.shape, generator=random)
        denoised = denoiser(noisy, torch.full((clean.shape[0],), s))
        precision = (1 + s * s) / (s * s)
        total = weight + precision
        mean = (data + precision * torch.fft.rfftn(denoised, dim=dims)) / total
        fresh = torch.fft.rfftn(torch.randn(clean.shape, generator=random), dim=dims)
        clean = torch.fft.irfftn(mean + fresh * torch.sqrt(gamma / total), s=record.shape[-3:], dim=dims)
    return clean


def geometric_levels(high: float, low: float, count: int) -> List[float]:
    return [high * (low / high) ** (i / max(1, count - 1)) for i in range(count)]


def write_families(
    encoder, observations: List[Observation], folder: Path, size: int, each: int, seed: int, denoiser=None, levels: Sequence[float] = ()
) -> ErrorSpectrum:
    """FOLDER/<name>-<i>.mrc: `each` members of every observation, from a crop of `size`, in normalised units."""
    folder.mkdir(parents=True, exist_ok=True)
    random = torch.Generator().manual_seed(seed)
    spectrum = measure_error(encoder, observations, size)
    operators = {}
    for one in observations:
        operator = operators.setdefault(one.wedge, wedge_operator(one.wedge, (size,) * 3))
        for i in range(each):
            records = one.pair(size, random)
            record = records[i % 2][None]
            member = gaussian_member(encoder, record, spectrum, operator.symbol, random)
            if denoiser is not None:
                member = gibbs_member(denoiser, record, operator, one.noise[i % 2], levels, member, random)
            _write(folder / f"{one.name}-{i}.mrc", member[0, 0].numpy())
    return spectrum


def _write(path: Path, volume: numpy.ndarray) -> None:
    beside = path.with_suffix(".partial")
    with mrcfile.new(str(beside), overwrite=True) as file:
        file.set_data(volume.astype(numpy.float32))
    beside.replace(path)
