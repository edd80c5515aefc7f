"""What the command line does."""

from pathlib import Path
from typing import Tuple

import torch

from .configuration import Configuration, read_configuration, read_fields
from .objectives import OBJECTIVES
from .objectives.objective import Objective
from .observations import load_observations
from .trainer import Trainer


def prepare(configuration: Configuration) -> Tuple[Objective, Trainer]:
    """The objective with its data, and the trainer; deterministic by the configuration's seed."""
    settings = configuration.settings
    torch.set_num_threads(settings.get("threads", 2))
    torch.manual_seed(settings.get("seed", 1))
    observations = load_observations(configuration.data, configuration.wedge)
    every = settings.get("holdOutEvery", 10)
    held_out = observations[::every] if len(observations) >= every else []
    training = [one for one in observations if all(one is not other for other in held_out)]
    objective = OBJECTIVES[configuration.objective](settings, training, held_out)
    objective.to(settings.get("device", "cuda" if torch.cuda.is_available() else "cpu"))
    return objective, Trainer(objective, settings, configuration.folder)


def train(path: Path, resume: bool) -> None:
    configuration = read_configuration(path)
    _, trainer = prepare(configuration)
    if resume:
        trainer.resume()
    elif configuration.start_from is not None:
        trainer.start_from(configuration.start_from)
    trainer.run()


def export(path: Path) -> None:
    from .export import export_bundle

    export_bundle(path)


def check(path: Path) -> None:
    from .check import check_bundle

    check_bundle(path)


def families(path: Path) -> None:
    """Volumes for a denoiser: CONFIG names data, the encoder's (and a denoiser's) weights, and where to write."""
    from .export import load_weights
    from .families import geometric_levels, write_families

    fields = read_fields(path, "folder", "data", "encoder")
    settings = fields["settings"]
    torch.set_num_threads(settings.get("threads", 2))
    observations = load_observations(fields["data"], fields["wedge"])
    denoiser = load_weights(fields["denoiser"]) if "denoiser" in fields else None
    spectrum = write_families(
        load_weights(fields["encoder"]),
        observations,
        fields["folder"],
        settings.get("crop", 48),
        settings.get("each", 1),
        settings.get("seed", 1),
        denoiser,
        geometric_levels(*settings.get("noise", [2.0, 0.1]), settings.get("levels", 20)),
    )
    print(f"Error's power, measured: {spectrum.measured.round(4).tolist()}")
    print(f"Error's power, unmeasured: {spectrum.unmeasured.round(4).tolist()}")
