package ingest

import (
	"encoding/binary"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// overlaid adds an overlay of group 6000+2n whose set pixels are given as rows of text.
func overlaid(n, row, column int, rows []string, edits ...edit) edit {
	return func(d *dcm.DataSet) {
		group := dcm.Tag(2*n) << 16
		bits := make([]byte, (len(rows)*len(rows[0])+15)/16*2)
		for at, c := range strings.Join(rows, "") {
			if c == '#' {
				bits[at>>3] |= 1 << (at & 7)
			}
		}
		d.Set(group|dcm.OverlayRows, dcm.US, len(rows)).Set(group|dcm.OverlayColumns, dcm.US, len(rows[0])).Set(group|tagOverlayType, dcm.CS, "G").
			Set(group|tagOverlayOrigin, dcm.SS, row, column).Set(group|tagOverlayBits, dcm.US, 1).Set(group|tagOverlayBitPosition, dcm.US, 0).
			Set(group|tagOverlayLabel, dcm.LO, fmt.Sprint("plane ", n)).Set(group|dcm.OverlayData, dcm.OW, bits)
		for _, e := range edits {
			e(d)
		}
	}
}

// drawn returns what the overlays of slice k set of a picture of 4 x 3.
func drawn(v *volume.Volume, k int) (out []string) {
	for y := range 3 {
		row := ""
		for x := range 4 {
			set := slices.ContainsFunc(v.Overlays(k), func(o volume.Overlay) bool { return o.At(x, y) })
			row += map[bool]string{true: "#", false: "."}[set]
		}
		out = append(out, row)
	}
	return out
}

func TestOverlaysByHand(t *testing.T) {
	cells := func(bit uint16) edit {
		b := make([]byte, 24)
		for n := range 12 {
			v := uint16(n)
			if n%5 == 0 {
				v |= 1 << bit
			}
			binary.LittleEndian.PutUint16(b[2*n:], v)
		}
		return func(d *dcm.DataSet) {
			d.Set(dcm.PixelData, dcm.OW, b).Set(dcm.BitsStored, dcm.US, 12).Set(dcm.HighBit, dcm.US, 11).Set(dcm.PixelRepresentation, dcm.US, 0).
				Set(dcm.OverlayRows, dcm.US, 3).Set(dcm.OverlayColumns, dcm.US, 4).Set(tagOverlayOrigin, dcm.SS, 1, 1).
				Set(tagOverlayBits, dcm.US, 16).Set(tagOverlayBitPosition, dcm.US, int(bit))
		}
	}
	for _, c := range []struct {
		name  string
		edits []edit
		want  []string
		count int
		told  bool
	}{
		{"the size of the picture", []edit{overlaid(0, 1, 1, []string{"#..#", ".#..", "..##"})}, []string{"#..#", ".#..", "..##"}, 1, false},
		{"beginning before the picture", []edit{overlaid(0, 0, -1, []string{"####", "##.#", "###."})}, []string{".#..", "#...", "...."}, 1, false},
		{"reaching past it", []edit{overlaid(3, 3, 3, []string{"##", "##"})}, []string{"....", "....", "..##"}, 1, false},
		{"two planes", []edit{overlaid(0, 1, 1, []string{"#"}), overlaid(15, 2, 2, []string{"#"})}, []string{"#...", ".#..", "...."}, 2, false},
		{"in an unused bit of the pixels", []edit{cells(15)}, []string{"#...", ".#..", "..#."}, 1, false},
		{"in the bit next to the pixel's", []edit{cells(12)}, []string{"#...", ".#..", "..#."}, 1, false},
		{"in a bit of the pixel's own", []edit{cells(3)}, []string{"....", "....", "...."}, 0, true},
		{"a header without bits", []edit{overlaid(0, 1, 1, []string{"#"}, without(dcm.OverlayData))}, []string{"....", "....", "...."}, 0, false},
		{"cut short", []edit{overlaid(0, 1, 1, []string{"#"}, set(dcm.OverlayRows, dcm.US, 100))}, []string{"....", "....", "...."}, 0, true},
		{"a little short", []edit{overlaid(0, 1, 1, []string{"#..."}, set(dcm.OverlayRows, dcm.US, 7))}, []string{"#...", "....", "...."}, 1, true},
		{"no size", []edit{overlaid(0, 1, 1, []string{"#"}, set(dcm.OverlayRows, dcm.US, 0))}, []string{"....", "....", "...."}, 0, true},
	} {
		m := one(t, picture(c.edits...))
		v := load(t, m)
		if got := drawn(v, 0); !slices.Equal(got, c.want) || len(m.Overlays) != c.count || hasCode(m, project.WarnRead) != c.told {
			t.Errorf("%s: %q %+v %+v", c.name, got, m.Overlays, m.Warnings)
		}
		if v.Int16 != nil && v.Int16[11] != 11 || v.Uint16 != nil && v.Uint16[11] != 11 {
			t.Errorf("%s: the pixels themselves", c.name)
		}
	}
	m := one(t, picture(overlaid(1, 1, 1, []string{"#"}, set(0x60020040, dcm.CS, "R"))))
	if o := m.Overlays[0]; o != (Overlay{Group: 0x6002, Region: true, Label: "plane 1"}) {
		t.Errorf("%+v", o)
	}
}

func TestOverlaysOfFrames(t *testing.T) {
	film := func(edits ...edit) *Image {
		pixels := make([]byte, 36)
		return one(t, picture(append([]edit{without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient), set(dcm.Modality, dcm.CS, "XA"), set(dcm.NumberOfFrames, dcm.IS, 3), set(dcm.PixelData, dcm.OB, pixels),
			set(dcm.BitsAllocated, dcm.US, 8), set(dcm.BitsStored, dcm.US, 8), set(dcm.HighBit, dcm.US, 7), set(dcm.PixelRepresentation, dcm.US, 0)}, edits...)...))
	}
	v := load(t, film(overlaid(0, 1, 1, []string{".#"})))
	for k := range 3 {
		if got := drawn(v, k); got[0] != ".#.." {
			t.Errorf("one overlay for all frames, frame %d: %q", k, got)
		}
	}
	// Frames of 3 x 1 pixels do not begin on whole bytes.
	v = load(t, film(overlaid(0, 1, 1, []string{"#..", ".##"}, set(dcm.OverlayRows, dcm.US, 1), set(tagOverlayFrames, dcm.IS, 2), set(tagOverlayFirstFrame, dcm.US, 2))))
	for k, want := range []string{"....", "#...", ".##."} {
		if got := drawn(v, k); got[0] != want {
			t.Errorf("two overlays from the second frame on, frame %d: %q, want %s", k, got, want)
		}
	}
	a, b := picture(number(1), overlaid(0, 1, 1, []string{"#"})), picture(number(2), at(1))
	m := one(t, a, b)
	v = load(t, m)
	if len(m.Overlays) != 1 || drawn(v, 0)[0] != "#..." || drawn(v, 1)[0] != "...." {
		t.Error("each slice has its own overlays")
	}
}

// TestOverlaysAreThoseOfPydicom compares every bit of the planes of real files.
func TestOverlaysAreThoseOfPydicom(t *testing.T) {
	data := sharedData(t)
	const script = `
import sys, warnings, numpy as np, pydicom
warnings.simplefilter('ignore')
for path in sys.argv[1:]:
    d = pydicom.dcmread(path)
    for g in range(0x6000, 0x6100, 2):
        if (g, 0x0010) not in d:
            continue
        rows, columns = d[g, 0x0010].value, d[g, 0x0011].value
        if (g, 0x3000) in d:
            raw = d[g, 0x3000].value
            bits = np.unpackbits(np.frombuffer(raw + bytes(1), 'u1'), bitorder='little')[:rows * columns]
        else:
            bits = (np.frombuffer(d.PixelData, '<u2') >> d[g, 0x0102].value) & 1
        print('%04x' % g, rows, columns, *d[g, 0x0050].value, ''.join(map(str, bits)))
`
	files := []string{"2d/ovly_p01.dcm", "2d/mr-overlay.dcm", "2d/ct-overlay-568x652.dcm", "obj/pr/overlay.dcm", "2d/mg-overlay-outofbounds.dcm"}
	want := pydicom(t, script, data, files...)
	var got strings.Builder
	for _, file := range files {
		for _, o := range load(t, onlyImage(t, filepath.Join(data, file))).Overlays(0) {
			fmt.Fprintf(&got, "%04x %d %d %d %d ", o.Group, o.Rows, o.Columns, o.Row+1, o.Column+1)
			for n := range o.Rows * o.Columns {
				got.WriteByte('0' + o.Bits[n>>3]>>(n&7)&1)
			}
			got.WriteByte('\n')
		}
	}
	if got.String() != want {
		t.Errorf("%d planes are not pydicom's %d", strings.Count(got.String(), "\n"), strings.Count(want, "\n"))
	}
}
