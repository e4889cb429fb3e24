package jpeg2000_test

import (
	"image"
	"math/rand/v2"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// addStreams gives a fuzz target streams of the whole parameter space, and odd ones.
func addStreams(f *testing.F, add func(stream []byte, m *encode.Image)) {
	f.Helper()
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		c := corpus.Random(r)
		if n%3 == 0 {
			c = corpus.RandomDeep(r)
		}
		stream, err := encode.Encode(c.Image, c.Options)
		if err != nil {
			f.Fatal(err)
		}
		if len(stream) < 3000 {
			add(stream, c.Image)
			add(encode.Wrap(c.Image, stream), c.Image)
		}
	}
	for _, q := range quirks(f) {
		add(q.odd, q.image)
	}
}

// FuzzReadHeader: no bytes panic, and what is read can be believed.
func FuzzReadHeader(f *testing.F) {
	addStreams(f, func(stream []byte, _ *encode.Image) { f.Add(stream) })
	f.Fuzz(func(t *testing.T, b []byte) {
		h, err := jpeg2000.ReadHeader(b)
		if err != nil {
			return
		}
		if h.Width < 1 || h.Height < 1 || len(h.Components) < 1 || h.Resolutions < 1 || h.Layers < 1 || h.Tiles < 1 {
			t.Errorf("%+v", h)
		}
		for _, c := range h.Components {
			if c.Width < 1 || c.Height < 1 || c.Precision < 1 || c.Precision > 38 {
				t.Errorf("%+v", c)
			}
		}
	})
}

// FuzzDecode: no bytes panic or take memory or time out of proportion, in whole, in part, reduced or as a region.
func FuzzDecode(f *testing.F) {
	addStreams(f, func(stream []byte, _ *encode.Image) { f.Add(stream, byte(1), uint16(3), uint16(5), uint16(9)) })
	f.Fuzz(func(t *testing.T, b []byte, reduce byte, x, y, size uint16) {
		exercise(t, b, int(reduce), image.Rect(int(x), int(y), int(x)+int(size), int(y)+int(size)))
	})
}

// FuzzDecodeFrame: any bytes under any announced shape.
func FuzzDecodeFrame(f *testing.F) {
	addStreams(f, func(stream []byte, m *encode.Image) {
		f.Add(stream, uint16(m.Y1-m.Y0), uint16(m.X1-m.X0), byte(len(m.Components)), byte(2), byte(0), false)
	})
	f.Fuzz(func(t *testing.T, b []byte, rows, columns uint16, components, bytes, reduce byte, partial bool) {
		shape := jpeg2000.Shape{Rows: int(rows), Columns: int(columns), Components: int(components & 7), Bytes: int(bytes & 7)}
		r, c := shape.Reduced(int(reduce & 31))
		if n := r * c * shape.Components * shape.Bytes; n < 1<<20 {
			dst, before := make([]byte, n), allocated()
			jpeg2000.DecodeFrame(dst, b, shape, jpeg2000.Options{Reduce: int(reduce & 31), Partial: partial})
			if used, most := allocated()-before, uint64(8*r*c*shape.Components+len(b)+1<<20+1<<19); used > most {
				t.Errorf("%d bytes were allocated, %d are fair", used, most)
			}
		}
	})
}
