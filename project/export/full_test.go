package export

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/disk"
	"hotlight/project/disk/disktest"
	"hotlight/project/volume"
)

// A disk that has no room is told of before anything is written, one that gets full in the middle leaves what was there. Noise does not compress.
func TestAFullDiskLeavesTheOldExport(t *testing.T) {
	dir, ok := disktest.On(t, 4)
	if !ok {
		return
	}
	g := volume.Geometry{Size: [3]int{128, 128, 160}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3(), FrameOfReference: "1.2"}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	for n := range v.Int16 {
		v.Int16[n] = int16(rand.Uint32())
	}
	v.ArriveAll() // 5.2 MB
	for name, c := range map[string]struct {
		file  string
		write func(string) error
		want  string
	}{
		"too large from the start": {"a.nii", func(p string) error { return WriteNIfTI(p, v, Options{}) }, "5.2 MB needed, "},
		"full in the middle":       {"b.nii.gz", func(p string) error { return WriteNIfTI(p, v, Options{}) }, "the disk is full"},
		"full in the middle, NRRD": {"c.nrrd", func(p string) error { return WriteNRRD(p, v, Options{}) }, "the disk is full"},
		"full with the last bytes": {"d.raw", func(p string) error {
			return replace(p, 0, func(w io.Writer) error { _, err := w.Write(make([]byte, 5<<20)); return err })
		}, "the disk is full"},
	} {
		path := filepath.Join(dir, c.file)
		if err := os.WriteFile(path, []byte("what was there"), 0o600); err != nil {
			t.Fatal(err)
		}
		before, err := disk.At(dir)
		if err != nil {
			t.Fatal(err)
		}
		err = c.write(path)
		if project.KindOf(err) != project.Full || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v", name, err)
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, []byte("what was there")) {
			t.Errorf("%s: the old file holds %d bytes, %v", name, len(got), err)
		}
		if after, err := disk.At(dir); err != nil || after.Free < before.Free {
			t.Errorf("%s: %d bytes were free before, %d are", name, before.Free, after.Free)
		}
		if names, err := os.ReadDir(dir); err != nil || len(names) != 1 {
			t.Errorf("%s: %d files are left, %v", name, len(names), err)
		}
		os.Remove(path)
	}
}
