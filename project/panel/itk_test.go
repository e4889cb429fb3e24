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
		compareWithITK(t, tool, size, readers(r, size, 2+n%4))
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
	s, err := count(t, masks...).Staple(StapleOptions{WholeGrid: true})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "iterations", float64(s.Iterations), said[0], 1) // rounding may end ITK's float sums a step earlier or later
	for i := range masks {
		near(t, "sensitivity", s.Sensitivity[i], said[1+2*i], 1e-5)
		near(t, "specificity", s.Specificity[i], said[2+2*i], 1e-5)
	}
	near(t, "voxels", float64(s.Volume), said[len(said)-1], 0)
}
