"""The learned bundles that come with the program are sound, small, and do what a first look asks of them."""

from hashlib import sha256
from json import loads
from pathlib import Path
from subprocess import run
from unittest import TestCase

ROOT = Path(__file__).resolve().parents[2]
LEARNED = {
    "simulated": {"cryogen-1", "cryogen-2", "cryowgen-2"},
    "simulated-weighted": {"cryogen-2", "cryowgen-1"},
    "microtubule": {"cryogen-1", "cryogen-2", "cryowgen-2"},
}


class ShippedBundlesTest(TestCase):
    def test_each_is_sound(self) -> None:
        for name, methods in LEARNED.items():
            with self.subTest(bundle=name):
                folder = ROOT / "resources" / "bundles" / name
                files = list(folder.iterdir())
                self.assertLess(sum(one.stat().st_size for one in files), 8 * 2**20)
                manifest = loads((folder / "bundle.json").read_text(encoding="utf8"))
                self.assertEqual({one.name for one in files}, {*manifest["files"], "bundle.json"})
                for file, digest in manifest["files"].items():
                    self.assertEqual(sha256((folder / file).read_bytes()).hexdigest(), digest, file)
                self.assertEqual(set(manifest["methods"]), methods)
                command = ["node", str(ROOT / "bin" / "wedgeview.mjs"), "bundle", "check", str(folder)]
                done = run(command, capture_output=True, text=True)
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual((done.stdout + done.stderr).count(": works"), len(methods))
