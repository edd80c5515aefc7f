"""Exported ONNX equals PyTorch, the program's derivative equals autograd, and a bundle is sound."""

from hashlib import sha256
from json import dumps, loads
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import TestCase

import torch

from wedgeview_training.check import DERIVATIVE_TOLERANCE, OUTPUT_TOLERANCE, check_bundle, compare_network
from wedgeview_training.export import export_bundle, load_network, write_onnx
from wedgeview_training.networks import Decoder, Denoiser, Encoder, Energy, LatentEncoder


def save(folder: Path, name: str, network: torch.nn.Module) -> str:
    path = folder / f"{name}.pt"
    torch.save({f"{name}.{key}": value for key, value in network.state_dict().items()}, str(path))
    return path.name


class ExportTest(TestCase):
    def setUp(self) -> None:
        torch.manual_seed(5)

    def test_every_kind_of_network(self) -> None:
        networks = {
            "encoder": (Encoder(8), {}),
            "latent-encoder": (LatentEncoder(8, 4), {"channels": 4}),
            "decoder": (Decoder(8, 4), {"channels": 4}),
            "denoiser": (Denoiser(8, 0.6), {"dataStd": 0.6}),
            "energy": (Energy(8), {}),
        }
        with TemporaryDirectory() as name:
            folder = Path(name)
            for kind, (network, more) in networks.items():
                with self.subTest(kind=kind):
                    weights = folder / save(folder, kind.split("-")[-1], network)
                    loaded = load_network({"kind": kind, "weights": weights, "width": 8, **more})
                    model = folder / f"{kind}.onnx"
                    write_onnx(loaded, kind, model)
                    self.assertNotIn(str(Path(__file__).resolve().parents[2]).encode(), model.read_bytes())
                    for output, difference in compare_network(loaded, kind, model).items():
                        limit = DERIVATIVE_TOLERANCE if output == "derivative" else OUTPUT_TOLERANCE
                        self.assertLess(difference, limit, output)

    def test_a_bundle(self) -> None:
        with TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "card.md").write_text("# small\n")
            description = {
                "out": "bundle",
                "card": "card.md",
                "manifest": {"name": "small", "latent": "volume"},
                "networks": {
                    "encoder": {"kind": "encoder", "weights": save(folder, "encoder", Encoder(8)), "width": 8},
                    "prior": {"kind": "denoiser", "weights": save(folder, "denoiser", Denoiser(8, 0.6)), "width": 8, "dataStd": 0.6},
                },
            }
            path = folder / "bundle.json.in"
            path.write_text(dumps(description))
            export_bundle(path)
            export_bundle(path)
            manifest = loads((folder / "bundle" / "bundle.json").read_text())
            self.assertEqual(manifest["formatVersion"], 1)
            self.assertEqual(set(manifest["files"]), {"encoder.onnx", "prior.onnx", "MODEL_CARD.md"})
            for file, digest in manifest["files"].items():
                self.assertEqual(sha256((folder / "bundle" / file).read_bytes()).hexdigest(), digest)
            check_bundle(path)
            # Weights that are not the bundle's are noticed.
            save(folder, "encoder", Encoder(8))
            with self.assertRaisesRegex(RuntimeError, "encoder zbar"):
                check_bundle(path)
