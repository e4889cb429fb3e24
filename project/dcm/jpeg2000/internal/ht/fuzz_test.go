package ht

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// FuzzDecode gives any bytes to a block of any size: an error or samples, and nothing is written beside the block.
func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 60 {
		b, src, stride := randomBlock(r, []int{NarrowPlanes, WidePlanes}[n&1])
		if b.Width*b.Height > 400 {
			continue
		}
		Encode(&b, src, stride)
		f.Add(b.Data, b.Refinement, b.Passes, b.Planes, b.Missing, b.Width, b.Height, b.Causal)
	}
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte, refinement, passes, planes, missing, w, h int, causal bool) {
		b := Block{Data: data, Cleanup: len(data) - refinement, Refinement: refinement, Passes: passes, Planes: planes, Missing: missing, Width: w, Height: h, Causal: causal}
		if w < 1 || h < 1 || w > 1024 || h > 1024 || w*h > 4096 {
			return
		}
		const room, mark = 3, -1 << 31
		stride := w + room
		dst, wide := make([]int32, stride*h), make([]int64, stride*h)
		for i := range dst {
			dst[i], wide[i] = mark, mark
		}
		err := d.Decode(dst, stride, b)
		if err != nil && !errors.Is(err, ErrData) {
			t.Fatal(err)
		}
		wideErr := d.DecodeWide(wide, stride, b, max(0, planes-62))
		if wideErr != nil && !errors.Is(wideErr, ErrData) {
			t.Fatal(wideErr)
		}
		if planes <= NarrowPlanes && (err == nil) != (wideErr == nil) {
			t.Fatalf("%v, but as a wide block %v", err, wideErr)
		}
		for i, v := range dst {
			if i%stride >= w && (v != mark || wide[i] != mark) {
				t.Fatalf("sample (%d, %d) was written", i%stride, i/stride)
			}
			if err == nil && int64(v) != wide[i] {
				t.Fatalf("sample (%d, %d) is %d, but as a wide one %d", i%stride, i/stride, v, wide[i])
			}
		}
	})
}

// FuzzEncode encodes a block of any samples: what is decoded is what the passes told.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 255, 255, 0, 128, 3, 0, 0, 0, 9, 1}, uint8(3), uint8(12), uint8(11), uint8(1), true)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255}, uint8(4), uint8(17), uint8(14), uint8(3), false)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255}, uint8(4), uint8(73), uint8(73), uint8(0), false)
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte, width, planes, missing, passes uint8, causal bool) {
		b := Block{Planes: 1 + int(planes)%WidePlanes, Passes: 1 + int(passes)%3, Width: 1 + int(width)%64, Causal: causal}
		b.Missing = int(missing) % b.Planes
		if b.Missing == b.Planes-1 {
			b.Passes = 1
		}
		b.Height = min(64, (len(data)/2+b.Width-1)/b.Width)
		if b.Height == 0 {
			return
		}
		src := make([]Magnitude, b.Width*b.Height)
		for i := range min(len(src), len(data)/2) {
			bits := uint(data[2*i+1]&0x7F) % uint(b.Planes)
			src[i] = Magnitude{Hi: uint64(data[2*i]) << 56, Negative: data[2*i+1] > 0x7F}.down(127 - bits)
			src[i].Negative = src[i].Negative && !src[i].zero()
		}
		Encode(&b, src, b.Width)
		shift := max(0, b.Planes-62)
		want := expected(b, src, b.Width)
		if err := decodeAs(d.shifted(shift), b, want, b.Width, shift); err != nil {
			t.Fatalf("%s: %v", say(b), err)
		}
		if b.Planes <= NarrowPlanes {
			if err := decodeAs(d.Decode, b, want, b.Width, 0); err != nil {
				t.Fatalf("%s: %v", say(b), err)
			}
		}
	})
}
