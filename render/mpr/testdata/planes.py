"""A second opinion on resliced values: reads a series with pydicom, cuts the planes given as JSON on standard input with
scipy.ndimage.map_coordinates in double precision, and writes float32 little-endian to standard output, plane after plane,
NaN for pixels less than a voxel inside the outermost centres. Positions are DICOM patient millimetres."""
import glob
import json
import sys

import numpy as np
import pydicom
from scipy.ndimage import map_coordinates

job = json.load(sys.stdin)
slices = [pydicom.dcmread(f, force=True) for f in sorted(glob.glob(job["dir"] + "/*"))]
slices = [d for d in slices if "PixelData" in d and d.SeriesInstanceUID == job["series"]]
iop = np.array(slices[0].ImageOrientationPatient, float)
row, column = iop[:3] / np.linalg.norm(iop[:3]), iop[3:] / np.linalg.norm(iop[3:])
normal = np.cross(row, column)
slices.sort(key=lambda d: np.dot(np.array(d.ImagePositionPatient, float), normal))
position = [np.array(d.ImagePositionPatient, float) for d in slices]
gap = np.median([np.dot(b - a, normal) for a, b in zip(position, position[1:])])
down, right = [float(v) for v in slices[0].PixelSpacing]
values = np.stack([d.pixel_array * float(d.get("RescaleSlope", 1)) + float(d.get("RescaleIntercept", 0)) for d in slices])
to_patient = np.column_stack([row * right, column * down, normal * gap])
to_index = np.linalg.inv(to_patient)
size = np.array(values.shape[::-1])

for p in job["planes"]:
    w, h, mm = p["w"], p["h"], p["mm"]
    x = (np.arange(w) - (w - 1) / 2) * mm
    y = (np.arange(h) - (h - 1) / 2) * mm
    at = np.array(p["centre"]) + x[None, :, None] * np.array(p["right"]) + y[:, None, None] * np.array(p["down"])
    index = (at - position[0]) @ to_index.T
    out = map_coordinates(values, np.moveaxis(index[..., ::-1], -1, 0), order=1, mode="nearest")
    out[~np.all((index >= 1) & (index <= size - 2), axis=-1)] = np.nan
    sys.stdout.buffer.write(out.astype("<f4").tobytes())
