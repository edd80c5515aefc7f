"""Rotations R of volumes: the 24 of the cube, exact, and any of SO(3) by trilinear interpolation."""

from dataclasses import dataclass
from itertools import permutations, product
from typing import List, Tuple

import numpy
import torch
from torch.nn.functional import affine_grid, grid_sample


@dataclass(frozen=True)
class CubeRotation:
    """(R x): axes are permuted, then some are reversed; a proper rotation, voxels stay whole."""

    order: Tuple[int, int, int]
    reverse: Tuple[int, ...]

    @property
    def matrix(self) -> numpy.ndarray:
        """R over (z, y, x): a point p of x is found at R p, about the box's centre."""
        matrix = numpy.zeros((3, 3))
        for row, column in enumerate(self.order):
            matrix[row, column] = -1.0 if row in self.reverse else 1.0
        return matrix

    def __call__(self, volume: torch.Tensor) -> torch.Tensor:
        lead = volume.dim() - 3
        turned = volume.permute(*range(lead), *(lead + axis for axis in self.order))
        return turned.flip([lead + axis for axis in self.reverse]) if self.reverse else turned

    def back(self, volume: torch.Tensor) -> torch.Tensor:
        lead = volume.dim() - 3
        unflipped = volume.flip([lead + axis for axis in self.reverse]) if self.reverse else volume
        inverse = numpy.argsort(self.order)
        return unflipped.permute(*range(lead), *(lead + int(axis) for axis in inverse))


def cube_rotations() -> List[CubeRotation]:
    """The 24 rotations that map a cube onto itself; the first is the identity."""
    found = []
    for order in permutations(range(3)):
        for signs in product((False, True), repeat=3):
            rotation = CubeRotation(order, tuple(axis for axis in range(3) if signs[axis]))
            if numpy.linalg.det(rotation.matrix) > 0:
                found.append(rotation)
    return found


def random_rotation_matrix(random: numpy.random.Generator) -> numpy.ndarray:
    """Uniform over SO(3): QR of a Gaussian matrix with the signs fixed."""
    q, r = numpy.linalg.qr(random.standard_normal((3, 3)))
    q = q * numpy.sign(numpy.diag(r))
    return q if numpy.linalg.det(q) > 0 else -q


def turn_by_interpolation(volume: torch.Tensor, rotation: numpy.ndarray) -> torch.Tensor:
    """R x for cubic boxes (B, 1, N, N, N), trilinear about the centre; what comes from outside the box is 0."""
    # grid_sample wants, for each point of the result, where to look: R^T p, with coordinates in the order (x, y, z).
    inverse = rotation.T[::-1, ::-1].copy()
    theta = torch.zeros(volume.shape[0], 3, 4, dtype=volume.dtype, device=volume.device)
    theta[:, :, :3] = torch.as_tensor(inverse, dtype=volume.dtype, device=volume.device)
    grid = affine_grid(theta, list(volume.shape), align_corners=False)
    return grid_sample(volume, grid, mode="bilinear", padding_mode="zeros", align_corners=False)


def half_turns() -> List[CubeRotation]:
    """The identity and the half turns about the axes: the rotations of the cube that leave a wedge where it is, tilted as far to either side."""
    return [one for one in cube_rotations() if numpy.count_nonzero(numpy.diag(one.matrix)) == 3]
