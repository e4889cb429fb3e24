package dcm

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/dcmtest"
)

// mutantFiles are real files: every codec, enhanced multi-frame, sequences, character sets, a DICOMDIR, objects without pixels. Small ones, since a
// campaign reads each thousands of times.
var mutantFiles = []string{
	"vol/ct-head-small/CTHead1.dcm", "enc/MR_small_bigendian.dcm", "enc/image_dfl.dcm", "enc/nested_priv_SQ.dcm", "enc/UN_sequence.dcm", "enc/charset/chrH32.dcm",
	"enc/JPGExtended.dcm", "2d/SC_rgb_small_odd_jpeg.dcm", "2d/SC_rgb_rle_16bit_2frame.dcm", "2d/MR-JPEGLosslessSV1.dcm", "ts/pydicom/JLSL_RGB_ILV2.dcm",
	"ts/pydicom/JLSL_16_15_1_1F.dcm", "ts/ctimage/JPEGProcess10_12_1.2.840.10008.1.2.4.55.dcm", "ts/fragments-multiframe/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm",
	"enh/emri_small_RLE.dcm", "enh/emri_small_jpeg_2k_lossless.dcm", "enh/mr-siemens-xa10-6frames.dcm", "obj/seg/seg_image_ct_binary_overlap.dcm", "obj/sr/sr.dcm",
	"vol/rgb-series/IM-0001-0001-0001.dcm", "enc/693_J2KI.dcm", "obj/rt/rtstruct-pydicom.dcm", "media/dicomdirtests/DICOMDIR", "enc/ExplVR_BigEndNoMeta.dcm", "2d/rtdose_rle.dcm", "ts/testpattern/TestPattern_JPEG-Baseline_YBR422.dcm",
}

// TestMutants reads damaged versions of real files and of testdata: no panic, none over a second, none beyond the memory bound. HOTLIGHT_SOAK=1 makes it a
// campaign of 100,000.
func TestMutants(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 4))
	total := 1500
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		total = 100_000
	}
	t.Run("testdata", func(t *testing.T) { campaign(t, r, seed, seeds(t), total) })
	t.Run("real files", func(t *testing.T) {
		data, real := sharedData(t), map[string][]byte{}
		for _, name := range mutantFiles {
			b, err := os.ReadFile(filepath.Join(data, name))
			if err != nil {
				t.Fatal(withoutPath(err))
			}
			real[filepath.Base(name)] = b
		}
		campaign(t, r, seed, real, total)
	})
}

func campaign(t *testing.T, r *rand.Rand, seed uint64, files map[string][]byte, total int) {
	names := make([]string, 0, len(files))
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	opened, decoded, slowest := 0, 0, time.Duration(0)
	for n := range total {
		name := names[n%len(names)]
		mutant := dcmtest.Mutate(r, files[name])
		took, err := exercise(t, mutant)
		if err == nil {
			decoded++
		}
		if _, err := readBytes(t, mutant, Options{HeaderOnly: true}); err == nil {
			opened++
		}
		slowest = max(slowest, took)
		if t.Failed() {
			path := filepath.Join(os.TempDir(), "hotlight-mutant.dcm")
			os.WriteFile(path, mutant, 0o600)
			t.Fatalf("seed %d, mutant %d, of %s; it is kept as %s", seed, n, name, path)
		}
	}
	t.Logf("seed %d: %d mutants of %d files, %d headers still read, %d pictures decoded, the slowest %v", seed, total, len(names), opened, decoded, slowest)
}

const (
	// slowMutant is what reading any small file may take.
	slowMutant = time.Second
	// fixedMemory is what a reader may hold beside four times the file and its pixels: windows, tables of codecs, and elements of very dense files.
	fixedMemory = 4 << 20
)

// exercise reads a file in both ways, asks for everything in it and decodes its pixels. It returns the time, and the error of reading or decoding, and fails
// the test when that is not one line, or time or memory are beyond the bounds.
func exercise(t testing.TB, b []byte) (time.Duration, error) {
	t.Helper()
	var err error
	var f *File
	head := func() { _, err = readBytes(t, b, Options{HeaderOnly: true}) }
	whole := func() { f, err = readBytes(t, b, Options{}) }
	pixels := func() {
		if f != nil {
			_, err = f.WriteSamples(nil)
		}
	}
	took := within(t, "the header", b, 0, head)
	oneLine(t, err)
	took += within(t, "the file", b, 0, whole)
	oneLine(t, err)
	if f != nil {
		start := time.Now()
		visit(f.Meta)
		visit(f.Data)
		took += time.Since(start)
		took += within(t, "the pixels", b, plausiblePixels(f), pixels)
		oneLine(t, err)
	}
	if took > slowMutant {
		all := func() { head(); whole(); pixels() }
		if again := dcmtest.Fastest(all); again > slowMutant {
			t.Errorf("it took %v, and alone %v", took, again)
		}
	}
	return took, err
}

// within calls f and fails when it held more memory than four times the file and its pixels.
func within(t testing.TB, what string, b []byte, pixels int, f func()) time.Duration {
	t.Helper()
	limit := uint64(4*len(b) + pixels + fixedMemory)
	took, allocated := dcmtest.Cost(f)
	if allocated > limit { // garbage included; look closely
		if held := dcmtest.Peak(f); held > limit {
			t.Errorf("%s of a file of %d bytes with %d of pixels took %d bytes", what, len(b), pixels, held)
		}
	}
	return took
}

// plausiblePixels is the size of a decoded frame if the file can have one.
func plausiblePixels(f *File) int {
	p, err := f.PixelFormat()
	if err != nil || f.CanDecode() != nil || f.holds(0, p) != nil {
		return 0
	}
	return p.FrameBytes()
}

func oneLine(t testing.TB, err error) {
	t.Helper()
	if err != nil && (err.Error() == "" || strings.ContainsAny(err.Error(), "\r\n")) {
		t.Errorf("the error is not one line: %q", err)
	}
	if err != nil && strings.Contains(err.Error(), "broke the reader") {
		t.Errorf("a panic was caught: %v", err)
	}
}

// visit asks a data set for all it has in every way.
func visit(d *DataSet) {
	for _, tag := range d.Tags() {
		d.String(tag)
		d.Strings(tag)
		d.Int(tag)
		d.Ints(tag)
		d.Float(tag)
		d.Floats(tag)
		d.Bytes(tag)
		for _, item := range d.Items(tag) {
			visit(item)
		}
	}
	d.Private(0x0029, "SIEMENS CSA HEADER", 0x10)
}
