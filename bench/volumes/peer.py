"""The same tasks as tasks.mjs with Python's mrcfile memory maps. Reads a JSON job from stdin, prints seconds for each task."""
import json
import os
import sys
import time

import mrcfile
import numpy as np

job = json.load(sys.stdin)
times = {}


def timed(task, action):
    start = time.perf_counter()
    action()
    times.setdefault(task, []).append(time.perf_counter() - start)


def as_float(view):
    # What a viewer needs: float32 in memory, not a promise to read.
    return np.array(view, dtype=np.float32, order="C")


for path in job["paths"]:
    name = os.path.basename(path)

    def first_slice():
        with mrcfile.mmap(path, mode="r", permissive=True) as mrc:
            as_float(mrc.data[0])

    for _ in range(job["opens"]):
        timed(f"open {name}", first_slice)
    if path != job["main"]:
        continue
    for dtype, slices in (("", path), ("float32 ", job["floats"])):
        with mrcfile.mmap(slices, mode="r", permissive=True) as mrc:
            for i in job["xy"]:
                timed(dtype + "xy", lambda: as_float(mrc.data[i]))
            for i in job["xz"]:
                timed(dtype + "xz", lambda: as_float(mrc.data[:, i, :]))
            for i in job["yz"]:
                timed(dtype + "yz", lambda: as_float(mrc.data[:, :, i]))
    with mrcfile.mmap(path, mode="r", permissive=True) as mrc:

        def statistics():
            data = mrc.data
            return data.min(), data.max(), data.mean(dtype=np.float64), data.std(dtype=np.float64)

        timed("statistics", statistics)

    def convert():
        out = job["out"]
        with mrcfile.mmap(path, mode="r") as source:
            with mrcfile.new_mmap(out, shape=source.data.shape, mrc_mode=2, overwrite=True) as target:
                for z in range(source.data.shape[0]):
                    target.data[z] = source.data[z]
                target.update_header_from_data()
                target.update_header_stats()
                target.flush()
        os.remove(out)

    timed("convert", convert)

json.dump(times, sys.stdout)
