package panel

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// grid is one that bricks do not divide, with voxels of 0.5 x 1 x 3 mm.
func grid(size [3]int) *volume.Geometry {
	return &volume.Geometry{Size: size, Spacing: mgl64.Vec3{0.5, 1, 3}, Direction: mgl64.Ident3()}
}

// blob is a ball around a place near the middle, with a ragged surface.
func blob(rng *rand.Rand, size [3]int) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(size))
	var c [3]float64
	for a := range c {
		c[a] = float64(size[a]) * (0.4 + 0.2*rng.Float64())
	}
	r := 0.2 + 0.15*rng.Float64()
	for k := range size[2] {
		for j := range size[1] {
			for i := range size[0] {
				d := 0.0
				for a, x := range [3]int{i, j, k} {
					d += math.Pow((float64(x)-c[a])/float64(size[a]), 2)
				}
				if math.Sqrt(d) < r+0.03*rng.Float64() {
					b.Set(i, j, k)
				}
			}
		}
	}
	return b.Mask()
}

func blobs(seed uint64, n int, size [3]int) []*segmentation.Mask {
	rng := rand.New(rand.NewPCG(seed, 7))
	var out []*segmentation.Mask
	for range n {
		out = append(out, blob(rng, size))
	}
	return out
}

// plane makes a mask of one slice from rows of 0 and 1.
func plane(rows [][]int) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask([3]int{len(rows[0]), len(rows), 1}))
	for j, row := range rows {
		for i, v := range row {
			if v != 0 {
				b.Set(i, j, 0)
			}
		}
	}
	return b.Mask()
}

func eachVoxel(size [3]int, visit func(i, j, k int)) {
	for k := range size[2] {
		for j := range size[1] {
			for i := range size[0] {
				visit(i, j, k)
			}
		}
	}
}

func TestVotesCountEachVoxel(t *testing.T) {
	size := [3]int{70, 66, 9}
	for n := 1; n <= MaxReaders; n += 3 {
		masks := blobs(uint64(n), n, size)
		for _, k := range []int{1, n/2 + 1, n} {
			got, err := Votes(masks, k)
			if err != nil || got.Check() != nil {
				t.Fatal(err, got.Check())
			}
			eachVoxel(size, func(i, j, x int) {
				votes := 0
				for _, m := range masks {
					if m.At(i, j, x) {
						votes++
					}
				}
				if got.At(i, j, x) != (votes >= k) {
					t.Fatalf("%d of %d at %d,%d,%d with %d votes: %v", k, n, i, j, x, votes, got.At(i, j, x))
				}
			})
		}
	}
}

func TestUnionHoldsMajorityHoldsIntersection(t *testing.T) {
	for seed := range uint64(12) {
		masks := blobs(seed, 1+int(seed%6), [3]int{65, 40, 10})
		union, _ := Union(masks)
		inter, _ := Intersection(masks)
		in, tied, err := Majority(masks)
		if err != nil {
			t.Fatal(err)
		}
		for name, pair := range map[string][2]*segmentation.Mask{"union and majority": {in, union}, "union and ties": {tied, union}, "majority and intersection": {inter, in}} {
			if left, _ := segmentation.Subtract(pair[0], pair[1]); left.Count() != 0 {
				t.Errorf("seed %d, %s: %d voxels outside", seed, name, left.Count())
			}
		}
		if both, _ := segmentation.CountBoth(in, tied); both != 0 {
			t.Errorf("seed %d: %d voxels are in and tied", seed, both)
		}
		if len(masks)%2 == 1 && tied.Count() != 0 {
			t.Errorf("seed %d: an odd number of readers cannot tie", seed)
		}
	}
}

func TestATieIsUndecidedNotBackground(t *testing.T) {
	a, b := plane([][]int{{1, 1, 0, 0}}), plane([][]int{{0, 1, 1, 0}})
	in, tied, err := Majority([]*segmentation.Mask{a, b})
	if err != nil || !in.Equal(plane([][]int{{0, 1, 0, 0}})) || !tied.Equal(plane([][]int{{1, 0, 1, 0}})) {
		t.Errorf("in %d, tied %d, %v", in.Count(), tied.Count(), err)
	}
}

func TestMasksThatCannotBeCombined(t *testing.T) {
	a, b := segmentation.NewMask([3]int{3, 3, 3}), segmentation.NewMask([3]int{3, 3, 4})
	if _, err := Union([]*segmentation.Mask{a, b}); !errors.Is(err, segmentation.ErrGrid) {
		t.Errorf("other grids: %v", err)
	}
	if _, err := Union(nil); err == nil {
		t.Error("no masks are accepted")
	}
	if _, _, err := Majority(make([]*segmentation.Mask, MaxReaders+1)); err == nil {
		t.Error("too many are accepted")
	}
}

// plainStaple is the method as the paper writes it, a voxel at a time.
func plainStaple(d [][]bool) (p, q, w []float64, iterations int) {
	readers, voxels := len(d), len(d[0])
	p, q, w = make([]float64, readers), make([]float64, readers), make([]float64, voxels)
	prior := 0.0
	for v := range w {
		for r := range d {
			if d[r][v] {
				w[v] += 1 / float64(readers)
			}
		}
		prior += w[v] / float64(voxels)
	}
	for {
		still := iterations > 0
		for r := range d {
			var a, b, c, e float64
			for v := range w {
				b, e = b+w[v], e+1-w[v]
				if d[r][v] {
					a += w[v]
				} else {
					c += 1 - w[v]
				}
			}
			if math.Pow(p[r]-a/b, 2) > 1e-14 || math.Pow(q[r]-c/e, 2) > 1e-14 {
				still = false
			}
			p[r], q[r] = a/b, c/e
		}
		for v := range w {
			front, back := prior, 1-prior
			for r := range d {
				if d[r][v] {
					front, back = front*p[r], back*(1-q[r])
				} else {
					front, back = front*(1-p[r]), back*q[r]
				}
			}
			w[v] = front / (front + back)
		}
		if still {
			return p, q, w, iterations
		}
		iterations++
	}
}

func near(a, b, tolerance float64) bool { return math.Abs(a-b) <= tolerance }

func TestStapleIsThatOfThePaper(t *testing.T) {
	size := [3]int{40, 36, 9}
	for seed := range uint64(6) {
		masks := blobs(seed, 2+int(seed%4), size)
		d := make([][]bool, len(masks))
		for r, m := range masks {
			eachVoxel(size, func(i, j, k int) { d[r] = append(d[r], m.At(i, j, k)) })
		}
		p, q, w, _ := plainStaple(d)
		s, err := EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, size[2] - 1})
		if err != nil || !s.Converged {
			t.Fatal(err, s)
		}
		for r := range p {
			if !near(s.Sensitivity[r], p[r], 1e-5) || !near(s.Specificity[r], q[r], 1e-5) {
				t.Errorf("seed %d, reader %d: got %g %g, want %g %g", seed, r, s.Sensitivity[r], s.Specificity[r], p[r], q[r])
			}
		}
		for v := range w {
			pattern := 0
			for r := range d {
				if d[r][v] {
					pattern |= 1 << r
				}
			}
			if !near(s.Probability[pattern], w[v], 1e-5) {
				t.Fatalf("seed %d: pattern %b: got %g, want %g", seed, pattern, s.Probability[pattern], w[v])
			}
		}
	}
}

// vector is a worked example of itkSTAPLEImageFilter (ITK 5.2.1).
type vector struct {
	ID     string `json:"id"`
	Metric string `json:"metric"`
	Input  struct {
		Masks [][][]int `json:"masks"`
	} `json:"input"`
	Expected struct {
		Sensitivity []float64   `json:"sensitivity"`
		Specificity []float64   `json:"specificity"`
		Probability [][]float64 `json:"probability"`
		Consensus   [][]int     `json:"consensus_0.5"`
		Majority    [][]int     `json:"majority_strict"`
		Tied        int64       `json:"tie_voxels"`
		Iterations  int         `json:"iterations"`
	} `json:"expected"`
}

func TestStapleIsThatOfITK(t *testing.T) {
	var file struct {
		Vectors []json.RawMessage `json:"vectors"`
	}
	if err := json.Unmarshal(shared(t, "metrics/vectors.json"), &file); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, raw := range file.Vectors {
		var v vector
		var head struct {
			Metric string `json:"metric"`
		}
		if json.Unmarshal(raw, &head) != nil || head.Metric != "staple" {
			continue
		}
		if err := json.Unmarshal(raw, &v); err != nil {
			t.Fatal(err)
		}
		seen++
		var masks []*segmentation.Mask
		for _, rows := range v.Input.Masks {
			masks = append(masks, plane(rows))
		}
		size := masks[0].Size()
		s, err := EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, 0})
		if err != nil {
			t.Fatal(err)
		}
		if s.Iterations != v.Expected.Iterations {
			t.Errorf("%s: %d iterations, ITK %d", v.ID, s.Iterations, v.Expected.Iterations)
		}
		for r := range masks {
			if !near(s.Sensitivity[r], v.Expected.Sensitivity[r], 1e-6) || !near(s.Specificity[r], v.Expected.Specificity[r], 1e-6) {
				t.Errorf("%s, reader %d: got %g %g, ITK %g %g", v.ID, r, s.Sensitivity[r], s.Specificity[r], v.Expected.Sensitivity[r], v.Expected.Specificity[r])
			}
		}
		eachVoxel(size, func(i, j, k int) {
			pattern := 0
			for r, m := range masks {
				if m.At(i, j, k) {
					pattern |= 1 << r
				}
			}
			if !near(s.Probability[pattern], v.Expected.Probability[j][i], 1e-6) {
				t.Errorf("%s at %d,%d: got %g, ITK %g", v.ID, i, j, s.Probability[pattern], v.Expected.Probability[j][i])
			}
		})
		if m, ok := s.Mask(masks, 0.5); !ok || !m.Equal(plane(v.Expected.Consensus)) {
			t.Errorf("%s: the mask is not ITK's", v.ID)
		}
		if in, tied, _ := Majority(masks); !in.Equal(plane(v.Expected.Majority)) || tied.Count() != v.Expected.Tied {
			t.Errorf("%s: the majority is not ITK's", v.ID)
		}
	}
	if seen != 3 {
		t.Errorf("%d vectors of staple", seen)
	}
}

// shared reads a file of the folder that lies beside the repository, or skips.
func shared(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if b, err := os.ReadFile(filepath.Join(dir, "shared", name)); err == nil {
			return b
		}
		if dir == filepath.Dir(dir) {
			t.Skipf("shared/%s is not there", name)
		}
	}
}

func TestStapleOfNothingOrEverything(t *testing.T) {
	empty, full := segmentation.NewMask([3]int{4, 4, 1}), segmentation.Invert(segmentation.NewMask([3]int{4, 4, 1}))
	for name, masks := range map[string][]*segmentation.Mask{"nothing": {empty, empty}, "everything": {full, full}} {
		if _, err := EstimateStaple(masks, [3]int{}, [3]int{3, 3, 0}); project.KindOf(err) != project.Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestSimpleDropsTheOutlier(t *testing.T) {
	good := plane([][]int{{0, 1, 1, 1, 1, 0, 0, 0, 0, 0}})
	wide := plane([][]int{{1, 1, 1, 1, 1, 0, 0, 0, 0, 0}})
	off := plane([][]int{{0, 0, 0, 0, 0, 0, 1, 1, 1, 1}})
	// Round 1: Dice with the majority (good) is 1, 8/9, 1, 0: mean 0.722, deviation 0.417; off is below 0.305 and goes.
	// Round 2: 1, 8/9, 1: mean 0.963, deviation 0.052; wide is below 0.911 and goes. Round 3: two equal readers stay.
	m, s, err := SelectSimple([]*segmentation.Mask{good, wide, good, off})
	if err != nil || !m.Equal(good) || !s.Converged || s.Iterations != 3 || fmt.Sprint(s.Weights) != "[1 0 1 0]" || s.Tied.Count() != 0 {
		t.Errorf("%d voxels, %+v, %v", m.Count(), s, err)
	}
}

func TestShapeAverageByHand(t *testing.T) {
	// Along one row of 1 mm voxels, one reader ends after voxel 3, the other after voxel 7. Signed distances to the nearest centre on the other side: at voxel 5 it is +2 for
	// the first and -3 for the second, mean -0.5: in. At voxel 6: +3 and -2: out.
	g := &volume.Geometry{Size: [3]int{12, 1, 1}, Spacing: mgl64.Vec3{1, 10, 10}, Direction: mgl64.Ident3()}
	a, b := plane([][]int{{1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0}}), plane([][]int{{1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0}})
	in, tied, err := ShapeAverage([]*segmentation.Mask{a, b}, g, 0)
	if err != nil || !in.Equal(plane([][]int{{1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0}})) || tied.Count() != 0 {
		t.Errorf("in %d, tied %d, %v", in.Count(), tied.Count(), err)
	}
	// Apart by one voxel, that voxel is +1 and -1: on the border, and so undecided.
	c := plane([][]int{{1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0}})
	if _, tied, _ := ShapeAverage([]*segmentation.Mask{a, c}, g, 0); !tied.Equal(plane([][]int{{0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0}})) {
		t.Errorf("tied %d", tied.Count())
	}
	if _, _, err := ShapeAverage([]*segmentation.Mask{a, segmentation.NewMask(g.Size)}, g, 0); project.KindOf(err) != project.Invalid {
		t.Errorf("an empty mask: %v", err)
	}
	g.Uncalibrated = true
	if _, _, err := ShapeAverage([]*segmentation.Mask{a, b}, g, 0); project.KindOf(err) != project.Invalid {
		t.Errorf("pixels for millimetres: %v", err)
	}
}
