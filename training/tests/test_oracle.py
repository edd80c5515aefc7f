"""
The program's samplers on a learned prior whose posterior is known: a network trained on a Gaussian field.

For a field of spectrum S(k) the best denoiser is linear, D = S / (S + s^2) x, and with it everything is Gaussian. So Langevin chains, annealed to the
lowest level s, must give the posterior of precision M / (sigma^2 + s^2) + 1 / (S + s^2), in and out of the wedge, and split Gibbs what the
recursion of its levels gives. What is left is Monte-Carlo error and the network's own, which is measured first.
"""

from json import dumps, loads
from math import log, sqrt
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from unittest import TestCase

import mrcfile
import numpy
import torch

from wedgeview_training.export import export_bundle
from wedgeview_training.networks import Denoiser
from wedgeview_training.objectives.denoiser_prior import denoising_loss
from wedgeview_training.wedge import FourierFilter, Wedge, wedge_operator

N = 16
LEVELS = [2.0, 1.4, 1.0, 0.7]
SIGMA = 0.6
PROGRAM = Path(__file__).resolve().parents[2] / "bin" / "wedgeview.mjs"


def spectrum() -> torch.Tensor:
    """S(k): power 4 at the origin, falling to 0.3."""
    k = numpy.meshgrid(*(numpy.fft.fftfreq(N) for _ in range(3)), indexing="ij")
    return torch.from_numpy((0.3 + 3.7 * numpy.exp(-sum(axis**2 for axis in k) / 0.03)).astype(numpy.float32))


class OracleTest(TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        torch.manual_seed(3)
        torch.set_num_threads(1)
        cls.random = torch.Generator().manual_seed(4)
        cls.power = spectrum()
        cls.field = FourierFilter(cls.power.sqrt())
        cls.operator = wedge_operator(Wedge(), (N,) * 3)
        cls.network = Denoiser(8, round(float(cls.power.mean()) ** 0.5, 3))
        optimiser = torch.optim.Adam(cls.network.parameters(), lr=4e-3)
        steps = 500
        for step in range(steps):
            for group in optimiser.param_groups:
                group["lr"] = 4e-3 * (1 - step / steps) + 1e-5
            clean = cls.draw(8)
            sigma = torch.exp(log(LEVELS[-1]) + torch.rand(8, generator=cls.random) * log(LEVELS[0] / LEVELS[-1]))
            noisy = clean + sigma[:, None, None, None, None] * cls.noise(8)
            loss = denoising_loss(cls.network(noisy, sigma), clean, sigma, cls.network.data_std)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        cls.network.eval()
        cls.folder = TemporaryDirectory()
        cls.place = Path(cls.folder.name)
        cls.export()
        cls.record = cls.operator(cls.draw(1) + SIGMA * cls.noise(1))[0, 0]
        with mrcfile.new(str(cls.place / "record.mrc")) as file:
            file.set_data(cls.record.numpy())
            file.voxel_size = 10

    @classmethod
    def tearDownClass(cls) -> None:
        cls.folder.cleanup()

    @classmethod
    def noise(cls, count: int) -> torch.Tensor:
        return torch.randn(count, 1, N, N, N, generator=cls.random)

    @classmethod
    def draw(cls, count: int) -> torch.Tensor:
        return cls.field(cls.noise(count))

    @classmethod
    def export(cls) -> None:
        weights = {f"denoiser.{name}": value for name, value in cls.network.state_dict().items()}
        torch.save(weights, str(cls.place / "weights.pt"))
        (cls.place / "card.md").write_text("A denoiser trained on a Gaussian field.\n")
        manifest = {
            "name": "field", "version": "1.0.0", "license": "CC0-1.0", "description": "oracle", "voxelSizeAngstrom": 10,
            "training": {"method": "other", "data": "a Gaussian field", "date": "2026-11-20"},
            "contrast": "light-on-dark", "normalization": {"kind": "none"}, "latent": "volume",
            "patch": {"size": [N, N, N], "multipleOf": 8, "halo": 0, "fixed": False},
            "prior": {"kind": "denoiser", "domain": "volume", "rotations": "none", "noiseLevels": LEVELS},
            "noise": {"sigma": SIGMA}, "methods": {"cryowgen-2": {"beta": 0, "gamma": 1}},
        }
        network = {"kind": "denoiser", "weights": "weights.pt", "width": 8, "dataStd": cls.network.data_std}
        description = {"out": "bundle", "card": "card.md", "manifest": manifest, "networks": {"prior": network}}
        (cls.place / "field.json").write_text(dumps(description))
        export_bundle(cls.place / "field.json")

    def reconstruct(self, name: str, *more: str):
        """Volume averages of the wedge's and the measured variance, and the mean."""
        out = self.place / name
        command = ["node", str(PROGRAM), "reconstruct", str(self.place / "record.mrc"), "--bundle", str(self.place / "bundle")]
        settings = ["--method", "cryowgen-2", "--tilt-range=-60:60", "--device", "cpu", "--threads", "1", "--out", str(out)]
        done = run([*command, *settings, *more], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr[-2000:])
        read = lambda map_name: torch.from_numpy(mrcfile.read(str(out / f"{map_name}.mrc")).astype(numpy.float32))
        record = loads((out / "run.json").read_text())
        return float(read("wedge-variance").mean()), float(read("measured-variance").mean()), read("mean"), record

    @torch.no_grad()
    def network_error(self, s: float) -> float:
        """Mean squared difference of the network from the best denoiser, over the best one's own error."""
        clean = self.draw(16)
        noisy = clean + s * self.noise(16)
        best = FourierFilter(self.power / (self.power + s * s))(noisy)
        found = self.network(noisy, torch.full((16,), s))
        return float((found - best).square().mean() / (best - clean).square().mean())

    def compare(self, precision_inverse: torch.Tensor, gain: torch.Tensor, found, draws: float) -> None:
        """Variances within 12 % and Monte-Carlo error, the mean's slope on the exact one within 6 %."""
        mask = self.operator.symbol
        wedge, measured, mean, _ = found
        for region, name, value in ((1 - mask, "wedge", wedge), (mask, "measured", measured)):
            expected = float((region * precision_inverse).mean())
            chance = 4 * sqrt(2 / (float(region.sum()) * draws))
            self.assertLess(abs(value / expected - 1), 0.12 + chance, f"{name}: variance {value} for {expected}")
        exact = FourierFilter(mask * gain)(self.record)
        slope = float((mean * exact).sum() / exact.square().sum())
        self.assertLess(abs(slope - 1), 0.06, f"slope {slope}")
        # What the mean holds in the wedge, where the exact one is 0, is the error of a mean of that many draws, and the network's.
        outside = mean - self.operator(mean)
        self.assertLess(float(outside.square().mean()), wedge * (4 / draws + 0.1))

    def test_the_network_is_near_the_best_denoiser(self) -> None:
        for s in LEVELS:
            self.assertLess(self.network_error(s), 0.06)

    def test_langevin(self) -> None:
        s = LEVELS[-1]
        found = self.reconstruct("langevin", "--chains", "4", "--steps", "240", "--burn-in", "80", "--thin", "4")
        weight = self.operator.symbol / (SIGMA**2 + s**2)
        inverse = 1 / (weight + 1 / (self.power + s**2))
        self.compare(inverse, weight * inverse, found, found[3]["diagnostics"]["ess"])

    def test_split_gibbs(self) -> None:
        steps, members = 8, 24
        found = self.reconstruct(
            "gibbs", "--sampler", "split-gibbs", "--steps", str(steps), "--members", str(members), "--chains", "8"
        )
        mask = self.operator.symbol
        # No encoder: the record is where it begins.
        gain, variance = mask.clone(), torch.zeros_like(mask)
        for i in range(steps):
            s = LEVELS[0] * (LEVELS[-1] / LEVELS[0]) ** (i / (steps - 1))
            denoise = self.power / (self.power + s**2)
            precision = (1 + s**2) / s**2
            total = mask / SIGMA**2 + precision
            share = precision * denoise / total
            gain, variance = mask / SIGMA**2 / total + share * gain, share**2 * (variance + s**2) + 1 / total
        self.compare(variance, gain, found, members)
