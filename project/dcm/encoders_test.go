package dcm

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/dcmtest"
)

// subject is an uncompressed file that other programs compress.
type subject struct {
	name                  string
	allocated, stored     int
	sign, samples, planar int
	rows, columns, frames int
	photometric           string
}

var subjects = []subject{
	{"grey 8", 8, 8, 0, 1, 0, 37, 53, 2, "MONOCHROME2"},
	{"grey 12", 16, 12, 0, 1, 0, 41, 64, 2, "MONOCHROME2"},
	{"grey 10 signed", 16, 10, 1, 1, 0, 33, 35, 1, "MONOCHROME2"},
	{"grey 16", 16, 16, 0, 1, 0, 29, 70, 1, "MONOCHROME2"},
	{"grey 16 signed", 16, 16, 1, 1, 0, 29, 70, 3, "MONOCHROME2"},
	{"colour", 8, 8, 0, 3, 0, 37, 53, 2, "RGB"},
	{"colour by plane", 8, 8, 0, 3, 1, 24, 30, 1, "RGB"},
	{"a line", 16, 12, 0, 1, 0, 1, 200, 1, "MONOCHROME1"},
	{"a column", 8, 8, 0, 1, 0, 200, 1, 1, "MONOCHROME2"},
}

// pixels has smooth parts, edges, runs of one value and noise.
func (s subject) pixels(r *rand.Rand) []byte {
	var out []byte
	top := 1<<s.stored - 1
	v := r.IntN(top + 1)
	for n := range s.rows * s.columns * s.samples * s.frames {
		switch k := r.IntN(40); {
		case k == 0:
			v = r.IntN(top + 1)
		case k < 12:
			v += r.IntN(7) - 3
		}
		if n/97%3 == 0 {
			v += r.IntN(3) - 1
		}
		v = max(0, min(v, top))
		stored := v - s.sign<<(s.stored-1)
		out = append(out, byte(stored))
		if s.allocated == 16 {
			out = append(out, byte(stored>>8))
		}
	}
	return out
}

func (s subject) write(t *testing.T, r *rand.Rand, path string) {
	d := testHeader(s.rows, s.columns)
	bits(s.allocated, s.stored, s.stored-1, s.sign)(d)
	d.Set(SamplesPerPixel, US, s.samples).Set(PhotometricInterpretation, CS, s.photometric).Set(NumberOfFrames, IS, s.frames)
	if s.samples > 1 {
		d.Set(PlanarConfiguration, US, s.planar)
	}
	d.Set(PixelData, OW, s.pixels(r))
	if err := os.WriteFile(path, written(t, d, ExplicitLittleEndian), 0o600); err != nil {
		t.Fatal(err)
	}
}

// packing is one way to compress, and the program that undoes it; none where the codec is lossless and the file before it is what must come out.
type packing struct {
	program string
	flags   string
	undo    string // with loss: the reference decoder and its flags
	takes   func(s subject) bool
}

func anything(subject) bool       { return true }
func grey(s subject) bool         { return s.samples == 1 }
func eightBits(s subject) bool    { return s.stored == 8 }
func colours(s subject) bool      { return s.samples == 3 }
func upToTwelve(s subject) bool   { return s.stored <= 12 && s.sign == 0 }
func unsigned(s subject) bool     { return s.sign == 0 }
func twelveGrey(s subject) bool   { return upToTwelve(s) && grey(s) }
func largeGrey(s subject) bool    { return grey(s) && s.rows > 8 && s.columns > 8 }
func eightColours(s subject) bool { return eightBits(s) && colours(s) }

// encodings is the grid of what the installed programs can write.
func encodings() (out []packing) {
	const dcmdjpeg, dcmdjpls = "dcmdjpeg +cn", "dcmdjpls"
	add := func(program, flags, undo string, takes func(subject) bool) {
		out = append(out, packing{program, flags, undo, takes})
	}
	add("dcmcjpeg", "+e1", "", anything)
	for selection := 1; selection <= 7; selection++ {
		add("dcmcjpeg", fmt.Sprintf("+el +sv %d", selection), "", anything)
	}
	for _, shift := range []int{1, 3} {
		add("dcmcjpeg", fmt.Sprintf("+el +sv 4 +pt %d", shift), dcmdjpeg, unsigned)
	}
	add("dcmcjpeg", "+e1 +fs 1", "", anything)
	add("dcmcjpeg", "+e1 +fs 1 -ot", "", func(s subject) bool { return s.frames == 1 })
	for _, process := range []string{"+eb", "+ee +be", "+es +be", "+ep +be"} {
		for _, quality := range []int{20, 90, 100} {
			add("dcmcjpeg", fmt.Sprintf("%s +q %d", process, quality), dcmdjpeg, func(s subject) bool { return eightBits(s) })
		}
	}
	for _, sampling := range []string{"+s2", "+s4", "+n2", "+n1", "+np", "+cr"} {
		for _, process := range []string{"+eb", "+ep +be"} {
			add("dcmcjpeg", process+" "+sampling, dcmdjpeg, eightColours)
		}
	}
	for _, process := range []string{"+ee", "+es", "+ep"} {
		for _, quality := range []int{50, 95} {
			add("dcmcjpeg", fmt.Sprintf("%s +bt +q %d", process, quality), dcmdjpeg, twelveGrey)
		}
	}
	add("dcmcjpeg", "+eb -ho", dcmdjpeg, eightBits)
	add("dcmcjpls", "+el", "", anything)
	for _, interleave := range []string{"+il", "+is", "+in"} {
		add("dcmcjpls", "+el "+interleave, "", colours)
		add("dcmcjpls", "+en +md 2 "+interleave, dcmdjpls, colours)
	}
	for _, near := range []int{1, 3, 9} {
		add("dcmcjpls", fmt.Sprintf("+en +md %d", near), dcmdjpls, unsigned)
	}
	add("dcmcjpls", "+el +pc", "", grey)
	add("dcmcjpls", "+el +t1 5 +t2 12 +t3 40 +rs 31", "", anything)
	add("dcmcjpls", "+el +fs 1 +pz", "", anything)
	add("dcmcrle", "", "", anything)
	add("dcmcrle", "+fs 1", "", anything)
	for _, flags := range []string{"--jpeg", "--jpegls", "--rle"} {
		add("gdcmconv", flags, "", largeGrey)
		add("gdcmconv", flags, "", colours)
	}
	add("gdcmconv", "--jpeg --lossy -q 80", dcmdjpeg, func(s subject) bool { return eightBits(s) && grey(s) })
	add("gdcmconv", "--jpeg --lossy -q 80", "dcmdjpeg +ca", eightColours) // it says RGB and writes shared colours, which must be YCbCr
	add("gdcmconv", "--jpegls --lossy -e 3", dcmdjpls, unsigned)
	add("gdcmconv", "--jpeg --split 1000", "", func(s subject) bool { return s.frames == 1 && largeGrey(s) })
	return out
}

// TestOtherProgramsStreams decodes what DCMTK and GDCM write, over the grid of what they can: lossless ones are the picture, lossy ones are to the bit what
// DCMTK makes of them. Without HOTLIGHT_SOAK=1 an eighth of the grid is taken, another one each time.
func TestOtherProgramsStreams(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 5))
	dir := t.TempDir()
	missing, refused, same := map[string]bool{}, map[string]int{}, map[string]int{}
	for n, s := range subjects {
		original := filepath.Join(dir, fmt.Sprintf("%d.dcm", n))
		s.write(t, r, original)
		for _, e := range encodings() {
			if os.Getenv("HOTLIGHT_SOAK") != "1" && r.IntN(8) > 0 || !e.takes(s) {
				continue
			}
			if _, err := exec.LookPath(e.program); err != nil {
				missing[e.program] = true
				continue
			}
			what := e.program + " " + e.flags
			reference, packed, err := e.run(dir, original)
			if err != nil {
				refused[what]++
				continue
			}
			got, err := samplesOf(packed)
			want, errWant := samplesOf(reference)
			if err != nil || errWant != nil || !bytes.Equal(got, want) {
				kept := filepath.Join(os.TempDir(), "hotlight-encoded.dcm")
				b, _ := os.ReadFile(packed)
				os.WriteFile(kept, b, 0o600)
				t.Errorf("seed %d, %s, %s: %v %v, %s; kept as %s", seed, s.name, what, err, errWant, unequal(got, want), kept)
				continue
			}
			same[e.program]++
		}
	}
	for program := range missing {
		t.Logf("%s is not installed: its streams were not decoded", program)
	}
	if len(same) == 0 {
		t.Skip("neither DCMTK's nor GDCM's encoders are installed (apt-get install dcmtk libgdcm-tools)")
	}
	t.Logf("seed %d: equal %v; these would not encode: %v", seed, same, refused)
}

// run compresses original and returns the file to compare with, and the compressed one.
func (e packing) run(dir, original string) (reference, packed string, err error) {
	packed, reference = filepath.Join(dir, "packed.dcm"), original
	os.Remove(packed)
	flags := strings.Fields(e.flags)
	if err := exec.Command(e.program, append(flags, original, packed)...).Run(); err != nil {
		return "", "", err
	}
	if e.undo != "" {
		reference = filepath.Join(dir, "reference.dcm")
		os.Remove(reference)
		undo := strings.Fields(e.undo)
		err = exec.Command(undo[0], append(undo[1:], packed, reference)...).Run()
	}
	return reference, packed, err
}

func samplesOf(path string) ([]byte, error) {
	f, err := Open(path, Options{})
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var out bytes.Buffer
	_, err = f.WriteSamples(&out)
	return out.Bytes(), err
}

func unequal(a, b []byte) string {
	if len(a) != len(b) {
		return fmt.Sprintf("%d bytes and %d", len(a), len(b))
	}
	count, first := 0, -1
	for n := range a {
		if a[n] != b[n] {
			if count++; first < 0 {
				first = n
			}
		}
	}
	return fmt.Sprintf("%d of %d bytes differ, the first at %d", count, len(a), first)
}

// TestLargeFramesStayWithinTheMemoryBound decodes pictures so large that a second copy of them would be seen: beside the frame, four times the file is all
// that a codec may hold.
func TestLargeFramesStayWithinTheMemoryBound(t *testing.T) {
	const side = 1200
	r := rand.New(rand.NewPCG(1, 6))
	dir := t.TempDir()
	for n, c := range []struct {
		samples        int
		program, flags string
	}{
		{1, "", ""}, {3, "", ""}, {1, "dcmcjpeg", "+eb +q 60"}, {3, "dcmcjpeg", "+eb +s4 +q 60"}, {3, "dcmcjpeg", "+ep +be +q 60"}, {1, "dcmcjpeg", "+e1"}, {3, "dcmcjpls", "+el +is"},
	} {
		s := subject{"", 8, 8, 0, c.samples, 0, side, side, 1, []string{"MONOCHROME2", "RGB"}[c.samples/3]}
		d := testHeader(side, side)
		bits(8, 8, 7, 0)(d)
		d.Set(SamplesPerPixel, US, s.samples).Set(PhotometricInterpretation, CS, s.photometric).Set(PixelData, OW, smoothPixels(r, side*side*s.samples))
		if s.samples > 1 {
			d.Set(PlanarConfiguration, US, s.planar)
		}
		syntax := RLELossless
		if c.program != "" {
			if syntax = ExplicitLittleEndian; exec.Command(c.program, "--version").Run() != nil {
				t.Logf("%s is not installed: its large frames were not decoded", c.program)
				continue
			}
		}
		path := filepath.Join(dir, fmt.Sprintf("%d.dcm", n))
		if err := os.WriteFile(path, written(t, d, syntax), 0o600); err != nil {
			t.Fatal(err)
		}
		if c.program != "" {
			var err error
			if _, path, err = (packing{program: c.program, flags: c.flags}).run(dir, path); err != nil {
				t.Fatal(err)
			}
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		f := mustRead(t, b)
		frame := make([]byte, side*side*s.samples)
		held := dcmtest.Peak(func() { err = f.DecodeFrame(0, frame) })
		t.Logf("%s %s, %d samples: %d kB held beside the frame for a file of %d kB", c.program, c.flags, s.samples, held>>10, len(b)>>10)
		if limit := uint64(4*len(b) + 1<<20); err != nil || held > limit {
			t.Errorf("%s %s, %d samples: %d bytes were held, %d are allowed: %v", c.program, c.flags, s.samples, held, limit, err)
		}
	}
}

// smoothPixels compress well: small files have the smallest bound.
func smoothPixels(r *rand.Rand, n int) []byte {
	out, v := make([]byte, n), 100
	for i := range out {
		if i%600 == 0 {
			v = max(0, min(v+r.IntN(21)-10, 255))
		}
		out[i] = byte(v)
	}
	return out
}
