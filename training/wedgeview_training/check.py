"""
Compares a bundle's ONNX with PyTorch: outputs, and the derivative that Wedgeview takes of the exported graph with autograd's.

Python has no onnxruntime in Debian, and the derivative is Wedgeview's own: so a Node script runs the graphs, onnx/run-graph.mjs.
"""

from json import dumps
from pathlib import Path
from subprocess import run
from tempfile import TemporaryDirectory
from typing import Dict, List

import numpy
import torch

from .export import NAMES, example_inputs, load_network, read_description

SCRIPT = Path(__file__).resolve().parent.parent / "onnx" / "run-graph.mjs"
OUTPUT_TOLERANCE = 1e-4
DERIVATIVE_TOLERANCE = 1e-3


def run_graph(model: Path, feeds: Dict[str, torch.Tensor], outputs: List[str], derivative: Dict = None) -> Dict[str, numpy.ndarray]:
    """
    Outputs of an ONNX file, and with `derivative` {of, withRespectTo, seed} the vector-Jacobian product under "derivative", by
    onnxruntime-node and onnx-autodiff.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        request = {"model": str(model), "outputs": outputs, "inputs": {}}
        for key, value in feeds.items():
            (folder / f"{key}.in").write_bytes(value.detach().contiguous().numpy().astype("<f4").tobytes())
            request["inputs"][key] = list(value.shape)
        if derivative is not None:
            seed = derivative["seed"]
            (folder / "seed.in").write_bytes(seed.contiguous().numpy().astype("<f4").tobytes())
            request["derivative"] = {**derivative, "seed": list(seed.shape)}
        (folder / "request.json").write_text(dumps(request), encoding="utf8")
        done = run(["node", str(SCRIPT), str(folder)], capture_output=True, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"{SCRIPT.name} failed: {done.stderr.strip()[-2000:]}")
        names = [*outputs, *(["derivative"] if derivative else [])]
        return {key: numpy.frombuffer((folder / f"{key}.out").read_bytes(), dtype="<f4") for key in names}


def compare_network(network: torch.nn.Module, kind: str, model: Path, size: int = 16) -> Dict[str, float]:
    """Largest differences, relative to the largest magnitude: of each output, and of the derivative of the first by the first input."""
    inputs, outputs = NAMES[kind]
    values = example_inputs(network, kind, size, seed=1)
    point = values[0].clone().requires_grad_(True)
    expected = network(point, *values[1:])
    expected = list(expected) if isinstance(expected, tuple) else [expected]
    seed = torch.randn(expected[0].shape, generator=torch.Generator().manual_seed(2))
    (slope,) = torch.autograd.grad(expected[0], point, seed)
    request = {"of": outputs[0], "withRespectTo": inputs[0], "seed": seed}
    found = run_graph(model, dict(zip(inputs, values)), outputs, request)
    pairs = [*zip(outputs, expected), ("derivative", slope)]
    return {name: _difference(found[name], value.detach().numpy().ravel()) for name, value in pairs}


def check_bundle(path: Path) -> None:
    """Prints the differences; raises RuntimeError where one is beyond its tolerance."""
    description = read_description(path)
    beyond = []
    for role, spec in description["networks"].items():
        model = description["out"] / f"{role}.onnx"
        for name, difference in compare_network(load_network(spec), spec["kind"], model).items():
            limit = DERIVATIVE_TOLERANCE if name == "derivative" else OUTPUT_TOLERANCE
            print(f"{role} {name}: {difference:.1e} (at most {limit:.0e})")
            if not difference <= limit:
                beyond.append(f"{role} {name}")
    if beyond:
        raise RuntimeError(f"Beyond tolerance: {', '.join(beyond)}.")


def _difference(found: numpy.ndarray, expected: numpy.ndarray) -> float:
    return float(numpy.abs(found - expected).max() / numpy.abs(expected).max())
