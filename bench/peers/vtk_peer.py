"""VTK: load DIR | cut RAW SIDE [SLAB_MM] | window"""
import math
import sys

import numpy as np
from vtkmodules.util.numpy_support import numpy_to_vtk, vtk_to_numpy
from vtkmodules.vtkCommonCore import vtkMultiThreader, vtkSMPTools
from vtkmodules.vtkCommonDataModel import vtkImageData

from common import FIELD_MM, NX, NY, NZ, SX, SY, SZ, THREADS, ct, serve

vtkMultiThreader.SetGlobalDefaultNumberOfThreads(THREADS)
vtkMultiThreader.SetGlobalMaximumNumberOfThreads(THREADS)
vtkSMPTools.Initialize(THREADS)


def image(array, spacing):
    im = vtkImageData()
    im.SetDimensions(array.shape[::-1])
    im.SetSpacing(spacing)
    im.array = array  # numpy_to_vtk does not own it
    im.GetPointData().SetScalars(numpy_to_vtk(array.reshape(-1)))
    return im


def values(filter_or_reader):
    return vtk_to_numpy(filter_or_reader.GetOutput().GetPointData().GetScalars())


def load(directory):
    from vtkmodules.vtkIOImage import vtkDICOMImageReader

    def repeat():
        r = vtkDICOMImageReader()
        r.SetDirectoryName(directory)
        r.Update()
        return r

    serve(repeat, note=lambda r: "%d %d" % (r.GetOutput().GetDimensions()[2], values(r).sum(dtype=np.int64)))


def cut(raw, side, slab_mm=None):
    from vtkmodules.vtkCommonTransforms import vtkTransform
    from vtkmodules.vtkImagingCore import vtkImageReslice

    side, mm, calls = int(side), FIELD_MM / int(side), [0]
    r = vtkImageReslice()
    r.SetInputData(image(ct(raw), (SX, SY, SZ)))
    r.SetInterpolationModeToLinear()
    r.SetBackgroundLevel(-1024)
    r.SetOutputDimensionality(2)
    r.SetEnableSMP(True)
    r.SetNumberOfThreads(THREADS)
    r.SetOutputOrigin(-mm * (side - 1) / 2, -mm * (side - 1) / 2, 0)
    r.SetOutputExtent(0, side - 1, 0, side - 1, 0, 0)
    step = 1.0
    if slab_mm:
        samples = int(math.ceil(float(slab_mm) / min(SX, SY, SZ))) + 1 if SZ < min(SX, SY) else int(float(slab_mm) / SZ) + 1
        step = float(slab_mm) / (samples - 1)
        r.SetSlabModeToMax()
        r.SetSlabNumberOfSlices(samples)
        r.SetSlabSliceSpacingFraction(1.0)
    r.SetOutputSpacing(mm, mm, step)
    centre = [(n - 1) / 2 * s for n, s in zip((NX, NY, NZ), (SX, SY, SZ))]

    def repeat():
        calls[0] += 1
        t = vtkTransform()
        t.Translate(*centre)
        t.RotateZ(math.degrees(0.15 + 0.01 * calls[0]))
        t.RotateY(math.degrees(0.25))
        t.RotateX(math.degrees(0.35))
        t.Translate(0, 0, 0.5 * calls[0])
        r.SetResliceAxes(t.GetMatrix())
        r.Update()
        return r

    serve(repeat, note=lambda r: "%.3f" % values(r).mean())


def window():
    from vtkmodules.vtkImagingColor import vtkImageMapToWindowLevelColors

    side, frames = 1024, 50
    a = ((np.arange(side * side, dtype=np.uint64) * 2654435761 % 2**32) >> 20).astype(np.int16) - 1024
    m = vtkImageMapToWindowLevelColors()
    m.SetInputData(image(a.reshape(1, side, side), (1, 1, 1)))
    m.SetOutputFormatToRGBA()
    m.SetEnableSMP(True)
    m.SetNumberOfThreads(THREADS)
    m.SetWindow(400)

    def repeat():
        for n in range(frames):
            m.SetLevel(40 + n)
            m.Update()

    serve(repeat, frames)


{"load": load, "cut": cut, "window": window}[sys.argv[1]](*sys.argv[2:])
