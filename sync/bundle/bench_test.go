package bundle_test

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
)

// studyMasks imitates what a reader draws in 512 x 512 x 300: an organ and a lesion as bricks of 4 KiB with runs of set bits.
// The organ's outline is ragged; most bricks inside it are full and travel once, as brick tables do.
func studyMasks(organBricks int) [][]byte {
	rng := rand.New(rand.NewPCG(1, 2))
	mask := func(bricks int) []byte {
		b := make([]byte, bricks*4096)
		for row := 0; row < len(b); row += 8 {
			lo, hi := rng.IntN(30), 34+rng.IntN(30)
			for bit := lo; bit < hi; bit++ {
				b[row+bit/8] |= 1 << (bit % 8)
			}
		}
		return b
	}
	return [][]byte{mask(organBricks), mask(4)}
}

func BenchmarkSealStudy(b *testing.B) {
	p := bundletest.NewProject(b)
	for _, bricks := range []int{100, 1000} {
		masks := studyMasks(bricks)
		d := p.Read(b, p.Ann, 1, 1, project.Hash{}, masks...)
		b.Run(fmt.Sprintf("%d_bricks", bricks), func(b *testing.B) {
			size := 0
			for _, m := range masks {
				size += len(m)
			}
			b.SetBytes(int64(size))
			for b.Loop() {
				if _, err := bundle.Seal(io.Discard, p.Trust, p.Ann, d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkVerifyStudy(b *testing.B) {
	p := bundletest.NewProject(b)
	raw, _ := seal(b, p, p.Ann, p.Read(b, p.Ann, 1, 1, project.Hash{}, studyMasks(1000)...))
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		if _, err := verify(raw, p.Trust); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOpenStudy(b *testing.B) {
	p := bundletest.NewProject(b)
	raw, _ := seal(b, p, p.Ann, p.Read(b, p.Ann, 1, 1, project.Hash{}, studyMasks(1000)...))
	dir := b.TempDir()
	b.SetBytes(int64(len(raw)))
	for b.Loop() {
		o, err := bundle.Open(bytes.NewReader(raw), int64(len(raw)), p.Lead, p.Trust, dir)
		if err != nil {
			b.Fatal(err)
		}
		o.Close()
	}
}
