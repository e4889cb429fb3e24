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

func (p plan) shape() Shape { return Shape{p.rows, p.columns, p.components, (p.precision + 7) / 8} }

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
	if Selection(nil) != 0 || Selection([]byte{0xFF, soi, 0xFF, eoi}) != 0 {
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
		if want := (Header{p.rows, p.columns, p.components, p.precision}); h != want {
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
			shape := Shape{Rows: 13, Columns: 17, Components: 1, Bytes: 2}
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
	for _, c := range []struct {
		name  string
		src   []byte
		shape Shape
		want  error
		text  string
	}{
		{"nothing", nil, p.shape(), ErrHeader, "FFD8"},
		{"a cut segment", good[:20], p.shape(), ErrHeader, "segment C4 declares"},
		{"other rows", good, Shape{5, 5, 1, 2}, ErrShape, "5 x 4 pixels, expected were 5 x 5"},
		{"other components", good, Shape{4, 5, 3, 2}, ErrShape, "1 components, expected were 3"},
		{"more bits than room", good, Shape{4, 5, 1, 1}, ErrShape, "12 bits"},
		{"a shape that is none", good, Shape{0, 5, 1, 1}, ErrShape, "do not fit"},
		{"cut data", good[:len(good)-12], p.shape(), ErrData, "end early"},
		{"baseline", marker(0xC0), p.shape(), ErrUnsupported, "baseline"},
		{"arithmetic", marker(0xCB), p.shape(), ErrUnsupported, "arithmetic"},
		{"hierarchical", marker(0xC7), p.shape(), ErrUnsupported, "hierarchical"},
		{"predictor 0", edit(func(b []byte) []byte { b[bytes.Index(b, []byte{0xFF, sos})+7] = 0; return b }), p.shape(), ErrUnsupported, "predictor 0"},
		{"components of two sizes", edit(func(b []byte) []byte {
			return append(segment(b[:2], sof3, 12, 0, 4, 0, 5, 2, 1, 0x11, 0, 2, 0x21, 0), good[15:]...)
		}),
			Shape{4, 5, 2, 2}, ErrUnsupported, "different sizes"},
		{"too many codes", edit(func(b []byte) []byte { b[bytes.Index(b, []byte{0xFF, dht})+5] = 3; return b }), p.shape(), ErrHeader, "Huffman"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decode(make([]byte, max(0, c.shape.Len())), c.src, c.shape)
			if !errors.Is(err, c.want) || !strings.Contains(err.Error(), c.text) {
				t.Errorf("got %v, want %v with %q", err, c.want, c.text)
			}
		})
	}
	if _, err := Decode(make([]byte, 3), good, p.shape()); err == nil {
		t.Error("a buffer of the wrong length was accepted")
	}
	withRestarts := p
	withRestarts.restartRows = 1
	src := encode(picture(rand.New(rand.NewPCG(1, 1)), p), withRestarts)
	src[bytes.LastIndex(src, []byte{0xFF, rst0 + 1})+1] = rst0 + 5
	if _, err := Decode(make([]byte, p.shape().Len()), src, p.shape()); !errors.Is(err, ErrData) || !strings.Contains(err.Error(), "D1 is missing") {
		t.Errorf("restart markers out of order: %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 1))
	for selection := range 7 {
		p := plan{rows: 5, columns: 7, components: 1 + selection%2*2, precision: 8 + selection, selection: selection + 1, restartRows: selection % 3, separate: selection%4 == 1}
		f.Add(encode(picture(r, p), p), p.rows, p.columns, p.components, p.shape().Bytes)
	}
	f.Fuzz(func(t *testing.T, src []byte, rows, columns, components, width int) {
		if rows < 0 || rows > 256 || columns < 0 || columns > 256 || components < 0 || components > 5 || width < 0 || width > 3 {
			return
		}
		shape := Shape{rows, columns, components, width}
		a, b := make([]byte, shape.Len()), make([]byte, shape.Len())
		h, err := Decode(a, src, shape)
		if err != nil {
			return
		}
		if h.Columns != columns || h.Components != components || h.Rows != rows {
			t.Fatalf("the header %+v was accepted for %+v", h, shape)
		}
		if _, err := Decode(b, src, shape); err != nil || !bytes.Equal(a, b) {
			t.Fatalf("decoded again it differs: %v", err)
		}
	})
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
			src, dst := encode(samples, p), make([]byte, p.shape().Len())
			b.SetBytes(int64(len(dst)))
			for b.Loop() {
				if _, err := Decode(dst, src, p.shape()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
