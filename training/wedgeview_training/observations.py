"""
What training reads: tomograms with their missing wedge and noise, as pairs of independent records of the same specimen. Never truth.

- a simulation's folder: even.mrc and odd.mrc, and of recipe.json the wedge alone;
- a pair of half tomograms;
- volumes in normalised units, such as reconstructions, taken as they are: what a denoiser is trained on;
- one tomogram: pairs are made from it by recorruption (Pang et al. 2021): y1 = y + a s n, y2 = y - s n / a with fresh noise n
  of the tomogram's noise level s have independent noise, as long as the tomogram's own noise is white in the measured region.
"""

from dataclasses import dataclass, replace
from glob import glob
from json import loads
from math import sqrt
from pathlib import Path
from typing import Dict, List, Optional, Tuple

import mrcfile
import numpy
import torch

from .wedge import FourierFilter, Wedge, wedge_mask, wedge_operator

RECORRUPTION = 0.7


@dataclass
class Observation:
    """Normalised by the first record's mean and standard deviation; sigma is the noise of the first record before T_M."""

    name: str
    wedge: Wedge
    sigma: float
    first: torch.Tensor
    second: Optional[torch.Tensor]

    def pair(self, size: int, random: torch.Generator) -> Tuple[torch.Tensor, torch.Tensor]:
        """A random cubic crop of both records, (1, N, N, N); an edge shorter than N is continued by reflection."""
        corner = [
            int(torch.randint(0, max(0, length - size) + 1, (1,), generator=random)) for length in self.first.shape
        ]
        window = tuple(slice(start, start + size) for start in corner)
        first = reflect_to(self.first[window], size)
        if self.second is not None:
            return first[None], reflect_to(self.second[window], size)[None]
        operator = _operator(self.wedge, (size, size, size))
        noise = operator(torch.randn(first.shape, generator=random)) * self.sigma
        return (first + RECORRUPTION * noise)[None], (first - noise / RECORRUPTION)[None]

    @property
    def noise(self) -> Tuple[float, float]:
        """Noise standard deviations, before T_M, of the two records that `pair` gives."""
        if self.second is not None:
            return self.sigma, self.sigma
        return self.sigma * sqrt(1 + RECORRUPTION**2), self.sigma * sqrt(1 + RECORRUPTION**-2)


def reflect_to(volume: torch.Tensor, size: int) -> torch.Tensor:
    """Continues short axes by reflection to `size` voxels, the volume at the start."""
    for axis, length in enumerate(volume.shape):
        if length < size:
            period = max(1, 2 * length - 2)
            index = torch.arange(size) % period
            volume = volume.index_select(axis, torch.where(index < length, index, period - index))
    return volume


def load_observations(sources: List[Dict], wedge: Wedge) -> List[Observation]:
    """
    Reads what a configuration's `data` names: {"simulations": GLOB}, {"even": PATH, "odd": PATH}, {"tomogram": PATH} or {"volumes": GLOB},
    each with an optional "tiltRange". Raises ValueError, naming the source, where nothing is found or files don't fit each other.
    """
    found = []
    for source in sources:
        own = _wedge_of(source, wedge)
        if "simulations" in source:
            for folder in sorted(Path(match) for match in glob(source["simulations"])):
                recipe = loads((folder / "recipe.json").read_text())["wedge"]
                recorded = Wedge(recipe["tiltAxis"], recipe["beamAxis"], recipe["tiltMin"], recipe["tiltMax"])
                found.append(_pair(folder.name, recorded, folder / "even.mrc", folder / "odd.mrc"))
        elif "even" in source and "odd" in source:
            found.append(_pair(Path(source["even"]).stem, own, Path(source["even"]), Path(source["odd"])))
        elif "tomogram" in source:
            found.append(_single(Path(source["tomogram"]), own, source.get("sigma")))
        elif "volumes" in source:
            for path in sorted(glob(source["volumes"])):
                found.append(Observation(Path(path).stem, own, 0.0, read_mrc(Path(path)), None))
        else:
            raise ValueError(f"data: {source} names neither simulations, nor even and odd, nor a tomogram.")
    if not found:
        raise ValueError(f"data: no tomogram was found for {sources}.")
    return found


def batch_of(observations: List[Observation], count: int, size: int, random: torch.Generator) -> Dict:
    """Records (count, 1, N, N, N) with their noise; all of a batch share one wedge, which the first draw decides."""
    draw = lambda among: among[int(torch.randint(0, len(among), (1,), generator=random))]
    wedge = draw(observations).wedge
    chosen = [draw([one for one in observations if one.wedge == wedge]) for _ in range(count)]
    pairs = [one.pair(size, random) for one in chosen]
    noise = torch.tensor([one.noise for one in chosen], dtype=torch.float32)
    return {
        "wedge": wedge,
        "first": torch.stack([a for a, _ in pairs]),
        "second": torch.stack([b for _, b in pairs]),
        "first_sigma": noise[:, 0],
        "second_sigma": noise[:, 1],
    }


def read_mrc(path: Path) -> torch.Tensor:
    """Voxels (z, y, x) as float32; those that are not finite become the mean."""
    with mrcfile.open(str(path), permissive=True) as file:
        voxels = numpy.asarray(file.data, dtype=numpy.float32)
    if voxels.ndim != 3:
        raise ValueError(f"{path} holds {voxels.ndim} dimensions; expected a volume.")
    finite = numpy.isfinite(voxels)
    if not finite.any() or float(voxels[finite].std()) == 0.0:
        raise ValueError(f"{path} holds no contrast.")
    return torch.from_numpy(numpy.where(finite, voxels, voxels[finite].mean()))


def noise_of_shell(volume: torch.Tensor, wedge: Wedge) -> float:
    """Standard deviation of white noise from measured frequencies of 0.4 to 0.5 cycles per voxel; an upper bound where signal reaches there."""
    size = tuple(volume.shape)
    k = numpy.meshgrid(*(numpy.fft.fftfreq(n) for n in size), indexing="ij")
    radius = numpy.sqrt(sum(axis**2 for axis in k))
    shell = (radius >= 0.4) & (radius <= 0.5) & (wedge_mask(wedge, size) > 0)
    power = torch.fft.fftn(volume.double()).abs().square().numpy()[shell].mean()
    return sqrt(float(power) / volume.numel())


def _wedge_of(source: Dict, wedge: Wedge) -> Wedge:
    if "tiltRange" not in source:
        return wedge
    low, high = source["tiltRange"]
    return replace(wedge, tilt_min=low, tilt_max=high)


def _pair(name: str, wedge: Wedge, even: Path, odd: Path) -> Observation:
    first, second = read_mrc(even), read_mrc(odd)
    if first.shape != second.shape:
        raise ValueError(f"{even} and {odd} differ in size.")
    mean, std = first.mean(), first.std(unbiased=False)
    first, second = (first - mean) / std, (second - mean) / std
    measured = _operator(wedge, tuple(first.shape)).mean_square
    sigma = float((first - second).std(unbiased=False)) / sqrt(2 * measured)
    return Observation(name, wedge, sigma, first, second)


def _single(path: Path, wedge: Wedge, sigma: Optional[float]) -> Observation:
    voxels = read_mrc(path)
    voxels = (voxels - voxels.mean()) / voxels.std(unbiased=False)
    return Observation(path.stem, wedge, sigma if sigma is not None else noise_of_shell(voxels, wedge), voxels, None)


_operators: Dict[Tuple[Wedge, Tuple[int, int, int]], FourierFilter] = {}


def _operator(wedge: Wedge, size: Tuple[int, int, int]) -> FourierFilter:
    if (wedge, size) not in _operators:
        _operators[(wedge, size)] = wedge_operator(wedge, size)
    return _operators[(wedge, size)]
