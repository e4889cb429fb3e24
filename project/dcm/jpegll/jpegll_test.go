package jpegll

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

// picture makes samples with smooth parts, noise and extremes.
func picture(r *rand.Rand, p plan) []uint16 {
	out := make([]uint16, p.rows*p.columns*p.components)
	top := uint32(1)<<p.precision - 1
	v := r.Uint32N(top + 1)
	for i := range out {
		switch r.IntN(20) {
		case 0:
			v = r.Uint32()
		case 1:
			v = top
		case 2:
			v = 0
		default:
			v += r.Uint32N(9) - 4
		}
		out[i] = uint16(v&top) >> p.shift << p.shift
	}
	return out
}

func toBytes(samples []uint16, width int) []byte {
	out := make([]byte, 0, len(samples)*width)
	for _, v := range samples {
		if out = append(out, byte(v)); width == 2 {
			out = append(out, byte(v>>8))
		}
	}
	return out
}

func (p plan) shape() jpegstream.Shape {
	return jpegstream.Shape{Rows: p.rows, Columns: p.columns, Components: p.components, Bytes: (p.precision + 7) / 8}
}

func TestSignedPredictions(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 2))
	for range 200 {
		p := plan{rows: 2 + r.IntN(10), columns: 2 + r.IntN(40), components: []int{1, 3}[r.IntN(2)], precision: 16, selection: 1 + r.IntN(7), separate: r.IntN(3) == 0, signed: true}
		samples := picture(r, p)
		src := encode(samples, p)
		got := make([]byte, p.shape().Len())
		if _, err := DecodeSigned(got, src, p.shape()); err != nil || !bytes.Equal(got, toBytes(samples, 2)) {
			t.Fatalf("seed %d, %+v: %v", seed, p, err)
		}
		if _, err := Decode(got, src, p.shape()); p.selection < 5 && (err != nil || !bytes.Equal(got, toBytes(samples, 2))) {
			t.Fatalf("seed %d, %+v: predictors 1 to 4 do not depend on the sign: %v", seed, p, err)
		}
		if Selection(src) != p.selection {
			t.Fatalf("seed %d: predictor %d, want %d", seed, Selection(src), p.selection)
		}
	}
	if Selection(nil) != 0 || Selection([]byte{0xFF, jpegstream.SOI, 0xFF, jpegstream.EOI}) != 0 {
		t.Error("a stream without a scan has a predictor")
	}
}

func TestDecodeAfterEncodeIsTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 600 {
		p := plan{rows: 1 + r.IntN(20), columns: 1 + r.IntN(60), components: []int{1, 1, 3, 4}[r.IntN(4)], precision: 2 + r.IntN(15),
			selection: 1 + r.IntN(7), separate: r.IntN(3) == 0}
		if r.IntN(3) == 0 {
			p.shift = r.IntN(p.precision)
		}
		if r.IntN(3) == 0 {
			p.restartRows = 1 + r.IntN(3)
		}
		samples := picture(r, p)
		src := encode(samples, p)
		if r.IntN(2) == 0 {
			src = append(src, 0)
		}
		got := make([]byte, p.shape().Len())
		h, err := Decode(got, src, p.shape())
		if err != nil || !bytes.Equal(got, toBytes(samples, p.shape().Bytes)) {
			t.Fatalf("seed %d, %+v: %v", seed, p, err)
		}
		if want := p.header(); h != want {
			t.Fatalf("seed %d: the header is %+v, want %+v", seed, h, want)
		}
		if again, err := Inspect(src); err != nil || again != h {
			t.Fatalf("seed %d: Inspect says %+v, %v", seed, again, err)
		}
	}
}

// TestForeignStream decodes what DCMTK wrote; testdata/README.md has the commands.
func TestForeignStream(t *testing.T) {
	for _, name := range []string{"grey12-sv1", "grey12-sv4", "grey16-sv6", "rgb8-sv1"} {
		t.Run(name, func(t *testing.T) {
			src, err := os.ReadFile("testdata/" + name + ".ljpeg")
			if err != nil {
				t.Fatal(err)
			}
			want, err := os.ReadFile("testdata/" + strings.Split(name, "-")[0] + ".raw")
			if err != nil {
				t.Fatal(err)
			}
			shape := jpegstream.Shape{Rows: 13, Columns: 17, Components: 1, Bytes: 2}
			if name[0] == 'r' {
				shape.Components, shape.Bytes = 3, 1
			}
			got := make([]byte, shape.Len())
			if _, err := Decode(got, src, shape); err != nil || !bytes.Equal(got, want) {
				t.Errorf("it differs: %v", err)
			}
		})
	}
}

func TestSingleDifferences(t *testing.T) {
	for _, c := range []struct {
		name     string
		samples  []uint16
		p        plan
		selected byte // overwrites the predictor of the stream
	}{
		{"the first sample is predicted as half the range", []uint16{128}, plan{rows: 1, columns: 1, components: 1, precision: 8, selection: 1}, 0},
		{"the largest difference has no further bits", []uint16{0, 32768}, plan{rows: 1, columns: 2, components: 1, precision: 16, selection: 1}, 0},
		{"halves are rounded down", []uint16{5, 2, 9, 4}, plan{rows: 2, columns: 2, components: 1, precision: 4, selection: 5}, 0},
	} {
		got := make([]byte, c.p.shape().Len())
		if _, err := Decode(got, encode(c.samples, c.p), c.p.shape()); err != nil || !bytes.Equal(got, toBytes(c.samples, c.p.shape().Bytes)) {
			t.Errorf("%s: got %v %v", c.name, got, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	p := plan{rows: 4, columns: 5, components: 1, precision: 12, selection: 1}
	good := encode(picture(rand.New(rand.NewPCG(1, 1)), p), p)
	edit := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	marker := func(m byte) []byte { return edit(func(b []byte) []byte { b[3] = m; return b }) }
	jpegtest.Refuses(t, name, Decode, good, p.shape(), []jpegtest.Refusal{
		{Name: "a cut segment", Src: good[:20], Want: jpegstream.ErrHeader, Text: "segment C4 declares"},
		{Name: "cut data", Src: good[:len(good)-12], Want: jpegstream.ErrData, Text: "end early"},
		{Name: "baseline", Src: marker(0xC0), Want: jpegstream.ErrUnsupported, Text: "baseline"},
		{Name: "arithmetic", Src: marker(0xCB), Want: jpegstream.ErrUnsupported, Text: "arithmetic"},
		{Name: "hierarchical", Src: marker(0xC7), Want: jpegstream.ErrUnsupported, Text: "hierarchical"},
		{Name: "predictor 0", Src: edit(func(b []byte) []byte { b[bytes.Index(b, []byte{0xFF, jpegstream.SOS})+7] = 0; return b }), Want: jpegstream.ErrUnsupported, Text: "predictor 0"},
		{Name: "components of two sizes", Src: edit(func(b []byte) []byte {
			return append(jpegtest.Segment(b[:2], jpegstream.SOF3, 12, 0, 4, 0, 5, 2, 1, 0x11, 0, 2, 0x21, 0), good[15:]...)
		}), Shape: jpegstream.Shape{Rows: 4, Columns: 5, Components: 2, Bytes: 2}, Want: jpegstream.ErrUnsupported, Text: "different sizes"},
		{Name: "too many codes", Src: edit(func(b []byte) []byte { b[bytes.Index(b, []byte{0xFF, jpegstream.DHT})+5] = 3; return b }), Want: jpegstream.ErrHeader, Text: "Huffman"},
	})
	withRestarts := p
	withRestarts.restartRows = 1
	src := encode(picture(rand.New(rand.NewPCG(1, 1)), p), withRestarts)
	src[bytes.LastIndex(src, []byte{0xFF, jpegstream.RST0 + 1})+1] = jpegstream.RST0 + 5
	if _, err := Decode(make([]byte, p.shape().Len()), src, p.shape()); !errors.Is(err, jpegstream.ErrData) || !strings.Contains(err.Error(), "D1 is missing") {
		t.Errorf("restart markers out of order: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for selection := range 7 {
		p := plan{rows: 5, columns: 7, components: 1 + selection%2*2, precision: 8 + selection, selection: selection + 1, restartRows: selection % 3, separate: selection%4 == 1}
		f.Add(encode(picture(r, p), p), p.rows, p.columns, p.components, p.shape().Bytes)
	}
	jpegtest.Fuzz(f, Decode)
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, c := range []struct{ components, precision, selection int }{{1, 16, 1}, {1, 12, 4}, {1, 12, 7}, {1, 8, 1}, {3, 8, 1}} {
		p := plan{rows: 512, columns: 512, components: c.components, precision: c.precision, selection: c.selection}
		b.Run(fmt.Sprintf("%d components of %d bits, predictor %d", c.components, c.precision, c.selection), func(b *testing.B) {
			samples := make([]uint16, p.rows*p.columns*p.components)
			for i := range samples { // noise of a CT: differences of 4 to 6 bits
				samples[i] = uint16(1<<(p.precision-1) + r.IntN(48))
			}
			jpegtest.Benchmark(b, Decode, encode(samples, p), p.shape())
		})
	}
}
