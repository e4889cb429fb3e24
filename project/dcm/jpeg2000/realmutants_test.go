package jpeg2000_test

import (
	"bytes"
	"image"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project/dcm/jpeg2000"
)

// realStreams returns the first codestream of each file of shared/data that has one and is not large, or skips the test.
func realStreams(t *testing.T) (streams [][]byte) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	data := ""
	for ; dir != filepath.Dir(dir) && data == ""; dir = filepath.Dir(dir) {
		if at := filepath.Join(filepath.Dir(dir), "shared", "data"); exists(at) {
			data = at
		}
	}
	if data == "" {
		t.Skip("the real files of ../shared/data are not here")
	}
	err = filepath.WalkDir(data, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		from := bytes.Index(b, []byte{0xFF, 0x4F, 0xFF, 0x51, 0})
		if from < 0 {
			return nil
		}
		end := bytes.Index(b[from:], []byte{0xFF, 0xD9})
		if end < 0 || end > 1<<19 {
			return nil
		}
		streams = append(streams, b[from:from+end+2])
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return streams
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// TestMutantsOfRealStreams decodes damaged versions of codestreams of real files. HOTLIGHT_SOAK=1 makes them 100,000.
func TestMutantsOfRealStreams(t *testing.T) {
	streams := realStreams(t)
	r, seed, total := campaign(100, 100_000)
	whole := 0
	for n := range total {
		stream := streams[n%len(streams)]
		mutant := damaged(r, stream)
		region := image.Rect(0, 0, 1+r.IntN(300), 1+r.IntN(300))
		if decodeWithin(t, mutant, ways(r.IntN(3), region)[r.IntN(3)]); t.Failed() {
			path := filepath.Join(os.TempDir(), "hotlight-mutant.j2k")
			os.WriteFile(path, mutant, 0o600)
			t.Fatalf("seed %d, mutant %d; it is kept as %s", seed, n, path)
		}
		if _, err := jpeg2000.ReadHeader(mutant); err == nil {
			whole++
		}
	}
	t.Logf("%d mutants of %d streams, %d headers still read", total, len(streams), whole)
}
