"""Stops a training that has gone wrong, with a message, before it wastes the night."""

from math import isfinite
from typing import Dict, List


class TrainingStopped(Exception):
    """What went wrong and what to change."""


class Guard:
    """
    Watches the held-out numbers. Power of the answers in unmeasured frequencies has no upper limit in the loss of a network that feeds on its own
    output: where it rises by more than `limit` over its least value so far, and at three looks in a row, something is running away.
    """

    def __init__(self, limit: float = 4.0, floor: float = 0.02, looks: int = 3) -> None:
        self.limit, self.floor, self.looks = limit, floor, looks
        self.history: List[float] = []

    def check_loss(self, step: int, loss: float) -> None:
        if not isfinite(loss):
            raise TrainingStopped(
                f"The loss at step {step} is {loss}. Go on from an earlier checkpoint with a lower learningRate."
            )

    def check(self, step: int, numbers: Dict[str, float]) -> None:
        power = numbers.get("unmeasuredPower")
        if power is None:
            return
        if not isfinite(power):
            raise TrainingStopped(f"At step {step} the network's answers are not finite. Lower the learningRate.")
        self.history.append(power)
        least = max(self.floor, min(self.history))
        recent = self.history[-self.looks :]
        rises = all(later >= earlier for earlier, later in zip(recent, recent[1:]))
        if len(recent) == self.looks and rises and all(value > self.limit * least for value in recent):
            raise TrainingStopped(
                f"At step {step} the power in unmeasured frequencies is {power:.3g}, {power / least:.1f} times its least so far, "
                "and growing: no data hold it back. Lower the learningRate, or give the terms with measured targets more weight."
            )
