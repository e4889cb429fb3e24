package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// dissected is a codestream in pieces.
type dissected struct {
	main  []byte
	parts [][]byte // tile parts from their SOT on
}

func dissect(stream []byte) (d dissected) {
	at := bytes.Index(stream, []byte{0xFF, 0x90})
	d.main = slices.Clone(stream[:at])
	for at < len(stream)-2 {
		n := int(binary.BigEndian.Uint32(stream[at+6:]))
		d.parts = append(d.parts, slices.Clone(stream[at:at+n]))
		at += n
	}
	return d
}

// segments returns the marker segments of the main header that the kinds name, one after the other.
func (d *dissected) segments(kinds ...byte) (out []byte) {
	for at := 2; at < len(d.main); {
		n := 2 + int(binary.BigEndian.Uint16(d.main[at+2:]))
		if bytes.IndexByte(kinds, d.main[at+1]) >= 0 {
			out = append(out, d.main[at:at+n]...)
		}
		at += n
	}
	return out
}

// insert puts bytes at the end of the header of tile part n.
func (d *dissected) insert(n int, b []byte) {
	p := &d.parts[n]
	*p = slices.Insert(*p, bytes.Index(*p, []byte{0xFF, 0x93}), b...)
	binary.BigEndian.PutUint32((*p)[6:], uint32(len(*p)))
}

func (d *dissected) joined() []byte {
	return append(append(slices.Clone(d.main), slices.Concat(d.parts...)...), 0xFF, 0xD9)
}

// demandSame decodes both streams and wants the same samples.
func demandSame(t *testing.T, changed, stream []byte) {
	t.Helper()
	want, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := jpeg2000.Decode(changed, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for n := range want.Components {
		if !slices.Equal(got.Components[n].Samples, want.Components[n].Samples) {
			t.Error("the samples are others")
		}
	}
}

// quirk is a stream with something odd in it that other writers do and that does not change the picture.
type quirk struct {
	name       string
	image      *encode.Image
	plain, odd []byte
}

func quirks(t testing.TB) []quirk {
	t.Helper()
	m := encode.Grey(37, 29, 8, false, make([]int32, 37*29))
	for n := range m.Components[0].Samples {
		m.Components[0].Samples[n] = int32(n * 37 & 255)
	}
	with := func(name string, o encode.Options, change func(d *dissected)) quirk {
		o.Levels = 2
		stream, err := encode.Encode(m, o)
		if err != nil {
			t.Fatal(err)
		}
		d := dissect(stream)
		change(&d)
		return quirk{name, m, stream, d.joined()}
	}
	reserved := []byte{0xFF, 0x30, 0xFF, 0x6F, 0, 4, 1, 2, 0xFF, 0x3F}
	return []quirk{
		with("markers without a segment, as conformance stream p0_02 has one, and an unknown segment", encode.Options{}, func(d *dissected) {
			d.main = append(d.main, reserved...)
			d.insert(0, reserved)
		}),
		with("a transform of one component, from old encoders in medical archives", encode.Options{}, func(d *dissected) {
			d.main[bytes.Index(d.main, []byte{0xFF, 0x52})+8] = 1
		}),
		with("a comment behind a tile part, from a writer of mammograms", encode.Options{TilePartPackets: 1, PPM: true}, func(d *dissected) {
			for n := range d.parts {
				d.parts[n] = append(d.parts[n], "\xFF\x64\x00\x0B\x00\x01PADDING"...)
			}
		}),
		with("COD and QCD again in later parts of a tile", encode.Options{TilePartPackets: 1}, func(d *dissected) {
			for n := range d.parts {
				d.insert(n, d.segments(0x52, 0x5C))
			}
		}),
	}
}

func TestHarmlessQuirksOfOtherWriters(t *testing.T) {
	for _, q := range quirks(t) {
		t.Run(q.name, func(t *testing.T) { demandSame(t, q.odd, q.plain) })
	}
}

func TestTransformOfOneComponentIsNone(t *testing.T) {
	if h, err := jpeg2000.ReadHeader(quirks(t)[1].odd); err != nil || h.Transform {
		t.Errorf("the header is %+v: %v", h, err)
	}
}

// TestTransformOfComponentsApart has three components of one size that are not at the same places: of a region they have not the same samples.
func TestTransformOfComponentsApart(t *testing.T) {
	m := &encode.Image{X1: 2000, Y1: 2}
	for range 3 {
		m.Components = append(m.Components, encode.Component{DX: 200, DY: 1, Bits: 8, Samples: make([]int32, 20)})
	}
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Levels: 1}, Transform: true})
	if err != nil {
		t.Fatal(err)
	}
	stream[depthInSIZ+3*2+1] = 222
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{}); err != nil {
		t.Error(err)
	}
	if _, err := jpeg2000.Decode(stream, jpeg2000.Options{Region: image.Rect(0, 0, 1100, 2)}); !errors.Is(err, jpeg2000.ErrHeader) {
		t.Errorf("a region: %v", err)
	}
}

// TestRepeatedParametersOfTiles has COD and QCD again in a later part of a tile: harmless if they are the same, nowhere allowed.
func TestRepeatedParametersOfTiles(t *testing.T) {
	for _, o := range []encode.Options{{TilePartPackets: 1}, {TilePartPackets: 1, InTiles: true}} {
		o.Levels = 2
		stream := ramp(t, o)
		d := dissect(stream)
		if o.InTiles { // where the main header tells lies
			d.main = d.parts[0][:bytes.Index(d.parts[0], []byte{0xFF, 0x93})]
			d.main = append([]byte{0, 0}, d.main[12:]...)
		}
		again := d.segments(0x52, 0x5C)
		d = dissect(stream)
		d.insert(1, again)
		demandSame(t, d.joined(), stream)
		for n := range again {
			if n < 4 || n > 13 && n < 18 { // markers and lengths
				continue
			}
			other := slices.Clone(again)
			other[n] ^= 10
			d = dissect(stream)
			d.insert(1, other)
			if _, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrHeader) {
				t.Errorf("byte %d is another: %v", n, err)
			}
		}
	}
}

// TestTilesWithoutSamplesNeedNoParts leaves out the upper tiles, which lie between the rows of the component.
func TestTilesWithoutSamplesNeedNoParts(t *testing.T) {
	m := &encode.Image{X0: 1, Y0: 4, X1: 40, Y1: 20, Components: []encode.Component{{DX: 5, DY: 3, Bits: 8}}}
	w, h := m.Size(0)
	for n := range w * h {
		m.Components[0].Samples = append(m.Components[0].Samples, int32(n*37&255))
	}
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Levels: 1}, TileWidth: 20, TileHeight: 5})
	if err != nil {
		t.Fatal(err)
	}
	d := dissect(stream)
	d.parts = d.parts[2:]
	demandSame(t, d.joined(), stream)
	d.parts = d.parts[1:]
	if _, err := jpeg2000.Decode(d.joined(), jpeg2000.Options{}); !errors.Is(err, jpeg2000.ErrTruncated) {
		t.Errorf("without a tile that has samples: %v", err)
	}
}

// TestManyTilesWithoutSamples leaves out nearly all of 62500 tiles of one point each.
func TestManyTilesWithoutSamples(t *testing.T) {
	const size, step = 250, 16
	m := &encode.Image{X1: size, Y1: size, Components: []encode.Component{{DX: step, DY: step, Bits: 8}}}
	w, h := m.Size(0)
	m.Components[0].Samples = make([]int32, w*h)
	for n := range m.Components[0].Samples {
		m.Components[0].Samples[n] = int32(n & 255)
	}
	stream, err := encode.Encode(m, encode.Options{TileWidth: 1, TileHeight: 1})
	if err != nil {
		t.Fatal(err)
	}
	d := dissect(stream)
	d.parts = slices.DeleteFunc(d.parts, func(p []byte) bool {
		n := int(binary.BigEndian.Uint16(p[4:]))
		return n%size%step != 0 || n/size%step != 0
	})
	if len(d.parts) != w*h {
		t.Fatalf("%d tiles are left of %d", len(d.parts), w*h)
	}
	demandSame(t, d.joined(), stream)
}
