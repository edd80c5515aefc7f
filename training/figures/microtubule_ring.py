"""
The real microtubule with its learned bundle: the picture of docs/calibration.md, and what is said about the ring there.

    python3 training/figures/microtubule_ring.py [OUT.png]          needs matplotlib and a built program

Runs CryoGEN-I, CryoGEN-II and CryoWGEN-II on a piece of the sample and averages every map along the tube (y), variances as variances. The ring is where
the mean's cross-section fits a circle of the lattice's radius best. Sides, shoulders and top or bottom are 0 to 30, 30 to 60 and
60 to 90 degrees away from x: the wedge erases top and bottom.
"""

from pathlib import Path
from subprocess import run
from sys import argv
from tempfile import TemporaryDirectory
from typing import Dict, Tuple

import mrcfile
import numpy
from matplotlib import pyplot

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "microtubule-13pf.mrc"
BUNDLE = ROOT / "resources" / "bundles" / "microtubule"
ROI = "20:76,70:126,0:36"
X, Y, Z = slice(20, 76), slice(70, 126), slice(0, 36)
RADIUS = 111.0 / 10.52
WIDTH = 2.5


def read(path: Path) -> numpy.ndarray:
    with mrcfile.open(str(path), permissive=True) as file:
        return numpy.asarray(file.data, dtype=numpy.float64)


def along_tube(runs: Path) -> Dict[str, numpy.ndarray]:
    """Cross-sections (z, x) of every map; SD is the root of the mean variance, and the share that of mean variances."""
    family = runs / "cryowgen-2"
    wedge, measured = (read(family / f"{part}-variance.mrc").mean(axis=1) for part in ("wedge", "measured"))
    return {
        "tomogram": read(SAMPLE)[Z, Y, X].mean(axis=1),
        "MAP": read(runs / "cryogen-1" / "map.mrc").mean(axis=1),
        "encoder alone": read(runs / "cryogen-2" / "map.mrc").mean(axis=1),
        "mean of the family": read(family / "mean.mrc").mean(axis=1),
        "SD": numpy.sqrt(read(family / "variance.mrc").mean(axis=1)),
        "wedge share": wedge / (wedge + measured),
    }


def find_ring(section: numpy.ndarray) -> Tuple[numpy.ndarray, numpy.ndarray]:
    """Distance from the tube's axis in voxels, and angle from x in degrees (0 to 90), of every voxel."""
    z, x = numpy.indices(section.shape)
    best = None
    for cz in numpy.arange(12, 25, 0.5):
        for cx in numpy.arange(12, 45, 0.5):
            radius = numpy.hypot(z - cz, x - cx)
            ring, beside = abs(radius - RADIUS) < WIDTH / 2, abs(radius - RADIUS) > 2 * WIDTH
            contrast = section[ring].mean() - section[beside & (radius < 2 * RADIUS)].mean()
            if best is None or contrast > best[0]:
                best = (contrast, cz, cx)
    _, cz, cx = best
    return numpy.hypot(z - cz, x - cx), numpy.degrees(numpy.arctan2(abs(z - cz), abs(x - cx)))


def report(sections: Dict[str, numpy.ndarray]) -> None:
    radius, angle = find_ring(sections["mean of the family"])
    ring, far = abs(radius - RADIUS) < WIDTH / 2, radius > RADIUS + 2 * WIDTH
    sectors = {"sides": angle < 30, "shoulders": (angle >= 30) & (angle < 60), "top and bottom": angle >= 60}
    print("|  | " + " | ".join([*sectors, "away from the tube"]) + " |")
    print("| --- |" + " --- |" * (len(sectors) + 1))
    for name, section in sections.items():
        if name == "wedge share":
            values = [section[ring & sector].mean() for sector in sectors.values()] + [section[far].mean()]
            shown = [f"{value:.2f}" for value in values]
        elif name == "SD":
            shown = [f"{numpy.sqrt((section[where] ** 2).mean()):.1f}" for where in [*(ring & one for one in sectors.values()), far]]
        else:
            shown = [f"{section[ring & sector].mean() - section[far].mean():.1f}" for sector in sectors.values()] + ["0"]
        print(f"| {name} | " + " | ".join(shown) + " |")


def draw(sections: Dict[str, numpy.ndarray], out: Path) -> None:
    figure, axes = pyplot.subplots(1, len(sections), figsize=(13.2, 2.0), constrained_layout=True)
    for axis, (name, section) in zip(axes, sections.items()):
        grey = name not in ("SD", "wedge share")
        low, high = (95, 135) if grey else (0, float(section.max())) if name == "SD" else (0.3, 0.8)
        picture = axis.imshow(section, origin="lower", vmin=low, vmax=high, cmap="gray" if grey else "viridis")
        axis.set_title(name + (" (grey values)" if name == "SD" else ""), fontsize=9)
        axis.set_axis_off()
        figure.colorbar(picture, ax=axis, shrink=0.75).ax.tick_params(labelsize=7)
    figure.savefig(str(out), dpi=100)


def main() -> None:
    out = Path(argv[1]) if len(argv) > 1 else ROOT / "docs" / "images" / "microtubule-learned.png"
    with TemporaryDirectory() as folder:
        program = ["node", str(ROOT / "bin" / "wedgeview.mjs"), "reconstruct", str(SAMPLE), "--bundle", str(BUNDLE)]
        methods = ["--method", "cryogen-1,cryogen-2,cryowgen-2", "--roi", ROI, "--tilt-range=-60:60"]
        run([*program, *methods, "--device", "cpu", "--threads", "1", "--seed", "1", "--out", folder + "/runs"], check=True)
        sections = along_tube(Path(folder) / "runs")
        report(sections)
        draw(sections, out)


if __name__ == "__main__":
    main()
