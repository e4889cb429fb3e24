"""scipy and surface-distance: scipy|surface_distance MASK MASK. Hausdorff, HD95, ASSD and NSD of border voxels (scipy) or of surface elements (surface-distance), cropped to the box of both."""
import sys

import numpy as np

from common import SX, SY, SZ, mask, serve

TOLERANCE = 2.0
a, b = mask(sys.argv[2]), mask(sys.argv[3])
spacing = (SZ, SY, SX)


def scipy_way():
    from scipy import ndimage
    there = np.nonzero(a | b)
    box = tuple(slice(max(int(v.min()) - 1, 0), int(v.max()) + 2) for v in there)
    masks = [a[box], b[box]]
    borders = [m & ~ndimage.binary_erosion(m) for m in masks]
    fields = [ndimage.distance_transform_edt(~m, sampling=spacing) for m in borders]
    x, y = fields[1][borders[0]], fields[0][borders[1]]
    both = np.concatenate([x, y])
    return max(x.max(), y.max()), max(np.percentile(x, 95), np.percentile(y, 95)), both.mean(), (both <= TOLERANCE).mean()


def library_way():
    import surface_distance
    d = surface_distance.compute_surface_distances(a, b, spacing)
    area = np.concatenate([d["surfel_areas_gt"], d["surfel_areas_pred"]])
    mm = np.concatenate([d["distances_gt_to_pred"], d["distances_pred_to_gt"]])
    return (surface_distance.compute_robust_hausdorff(d, 100), surface_distance.compute_robust_hausdorff(d, 95), (area * mm).sum() / area.sum(),
            surface_distance.compute_surface_dice_at_tolerance(d, TOLERANCE))


serve({"scipy": scipy_way, "surface_distance": library_way}[sys.argv[1]], note=lambda got: "%.6f %.6f %.6f %.6f" % got)
