package export

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
		data := filepath.Join(filepath.Dir(dir), "shared", "data")
		if _, err := os.Stat(filepath.Join(data, "GEOMETRY.tsv")); err == nil {
			return data
		}
		if dir == filepath.Dir(dir) {
			t.Skip("the test images (shared/data) are not beside the repository here")
		}
	}
}
