package jpeg2000_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// conformance is one decoding of a stream of ITU-T T.803 | ISO/IEC 15444-4: what is compared with which reference, and how far apart they may be.
type conformance struct {
	stream, reference string // without suffixes
	reduce            int
	components        int // compared, from the first
	peak              []int
	mse               []float64 // of each component; nil for equality
}

// class1 are the tests of T.803 for the most exact class of decoders (tables C.6 and C.7), then those of the streams of Part 15 made from the same pictures,
// with the bounds that OpenHTJ2K's tests have from T.803 too.
var class1 = []conformance{
	{"p0_01", "c1p0_01", 0, 1, nil, nil},
	{"p0_02", "c1p0_02", 0, 1, nil, nil},
	{"p0_03", "c1p0_03", 0, 1, nil, nil},
	{"p0_04", "c1p0_04", 0, 3, []int{5, 4, 6}, []float64{0.776, 0.626, 1.070}},
	{"p0_05", "c1p0_05", 0, 4, []int{2, 2, 2, 0}, []float64{0.302, 0.307, 0.269, 0}},
	{"p0_06", "c1p0_06", 0, 4, []int{635, 403, 378, 0}, []float64{11287, 6124, 3968, 0}},
	{"p0_07", "c1p0_07", 0, 3, nil, nil},
	{"p0_08", "c1p0_08", 1, 3, nil, nil},
	{"p0_09", "c1p0_09", 0, 1, nil, nil},
	{"p0_10", "c1p0_10", 0, 3, nil, nil},
	{"p0_11", "c1p0_11", 0, 1, nil, nil},
	{"p0_12", "c1p0_12", 0, 1, nil, nil},
	{"p0_13", "c1p0_13", 0, 4, nil, nil},
	{"p0_14", "c1p0_14", 0, 3, nil, nil},
	{"p0_15", "c1p0_15", 0, 1, nil, nil},
	{"p0_16", "c1p0_16", 0, 1, nil, nil},
	{"p1_01", "c1p1_01", 0, 1, nil, nil},
	{"p1_02", "c1p1_02", 0, 3, []int{5, 4, 6}, []float64{0.765, 0.616, 1.051}},
	{"p1_03", "c1p1_03", 0, 4, []int{2, 2, 1, 0}, []float64{0.3, 0.210, 0.200, 0}},
	{"p1_04", "c1p1_04", 0, 1, []int{624}, []float64{3080}},
	{"p1_05", "c1p1_05", 0, 3, []int{40, 40, 40}, []float64{8.458, 9.816, 10.154}},
	{"p1_06", "c1p1_06", 0, 3, []int{2, 2, 2}, []float64{0.6, 0.6, 0.6}},
	{"p1_07", "c1p1_07", 0, 2, nil, nil},

	{"ds0_ht_01_b11", "c1p0_01", 0, 1, nil, nil},
	{"ds0_ht_02_b11", "c1p0_02", 0, 1, []int{1}, []float64{0.001}},
	{"ds0_ht_02_b12", "c1p0_02", 0, 1, nil, nil},
	{"ds0_ht_03_b11", "c1p0_03", 0, 1, []int{17}, []float64{0.15}},
	{"ds0_ht_03_b14", "c1p0_03", 0, 1, nil, nil},
	{"ds0_ht_04_b11", "c1p0_04", 0, 3, []int{7, 6, 8}, []float64{0.876, 0.726, 1.170}},
	{"ds0_ht_04_b12", "c1p0_04", 0, 3, []int{5, 4, 6}, []float64{0.776, 0.626, 1.070}},
	{"ds0_ht_05_b11", "c1p0_05", 0, 4, []int{2, 3, 3, 2}, []float64{0.319, 0.324, 0.318, 0.001}},
	{"ds0_ht_05_b12", "c1p0_05", 0, 4, []int{2, 2, 2, 0}, []float64{0.319, 0.323, 0.317, 0}},
	{"ds0_ht_06_b11", "c1p0_06", 0, 4, []int{3135, 403, 378, 200}, []float64{86287, 6124, 3968, 2000}},
	{"ds0_ht_06_b15", "c1p0_06", 0, 4, []int{635, 403, 378, 12}, []float64{11287, 6124, 3968, 10}},
	{"ds0_ht_06_b18", "c1p0_06", 0, 4, []int{635, 403, 378, 0}, []float64{11287, 6124, 3968, 0}},
	{"ds0_hm_06_b11", "c1p0_06", 0, 4, []int{635, 403, 378, 200}, []float64{11287, 6124, 3968, 2000}},
	{"ds0_hm_06_b18", "c1p0_06", 0, 4, []int{635, 403, 378, 0}, []float64{11287, 6124, 3968, 0}},
	{"ds0_ht_07_b11", "c1p0_07", 0, 3, []int{40, 40, 50}, []float64{25, 25, 25}},
	{"ds0_ht_07_b15", "c1p0_07", 0, 3, []int{2, 2, 2}, []float64{0.075, 0.05, 0.075}},
	{"ds0_ht_07_b16", "c1p0_07", 0, 3, nil, nil},
	{"ds0_ht_08_b11", "c1p0_08", 1, 3, []int{40, 40, 40}, []float64{45, 30, 45}},
	{"ds0_ht_08_b15", "c1p0_08", 1, 3, []int{0, 1, 0}, []float64{0, 0.001, 0}},
	{"ds0_ht_08_b16", "c1p0_08", 1, 3, nil, nil},
	{"ds0_ht_09_b11", "c1p0_09", 0, 1, nil, nil},
	{"ds0_ht_10_b11", "c1p0_10", 0, 3, nil, nil},
	{"ds0_ht_11_b10", "c1p0_11", 0, 1, nil, nil},
	{"ds0_ht_12_b11", "c1p0_12", 0, 1, nil, nil},
	{"ds0_ht_13_b11", "c1p0_13", 0, 4, nil, nil},
	{"ds0_ht_14_b11", "c1p0_14", 0, 3, nil, nil},
	{"ds0_ht_15_b11", "c1p0_15", 0, 1, []int{17}, []float64{0.15}},
	{"ds0_ht_15_b14", "c1p0_15", 0, 1, nil, nil},
	{"ds0_hm_15_b8", "c1p0_15", 0, 1, nil, nil},
	{"ds0_ht_16_b11", "c1p0_16", 0, 1, nil, nil},
	{"ds1_ht_01_b11", "c1p1_01", 0, 1, []int{1}, []float64{0.001}},
	{"ds1_ht_01_b12", "c1p1_01", 0, 1, nil, nil},
	{"ds1_ht_02_b11", "c1p1_02", 0, 3, []int{7, 6, 8}, []float64{0.865, 0.716, 1.151}},
	{"ds1_ht_02_b12", "c1p1_02", 0, 3, []int{5, 4, 6}, []float64{0.765, 0.616, 1.051}},
	{"ds1_ht_03_b11", "c1p1_03", 0, 4, []int{2, 3, 3, 2}, []float64{0.311, 0.310, 0.317, 0.001}},
	{"ds1_ht_03_b12", "c1p1_03", 0, 4, []int{2, 2, 1, 0}, []float64{0.311, 0.280, 0.267, 0}},
	{"ds1_ht_04_b9", "c1p1_04", 0, 1, []int{624}, []float64{3080}},
	{"ds1_ht_05_b11", "c1p1_05", 0, 3, []int{40, 40, 40}, []float64{8.458, 9.716, 10.154}},
	{"ds1_ht_06_b11", "c1p1_06", 0, 3, []int{2, 2, 2}, []float64{0.6, 0.6, 0.6}},
	{"ds1_ht_07_b11", "c1p1_07", 0, 2, nil, nil},
	{"hifi_p1_02", "hifi", 0, 3, []int{43, 33, 38}, []float64{80, 62, 72}},
	{"hifi_ht1_02", "hifi", 0, 3, []int{47, 36, 42}, []float64{82, 65, 86}},
}

// TestConformanceStreamsOfISO needs the streams and their references, which are not in the repository: see testdata/README.md.
func TestConformanceStreamsOfISO(t *testing.T) {
	dir := os.Getenv("HOTLIGHT_ISO")
	if dir == "" {
		t.Skip("HOTLIGHT_ISO names no folder with the conformance streams of ISO/IEC 15444-4, see testdata/README.md")
	}
	files := map[string]string{}
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			files[e.Name()] = path
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	held, absent := 0, []string{}
	for _, c := range class1 {
		n, err := c.hold(files)
		if err != nil {
			t.Errorf("%s: %v", c.stream, err)
		}
		if held += n; n < c.components && err == nil {
			absent = append(absent, c.stream)
		}
	}
	t.Logf("%d components held against their references; absent or in part: %s", held, strings.Join(absent, " "))
	if held == 0 {
		t.Errorf("there are no streams in %s", dir)
	}
}

// hold decodes a stream of files and compares its components with the references that are there. It returns how many were.
func (c *conformance) hold(files map[string]string) (held int, err error) {
	path, ok := files[c.stream+".j2k"]
	if !ok {
		return 0, nil
	}
	stream, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	m, err := jpeg2000.Decode(stream, jpeg2000.Options{Reduce: c.reduce})
	if err != nil {
		return 0, err
	}
	for i := range c.components {
		path, ok := files[fmt.Sprintf("%s-%d.pgx", c.reference, i)]
		if !ok {
			path, ok = files[fmt.Sprintf("%s_%d.pgx", c.reference, i)]
		}
		if !ok {
			continue
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return held, err
		}
		want, err := corpus.ReadPGX(b)
		if err != nil {
			return held, fmt.Errorf("component %d: %w", i, err)
		}
		peak, mse := 0, 0.0
		if c.peak != nil {
			peak, mse = c.peak[i], c.mse[i]
		}
		if err := within(m.Components[i].Samples, want, peak, mse); err != nil {
			return held, fmt.Errorf("component %d: %w", i, err)
		}
		held++
	}
	return held, nil
}

// within demands that no sample is more than peak from what is wanted, and the mean of the squares is up to mse (T.803 annex B).
func within(got, want []int32, peak int, mse float64) error {
	if len(got) != len(want) {
		return fmt.Errorf("there are %d samples, not %d", len(got), len(want))
	}
	most, sum := 0, 0.0
	for i, v := range want {
		d := int(got[i]) - int(v)
		most = max(most, d, -d)
		sum += float64(d) * float64(d)
	}
	if sum /= float64(len(want)); most > peak || sum > mse {
		return fmt.Errorf("its peak error is %d and its mean square error %.4g, allowed are %d and %.4g", most, sum, peak, mse)
	}
	return nil
}
