package export

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"

	"github.com/klauspost/compress/gzip"

	"hotlight/project"
)

// deflateRatio is the most that deflate can shrink anything by (1032 to 1): what a gzip file can justify in memory.
const deflateRatio = 1032

// ReadNIfTILabels reads a label map from a NIfTI-1 file, compressed or not, of any integer type, or of floats that are whole numbers.
// Labels are 0 to 65535 after scl_slope and scl_inter. The sform places the grid, else the qform; slices are put in the order in which
// Geometry has its right-handed k axis. A sheared sform gives a stack.
//
// The bytes are foreign: every size is checked against what the file can hold before memory is taken. Errors are Invalid (it breaks the
// format, or is no label map), or Unsupported (NIfTI-2, header and data apart, more than one volume).
func ReadNIfTILabels(path string) (*Labels, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the label map: %w", bare(err))
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open the label map: %w", bare(err))
	}
	if !info.Mode().IsRegular() {
		return nil, project.Errorf(project.Invalid, "the label map is not a file")
	}
	return DecodeNIfTILabels(f, info.Size())
}

// DecodeNIfTILabels is ReadNIfTILabels on a stream of size bytes.
func DecodeNIfTILabels(r io.Reader, size int64) (*Labels, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	justified := size
	if magic, _ := in.Peek(2); bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, project.Errorf(project.Invalid, "the label map's compression is damaged: %w", err)
		}
		defer z.Close()
		in = bufio.NewReaderSize(z, 1<<16)
		justified = size * deflateRatio
	}
	h, order, err := readHeader(in)
	if err != nil {
		return nil, err
	}
	g, reversed, err := h.geometry()
	if err != nil {
		return nil, err
	}
	kind, ok := labelTypes[h.Datatype]
	if !ok {
		return nil, project.Errorf(project.Unsupported, "NIfTI data type %d is no label map", h.Datatype)
	}
	count := int64(g.Size[0]) * int64(g.Size[1]) * int64(g.Size[2]) // each below 32768: no overflow
	if count*int64(kind.bytes) > justified {
		return nil, project.Errorf(project.Invalid, "the label map is cut short: its header promises %d voxels, more than the file can hold", count)
	}
	skip := int64(h.VoxOffset) - niftiHeaderSize
	if n, err := io.CopyN(io.Discard, in, skip); err != nil {
		return nil, cutShort(err, "after %d of %d bytes before the voxels", n, skip)
	}
	values, err := readLabels(in, order, kind, h, int(count))
	if err != nil {
		return nil, err
	}
	if reversed {
		reverseSlices(values, g.Size[0]*g.Size[1])
	}
	return &Labels{Geometry: *g, Values: values}, nil
}

func cutShort(err error, format string, args ...any) error {
	where := fmt.Sprintf(format, args...)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return project.Errorf(project.Invalid, "the label map is cut short %s", where)
	}
	return project.Errorf(project.Invalid, "read the label map: damaged %s: %w", where, bare(err))
}

// readHeader reads and checks the fields that everything else relies on.
func readHeader(in io.Reader) (*niftiHeader, binary.ByteOrder, error) {
	raw := make([]byte, niftiHeaderSize)
	if n, err := io.ReadFull(in, raw); err != nil {
		return nil, nil, cutShort(err, "in its header, at byte %d", n)
	}
	order, err := byteOrder(raw)
	if err != nil {
		return nil, nil, err
	}
	h := &niftiHeader{}
	if err := binary.Read(bytes.NewReader(raw), order, h); err != nil {
		return nil, nil, err
	}
	switch string(h.Magic[:]) {
	case "n+1\x00":
	case "ni1\x00":
		return nil, nil, project.Errorf(project.Unsupported, "a NIfTI header whose voxels lie in another file is not read; convert it to one file")
	default:
		return nil, nil, project.Errorf(project.Invalid, "not a NIfTI file")
	}
	if h.Dim[0] < 1 || h.Dim[0] > 7 {
		return nil, nil, project.Errorf(project.Invalid, "the NIfTI header has %d axes", h.Dim[0])
	}
	for n := 1; n < 8; n++ {
		if int16(n) > h.Dim[0] {
			h.Dim[n] = 1 // undefined by the format; writers leave 0 or 1
		}
		if h.Dim[n] < 1 {
			return nil, nil, project.Errorf(project.Invalid, "axis %d of the NIfTI header has %d voxels", n, h.Dim[n])
		}
		if n > 3 && h.Dim[n] != 1 {
			return nil, nil, project.Errorf(project.Unsupported, "the NIfTI file holds more than one volume; a label map has one")
		}
	}
	if off := float64(h.VoxOffset); !(off >= niftiHeaderSize && off <= 1<<30) {
		return nil, nil, project.Errorf(project.Invalid, "the voxels of the NIfTI file begin at an impossible place")
	}
	return h, order, nil
}

func byteOrder(raw []byte) (binary.ByteOrder, error) {
	for _, o := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		switch o.Uint32(raw) {
		case niftiHeaderSize:
			return o, nil
		case 540:
			return nil, project.Errorf(project.Unsupported, "NIfTI-2 is not read; convert it to NIfTI-1")
		}
	}
	return nil, project.Errorf(project.Invalid, "not a NIfTI file")
}

// labelType reads one stored value.
type labelType struct {
	bytes int
	value func(o binary.ByteOrder, b []byte) float64
}

var labelTypes = map[int16]labelType{
	niftiUint8:   {1, func(_ binary.ByteOrder, b []byte) float64 { return float64(b[0]) }},
	niftiInt8:    {1, func(_ binary.ByteOrder, b []byte) float64 { return float64(int8(b[0])) }},
	niftiInt16:   {2, func(o binary.ByteOrder, b []byte) float64 { return float64(int16(o.Uint16(b))) }},
	niftiUint16:  {2, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint16(b)) }},
	niftiInt32:   {4, func(o binary.ByteOrder, b []byte) float64 { return float64(int32(o.Uint32(b))) }},
	niftiUint32:  {4, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint32(b)) }},
	niftiFloat32: {4, func(o binary.ByteOrder, b []byte) float64 { return float64(math.Float32frombits(o.Uint32(b))) }},
	niftiInt64:   {8, func(o binary.ByteOrder, b []byte) float64 { return float64(int64(o.Uint64(b))) }},
	niftiUint64:  {8, func(o binary.ByteOrder, b []byte) float64 { return float64(o.Uint64(b)) }},
	niftiFloat64: {8, func(o binary.ByteOrder, b []byte) float64 { return math.Float64frombits(o.Uint64(b)) }},
}

// readLabels takes memory as the voxels come, so a header that promises more than follows costs no more than what follows.
func readLabels(in io.Reader, order binary.ByteOrder, kind labelType, h *niftiHeader, count int) ([]uint16, error) {
	slope, inter := float64(h.SclSlope), float64(h.SclInter)
	if slope == 0 || math.IsNaN(slope) || math.IsInf(slope, 0) || math.IsNaN(inter) || math.IsInf(inter, 0) {
		slope, inter = 1, 0 // 0 means "no scaling" in the format
	}
	values := make([]uint16, 0, min(count, 1<<20))
	buf := make([]byte, kind.bytes*min(count, 1<<15))
	for len(values) < count {
		part := buf[:kind.bytes*min(count-len(values), len(buf)/kind.bytes)]
		if _, err := io.ReadFull(in, part); err != nil {
			return nil, cutShort(err, "after %d of %d voxels", len(values), count)
		}
		for n := 0; n < len(part); n += kind.bytes {
			x := kind.value(order, part[n:])*slope + inter
			if !(x >= 0 && x <= math.MaxUint16) || x != math.Trunc(x) {
				return nil, project.Errorf(project.Invalid, "not a label map: it holds the value %g; labels are whole numbers from 0 to 65535", x)
			}
			values = append(values, uint16(x))
		}
	}
	return values, nil
}

func reverseSlices(values []uint16, plane int) {
	row := make([]uint16, plane)
	for a, b := 0, len(values)-plane; a < b; a, b = a+plane, b-plane {
		copy(row, values[a:])
		copy(values[a:a+plane], values[b:])
		copy(values[b:], row)
	}
}
