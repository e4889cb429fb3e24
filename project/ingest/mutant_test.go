package ingest

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/dcmtest"
)

// TestMutantsAreGrouped scans and loads folders in which every file is damaged in another way: no panic, every reason one line, memory in proportion.
// HOTLIGHT_SOAK=1 makes it a campaign.
func TestMutantsAreGrouped(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 7))
	folders := 6
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		folders = 400
	}
	of := [][][]byte{seriesBytes(t, 12), {encode(t, functional())}, {encode(t, picture())}}
	if data := realSeries(t); data != nil {
		of = append(of, data...)
	}
	files, shown := 0, 0
	for n := range folders * len(of) {
		dir := t.TempDir()
		total := int64(0)
		for k := range 12 {
			originals := of[n%len(of)]
			b := originals[k%len(originals)]
			if k%4 > 0 { // some stay whole, so that there is a series to be disturbed
				b = dcmtest.Mutate(r, b)
			}
			total += int64(len(b))
			save(t, filepath.Join(dir, fmt.Sprintf("IM%02d", k)), b)
		}
		files += 12
		shown += scanDamaged(t, dir, total)
		if t.Failed() {
			t.Fatalf("seed %d, folder %d", seed, n)
		}
		os.RemoveAll(dir)
	}
	t.Logf("seed %d: %d files, %d pictures and volumes loaded", seed, files, shown)
}

func seriesBytes(t testing.TB, count int) (out [][]byte) {
	for _, d := range series(count) {
		out = append(out, encode(t, d))
	}
	return out
}

// realSeries are small series of the real files, none where these are not here.
func realSeries(t testing.TB) (out [][][]byte) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		for _, pattern := range []string{"vol/ct-head-small/*.dcm", "enh/mr-siemens-xa10*.dcm", "enh/emri_small_RLE.dcm", "media/dicomdirtests/DICOMDIR", "obj/seg/seg_image_ct_binary*.dcm"} {
			names, err := filepath.Glob(filepath.Join(filepath.Dir(dir), "shared", "data", pattern))
			if err != nil {
				t.Fatal(err)
			}
			var files [][]byte
			for _, name := range names {
				b, err := os.ReadFile(name)
				if err != nil {
					t.Fatal(err)
				}
				files = append(files, b)
			}
			if files != nil {
				out = append(out, files)
			}
		}
	}
	return out
}

// scanDamaged scans dir, whose files have total bytes, loads what can be loaded and returns how many images that were.
func scanDamaged(t *testing.T, dir string, total int64) (loaded int) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	var found *Result
	var err error
	run := func() { found, err = Scan(ctx, []string{dir}, ScanOptions{}) }
	const fixed = 32 << 20 // the workers' windows
	if _, allocated := dcmtest.Cost(run); allocated > uint64(4*total)+fixed {
		if held := dcmtest.Peak(run); held > uint64(4*total)+fixed {
			t.Errorf("scanning %d bytes took %d", total, held)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range found.Skipped {
		if s.Reason == "" || strings.ContainsAny(s.Reason, "\r\n") {
			t.Errorf("the reason is not one line: %q", s.Reason)
		}
	}
	for _, study := range found.Studies {
		for _, s := range study.Series {
			for _, m := range s.Volumes {
				loaded += loadDamaged(ctx, t, m)
			}
		}
	}
	return loaded
}

func loadDamaged(ctx context.Context, t *testing.T, m *Image) int {
	if _, err := json.Marshal(reportImage(m)); err != nil {
		t.Error(err)
	}
	for _, w := range m.Warnings {
		if w.Text == "" || strings.ContainsAny(w.Text, "\r\n") {
			t.Errorf("the warning is not one line: %q", w.Text)
		}
	}
	if m.CanLoad() != nil || m.Geometry.Voxels() > 64<<20 {
		return 0
	}
	l, err := Load(ctx, m, LoadOptions{})
	if err != nil {
		return 0
	}
	if err := l.Wait(); err != nil && strings.Contains(err.Error(), "broke the reader") {
		t.Errorf("a panic was caught: %v", err)
	}
	l.Volume()
	return 1
}
