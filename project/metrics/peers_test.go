package metrics

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"hotlight/project/segmentation"
)

// opinion is what testdata/surfaces.py says of one pair.
type opinion struct {
	Dice float64                                               `json:"dice"`
	Face struct{ HD, HD95, Pooled95, ASSD, MASD, NSD float64 } `json:"voxel_face"`
	Full struct{ HD, HD95, Pooled95, ASSD, MASD, NSD float64 } `json:"voxel_full"`
	Area *struct{ HD, HD95, ASSD, NSD float64 }                `json:"surfel_area"`
}

const peerToleranceMM = 1.5

// Dice, Hausdorff, HD95 in both definitions, ASSD, MASD and NSD are scipy's on 50 random anisotropic pairs, and surface-distance's where it is installed.
func TestSurfaceDistancesAgreeWithSciPy(t *testing.T) {
	python := pythonWith(t, "scipy.ndimage")
	r := rand.New(rand.NewPCG(50, 5))
	var work struct {
		Pairs []struct {
			Shape   []int     `json:"shape"`
			Spacing []float64 `json:"spacing"`
			Offset  int       `json:"offset"`
		} `json:"pairs"`
		Tolerance float64 `json:"tolerance"`
	}
	work.Tolerance = peerToleranceMM
	work.Pairs = make([]struct {
		Shape   []int     `json:"shape"`
		Spacing []float64 `json:"spacing"`
		Offset  int       `json:"offset"`
	}, 50)
	var data bytes.Buffer
	var masks [][2]*segmentation.Mask
	var spaces []Space
	for n := range work.Pairs {
		a, b, s := somePair(r, n)
		masks, spaces = append(masks, [2]*segmentation.Mask{a, b}), append(spaces, s)
		size, p := a.Size(), &work.Pairs[n]
		p.Offset = data.Len()
		p.Shape, p.Spacing = []int{size[2], size[1], size[0]}, []float64{s.SpacingMM[2], s.SpacingMM[1], s.SpacingMM[0]}
		if s.Planar {
			p.Shape, p.Spacing = p.Shape[1:], p.Spacing[1:]
		}
		data.Write(bytesOf(a))
		data.Write(bytesOf(b))
	}
	dir := t.TempDir()
	asked, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "pairs.json"), asked)
	write(t, filepath.Join(dir, "pairs.raw"), data.Bytes())
	answer, err := exec.Command(python, filepath.Join("testdata", "surfaces.py"), filepath.Join(dir, "pairs.json"), filepath.Join(dir, "pairs.raw")).Output()
	if err != nil {
		t.Fatal(err)
	}
	var opinions []opinion
	if err := json.Unmarshal(answer, &opinions); err != nil {
		t.Fatal(err)
	}
	withAreas := 0
	for n, o := range opinions {
		agreeOn(t, fmt.Sprintf("pair %d", n), masks[n], spaces[n], o)
		if o.Area != nil {
			withAreas++
		}
	}
	t.Logf("%d pairs compared with scipy, %d with surface-distance", len(opinions), withAreas)
}

func agreeOn(t *testing.T, what string, m [2]*segmentation.Mask, s Space, o opinion) {
	t.Helper()
	overlap, err := Count(m[0], m[1])
	if err != nil {
		t.Fatal(err)
	}
	near(t, what+" Dice", overlap.Dice().Value, o.Dice, 1e-12)
	for _, c := range []struct {
		surface Surface
		want    struct{ HD, HD95, Pooled95, ASSD, MASD, NSD float64 }
	}{{VoxelFace, o.Face}, {VoxelFull, o.Full}} {
		d := distances(t, m[0], m[1], s, c.surface)
		name := what + " " + string(c.surface)
		near(t, name+" HD", d.Hausdorff().Value, c.want.HD, 1e-9)
		near(t, name+" HD95", d.HausdorffPercentile(95).Value, c.want.HD95, 1e-9)
		near(t, name+" pooled HD95", d.PooledPercentile(95).Value, c.want.Pooled95, 1e-9)
		near(t, name+" ASSD", d.ASSD().Value, c.want.ASSD, 1e-9)
		near(t, name+" MASD", d.MASD().Value, c.want.MASD, 1e-9)
		near(t, name+" NSD", d.NSD(peerToleranceMM).Value, c.want.NSD, 1e-9)
	}
	if o.Area != nil {
		d := distances(t, m[0], m[1], s, SurfelArea)
		near(t, what+" surfel HD", d.Hausdorff().Value, o.Area.HD, 1e-9)
		near(t, what+" surfel HD95", d.HausdorffPercentile(95).Value, o.Area.HD95, 1e-9)
		near(t, what+" surfel ASSD", d.ASSD().Value, o.Area.ASSD, 1e-9)
		near(t, what+" surfel NSD", d.NSD(peerToleranceMM).Value, o.Area.NSD, 1e-9)
	}
}

var plastimatchLine = regexp.MustCompile(`(?m)^(DICE:|Hausdorff distance \(boundary\) =|Avg average Hausdorff distance \(boundary\) =)\s+([0-9.]+)`)

// plastimatch computes Dice, the Hausdorff distance and the mean of the directed means between face borders in its own C++. It takes no border
// where a mask leaves the image, so the masks stay inside; its distance map is off by some 1e-3 mm at times.
func TestDiceAndHausdorffAgreeWithPlastimatch(t *testing.T) {
	tool, err := exec.LookPath("plastimatch")
	if err != nil {
		t.Skip("plastimatch is not here, so there is no third opinion")
	}
	r := rand.New(rand.NewPCG(12, 5))
	for n := range rounds(8, 50) {
		size := [3]int{10 + r.IntN(80), 8 + r.IntN(30), 6 + r.IntN(20)}
		s := Space{SpacingMM: [3]float64{0.3 + 2*r.Float64(), 0.3 + 2*r.Float64(), 0.5 + 5*r.Float64()}}
		a, b := insideBlob(r, size), insideBlob(r, size)
		dir := t.TempDir()
		writeMHA(t, filepath.Join(dir, "a.mha"), a, s)
		writeMHA(t, filepath.Join(dir, "b.mha"), b, s)
		out, err := exec.Command(tool, "dice", "--all", filepath.Join(dir, "a.mha"), filepath.Join(dir, "b.mha")).CombinedOutput()
		if err != nil {
			t.Fatal(err)
		}
		found := plastimatchLine.FindAllSubmatch(out, -1)
		if len(found) != 3 {
			t.Fatalf("plastimatch does not print what it used to: %s", out)
		}
		overlap, err := Count(a, b)
		if err != nil {
			t.Fatal(err)
		}
		near(t, fmt.Sprintf("pair %d Dice", n), overlap.Dice().Value, parsed(t, found[0][2]), 1e-5)
		d := distances(t, a, b, s, VoxelFace)
		near(t, fmt.Sprintf("pair %d Hausdorff", n), d.Hausdorff().Value, parsed(t, found[1][2]), 1e-4)
		near(t, fmt.Sprintf("pair %d MASD", n), d.MASD().Value, parsed(t, found[2][2]), 2e-3)
	}
}

func distances(t testing.TB, a, b *segmentation.Mask, s Space, d Surface) *Distances {
	t.Helper()
	out, err := Surfaces(a, b, s, d)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// pythonWith returns a python3 that has a module, or skips the test.
func pythonWith(t *testing.T, module string) string {
	t.Helper()
	for _, python := range []string{"python3", "/usr/bin/python3"} {
		if exec.Command(python, "-c", "import numpy, "+module).Run() == nil {
			return python
		}
	}
	t.Skipf("python3 with numpy and %s is not here, so there is no second opinion", module)
	return ""
}

func bytesOf(m *segmentation.Mask) []byte {
	size := m.Size()
	var out []byte
	for k := range size[2] {
		for j := range size[1] {
			for i := range size[0] {
				v := byte(0)
				if m.At(i, j, k) {
					v = 1
				}
				out = append(out, v)
			}
		}
	}
	return out
}

func writeMHA(t *testing.T, path string, m *segmentation.Mask, s Space) {
	t.Helper()
	text := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
	size := m.Size()
	header := fmt.Sprintf("ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nOffset = 0 0 0\nElementSpacing = %s %s %s\n"+
		"DimSize = %d %d %d\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n", text(s.SpacingMM[0]), text(s.SpacingMM[1]), text(s.SpacingMM[2]), size[0], size[1], size[2])
	write(t, path, append([]byte(header), bytesOf(m)...))
}

func write(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

func parsed(t *testing.T, text []byte) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		t.Fatal(err)
	}
	if math.IsNaN(v) {
		t.Fatal("not a number")
	}
	return v
}
