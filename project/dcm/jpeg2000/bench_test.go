package jpeg2000_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// BenchmarkDecodeFrame decodes one frame on one core. MB are decoded bytes.
func BenchmarkDecodeFrame(b *testing.B) {
	for _, bits := range []int{8, 12, 16} {
		for _, components := range []int{1, 3} {
			for _, style := range []string{"reversible", "irreversible", "HT"} {
				if components == 3 && bits > 8 {
					continue
				}
				b.Run(fmt.Sprintf("%d bit x %d %s", bits, components, style), func(b *testing.B) {
					benchmarkFrame(b, bits, components, style)
				})
			}
		}
	}
}

func benchmarkFrame(b *testing.B, bits, components int, style string) {
	const size = 512
	m := &encode.Image{X1: size, Y1: size}
	r := rand.New(rand.NewPCG(1, 1))
	for n := range components {
		m.Components = append(m.Components, encode.Component{Bits: bits, Samples: make([]int32, size*size)})
		corpus.Fill(r, m, n)
	}
	o := encode.Options{Coding: encode.Coding{Levels: 5, Irreversible: style == "irreversible"}, Transform: components == 3}
	if style == "HT" {
		o.Style = encode.HighThroughput
	}
	stream, err := encode.Encode(m, o)
	if err != nil {
		b.Fatal(err)
	}
	shape := jpeg2000.Shape{Rows: size, Columns: size, Components: components, Bytes: (bits + 7) / 8}
	dst := make([]byte, size*size*components*shape.Bytes)
	b.SetBytes(int64(len(dst)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := jpeg2000.DecodeFrame(dst, stream, shape, jpeg2000.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
