package ingest

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

func words(v ...int) []byte {
	var out []byte
	for _, w := range v {
		out = binary.LittleEndian.AppendUint16(out, uint16(w))
	}
	return out
}

func TestSegmentedPalettesByHand(t *testing.T) {
	for _, c := range []struct {
		name  string
		raw   []byte
		depth int
		most  int
		want  []uint16
		fails string
	}{
		{"discrete, then linear up and down", words(0, 2, 10, 20, 1, 4, 40, 1, 2, 0), 16, 8, []uint16{10, 20, 25, 30, 35, 40, 20, 0}, ""},
		{"a line between equal values", words(0, 1, 7, 1, 3, 7), 16, 4, []uint16{7, 7, 7, 7}, ""},
		{"halves go to the even neighbour, as numpy's do", words(0, 1, 0, 1, 2, 1, 1, 2, 2), 16, 5, []uint16{0, 0, 1, 2, 2}, ""},
		{"indirect: two segments again, from byte 0", words(0, 1, 5, 1, 2, 9, 2, 2, 0, 0), 16, 6, []uint16{5, 7, 9, 5, 7, 9}, ""},
		{"indirect in bytes: four of them are the offset", []byte{0, 1, 5, 1, 2, 9, 2, 1, 3, 0, 0, 0}, 8, 5, []uint16{5, 7, 9, 9, 9}, ""},
		{"bytes, padded to an even length", []byte{0, 1, 5, 1, 2, 9, 0, 0}, 8, 3, []uint16{5, 7, 9}, ""},
		{"more than declared is left out", words(0, 3, 1, 2, 3), 16, 2, []uint16{1, 2}, ""},
		{"begins with a line", words(1, 2, 9), 16, 2, nil, "begins with a linear"},
		{"ends within a segment", words(0, 5, 1), 16, 5, nil, "ends within"},
		{"points outside", words(0, 1, 5, 2, 1, 900, 0), 16, 5, nil, "outside"},
		{"points at an indirect one", words(0, 1, 5, 2, 1, 6, 0), 16, 5, nil, "kind 2"},
		{"a kind that there is not", words(3, 1, 5), 16, 5, nil, "kind 3"},
		{"no entries in a segment", words(0, 0, 5, 1), 16, 5, nil, "no entries"},
		{"nothing", nil, 16, 5, nil, "no segments"},
	} {
		got, err := expand(c.raw, c.depth, c.most)
		if c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)) || c.fails == "" && (err != nil || !slices.Equal(got, c.want)) {
			t.Errorf("%s: %v %v, want %v %q", c.name, got, err, c.want, c.fails)
		}
	}
}

func TestDescriptorTraps(t *testing.T) {
	const d, e = dcm.LUTDescriptor, dcm.LUTData
	all := make([]byte, 1<<17)
	all[1<<17-1] = 0x80
	for _, c := range []struct {
		name     string
		table    *dcm.DataSet
		negative bool
		want     volume.LUT // of Entries the last is compared
		count    int
	}{
		{"0 entries are 65536", dcm.NewDataSet().Set(d, dcm.US, 0, 0, 16).Set(e, dcm.OW, all), false, volume.LUT{First: 0, Bits: 16, Entries: []uint16{0x8000}}, 1 << 16},
		{"the first value is signed where values can be", dcm.NewDataSet().Set(d, dcm.US, 2, 65535, 16).Set(e, dcm.OW, words(1, 2)), true, volume.LUT{First: -1, Bits: 16, Entries: []uint16{2}}, 2},
		{"and unsigned where they cannot, whatever its VR", dcm.NewDataSet().Set(d, dcm.SS, 2, -25536, 16).Set(e, dcm.OW, words(1, 2)), false, volume.LUT{First: 40000, Bits: 16, Entries: []uint16{2}}, 2},
		{"a count above 32767 in SS", dcm.NewDataSet().Set(d, dcm.SS, -25536, 0, 16).Set(e, dcm.OW, all[1<<17-80000:]), false, volume.LUT{Bits: 16, Entries: []uint16{0x8000}}, 40000},
		{"bytes, two to a word", dcm.NewDataSet().Set(d, dcm.US, 3, 0, 8).Set(e, dcm.OW, []byte{1, 2, 3, 0}), false, volume.LUT{Bits: 8, Entries: []uint16{3}}, 3},
		{"8 bits, a word each", dcm.NewDataSet().Set(d, dcm.US, 3, 0, 8).Set(e, dcm.US, 1, 2, 3), false, volume.LUT{Bits: 8, Entries: []uint16{3}}, 3},
		{"bytes declared as 16 bits", dcm.NewDataSet().Set(d, dcm.US, 4, 0, 16).Set(e, dcm.OW, []byte{1, 2, 3, 4}), false, volume.LUT{Bits: 16, Entries: []uint16{4}}, 4},
		{"entries larger than declared", dcm.NewDataSet().Set(d, dcm.US, 2, 0, 8).Set(e, dcm.US, 1, 4095), false, volume.LUT{Bits: 12, Entries: []uint16{4095}}, 2},
		{"no bits declared", dcm.NewDataSet().Set(d, dcm.US, 2, 0, 0).Set(e, dcm.US, 1, 3), false, volume.LUT{Bits: 8, Entries: []uint16{3}}, 2},
	} {
		got, note, err := readLUT(c.table, d, e, c.negative)
		if err != nil || got.First != c.want.First || got.Bits != c.want.Bits || len(got.Entries) != c.count || got.Entries[c.count-1] != c.want.Entries[0] {
			t.Errorf("%s: %v %q", c.name, err, note)
		}
		if strings.Contains(c.name, "declared") == (note == "") && !strings.Contains(c.name, "as 16") {
			t.Errorf("%s: the note is %q", c.name, note)
		}
	}
	for _, bad := range []*dcm.DataSet{nil, dcm.NewDataSet().Set(d, dcm.US, 3, 0).Set(e, dcm.US, 1, 2, 3), dcm.NewDataSet().Set(d, dcm.US, 9, 0, 16).Set(e, dcm.US, 1, 2)} {
		if _, _, err := readLUT(bad, d, e, false); project.KindOf(err) != project.Invalid {
			t.Errorf("%v", err)
		}
	}
}

func TestTableAndSlopeTogether(t *testing.T) {
	lut := dcm.NewDataSet().Set(dcm.LUTDescriptor, dcm.US, 3, 5, 16).Set(dcm.ModalityLUTType, dcm.LO, "OD").Set(dcm.LUTData, dcm.OW, words(100, 200, 300))
	sequence := set(dcm.ModalityLUTSequence, dcm.SQ, lut)
	m := one(t, picture(sequence))
	if m.Pixel != volume.Uint16 || m.Slope != 1 || m.Intercept != 0 || m.Unit != "mOD" || !hasCode(m, project.WarnRead) {
		t.Errorf("%+v", m)
	}
	m = one(t, picture(sequence, without(dcm.RescaleSlope, dcm.RescaleIntercept), set(dcm.PixelPaddingValue, dcm.SS, 6)))
	if v := load(t, m); m.Pixel != volume.Float32 || v.Float32[6] == v.Float32[6] || v.Float32[7] != 300 || hasCode(m, project.WarnRead) {
		t.Errorf("padding is found before the table: %v %+v", v.Float32, m.Warnings)
	}
	m = one(t, picture(sequence, set(dcm.Modality, dcm.CS, "XA"), set(dcm.PixelIntensityRelationship, dcm.CS, "LOG"), without(dcm.RescaleSlope, dcm.RescaleIntercept)))
	if v := load(t, m); m.Pixel != volume.Int16 || v.Int16[7] != 7 || !hasCode(m, project.WarnRead) {
		t.Errorf("an angiogram's table is not for display: %v", v.Pixel)
	}
}

func TestVOITables(t *testing.T) {
	table := func(first int, name string) *dcm.DataSet {
		return dcm.NewDataSet().Set(dcm.LUTDescriptor, dcm.US, 3, first, 8).Set(dcm.LUTExplanation, dcm.LO, name).Set(dcm.LUTData, dcm.US, 0, 50, 255)
	}
	m := one(t, picture(set(dcm.VOILUTSequence, dcm.SQ, table(64512, "LOW"), table(10, "HIGH"), dcm.NewDataSet()),
		set(dcm.WindowCenter, dcm.DS, 40), set(dcm.WindowWidth, dcm.DS, 400)))
	if len(m.Windows) != 3 || !hasCode(m, project.WarnRead) {
		t.Fatalf("%+v %+v", m.Windows, m.Warnings)
	}
	if w := m.Windows[0]; w.LUT == nil || w.LUT.First != -1024 || w.Explanation != "LOW" || w.Center != -1023 || w.Width != 2 || w.Function != FunctionLUT {
		t.Errorf("%+v: CT values can be negative, so the first value is", w)
	}
	if w := m.Windows[2]; w.LUT != nil || w.Width != 400 || w.Function != "LINEAR" {
		t.Errorf("the window comes after the tables: %+v", w)
	}
	m = one(t, picture(set(dcm.VOILUTSequence, dcm.SQ, table(64512, "")), without(dcm.RescaleIntercept), set(dcm.PixelRepresentation, dcm.US, 0)))
	if m.Windows[0].LUT.First != 64512 {
		t.Errorf("no value is negative: %+v", m.Windows[0].LUT)
	}
	two := one(t, picture(number(1), set(dcm.VOILUTSequence, dcm.SQ, table(5, ""))), picture(number(2), at(1), set(dcm.VOILUTSequence, dcm.SQ, table(5, ""))))
	if a, b := two.Slices[0].Windows, two.Slices[1].Windows; a[0].LUT == nil || a[0].LUT != b[0].LUT {
		t.Error("equal tables of neighbours are held once")
	}
}

func TestPresentation(t *testing.T) {
	lut := dcm.NewDataSet().Set(dcm.LUTDescriptor, dcm.US, 2, 0, 8).Set(dcm.LUTData, dcm.US, 255, 0)
	m := one(t, picture(set(tagPresentationLUTSequence, dcm.SQ, lut)))
	if m.Presentation == nil || m.Presentation.Entries[0] != 255 || m.Invert {
		t.Errorf("%+v", m.Presentation)
	}
	for _, c := range []struct {
		photometric, shape string
		invert, told       bool
	}{{"MONOCHROME2", "IDENTITY", false, false}, {"MONOCHROME2", "INVERSE", true, false}, {"MONOCHROME1", "INVERSE", true, false}, {"MONOCHROME1", "", true, false}, {"MONOCHROME1", "IDENTITY", true, true}} {
		m := one(t, picture(set(dcm.PhotometricInterpretation, dcm.CS, c.photometric), set(dcm.PresentationLUTShape, dcm.CS, c.shape)))
		if m.Invert != c.invert || hasCode(m, project.WarnRead) != c.told {
			t.Errorf("%s %s: %t %v", c.photometric, c.shape, m.Invert, m.Warnings)
		}
	}
}

func TestSlicesOfBothPolaritiesStayApart(t *testing.T) {
	all := imagesOf(t, picture(number(1)), picture(number(2), at(1), set(dcm.PhotometricInterpretation, dcm.CS, "MONOCHROME1")))
	if len(all) != 2 || all[0].Invert == all[1].Invert {
		t.Errorf("%d images: one setting cannot show white at either end", len(all))
	}
}

func TestWideColourBecomesEightBits(t *testing.T) {
	for _, c := range []struct {
		name string
		p    dcm.PixelFormat
		src  []byte
		want []byte
	}{
		{"16 of 16 bits: the upper byte", dcm.PixelFormat{BitsAllocated: 16, BitsStored: 16}, words(0, 255, 256, 65535), []byte{0, 0, 1, 255}},
		{"12 of 16 bits", dcm.PixelFormat{BitsAllocated: 16, BitsStored: 12}, words(0, 15, 16, 4095), []byte{0, 0, 1, 255}},
		{"signed is moved up", dcm.PixelFormat{BitsAllocated: 16, BitsStored: 16, Signed: true}, words(-32768, 0, 32767), []byte{0, 128, 255}},
		{"fewer than 8 bits are spread", dcm.PixelFormat{BitsAllocated: 8, BitsStored: 5}, []byte{0, 1, 31}, []byte{0, 8, 255}},
		{"32 bits", dcm.PixelFormat{BitsAllocated: 32, BitsStored: 32}, []byte{1, 2, 3, 4, 255, 255, 255, 255}, []byte{4, 255}},
	} {
		got := make([]byte, len(c.want))
		if err := toEightBits(got, c.src, c.p); err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v %v, want %v", c.name, got, err, c.want)
		}
	}
	b := []byte{16, 128, 128, 235, 128, 128, 81, 90, 240}
	if rgbFromPartial(b); !slices.Equal(b, []byte{0, 0, 0, 255, 255, 255, 254, 0, 0}) {
		t.Errorf("studio range: %v", b)
	}
}

// FuzzTables feeds tables and segmented palettes with any bytes: no panic, and never more entries than there can be values.
func FuzzTables(f *testing.F) {
	f.Add(words(0, 2, 10, 20, 1, 4, 40, 2, 1, 0, 0), uint16(300), uint16(5), uint16(16), true)
	f.Add([]byte{0, 1, 5, 1, 2, 9, 2, 1, 3, 0, 0, 0}, uint16(5), uint16(65535), uint16(8), false)
	f.Fuzz(func(t *testing.T, raw []byte, count, first, depth uint16, signed bool) {
		d := dcm.NewDataSet()
		for c, tags := range paletteTags {
			d.Set(tags[0], dcm.US, int(count), int(first), int(depth))
			d.Set(tags[1+c%2], dcm.OW, raw)
		}
		for _, tags := range paletteTags {
			if l, _, err := readPaletteTable(d, tags, signed); err == nil && (!l.Usable() || len(l.Entries) > 1<<16) {
				t.Errorf("%d entries of %d bits", len(l.Entries), l.Bits)
			}
		}
		if p, _, err := readPalette(d, signed); err == nil && len(p.colour) == 0 {
			t.Error("a palette without colours")
		}
	})
}
