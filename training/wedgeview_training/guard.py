"""Stops a training that has gone wrong, with a message, before it wastes the night."""

from math import isfinite
from typing import Dict, List


class TrainingStopped(Exception):
    """What went wrong and what to change."""


class Guard:
    """
    Watches the held-out numbers. The loss sets no limit to the power that a network's answers have in unmeasured frequencies, as it feeds on
    them; but specimens lie in all directions, so there can't be much more of it, a frequency, than in measured ones. Where
    it is `limit` times as much and grew at each of the last `looks`, it is running away.
    """

    def __init__(self, limit: float = 3.0, looks: int = 3) -> None:
        self.limit, self.looks = limit, looks
        self.history: List[float] = []

    def check_loss(self, step: int, loss: float) -> None:
        if not isfinite(loss):
            raise TrainingStopped(
                f"The loss at step {step} is {loss}. Go on from an earlier checkpoint with a lower learningRate."
            )

    def check(self, step: int, numbers: Dict[str, float]) -> None:
        """`unmeasuredPower` and `measuredPower` are the answers' mean power a frequency; objectives without them pass."""
        if "unmeasuredPower" not in numbers:
            return
        ratio = numbers["unmeasuredPower"] / max(numbers["measuredPower"], 1e-6)
        if not isfinite(ratio):
            raise TrainingStopped(f"At step {step} the network's answers are not finite. Lower the learningRate.")
        self.history.append(ratio)
        recent = self.history[-self.looks :]
        grows = len(recent) == self.looks and all(later > earlier for earlier, later in zip(recent, recent[1:]))
        if grows and ratio > self.limit:
            raise TrainingStopped(
                f"At step {step} the power in unmeasured frequencies is {ratio:.1f} times that in measured ones, and growing: "
                "no data hold it back. Lower the learningRate, or give the terms with measured targets more weight."
            )
