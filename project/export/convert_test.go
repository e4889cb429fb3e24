package export

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hotlight/project"
	"hotlight/project/ingest"
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

// compareScript turns their array into our order, which for two conversions of one grid is a permutation of axes with flips, and compares every
// value. The distance between a voxel and its partner is greatest at a corner of the grid, both maps being affine; it prints that of all eight.
const compareScript = `
import sys, json, itertools, nibabel, numpy as np
ours, theirs = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
a, b = ours.get_fdata(dtype=np.float64), theirs.get_fdata(dtype=np.float64)
M = np.linalg.inv(theirs.affine) @ ours.affine
P = np.rint(M[:3, :3]).astype(int)
assert (abs(P).sum(0) == 1).all() and (abs(P).sum(1) == 1).all(), 'not the same grid'
order = [int(np.argmax(abs(P[:, n]))) for n in range(3)]
b = np.transpose(b, order)
for n in range(3):
    if P[order[n], n] < 0: b = np.flip(b, n)
shift = np.rint(M[:3, 3]).astype(int)
far = 0.0
for corner in itertools.product(*[(0, n - 1) for n in a.shape]):
    partner = P @ np.array(corner) + shift
    assert ((partner >= 0) & (partner < np.array(theirs.shape[:3]))).all(), 'a voxel without a partner'
    d = ours.affine @ np.append(corner, 1) - theirs.affine @ np.append(partner, 1)
    far = max(far, float(np.linalg.norm(d[:3])))
assert a.shape == b.shape, 'sizes differ'
json.dump({'voxels': int(a.size), 'far': far, 'off': float(abs(a - b).max()), 'lo': float(a.min()), 'hi': float(a.max())}, sys.stdout)
`

type agreement struct {
	Voxels           int
	Far, Off, Lo, Hi float64
}

// What we convert agrees with dcm2niix, voxel by voxel and in position; nibabel reads both. The hundredth of a millimetre is its own: where gaps
// differ in the fourth digit it takes their mean.
func TestConvertAgreesWithDcm2niix(t *testing.T) {
	data := sharedData(t)
	dcm2niix, err := exec.LookPath("dcm2niix")
	if err != nil {
		t.Skip("dcm2niix is not installed here, so there is no independent conversion to compare with")
	}
	python := pythonWith(t, "nibabel")
	compared := 0
	for _, name := range []string{"ct-head-small", "ct-chest-lidc", "ct-liver-3slice", "mr-t1-sagittal-refaced", "mr-wrist-coronal", "mr-phantom-axial-philips",
		"mr-adc-prostate", "mr-double-oblique-hitachi", "mr-4slice-native", "mr-4slice-rle", "pet-torso"} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(data, "vol", name)
			ours := convert(t, folder)
			out := t.TempDir()
			// -p n: values by the standard's rescale, not by Philips' private scale.
			if msg, err := exec.Command(dcm2niix, "-b", "n", "-z", "n", "-p", "n", "-f", "theirs", "-o", out, folder).CombinedOutput(); err != nil {
				t.Fatalf("dcm2niix: %v\n%s", err, msg)
			}
			theirs, _ := filepath.Glob(filepath.Join(out, "*.nii"))
			if len(theirs) != 1 {
				t.Fatalf("dcm2niix wrote %d files", len(theirs))
			}
			var a agreement
			runJSON(t, exec.Command(python, "-c", compareScript, ours, theirs[0]), &a)
			t.Logf("%d voxels, largest distance %.6f mm, largest difference %g of %g to %g", a.Voxels, a.Far, a.Off, a.Lo, a.Hi)
			if a.Far > 0.01 || a.Off > 1e-6*max(1, a.Hi-a.Lo) {
				t.Errorf("the two conversions differ: %+v", a)
			}
			compared++
		})
	}
	if compared == 0 {
		t.Error("no folder was compared")
	}
}

// convert loads the first image of folder and writes it; it skips where the transfer syntax is not decoded.
func convert(t *testing.T, folder string) string {
	t.Helper()
	r, err := ingest.Scan(context.Background(), []string{folder}, ingest.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	m := r.Studies[0].Series[0].Volumes[0]
	l, err := ingest.Load(context.Background(), m, ingest.LoadOptions{})
	if project.KindOf(err) == project.Unsupported {
		if os.Getenv("HOTLIGHT_SOAK") != "1" {
			t.Skipf("not compared: %v; with HOTLIGHT_SOAK=1 a copy decompressed by DCMTK is", err)
		}
		return convert(t, decompressed(t, m))
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "ours.nii")
	if err := WriteNIfTI(path, l.Volume(), Options{Warnings: l.Warnings()}); err != nil {
		t.Fatal(err)
	}
	return path
}

// decompressed returns a folder with the files of m as DCMTK decompresses them.
func decompressed(t *testing.T, m *ingest.Image) string {
	t.Helper()
	dcmdjpeg, err := exec.LookPath("dcmdjpeg")
	if err != nil {
		t.Skip("DCMTK is not installed here, so there is nothing to decompress with")
	}
	dir := t.TempDir()
	for _, s := range m.Slices {
		if msg, err := exec.Command(dcmdjpeg, s.Path, filepath.Join(dir, filepath.Base(s.Path))).CombinedOutput(); err != nil {
			t.Fatalf("dcmdjpeg: %v\n%s", err, msg)
		}
	}
	return dir
}
