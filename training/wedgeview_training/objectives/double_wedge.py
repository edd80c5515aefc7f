"""
Self-supervised reconstruction from pairs of records (y1, y2) of one specimen, each with its missing wedge and own noise.

    b = T_{R^-1 M} y1                            the record without the frequencies that the turned wedge will hide
    v = b + (I - T_M T_{R^-1 M}) stop(f(b))      filled by the network's own answer, without gradient
    u = T_M R v + noise in M \\ M_R               turned by R and recorded anew, as noisy there as a record is
    L = || T_{M_R} (f(u) - R y2) ||^2 + || T_M (f(y1) - y2) ||^2          M_R: the mask that R y2 was recorded with

In M_R \\ M the network has to tell what u lacks and R y2 holds: so it learns to fill the wedge. Targets are records, never the
network's own output: a target of its own making drove the unmeasured frequencies to grow without bound.

The variance v(y) of x - f(y), a voxel each, is learned from the same residual e = T_{M_R} (f(u) - R y2), whose expected square is
c v + c s2^2, c the share of frequencies measured, s2 the second record's noise:

    L_v = mean ln(c v + c s2^2) + e^2 / (c v + c s2^2)          (twice the negative log-likelihood; minimal at E e^2 = c (v + s2^2))

It reaches its own output layers alone. precision = 1 / v.

Filling from y1 itself (`fill: record`) saves a network run a step, but the answer f(y1) has seen what u is asked for: the network did no worse for
it in our trial, yet its error in the wedge came out at a third of the true one. Filled from b (`fill: blind`, the default) it can't know.
"""

from typing import Callable, Dict, List, Tuple

import numpy
import torch

from ..networks import Encoder
from ..observations import Observation, batch_of
from ..rotation import cube_rotations, random_rotation_matrix, turn_by_interpolation
from ..wedge import FourierFilter, Wedge, noise_like, wedge_operator
from .objective import Objective, adamw, power_by_region


def fill_wedge(record: torch.Tensor, answer: torch.Tensor, operator: FourierFilter) -> torch.Tensor:
    """v = y + (I - T_M) f(y)."""
    return record + answer - operator(answer)


def fill_blind(record: torch.Tensor, encoder, operator: FourierFilter, hidden: FourierFilter) -> torch.Tensor:
    """v = b + (I - T_M T_{R^-1 M}) f(b), b = T_{R^-1 M} y."""
    rest = hidden(record)
    answer, _ = encoder(rest)
    return rest + answer - hidden(operator(answer))


def record_again(turned: torch.Tensor, operator: FourierFilter, seen: FourierFilter, noise: torch.Tensor) -> torch.Tensor:
    """u = T_M R v, with noise of the given standard deviation (times white) where R v holds none: in M \\ M_R."""
    return operator(turned + noise - seen(noise))


def masked_square(difference: torch.Tensor, operator: FourierFilter) -> torch.Tensor:
    """Mean over voxels of (T d)^2."""
    return operator(difference).square().mean()


def variance_loss(residual: torch.Tensor, log_variance: torch.Tensor, share: float, noise: torch.Tensor) -> torch.Tensor:
    """L_v; `share` c, `noise` s2 (B, 1, 1, 1, 1)."""
    expected = share * (log_variance.exp() + noise.square())
    return (expected.log() + residual.square() / expected).mean()


class DoubleWedge(Objective):
    def __init__(self, settings: Dict, training: List[Observation], held_out: List[Observation]) -> None:
        self.size = settings.get("crop", 48)
        self.batch = settings.get("batch", 3)
        self.rotations, self.fill = settings.get("rotations", "cube"), settings.get("fill", "blind")
        self.training, self.held_out = training, held_out
        encoder = Encoder(settings.get("width", 32))
        self.networks = torch.nn.ModuleDict({"encoder": encoder})
        self.optimisers = {"encoder": adamw(encoder.parameters(), 0.0)}
        self.learning_rates = {"encoder": settings.get("learningRate", 1e-3)}
        self.cube = cube_rotations()
        self._operators: Dict = {}

    def operator(self, wedge: Wedge) -> FourierFilter:
        if wedge not in self._operators:
            self._operators[wedge] = wedge_operator(wedge, (self.size,) * 3)
        return self._operators[wedge]

    def draw_rotation(self, random: torch.Generator) -> Tuple[Callable[[torch.Tensor], torch.Tensor], numpy.ndarray]:
        """R as a function of volumes, and as a matrix."""
        if self.rotations == "cube":
            turn = self.cube[int(torch.randint(0, len(self.cube), (1,), generator=random))]
            return turn, turn.matrix
        seed = int(torch.randint(0, 2**31, (1,), generator=random))
        matrix = random_rotation_matrix(numpy.random.default_rng(seed))
        return lambda volume: turn_by_interpolation(volume, matrix), matrix

    def _operator_of(self, wedge: Wedge, rotation: numpy.ndarray) -> FourierFilter:
        """Kept for the rotations of the cube, which come again."""
        if self.rotations != "cube":
            return wedge_operator(wedge, (self.size,) * 3, rotation)
        key = (wedge, rotation.tobytes())
        if key not in self._operators:
            self._operators[key] = wedge_operator(wedge, (self.size,) * 3, rotation)
        return self._operators[key]

    def loss(self, batch: Dict, random: torch.Generator) -> Dict[str, torch.Tensor]:
        encoder, wedge = self.networks["encoder"], batch["wedge"]
        first, second = batch["first"], batch["second"]
        operator = self.operator(wedge)
        answer, _ = encoder(first)
        turn, rotation = self.draw_rotation(random)
        seen = self._operator_of(wedge, rotation)
        filled = fill_wedge(first, answer.detach(), operator)
        if self.fill == "blind":
            hidden = self._operator_of(wedge, rotation.T)
            with torch.no_grad():
                filled = fill_blind(first, encoder, operator, hidden)
        turned, target = turn(filled), turn(second)
        noise = noise_like(first, random) * _columns(batch["first_sigma"])
        turned_answer, log_variance = encoder(record_again(turned, operator, seen, noise))
        residual = seen(turned_answer - target)
        return {
            "rotated": residual.square().mean(),
            "plain": masked_square(answer - second, operator),
            "variance": variance_loss(
                residual.detach(), log_variance, seen.mean_square, _columns(batch["second_sigma"])
            ),
        }

    def train_step(self, random: torch.Generator) -> Dict[str, float]:
        terms = self.loss(self.placed(batch_of(self.training, self.batch, self.size, random)), random)
        total = terms["rotated"] + terms["plain"] + 0.1 * terms["variance"]
        self.update("encoder", total)
        return {"loss": float(total.detach()), **{name: float(term.detach()) for name, term in terms.items()}}

    @torch.no_grad()
    def monitor(self) -> Dict[str, float]:
        random = torch.Generator().manual_seed(7)
        sums: Dict[str, float] = {}
        rounds = 6
        for _ in range(rounds):
            batch = self.placed(batch_of(self.held_out or self.training, self.batch, self.size, random))
            terms = self.loss(batch, random)
            answer, _ = self.networks["encoder"](batch["first"])
            numbers = {**terms, **power_by_region(answer, self.operator(batch["wedge"]))}
            for name, value in numbers.items():
                sums[name] = sums.get(name, 0.0) + float(value) / rounds
        return sums


def _columns(values: torch.Tensor) -> torch.Tensor:
    return values[:, None, None, None, None]
