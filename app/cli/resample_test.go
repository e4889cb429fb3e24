package cli

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A tilted series is cut across its planes only on request, and every answer says so.
func TestResampleOnRequestOnly(t *testing.T) {
	folder := filepath.Join("..", "..", "..", "shared", "data", "vol", "ct-tilt-4slice")
	if _, err := os.Stat(folder); err != nil {
		t.Skip("the tilted series (shared/data) is not beside the repository here")
	}
	dir := t.TempDir()
	run := func(args ...string) (int, string, string) {
		var stdout, stderr bytes.Buffer
		status := Run(append([]string{"--json"}, args...), Streams{In: &bytes.Buffer{}, Out: &stdout, Err: &stderr}, nil)
		return status, stdout.String(), stderr.String()
	}
	png, nrrd := filepath.Join(dir, "x.png"), filepath.Join(dir, "x.nrrd")
	if status, _, said := run("render", folder, "--plane", "coronal", "-o", png); status != Failed {
		t.Errorf("a plane across the acquired ones: %d %q", status, said)
	}
	if status, out, said := run("render", folder, "--plane", "coronal", "--resample", "-o", png); status != Done || !strings.Contains(out, `"resampled":true`) {
		t.Errorf("%d %q %q", status, out, said)
	}
	if status, out, said := run("convert", folder, "--resample", "-o", nrrd); status != Done || !strings.Contains(out, `"resampled":true`) ||
		!strings.Contains(out, `"size":[512,521,4]`) || !strings.Contains(said, "Resampled: computed between the acquired planes") {
		t.Errorf("%d %q %q", status, out, said)
	}
	written, err := os.ReadFile(nrrd)
	must(t, err)
	if header, _, _ := bytes.Cut(written, []byte("\n\n")); !bytes.Contains(header, []byte("hotlight_warning_1:=resampled: ")) {
		t.Errorf("%s", header)
	}
	// A regular series has nothing to resample.
	if status, out, said := run("convert", filepath.Join(filepath.Dir(folder), "ct-liver-3slice"), "--resample", "-o", nrrd); status != Done || !strings.Contains(out, `"resampled":false`) {
		t.Errorf("%d %q %q", status, out, said)
	}
}
