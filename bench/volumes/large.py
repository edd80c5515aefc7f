"""Slices of one plane through mrcfile's memory map: large.py PATH PLANE COLD INDEX... Prints a JSON list of seconds."""
import gc
import json
import os
import sys
import time

import mrcfile
import numpy as np

path, plane, cold = sys.argv[1], sys.argv[2], sys.argv[3] == "true"


def drop_pages():
    descriptor = os.open(path, os.O_RDONLY)
    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
    os.close(descriptor)


def timed(index):
    with mrcfile.mmap(path, mode="r", permissive=True) as mrc:
        start = time.perf_counter()
        view = mrc.data[:, index, :] if plane == "xz" else mrc.data[:, :, index]
        np.array(view, dtype=np.float32, order="C")
        return time.perf_counter() - start


times = []
for index in map(int, sys.argv[4:]):
    if cold:
        # Pages that are still mapped can't be dropped.
        gc.collect()
        drop_pages()
    times.append(timed(index))
json.dump(times, sys.stdout)
