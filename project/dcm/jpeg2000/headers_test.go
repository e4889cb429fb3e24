package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// plainCOD and one quantisation step a subband do for what is declared only.
var plainCOD = cod(0, 0, 4, 4, 0, 0xFF)

// mainHeader is the main header of a picture of so many points in a row, in tiles of as many as that, with more marker segments.
func mainHeader(width, tile uint32, components int, more ...[]byte) []byte {
	b := greedyStream(1, components, 1, 1, plainCOD, slicesOf(more...), nil)
	b = b[:len(b)-16] // SOT, SOD, EOC
	binary.BigEndian.PutUint32(b[8:], width)
	binary.BigEndian.PutUint32(b[24:], tile)
	return b
}

// tilePart is the next part of a tile with these marker segments, an SOD, and nothing else.
func tilePart(tile, number int, header ...[]byte) []byte {
	segments := slicesOf(header...)
	b := binary.BigEndian.AppendUint16([]byte{0xFF, 0x90, 0, 10}, uint16(tile))
	b = binary.BigEndian.AppendUint32(b, uint32(14+len(segments)))
	return slices.Concat(b, []byte{byte(number), 0}, segments, []byte{0xFF, 0x93})
}

// forEach joins what f makes for 0 to n.
func forEach(n int, f func(i int) []byte) []byte {
	var b []byte
	for i := range n {
		b = append(b, f(i)...)
	}
	return b
}

// wideStep makes COC, QCC and RGN for component n of more than 256.
func wideStep(n int) []byte {
	at := binary.BigEndian.AppendUint16(nil, uint16(n))
	return slicesOf(segmentOf(0x53, append(at, 0, 0, 4, 4, 0, 1)), segmentOf(0x5D, append(at, 0x40, 0x40)), segmentOf(0x5E, append(at, 0, 1)))
}

// pieces are so many segments of one kind that are numbered, with the same content.
func pieces(kind byte, segments int, content []byte) []byte {
	return forEach(segments, func(i int) []byte { return segmentOf(kind, append([]byte{byte(i)}, content...)) })
}

// declaring are streams that declare much and say nothing.
func declaring() map[string][]byte {
	const most = 16384
	wrong := []byte{0xFF, 0x01} // no marker of a header: nothing of the tile is laid out
	ppm := make([]byte, 40000)  // 10000 empty pieces
	comment := segmentOf(0x64, nil)
	changes := poc(1, 0, 33, bytes.Repeat([]byte{0}, 1024)...)
	components := forEach(most, wideStep)
	return map[string][]byte{
		"tiles":                 slicesOf(mainHeader(65535, 1, 1), forEach(65535, func(i int) []byte { return tilePart(i, 0) })),
		"tiles backwards":       slicesOf(mainHeader(65535, 1, 1), forEach(65535, func(i int) []byte { return tilePart(65534-i, 0) })),
		"tiles with bad parts":  slicesOf(mainHeader(65535, 1, 1), forEach(65535, func(i int) []byte { return tilePart(i, 1) })),
		"tiles with COC":        slicesOf(mainHeader(2000, 1, 300), forEach(2000, func(i int) []byte { return tilePart(i, 0, wideStep(i%300), wrong) })),
		"tiles with POC":        slicesOf(mainHeader(200, 1, 1, changes), forEach(200, func(i int) []byte { return tilePart(i, 0, changes) })),
		"tiles with PPT":        slicesOf(mainHeader(400000, 10, 1), forEach(40000, func(i int) []byte { return tilePart(i, 0, pieces(0x61, 2, []byte{1})) })),
		"tile parts":            slicesOf(mainHeader(1, 1, 1), forEach(1000000, func(i int) []byte { return tilePart(0, i) })),
		"tile parts with PPT":   slicesOf(mainHeader(1, 1, 1), forEach(100000, func(i int) []byte { return tilePart(0, i, pieces(0x61, 1, nil)) })),
		"tile parts of PPM":     slicesOf(mainHeader(1, 1, 1, pieces(0x60, 10, ppm)), forEach(100000, func(i int) []byte { return tilePart(0, i) })),
		"tile parts with COC":   slicesOf(mainHeader(1, 1, 1), forEach(100000, func(i int) []byte { return tilePart(0, i, plainCOD) })),
		"components":            slicesOf(mainHeader(1, 1, most), tilePart(0, 0)[:13]),
		"components with COC":   slicesOf(mainHeader(1, 1, most, components, segmentOf(0x60, []byte{0, 1})), tilePart(0, 0)),
		"components of a tile":  slicesOf(mainHeader(1, 1, 1000), tilePart(0, 0, forEach(1000, wideStep), wrong)),
		"components of one COC": slicesOf(mainHeader(1, 1, most, wideStep(9)), tilePart(0, 0, wideStep(7), wrong)),
		"changes":               slicesOf(mainHeader(1, 1, 1, bytes.Repeat(poc(1, 0, 33, 0), 1024)), tilePart(0, 0, bytes.Repeat(poc(1, 0, 33, 4), 1024))),
		"too many changes":      slicesOf(mainHeader(1, 1, 1), tilePart(0, 0, changes, changes)),
		"pieces of PPM":         slicesOf(mainHeader(1, 1, 1, pieces(0x60, 10, ppm)), tilePart(0, 0)),
		"empty PPM":             slicesOf(mainHeader(1, 1, 1, pieces(0x60, 200000, nil)), tilePart(0, 0)),
		"empty PPT":             slicesOf(mainHeader(1, 1, 1), tilePart(0, 0, pieces(0x61, 200000, nil))),
		"one PPM":               slicesOf(mainHeader(1, 1, 1, pieces(0x60, 1, make([]byte, 65528))), tilePart(0, 0)),
		"comments": slicesOf(mainHeader(1, 1, 1, bytes.Repeat(comment, 100000)), forEach(2, func(i int) []byte {
			return slicesOf(tilePart(0, i, bytes.Repeat(comment, 100000)), bytes.Repeat(comment, 100000))
		})),
		"boxes": slicesOf([]byte("\x00\x00\x00\x0CjP  \r\n\x87\n"), bytes.Repeat([]byte("\x00\x00\x00\x08free"), 100000), binary.BigEndian.AppendUint32(nil, 800008), []byte("jp2h"), bytes.Repeat([]byte("\x00\x00\x00\x08free"), 100000)),
	}
}

// TestDeclarationsCostTheirBytes decodes them in all ways: whatever the verdict, no more is allocated than 8 bytes a sample, as many as the stream has, and 1 MB.
func TestDeclarationsCostTheirBytes(t *testing.T) {
	for name, stream := range declaring() {
		t.Run(name, func(t *testing.T) {
			h, _ := jpeg2000.ReadHeader(stream)
			samples := 0
			for _, c := range h.Components {
				samples += c.Width * c.Height
			}
			shape := jpeg2000.Shape{Rows: h.Height, Columns: h.Width, Components: len(h.Components), Bytes: 1}
			dst := make([]byte, samples)
			for way, decode := range map[string]func() error{
				"ReadHeader": func() error { _, err := jpeg2000.ReadHeader(stream); return err },
				"Decode":     func() error { _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); return err },
				"in part":    func() error { _, err := jpeg2000.Decode(stream, jpeg2000.Options{Partial: true}); return err },
				"DecodeFrame": func() error {
					_, err := jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{Partial: true})
					return err
				},
			} {
				forget()
				before := allocated()
				err := decode()
				used, most := allocated()-before, uint64(8*samples+len(stream)+1<<20)
				t.Logf("%s: %d bytes for %d samples and %d bytes: %v", way, used, samples, len(stream), err)
				if used > most {
					t.Errorf("%s: %d bytes were allocated, %d are fair", way, used, most)
				}
			}
		})
	}
}

// TestBadTileHeaders damages the header of a tile's part: what the parts before have of the tile and all other tiles come out with Options.Partial.
func TestBadTileHeaders(t *testing.T) {
	for _, o := range []encode.Options{
		{TileWidth: 16, TileHeight: 16}, {TileWidth: 16, TileHeight: 16, PPM: true}, {TileWidth: 16, TileHeight: 16, PPT: true},
		{TileWidth: 16, TileHeight: 16, TilePartPackets: 1, Interleave: true, PPM: true}, {TileWidth: 16, TileHeight: 16, TilePartPackets: 1, Interleave: true, PPT: true},
	} {
		o.Levels = 2
		stream := ramp(t, o)
		whole, err := jpeg2000.Decode(stream, jpeg2000.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for n := range dissect(stream).parts {
			d := dissect(stream)
			tile, number := int(d.parts[n][5]), d.parts[n][10]
			d.insert(n, segmentOf(0x52, []byte{9}))
			if _, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrHeader) {
				t.Errorf("part %d of tile %d has a bad COD: %v", number, tile, err)
			}
			part, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{Partial: true})
			if part == nil || !errors.Is(err, jpeg2000.ErrHeader) {
				t.Fatalf("in part, part %d of tile %d has a bad COD: %v", number, tile, err)
			}
			damaged, something := false, false
			for i, want := range whole.Components[0].Samples {
				got := part.Components[0].Samples[i]
				if x, y := i%37, i/37; y/16*3+x/16 != tile {
					if got != want {
						t.Fatalf("part %d of tile %d is damaged, sample %d of another is %d, not %d", number, tile, i, got, want)
					}
					continue
				}
				damaged, something = damaged || got != want, something || got != 0
			}
			if !damaged || something != (number > 0) {
				t.Errorf("part %d of tile %d is damaged: %v, has anything: %v", number, tile, damaged, something)
			}
		}
	}
}

// divided cuts the marker segment of PPM or PPT at the end of header into three, with these numbers.
func divided(t *testing.T, header []byte, kind byte, numbers [3]byte, order [3]int) []byte {
	at := bytes.LastIndex(header, []byte{0xFF, kind})
	if at < 0 {
		t.Fatal("there is no such segment")
	}
	body := header[at+5:] // after its number
	var parts [3][]byte
	for n := range parts {
		parts[n] = segmentOf(kind, append([]byte{numbers[n]}, body[len(body)*n/3:len(body)*(n+1)/3]...))
	}
	return slicesOf(header[:at], parts[order[0]], parts[order[1]], parts[order[2]])
}

// TestPackedHeadersInPieces has PPM and PPT in several segments, in the order of their numbers or not; those of the same number come in the order of the stream.
func TestPackedHeadersInPieces(t *testing.T) {
	for _, c := range []struct {
		numbers [3]byte
		order   [3]int
	}{{[3]byte{0, 1, 2}, [3]int{0, 1, 2}}, {[3]byte{1, 7, 255}, [3]int{2, 0, 1}}, {[3]byte{4, 4, 4}, [3]int{0, 1, 2}}, {[3]byte{3, 3, 9}, [3]int{2, 0, 1}}} {
		stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}, PPM: true})
		d := dissect(stream)
		d.main = divided(t, d.main, 0x60, c.numbers, c.order)
		demandSame(t, d.joined(), stream)
		stream = ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}, PPT: true})
		d = dissect(stream)
		p := d.parts[0]
		sod := bytes.Index(p, []byte{0xFF, 0x93})
		p = slicesOf(divided(t, p[:sod], 0x61, c.numbers, c.order), p[sod:])
		binary.BigEndian.PutUint32(p[6:], uint32(len(p)))
		d.parts[0] = p
		demandSame(t, d.joined(), stream)
	}
}

// TestLastSegmentOfAComponentHolds has segments for a component twice; those of a tile take precedence of those of the main header, but not of the tile's own for all.
func TestLastSegmentOfAComponentHolds(t *testing.T) {
	stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}})
	d := dissect(stream)
	own := func(kind byte, at int) (right, wrong []byte) {
		body := d.segments(kind)[4:]
		body = append([]byte{0}, body[at:]...)
		if kind == 0x52 {
			body = slices.Insert(body, 1, d.segments(kind)[4]&1)
		}
		other := slices.Clone(body)
		if kind == 0x52 {
			other[5] ^= 1 // bypass
		} else {
			other[1] ^= 0x20 // guard bits
		}
		return segmentOf(kind+1, body), segmentOf(kind+1, other)
	}
	for _, c := range []struct {
		kind byte
		at   int
	}{{0x52, 5}, {0x5C, 0}} {
		right, wrong := own(c.kind, c.at)
		for name, change := range map[string]func(d *dissected){
			"twice in the main header":        func(d *dissected) { d.main = slicesOf(d.main, wrong, right) },
			"twice in a tile":                 func(d *dissected) { d.insert(0, slicesOf(wrong, right)) },
			"wrong in the main header":        func(d *dissected) { d.main = slicesOf(d.main, wrong); d.insert(0, right) },
			"wrong there, the tile's for all": func(d *dissected) { d.main = slicesOf(d.main, wrong); d.insert(0, d.segments(c.kind)) },
		} {
			d := dissect(stream)
			change(&d)
			t.Run(name, func(t *testing.T) { demandSame(t, d.joined(), stream) })
		}
		d := dissect(stream)
		d.main = slicesOf(d.main, right, wrong)
		got, _ := jpeg2000.Decode(d.joined(), jpeg2000.Options{Partial: true})
		want, _ := jpeg2000.Decode(stream, jpeg2000.Options{})
		if got != nil && slices.Equal(got.Components[0].Samples, want.Components[0].Samples) {
			t.Errorf("%X for the component says something else and does nothing", c.kind+1)
		}
	}
}

// TestTilesHaveTheirOwnParameters mixes the tiles of streams that are coded in different ways, each with all it needs in its tiles' headers, or nothing.
func TestTilesHaveTheirOwnParameters(t *testing.T) {
	const size = 60
	m := &encode.Image{X1: size, Y1: size}
	for n := range 2 {
		c := encode.Component{DX: 1, DY: 1, Bits: 8, Samples: make([]int32, size*size)}
		for i := range c.Samples {
			c.Samples[i] = int32((i + n) * 2654435761 >> 9 & 255)
		}
		m.Components = append(m.Components, c)
	}
	tiled := encode.Options{TileWidth: 20, TileHeight: 20, Layers: 2}
	tiled.Levels = 2
	other, third := tiled, tiled
	other.InTiles, other.Order, other.Changes = true, encode.RPCL, []encode.Change{{LayerEnd: 1, ResolutionEnd: 4, ComponentEnd: 2, Order: encode.RLCP}, {LayerEnd: 2, ResolutionEnd: 4, ComponentEnd: 2, Order: encode.CPRL}}
	other.Components = map[int]encode.Coding{1: {Levels: 3, BlockWidth: 4, BlockHeight: 8, Style: encode.Bypass, Shift: 9}}
	third.InTiles, third.PPT, third.TilePartPackets = true, true, 3
	third.Components = map[int]encode.Coding{0: {Levels: 1, Style: encode.TerminateAll, Shift: 11}}
	var streams [3]dissected
	for n, o := range []encode.Options{tiled, other, third} {
		stream, err := encode.Encode(m, o)
		if err != nil {
			t.Fatal(err)
		}
		streams[n] = dissect(stream)
	}
	whole, mixed := streams[0].joined(), dissected{main: streams[0].main}
	for tile, n := range []int{1, 0, 2, 1, 2, 0, 0, 2, 1} {
		for _, p := range streams[n].parts {
			if int(p[5]) == tile {
				mixed.parts = append(mixed.parts, p)
			}
		}
	}
	demandSame(t, mixed.joined(), whole)
}

// TestPartsOutOfOrder exchanges the parts of a tile, which are numbered.
func TestPartsOutOfOrder(t *testing.T) {
	stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}, TilePartPackets: 1})
	d := dissect(stream)
	d.parts[1], d.parts[2] = d.parts[2], d.parts[1]
	if _, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrHeader) {
		t.Errorf("the second part of a tile comes last: %v", err)
	}
}
