package dcm

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// Int returns the first value of t as an integer, from binary integers or from text (IS, and DS where it is whole).
func (d *DataSet) Int(t Tag) (value int, ok bool) {
	e := d.find(t)
	if e == nil {
		return 0, false
	}
	b, ok := e.bytes()
	if !ok {
		return 0, false
	}
	if vr := d.numberVR(e); vr.is(vrInteger) || vr == AT {
		n := intAt(b, vr, 0)
		if n == nil {
			return 0, false
		}
		return *n, true
	}
	if !e.isText() {
		return 0, false
	}
	return parseInt(firstText(b))
}

// Ints returns all values of t as integers, or nil when t is absent or empty or any value is not a whole number: a list with holes would shift
// what follows.
func (d *DataSet) Ints(t Tag) []int {
	e := d.find(t)
	if e == nil {
		return nil
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return nil
	}
	if vr := d.numberVR(e); vr.is(vrInteger) || vr == AT {
		return intsOf(b, vr)
	}
	if !e.isText() {
		return nil
	}
	return parseAll(b, parseInt)
}

// Float returns the first value of t as a number, from binary numbers or text (DS, IS). A binary value may be infinite or not a number; text is
// finite.
func (d *DataSet) Float(t Tag) (value float64, ok bool) {
	e := d.find(t)
	if e == nil {
		return 0, false
	}
	b, ok := e.bytes()
	if !ok {
		return 0, false
	}
	if e.vr.is(vrFloating) || e.vr == OF || e.vr == OD {
		f := floatsOf(b[:min(len(b), e.vr.unit())], e.vr)
		if len(f) == 0 {
			return 0, false
		}
		return f[0], true
	}
	if d.numberVR(e).is(vrInteger) {
		n, ok := d.Int(t)
		return float64(n), ok
	}
	if !e.isText() {
		return 0, false
	}
	return parseFloat(firstText(b))
}

// Floats returns all values of t as numbers, or nil when t is absent or empty or any value is not a number.
func (d *DataSet) Floats(t Tag) []float64 {
	e := d.find(t)
	if e == nil {
		return nil
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return nil
	}
	if e.vr.is(vrFloating) || e.vr == OF || e.vr == OD {
		return floatsOf(b, e.vr)
	}
	if vr := d.numberVR(e); vr.is(vrInteger) {
		ints := intsOf(b, vr)
		out := make([]float64, len(ints))
		for n, v := range ints {
			out[n] = float64(v)
		}
		return out
	}
	if !e.isText() {
		return nil
	}
	return parseAll(b, parseFloat)
}

// numberVR decides US or SS where implicit encoding left it open, by Pixel Representation of this data set or of the object.
func (d *DataSet) numberVR(e *element) VR {
	if !e.signedByPixels || e.vr != US {
		return e.vr
	}
	p := d.find(PixelRepresentation)
	if p == nil {
		p = d.root().find(PixelRepresentation)
	}
	if p != nil && len(p.value) >= 2 && p.value[0] == 1 {
		return SS
	}
	return US
}

func intAt(b []byte, vr VR, n int) *int {
	unit := vr.unit()
	if vr == AT {
		unit = 4
	}
	if len(b) < (n+1)*unit {
		return nil
	}
	b = b[n*unit:]
	le := binary.LittleEndian
	var v int
	switch vr {
	case US:
		v = int(le.Uint16(b))
	case SS:
		v = int(int16(le.Uint16(b)))
	case UL:
		v = int(le.Uint32(b))
	case SL:
		v = int(int32(le.Uint32(b)))
	case UV:
		v = int(le.Uint64(b))
	case SV:
		v = int(int64(le.Uint64(b)))
	case AT:
		v = int(le.Uint16(b))<<16 | int(le.Uint16(b[2:]))
	default:
		return nil
	}
	return &v
}

func intsOf(b []byte, vr VR) []int {
	var out []int
	for n := 0; ; n++ {
		v := intAt(b, vr, n)
		if v == nil {
			return out
		}
		out = append(out, *v)
	}
}

func floatsOf(b []byte, vr VR) []float64 {
	var out []float64
	if vr == FL || vr == OF {
		for ; len(b) >= 4; b = b[4:] {
			out = append(out, float64(math.Float32frombits(binary.LittleEndian.Uint32(b))))
		}
		return out
	}
	for ; len(b) >= 8; b = b[8:] {
		out = append(out, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return out
}

// firstText returns the first value of b, trimmed.
func firstText(b []byte) string {
	s, _, _ := strings.Cut(string(b), `\`)
	return strings.Trim(s, " \x00")
}

func parseAll[T any](b []byte, parse func(string) (T, bool)) []T {
	text := strings.Trim(string(b), " \x00")
	if text == "" {
		return nil
	}
	parts := strings.Split(text, `\`)
	out := make([]T, len(parts))
	for n, p := range parts {
		v, ok := parse(strings.Trim(p, " \x00"))
		if !ok {
			return nil
		}
		out[n] = v
	}
	return out
}

// parseInt reads an integer string; a decimal such as "3.0" is accepted when it is whole, since some scanners write it.
func parseInt(s string) (int, bool) {
	if n, err := strconv.ParseInt(s, 10, 64); err == nil && int64(int(n)) == n {
		return int(n), true
	}
	f, ok := parseFloat(s)
	if !ok || f != math.Trunc(f) || math.Abs(f) > 1<<53 || math.Abs(f) > math.MaxInt {
		return 0, false
	}
	return int(f), true
}

// parseFloat reads a decimal string. Go's own forms beyond DICOM's (hexadecimal, Inf, NaN, underscores) are refused.
func parseFloat(s string) (float64, bool) {
	if s == "" || len(s) > 64 || strings.Trim(s, "0123456789+-.eE") != "" {
		return 0, false
	}
	f, err := strconv.ParseFloat(s, 64)
	return f, err == nil
}
