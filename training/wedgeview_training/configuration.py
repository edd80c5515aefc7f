"""Configurations are JSON files; paths in them are relative to the file's folder."""

from dataclasses import dataclass
from json import JSONDecodeError, loads
from pathlib import Path
from typing import Dict, List, Optional

from .wedge import Wedge

PATHS = ("simulations", "even", "odd", "tomogram", "volumes", "weights")


@dataclass(frozen=True)
class Configuration:
    """What `train` needs."""

    objective: str
    folder: Path
    data: List[Dict]
    wedge: Wedge
    settings: Dict
    start_from: Optional[Path]


def read_fields(path: Path, *needed: str) -> Dict:
    """
    A configuration's fields with its paths absolute, `wedge` made of tiltRange and the axes, and `settings` there. Raises ValueError, naming the field,
    where one that is needed is missing.
    """
    try:
        fields = loads(path.read_text(encoding="utf8"))
    except JSONDecodeError as error:
        raise ValueError(f"{path} is not JSON: {error}.") from error
    for field in needed:
        if field not in fields:
            raise ValueError(f"{path}: {field} is missing.")
    root = path.resolve().parent
    low, high = fields.get("tiltRange", [-60, 60])
    located = {key: _located(value, root) for key, value in fields.items() if isinstance(value, dict) and key != "settings"}
    return {
        **fields,
        **located,
        "folder": root / fields["folder"],
        "data": [_located(source, root) for source in fields.get("data", [])],
        "wedge": Wedge(fields.get("tiltAxis", "y"), fields.get("beamAxis", "z"), low, high),
        "settings": fields.get("settings", {}),
        "startFrom": root / fields["startFrom"] if "startFrom" in fields else None,
    }


def read_configuration(path: Path) -> Configuration:
    from .objectives import OBJECTIVES

    fields = read_fields(path, "objective", "folder", "data")
    if fields["objective"] not in OBJECTIVES:
        raise ValueError(f"{path}: objective: expected one of {', '.join(OBJECTIVES)}, found {fields['objective']}.")
    names = ("objective", "folder", "data", "wedge", "settings")
    return Configuration(*(fields[name] for name in names), start_from=fields["startFrom"])


def _located(source: Dict, root: Path) -> Dict:
    return {key: str(root / value) if key in PATHS else value for key, value in source.items()}
