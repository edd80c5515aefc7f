"""The networks. They use only operators that Wedgeview can differentiate, and take boxes of any multiple of 8 voxels."""

from typing import Tuple

import torch
from torch import nn
from torch.nn.functional import silu


class Block(nn.Module):
    """Two convolutions; `condition` (B, C) shifts and scales between them. Group norm makes the block's scale its own."""

    def __init__(self, inputs: int, outputs: int, norm: bool, condition: int = 0) -> None:
        super().__init__()
        self.first = nn.Conv3d(inputs, outputs, 3, padding=1)
        self.second = nn.Conv3d(outputs, outputs, 3, padding=1)
        self.norm = nn.GroupNorm(4, outputs) if norm else nn.Identity()
        self.film = nn.Linear(condition, 2 * outputs) if condition else None

    def forward(self, x: torch.Tensor, condition: torch.Tensor = None) -> torch.Tensor:
        h = self.norm(self.first(x))
        if self.film is not None:
            scale, shift = self.film(condition)[:, :, None, None, None].chunk(2, dim=1)
            h = h * (1 + scale) + shift
        return silu(self.second(silu(h)))


class Trunk(nn.Module):
    """A 3-D U-Net at 1/2, 1/4 and 1/8 of the sampling; returns features at 1/2, `width` channels."""

    def __init__(self, width: int, norm: bool, condition: int = 0, inputs: int = 1) -> None:
        super().__init__()
        w = width
        # Kernel 2 with stride 2 keeps what 2 x 2 x 2 voxels hold, as pixel unshuffling does, and exports as one operator.
        self.stem = nn.Conv3d(inputs, w, 2, 2)
        self.down = nn.ModuleList([nn.Conv3d(w, 2 * w, 2, 2), nn.Conv3d(2 * w, 4 * w, 2, 2)])
        self.descend = nn.ModuleList([Block(c, c, norm, condition) for c in (w, 2 * w, 4 * w)])
        self.up = nn.ModuleList([nn.ConvTranspose3d(4 * w, 2 * w, 2, 2), nn.ConvTranspose3d(2 * w, w, 2, 2)])
        self.ascend = nn.ModuleList([Block(4 * w, 2 * w, norm, condition), Block(2 * w, w, norm, condition)])

    def forward(self, x: torch.Tensor, condition: torch.Tensor = None) -> torch.Tensor:
        fine = self.descend[0](self.stem(x), condition)
        middle = self.descend[1](self.down[0](fine), condition)
        coarse = self.descend[2](self.down[1](middle), condition)
        middle = self.ascend[0](torch.cat([middle, self.up[0](coarse)], 1), condition)
        return self.ascend[1](torch.cat([fine, self.up[1](middle)], 1), condition)


class Encoder(nn.Module):
    """y (B, 1, D, H, W) -> zbar and, once trained, the precision of kappa(z | y), both of y's shape."""

    def __init__(self, width: int = 32) -> None:
        super().__init__()
        self.trunk = Trunk(width, norm=False)
        self.mean = nn.ConvTranspose3d(width, 1, 2, 2)
        self.spread = nn.Sequential(
            nn.Conv3d(width, width, 3, padding=1), nn.SiLU(), nn.ConvTranspose3d(width, 1, 2, 2)
        )

    def forward(self, y: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        """zbar and the logarithm of the variance. The variance's gradient stops at the features: it must not cost the mean."""
        features = self.trunk(y)
        return self.mean(features), self.spread(features.detach()).clamp(-7.0, 3.0)


class Denoiser(nn.Module):
    """
    D(x, s), the mean of clean volumes given x = clean + s noise (EDM, Karras et al. 2022):

        D = c_skip x + c_out F(c_in x; ln(s) / 4),   c_skip = d^2 / (s^2 + d^2),  c_out = s d / sqrt(s^2 + d^2),  c_in = 1 / sqrt(s^2 + d^2)

    with d the clean volumes' standard deviation. F ends in a group norm: without it F was seen to die, D being c_skip x.
    """

    def __init__(self, width: int = 32, data_std: float = 0.7, embedding: int = 64) -> None:
        super().__init__()
        self.data_std = data_std
        self.embed = nn.Sequential(nn.Linear(1, embedding), nn.SiLU(), nn.Linear(embedding, embedding), nn.SiLU())
        self.trunk = Trunk(width, norm=True, condition=embedding)
        self.norm = nn.GroupNorm(4, width)
        self.out = nn.ConvTranspose3d(width, 1, 2, 2)

    def forward(self, x: torch.Tensor, sigma: torch.Tensor) -> torch.Tensor:
        s = sigma[:, None, None, None, None]
        total = s * s + self.data_std**2
        condition = self.embed(torch.log(sigma)[:, None] / 4)
        features = silu(self.norm(self.trunk(x / torch.sqrt(total), condition)))
        return self.data_std**2 / total * x + s * self.data_std / torch.sqrt(total) * self.out(features)


class Energy(nn.Module):
    """x (B, 1, D, H, W) -> E (B,), a sum over the box of a local energy, so that it grows with the box as a potential does."""

    def __init__(self, width: int = 16, depth: int = 3) -> None:
        super().__init__()
        layers, channels = [], 1
        for level in range(depth):
            layers += [nn.Conv3d(channels, width * 2**level, 4, 2, 1), nn.SiLU()]
            channels = width * 2**level
        self.local = nn.Sequential(*layers, nn.Conv3d(channels, 1, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.local(x).sum(dim=(1, 2, 3, 4))


class LatentEncoder(nn.Module):
    """y (B, 1, D, H, W) -> zbar (B, channels, D/2, H/2, W/2), for bundles with a decoder."""

    def __init__(self, width: int = 16, channels: int = 8) -> None:
        super().__init__()
        self.trunk = Trunk(width, norm=False)
        self.project = nn.Conv3d(width, channels, 1)

    def forward(self, y: torch.Tensor) -> torch.Tensor:
        return self.project(self.trunk(y))


class Decoder(nn.Module):
    """A: z (B, channels, D/2, H/2, W/2) -> volume (B, 1, D, H, W). Small on purpose: Langevin steps differentiate it."""

    def __init__(self, width: int = 16, channels: int = 8) -> None:
        super().__init__()
        self.block = Block(channels, width, norm=False)
        self.out = nn.ConvTranspose3d(width, 1, 2, 2)

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        return self.out(self.block(z))
