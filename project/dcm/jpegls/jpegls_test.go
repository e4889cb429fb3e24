package jpegls

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

// picture makes samples with runs, smooth parts, noise and extremes.
func picture(r *rand.Rand, p plan) []uint16 {
	out := make([]uint16, p.rows*p.columns*p.components)
	top := uint32(1)<<p.precision - 1
	if p.preset.maximum > 0 {
		top = uint32(p.preset.maximum)
	}
	v, kind := r.Uint32N(top+1), 0
	for i := range out {
		if r.IntN(15) == 0 {
			kind = r.IntN(4)
		}
		switch kind {
		case 0:
			v = r.Uint32N(top + 1)
		case 1:
			v = min(top, v+r.Uint32N(3))
		case 2:
			v = []uint32{0, top}[r.IntN(2)]
		}
		out[i] = uint16(v)
	}
	return out
}

func randomPlan(r *rand.Rand) plan {
	p := plan{rows: 1 + r.IntN(20), columns: 1 + r.IntN(80), components: []int{1, 1, 3, 4}[r.IntN(4)], precision: 2 + r.IntN(15)}
	top := 1<<p.precision - 1
	if p.components > 1 {
		p.interleave = r.IntN(3)
	}
	if r.IntN(2) == 0 {
		p.near = min(r.IntN(6), top/2)
	}
	if r.IntN(3) == 0 {
		p.restart, p.fill = 1+r.IntN(6), r.IntN(3)
	}
	if r.IntN(4) == 0 && p.precision > 6 {
		p.preset = preset{top - r.IntN(top/4), 8 + r.IntN(4), 14 + r.IntN(3), 20 + r.IntN(9), 3 + r.IntN(100)}
	}
	return p
}

func TestDecodeAfterEncodeIsWithinNear(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 800 {
		p := randomPlan(r)
		samples := picture(r, p)
		src := encode(samples, p)
		if r.IntN(2) == 0 {
			src = append(src, 0)
		}
		got := make([]byte, p.shape().Len())
		h, err := Decode(got, src, p.shape())
		if err != nil {
			t.Fatalf("seed %d, %+v: %v", seed, p, err)
		}
		if want := (Header{p.header(), p.near}); h != want {
			t.Fatalf("seed %d: the header is %+v, want %+v", seed, h, want)
		}
		if again, err := Inspect(src); err != nil || again != h {
			t.Fatalf("seed %d: Inspect says %+v, %v", seed, again, err)
		}
		for i, want := range samples {
			v := int(got[i*p.shape().Bytes])
			if p.shape().Bytes == 2 {
				v |= int(got[2*i+1]) << 8
			}
			if d := v - int(want); d > p.near || -d > p.near {
				t.Fatalf("seed %d, %+v: sample %d is %d, was %d", seed, p, i, v, want)
			}
		}
	}
}

// TestForeignStream decodes what CharLS wrote, in all interleave modes; testdata/README.md says how.
func TestForeignStream(t *testing.T) {
	for _, c := range []struct {
		name                          string
		components, width, bits, near int
	}{
		{"grey12", 1, 2, 12, 0}, {"grey16-near3", 1, 2, 16, 3}, {"grey8-preset", 1, 1, 8, 0}, {"rgb8-planes", 3, 1, 8, 0},
		{"rgb8-lines", 3, 1, 8, 0}, {"rgb8-pixels", 3, 1, 8, 0}, {"rgb8-pixels-near2", 3, 1, 8, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/" + c.name + ".jls")
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile("testdata/" + c.name + ".raw")
			if err != nil {
				t.Fatal(err)
			}
			shape := jpegstream.Shape{Rows: 13, Columns: 17, Components: c.components, Bytes: c.width}
			got := make([]byte, shape.Len())
			h, err := Decode(got, src, shape)
			if err != nil || !bytes.Equal(got, want) || h.Near != c.near || h.Precision != c.bits {
				t.Errorf("it differs: %v, %+v", err, h)
			}
		})
	}
}

func TestDefaultThresholds(t *testing.T) { // T.87 table C.3 and the formulas of C.2.4.1.1.1
	for _, c := range []struct{ precision, near, t1, t2, t3 int }{
		{8, 0, 3, 7, 21}, {12, 0, 18, 67, 276}, {16, 0, 18, 67, 276}, {8, 3, 12, 22, 42}, {4, 0, 2, 3, 4}, {7, 0, 2, 3, 10},
	} {
		p, err := preset{}.settle(c.precision, c.near)
		if err != nil || p.t1 != c.t1 || p.t2 != c.t2 || p.t3 != c.t3 || p.reset != 64 {
			t.Errorf("%d bits, near %d: %d %d %d %v, want %d %d %d", c.precision, c.near, p.t1, p.t2, p.t3, err, c.t1, c.t2, c.t3)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	p := plan{rows: 4, columns: 5, components: 1, precision: 12}
	good := encode(picture(rand.New(rand.NewPCG(1, 1)), p), p)
	edit := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	inScan := func(n int, v byte) []byte { // the n-th byte after the scan's marker
		return edit(func(b []byte) []byte { b[bytes.Index(b, []byte{0xFF, jpegstream.SOS})+2+n] = v; return b })
	}
	jpegtest.Refuses(t, name, decodeHeader, good, p.shape(), []jpegtest.Refusal{
		{Name: "a cut segment", Src: good[:10], Want: jpegstream.ErrHeader, Text: "segment F7 declares"},
		{Name: "no scan", Src: good[:15], Want: jpegstream.ErrHeader, Text: "without its last scan"},
		{Name: "cut data", Src: good[:len(good)-8], Want: jpegstream.ErrData, Text: "end early"},
		{Name: "another JPEG", Src: edit(func(b []byte) []byte { b[3] = 0xC3; return b }), Want: jpegstream.ErrUnsupported, Text: "marker C3"},
		{Name: "a mapping table", Src: inScan(4, 1), Want: jpegstream.ErrUnsupported, Text: "mapping table"},
		{Name: "a point transform", Src: inScan(7, 1), Want: jpegstream.ErrUnsupported, Text: "point transform"},
		{Name: "interleave mode 3", Src: inScan(6, 3), Want: jpegstream.ErrHeader, Text: "interleave mode 3"},
		{Name: "lines of a single component", Src: inScan(6, 1)},
		{Name: "a colour transform", Src: edit(func(b []byte) []byte {
			return append(jpegtest.Segment(b[:2:2], jpegstream.APP8, 'm', 'r', 'f', 'x', 1), b[2:]...)
		}), Want: jpegstream.ErrUnsupported, Text: "Hewlett-Packard"},
		{Name: "a size given elsewhere", Src: edit(func(b []byte) []byte { b[8] = 0; return b }), Want: jpegstream.ErrUnsupported, Text: "elsewhere"},
	})
}

// decodeHeader is Decode without what only this codec says of a stream.
func decodeHeader(dst, src []byte, shape jpegstream.Shape) (jpegstream.Header, error) {
	h, err := Decode(dst, src, shape)
	return h.Header, err
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 12 {
		p := randomPlan(r)
		p.rows, p.columns = 1+p.rows/4, 1+p.columns/4
		f.Add(encode(picture(r, p), p), p.rows, p.columns, p.components, p.shape().Bytes)
	}
	jpegtest.Fuzz(f, decodeHeader)
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, p := range []plan{
		{rows: 512, columns: 512, components: 1, precision: 16}, {rows: 512, columns: 512, components: 1, precision: 8},
		{rows: 512, columns: 512, components: 1, precision: 12, near: 2}, {rows: 512, columns: 512, components: 3, precision: 8, interleave: byLine},
		{rows: 512, columns: 512, components: 3, precision: 8, interleave: bySample},
	} {
		b.Run(fmt.Sprintf("%d components of %d bits, near %d, interleave %d", p.components, p.precision, p.near, p.interleave), func(b *testing.B) {
			samples := make([]uint16, p.rows*p.columns*p.components)
			for i := range samples { // noise of a CT: differences of 4 to 6 bits
				samples[i] = uint16(1<<(p.precision-1) + r.IntN(48))
			}
			jpegtest.Benchmark(b, decodeHeader, encode(samples, p), p.shape())
		})
	}
}
