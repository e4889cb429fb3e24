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

// compareScript maps every voxel of ours into theirs by the two affines and compares place and rescaled value. It prints voxels, the number that
// has no partner, the largest distance in mm between a voxel and its partner, and the largest difference of values beside the range.
const compareScript = `
import sys, json, nibabel, numpy as np
ours, theirs = nibabel.load(sys.argv[1]), nibabel.load(sys.argv[2])
a, b = ours.get_fdata(dtype=np.float64), theirs.get_fdata(dtype=np.float64)
M = np.linalg.inv(theirs.affine) @ ours.affine
lost, far, off = 0, 0.0, 0.0
i, j = np.meshgrid(np.arange(a.shape[0]), np.arange(a.shape[1]), indexing='ij')
for k in range(a.shape[2]):
    at = M[:3, :3] @ np.stack([i.ravel(), j.ravel(), np.full(i.size, k)]).astype(float) + M[:3, 3:]
    n = np.rint(at).astype(int)
    ok = np.all((n >= 0) & (n.T < np.array(b.shape[:3])).T, axis=0)
    lost += int((~ok).sum())
    d = theirs.affine[:3, :3] @ (at - n)
    far = max(far, float(np.sqrt((d[:, ok] ** 2).sum(0)).max()) if ok.any() else 0)
    n = n[:, ok]
    off = max(off, float(np.abs(a[:, :, k].ravel()[ok] - b[n[0], n[1], n[2]]).max()) if ok.any() else 0)
json.dump({'voxels': int(a.size), 'theirs': int(b.size), 'lost': lost, 'far': far, 'off': off, 'lo': float(a.min()), 'hi': float(a.max())}, sys.stdout)
`

type agreement struct {
	Voxels, Theirs, Lost int
	Far, Off, Lo, Hi     float64
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
			if a.Lost != 0 || a.Voxels != a.Theirs || a.Far > 0.01 || a.Off > 1e-6*max(1, a.Hi-a.Lo) {
				t.Errorf("the two conversions differ: %+v", a)
			}
			compared++
		})
	}
	if compared < 8 {
		t.Errorf("only %d folders were compared", compared)
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
		t.Skipf("not compared: %v", err)
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
