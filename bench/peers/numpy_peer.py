"""numpy: dice MASK MASK | stamp"""
import math
import sys

import numpy as np

from common import NX, NY, NZ, SX, SY, SZ, mask, serve


def dice(path_a, path_b):
    a, b = mask(path_a), mask(path_b)
    serve(lambda: 2 * np.count_nonzero(a & b) / (np.count_nonzero(a) + np.count_nonzero(b)), note=lambda d: "%.6f" % d)


def stamp():
    """100 spheres of 10 mm, each written to the box around it."""
    r, count = 10.0, 100
    m = np.zeros((NZ, NY, NX), np.uint8)

    def span(centre, step):
        return np.arange(math.ceil(centre - r / step), math.floor(centre + r / step) + 1)

    def repeat():
        for n in range(count):
            cx, cy, cz = NX * 0.2 + 2 * n, NY / 2 + 40 * math.sin(n * 0.1), NZ / 2
            x, y, z = span(cx, SX), span(cy, SY), span(cz, SZ)
            d = (((z - cz) * SZ) ** 2)[:, None, None] + (((y - cy) * SY) ** 2)[None, :, None] + (((x - cx) * SX) ** 2)[None, None, :]
            view = m[z[0]:z[-1] + 1, y[0]:y[-1] + 1, x[0]:x[-1] + 1]
            view[d <= r * r] = 1

    serve(repeat, count)


{"dice": dice, "stamp": stamp}[sys.argv[1]](*sys.argv[2:])
