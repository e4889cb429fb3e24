package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math/rand/v2"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

const depthInSIZ = 42 // where SIZ has the depth of the first component

// TestSamplesOfManyBits decodes pictures of 24 bits under headers that say more. A deeper sample has the same difference from the middle of its range.
func TestSamplesOfManyBits(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	m := &encode.Image{X1: 45, Y1: 31}
	for range 3 {
		s := make([]int32, 45*31)
		for n := range s {
			s[n] = r.Int32N(1 << 24)
		}
		m.Components = append(m.Components, encode.Component{Bits: 24, Samples: s})
	}
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Levels: 3}, Transform: true, TileWidth: 32, TileHeight: 32})
	if err != nil {
		t.Fatal(err)
	}
	for _, precision := range []int{27, 32, 38} {
		for n := range m.Components {
			stream[depthInSIZ+3*n] = byte(precision - 1)
		}
		img, err := jpeg2000.Decode(stream, jpeg2000.Options{})
		if err != nil {
			t.Fatal(err)
		}
		up := int64(1)<<(precision-1) - 1<<23
		for c, p := range img.Components {
			for n, v := range p.Deep {
				if v != int64(m.Components[c].Samples[n])+up {
					t.Fatalf("%d bits: sample %d is %d", precision, n, v)
				}
			}
		}
		shape := jpeg2000.Shape{Rows: 31, Columns: 45, Components: 3, Bytes: 4}
		dst := make([]byte, 45*31*12)
		_, err = jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{})
		switch {
		case precision > 32 && !errors.Is(err, jpeg2000.ErrShape):
			t.Errorf("%d bits in a frame of 32: %v", precision, err)
		case precision > 32:
		case err != nil || int64(binary.LittleEndian.Uint32(dst[4:])) != int64(m.Components[1].Samples[0])+up:
			t.Errorf("%d bits in a frame: %v", precision, err)
		}
	}
}

// TestManyBitPlanes decodes code-blocks of 33 bit planes of which the lowest are missing: coefficients lie in the middle of what they can be.
func TestManyBitPlanes(t *testing.T) {
	m := encode.Grey(19, 17, 24, true, make([]int32, 19*17))
	r := rand.New(rand.NewPCG(1, 4))
	for n := range m.Components[0].Samples {
		m.Components[0].Samples[n] = r.Int32N(1<<24) - 1<<23
	}
	stream, err := encode.Encode(m, encode.Options{Guard: 3})
	if err != nil {
		t.Fatal(err)
	}
	qcd := bytes.Index(stream, []byte{0xFF, 0x5C})
	more := 31 - stream[qcd+5]>>3
	stream[qcd+5] = 31 << 3
	stream[depthInSIZ] = 0x80 | 37
	img, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n, v := range img.Components[0].Deep {
		want := int64(m.Components[0].Samples[n]) << more
		if half := int64(1) << more >> 1; want > 0 {
			want += half
		} else if want < 0 {
			want -= half
		}
		if v != want {
			t.Fatalf("%d more planes: sample %d is %d, want %d", more, n, v, want)
		}
	}
}
