"""What the Python peers share: the grid, and taking turns. See participant.go."""
import os
import sys
import time

import numpy as np

NX, NY, NZ = (int(os.environ[k]) for k in ("NX", "NY", "NZ"))
SX, SY, SZ = (float(os.environ[k]) for k in ("SX", "SY", "SZ"))
THREADS = int(os.environ["THREADS"])
FIELD_MM = 360.0


def ct(path):
    return np.fromfile(path, "<i2").reshape(NZ, NY, NX)


def mask(path):
    return np.fromfile(path, np.uint8).reshape(NZ, NY, NX) > 0


def serve(repeat, count=1, note=lambda got: ""):
    """repeat() does count equal pieces of work; note(its result) is made after the clock has stopped."""
    print("ready", flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        got = repeat()
        seconds = (time.perf_counter() - start) / count
        print("T %.9f | %s" % (seconds, note(got)), flush=True)
        del got
