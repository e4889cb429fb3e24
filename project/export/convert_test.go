package export

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/volume"
)

// everyPath returns the folders below vol/ and the files below enh/.
func everyPath(t *testing.T, data string) (out []string) {
	t.Helper()
	for _, pattern := range []string{"vol/*", "enh/*.dcm"} {
		found, err := filepath.Glob(filepath.Join(data, pattern))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		out = append(out, found...)
	}
	return out
}

func imagesBelow(t *testing.T, path string) (out []*ingest.Image) {
	t.Helper()
	r, err := ingest.Scan(context.Background(), []string{path}, ingest.ScanOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, study := range r.Studies {
		for _, s := range study.Series {
			out = append(out, s.Volumes...)
		}
	}
	if len(out) == 0 {
		t.Fatalf("no images: %v", r.Skipped)
	}
	return out
}

func loaded(t *testing.T, m *ingest.Image) *volume.Volume {
	t.Helper()
	l, err := ingest.Load(context.Background(), m, ingest.LoadOptions{})
	if project.KindOf(err) == project.Unsupported {
		t.Skipf("not compared: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil || !l.Volume().Complete() {
		t.Fatal(err, l.Failed())
	}
	return l.Volume()
}

// matchScript finds, for each of our files, the one volume of theirs that has its place and its values: their axes may be permuted and flipped. It
// prints what is left over on either side.
const matchScript = `
import sys, json, itertools, nibabel, numpy as np
ours, theirs = sys.argv[1].split('|'), sys.argv[2].split('|')
def volumes(name):
    f = nibabel.load(name)
    a = f.get_fdata(dtype=np.float64)
    return [(name, f.affine, a if a.ndim == 3 else a[..., n]) for n in range(1 if a.ndim == 3 else a.shape[3])]
left = [v for name in theirs for v in volumes(name)]
def far(A, a, B, b):
    M = np.linalg.inv(B) @ A
    P = np.rint(M[:3, :3]).astype(int)
    if not ((abs(P).sum(0) == 1).all() and (abs(P).sum(1) == 1).all()): return None
    order = [int(np.argmax(abs(P[:, n]))) for n in range(3)]
    c = np.transpose(b, order)
    if c.shape != a.shape: return None
    for n in range(3):
        if P[order[n], n] < 0: c = np.flip(c, n)
    shift = np.rint(M[:3, 3]).astype(int)
    worst = 0.0
    for corner in itertools.product(*[(0, n - 1) for n in a.shape]):
        partner = P @ np.array(corner) + shift
        if not ((partner >= 0) & (partner < np.array(b.shape))).all(): return None
        worst = max(worst, float(np.linalg.norm((A @ np.append(corner, 1) - B @ np.append(partner, 1))[:3])))
    return worst, c
lonely, worst, off = [], 0.0, 0.0
for name in ours:
    _, A, a = volumes(name)[0]
    for n, (_, B, b) in enumerate(left):
        got = far(A, a, B, b)
        if got and got[0] <= 0.01 and abs(a - got[1]).max() <= 1e-6 * max(1, a.max() - a.min()):
            worst, off = max(worst, got[0]), max(off, float(abs(a - got[1]).max()))
            del left[n]
            break
    else: lonely.append(name)
json.dump({'ours': len(ours), 'lonely': len(lonely), 'left': len(left), 'far': worst, 'off': off}, sys.stdout)
`

// What dcm2niix makes of a series is what we make of it: as many volumes, each with its partner in place and values. A uniform grid only: where planes
// are tilted or uneven it writes a resampled one, and TestEveryPlaneAgreesWithPydicom is for those.
func TestEveryVolumeHasItsPartnerInDcm2niix(t *testing.T) {
	data := sharedData(t)
	dcm2niix, err := exec.LookPath("dcm2niix")
	if err != nil {
		t.Skip("dcm2niix is not installed here, so there is no independent conversion to compare with")
	}
	python := pythonWith(t, "nibabel")
	compared := 0
	for _, path := range everyPath(t, data) {
		name, _ := filepath.Rel(data, path)
		t.Run(name, func(t *testing.T) {
			if why := otherwise[filepath.ToSlash(name)]; why != "" {
				t.Skip(why)
			}
			var ours []string
			dir := t.TempDir()
			for n, m := range imagesBelow(t, path) {
				if m.Kind != ingest.KindVolume {
					t.Skipf("a %s, not a uniform grid", m.Kind)
				}
				ours = append(ours, filepath.Join(dir, fmt.Sprint(n, ".nii")))
				if err := WriteNIfTI(ours[n], loaded(t, m), Options{}); err != nil {
					t.Fatal(err)
				}
			}
			single := "n"
			if strings.HasSuffix(path, ".dcm") {
				single = "y" // the file alone, not its folder
			}
			// -p n: values by the standard's rescale, not by Philips' private scale.
			if msg, err := exec.Command(dcm2niix, "-s", single, "-b", "n", "-z", "n", "-p", "n", "-f", "theirs", "-o", dir, path).CombinedOutput(); err != nil {
				t.Fatalf("dcm2niix: %v\n%s", err, msg)
			}
			theirs, _ := filepath.Glob(filepath.Join(dir, "theirs*.nii"))
			var a struct {
				Ours, Lonely, Left int
				Far, Off           float64
			}
			runJSON(t, exec.Command(python, "-c", matchScript, strings.Join(ours, "|"), strings.Join(theirs, "|")), &a)
			t.Logf("%d volumes, largest distance %.6f mm, largest difference %g", a.Ours, a.Far, a.Off)
			if a.Lonely > 0 || a.Left > 0 {
				t.Errorf("%d of our %d volumes have no partner, %d of theirs", a.Lonely, a.Ours, a.Left)
			}
			compared++
		})
	}
	if compared < 18 {
		t.Errorf("only %d were compared", compared)
	}
}

// otherwise says of which inputs dcm2niix makes something else, and why that is right for it or wrong.
var otherwise = map[string]string{"vol/mr-4slice-jpegls": "dcm2niix reads no JPEG-LS here"}

// planeScript reads each slice's own file with pydicom, through nothing of ours, and compares place and values.
const planeScript = `
import sys, json, numpy as np, pydicom
out, files = [], {}
def read(path):
    if path not in files:
        files.clear()
        d = pydicom.dcmread(path, force=True)
        files[path] = (d, d.pixel_array)
    return files[path]
for image in json.load(open(sys.argv[1])):
    size = image['size']
    got = np.fromfile(image['values'], dtype='<f4').reshape(size[2], size[1], size[0], -1)
    r = {'far': 0.0, 'off': 0.0, 'turn': 0.0, 'spacing': 0.0}
    for s in image['slices']:
        k = s['k']
        d, a = read(s['path'])
        def own(macro, tag):
            for groups in ('PerFrameFunctionalGroupsSequence', 'SharedFunctionalGroupsSequence'):
                if groups in d:
                    g = d[groups].value[s['frame'] if groups[0] == 'P' else 0]
                    if macro in g and tag in g[macro].value[0]: return g[macro].value[0][tag].value
            return d[tag].value if tag in d else None
        p = np.array(own('PlanePositionSequence', 'ImagePositionPatient'), float)
        o = np.array(own('PlaneOrientationSequence', 'ImageOrientationPatient'), float)
        mm = np.array(own('PixelMeasuresSequence', 'PixelSpacing'), float)
        if int(d.get('NumberOfFrames', 1)) > 1: a = a[s['frame']]
        slope, intercept = own('PixelValueTransformationSequence', 'RescaleSlope'), own('PixelValueTransformationSequence', 'RescaleIntercept')
        if a.ndim == 2: a = a.astype(float) * float(slope if slope is not None else 1) + float(intercept or 0)
        r['far'] = max(r['far'], float(np.linalg.norm(p - s['origin'])))
        r['turn'] = max(r['turn'], float(abs(o - image['axes']).max()))
        r['spacing'] = max(r['spacing'], float(abs(mm[::-1] - image['spacing']).max()))
        b = got[k] if a.ndim == 3 else got[k, :, :, 0]
        r['off'] = max(r['off'], float((abs(a - b) / np.maximum(1, abs(a))).max()) if a.shape == b.shape else 1e9)
    out.append(r)
json.dump(out, sys.stdout)
`

// Every plane of every image, tilted, gapped and uneven ones too, has the place that its own file gives it, and its values; of long series every
// seventh, and all with HOTLIGHT_SOAK=1. On a uniform grid a plane
// may lie a hundredth of a millimetre off, by the last digits that scanners write.
func TestEveryPlaneAgreesWithPydicom(t *testing.T) {
	data := sharedData(t)
	python := pythonWith(t, "pydicom")
	gdcmconv, err := exec.LookPath("gdcmconv")
	if err != nil {
		t.Skip("GDCM is not installed here, so compressed files could not be opened for pydicom")
	}
	compared := 0
	for _, path := range everyPath(t, data) {
		name, _ := filepath.Rel(data, path)
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			var all []map[string]any
			var tolerance []float64
			for n, m := range imagesBelow(t, path) {
				if m.Geometry.NoPosition || slices.ContainsFunc(m.Slices, func(s ingest.Slice) bool { return s.Tile > 0 }) {
					t.Skip("no place in the file, or a mosaic, whose planes have none of their own")
				}
				all, tolerance = append(all, planesOf(t, gdcmconv, dir, n, m)), append(tolerance, 0.01)
				if m.Geometry.IsStack() || m.Geometry.Size[2] == 1 {
					tolerance[n] = 1e-9
				}
			}
			raw, err := json.Marshal(all)
			if err != nil {
				t.Fatal(err)
			}
			list := filepath.Join(dir, "list.json")
			if err := os.WriteFile(list, raw, 0o600); err != nil {
				t.Fatal(err)
			}
			var got []struct{ Far, Off, Turn, Spacing float64 }
			runJSON(t, exec.Command(python, "-W", "ignore", "-c", planeScript, list), &got)
			for n, a := range got {
				if a.Far > tolerance[n] || a.Turn > 1e-6 || a.Spacing > 1e-4 || a.Off > 1e-6 {
					t.Errorf("image %d: %+v", n, a)
				}
			}
			compared++
		})
	}
	if compared < 25 {
		t.Errorf("only %d were compared", compared)
	}
}

// planesOf describes one of our images for planeScript, with its values in a file of their own.
func planesOf(t *testing.T, gdcmconv, dir string, n int, m *ingest.Image) map[string]any {
	t.Helper()
	v := loaded(t, m)
	g := &v.Geometry
	var list []map[string]any
	step := 1
	if len(m.Slices) > 30 && os.Getenv("HOTLIGHT_SOAK") != "1" {
		step = 7
	}
	for k := 0; k < len(m.Slices); k += step {
		s := m.Slices[k]
		path := s.Path
		if m.TransferSyntaxes[0] > "1.2.840.10008.1.2.4" {
			path = filepath.Join(dir, fmt.Sprint(n, "-", k, ".dcm"))
			if msg, err := exec.Command(gdcmconv, "--raw", s.Path, path).CombinedOutput(); err != nil {
				t.Skipf("gdcmconv: %v %s", err, msg)
			}
		}
		list = append(list, map[string]any{"path": path, "frame": s.Frame, "k": k, "origin": g.PlaneOrigin(k)})
	}
	values := filepath.Join(dir, fmt.Sprint(n, ".raw"))
	if err := os.WriteFile(values, valuesOf(v), 0o600); err != nil {
		t.Fatal(err)
	}
	i, j := g.Axis(0), g.Axis(1)
	return map[string]any{"slices": list, "size": g.Size, "values": values, "spacing": []float64{g.Spacing[0], g.Spacing[1]},
		"axes": []float64{i[0], i[1], i[2], j[0], j[1], j[2]}}
}

func valuesOf(v *volume.Volume) (out []byte) {
	if v.Pixel == volume.RGB8 {
		for _, b := range v.RGB {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(b)))
		}
		return out
	}
	out = make([]byte, 0, 4*v.Voxels())
	for n := range v.Voxels() {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(v.Rescale(v.StoredAt(n)))))
	}
	return out
}
