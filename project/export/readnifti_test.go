package export

import (
	"bytes"
	"encoding/binary"
	"math"
	"strings"
	"testing"

	"github.com/klauspost/compress/gzip"

	"hotlight/project"
)

// labelFile returns a 2 x 2 x 2 label map of bytes 0 to 7 whose header change may alter.
func labelFile(order binary.ByteOrder, change func(h *niftiHeader)) []byte {
	h := niftiHeader{
		SizeofHdr: niftiHeaderSize, Dim: [8]int16{3, 2, 2, 2, 1, 1, 1, 1}, Datatype: niftiUint8, Bitpix: 8, VoxOffset: 352,
		Pixdim: [8]float32{1, 1, 1, 1}, SformCode: 1, Srow: [3][4]float32{{-1, 0, 0, 0}, {0, -1, 0, 0}, {0, 0, 1, 0}}, Magic: [4]byte{'n', '+', '1', 0},
	}
	if change != nil {
		change(&h)
	}
	var b bytes.Buffer
	binary.Write(&b, order, &h)
	b.Write([]byte{0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7})
	return b.Bytes()
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	z.Write(b)
	z.Close()
	return out.Bytes()
}

func decode(b []byte) (*Labels, error) { return DecodeNIfTILabels(bytes.NewReader(b), int64(len(b))) }

func TestLabelsOfEveryByteOrderAndCompression(t *testing.T) {
	for name, raw := range map[string][]byte{
		"little endian": labelFile(binary.LittleEndian, nil), "big endian": labelFile(binary.BigEndian, nil), "gzip": gzipped(labelFile(binary.LittleEndian, nil)),
	} {
		l, err := decode(raw)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if l.Values[7] != 7 || l.Geometry.Size != [3]int{2, 2, 2} {
			t.Errorf("%s: %+v", name, l)
		}
	}
}

func TestLabelsFromQform(t *testing.T) {
	// A turn by 180 degrees about z (quaternion 0,0,1) and qfac -1: RAS x = -i, y = -j, z = -k, so LPS i = +x, j = +y, k = -z: left-handed.
	l, err := decode(labelFile(binary.LittleEndian, func(h *niftiHeader) {
		h.SformCode, h.QformCode, h.Quatern, h.Qoffset, h.Pixdim = 0, 1, [3]float32{0, 0, 1}, [3]float32{-5, -6, 7}, [8]float32{-1, 2, 3, 4}
	}))
	if err != nil {
		t.Fatal(err)
	}
	g := l.Geometry
	if g.Axis(0)[0] < 0.999 || g.Axis(1)[1] < 0.999 || g.Axis(2)[2] < 0.999 || math.Abs(g.Origin[2]-3) > 1e-6 || g.Origin[0] != 5 {
		t.Errorf("%+v", g)
	}
	if l.Values[0] != 4 || l.Values[4] != 0 {
		t.Errorf("slices must be turned round: %v", l.Values)
	}
}

func TestForeignFilesAreRefusedWithASentence(t *testing.T) {
	le := func(f func(h *niftiHeader)) []byte { return labelFile(binary.LittleEndian, f) }
	good := le(nil)
	for name, c := range map[string]struct {
		raw  []byte
		kind project.Kind
		text string
	}{
		"nothing":                     {nil, project.Invalid, "cut short in its header"},
		"cut in the header":           {good[:200], project.Invalid, "cut short in its header, at byte 200"},
		"cut before the voxels":       {good[:350], project.Invalid, "after 2 of 4 bytes before the voxels"},
		"cut in the voxels":           {gzipped(good[:355]), project.Invalid, "cut short after 0 of 8 voxels"},
		"text":                        {bytes.Repeat([]byte("hello "), 100), project.Invalid, "not a NIfTI file"},
		"damaged compression":         {[]byte{0x1f, 0x8b, 0, 0, 0}, project.Invalid, "compression is damaged"},
		"no magic":                    {le(func(h *niftiHeader) { h.Magic[0] = 'x' }), project.Invalid, "not a NIfTI file"},
		"two files":                   {le(func(h *niftiHeader) { h.Magic[1] = 'i' }), project.Unsupported, "another file"},
		"NIfTI-2":                     {append([]byte{28, 2, 0, 0}, make([]byte, 600)...), project.Unsupported, "NIfTI-2"},
		"no axes":                     {le(func(h *niftiHeader) { h.Dim[0] = 0 }), project.Invalid, "0 axes"},
		"a negative size":             {le(func(h *niftiHeader) { h.Dim[2] = -4 }), project.Invalid, "axis 2"},
		"four dimensions":             {le(func(h *niftiHeader) { h.Dim[0], h.Dim[4] = 4, 2 }), project.Unsupported, "more than one volume"},
		"a huge size":                 {le(func(h *niftiHeader) { h.Dim = [8]int16{3, 32767, 32767, 32767} }), project.Invalid, "promises"},
		"a huge size, compressed":     {gzipped(le(func(h *niftiHeader) { h.Dim = [8]int16{3, 32767, 32767, 32767} })), project.Invalid, "promises"},
		"an impossible offset":        {le(func(h *niftiHeader) { h.VoxOffset = -1 }), project.Invalid, "impossible place"},
		"an offset that is no number": {le(func(h *niftiHeader) { h.VoxOffset = float32(math.NaN()) }), project.Invalid, "impossible place"},
		"an offset past the end":      {le(func(h *niftiHeader) { h.VoxOffset = 1 << 20 }), project.Invalid, "before the voxels"},
		"complex numbers":             {le(func(h *niftiHeader) { h.Datatype = 32 }), project.Unsupported, "data type 32"},
		"no place":                    {le(func(h *niftiHeader) { h.SformCode = 0 }), project.Unsupported, "unknown"},
		"an axis without length":      {le(func(h *niftiHeader) { h.Srow[2][2] = 0 }), project.Invalid, "axis 2"},
		"an axis that is no number":   {le(func(h *niftiHeader) { h.Srow[0][0] = float32(math.NaN()) }), project.Invalid, "axis 0"},
		"an origin that is no number": {le(func(h *niftiHeader) { h.Srow[0][3] = float32(math.Inf(1)) }), project.Invalid, "origin"},
		"rows along columns":          {le(func(h *niftiHeader) { h.Srow[0][1] = 1 }), project.Unsupported, "perpendicular"},
		"slices in their own plane":   {le(func(h *niftiHeader) { h.Srow[2][2], h.Srow[0][2] = 0, 1 }), project.Invalid, "own plane"},
		"negative labels":             {le(func(h *niftiHeader) { h.SclSlope = -1 }), project.Invalid, "not a label map"},
		"halves":                      {le(func(h *niftiHeader) { h.SclSlope = 0.5 }), project.Invalid, "not a label map"},
		"labels that are too large":   {le(func(h *niftiHeader) { h.SclSlope = 65535 }), project.Invalid, "not a label map"},
	} {
		_, err := decode(c.raw)
		if project.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.text) {
			t.Errorf("%s: %v (%v), want %v with %q", name, err, project.KindOf(err), c.kind, c.text)
		}
	}
	if _, err := ReadNIfTILabels(t.TempDir()); err == nil {
		t.Error("a folder is no label map")
	}
}

func FuzzReadNIfTILabels(f *testing.F) {
	f.Add(labelFile(binary.LittleEndian, nil))
	f.Add(labelFile(binary.BigEndian, func(h *niftiHeader) { h.Datatype = niftiInt16 }))
	f.Add(gzipped(labelFile(binary.LittleEndian, nil)))
	f.Add(labelFile(binary.LittleEndian, func(h *niftiHeader) { h.SformCode, h.QformCode, h.Datatype = 0, 1, niftiFloat32 }))
	f.Add(labelFile(binary.LittleEndian, func(h *niftiHeader) { h.Srow[0][2] = 0.7 }))
	f.Fuzz(func(t *testing.T, raw []byte) {
		l, err := decode(raw)
		if err != nil {
			return
		}
		g := &l.Geometry
		if len(l.Values) != g.Voxels() {
			t.Fatalf("%d labels on %d voxels", len(l.Values), g.Voxels())
		}
		if d := g.Axis(0).Cross(g.Axis(1)).Normalize().Sub(g.Axis(2)).Len(); !(d < 1e-9) {
			t.Fatalf("k is not i x j: off by %g", d)
		}
	})
}
