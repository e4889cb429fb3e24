package export

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/go-gl/mathgl/mgl64"
	"github.com/klauspost/compress/gzip"

	"hotlight/project"
)

// maxNRRDHeader is the most bytes of a header: Slicer's, with dozens of segments, have some ten thousand.
const maxNRRDHeader = 1 << 20

// ReadNRRDLabels reads a label map from an NRRD file of three axes, raw or gzip, of any integer type, or of floats that are whole numbers. Labels are
// 0 to 65535. The space may be LPS, RAS or LAS.
//
// The bytes are foreign: memory is taken as voxels come. Errors are Invalid (it breaks the format, or is no label map), or Unsupported (a detached
// header, other encodings, axes or spaces, no place in the patient).
//
// Source: "Definition of NRRD File Format", teem.sourceforge.net/nrrd/format.html.
func ReadNRRDLabels(path string) (*Labels, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open the label map: %w", bare(err))
	}
	defer f.Close()
	return DecodeNRRDLabels(f)
}

// IsNRRD reports whether the file begins as NRRD files do.
func IsNRRD(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("open the file: %w", bare(err))
	}
	defer f.Close()
	mark := make([]byte, 4)
	n, _ := io.ReadFull(f, mark)
	return n == 4 && string(mark) == "NRRD", nil
}

// DecodeNRRDLabels is ReadNRRDLabels on a stream.
func DecodeNRRDLabels(r io.Reader) (*Labels, error) {
	in := bufio.NewReaderSize(r, 1<<16)
	field, err := nrrdFields(in)
	if err != nil {
		return nil, err
	}
	kind, ok := nrrdTypes[field["type"]]
	if !ok {
		return nil, project.Errorf(project.Unsupported, "NRRD type %q is no label map", field["type"])
	}
	size, a, err := nrrdPlace(field)
	if err != nil {
		return nil, err
	}
	g, reversed, err := labelGrid(a, size)
	if err != nil {
		return nil, err
	}
	data, err := nrrdData(in, field["encoding"])
	if err != nil {
		return nil, err
	}
	order := binary.ByteOrder(binary.LittleEndian)
	switch field["endian"] {
	case "big":
		order = binary.BigEndian
	case "little":
	default:
		if labelTypes[kind].bytes > 1 {
			return nil, project.Errorf(project.Invalid, "the NRRD header does not say its byte order")
		}
	}
	values, err := readLabels(data, order, labelTypes[kind], &niftiHeader{}, size[0]*size[1]*size[2])
	if err != nil {
		return nil, err
	}
	if reversed {
		reverseSlices(values, size[0]*size[1])
	}
	return &Labels{Geometry: *g, Values: values}, nil
}

var nrrdTypes = map[string]int16{
	"uchar": niftiUint8, "unsigned char": niftiUint8, "uint8": niftiUint8, "uint8_t": niftiUint8,
	"signed char": niftiInt8, "int8": niftiInt8, "int8_t": niftiInt8,
	"short": niftiInt16, "short int": niftiInt16, "signed short": niftiInt16, "int16": niftiInt16, "int16_t": niftiInt16,
	"ushort": niftiUint16, "unsigned short": niftiUint16, "uint16": niftiUint16, "uint16_t": niftiUint16,
	"int": niftiInt32, "signed int": niftiInt32, "int32": niftiInt32, "int32_t": niftiInt32,
	"uint": niftiUint32, "unsigned int": niftiUint32, "uint32": niftiUint32, "uint32_t": niftiUint32,
	"longlong": niftiInt64, "long long": niftiInt64, "int64": niftiInt64, "int64_t": niftiInt64,
	"ulonglong": niftiUint64, "unsigned long long": niftiUint64, "uint64": niftiUint64, "uint64_t": niftiUint64,
	"float": niftiFloat32, "double": niftiFloat64,
}

// nrrdFields reads the header up to its empty line. Keys of key/value pairs (":=") are left out.
func nrrdFields(in *bufio.Reader) (map[string]string, error) {
	field := map[string]string{}
	for left, first := maxNRRDHeader, true; ; first = false {
		line, err := in.ReadSlice('\n')
		left -= len(line)
		if err != nil || left < 0 {
			return nil, project.Errorf(project.Invalid, "the NRRD header has no end")
		}
		text := strings.TrimRight(string(line), "\r\n")
		switch name, value, found := strings.Cut(text, ": "); {
		case first && !strings.HasPrefix(text, "NRRD000"):
			return nil, project.Errorf(project.Invalid, "not an NRRD file")
		case first || strings.HasPrefix(text, "#"):
		case text == "":
			return field, nil
		case found && !strings.Contains(name, ":="):
			field[strings.ToLower(name)] = strings.TrimSpace(value)
		}
	}
}

// nrrdPlace returns the grid's size and its place in LPS millimetres.
func nrrdPlace(field map[string]string) (size [3]int, a affine, err error) {
	if field["dimension"] != "3" {
		return size, a, project.Errorf(project.Unsupported, "the NRRD file has %q axes; a label map has three", field["dimension"])
	}
	if field["data file"] != "" || field["datafile"] != "" {
		return size, a, project.Errorf(project.Unsupported, "an NRRD header whose voxels lie in another file is not read; convert it to one file")
	}
	sizes := strings.Fields(field["sizes"])
	for n, text := range sizes {
		v, err := strconv.Atoi(text)
		if err != nil || len(sizes) != 3 || v < 1 || v > math.MaxInt16 {
			return size, a, project.Errorf(project.Invalid, "the NRRD file's sizes are not three numbers from 1 to %d", math.MaxInt16)
		}
		size[n] = v
	}
	var flip mgl64.Vec3
	switch strings.ToLower(field["space"]) {
	case "left-posterior-superior", "lps":
		flip = mgl64.Vec3{1, 1, 1}
	case "right-anterior-superior", "ras":
		flip = mgl64.Vec3{-1, -1, 1}
	case "left-anterior-superior", "las":
		flip = mgl64.Vec3{1, -1, 1}
	default:
		return size, a, project.Errorf(project.Unsupported, "the NRRD file is in space %q: where its voxels lie in the patient is unknown", field["space"])
	}
	vectors := strings.Fields(strings.ReplaceAll(field["space directions"], ", ", ","))
	vectors = append(vectors, strings.ReplaceAll(field["space origin"], " ", ""))
	if len(vectors) != 4 || len(sizes) != 3 {
		return size, a, project.Errorf(project.Invalid, "the NRRD file does not have three sizes, three directions and an origin")
	}
	for n, text := range vectors {
		v, ok := parseNRRDVector(text)
		if !ok {
			return size, a, project.Errorf(project.Invalid, "the NRRD file's directions and origin are not vectors of three numbers")
		}
		v = mgl64.Vec3{v[0] * flip[0], v[1] * flip[1], v[2] * flip[2]}
		if n == 3 {
			a.origin = v
		} else {
			a.step.SetCol(n, v)
		}
	}
	return size, a, nil
}

// parseNRRDVector reads "(1,0,0)".
func parseNRRDVector(text string) (v mgl64.Vec3, ok bool) {
	inner, open := strings.CutPrefix(text, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	parts := strings.Split(inner, ",")
	if !open || !closed || len(parts) != 3 {
		return v, false
	}
	for n, p := range parts {
		x, err := strconv.ParseFloat(strings.TrimSpace(p), 64)
		if err != nil || math.IsNaN(x) || math.IsInf(x, 0) {
			return v, false
		}
		v[n] = x
	}
	return v, true
}

func nrrdData(in *bufio.Reader, encoding string) (io.Reader, error) {
	switch strings.ToLower(encoding) {
	case "raw":
		return in, nil
	case "gzip", "gz":
		z, err := gzip.NewReader(in)
		if err != nil {
			return nil, project.Errorf(project.Invalid, "the label map's compression is damaged: %w", err)
		}
		return bufio.NewReaderSize(z, 1<<16), nil
	}
	return nil, project.Errorf(project.Unsupported, "NRRD encoding %q is not read; write it as raw or gzip", encoding)
}
