package export

import (
	"encoding/binary"
	"fmt"
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"

	"hotlight/project"
	"hotlight/project/volume"
)

// NIfTI-1 data types and codes (nifti1.h).
const (
	niftiUint8   = 2
	niftiInt16   = 4
	niftiInt32   = 8
	niftiFloat32 = 16
	niftiFloat64 = 64
	niftiRGB24   = 128
	niftiInt8    = 256
	niftiUint16  = 512
	niftiUint32  = 768
	niftiInt64   = 1024
	niftiUint64  = 1280

	niftiHeaderSize  = 348
	niftiScannerAnat = 1 // xform code: coordinates of the scanner
	niftiUnitMM      = 2
	niftiComment     = 6 // extension code: text
)

// niftiHeader is the NIfTI-1 header, field by field.
type niftiHeader struct {
	SizeofHdr  int32
	_          [35]byte // data_type, db_name, extents, session_error, regular
	DimInfo    uint8
	Dim        [8]int16
	IntentP    [3]float32
	IntentCode int16
	Datatype   int16
	Bitpix     int16
	SliceStart int16
	Pixdim     [8]float32
	VoxOffset  float32
	SclSlope   float32
	SclInter   float32
	SliceEnd   int16
	SliceCode  uint8
	XyztUnits  uint8
	CalMax     float32
	CalMin     float32
	SliceDur   float32
	Toffset    float32
	_          [8]byte // glmax, glmin
	Descrip    [80]byte
	AuxFile    [24]byte
	QformCode  int16
	SformCode  int16
	Quatern    [3]float32
	Qoffset    [3]float32
	Srow       [3][4]float32
	IntentName [16]byte
	Magic      [4]byte
}

// WriteNIfTI writes v to path as NIfTI-1: voxels in i, j, k order without flips, affine diag(-1,-1,1) times LPS in sform and qform.
// A stack (tilted or uneven planes) gets the sform only, since a qform cannot shear; a picture without a place in the patient gets neither.
// Stored integers go with scl_slope and scl_inter where these are exact as float32; otherwise, and for float volumes, the data are float32 in
// the unit of v. Colour is RGB24. The name decides: ".gz" at its end means compressed.
//
// What Options.Warnings say, and the true origins of a stack's planes, stand in a comment extension. An incomplete volume is refused.
func WriteNIfTI(path string, v *volume.Volume, o Options) error {
	if err := checkComplete(v); err != nil {
		return err
	}
	for n, size := range v.Size {
		if size > 32767 {
			return project.Errorf(project.Unsupported, "NIfTI-1 holds 32767 voxels along an axis; axis %d has %d", n, size)
		}
	}
	zipped, need := strings.HasSuffix(strings.ToLower(path), ".gz"), bytesOf(v, samplesOf(v))
	if zipped {
		need /= compressed
	}
	return replace(path, need, func(w io.Writer) error {
		if !zipped {
			return writeNIfTI(w, v, o)
		}
		// Level 5 is where the compressor's curve bends for CT: slower levels win under 2 %.
		z, err := gzip.NewWriterLevel(w, 5)
		if err != nil {
			return err
		}
		if err := writeNIfTI(z, v, o); err != nil {
			return err
		}
		return z.Close()
	})
}

func writeNIfTI(w io.Writer, v *volume.Volume, o Options) error {
	sample := samplesOf(v)
	extension := commentExtension(commentOf(v, o))
	h := niftiHeaderOf(v, sample)
	h.VoxOffset = float32(niftiHeaderSize + 4 + len(extension))
	if err := binary.Write(w, binary.LittleEndian, &h); err != nil {
		return err
	}
	flag := []byte{0, 0, 0, 0}
	if len(extension) > 0 {
		flag[0] = 1
	}
	if _, err := w.Write(append(flag, extension...)); err != nil {
		return err
	}
	return writeSlices(w, v, sample)
}

func niftiHeaderOf(v *volume.Volume, sample samples) niftiHeader {
	a := lpsAffine(&v.Geometry).flipLPS()
	h := niftiHeader{
		SizeofHdr: niftiHeaderSize,
		Dim:       [8]int16{3, int16(v.Size[0]), int16(v.Size[1]), int16(v.Size[2]), 1, 1, 1, 1},
		Datatype:  sample.nifti,
		Bitpix:    int16(8 * sample.bytes),
		Pixdim:    [8]float32{1, float32(v.Spacing[0]), float32(v.Spacing[1]), float32(a.step.Col(2).Len()), 0, 0, 0, 0},
		SclSlope:  float32(sample.slope),
		SclInter:  float32(sample.intercept),
		XyztUnits: niftiUnitMM,
		Magic:     [4]byte{'n', '+', '1', 0},
	}
	if v.Uncalibrated {
		h.XyztUnits = 0
	}
	copy(h.Descrip[:], "hotlight "+v.Unit)
	if v.NoPosition {
		return h
	}
	h.SformCode = niftiScannerAnat
	for r := range 3 {
		h.Srow[r] = [4]float32{float32(a.step.At(r, 0)), float32(a.step.At(r, 1)), float32(a.step.At(r, 2)), float32(a.origin[r])}
	}
	if !v.IsStack() {
		h.QformCode = niftiScannerAnat
		h.Quatern = quaternion(a.step)
		h.Qoffset = [3]float32{float32(a.origin[0]), float32(a.origin[1]), float32(a.origin[2])}
	}
	return h
}

// commentOf returns what a later user must know, one line each.
func commentOf(v *volume.Volume, o Options) string {
	var b strings.Builder
	for _, w := range o.Warnings {
		fmt.Fprintf(&b, "warning %s: %s\n", w.Code, strings.ReplaceAll(w.Text, "\n", " "))
	}
	for k, p := range v.PlaneOrigins {
		fmt.Fprintf(&b, "plane %d origin LPS mm: %g %g %g\n", k, p[0], p[1], p[2])
	}
	return b.String()
}

// commentExtension returns text as a NIfTI extension: its size, a multiple of 16, the code, the text padded with zeros.
func commentExtension(text string) []byte {
	if text == "" {
		return nil
	}
	out := make([]byte, (8+len(text)+15)/16*16)
	binary.LittleEndian.PutUint32(out, uint32(len(out)))
	binary.LittleEndian.PutUint32(out[4:], niftiComment)
	copy(out[8:], text)
	return out
}
