package dcm

import (
	"encoding/binary"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// encodeValues returns the padded value field.
func encodeValues(t Tag, vr VR, values []any) []byte {
	if len(values) == 1 {
		if raw, ok := values[0].([]byte); ok {
			return pad(raw, vr)
		}
	}
	if vr.is(vrText) {
		var parts []string
		for _, v := range values {
			parts = append(parts, textOf(t, vr, v)...)
		}
		return pad([]byte(strings.Join(parts, `\`)), vr)
	}
	var b []byte
	for _, v := range values {
		b = appendBinary(b, t, vr, v)
	}
	return pad(b, vr)
}

// pad makes the length even: NUL for UI and bytes, a space for other text (PS3.5 6.2).
func pad(b []byte, vr VR) []byte {
	if len(b)%2 == 0 {
		return b
	}
	if vr.is(vrText) && vr != UI {
		return append(b, ' ')
	}
	return append(b, 0)
}

func textOf(t Tag, vr VR, v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []string:
		return v
	case []float64:
		out := make([]string, len(v))
		for n, f := range v {
			out[n] = FormatDS(f)
		}
		return out
	case []int:
		out := make([]string, len(v))
		for n, i := range v {
			out[n] = strconv.Itoa(i)
		}
		return out
	}
	if f, ok := asFloat(v); ok && vr == DS {
		return []string{FormatDS(f)}
	}
	if i, ok := asInt(v); ok {
		return []string{strconv.FormatInt(i, 10)}
	}
	panic(fmt.Sprintf("dcm: %v %v cannot hold a %T", t, vr, v))
}

func appendBinary(b []byte, t Tag, vr VR, v any) []byte {
	switch list := v.(type) {
	case []int:
		for _, n := range list {
			b = appendBinary(b, t, vr, n)
		}
		return b
	case []float64:
		for _, f := range list {
			b = appendBinary(b, t, vr, f)
		}
		return b
	case Tag:
		if vr == AT {
			return binary.LittleEndian.AppendUint16(binary.LittleEndian.AppendUint16(b, list.Group()), list.Element())
		}
	}
	if f, ok := asFloat(v); ok {
		switch vr {
		case FL, OF:
			return binary.LittleEndian.AppendUint32(b, math.Float32bits(float32(f)))
		case FD, OD:
			return binary.LittleEndian.AppendUint64(b, math.Float64bits(f))
		}
	}
	n, ok := asInt(v)
	low, high, known := integerRange(vr)
	if !ok || !known || n < low || n > high {
		panic(fmt.Sprintf("dcm: %v %v cannot hold %T %v", t, vr, v, v))
	}
	switch vr.unit() {
	case 1:
		return append(b, byte(n))
	case 2:
		return binary.LittleEndian.AppendUint16(b, uint16(n))
	case 4:
		return binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return binary.LittleEndian.AppendUint64(b, uint64(n))
}

func integerRange(vr VR) (low, high int64, ok bool) {
	switch vr {
	case OB:
		return 0, math.MaxUint8, true
	case US, OW:
		return 0, math.MaxUint16, true
	case SS:
		return math.MinInt16, math.MaxInt16, true
	case UL, OL:
		return 0, math.MaxUint32, true
	case SL:
		return math.MinInt32, math.MaxInt32, true
	case UV, OV:
		return 0, math.MaxInt64, true
	case SV:
		return math.MinInt64, math.MaxInt64, true
	}
	return 0, 0, false
}

func asInt(v any) (int64, bool) {
	switch v := v.(type) {
	case int:
		return int64(v), true
	case int8:
		return int64(v), true
	case int16:
		return int64(v), true
	case int32:
		return int64(v), true
	case int64:
		return v, true
	case uint8:
		return int64(v), true
	case uint16:
		return int64(v), true
	case uint32:
		return int64(v), true
	}
	return 0, false
}

func asFloat(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case float32:
		return float64(v), true
	}
	n, ok := asInt(v)
	return float64(n), ok
}
