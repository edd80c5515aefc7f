"""Reads or writes MRC files with Python's mrcfile, for the cross-check in mrcfile.test.ts.

read PATH...   prints for each file: dtype, shape (z, y, x), voxel size, header fields and the values (as text)
write FOLDER   writes small files of several modes and both byte orders, and prints what is in them
"""
import json
import sys

import mrcfile
import numpy as np


def describe(path):
    with mrcfile.open(path, permissive=False) as mrc:
        data = mrc.data
        return {
            "path": path,
            "valid": mrcfile.validate(path, print_file=open("/dev/null", "w")),
            "dtype": data.dtype.name,
            "shape": list(data.shape),
            "voxel": [float(mrc.voxel_size[axis]) for axis in "xyz"],
            "origin": [float(mrc.header.origin[axis]) for axis in "xyz"],
            "start": [int(mrc.header[name]) for name in ("nxstart", "nystart", "nzstart")],
            "statistics": [float(mrc.header[name]) for name in ("dmin", "dmax", "dmean", "rms")],
            "labels": [label.rstrip() for label in mrc.get_labels()],
            "extended": [mrc.header.exttyp.item().decode(), mrc.extended_header.tobytes().hex()],
            "values": data.astype(np.float64).ravel().tolist(),
        }


def write(folder):
    rng = np.random.default_rng(7)
    written = []
    for name in ("int8", "int16", "uint16", "float16", "float32"):
        values = rng.integers(0 if name == "uint16" else -100, 120, size=(3, 5, 7)).astype(name)
        for order in "<>":
            path = f"{folder}/{name}-{'little' if order == '<' else 'big'}.mrc"
            with mrcfile.new(path) as mrc:
                # The file takes the byte order of its data.
                mrc.set_data(values.astype(values.dtype.newbyteorder(order)))
                mrc.voxel_size = (2.0, 3.0, 4.0)
                mrc.header.origin = (1.0, -2.0, 3.0)
                mrc.header.nxstart = -4
                mrc.add_label("made by mrcfile")
            written.append(path)
    path = f"{folder}/compressed.mrc.gz"
    with mrcfile.new(path, compression="gzip") as mrc:
        mrc.set_data(rng.normal(size=(3, 5, 7)).astype("float32"))
    written.append(path)
    path = f"{folder}/compressed.mrc.bz2"
    with mrcfile.new(path, compression="bzip2") as mrc:
        mrc.set_data(rng.normal(size=(3, 5, 7)).astype("float32"))
    written.append(path)
    path = f"{folder}/stack.mrc"
    with mrcfile.new(path) as mrc:
        mrc.set_data(rng.normal(size=(2, 3, 5, 7)).astype("float32"))
    written.append(path)
    return written


if __name__ == "__main__":
    command, arguments = sys.argv[1], sys.argv[2:]
    paths = write(arguments[0]) if command == "write" else arguments
    json.dump([describe(path) for path in paths], sys.stdout)
