package metrics

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project/segmentation"
)

// itkPair is pair n of those whose numbers are stored: the same in every run.
func itkPair(n int) (a, b *segmentation.Mask, s Space) {
	return insidePair(rand.New(rand.NewPCG(77, uint64(n))))
}

// insidePair is anisotropic and leaves the border of the image free, where programs differ.
func insidePair(r *rand.Rand) (a, b *segmentation.Mask, s Space) {
	size := [3]int{10 + r.IntN(60), 8 + r.IntN(30), 6 + r.IntN(20)}
	s = Space{SpacingMM: [3]float64{0.3 + 2*r.Float64(), 0.3 + 2*r.Float64(), 0.5 + 5*r.Float64()}}
	a = insideBlob(r, size)
	if r.IntN(2) == 0 {
		return a, insideBlob(r, size), s
	}
	move := [3]int{r.IntN(3) - 1, r.IntN(3) - 1, r.IntN(3) - 1} // the same blob, moved, with a bite taken out
	bite := r.IntN(size[0])
	b = maskOf(size, func(i, j, k int) bool {
		at := [3]int{i - move[0], j - move[1], k - move[2]}
		for n := range at {
			if at[n] < 0 || at[n] >= size[n] {
				return false
			}
		}
		return i != bite && a.At(at[0], at[1], at[2])
	})
	if b.Count() == 0 {
		b = a
	}
	return a, b, s
}

// What ITK 5.2.1 said of 12 pairs is stored, as testdata/surfaces.cpp printed it; in long campaigns it is compiled and asked again, and about 50 more.
func TestSurfaceDistancesAgreeWithITK(t *testing.T) {
	stored, err := os.ReadFile(filepath.Join("testdata", "surfaces-itk.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for n, line := range strings.Split(strings.TrimSpace(string(stored)), "\n") {
		a, b, s := itkPair(n)
		agreeWithITK(t, fmt.Sprintf("stored pair %d", n), a, b, s, line)
	}
	if os.Getenv("HOTLIGHT_SOAK") == "" {
		t.Log("asking ITK anew is left to make soak")
		return
	}
	tool := compiledWithITK(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 7))
	for n := range 62 {
		a, b, s := insidePair(r)
		if n < 12 {
			a, b, s = itkPair(n)
		}
		agreeWithITK(t, fmt.Sprintf("pair %d", n), a, b, s, askITK(t, tool, a, b, s))
	}
}

func agreeWithITK(t *testing.T, what string, a, b *segmentation.Mask, s Space, line string) {
	t.Helper()
	got, err := Pair{Reference: a, Test: b, Space: s, Surface: VoxelFace, ToleranceMM: peerToleranceMM}.Masks("dice", "hausdorff", "masd", "hd95", "hd95_pooled", "assd", "nsd")
	if err != nil {
		t.Fatal(err)
	}
	words := strings.Fields(line)
	for n, name := range []string{"dice", "hausdorff", "masd", "hd95", "hd95_pooled", "assd", "nsd"} {
		near(t, what+" "+name, got[name].Value, parsed(t, []byte(words[n])), 1e-5)
	}
}

// compiledWithITK compiles the program that asks ITK, which takes some seconds.
func compiledWithITK(t *testing.T) string {
	t.Helper()
	headers, _ := filepath.Glob("/usr/include/ITK-*")
	if len(headers) == 0 {
		t.Skip("ITK's headers are not here, so there is no second opinion")
	}
	version := strings.TrimPrefix(filepath.Base(headers[0]), "ITK-")
	tool := filepath.Join(t.TempDir(), "surfaces")
	args := []string{"-O2", "-w", "-I" + headers[0], filepath.Join("testdata", "surfaces.cpp"), "-o", tool}
	for _, library := range []string{"ITKCommon", "itkvnl", "itkvnl_algo", "ITKVNLInstantiation", "itksys"} {
		args = append(args, "-l"+library+"-"+version)
	}
	if out, err := exec.Command("g++", args...).CombinedOutput(); err != nil {
		t.Skipf("ITK does not compile here: %s", out)
	}
	return tool
}

func askITK(t *testing.T, tool string, a, b *segmentation.Mask, s Space) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "pair.raw")
	write(t, path, append(bytesOf(a), bytesOf(b)...))
	var args []string
	for _, v := range a.Size() {
		args = append(args, fmt.Sprint(v))
	}
	for _, v := range s.SpacingMM {
		args = append(args, fmt.Sprintf("%.17g", v))
	}
	out, err := exec.Command(tool, append(args, fmt.Sprint(peerToleranceMM), path)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
