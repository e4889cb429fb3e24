package ingest

import (
	"encoding/binary"
	"math"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// of returns the edits for pixels of that form; big holds one sample in each item.
func of(allocated, stored, high int, signed bool, t dcm.Tag, vr dcm.VR, raw []byte) []edit {
	sign := 0
	if signed {
		sign = 1
	}
	return []edit{without(dcm.PixelData, dcm.RescaleIntercept, dcm.RescaleSlope), set(dcm.Rows, dcm.US, 1), set(dcm.BitsAllocated, dcm.US, allocated), set(dcm.BitsStored, dcm.US, stored),
		set(dcm.HighBit, dcm.US, high), set(dcm.PixelRepresentation, dcm.US, sign), set(t, vr, raw), set(dcm.Modality, dcm.CS, "OT")}
}

func floats32(v ...float32) (out []byte) {
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(x))
	}
	return out
}

func floats64(v ...float64) (out []byte) {
	for _, x := range v {
		out = binary.LittleEndian.AppendUint64(out, math.Float64bits(x))
	}
	return out
}

func ints32(v ...uint32) (out []byte) {
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, x)
	}
	return out
}

func TestEveryWidthOfPixels(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, c := range []struct {
		name  string
		edits []edit
		pixel volume.Pixel
		want  [4]float64
	}{
		{"1 bit", of(1, 1, 0, false, dcm.PixelData, dcm.OB, []byte{0b0110, 0}), volume.Uint8, [4]float64{0, 1, 1, 0}},
		{"8 bits", of(8, 8, 7, false, dcm.PixelData, dcm.OB, []byte{0, 1, 128, 255}), volume.Uint8, [4]float64{0, 1, 128, 255}},
		{"8 bits, signed", of(8, 8, 7, true, dcm.PixelData, dcm.OB, []byte{0, 127, 128, 255}), volume.Int16, [4]float64{0, 127, -128, -1}},
		{"6 of 8 bits, the upper ones", of(8, 6, 7, false, dcm.PixelData, dcm.OB, []byte{3, 4, 128, 255}), volume.Uint8, [4]float64{0, 1, 32, 63}},
		{"12 of 16 bits", of(16, 12, 11, false, dcm.PixelData, dcm.OW, words(0, 1, 4095, 0xF001)), volume.Uint16, [4]float64{0, 1, 4095, 1}},
		{"12 of 16 bits, the upper ones, signed", of(16, 12, 15, true, dcm.PixelData, dcm.OW, words(0x0F, 0x10, 0x7FF0, 0x8000)), volume.Int16, [4]float64{0, 1, 2047, -2048}},
		{"16 bits", of(16, 16, 15, false, dcm.PixelData, dcm.OW, words(0, 1, 32768, 65535)), volume.Uint16, [4]float64{0, 1, 32768, 65535}},
		{"32 bits", of(32, 32, 31, false, dcm.PixelData, dcm.OW, ints32(0, 1, 1<<24, math.MaxUint32)), volume.Float32, [4]float64{0, 1, 1 << 24, 1 << 32}},
		{"20 of 32 bits, signed", of(32, 20, 19, true, dcm.PixelData, dcm.OW, ints32(0, 0x7FFFF, 0x80000, 0xFFFFF)), volume.Float32, [4]float64{0, 0x7FFFF, -0x80000, -1}},
		{"float", of(32, 32, 31, false, dcm.FloatPixelData, dcm.OF, floats32(0, -1.5, float32(inf), float32(nan))), volume.Float32, [4]float64{0, -1.5, inf, nan}},
		{"double float: to the nearest, beyond to infinity", of(64, 64, 63, false, dcm.DoubleFloatPixelData, dcm.OD, floats64(0.1, -1e300, 16777217, nan)), volume.Float32,
			[4]float64{float64(float32(0.1)), -inf, 16777216, nan}},
		{"float with padding", append(of(32, 32, 31, false, dcm.FloatPixelData, dcm.OF, floats32(0, -9, -10, 1)), set(tagFloatPadding, dcm.FL, float32(-9)), set(tagFloatPaddingLimit, dcm.FL, float32(-20))), volume.Float32,
			[4]float64{0, nan, nan, 1}},
		{"double float with padding", append(of(64, 64, 63, false, dcm.DoubleFloatPixelData, dcm.OD, floats64(0, -9, -10, 1)), set(tagDoublePadding, dcm.FD, -9.0)), volume.Float32, [4]float64{0, nan, -10, 1}},
	} {
		m := one(t, picture(c.edits...))
		v := load(t, m)
		if v.Pixel != c.pixel {
			t.Errorf("%s: held as %v, want %v", c.name, v.Pixel, c.pixel)
		}
		for n, want := range c.want {
			if got := v.StoredAt(n); got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s: value %d is %v, want %v", c.name, n, got, want)
			}
		}
	}
}

func TestPaddingOfEitherSign(t *testing.T) {
	m := one(t, picture(set(dcm.PixelRepresentation, dcm.US, 0), set(dcm.PixelPaddingValue, dcm.SS, -2000)))
	if m.Padding != [2]float64{63536, 63536} {
		t.Errorf("unsigned pixels have no negative padding: %v", m.Padding)
	}
	m = one(t, picture(set(dcm.PhotometricInterpretation, dcm.CS, "MONOCHROME1"), set(dcm.PixelPaddingValue, dcm.SS, 11), set(dcm.PixelPaddingRangeLimit, dcm.SS, 10)))
	if m.Padding != [2]float64{10, 11} || !m.Invert {
		t.Errorf("white at the low end, padding at the high end: %v", m.Padding)
	}
}

func TestWindowsOfFloatsAreExact(t *testing.T) {
	m := one(t, picture(append(of(32, 32, 31, false, dcm.FloatPixelData, dcm.OF, floats32(0, 0.5, 1, 2)),
		set(dcm.WindowCenter, dcm.DS, 0.5), set(dcm.WindowWidth, dcm.DS, 1), set(dcm.VOILUTFunction, dcm.CS, "LINEAR"))...))
	if w := m.Windows[0]; w.Function != "LINEAR_EXACT" || hasCode(m, project.WarnRead) {
		t.Errorf("%+v", w)
	}
}
