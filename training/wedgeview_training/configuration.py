"""Configurations are JSON files; paths in them are relative to the file's folder."""

from dataclasses import dataclass
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Dict, List, Optional

from .wedge import Wedge


@dataclass(frozen=True)
class Configuration:
    objective: str
    folder: Path
    data: List[Dict]
    wedge: Wedge
    settings: Dict
    start_from: Optional[Path]


def read_configuration(path: Path) -> Configuration:
    """Raises ValueError, naming the field, where something that is needed is missing."""
    try:
        fields = loads(path.read_text(encoding="utf8"))
    except JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error}.") from error
    for field in ("objective", "folder", "data"):
        if field not in fields:
            raise ValueError(f"{path}: {field} is missing.")
    from .objectives import OBJECTIVES

    if fields["objective"] not in OBJECTIVES:
        raise ValueError(f"{path}: objective: expected one of {', '.join(OBJECTIVES)}, found {fields['objective']}.")
    root = path.resolve().parent
    low, high = fields.get("tiltRange", [-60, 60])
    start = fields.get("startFrom")
    return Configuration(
        objective=fields["objective"],
        folder=root / fields["folder"],
        data=[_located(source, root) for source in fields["data"]],
        wedge=Wedge(fields.get("tiltAxis", "y"), fields.get("beamAxis", "z"), low, high),
        settings=fields.get("settings", {}),
        start_from=None if start is None else root / start,
    )


def _located(source: Dict, root: Path) -> Dict:
    paths = ("simulations", "even", "odd", "tomogram", "volumes")
    return {key: str(root / value) if key in paths else value for key, value in source.items()}
