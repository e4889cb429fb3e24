package ht

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// laplacian is a block like those of a sub-band: most coefficients are small.
func laplacian(scale float64) []Magnitude {
	r := rand.New(rand.NewPCG(1, 2))
	src := make([]Magnitude, 64*64)
	for i := range src {
		v := int64(math.Log(1-r.Float64()) * -scale)
		if r.IntN(2) == 0 {
			v = -v
		}
		src[i] = MagnitudeOf(v, 0)
	}
	return src
}

// BenchmarkDecode says MB/s of samples of two bytes.
func BenchmarkDecode(b *testing.B) {
	for _, scale := range []float64{0.3, 1, 4, 16, 200} {
		for passes := 1; passes <= 3; passes += 2 {
			block := Block{Planes: 20, Missing: 19 - passes/2, Passes: passes, Width: 64, Height: 64}
			Encode(&block, laplacian(scale), 64)
			b.Run(fmt.Sprintf("%.1f-bits/%d-passes", float64(8*len(block.Data))/4096, passes), func(b *testing.B) {
				var d Decoder
				dst := make([]int32, 64*64)
				b.SetBytes(2 * 64 * 64)
				for b.Loop() {
					if err := d.Decode(dst, 64, block); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkDecodeWide says MB/s of samples of four bytes.
func BenchmarkDecodeWide(b *testing.B) {
	for _, scale := range []float64{1, 200, 1 << 24} {
		for passes := 1; passes <= 3; passes += 2 {
			block := Block{Planes: 36, Missing: 35 - passes/2, Passes: passes, Width: 64, Height: 64}
			Encode(&block, laplacian(scale), 64)
			b.Run(fmt.Sprintf("%.1f-bits/%d-passes", float64(8*len(block.Data))/4096, passes), func(b *testing.B) {
				var d Decoder
				dst := make([]int64, 64*64)
				b.SetBytes(4 * 64 * 64)
				for b.Loop() {
					if err := d.DecodeWide(dst, 64, block, 0); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
