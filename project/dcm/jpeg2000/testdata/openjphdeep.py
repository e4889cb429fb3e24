"""Makes openjphdeep.tsv: pictures of 25 to 32 bits computed here, encoded by OpenJPH's program ojph_compress (0.31 or later), which must be on the path:

    python3 openjphdeep.py > openjphdeep.tsv

The columns are those of openjph.tsv; the SHA-256 is of samples of 32 bits.
"""

import base64
import hashlib
import math
import os
import struct
import subprocess
import tempfile

CASES = [  # bits, signed, columns, rows, levels, noise; unsigned samples of 32 bits ojph_compress takes for signed ones
    (25, 0, 24, 20, 2, 0.05), (27, 1, 17, 23, 3, 0.05), (28, 0, 20, 20, 0, 3), (29, 1, 24, 16, 5, 0.001), (30, 0, 19, 17, 1, 3), (31, 1, 20, 20, 2, 0.3),
    (31, 0, 24, 20, 3, 0.05), (32, 1, 24, 20, 2, 3), (32, 1, 21, 19, 3, 1e-7), (32, 1, 33, 9, 0, 3), (32, 1, 40, 30, 3, -3), (32, 1, 40, 32, 1, -4),
]


def noise(seed):
    while True:
        seed = (seed * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (seed >> 33) / 2**31


def picture(bits, signed, w, h, amount, seed):
    r, low, span = noise(seed), -(signed << (bits - 1)), (1 << bits) - 1
    for i in range(w * h):
        x, y = (i % w) / w, (i // w) / h
        v = 0.5 + 0.35 * math.sin(5 * x) * math.cos(4 * y)
        if (x - 0.5) ** 2 + (y - 0.4) ** 2 < 0.06:
            v += 0.2
        v = min(1, max(0, v + amount * (next(r) - 0.5)))
        if amount > 2:
            v = next(r)
        if amount == -4:  # crosses that make the largest coefficients there are, far from others
            v = (1 + (-1) ** (i % w + i // w)) / 2 if i % w % 8 in (2, 3, 4) and i // w % 8 in (2, 3, 4) else 0.5
        if amount == -3:  # small numbers, among which are large ones
            v = next(r) if i % 37 == 0 else 0.5 + next(r) / 2**28
        yield low + int(v * span)


with tempfile.TemporaryDirectory() as d:
    raw, out = os.path.join(d, "in.raw"), os.path.join(d, "out.j2c")
    for n, (bits, signed, w, h, levels, amount) in enumerate(CASES):
        samples = b"".join(struct.pack("<I", v & 0xFFFFFFFF) for v in picture(bits, signed, w, h, amount, n + 1))
        with open(raw, "wb") as f:
            f.write(samples)
        how = f"-dims {{{w},{h}}} -num_comps 1 -bit_depth {bits} -signed {('false', 'true')[signed]} -downsamp {{1,1}} -reversible true -num_decomps {levels}"
        subprocess.run(["ojph_compress", "-i", raw, "-o", out, *how.split()], check=True, capture_output=True)
        with open(out, "rb") as f:
            stream = f.read()
        name = f"{bits} bits, signed {signed}, {levels} levels, noise {amount:g}"
        print(name, w, h, 1, bits, signed, hashlib.sha256(samples).hexdigest(), base64.b64encode(stream).decode(), sep="\t")
