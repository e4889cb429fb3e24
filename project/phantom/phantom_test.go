package phantom

import (
	"context"
	"testing"
)

func BenchmarkCompute(b *testing.B) {
	for b.Loop() {
		if _, _, err := Compute(context.Background(), Options{Seed: 1, Size: [3]int{160, 160, 80}}, nil); err != nil {
			b.Fatal(err)
		}
	}
}
