package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"testing"

	"hotlight/project/dcm/jpeg2000"
)

// greedy are streams whose few bytes ask for much work or memory.
func greedy() map[string][]byte {
	return map[string][]byte{
		"a precinct for each sample":              greedyStream(1024, 1, 1, 1, cod(0, 0, 4, 4, 0, 0x00), nil, bytes.Repeat([]byte{0x80}, 1<<20)),
		"a precinct for each coefficient":         greedyStream(1024, 1, 1, 1, cod(0, 1, 4, 4, 0, 0x00, 0x11), nil, bytes.Repeat([]byte{0x80}, 1<<20)),
		"passes without bytes":                    greedyStream(512, 1, 1, 1, cod(0, 0, 0, 0, 4, 0x22), nil, bytes.Repeat(bytes.Repeat([]byte{0xC0, 0xFF, 0x7F, 0xC0, 0}, 3), 1<<14)),
		"components without resolutions to read":  greedyStream(1500, 4000, 255, 255, cod(3, 0, 4, 4, 0, 0xFF), slicesOf(coc(4000, 0, 2, 0xFF, 0x1F, 0xF1), poc(4000, 1, 33, 3)), make([]byte, 1000)),
		"many distances between positions":        greedyStream(1, 500, 0, 0, cod(3, 32, 4, 4, 0, bytes.Repeat([]byte{0x11}, 33)...), poc(500, 0, 33, bytes.Repeat([]byte{3}, 100)...), make([]byte, 17000)),
		"resolutions of thousands of components":  greedyStream(1, 4000, 1, 1, cod(0, 32, 4, 4, 0, bytes.Repeat([]byte{0xFF}, 33)...), nil, make([]byte, 132000)),
		"a region of a huge tile of small blocks": greedyStream(30000, 1, 1, 1, cod(0, 0, 0, 0, 0, 0xFF), nil, make([]byte, 2000)),
	}
}

func slicesOf(b ...[]byte) []byte { return bytes.Join(b, nil) }

func segmentOf(marker byte, body []byte) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(body)+2)), body...)
}

// cod is COD with a progression, levels, logarithms of the code-block's sides less 2, a style, the 5/3 wavelet and precincts.
func cod(progression, levels, wide, high, style byte, precincts ...byte) []byte {
	return segmentOf(0x52, append([]byte{1, progression, 0, 1, 0, levels, wide, high, style, 1}, precincts...))
}

// coc is COC for one of so many components.
func coc(components int, n, levels byte, precincts ...byte) []byte {
	body := []byte{n}
	if components > 256 {
		body = []byte{0, n}
	}
	return segmentOf(0x53, append(append(body, 1, levels, 4, 4, 0, 1), precincts...))
}

// poc is POC with a change for each progression, over all components and resolutions r0 to r1.
func poc(components int, r0, r1 byte, progressions ...byte) (body []byte) {
	for _, p := range progressions {
		if body = append(body, r0); components > 256 {
			body = append(body, 0)
		}
		body = append(body, 0, 0, 1, r1)
		if components > 256 {
			body = append(body, byte(components>>8))
		}
		body = append(body, byte(components), p)
	}
	return segmentOf(0x5F, body)
}

// greedyStream is a stream of one tile with size x size points. The first component has all samples; the others have them at steps of dx and dy, or, if that is
// 0, all components at steps of 1, 3, 5 and so on.
func greedyStream(size uint32, components int, dx, dy byte, cod, more, body []byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, 0)
	for _, v := range []uint32{size, size, 0, 0, size, size, 0, 0} {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	b = binary.BigEndian.AppendUint16(b, uint16(components))
	for n := range components {
		switch {
		case dx == 0:
			b = append(b, 7, byte(n%128*2+1), byte(n%128*2+1))
		case n == 0:
			b = append(b, 7, 1, 1)
		default:
			b = append(b, 7, dx, dy)
		}
	}
	stream := append([]byte{0xFF, 0x4F}, segmentOf(0x51, b)...)
	stream = append(append(stream, cod...), segmentOf(0x5C, append([]byte{0x40}, bytes.Repeat([]byte{0x40}, 97)...))...)
	stream = append(stream, more...)
	stream = append(stream, 0xFF, 0x90, 0, 10, 0, 0)
	stream = binary.BigEndian.AppendUint32(stream, uint32(14+len(body)))
	return append(append(append(stream, 0, 1, 0xFF, 0x93), body...), 0xFF, 0xD9)
}

// TestGreedyStreams decodes them in all ways, within the memory and time of exercise.
func TestGreedyStreams(t *testing.T) {
	for name, stream := range greedy() {
		t.Run(name, func(t *testing.T) {
			_, err := jpeg2000.ReadHeader(stream)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); errors.Is(err, jpeg2000.ErrHeader) || errors.Is(err, jpeg2000.ErrUnsupported) {
				t.Fatal(err)
			} else {
				t.Log(err)
			}
			exercise(t, stream, 0, image.Rect(0, 0, 5, 5))
		})
	}
}
