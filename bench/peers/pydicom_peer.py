"""pydicom: load DIR | decode FILE COUNT"""
import glob
import os
import sys

import numpy as np
import pydicom

from common import serve


def load(directory):
    def repeat():
        files = [pydicom.dcmread(f) for f in glob.glob(os.path.join(directory, "*.dcm"))]
        files.sort(key=lambda f: f.ImagePositionPatient[2])
        return np.stack([f.pixel_array.astype(np.int16) + np.int16(f.RescaleIntercept) for f in files])

    serve(repeat, note=lambda v: "%d %d" % (len(v), v.sum(dtype=np.int64)))


def decode(path, count):
    file = pydicom.dcmread(path)

    def repeat():
        for _ in range(int(count)):
            file._pixel_array, file._pixel_id = None, None
            array = file.pixel_array
        return array

    serve(repeat, int(count), note=lambda a: "%d" % a.sum(dtype=np.int64))


{"load": load, "decode": decode}[sys.argv[1]](*sys.argv[2:])
