"""
Self-supervised reconstruction from pairs of records (y1, y2) of one specimen, each with its missing wedge and own noise.

    v = y1 + (I - T_M) stop(f(y1))               the record, its wedge filled by the network's own answer, without gradient
    u = T_M R v + noise in M \\ M_R               turned by R and recorded anew, as noisy there as a record is
    L = || T_{M_R} (f(u) - R y2) ||^2 + || T_M (f(y1) - y2) ||^2          M_R: the mask that R y2 was recorded with

In M_R \\ M the network has to tell what u lacks and R y2 holds: so it learns to fill the wedge. Targets are records, never the
network's own output: a target of its own making drove the unmeasured frequencies to grow without bound.

The variance v(y) of x - f(y), a voxel each, is learned from the same residual e = T_{M_R} (f(u) - R y2), whose expected square is
c v + c s2^2, c the share of frequencies measured, s2 the second record's noise:

    L_v = mean ln(c v + c s2^2) + e^2 / (c v + c s2^2)          (twice the negative log-likelihood; minimal at E e^2 = c (v + s2^2))

It reaches its own output layers alone. precision = 1 / v.
"""

from typing import Dict, List

import torch

from ..networks import Encoder
from ..observations import Observation, batch_of
from ..rotation import cube_rotations, random_rotation_matrix, turn_by_interpolation
from ..wedge import FourierFilter, Wedge, wedge_operator
from .objective import Objective, adamw


def fill_wedge(record: torch.Tensor, answer: torch.Tensor, operator: FourierFilter) -> torch.Tensor:
    """v = y + (I - T_M) f(y)."""
    return record + answer - operator(answer)


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
        self.rotations = settings.get("rotations", "cube")
        self.training, self.held_out = training, held_out
        encoder = Encoder(settings.get("width", 32))
        self.networks = torch.nn.ModuleDict({"encoder": encoder})
        self.optimisers = {"encoder": adamw(encoder.parameters(), 0.0)}
        self.learning_rates = {"encoder": settings.get("learningRate", 1e-3)}
        self.cube = cube_rotations()
        self._operators: Dict = {}

    def operator(self, wedge: Wedge, turn: int = 0) -> FourierFilter:
        if (wedge, turn) not in self._operators:
            rotation = self.cube[turn].matrix if turn else None
            self._operators[(wedge, turn)] = wedge_operator(wedge, (self.size,) * 3, rotation)
        return self._operators[(wedge, turn)]

    def loss(self, batch: Dict, random: torch.Generator) -> Dict[str, torch.Tensor]:
        encoder, wedge = self.networks["encoder"], batch["wedge"]
        first, second = batch["first"], batch["second"]
        operator = self.operator(wedge)
        answer, _ = encoder(first)
        filled = fill_wedge(first, answer.detach(), operator)
        if self.rotations == "cube":
            turn = int(torch.randint(0, len(self.cube), (1,), generator=random))
            seen = self.operator(wedge, turn)
            turned, target = self.cube[turn](filled), self.cube[turn](second)
        else:
            seed = int(torch.randint(0, 2**31, (1,), generator=random))
            rotation = random_rotation_matrix(_numpy_generator(seed))
            seen = wedge_operator(wedge, (self.size,) * 3, rotation)
            turned, target = (turn_by_interpolation(one, rotation) for one in (filled, second))
        noise = torch.randn(first.shape, generator=random) * _columns(batch["first_sigma"])
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
        terms = self.loss(batch_of(self.training, self.batch, self.size, random), random)
        total = terms["rotated"] + terms["plain"] + 0.1 * terms["variance"]
        self.update("encoder", total)
        return {"loss": float(total.detach()), **{name: float(term.detach()) for name, term in terms.items()}}

    @torch.no_grad()
    def monitor(self) -> Dict[str, float]:
        random = torch.Generator().manual_seed(7)
        sums: Dict[str, float] = {"rotated": 0.0, "plain": 0.0, "unmeasuredPower": 0.0, "variance": 0.0}
        rounds = 6
        for _ in range(rounds):
            batch = batch_of(self.held_out or self.training, self.batch, self.size, random)
            terms = self.loss(batch, random)
            answer, _ = self.networks["encoder"](batch["first"])
            outside = answer - self.operator(batch["wedge"])(answer)
            for name, value in {**terms, "unmeasuredPower": outside.square().mean()}.items():
                sums[name] += float(value) / rounds
        return sums


def _columns(values: torch.Tensor) -> torch.Tensor:
    return values[:, None, None, None, None]


def _numpy_generator(seed: int):
    from numpy.random import default_rng

    return default_rng(seed)
