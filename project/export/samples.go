package export

import (
	"encoding/binary"
	"io"
	"math"

	"hotlight/project/volume"
)

// samples says how the voxels of a volume are written: as they are stored, or rescaled.
type samples struct {
	nifti            int16  // NIfTI data type
	nrrd             string // NRRD type
	bytes            int    // of one voxel
	slope, intercept float64
	// rescaled is nil where stored values are written; otherwise it appends stored value number n of v, in the volume's unit, as little-endian bytes.
	rescaled func(dst []byte, v *volume.Volume, n int) []byte
}

// samplesOf chooses stored integers where slope and intercept survive as float32, and float32 values otherwise.
func samplesOf(v *volume.Volume) samples {
	exact := float64(float32(v.Slope)) == v.Slope && float64(float32(v.Intercept)) == v.Intercept && v.Slope != 0
	s := samples{slope: v.Slope, intercept: v.Intercept}
	switch {
	case v.Pixel == volume.RGB8:
		return samples{nifti: niftiRGB24, nrrd: "uchar", bytes: 3, slope: 1}
	case v.Pixel == volume.Float32 && v.Slope == 1 && v.Intercept == 0:
		s.nifti, s.nrrd, s.bytes = niftiFloat32, "float", 4
	case !exact || v.Pixel == volume.Float32:
		return samples{nifti: niftiFloat32, nrrd: "float", bytes: 4, slope: 1, rescaled: appendFloat}
	case v.Pixel == volume.Uint8:
		s.nifti, s.nrrd, s.bytes = niftiUint8, "uchar", 1
	case v.Pixel == volume.Int16:
		s.nifti, s.nrrd, s.bytes = niftiInt16, "short", 2
	case v.Pixel == volume.Uint16:
		s.nifti, s.nrrd, s.bytes = niftiUint16, "ushort", 2
	}
	return s
}

func appendFloat(dst []byte, v *volume.Volume, n int) []byte {
	return binary.LittleEndian.AppendUint32(dst, math.Float32bits(float32(v.Rescale(v.StoredAt(n)))))
}

func appendShort(dst []byte, v *volume.Volume, n int) []byte {
	return binary.LittleEndian.AppendUint16(dst, uint16(int16(v.Rescale(v.StoredAt(n)))))
}

func appendInt(dst []byte, v *volume.Volume, n int) []byte {
	return binary.LittleEndian.AppendUint32(dst, uint32(int32(v.Rescale(v.StoredAt(n)))))
}

// writeSlices writes the voxels slice by slice through one buffer.
func writeSlices(w io.Writer, v *volume.Volume, s samples) error {
	plane := v.Size[0] * v.Size[1]
	buf := make([]byte, 0, plane*s.bytes)
	for k := range v.Size[2] {
		if _, err := w.Write(appendSlice(buf, v, s, k*plane, plane)); err != nil {
			return err
		}
	}
	return nil
}

func appendSlice(buf []byte, v *volume.Volume, s samples, from, count int) []byte {
	if s.rescaled != nil {
		for n := from; n < from+count; n++ {
			buf = s.rescaled(buf, v, n)
		}
		return buf
	}
	switch v.Pixel {
	case volume.Uint8:
		return append(buf, v.Uint8[from:from+count]...)
	case volume.RGB8:
		return append(buf, v.RGB[3*from:3*(from+count)]...)
	case volume.Int16:
		for _, x := range v.Int16[from : from+count] {
			buf = binary.LittleEndian.AppendUint16(buf, uint16(x))
		}
	case volume.Uint16:
		for _, x := range v.Uint16[from : from+count] {
			buf = binary.LittleEndian.AppendUint16(buf, x)
		}
	case volume.Float32:
		for _, x := range v.Float32[from : from+count] {
			buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(x))
		}
	}
	return buf
}
