"""Short trainings must beat the raw record; the loop resumes to the bit and stops what runs away."""

from json import loads
from math import nan
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

import numpy
import torch

from wedgeview_training.error_spectrum import SHELLS, ErrorSpectrum, measure_error, power_by_shell
from wedgeview_training.families import gaussian_member
from wedgeview_training.guard import Guard, TrainingStopped
from wedgeview_training.objectives import OBJECTIVES
from wedgeview_training.observations import Observation
from wedgeview_training.trainer import Trainer
from wedgeview_training.wedge import Wedge, wedge_operator

from .specimens import simulated

SIZE = 16
OPERATOR = wedge_operator(Wedge(), (SIZE,) * 3)
# More threads than free processors cost far more than they bring.
torch.set_num_threads(1)


def train(name: str, settings, observations, held_out, folder: Path) -> Trainer:
    torch.manual_seed(1)
    objective = OBJECTIVES[name](settings, observations, held_out)
    trainer = Trainer(objective, settings, folder, say=lambda text: None)
    trainer.run()
    return trainer


def error_of(volume: torch.Tensor, truth: torch.Tensor) -> float:
    return float((volume - truth).square().mean())


def correlation(a: torch.Tensor, b: torch.Tensor) -> float:
    return float(torch.corrcoef(torch.stack([a.flatten(), b.flatten()]))[0, 1])


class SmokeTest(TestCase):
    """Held-out specimens: mean squared error against the raw record's, correlation in the wedge (raw: none)."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.observations, _ = simulated(32, SIZE, seed=1)
        cls.held_out, cls.truths = simulated(12, SIZE, seed=2)

    def scores(self, encode):
        error = raw = wedge = 0.0
        with torch.no_grad():
            for one, truth in zip(self.held_out, self.truths):
                answer = encode(one.first[None, None])[0, 0]
                error += error_of(answer, truth)
                raw += error_of(one.first, truth)
                wedge += correlation(answer - OPERATOR(answer), truth - OPERATOR(truth)) / len(self.truths)
        return error / raw, wedge

    def test_double_wedge_fills_the_wedge(self) -> None:
        settings = {"crop": SIZE, "batch": 8, "width": 8, "learningRate": 3e-3, "steps": 120, "lookEvery": 60}
        with TemporaryDirectory() as folder:
            trainer = train("double-wedge", settings, self.observations, self.held_out, Path(folder))
        encoder = trainer.averaged["encoder"]
        error, wedge = self.scores(lambda record: encoder(record)[0])
        self.assertLess(error, 0.5)
        self.assertGreater(wedge, 0.4)
        # Its variance is that of the error, roughly, and members are as far off as two errors.
        expected = actual = members = 0.0
        spectrum = measure_error(encoder, self.held_out, SIZE, rounds=8)
        random = torch.Generator().manual_seed(3)
        with torch.no_grad():
            for one, truth in zip(self.held_out, self.truths):
                answer, log_variance = encoder(one.first[None, None])
                expected += float(log_variance.exp().mean())
                actual += error_of(answer[0, 0], truth)
                member = gaussian_member(encoder, one.first[None, None], spectrum, OPERATOR.symbol, random)
                members += error_of(member[0, 0], truth)
        self.assertTrue(0.5 < expected / actual < 1.6, f"variance {expected / actual} of the error")
        self.assertTrue(1.5 < members / actual < 2.6, f"members' error {members / actual} of the mean's")

    def test_an_answers_error_is_in_proportion_to_its_power(self) -> None:
        random = torch.Generator().manual_seed(5)
        white = torch.randn(SIZE, SIZE, SIZE, generator=random)
        power = power_by_shell(white)
        self.assertAlmostEqual(float(numpy.mean(power[2:12])), 1.0, delta=0.1)
        spectrum = ErrorSpectrum(numpy.full(SHELLS, 0.1), numpy.full(SHELLS, 0.4), power)
        plain = spectrum.filter(OPERATOR.symbol).symbol.square()
        self.assertAlmostEqual(float(plain.max()), 0.4, places=5)
        self.assertAlmostEqual(float(plain.min()), 0.1, places=5)
        # Twice the amplitude is four times the error's power in every shell, in and out of the wedge.
        ratio = spectrum.filter(OPERATOR.symbol, 2 * white).symbol.square() / plain
        self.assertLess(float((ratio - 4).abs().max()), 1e-3)

    def test_the_four_objectives_beat_the_record(self) -> None:
        for name, channels in (("cryogen-1", None), ("cryogen-2", 4), ("cryowgen-1", 4), ("cryowgen-2", None)):
            settings = {
                "crop": SIZE, "batch": 4, "width": 8, "energyWidth": 4, "latentChannels": channels, "learningRate": 4e-3,
                "langevinSteps": 2, "candidates": 3, "steps": 40, "lookEvery": 40,
            }
            with self.subTest(objective=name, latentChannels=channels), TemporaryDirectory() as folder:
                trainer = train(name, settings, self.observations, self.held_out, Path(folder))
                objective = trainer.objective
                error, _ = self.scores(lambda record: objective.decode(objective.encode(record)))
                self.assertLess(error, 0.8)

    def test_denoiser_beats_its_skip_connection(self) -> None:
        volumes = [Observation("volume", Wedge(), 0.0, truth, None) for truth in simulated(24, SIZE, seed=3)[1]]
        settings = {"crop": SIZE, "batch": 8, "width": 8, "learningRate": 3e-3, "steps": 160, "lookEvery": 160, "noise": [0.1, 2]}
        with TemporaryDirectory() as folder:
            trainer = train("denoiser", settings, volumes, volumes[:4], Path(folder))
            held_out = loads((Path(folder) / "log.jsonl").read_text().splitlines()[-1])["heldOut"]
        self.assertEqual(trainer.step, 160)
        for level in (0.5, 1.0):
            self.assertLess(held_out[f"error{level}"], 0.85 * held_out[f"skip{level}"])


class TrainerTest(TestCase):
    settings = {"crop": 8, "batch": 2, "width": 4, "steps": 12, "lookEvery": 6, "learningRate": 1e-3}

    def test_resumes_to_the_bit(self) -> None:
        observations, _ = simulated(4, 8, seed=4)
        with TemporaryDirectory() as folder:
            straight = train("double-wedge", self.settings, observations, [], Path(folder) / "straight")
            stopped = Path(folder) / "stopped"
            torch.manual_seed(1)
            objective = OBJECTIVES["double-wedge"](self.settings, observations, [])

            trainer = Trainer(objective, self.settings, stopped, say=lambda text: None)
            save = trainer.save

            def save_and_stop() -> None:
                save()
                raise KeyboardInterrupt

            trainer.save = save_and_stop
            with self.assertRaises(KeyboardInterrupt):
                trainer.run()
            torch.manual_seed(99)
            again = Trainer(OBJECTIVES["double-wedge"](self.settings, observations, []), self.settings, stopped, lambda text: None)
            again.resume()
            self.assertEqual(again.step, 6)
            again.run()
            self.assertEqual(again.step, 12)
            for a, b in zip(straight.averaged.state_dict().values(), again.averaged.state_dict().values()):
                self.assertTrue(torch.equal(a, b))


class GuardTest(TestCase):
    def test_stops_growing_unmeasured_power(self) -> None:
        guard = Guard()
        look = lambda step, power: guard.check(step, {"unmeasuredPower": power, "measuredPower": 0.5})
        for step, power in enumerate((0.001, 0.1, 0.2, 0.4, 0.45, 0.43, 0.9)):
            look(step, power)
        look(7, 1.4)
        with self.assertRaisesRegex(TrainingStopped, "3.8 times .*growing"):
            look(8, 1.9)
        guard.check(9, {"error0.5": 0.1})

    def test_stops_what_is_not_finite(self) -> None:
        with self.assertRaisesRegex(TrainingStopped, "lower learningRate"):
            Guard().check_loss(3, nan)
        with self.assertRaisesRegex(TrainingStopped, "not finite"):
            Guard().check(3, {"unmeasuredPower": nan, "measuredPower": 1.0})
