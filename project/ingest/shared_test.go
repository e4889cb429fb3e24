package ingest

import (
	"os"
	"path/filepath"
	"testing"
)

// sharedData returns the folder of test images beside the repository, or skips the test.
func sharedData(t testing.TB) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; ; dir = filepath.Dir(dir) {
		if data := filepath.Join(filepath.Dir(dir), "shared", "data"); exists(filepath.Join(data, "GEOMETRY.tsv")) {
			return data
		}
		if dir == filepath.Dir(dir) {
			t.Skip("the test images (shared/data) are not beside the repository here")
		}
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
