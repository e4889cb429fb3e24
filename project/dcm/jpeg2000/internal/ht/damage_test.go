package ht

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// whole is an undamaged block of 16 x 16 samples with many bits.
func whole() Block {
	b := Block{Planes: 12, Missing: 10, Passes: 3, Width: 16, Height: 16}
	src := make([]Magnitude, 256)
	for i := range src {
		src[i] = MagnitudeOf(int64(i*i*37%2000-1000), 0)
	}
	Encode(&b, src, 16)
	return b
}

func TestDamageIsNamed(t *testing.T) {
	for _, c := range []struct {
		name, says string
		damage     func(b *Block, scup int)
	}{
		{"no samples", "0 x 16 samples", func(b *Block, _ int) { b.Width = 0 }},
		{"too many samples", "1024 x 16 samples", func(b *Block, _ int) { b.Width = 1024 }},
		{"too many bit planes", "of 31 bit planes", func(b *Block, _ int) { b.Planes = 31 }},
		{"all bit planes missing", "12 of 12 bit planes", func(b *Block, _ int) { b.Missing = 12 }},
		{"four passes", "4 passes", func(b *Block, _ int) { b.Passes = 4 }},
		{"refined below the last plane", "no more bit planes", func(b *Block, _ int) { b.Missing = 11 }},
		{"a cleanup segment of one byte", "segments of 1", func(b *Block, _ int) { b.Cleanup = 1 }},
		{"segments longer than the data", "bytes for segments", func(b *Block, _ int) { b.Refinement++ }},
		{"Scup longer than the segment", "said to be of VLC and MEL", func(b *Block, _ int) { b.Data[b.Cleanup-1] = 0xFE }},
		{"Scup of one", "1 of its", func(b *Block, _ int) { b.Data[b.Cleanup-1], b.Data[b.Cleanup-2] = 0, 1 }},
		{"a stuffed bit", "stuffed bit", func(b *Block, _ int) { b.Data[0], b.Data[1] = 0xFF, 0x80 }},
		{"an exponent above the planes", "exponent", func(b *Block, _ int) { b.Missing = 3 }},
		{"no MagSgn", "within its magnitudes", func(b *Block, scup int) { b.Data, b.Cleanup = b.Data[b.Cleanup-scup:], scup }},
		{"no VLC but what Scup says", "within its VLC", func(b *Block, _ int) { b.Data[b.Cleanup-1], b.Data[b.Cleanup-2] = 0, b.Data[b.Cleanup-2]&0xF0|3 }},
		{"a sample right of the block", "beyond its edge", func(b *Block, _ int) { b.Width = 15 }},
		{"a sample below the block", "beyond its edge", func(b *Block, _ int) { b.Height = 15 }},
	} {
		b := whole()
		b.Data = slices.Clone(b.Data)
		c.damage(&b, int(b.Data[b.Cleanup-1])<<4|int(b.Data[b.Cleanup-2]&15))
		var d Decoder
		err := d.Decode(make([]int32, 1024*16), max(16, b.Width), b)
		if !errors.Is(err, ErrData) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v", c.name, err)
		}
		if b.Planes > NarrowPlanes {
			b.Planes += WidePlanes - NarrowPlanes
		}
		err = d.DecodeWide(make([]int64, 1024*16), max(16, b.Width), b, 20)
		if !errors.Is(err, ErrData) || b.Planes < WidePlanes && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s, wide: %v", c.name, err)
		}
	}
	var d Decoder
	if err := d.Decode(make([]int32, 255), 16, whole()); err == nil || errors.Is(err, ErrData) {
		t.Errorf("no room for a sample: %v", err)
	}
	if err := d.DecodeWide(make([]int64, 255), 16, whole(), 0); err == nil || errors.Is(err, ErrData) {
		t.Errorf("no room for a wide sample: %v", err)
	}
	for _, shift := range []int{-1, 75} {
		if err := d.DecodeWide(make([]int64, 256), 16, whole(), shift); !errors.Is(err, ErrData) {
			t.Errorf("a shift of %d: %v", shift, err)
		}
	}
	b := whole()
	b.Planes, b.Missing = 63, 61
	if err := d.DecodeWide(make([]int64, 256), 16, b, 0); !errors.Is(err, ErrData) {
		t.Errorf("samples that do not fit: %v", err)
	}
	if err := d.DecodeWide(make([]int64, 256), 16, b, 1); err != nil {
		t.Errorf("samples that fit: %v", err)
	}
	if err := d.Decode(make([]int32, 256), 16, whole()); err != nil {
		t.Errorf("undamaged: %v", err)
	}
}

func TestARefinementSegmentWithoutBytesAddsNothing(t *testing.T) {
	b := whole()
	var d Decoder
	var got [2][256]int32
	b.Data, b.Refinement = b.Data[:b.Cleanup], 0
	for i := range got {
		if err := d.Decode(got[i][:], 16, b); err != nil {
			t.Fatal(err)
		}
		b.Passes = 1
	}
	if got[0] != got[1] {
		t.Error("three passes of which two have no bytes are not one")
	}
}
