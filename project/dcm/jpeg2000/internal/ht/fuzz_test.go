package ht

import (
	"errors"
	"math/rand/v2"
	"testing"
)

// FuzzDecode gives any bytes to a block of any size: an error or samples, and nothing is written beside the block.
func FuzzDecode(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 40 {
		b, src, stride := randomBlock(r)
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
		dst := make([]int32, stride*h)
		for i := range dst {
			dst[i] = mark
		}
		if err := d.Decode(dst, stride, b); err != nil && !errors.Is(err, ErrData) {
			t.Fatal(err)
		}
		for i, v := range dst {
			if i%stride >= w && v != mark {
				t.Fatalf("sample (%d, %d) was written", i%stride, i/stride)
			}
		}
	})
}

// FuzzEncode encodes a block of any samples: what is decoded is what the passes told.
func FuzzEncode(f *testing.F) {
	f.Add([]byte{0, 0, 1, 0, 255, 255, 0, 128, 3, 0, 0, 0, 9, 1}, uint8(3), uint8(12), uint8(11), uint8(1), true)
	f.Add([]byte{255, 255, 255, 255, 255, 255, 255, 255}, uint8(4), uint8(17), uint8(14), uint8(3), false)
	var d Decoder
	f.Fuzz(func(t *testing.T, data []byte, width, planes, missing, passes uint8, causal bool) {
		b := Block{Planes: 1 + int(planes)%30, Passes: 1 + int(passes)%3, Width: 1 + int(width)%64, Causal: causal}
		b.Missing = int(missing) % b.Planes
		if b.Missing == b.Planes-1 {
			b.Passes = 1
		}
		b.Height = min(64, (len(data)/2+b.Width-1)/b.Width)
		if b.Height == 0 {
			return
		}
		src := make([]int32, b.Width*b.Height)
		for i := range min(len(src), len(data)/2) {
			v := int32(data[2*i]) | int32(data[2*i+1]&0x7F)<<8
			if src[i] = v & (1<<b.Planes - 1); data[2*i+1] > 0x7F {
				src[i] = -src[i]
			}
		}
		Encode(&b, src, b.Width)
		got := make([]int32, len(src))
		if err := d.Decode(got, b.Width, b); err != nil {
			t.Fatalf("%s: %v", say(b), err)
		}
		for i, v := range expected(b, src, b.Width) {
			if got[i] != v {
				t.Fatalf("%s: sample %d of %d is %d, not %d", say(b), i, src[i], got[i], v)
			}
		}
	})
}
