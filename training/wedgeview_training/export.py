"""
Writes a bundle (docs/bundles.md): networks as ONNX, bundle.json, MODEL_CARD.md. A bundle's description is a JSON file of its own:

    { "out": FOLDER, "card": MODEL_CARD.md, "manifest": {fields of bundle.json, without files},
      "networks": { "encoder": {"kind": "encoder", "weights": weights.pt, "width": 32, "precisionScale": 1},
                    "prior":   {"kind": "denoiser", "weights": weights.pt, "width": 32, "dataStd": 0.7} } }

Weights are rounded to half precision and stored so, which halves the files; the graphs widen them and compute in float32. PyTorch with the same
rounded weights is what `check` compares with.
"""

from hashlib import sha256
from inspect import signature
from json import dumps, loads
from pathlib import Path
from shutil import copyfile, rmtree
from typing import Dict, List, Tuple

import numpy
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

from .networks import Decoder, Denoiser, Encoder, Energy, LatentEncoder

OPSET = 17
LARGE = 256


class ExportedEncoder(nn.Module):
    """y -> zbar, precision."""

    def __init__(self, encoder: Encoder, precision_scale: float) -> None:
        super().__init__()
        self.encoder, self.scale = encoder, precision_scale

    def forward(self, y: torch.Tensor) -> Tuple[torch.Tensor, torch.Tensor]:
        mean, log_variance = self.encoder(y)
        return mean, self.scale * torch.exp(-log_variance)


NAMES = {
    "encoder": (["y"], ["zbar", "precision"]),
    "latent-encoder": (["y"], ["zbar"]),
    "decoder": (["z"], ["x"]),
    "denoiser": (["x", "sigma"], ["denoised"]),
    "energy": (["x"], ["energy"]),
}


def read_description(path: Path) -> Dict:
    """Paths become absolute, relative to the description's folder."""
    description = loads(path.read_text(encoding="utf8"))
    root = path.resolve().parent
    for field in ("out", "manifest", "networks", "card"):
        if field not in description:
            raise ValueError(f"{path}: {field} is missing.")
    description["out"], description["card"] = root / description["out"], root / description["card"]
    for network in description["networks"].values():
        network["weights"] = root / network["weights"]
    return description


def load_weights(spec: Dict) -> nn.Module:
    """{kind, weights, width, …} -> the trained network."""
    width = spec.get("width", 32)
    builders = {
        "encoder": lambda: Encoder(width),
        "latent-encoder": lambda: LatentEncoder(width, spec["channels"]),
        "decoder": lambda: Decoder(width, spec["channels"]),
        "denoiser": lambda: Denoiser(width, spec["dataStd"]),
        "energy": lambda: Energy(width),
    }
    if spec["kind"] not in builders:
        raise ValueError(f"networks: kind {spec['kind']}: expected one of {', '.join(builders)}.")
    network = builders[spec["kind"]]()
    prefix = spec["kind"].split("-")[-1] + "."
    state = torch.load(str(spec["weights"]), map_location="cpu")
    network.load_state_dict({name[len(prefix) :]: value for name, value in state.items() if name.startswith(prefix)})
    return network.eval()


def load_network(spec: Dict) -> nn.Module:
    """The network as it is exported, with weights rounded to half precision."""
    network = load_weights(spec)
    with torch.no_grad():
        for parameter in network.parameters():
            if parameter.numel() >= LARGE:
                parameter.copy_(parameter.half().float())
    if spec["kind"] == "encoder":
        network = ExportedEncoder(network, spec.get("precisionScale", 1.0))
    return network.eval()


def example_inputs(network: nn.Module, kind: str, size: int = 16, seed: int = 0) -> List[torch.Tensor]:
    """Inputs to trace and to compare with: batch 2."""
    random = torch.Generator().manual_seed(seed)
    channels = next(network.parameters()).shape[1] if kind == "decoder" else 1
    volume = torch.randn(2, channels, size, size, size, generator=random)
    return [volume, torch.tensor([0.3, 0.9])] if kind == "denoiser" else [volume]


def write_onnx(network: nn.Module, kind: str, path: Path) -> None:
    """Batch and space stay dynamic."""
    inputs, outputs = NAMES[kind]
    spatial = {0: "batch", 2: "depth", 3: "height", 4: "width"}
    axes = {name: spatial for name in (*inputs, *outputs)}
    axes.update({name: {0: "batch"} for name in ("sigma", "energy") if name in axes})
    # PyTorch 2.9 and later would trace in another way, with operators of their own choosing.
    classic = {"dynamo": False} if "dynamo" in signature(torch.onnx.export).parameters else {}
    torch.onnx.export(
        network,
        tuple(example_inputs(network, kind)),
        str(path),
        opset_version=OPSET,
        input_names=inputs,
        output_names=outputs,
        dynamic_axes=axes,
        **classic,
    )
    model = onnx.load(str(path))
    _store_in_half(model)
    for node in model.graph.node:
        node.doc_string = ""
    onnx.checker.check_model(model)
    onnx.save(model, str(path))


def _store_in_half(model: onnx.ModelProto) -> None:
    casts = []
    for initializer in model.graph.initializer:
        values = numpy_helper.to_array(initializer)
        if values.dtype != numpy.float32 or values.size < LARGE:
            continue
        half = values.astype(numpy.float16)
        if not numpy.array_equal(half.astype(numpy.float32), values):
            continue
        name = initializer.name
        initializer.CopyFrom(numpy_helper.from_array(half, name + ".half"))
        casts.append(helper.make_node("Cast", [name + ".half"], [name], name="widen " + name, to=TensorProto.FLOAT))
    nodes = list(model.graph.node)
    del model.graph.node[:]
    model.graph.node.extend(casts + nodes)


def export_bundle(path: Path) -> None:
    """Writes the whole bundle beside its place first, then puts it there."""
    description = read_description(path)
    out = description["out"]
    beside = out.with_name(out.name + ".partial")
    if beside.exists():
        rmtree(beside)
    beside.mkdir(parents=True)
    for role, spec in description["networks"].items():
        write_onnx(load_network(spec), spec["kind"], beside / f"{role}.onnx")
    copyfile(description["card"], beside / "MODEL_CARD.md")
    names = [f"{role}.onnx" for role in description["networks"]] + ["MODEL_CARD.md"]
    files = {name: sha256((beside / name).read_bytes()).hexdigest() for name in names}
    manifest = {"formatVersion": 1, **description["manifest"], "files": files}
    (beside / "bundle.json").write_text(dumps(manifest, indent=2) + "\n", encoding="utf8")
    if out.exists():
        rmtree(out)
    beside.rename(out)
    total = sum(one.stat().st_size for one in out.iterdir())
    print(f"{out}: {total / 2**20:.2f} MiB")
