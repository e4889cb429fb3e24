package panel

import (
	"errors"
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"hotlight/project/metrics"
	"hotlight/project/segmentation"
)

// readers draws n masks around the same ellipsoid, each with its own errors.
func readers(r *rand.Rand, size [3]int, n int) []*segmentation.Mask {
	var out []*segmentation.Mask
	for range n {
		b := segmentation.NewBuilder(segmentation.NewMask(size))
		grow, noise := 0.8+0.4*r.Float64(), 0.1*r.Float64()
		for k := range size[2] {
			for j := range size[1] {
				for i := range size[0] {
					x, y, z := float64(i)/float64(size[0])-0.5, float64(j)/float64(size[1])-0.5, (float64(k)+0.5)/float64(size[2])-0.5
					in := x*x+y*y+z*z < 0.09*grow
					if r.Float64() < noise {
						in = !in
					}
					if in {
						b.Set(i, j, k)
					}
				}
			}
		}
		out = append(out, b.Mask())
	}
	return out
}

func count(t testing.TB, masks ...*segmentation.Mask) *Patterns {
	t.Helper()
	p, err := CountPatterns(masks...)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// plain is STAPLE voxel by voxel, as the paper writes it.
func plain(masks []*segmentation.Mask) (p, q, w []float64, iterations int) {
	size := masks[0].Size()
	n := size[0] * size[1] * size[2]
	decision := make([][]bool, len(masks))
	w = make([]float64, n)
	for r, m := range masks {
		decision[r] = make([]bool, n)
		for v := range n {
			decision[r][v] = m.At(v%size[0], v/size[0]%size[1], v/size[0]/size[1])
			if decision[r][v] {
				w[v] += 1 / float64(len(masks))
			}
		}
	}
	prior := 0.0
	for _, v := range w {
		prior += v / float64(n)
	}
	p, q = make([]float64, len(masks)), make([]float64, len(masks))
	for ; iterations < 10000; iterations++ {
		change := 0.0
		for r := range masks {
			hit, spared, truth, rest := 0.0, 0.0, 0.0, 0.0
			for v, x := range w {
				truth += x
				rest += 1 - x
				if decision[r][v] {
					hit += x
				} else {
					spared += 1 - x
				}
			}
			change = max(change, math.Pow(hit/truth-p[r], 2), math.Pow(spared/rest-q[r], 2))
			p[r], q[r] = hit/truth, spared/rest
		}
		for v := range w {
			yes, no := prior, 1-prior
			for r := range masks {
				if decision[r][v] {
					yes, no = yes*p[r], no*(1-q[r])
				} else {
					yes, no = yes*(1-p[r]), no*q[r]
				}
			}
			w[v] = yes / (yes + no)
		}
		if iterations > 0 && change <= 1e-14 {
			break
		}
	}
	return p, q, w, iterations
}

// By patterns and voxel by voxel STAPLE says the same. ITK's own numbers are among the self-test's vectors.
func TestStapleByPatternsIsStaple(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for n := range 8 {
		size := [3]int{20 + r.IntN(60), 8 + r.IntN(12), 1 + r.IntN(10)}
		masks := readers(r, size, 2+n%4)
		s, err := count(t, masks...).Staple(StapleOptions{WholeGrid: true})
		if err != nil {
			t.Fatal(err)
		}
		p, q, w, iterations := plain(masks)
		if s.Iterations != iterations || !s.Converged {
			t.Errorf("%d iterations, plainly %d", s.Iterations, iterations)
		}
		for i := range p {
			near(t, "sensitivity", s.Sensitivity[i], p[i], 1e-9)
			near(t, "specificity", s.Specificity[i], q[i], 1e-9)
		}
		mask := s.Mask()
		for v, x := range w {
			i, j, k := v%size[0], v/size[0]%size[1], v/size[0]/size[1]
			pattern := 0
			for reader, m := range masks {
				if m.At(i, j, k) {
					pattern |= 1 << reader
				}
			}
			near(t, "probability", s.Probability[pattern], x, 1e-9)
			if pattern > 0 && mask.At(i, j, k) != (x >= 0.5) && math.Abs(x-0.5) > 1e-9 {
				t.Fatalf("voxel %d is %v with probability %v", v, mask.At(i, j, k), x)
			}
		}
		if s.Volume != mask.Count() {
			t.Errorf("the volume is %d, the mask has %d", s.Volume, mask.Count())
		}
	}
}

func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

// Counts and votes are those of looking at every voxel, also across words and bricks.
func TestVotesAreThoseOfEveryVoxel(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for n := range 12 {
		size := [3]int{1 + r.IntN(200), 1 + r.IntN(20), 1 + r.IntN(12)}
		masks := readers(r, size, 1+n%5)
		p := count(t, masks...)
		majority, ties := p.Majority()
		union, all := p.AtLeast(1), p.AtLeast(len(masks))
		counts := make([]int64, len(p.Counts))
		for k := range size[2] {
			for j := range size[1] {
				for i := range size[0] {
					pattern := 0
					for reader, m := range masks {
						if m.At(i, j, k) {
							pattern |= 1 << reader
						}
					}
					counts[pattern]++
					votes := bits.OnesCount(uint(pattern))
					if majority.At(i, j, k) != (2*votes > len(masks)) || ties.At(i, j, k) != (votes > 0 && 2*votes == len(masks)) ||
						union.At(i, j, k) != (votes > 0) || all.At(i, j, k) != (votes == len(masks)) {
						t.Fatalf("voxel (%d,%d,%d) with %d of %d votes is counted wrongly", i, j, k, votes, len(masks))
					}
				}
			}
		}
		for pattern := 1; pattern < len(counts); pattern++ {
			if counts[pattern] != p.Counts[pattern] {
				t.Errorf("pattern %b: %d voxels, want %d", pattern, p.Counts[pattern], counts[pattern])
			}
		}
		if ties.Count() != p.Ties() || union.Count() != p.Marked() {
			t.Errorf("%d ties and %d marked, masks of %d and %d", p.Ties(), p.Marked(), ties.Count(), union.Count())
		}
	}
}

func TestNobodyMarkedAnything(t *testing.T) {
	none := segmentation.NewMask([3]int{4, 5, 6})
	p := count(t, none, none, none)
	s, err := p.Staple(StapleOptions{})
	if err != nil || s.Status != metrics.BothEmpty || s.Mask().Count() != 0 || s.Ratio.Defined() {
		t.Errorf("%v, %v", s, err)
	}
	if m, ties := p.Majority(); m.Count() != 0 || ties.Count() != 0 {
		t.Error("a majority of nothing")
	}
}

// All readers agree: STAPLE agrees with them, whatever the field of view.
func TestStapleOfEqualMasks(t *testing.T) {
	m := readers(rand.New(rand.NewPCG(1, 2)), [3]int{30, 20, 5}, 1)[0]
	p := count(t, m, m, m)
	for name, o := range map[string]StapleOptions{"box": {}, "margin": {Margin: 3}, "grid": {WholeGrid: true}} {
		s, err := p.Staple(o)
		if err != nil {
			t.Fatal(err)
		}
		if !s.Mask().Equal(m) || s.Ratio.Value != 1 || s.Background {
			t.Errorf("%s: %d voxels of %d", name, s.Volume, m.Count())
		}
	}
	if _, err := p.Staple(StapleOptions{WholeGrid: true, Confidence: 1e6}); err == nil {
		t.Error("a prior above 1 gives no error")
	}
}

func TestMasksThatCannotBeCountedTogether(t *testing.T) {
	a, b := segmentation.NewMask([3]int{4, 4, 4}), segmentation.NewMask([3]int{4, 4, 5})
	if _, err := CountPatterns(a, b); !errors.Is(err, segmentation.ErrGrid) {
		t.Errorf("other grids: %v", err)
	}
	if _, err := CountPatterns(); err == nil {
		t.Error("no masks give no error")
	}
	if _, err := CountPatterns(make([]*segmentation.Mask, MaxReaders+1)...); err == nil {
		t.Error("too many masks give no error")
	}
}

func TestVotesOnLabels(t *testing.T) {
	for _, c := range []struct {
		name   string
		labels []string
		want   string
		ok     bool
	}{
		{"one reader", []string{"a"}, "a", true},
		{"two agree", []string{"a", "b", "a"}, "a", true},
		{"a tie", []string{"a", "b"}, "", false},
		{"a tie behind a winner", []string{"b", "c", "a", "a"}, "a", true},
		{"a tie at the top of five", []string{"a", "a", "b", "b", "c"}, "", false},
		{"nobody", nil, "", false},
	} {
		if got, ok := Plurality(c.labels); got != c.want || ok != c.ok {
			t.Errorf("%s: %q, %v", c.name, got, ok)
		}
	}
	if _, ok := Agreed([]int{1, 1, 2, 3}, 3); ok {
		t.Error("two of four are three")
	}
	if v, ok := Agreed([]int{1, 1, 1, 3}, 3); !ok || v != 1 {
		t.Error("three of four are not three")
	}
}

// BenchmarkStaple is three readers on 512 x 512 x 200 voxels, 52 million.
func BenchmarkStaple(b *testing.B) {
	size := [3]int{512, 512, 200}
	var masks []*segmentation.Mask
	for n := range 3 {
		build := segmentation.NewBuilder(segmentation.NewMask(size))
		for k := 20; k < 180; k++ {
			for j := 100; j < 400; j++ {
				half := int(math.Sqrt(max(0, 22500-float64((j-250)*(j-250)))))
				build.SetRow(250-half+n*3, 250+half-n, j, k)
			}
		}
		masks = append(masks, build.Mask())
	}
	for b.Loop() {
		s, err := count(b, masks...).Staple(StapleOptions{})
		if err != nil || !s.Converged {
			b.Fatal(err)
		}
		s.Mask()
	}
}
