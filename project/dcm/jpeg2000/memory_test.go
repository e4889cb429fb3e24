package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// noisy is a picture of size x size that does not compress, so that every code-block has data.
func noisy(size, components int) *encode.Image {
	m := &encode.Image{X1: size, Y1: size}
	for n := range components {
		c := encode.Component{DX: 1, DY: 1, Bits: 16, Samples: make([]int32, size*size)}
		for i := range c.Samples {
			c.Samples[i] = int32((i + n) * i >> 3 & 0xFFFF)
		}
		m.Components = append(m.Components, c)
	}
	return m
}

// forget has the next picture decoded without the buffers of those before: two collections empty a sync.Pool.
func forget() {
	runtime.GC()
	runtime.GC()
}

// TestMemoryOfAPicture counts what is allocated for an image, and for a frame beside its own bytes: at most 8 bytes a sample and as many as the stream has, with the smallest
// code-blocks too, and whatever the tiles.
func TestMemoryOfAPicture(t *testing.T) {
	const size = 400
	for _, c := range []struct{ components, block, tile int }{
		{1, 4, 0}, {1, 4, size / 2}, {1, 4, size * 9 / 10}, {1, 64, 0}, {1, 64, size * 9 / 10}, {3, 64, size / 2}, {3, 64, size * 9 / 10},
	} {
		t.Run(fmt.Sprintf("%d components, blocks of %d, tiles of %d", c.components, c.block, c.tile), func(t *testing.T) {
			coding := encode.Coding{Levels: 3, BlockWidth: c.block, BlockHeight: c.block}
			memoryOf(t, noisy(size, c.components), encode.Options{Coding: coding, TileWidth: c.tile, TileHeight: c.tile})
		})
	}
}

// TestMemoryOfFineStreams is the same for streams that are cut up as finely as any encoder does: they decode, within the bytes that the package's text names.
func TestMemoryOfFineStreams(t *testing.T) {
	m := noisy(400, 1)
	fine := encode.Coding{Levels: 3, BlockWidth: 4, BlockHeight: 4}
	ended, small := fine, fine
	ended.Style = encode.TerminateAll
	small.Precincts = [][2]int{{8, 8}, {8, 8}, {8, 8}, {8, 8}}
	for name, o := range map[string]encode.Options{"passes that end": {Coding: ended}, "layers": {Coding: fine, Layers: 10}, "precincts": {Coding: small}} {
		t.Run(name, func(t *testing.T) {
			stream, err := encode.Encode(m, o)
			if err != nil {
				t.Fatal(err)
			}
			forget()
			before := allocated()
			if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); err != nil {
				t.Fatal(err)
			}
			used, most := allocated()-before, uint64(8*m.X1*m.Y1+48*len(stream))
			t.Logf("%d bytes for %d samples and %d bytes", used, m.X1*m.Y1, len(stream))
			if used > most {
				t.Errorf("%d bytes were taken, %d are fair", used, most)
			}
		})
	}
}

func memoryOf(t *testing.T, m *encode.Image, o encode.Options) {
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	shape := jpeg2000.Shape{Rows: m.Y1, Columns: m.X1, Components: len(m.Components), Bytes: 2}
	samples := shape.Rows * shape.Columns * shape.Components
	most := uint64(8*samples + len(stream) + 1<<18)
	forget()
	before := allocated()
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); err != nil {
		t.Fatal(err)
	}
	if used := allocated() - before; used > most {
		t.Errorf("an image took %d bytes, %.2f a sample and those of the stream", used, float64(used-uint64(len(stream)))/float64(samples))
	}
	forget()
	dst := make([]byte, 2*samples)
	before = allocated()
	if _, err := jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{}); err != nil {
		t.Fatal(err)
	}
	if used := allocated() - before; used > most {
		t.Errorf("a frame took %d bytes beside its own, %.2f a sample and those of the stream", used, float64(used-uint64(len(stream)))/float64(samples))
	}
}

// TestLargeTiles decodes pictures of which one tile is more than half, wherever it lies and whenever it comes; it is decoded where the image's samples will be. Of
// a stream that lacks a tile its samples are zero.
func TestLargeTiles(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for n := range 200 {
		x0, y0, w, h := r.IntN(40), r.IntN(40), 2+r.IntN(40), 2+r.IntN(40)
		m := &encode.Image{X0: x0, Y0: y0, X1: x0 + w, Y1: y0 + h}
		for range 1 + r.IntN(3) {
			m.Components = append(m.Components, encode.Component{DX: 1 + r.IntN(2), DY: 1 + r.IntN(2), Bits: 8})
		}
		o := encode.Options{Coding: encode.Coding{Levels: r.IntN(4)}, TileWidth: w*3/4 + 1 + r.IntN(w), TileHeight: h*3/4 + 1 + r.IntN(h)}
		o.TileX, o.TileY = max(0, x0-r.IntN(w)), max(0, y0-r.IntN(h))
		o.TileX, o.TileY = max(o.TileX, x0-o.TileWidth+1), max(o.TileY, y0-o.TileHeight+1)
		for i := range m.Components {
			cw, ch := m.Size(i)
			m.Components[i].Samples = make([]int32, cw*ch)
			for j := range m.Components[i].Samples {
				m.Components[i].Samples[j] = 1 + r.Int32N(255)
			}
		}
		stream, err := encode.Encode(m, o)
		if err != nil {
			continue // a component without samples
		}
		largeTile(t, r, m, o, stream)
		if t.Failed() {
			t.Fatalf("case %d: %+v", n, o)
		}
	}
}

func largeTile(t *testing.T, r *rand.Rand, m *encode.Image, o encode.Options, stream []byte) {
	whole, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	rest, lost := without(r, stream)
	part, err := jpeg2000.Decode(rest, jpeg2000.Options{Partial: true})
	missing := false                                         // samples; a tile between them needs no part
	wide := (m.X1 - o.TileX + o.TileWidth - 1) / o.TileWidth // tiles in a row
	for i, c := range m.Components {
		w, _ := m.Size(i)
		x0, y0 := (m.X0+c.DX-1)/c.DX, (m.Y0+c.DY-1)/c.DY
		for j, want := range c.Samples {
			if got := whole.Components[i].Samples[j]; got != want {
				t.Fatalf("component %d, sample %d is %d, not %d", i, j, got, want)
			}
			x, y := (x0+j%w)*c.DX, (y0+j/w)*c.DY
			if (y-o.TileY)/o.TileHeight*wide+(x-o.TileX)/o.TileWidth == lost {
				want, missing = 0, true
			}
			if part == nil {
				if want != 0 {
					t.Fatal("nothing of another tile came back")
				}
			} else if got := part.Components[i].Samples[j]; got != want {
				t.Fatalf("without tile %d component %d, sample %d is %d, not %d", lost, i, j, got, want)
			}
		}
	}
	if missing != (err != nil) {
		t.Errorf("without tile %d, whose samples are missing: %v, the error is %v", lost, missing, err)
	}
}

// without returns stream without one of its tile parts, and the tile that this was.
func without(r *rand.Rand, stream []byte) (rest []byte, tile int) {
	start := bytes.Index(stream, []byte{0xFF, 0x90, 0, 10})
	at := []int{start}
	for start+12 <= len(stream) {
		start += int(binary.BigEndian.Uint32(stream[start+6:]))
		at = append(at, start)
	}
	n := r.IntN(len(at) - 1)
	return slices.Concat(stream[:at[n]], stream[at[n+1]:]), int(binary.BigEndian.Uint16(stream[at[n]+4:]))
}
