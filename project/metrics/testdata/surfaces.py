"""Overlap and surface distances of pairs of masks by numpy and scipy, as an independent opinion. See peers_test.go.

Reads {"pairs": [{"shape", "spacing", "offset"}], "tolerance"} from argv[1] and the masks, one byte a voxel, reference then test, from argv[2].
Prints one JSON list. surfel_area is there only where the surface_distance package is installed.
"""
import json
import sys

import numpy as np
from scipy import ndimage

try:
    import surface_distance
except ImportError:
    surface_distance = None


def voxel(a, b, spacing, full, tolerance):
    element = ndimage.generate_binary_structure(a.ndim, a.ndim if full else 1)
    borders = [m & ~ndimage.binary_erosion(m, element) for m in (a, b)]
    fields = [ndimage.distance_transform_edt(~m, sampling=spacing) for m in borders]
    there, back = fields[1][borders[0]], fields[0][borders[1]]
    pooled = np.concatenate([there, back])
    return {
        "hd": max(there.max(), back.max()),
        "hd95": max(np.percentile(there, 95), np.percentile(back, 95)),
        "pooled95": np.percentile(pooled, 95),
        "assd": pooled.mean(),
        "masd": (there.mean() + back.mean()) / 2,
        "nsd": (pooled <= tolerance).mean(),
    }


def surfel(a, b, spacing, tolerance):
    d = surface_distance.compute_surface_distances(a, b, spacing)
    area = np.concatenate([d["surfel_areas_gt"], d["surfel_areas_pred"]])
    mm = np.concatenate([d["distances_gt_to_pred"], d["distances_pred_to_gt"]])
    return {
        "hd": surface_distance.compute_robust_hausdorff(d, 100),
        "hd95": surface_distance.compute_robust_hausdorff(d, 95),
        "assd": (area * mm).sum() / area.sum(),
        "nsd": surface_distance.compute_surface_dice_at_tolerance(d, tolerance),
    }


def main():
    with open(sys.argv[1]) as f:
        work = json.load(f)
    data = np.fromfile(sys.argv[2], dtype=np.uint8)
    out = []
    for pair in work["pairs"]:
        n = int(np.prod(pair["shape"]))
        a, b = (data[pair["offset"] + k * n:][:n].reshape(pair["shape"]) > 0 for k in (0, 1))
        one = {
            "dice": 2 * (a & b).sum() / (a.sum() + b.sum()),
            "voxel_face": voxel(a, b, pair["spacing"], False, work["tolerance"]),
            "voxel_full": voxel(a, b, pair["spacing"], True, work["tolerance"]),
        }
        if surface_distance is not None:
            one["surfel_area"] = surfel(a, b, pair["spacing"], work["tolerance"])
        out.append(one)
    json.dump(out, sys.stdout)


main()
