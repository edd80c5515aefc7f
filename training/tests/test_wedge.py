"""T_M and rotations: the same rules as the program's, and their algebra."""

from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from unittest import TestCase

import numpy
import torch

from wedgeview_training.rotation import cube_rotations, half_turns, random_rotation_matrix, turn_by_interpolation
from wedgeview_training.wedge import Wedge, wedge_mask, wedge_operator

SCRIPT = Path(__file__).resolve().parent.parent / "onnx" / "write-mask.mjs"


def field(*size: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(*size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


class WedgeTest(TestCase):
    def test_equals_the_programs_mask(self) -> None:
        cases = [
            ((8, 8, 8), Wedge()),
            ((7, 10, 12), Wedge("y", "z", -48, 60)),
            ((9, 6, 5), Wedge("x", "y", -60, 41.5)),
            ((1, 8, 10), Wedge("z", "x", -70, 66)),
        ]
        for size, wedge in cases:
            with TemporaryDirectory() as folder:
                out = Path(folder) / "mask"
                limits = [str(wedge.tilt_min), str(wedge.tilt_max)]
                shape = ",".join(map(str, size))
                run(["node", str(SCRIPT), str(out), shape, wedge.tilt_axis, wedge.beam_axis, *limits], check=True)
                theirs = numpy.frombuffer(out.read_bytes(), dtype="<f4").reshape(size)
            numpy.testing.assert_array_equal(wedge_mask(wedge, size), theirs)

    def test_operator_is_a_projection(self) -> None:
        operator = wedge_operator(Wedge("y", "z", -48, 60), (9, 8, 10))
        a, b = field(9, 8, 10), field(9, 8, 10, seed=2)
        self.assertAlmostEqual(float((operator(a) * b).sum()), float((a * operator(b)).sum()), places=9)
        self.assertLess(float((operator(operator(a)) - operator(a)).abs().max()), 1e-12)

    def test_a_turned_record_is_the_record_of_the_turned(self) -> None:
        x = field(8, 8, 8)
        wedge = Wedge("y", "z", -50, 60)
        rotations = cube_rotations()
        self.assertEqual(len(rotations), 24)
        for rotation in rotations:
            turned = wedge_operator(wedge, (8, 8, 8), rotation.matrix)
            expected = rotation(wedge_operator(wedge, (8, 8, 8))(x))
            self.assertLess(float((turned(rotation(x)) - expected).abs().max()), 1e-12)
            self.assertTrue(torch.equal(rotation.back(rotation(x)), x))

    def test_half_turns_leave_an_even_wedge_where_it_is(self) -> None:
        wedge = Wedge("y", "z", -55, 55)
        expected = wedge_mask(wedge, (9, 9, 9))
        self.assertEqual(len(half_turns()), 4)
        for rotation in cube_rotations():
            kept = numpy.array_equal(wedge_mask(wedge, (9, 9, 9), rotation.matrix), expected)
            if rotation in half_turns():
                self.assertTrue(kept, rotation)
        self.assertFalse(numpy.array_equal(wedge_mask(wedge, (9, 9, 9), cube_rotations()[4].matrix), expected))

    def test_interpolated_rotations_agree_with_the_cubes(self) -> None:
        x = field(6, 6, 6)[None, None]
        for rotation in cube_rotations():
            difference = turn_by_interpolation(x, rotation.matrix) - rotation(x)
            self.assertLess(float(difference.abs().max()), 1e-9)

    def test_random_rotations_are_rotations(self) -> None:
        random = numpy.random.default_rng(1)
        for _ in range(20):
            matrix = random_rotation_matrix(random)
            numpy.testing.assert_allclose(matrix @ matrix.T, numpy.eye(3), atol=1e-12)
            self.assertAlmostEqual(float(numpy.linalg.det(matrix)), 1.0, places=12)

    def test_refuses_what_is_no_wedge(self) -> None:
        for arguments in (("y", "y", -60, 60), ("y", "z", 60, -60), ("y", "q", -60, 60), ("y", "z", -95, 60)):
            with self.assertRaises(ValueError):
                Wedge(*arguments)
