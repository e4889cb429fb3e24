package jpeg2000_test

import (
	"bytes"
	"encoding/binary"
	"slices"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// TestReservedMarkersArePassedBy puts into both headers a marker without a segment, as conformance stream p0_02 has one, and an unknown segment.
func TestReservedMarkersArePassedBy(t *testing.T) {
	stream := ramp(t, encode.Options{})
	want, err := jpeg2000.Decode(stream, jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	extra := []byte{0xFF, 0x30, 0xFF, 0x6F, 0, 4, 1, 2, 0xFF, 0x3F}
	main := bytes.Index(stream, []byte{0xFF, 0x90})
	tile := main + bytes.Index(stream[main:], []byte{0xFF, 0x93})
	length := binary.BigEndian.Uint32(stream[main+6:])
	binary.BigEndian.PutUint32(stream[main+6:], length+uint32(len(extra)))
	got, err := jpeg2000.Decode(slices.Insert(slices.Insert(stream, tile, extra...), main, extra...), jpeg2000.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got.Components[0].Samples, want.Components[0].Samples) {
		t.Error("the samples are others")
	}
}
