package ingest

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/soft"
	"hotlight/render/voi"
)

// greys draws slice k through w, one byte a voxel, as a picture would: padding and values that are not numbers are 0.
func greys(v *volume.Volume, k int, w voi.VOI) []byte {
	plane := v.Size[0] * v.Size[1]
	out := make([]byte, plane)
	pixels := make([]uint32, plane)
	var t voi.Table
	t.Set(w, v.Slope, v.Intercept)
	if v.Pixel == volume.Float32 {
		t.Floats(pixels, v.Float32[k*plane:(k+1)*plane])
	} else {
		fixed := make([]int32, plane)
		for n := range fixed {
			fixed[n] = int32(v.StoredAt(k*plane+n)) << 8
		}
		t.Fixed(pixels, fixed)
	}
	for n := range out {
		stored := v.StoredAt(k*plane + n)
		if !(v.HasPadding && stored >= v.Padding[0] && stored <= v.Padding[1]) && stored == stored {
			out[n] = byte(pixels[n])
		}
	}
	return out
}

// displayed is a file of shared/data, one of its own settings, and the digest of the greys it gives.
type displayed struct {
	file   string
	dcmtk  string // the option that makes dcm2pnm use the same setting
	window int    // of the image's list
	digest string
}

var displays = []displayed{
	{"2d/vlut_04.dcm", "+Wl 1", 0, "74853be063ef5655c12d6c25be10f47107b8dc515978e73bff0bb35c33f01af8"},
	{"2d/mg-ge.dcm", "+Wl 1", 0, "5a4478fe7cba52678ef72bfadc0bb03273065e0fe0a587cd0d32656c88214edf"},
	{"2d/mg-ge.dcm", "+Wl 3", 2, "66296bc032a01b3e0e424097f28e1e70f325b65c69b66208da78fb8f9a329182"},
	{"2d/mg-ge.dcm", "+Wi 1", 3, "b0b155faff129649e923e8257c540ebf2f72de0ccd12ba7242407fcca1be01e2"},
	{"2d/gen-sigmoid.dcm", "+Wi 1", 0, "cc9f3691363a1a272ef97ca237fbcea8958c6e2f12224c76344aaf7f60714b03"},
	{"2d/gen-linear-exact.dcm", "+Wi 1", 0, "49b114111c7fb8779da70d5624653baa7816e4ec08c53cf9237b2e8b8ba1cb5e"},
	{"2d/gen-two-windows.dcm", "+Wi 1", 0, "aca6468b46188fc1651ac76f4df3914228433066c955b67296a60e2323eb2def"},
	{"2d/gen-two-windows.dcm", "+Wi 2", 1, "313ae52d4c7beac7db6fdb810ed4565ef0d3741483891b9725ffc4423dc5071e"},
	{"2d/gen-pixel-padding-range.dcm", "+Ww 40 400", -1, "aca6468b46188fc1651ac76f4df3914228433066c955b67296a60e2323eb2def"},
	{"2d/cr-chest-covid.dcm", "+Wi 1", 0, "fac68459f0fe4b321e325d17a4b2944f41d87244cc18af00a44c0a12f9d03ce7"},
	{"2d/dx-dog-chest.dcm", "+Wi 1", 0, "7ab083b05e51cd2b6d32258bff52e371c96b5a5263035f4f7f7d4e7b0479c84d"},
	{"2d/mr-overlay.dcm", "+Wi 2", 1, "60aebf5e8cedabb856b3dcbc1dfb634ab0ac57c6c02178d6b9f9d98a5c18985f"},
	{"2d/MR-JPEGLosslessSV1.dcm", "+Wi 1", 0, "da226f2eac134847db74f909bb3dc09c446fb0f214c5611c5bb0d744d736ee66"},
	{"2d/mr-prostate-dwi.dcm", "+Wi 1", 0, "cabec05584799830eee4f2c660a2848a63a56527e465a026bd1bd7f255bc546d"},
	{"2d/test16signed.dcm", "+Wi 1", 0, "9f3af76714bbeb29bdb8046bcb2df9d7fcf22c13922ae843da5969726f5d6d69"},
	{"2d/pt-slice-1.dcm", "+Wi 1", 0, "eb812f4192b8c80e3fd24f3e060cb101afed9be8d5fe7b9497086b03136ffab5"},
	{"2d/cr-modality-lut-teeth.dcm", "+Ww 2048 4096", -2, "674bf4b6e3262be612d0f26f0657ae99535f059bc40dc7d19b26fc5a71726ce5"},
	{"2d/mlut_18.dcm", "+Ww 32768 65536", -3, "3ed444f37ec117f57ef79c34910dd1d52e5488b2faa746220941bed08b4de13c"},
	{"2d/signed-9bit.dcm", "+Ww 0 512", -4, "5b3aa1dfd4a718da9bf57e0c7efeb5db16e81e1255bcec3d4200ea71bf9057d7"},
}

var givenWindows = []voi.VOI{{Center: 40, Width: 400}, {Center: 2048, Width: 4096}, {Center: 32768, Width: 65536}, {Center: 0, Width: 512}}

func (c displayed) voi(m *Image) voi.VOI {
	if c.window < 0 {
		w := givenWindows[-c.window-1]
		w.Invert = m.Invert
		return w
	}
	w := m.Windows[c.window]
	return voi.VOI{Center: w.Center, Width: w.Width, Function: voi.Function(w.Function), LUT: w.LUT, Invert: m.Invert, Presentation: m.Presentation}
}

// TestGreysAreThoseOfDCMTK compares pixel by pixel. DCMTK cuts off where we round: one level is allowed.
func TestGreysAreThoseOfDCMTK(t *testing.T) {
	data := sharedData(t)
	for _, c := range displays {
		m := onlyImage(t, filepath.Join(data, c.file))
		v := load(t, m)
		got := greys(v, 0, c.voi(m))
		if d := project.HashOf(got).String(); d != c.digest {
			t.Errorf("%s %s: digest %s, want %s", c.file, c.dcmtk, d, c.digest)
		}
		want, err := dcmtkGreys(filepath.Join(data, c.file), strings.Fields(c.dcmtk)...)
		if err != nil {
			t.Logf("%s: not compared: %v", c.file, err)
			continue
		}
		for n := range got {
			if d := int(got[n]) - int(want[n]); got[n] != 0 && (d < -1 || d > 1) { // 0 may be padding, which DCMTK does not know
				t.Errorf("%s %s: pixel %d is %d, DCMTK's %d", c.file, c.dcmtk, n, got[n], want[n])
				break
			}
		}
	}
}

// TestPicturesAreTheGreys draws at one device pixel a voxel: what the renderer makes of a slice is the same, pixel by pixel, padding included.
func TestPicturesAreTheGreys(t *testing.T) {
	data := sharedData(t)
	for _, n := range []int{0, 1, 4, 8, 9, 13} {
		c := displays[n]
		m := onlyImage(t, filepath.Join(data, c.file))
		v := load(t, m)
		size := image.Pt(v.Size[0], v.Size[1])
		plane := volume.AcquiredPlane(&v.Geometry, 0, v.Spacing[0])
		picture, err := soft.New().Draw(t.Context(), render.Scene{Volume: v, Plane: plane, VOI: c.voi(m)}, size)
		if err != nil {
			t.Fatal(c.file, err)
		}
		grey := make([]byte, size.X*size.Y)
		for n := range grey {
			grey[n] = picture.Pix[4*n]
		}
		if got := project.HashOf(grey).String(); got != c.digest {
			t.Errorf("%s, setting %d: the picture's digest is %s, want %s", c.file, c.window, got, c.digest)
		}
	}
}

// greysByNumpy is the display pipeline once more, from pydicom's stored values with numpy's arithmetic: Modality LUT or rescale, VOI LUT or
// window, MONOCHROME1; halves round up. Arguments: file, setting (from 0; -1 with centre and width), centre, width, and so on.
const greysByNumpy = `
import sys, hashlib, warnings, numpy as np, pydicom
warnings.simplefilter('ignore')
from pydicom.pixel_data_handlers.util import apply_modality_lut

def greys(path, n, c, w):
    d = pydicom.dcmread(path, force=True)
    stored = d.pixel_array.astype(int) & (1 << d.BitsStored) - 1
    if d.PixelRepresentation:
        stored = stored - ((stored >> d.BitsStored - 1) << d.BitsStored)
    x = apply_modality_lut(stored, d)
    tables = d.get('VOILUTSequence') or []
    many = lambda v: list(v) if isinstance(v, pydicom.multival.MultiValue) else [v]
    function = 'LINEAR'
    if n >= len(tables) or n < 0:
        x = x.astype('f8')
        if n >= 0:
            c, w = [float(many(d[k].value)[n - len(tables)]) for k in ('WindowCenter', 'WindowWidth')]
            function = d.get('VOILUTFunction') or 'LINEAR'
        if function == 'SIGMOID':
            y = 1 / (1 + np.exp(-4 * (x - c) / w))
        else:
            if function == 'LINEAR':
                c, w = c - .5, w - 1
            y = np.clip((x - c) / w + .5, 0, 1)
    else:
        count, first, bits = [int(v) for v in tables[n].LUTDescriptor]
        data = tables[n].LUTData
        if isinstance(data, bytes):
            data = np.frombuffer(data, '<u2')
        y = np.asarray(data)[np.clip(x.astype(int) - first, 0, (count or 65536) - 1)] / (2.0 ** bits - 1)
    y = y * 255
    if d.PhotometricInterpretation == 'MONOCHROME1' or d.get('PresentationLUTShape') == 'INVERSE':
        y = 255 - y
    out = np.floor(y + .5).astype('u1')
    p = d.get('PixelPaddingValue')
    if p is not None:
        q = d.get('PixelPaddingRangeLimit', p)
        out[(stored >= min(p, q)) & (stored <= max(p, q))] = 0
    return hashlib.sha256(out.tobytes()).hexdigest()

for n in range(1, len(sys.argv), 4):
    path, setting, c, w = sys.argv[n:n+4]
    print(greys(path, int(setting), float(c), float(w)))
`

// TestGreysAreTheFormulas compares with numpy, exactly.
func TestGreysAreTheFormulas(t *testing.T) {
	data, dir := sharedData(t), t.TempDir()
	needPydicom(t)
	args := []string{"-c", greysByNumpy}
	for n, c := range displays {
		file, w := filepath.Join(data, c.file), voi.VOI{}
		for _, program := range []string{"dcmdjpeg", "dcmdjpls"} { // pydicom alone reads no JPEG; what is not compressed is copied
			if flat := filepath.Join(dir, fmt.Sprint(n)); exec.Command(program, file, flat).Run() == nil {
				file = flat
				break
			}
		}
		if c.window < 0 {
			w = givenWindows[-c.window-1]
		}
		args = append(args, file, fmt.Sprint(max(c.window, -1)), fmt.Sprint(w.Center), fmt.Sprint(w.Width))
	}
	said, err := exec.Command("/usr/bin/python3", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	for n, got := range strings.Fields(string(said)) {
		if c := displays[n]; got != c.digest {
			t.Errorf("%s, setting %d: numpy has %s, the table %s", c.file, c.window, got, c.digest)
		}
	}
}

// pydicom runs a script over files and returns what it prints.
func pydicom(t testing.TB, script, data string, files ...string) string {
	t.Helper()
	needPydicom(t)
	args := []string{"-c", script}
	for _, f := range files {
		args = append(args, filepath.Join(data, f))
	}
	said, err := exec.Command("/usr/bin/python3", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(said)
}

var havePydicom = sync.OnceValue(func() bool { return exec.Command("/usr/bin/python3", "-c", "import pydicom, numpy").Run() == nil })

func needPydicom(t testing.TB) {
	t.Helper()
	if !havePydicom() {
		t.Skip("python3 with pydicom and numpy is not installed")
	}
}

// dcmtkGreys asks dcmj2pnm for the first frame as 8-bit grey.
func dcmtkGreys(file string, options ...string) ([]byte, error) {
	dir, err := os.MkdirTemp("", "")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	out := filepath.Join(dir, "out.pgm")
	for _, program := range []string{"dcmj2pnm", "dcml2pnm"} { // JPEG, JPEG-LS
		cmd := exec.CommandContext(context.Background(), program, append(append([]string{"+op", "-O"}, options...), file, out)...)
		if _, err = cmd.CombinedOutput(); err == nil {
			break
		}
	}
	if err != nil {
		return nil, err
	}
	raw, err := os.ReadFile(out)
	if err != nil {
		return nil, err
	}
	return pnmPixels(raw)
}

// pnmPixels returns what follows the header of a binary PGM or PPM.
func pnmPixels(raw []byte) ([]byte, error) {
	rest := raw
	for range 4 { // magic, width, height, greatest value
		rest = bytes.TrimLeft(rest, " \n\t")
		for bytes.HasPrefix(rest, []byte("#")) {
			rest = bytes.TrimLeft(rest[bytes.IndexByte(rest, '\n'):], " \n\t")
		}
		end := bytes.IndexAny(rest, " \n\t")
		if end < 0 {
			return nil, fmt.Errorf("no picture")
		}
		rest = rest[end:]
	}
	return rest[1:], nil
}

func imagesAt(t testing.TB, path string) []*Image {
	t.Helper()
	r, err := Scan(context.Background(), []string{path}, ScanOptions{})
	if err != nil || len(r.Studies) != 1 || len(r.Studies[0].Series[0].Volumes) == 0 {
		t.Fatalf("%s: %v %+v", path, err, r)
	}
	return r.Studies[0].Series[0].Volumes
}

func onlyImage(t testing.TB, path string) *Image {
	t.Helper()
	r, err := Scan(context.Background(), []string{path}, ScanOptions{})
	if err != nil || len(r.Studies) != 1 || len(r.Studies[0].Series[0].Volumes) != 1 {
		t.Fatalf("%s: %v %+v", path, err, r)
	}
	return r.Studies[0].Series[0].Volumes[0]
}
