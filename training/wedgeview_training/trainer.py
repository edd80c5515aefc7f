"""The loop: steps, learning rate, averaged weights, checkpoints, progress."""

from copy import deepcopy
from json import dumps
from math import cos, pi
from pathlib import Path
from time import monotonic
from typing import Callable, Dict, Optional

import torch

from .guard import Guard
from .objectives.objective import Objective

AVERAGE_OVER = 200


class Trainer:
    """
    Writes FOLDER/checkpoint.pt (everything that going on needs), FOLDER/log.jsonl, and FOLDER/weights.pt (averaged weights of the networks, float32).
    `resume` goes on to the bit where the checkpoint was written (same machine, same number of threads).
    """

    def __init__(self, objective: Objective, settings: Dict, folder: Path, say: Callable[[str], None] = None) -> None:
        self.objective, self.folder = objective, folder
        self.say = say or (lambda text: print(text, flush=True))
        self.steps = settings.get("steps", 1000)
        self.warm_up = settings.get("warmUp", min(100, self.steps // 10))
        self.look_every = settings.get("lookEvery", 100)
        self.minutes: Optional[float] = settings.get("minutes")
        self.random = torch.Generator().manual_seed(settings.get("seed", 1))
        self.averaged = deepcopy(objective.networks)
        self.guard = Guard()
        self.step, self.seconds = 0, 0.0
        folder.mkdir(parents=True, exist_ok=True)

    def rate(self) -> float:
        """Linear warm-up, then a half cosine down to 2 %; where a time limit is set, over whichever of both is nearer."""
        if self.step < self.warm_up:
            return (self.step + 1) / self.warm_up
        done = self.step / self.steps
        if self.minutes is not None:
            done = max(done, self.seconds / (60 * self.minutes))
        return 0.02 + 0.98 * 0.5 * (1 + cos(pi * min(1.0, done)))

    @property
    def finished(self) -> bool:
        return self.step >= self.steps or (self.minutes is not None and self.seconds >= 60 * self.minutes)

    def run(self) -> None:
        sums: Dict[str, float] = {}
        counted = 0
        while not self.finished:
            began = monotonic()
            self.objective.set_rate(self.rate())
            numbers = self.objective.train_step(self.random)
            self.step += 1
            self._average()
            self.guard.check_loss(self.step, numbers["loss"])
            for name, value in numbers.items():
                sums[name] = sums.get(name, 0.0) + value
            counted += 1
            self.seconds += monotonic() - began
            if self.step % self.look_every == 0 or self.finished:
                self._look({name: value / counted for name, value in sums.items()})
                sums, counted = {}, 0

    def _average(self) -> None:
        share = min(1 - 1 / AVERAGE_OVER, self.step / (self.step + 10))
        with torch.no_grad():
            pairs = zip(self.averaged.state_dict().values(), self.objective.networks.state_dict().values())
            for mean, current in pairs:
                mean.mul_(share).add_(current, alpha=1 - share)

    def _look(self, training: Dict[str, float]) -> None:
        current = self.objective.networks
        self.objective.networks = self.averaged
        try:
            held_out = self.objective.monitor()
        finally:
            self.objective.networks = current
        entry = {"step": self.step, "seconds": round(self.seconds, 1), "training": training, "heldOut": held_out}
        with open(self.folder / "log.jsonl", "a", encoding="utf8") as log:
            log.write(dumps(entry) + "\n")
        shown = ", ".join(f"{name} {value:.4f}" for name, value in held_out.items())
        self.say(f"step {self.step}/{self.steps}, {self.seconds:.0f} s, loss {training['loss']:.4f}; held out: {shown}")
        self.guard.check(self.step, held_out)
        self.save()

    def save(self) -> None:
        _write(
            self.folder / "checkpoint.pt",
            {
                "step": self.step,
                "seconds": self.seconds,
                "networks": self.objective.networks.state_dict(),
                "averaged": self.averaged.state_dict(),
                "optimisers": {name: one.state_dict() for name, one in self.objective.optimisers.items()},
                "random": self.random.get_state(),
                "guard": self.guard.history,
            },
        )
        _write(self.folder / "weights.pt", self.averaged.state_dict())

    def resume(self) -> None:
        state = torch.load(self.folder / "checkpoint.pt", map_location="cpu")
        self.step, self.seconds = state["step"], state["seconds"]
        self.objective.networks.load_state_dict(state["networks"])
        self.averaged.load_state_dict(state["averaged"])
        for name, optimiser in self.objective.optimisers.items():
            optimiser.load_state_dict(state["optimisers"][name])
        self.random.set_state(state["random"])
        self.guard.history = state["guard"]

    def start_from(self, weights: Path) -> None:
        """Fine-tuning: networks of the same shape, everything else fresh."""
        state = torch.load(weights, map_location="cpu")
        self.objective.networks.load_state_dict(state)
        self.averaged.load_state_dict(state)


def _write(path: Path, state: Dict) -> None:
    beside = path.with_suffix(".partial")
    torch.save(state, str(beside))
    beside.replace(path)
