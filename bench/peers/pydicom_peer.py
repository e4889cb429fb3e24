"""pydicom: load DIR"""
import glob
import os
import sys

import numpy as np
import pydicom

from common import serve


def repeat():
    files = [pydicom.dcmread(f) for f in glob.glob(os.path.join(sys.argv[2], "*.dcm"))]
    files.sort(key=lambda f: f.ImagePositionPatient[2])
    return np.stack([f.pixel_array.astype(np.int16) + np.int16(f.RescaleIntercept) for f in files])


serve(repeat, note=lambda v: "%d %d" % (len(v), v.sum(dtype=np.int64)))
