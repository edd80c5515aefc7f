"""The network of the benchmarks: a 3-D U-Net f and the energy E(x) = 1/2 |x - f(x)|^2 that it defines.

16, 32 and 64 channels, two 3 x 3 x 3 convolutions with SiLU a level, strided convolutions down, transposed ones up.
"""

import torch
from torch import nn


def block(inputs, outputs):
    return nn.Sequential(
        nn.Conv3d(inputs, outputs, 3, padding=1),
        nn.SiLU(),
        nn.Conv3d(outputs, outputs, 3, padding=1),
        nn.SiLU(),
    )


class UNet(nn.Module):
    def __init__(self, c):
        super().__init__()
        self.enter = block(1, c)
        self.down1 = nn.Conv3d(c, 2 * c, 2, stride=2)
        self.mid1 = block(2 * c, 2 * c)
        self.down2 = nn.Conv3d(2 * c, 4 * c, 2, stride=2)
        self.bottom = block(4 * c, 4 * c)
        self.up2 = nn.ConvTranspose3d(4 * c, 2 * c, 2, stride=2)
        self.mid2 = block(4 * c, 2 * c)
        self.up1 = nn.ConvTranspose3d(2 * c, c, 2, stride=2)
        self.leave = block(2 * c, c)
        self.out = nn.Conv3d(c, 1, 1)

    def forward(self, x):
        a = self.enter(x)
        b = self.mid1(self.down1(a))
        z = self.bottom(self.down2(b))
        b = self.mid2(torch.cat([b, self.up2(z)], 1))
        a = self.leave(torch.cat([a, self.up1(b)], 1))
        return self.out(a)


class Energy(nn.Module):
    def __init__(self, c=16):
        super().__init__()
        self.net = UNet(c)

    def forward(self, x):
        d = x - self.net(x)
        return 0.5 * (d * d).sum(dim=(1, 2, 3, 4))


def make_energy(width):
    """Random weights, the same each time; nothing of it is trained, so that no weight needs a gradient."""
    torch.manual_seed(7)
    energy = Energy(width).eval()
    for parameter in energy.parameters():
        parameter.requires_grad_(False)
    return energy
