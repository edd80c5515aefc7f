"""The missing wedge: mask M and operator T_M. The rules are those of src/engine/wedge/mask.ts, and a test compares the two."""

from dataclasses import dataclass
from itertools import product
from typing import Optional, Sequence, Tuple

import numpy
import torch

AXES = {"z": 0, "y": 1, "x": 2}
ON_THE_LIMIT = 1e-9


@dataclass(frozen=True)
class Wedge:
    """Which tilts were recorded: a binary edge, degrees; axes are volume axes."""

    tilt_axis: str = "y"
    beam_axis: str = "z"
    tilt_min: float = -60.0
    tilt_max: float = 60.0

    def __post_init__(self) -> None:
        if self.tilt_axis not in AXES or self.beam_axis not in AXES or self.tilt_axis == self.beam_axis:
            raise ValueError(f"Tilt axis {self.tilt_axis} and beam axis {self.beam_axis}: expected two of z, y, x.")
        if not -90 <= self.tilt_min < self.tilt_max <= 90:
            raise ValueError(f"Tilt range {self.tilt_min} to {self.tilt_max}: expected a range inside -90 to 90 degrees.")

    def measured(self, frequency: Sequence[numpy.ndarray]) -> numpy.ndarray:
        """True where the angle of (k across, k beam) lies within the tilt range; `frequency` is (kz, ky, kx) in cycles per voxel."""
        tilt, beam = AXES[self.tilt_axis], AXES[self.beam_axis]
        kb, ka = frequency[beam], frequency[3 - tilt - beam]
        upper, lower = (
            ka * numpy.sin(angle) - kb * numpy.cos(angle) for angle in numpy.radians([self.tilt_max, self.tilt_min])
        )
        inside = numpy.maximum(numpy.minimum(upper, -lower), numpy.minimum(-upper, lower))
        return inside >= -ON_THE_LIMIT * numpy.hypot(kb, ka)


def wedge_mask(wedge: Wedge, size: Tuple[int, int, int], rotation: Optional[numpy.ndarray] = None) -> numpy.ndarray:
    """
    M over a box (D, H, W) in FFT order, float32. With a rotation R (3 x 3 over (z, y, x)) it is the mask of R x where x was
    recorded with this wedge: R turns spectra as it turns volumes, so k was measured when R^T k was.

    On the Nyquist plane of an even axis +1/2 and -1/2 share a bin, which counts as measured when either is.
    """
    turn = numpy.eye(3) if rotation is None else numpy.asarray(rotation, dtype=numpy.float64)
    mask = numpy.zeros(size, dtype=bool)
    for signs in product((-1, 1), repeat=3):
        axes = []
        for n, sign in zip(size, signs):
            k = numpy.fft.fftfreq(n)
            if n % 2 == 0:
                k[n // 2] = 0.5 * sign
            axes.append(k)
        grid = numpy.stack(numpy.meshgrid(*axes, indexing="ij"))
        mask |= wedge.measured(numpy.einsum("ij,i...->j...", turn, grid))
    return mask.astype(numpy.float32)


class FourierFilter:
    """Multiplies spectra of real volumes (..., D, H, W) by a real symbol with S(k) = S(-k)."""

    def __init__(self, symbol: torch.Tensor) -> None:
        self.symbol = symbol
        self.half = symbol[..., : symbol.shape[-1] // 2 + 1]
        self.mean_square = float(symbol.square().mean())

    def __call__(self, volume: torch.Tensor) -> torch.Tensor:
        dims = (-3, -2, -1)
        if self.half.device != volume.device:
            self.half = self.half.to(volume.device)
        return torch.fft.irfftn(torch.fft.rfftn(volume, dim=dims) * self.half, s=volume.shape[-3:], dim=dims)


def noise_like(volume: torch.Tensor, random: torch.Generator) -> torch.Tensor:
    """White noise of a volume's shape, on its device; drawn on the CPU, so that a seed means the same everywhere."""
    return torch.randn(volume.shape, generator=random).to(volume.device)


def wedge_operator(wedge: Wedge, size: Tuple[int, int, int], rotation: Optional[numpy.ndarray] = None) -> FourierFilter:
    """T_M, or T of the turned mask: self-adjoint, and idempotent as M is 0 or 1."""
    return FourierFilter(torch.from_numpy(wedge_mask(wedge, size, rotation)))
