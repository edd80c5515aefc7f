"""
The real microtubule with its learned bundle: the picture of docs/calibration.md, and what is said about the ring there.

    python3 training/figures/microtubule_ring.py [OUT.png [BUNDLE]]     needs matplotlib, scipy and a built program

Runs CryoGEN-I, CryoGEN-II and CryoWGEN-II on a piece of the sample and averages every map along the tube, variances as variances. The tube lies in the
slice, inclined to y: its axis is the line through the centres of the circles that fit the tomogram's sections best, and every section is shifted along x to it.
Sides, shoulders and top or bottom of the ring are 0 to 30, 30 to 60 and 60 to 90 degrees away from x: the wedge erases top and bottom.
"""

from pathlib import Path
from subprocess import run
from sys import argv
from tempfile import TemporaryDirectory
from typing import Callable, Dict, Tuple

import mrcfile
import numpy
from matplotlib import pyplot
from scipy.ndimage import gaussian_filter, shift

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "resources" / "samples" / "microtubule-13pf.mrc"
BUNDLE = ROOT / "resources" / "bundles" / "microtubule"
ROI = "20:76,70:126,0:36"
X, Y, Z = slice(20, 76), slice(70, 126), slice(0, 36)
RADIUS = 111.0 / 10.52
WIDTH = 2.5
# Sections of the region in which the ring and its surroundings, HALF voxels to either side, are whole.
WHOLE = slice(14, 56)
HALF = 18


def read(path: Path) -> numpy.ndarray:
    with mrcfile.open(str(path), permissive=True) as file:
        return numpy.asarray(file.data, dtype=numpy.float64)


def along_tube(runs: Path, straighten: Callable[[numpy.ndarray], numpy.ndarray]) -> Dict[str, numpy.ndarray]:
    """Cross-sections (z, x) of every map; SD is the root of the mean variance, and the share that of mean variances."""
    family = runs / "cryowgen-2"
    wedge, measured = (straighten(read(family / f"{part}-variance.mrc")) for part in ("wedge", "measured"))
    return {
        "tomogram": straighten(read(SAMPLE)[Z, Y, X]),
        "MAP": straighten(read(runs / "cryogen-1" / "map.mrc")),
        "encoder alone": straighten(read(runs / "cryogen-2" / "map.mrc")),
        "mean of the family": straighten(read(family / "mean.mrc")),
        "SD": numpy.sqrt(straighten(read(family / "variance.mrc"))),
        "wedge share": wedge / (wedge + measured),
    }


def centre_of(section: numpy.ndarray) -> Tuple[float, float]:
    """(z, x) of the circle of the lattice's radius that stands out most from what is within and around it."""
    z, x = numpy.indices(section.shape)
    smooth = gaussian_filter(section, 1)
    found = []
    for cz in numpy.arange(13, 23, 0.5):
        for cx in numpy.arange(10, section.shape[1] - 10, 0.5):
            radius = numpy.hypot(z - cz, x - cx)
            beside = smooth[radius < RADIUS - 4].mean() + smooth[(radius > RADIUS + 4) & (radius < RADIUS + 9)].mean()
            found.append((smooth[abs(radius - RADIUS) < 1.5].mean() - beside / 2, cz, cx))
    return max(found)[1:]


def straightener(tomogram: numpy.ndarray, block: int = 8) -> Tuple[Callable[[numpy.ndarray], numpy.ndarray], float]:
    """What averages a region along the tube with its axis in the middle of x; and the axis' z."""
    starts = range(0, tomogram.shape[1] - block + 1, block)
    centres = [centre_of(tomogram[:, y : y + block].mean(axis=1)) for y in starts]
    slope, offset = numpy.polyfit([y + (block - 1) / 2 for y in starts], [x for _, x in centres], 1)
    print(f"The axis moves by {slope:.3f} voxels in x for one in y.")

    def straighten(volume: numpy.ndarray) -> numpy.ndarray:
        whole = range(*WHOLE.indices(volume.shape[1]))
        moved = [shift(volume[:, y], (0, HALF - (offset + slope * y)), order=1, mode="nearest") for y in whole]
        return numpy.mean(moved, axis=0)[:, : 2 * HALF + 1]

    return straighten, float(numpy.mean([z for z, _ in centres]))


def report(sections: Dict[str, numpy.ndarray], height: float) -> None:
    z, x = numpy.indices(sections["tomogram"].shape)
    radius, angle = numpy.hypot(z - height, x - HALF), numpy.degrees(numpy.arctan2(abs(z - height), abs(x - HALF)))
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
    figure, axes = pyplot.subplots(1, len(sections), figsize=(12.6, 1.9), constrained_layout=True)
    for axis, (name, section) in zip(axes, sections.items()):
        grey = name not in ("SD", "wedge share")
        low, high = (90, 150) if grey else (0, float(section.max())) if name == "SD" else (0.4, 1)
        picture = axis.imshow(section, origin="lower", vmin=low, vmax=high, cmap="gray" if grey else "viridis")
        axis.set_title(name + (" (grey values)" if name == "SD" else ""), fontsize=9)
        axis.set_axis_off()
        figure.colorbar(picture, ax=axis, shrink=0.75).ax.tick_params(labelsize=7)
    figure.savefig(str(out), dpi=100)


def main() -> None:
    out = Path(argv[1]) if len(argv) > 1 else ROOT / "docs" / "images" / "microtubule-learned.png"
    bundle = argv[2] if len(argv) > 2 else str(BUNDLE)
    with TemporaryDirectory() as folder:
        program = ["node", str(ROOT / "bin" / "wedgeview.mjs"), "reconstruct", str(SAMPLE), "--bundle", bundle]
        methods = ["--method", "cryogen-1,cryogen-2,cryowgen-2", "--roi", ROI, "--tilt-range=-60:60"]
        run([*program, *methods, "--device", "cpu", "--threads", "1", "--seed", "1", "--out", folder + "/runs"], check=True)
        straighten, height = straightener(read(SAMPLE)[Z, Y, X])
        sections = along_tube(Path(folder) / "runs", straighten)
        report(sections, height)
        draw(sections, out)


if __name__ == "__main__":
    main()
