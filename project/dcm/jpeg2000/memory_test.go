package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
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

// TestMemoryOfAPicture counts what is allocated for an image, and for a frame beside its own bytes: at most 8 bytes a sample and as many as the stream has, with the
// smallest code-blocks too, whatever the tiles and however many bits.
func TestMemoryOfAPicture(t *testing.T) {
	const size = 400
	small := encode.Coding{Levels: 3, BlockWidth: 4, BlockHeight: 4}
	for _, tile := range []int{0, size / 2, size * 9 / 10} {
		t.Run(fmt.Sprintf("blocks of 4, tiles of %d", tile), func(t *testing.T) {
			memoryOf(t, noisy(size, 1), encode.Options{Coding: small, TileWidth: tile, TileHeight: tile})
		})
	}
	for _, bits := range []int{16, 28} {
		for _, irreversible := range []bool{false, true} {
			for n, tile := range []int{0, size / 8, size * 6 / 10, size * 6 / 10, size * 9 / 10} {
				components, corner := 1, 0
				if n > 2 { // the first tiles are smaller than those after them
					components, corner = 3, 150
				}
				m := deepened(noisy(size, components), bits)
				m.X0, m.Y0, m.X1, m.Y1 = corner, corner, corner+size, corner+size
				coding := encode.Coding{Levels: 3, Irreversible: irreversible, Step: float64(int(1) << bits >> 16), Style: encode.HighThroughput}
				t.Run(fmt.Sprintf("%d bits, irreversible %v, %d components, tiles of %d", bits, irreversible, components, tile), func(t *testing.T) {
					memoryOf(t, m, encode.Options{Coding: coding, TileWidth: tile, TileHeight: tile, Guard: 3})
				})
			}
		}
	}
}

// deepened has samples of so many bits in place of those of m, of 16.
func deepened(m *encode.Image, bits int) *encode.Image {
	for i := range m.Components {
		c := &m.Components[i]
		if c.Bits = bits; bits > 26 {
			for _, v := range c.Samples {
				c.Deep = append(c.Deep, int64(v)<<(bits-16)|int64(v)*0x1357&(1<<(bits-16)-1))
			}
			c.Samples = nil
		}
	}
	return m
}

// TestMemoryOfARegion is the same for a part of a picture, in one tile and across several; what is decoded around it counts as well.
func TestMemoryOfARegion(t *testing.T) {
	for _, bits := range []int{16, 28} {
		for _, tile := range []int{0, 130, 300} {
			for _, irreversible := range []bool{false, true} {
				coding := encode.Coding{Levels: 4, Irreversible: irreversible, Step: float64(int(1) << bits >> 16), Style: encode.HighThroughput}
				o := encode.Options{Coding: coding, TileWidth: tile, TileHeight: tile, Guard: 3}
				stream, err := encode.Encode(deepened(noisy(400, 1), bits), o)
				if err != nil {
					t.Fatal(err)
				}
				for _, region := range []image.Rectangle{image.Rect(7, 5, 390, 395), image.Rect(200, 0, 201, 400), image.Rect(0, 131, 400, 133)} {
					forget()
					before := allocated()
					if _, err := jpeg2000.Decode(stream, jpeg2000.Options{Region: region}); err != nil {
						t.Fatalf("%d bits, tiles of %d, irreversible %v, region %v: %v", bits, tile, irreversible, region, err)
					}
					used, most := allocated()-before, uint64(8*(region.Dx()+8)*(region.Dy()+8)+len(stream)+1<<18)
					if used > most {
						t.Errorf("%d bits, tiles of %d, irreversible %v, region %v: %d bytes were taken, %d are fair", bits, tile, irreversible, region, used, most)
					}
				}
			}
		}
	}
}

// TestMemoryOfFineStreams is the same for streams that are cut up as finely as any encoder does.
func TestMemoryOfFineStreams(t *testing.T) {
	m := noisy(400, 1)
	fine := encode.Coding{Levels: 3, BlockWidth: 4, BlockHeight: 4}
	ended, small := fine, fine
	ended.Style = encode.TerminateAll
	small.Precincts = [][2]int{{8, 8}, {8, 8}, {8, 8}, {8, 8}}
	for name, o := range map[string]encode.Options{"passes that end": {Coding: ended}, "layers": {Coding: fine, Layers: 10}, "precincts": {Coding: small}} {
		t.Run(name, func(t *testing.T) {
			memoryOf(t, m, o)
		})
	}
}

func memoryOf(t *testing.T, m *encode.Image, o encode.Options) {
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	shape := jpeg2000.Shape{Rows: m.Y1 - m.Y0, Columns: m.X1 - m.X0, Components: len(m.Components), Bytes: 2}
	if m.Components[0].Bits > 16 {
		shape.Bytes = 4
	}
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
	dst := make([]byte, shape.Bytes*samples)
	before = allocated()
	if _, err := jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{}); err != nil {
		t.Fatal(err)
	}
	if used := allocated() - before; used > most {
		t.Errorf("a frame took %d bytes beside its own, %.2f a sample and those of the stream", used, float64(used-uint64(len(stream)))/float64(samples))
	}
}

// TestPlanesOfManyComponents has next to no samples in thousands of components.
func TestPlanesOfManyComponents(t *testing.T) {
	stream := greedyStream(1, 6000, 1, 1, cod(0, 0, 4, 4, 0, 0xFF), nil, nil)
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{Partial: true}); !errors.Is(err, jpeg2000.ErrLimit) {
		t.Error(err)
	}
}

// TestTilesInPlace decodes pictures of tiles of all sizes, wherever they lie and whenever they come; they are decoded where the image's samples will be. Of a
// stream that lacks a tile its samples are zero. A region has what the whole has.
func TestTilesInPlace(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 8))
	for n := range 600 {
		x0, y0, w, h := r.IntN(40), r.IntN(40), 2+r.IntN(40), 2+r.IntN(40)
		m := &encode.Image{X0: x0, Y0: y0, X1: x0 + w, Y1: y0 + h}
		o := encode.Options{TileWidth: 1 + r.IntN(2*w), TileHeight: 1 + r.IntN(2*h), Guard: 7, Transform: r.IntN(3) == 0}
		o.TileX, o.TileY = max(0, x0-r.IntN(w), x0-o.TileWidth+1), max(0, y0-r.IntN(h), y0-o.TileHeight+1)
		o.Levels, o.Irreversible = r.IntN(5), r.IntN(3) == 0
		bits := []int{8, 16, 24, 28}[r.IntN(4)]
		o.Step = float64(int(1)<<bits) / 256
		for i := range 3 {
			c := encode.Component{DX: 1, DY: 1, Bits: bits}
			if !o.Transform {
				c.DX, c.DY, c.Bits = 1+r.IntN(3), 1+r.IntN(3), []int{8, bits}[r.IntN(2)]
			}
			m.Components = append(m.Components, c)
			corpus.Fill(r, m, i)
		}
		if slices.ContainsFunc(m.Components, func(c encode.Component) bool { return len(c.Samples)+len(c.Deep) == 0 }) {
			continue // it has no codestream
		}
		stream, err := encode.Encode(m, o)
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		tilesInPlace(t, r, m, o, stream)
		if t.Failed() {
			t.Fatalf("seed %d, case %d: %+v", seed, n, o)
		}
	}
}

func tilesInPlace(t *testing.T, r *rand.Rand, m *encode.Image, o encode.Options, stream []byte) {
	whole, err := jpeg2000.Decode(stream, jpeg2000.Options{Workers: r.IntN(3)})
	if err != nil {
		t.Fatal(err)
	}
	rest, lost := without(r, stream)
	part, err := jpeg2000.Decode(rest, jpeg2000.Options{Partial: true})
	missing := false                                         // samples; a tile between them needs no part
	wide := (m.X1 - o.TileX + o.TileWidth - 1) / o.TileWidth // tiles in a row
	for i, c := range m.Components {
		w, h := m.Size(i)
		x0, y0 := (m.X0+c.DX-1)/c.DX, (m.Y0+c.DY-1)/c.DY
		for j := range w * h {
			want := sample(&whole.Components[i], j)
			if source := sample(&jpeg2000.Plane{Samples: c.Samples, Deep: c.Deep}, j); !o.Irreversible && want != source {
				t.Fatalf("component %d, sample %d is %d, not %d", i, j, want, source)
			}
			x, y := (x0+j%w)*c.DX, (y0+j/w)*c.DY
			if (y-o.TileY)/o.TileHeight*wide+(x-o.TileX)/o.TileWidth == lost {
				want, missing = 0, true
			}
			if part == nil {
				if want != 0 {
					t.Fatal("nothing of another tile came back")
				}
			} else if got := sample(&part.Components[i], j); got != want {
				t.Fatalf("without tile %d component %d, sample %d is %d, not %d", lost, i, j, got, want)
			}
		}
	}
	if missing != (err != nil) {
		t.Errorf("without tile %d, whose samples are missing: %v, the error is %v", lost, missing, err)
	}
	regionIsPart(t, r, stream, r.IntN(o.Levels+1))
}

// TestPartialFramesAreAsImages decodes what is left of pictures as frames, in buffers that others have filled, and as images, where there was nothing before.
func TestPartialFramesAreAsImages(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 16))
	for n := range 150 {
		m := &encode.Image{X1: 20 + r.IntN(40), Y1: 20 + r.IntN(40)}
		o := encode.Options{Guard: 3, Layers: 1 + r.IntN(3), TileWidth: 15 + r.IntN(50), TileHeight: 15 + r.IntN(50)}
		o.Levels, o.Irreversible, o.BlockWidth, o.BlockHeight = r.IntN(4), r.IntN(2) == 0, 8, 4
		bits := []int{16, 28}[r.IntN(2)]
		o.Step = float64(int(1)<<bits) / 1024
		for i := range 1 + 2*r.IntN(2) {
			m.Components = append(m.Components, encode.Component{Bits: bits})
			corpus.Fill(r, m, i)
		}
		o.Transform = len(m.Components) == 3
		stream, err := encode.Encode(m, o)
		if err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		shape := jpeg2000.Shape{Rows: m.Y1, Columns: m.X1, Components: len(m.Components), Bytes: 4}
		dst := make([]byte, m.X1*m.Y1*len(m.Components)*shape.Bytes)
		if _, err := jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{}); err != nil {
			t.Fatalf("seed %d, case %d: %v", seed, n, err)
		}
		clear(dst)
		rest := stream[:len(stream)/2+r.IntN(len(stream)/2)]
		jpeg2000.DecodeFrame(dst, rest, shape, jpeg2000.Options{Partial: true})
		if img, _ := jpeg2000.Decode(rest, jpeg2000.Options{Partial: true}); img != nil && !bytes.Equal(dst, littleEndian(img)) {
			t.Fatalf("seed %d, case %d: the frame is not as the image: %+v", seed, n, o)
		}
	}
}

// littleEndian returns the samples of all components, pixel by pixel, in 4 bytes each.
func littleEndian(m *jpeg2000.Image) (b []byte) {
	for n := range m.Components[0].Width * m.Components[0].Height {
		for i := range m.Components {
			b = binary.LittleEndian.AppendUint32(b, uint32(sample(&m.Components[i], n)))
		}
	}
	return b
}

// sample returns sample n of p, of any precision.
func sample(p *jpeg2000.Plane, n int) int64 {
	if p.Deep != nil {
		return p.Deep[n]
	}
	return int64(p.Samples[n])
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
