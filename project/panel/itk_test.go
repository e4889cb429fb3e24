package panel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hotlight/project/segmentation"
)

// ITK's own STAPLE gives the same performances on random masks. It is compiled here, which takes some seconds: a test for long campaigns (make soak).
func TestStapleAgreesWithITK(t *testing.T) {
	if os.Getenv("HOTLIGHT_SOAK") == "" {
		t.Skip("compiling ITK's STAPLE is left to make soak; its published numbers are in the self-test")
	}
	headers, _ := filepath.Glob("/usr/include/ITK-*")
	if len(headers) == 0 {
		t.Skip("ITK's headers are not here, so there is no second opinion")
	}
	version := strings.TrimPrefix(filepath.Base(headers[0]), "ITK-")
	tool := filepath.Join(t.TempDir(), "staple")
	args := []string{"-O2", "-w", "-I" + headers[0], filepath.Join("testdata", "staple.cpp"), "-o", tool}
	for _, library := range []string{"ITKCommon", "itkvnl", "itkvnl_algo", "ITKVNLInstantiation", "itksys"} {
		args = append(args, "-l"+library+"-"+version)
	}
	if out, err := exec.Command("g++", args...).CombinedOutput(); err != nil {
		t.Skipf("ITK's STAPLE does not compile here: %s", out)
	}
	r := rand.New(rand.NewPCG(51, 1))
	for n := range 20 {
		size := [3]int{10 + r.IntN(50), 8 + r.IntN(20), 2 + r.IntN(10)}
		compareWithITK(t, tool, size, noisyReaders(r, size, 2+n%4))
	}
}

func compareWithITK(t *testing.T, tool string, size [3]int, masks []*segmentation.Mask) {
	t.Helper()
	var raw []byte
	for _, m := range masks {
		for v := range size[0] * size[1] * size[2] {
			set := byte(0)
			if m.At(v%size[0], v/size[0]%size[1], v/size[0]/size[1]) {
				set = 1
			}
			raw = append(raw, set)
		}
	}
	path := filepath.Join(t.TempDir(), "masks.raw")
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(tool, fmt.Sprint(size[0]), fmt.Sprint(size[1]), fmt.Sprint(size[2]), fmt.Sprint(len(masks)), path).Output()
	if err != nil {
		t.Fatal(err)
	}
	var said []float64
	for _, word := range strings.Fields(string(out)) {
		v, err := strconv.ParseFloat(word, 64)
		if err != nil {
			t.Fatal(err)
		}
		said = append(said, v)
	}
	s, err := EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, size[2] - 1})
	if err != nil {
		t.Fatal(err)
	}
	agree := func(what string, got, want, tolerance float64) {
		if !near(got, want, tolerance) {
			t.Errorf("%s is %v, ITK says %v", what, got, want)
		}
	}
	agree("iterations", float64(s.Iterations), said[0], 1) // rounding may end ITK's sums a step earlier or later
	for i := range masks {
		agree("sensitivity", s.Sensitivity[i], said[1+2*i], 1e-5)
		agree("specificity", s.Specificity[i], said[2+2*i], 1e-5)
	}
	taken, _ := s.Mask(masks, 0.5)
	agree("voxels", float64(taken.Count()), said[len(said)-1], 0)
}

// noisyReaders draws n masks around the same ellipsoid, each with its own errors.
func noisyReaders(r *rand.Rand, size [3]int, n int) []*segmentation.Mask {
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
