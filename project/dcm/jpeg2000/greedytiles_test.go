package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"image"
	"os"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// tiled is the main header of a picture of wide x high points in tiles of tx x ty, whose first component has all of them and the others, if any, next to none.
func tiled(wide, high, tx, ty uint32, components int, segments ...[]byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, 0)
	for _, v := range []uint32{wide, high, 0, 0, tx, ty, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	b = append(binary.BigEndian.AppendUint16(b, uint16(components)), 7, 1, 1)
	b = append(b, bytes.Repeat([]byte{7, 255, 255}, components-1)...)
	qcd := segmentOf(0x5C, append([]byte{0x40}, bytes.Repeat([]byte{0x40}, 97)...))
	return slicesOf([]byte{0xFF, 0x4F}, segmentOf(0x51, b), qcd, slicesOf(segments...))
}

// withBody is tilePart with packets.
func withBody(tile, number int, body []byte, header ...[]byte) []byte {
	b := append(tilePart(tile, number, header...), body...)
	binary.BigEndian.PutUint32(b[6:], uint32(len(b)))
	return b
}

// layered is COD with so many layers.
func layered(layers uint16, levels, wide, high byte, precincts ...byte) []byte {
	return segmentOf(0x52, append([]byte{1, 0, byte(layers >> 8), byte(layers), 0, levels, wide, high, 0, 1}, precincts...))
}

// bitsOf packs bits into a packet's header: after FF comes a bit that is zero.
func bitsOf(bits ...byte) (b []byte) {
	at, most := 0, 8
	v := byte(0)
	for _, bit := range bits {
		v = v<<1 | bit
		if at++; at == most {
			if b = append(b, v); v == 0xFF {
				most = 7
			} else {
				most = 8
			}
			at, v = 0, 0
		}
	}
	if at > 0 {
		b = append(b, v<<(most-at))
	}
	return b
}

// many returns n in campaigns, a fifth of it else.
func many(n int) int {
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		return n
	}
	return n / 5
}

// greedyTiles are streams whose few bytes ask for much work or memory, most of them once for each of many tiles.
func greedyTiles() map[string][]byte {
	none, long := bytes.Repeat([]byte{0xFF}, 14), layered(65535, 13, 4, 4, bytes.Repeat([]byte{0xFF}, 14)...)
	column := bitsOf(1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0) // the first code-block of two, with one pass of no bytes
	components := forEach(4000, func(n int) []byte { return segmentOf(0x53, []byte{byte(n >> 8), byte(n), 0, 0, 4, 4, 0, 1}) })
	sparse := tiled(250, 1, 1, 1, 1, long)
	sparse[43], sparse[44] = 255, 255 // one sample, in the first tile
	ones, zeros := bytes.Repeat([]byte{1}, 19), make([]byte, 24)
	layers := bitsOf(slices.Concat(ones, make([]byte, 5), zeros)...)
	for range many(65534) {
		layers = append(layers, bitsOf(slices.Concat([]byte{1, 0}, zeros)...)...) // not the first code-block, nor the three beside it on each level
	}
	changes := bytes.Repeat([]byte{5, 0, 0, 0, 1, 33, 0, 1, 1}, 1024) // of a resolution that there is not
	return map[string][]byte{
		"tiles without samples in many layers": slicesOf(sparse, forEach(249, func(n int) []byte { return withBody(n+1, 0, nil) })),
		"a packet that opens a large tile":     slicesOf(tiled(64000, 32768, 64, 32768, 1, layered(1, 0, 0, 0, 0xFF)), forEach(many(1000), func(n int) []byte { return withBody(n, 0, []byte{0x80}) })),
		"filters of small tiles":               slicesOf(tiled(uint32(16*many(65535)), 1, 16, 1, 1, layered(1, 4, 4, 4, none[:5]...)), forEach(many(65535), func(n int) []byte { return withBody(n, 0, make([]byte, 5)) })),
		"code-blocks that grow":                slicesOf(tiled(1023*1000, 1, 1023, 1, 1, layered(1, 0, 8, 0, 0xFF)), forEach(1000, func(n int) []byte { return withBody(n, 0, column) })),
		"layouts that are refused":             slicesOf(tiled(900, 900, 9, 9, 4000, cod(0, 0, 4, 4, 0, 0xFF), components), forEach(many(10000), func(n int) []byte { return withBody(n, 0, nil) })),
		"changes of thousands of components":   slicesOf(tiled(900, 900, 60, 60, 4000, cod(0, 0, 4, 4, 0, 0xFF), segmentOf(0x5F, changes)), forEach(many(225), func(n int) []byte { return withBody(n, 0, nil) }), withBody(0, 1, make([]byte, 850000))),
		"layers of one large precinct":         slicesOf(tiled(1024, 1024, 1024, 1024, 1, layered(65535, 0, 0, 0, 0xFF)), withBody(0, 0, layers)),
		"tiles of 33 resolutions":              slicesOf(tiled(uint32(many(30000)), 1, 1, 1, 1, layered(1, 32, 4, 4, bytes.Repeat([]byte{0xFF}, 33)...)), forEach(many(30000), func(n int) []byte { return withBody(n, 0, make([]byte, 19)) })),
		"code-blocks of small tiles":           slicesOf(tiled(uint32(16*many(30000)), 1, 16, 1, 1, layered(1, 0, 4, 4, 0)), forEach(many(30000), func(n int) []byte { return withBody(n, 0, bytes.Repeat(bitsOf(1, 1, 1, 0, 0, 0, 0, 0), 16)) })),
		"tiles of a precinct for each sample":  slicesOf(tiled(1024, 1024, 256, 256, 1, layered(1, 0, 4, 4, 0)), forEach(many(16), func(n int) []byte { return withBody(n, 0, bytes.Repeat([]byte{0x80}, 1<<16)) })),
	}
}

// TestGreedyTiles decodes them in all ways, within the memory and time of exercise.
func TestGreedyTiles(t *testing.T) {
	for name, stream := range greedyTiles() {
		t.Run(name, func(t *testing.T) {
			if _, err := jpeg2000.ReadHeader(stream); err != nil {
				t.Fatal(err)
			}
			exercise(t, stream, 0, image.Rect(0, 0, 64000, 1))
		})
	}
}

// TestWholeSegmentsOfACutPacket cuts streams inside their only packet: what segments are whole are decoded.
func TestWholeSegmentsOfACutPacket(t *testing.T) {
	m := encode.Grey(64, 64, 12, false, make([]int32, 64*64))
	for n := range m.Components[0].Samples {
		m.Components[0].Samples[n] = int32(n * 2654435761 >> 7 & 4095)
	}
	for _, style := range []encode.Style{encode.TerminateAll, encode.Bypass} {
		stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Style: style}})
		if err != nil {
			t.Fatal(err)
		}
		part, err := jpeg2000.Decode(stream[:len(stream)*9/10], jpeg2000.Options{Partial: true})
		if err == nil {
			t.Fatal("nothing is missing")
		}
		far := 0
		for n, v := range part.Components[0].Samples {
			if d := v - m.Components[0].Samples[n]; d > 4 || d < -4 { // a tenth of the bytes is one bit plane and a bit
				far++
			}
		}
		if far > 0 {
			t.Errorf("style %d: %d of 4096 samples are further than 4 from what was coded", style, far)
		}
	}
}

// TestBadHeaderOfALaterPart: what it says before it turns out to be bad does not change the parts before it.
func TestBadHeaderOfALaterPart(t *testing.T) {
	stream := ramp(t, encode.Options{Coding: encode.Coding{Levels: 2}, TilePartPackets: 1})
	var want []int32
	for _, c := range []struct {
		name   string
		header []byte
	}{{"COD", nil}, {"PPT", segmentOf(0x61, []byte{0})}, {"empty PPT", segmentOf(0x61, nil)}, {"POC", poc(1, 0, 33, 4)}} {
		d := dissect(stream)
		d.insert(len(d.parts)-1, slicesOf(c.header, segmentOf(0x52, []byte{9})))
		part, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{Partial: true})
		if err == nil || part == nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if got := part.Components[0].Samples; want == nil {
			want = got
		} else if !slices.Equal(got, want) {
			t.Errorf("%s: the parts before have other samples", c.name)
		}
	}
}
