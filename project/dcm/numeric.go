package dcm

import (
	"encoding/binary"
	"math"
	"strconv"
	"strings"
)

// intWidth returns the bytes of one integer of vr; a tag (AT) counts as one.
func intWidth(vr VR) int {
	if vr == AT {
		return 4
	}
	return vr.unit()
}

// intAt reads the integer at the start of b.
func intAt(b []byte, vr VR) (int, bool) {
	if len(b) < intWidth(vr) {
		return 0, false
	}
	le := binary.LittleEndian
	switch vr {
	case US:
		return int(le.Uint16(b)), true
	case SS:
		return int(int16(le.Uint16(b))), true
	case UL:
		return int(le.Uint32(b)), true
	case SL:
		return int(int32(le.Uint32(b))), true
	case UV:
		return int(le.Uint64(b)), true
	case SV:
		return int(int64(le.Uint64(b))), true
	case AT:
		return int(le.Uint16(b))<<16 | int(le.Uint16(b[2:])), true
	}
	return 0, false
}

func intsOf(b []byte, vr VR) []int {
	width := intWidth(vr)
	out := make([]int, 0, len(b)/width)
	for ; len(b) >= width; b = b[width:] {
		n, ok := intAt(b, vr)
		if !ok {
			return nil
		}
		out = append(out, n)
	}
	return out
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
