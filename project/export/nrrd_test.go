package export

import (
	"bytes"
	"encoding/binary"
	"math"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"
	"github.com/klauspost/compress/gzip"

	"hotlight/project"
	"hotlight/project/volume"
)

func nrrdParts(t *testing.T, path string) (header string, data []byte) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	head, rest, _ := bytes.Cut(raw, []byte("\n\n"))
	z, err := gzip.NewReader(bytes.NewReader(rest))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return string(head), out.Bytes()
}

func TestNRRDByHand(t *testing.T) {
	v := asymmetric(t, mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}, volume.Int16)
	v.Unit = "HU"
	header, data := nrrdParts(t, write(t, v, "v.nrrd", Options{Warnings: []project.Warning{{Code: project.WarnGap, Text: "One\nslice."}}}))
	want := `NRRD0005
type: short
dimension: 3
space: left-posterior-superior
sizes: 5 4 3
space directions: (0,0.5,0) (0,0,-1.25) (-3,0,0)
kinds: domain domain domain
endian: little
encoding: gzip
space origin: (-12.5,40,7.75)
hotlight_unit:=HU
hotlight_warning_1:=gap: One slice.`
	if got := strings.ReplaceAll(header, "-0,", "0,"); got != want {
		t.Errorf("header\n%s\nwant\n%s", got, want)
	}
	if len(data) != 120 || int16(binary.LittleEndian.Uint16(data[14:])) != 701*7-20000 {
		t.Errorf("%d bytes of data", len(data))
	}
}

func TestNRRDValuesAreInTheUnit(t *testing.T) {
	for name, c := range map[string]struct {
		pixel            volume.Pixel
		slope, intercept float64
		want             string
		first            float64
	}{
		"nothing to rescale":           {volume.Uint16, 1, 0, "ushort", 5},
		"whole numbers that fit":       {volume.Uint8, 1, -1024, "short", -1024},
		"whole numbers that need more": {volume.Uint16, 2, -10, "int", 0},
		"fractions":                    {volume.Int16, 0.5, 0, "float", -10000},
	} {
		v := asymmetric(t, mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}, c.pixel)
		v.Slope, v.Intercept = c.slope, c.intercept
		header, data := nrrdParts(t, write(t, v, "v.nrrd", Options{}))
		if !strings.Contains(header, "type: "+c.want+"\n") {
			t.Errorf("%s: %s", name, header)
		}
		var got float64
		switch c.want {
		case "ushort":
			got = float64(binary.LittleEndian.Uint16(data))
		case "short":
			got = float64(int16(binary.LittleEndian.Uint16(data)))
		case "int":
			got = float64(int32(binary.LittleEndian.Uint32(data)))
		case "float":
			got = float64(math.Float32frombits(binary.LittleEndian.Uint32(data)))
		}
		if got != c.first {
			t.Errorf("%s: first value %v, want %v", name, got, c.first)
		}
	}
}

// Teem is the program that defines NRRD.
func TestTeemReadsWhatWeWrite(t *testing.T) {
	unu, err := exec.LookPath("teem-unu")
	if err != nil {
		t.Skip("teem-unu is not installed here, so nothing independent can read our NRRD files")
	}
	i, j := oblique(3)
	for _, pixel := range []volume.Pixel{volume.Uint8, volume.Int16, volume.Uint16, volume.Float32, volume.RGB8} {
		v := asymmetric(t, i, j, pixel)
		for _, noPlace := range []bool{false, true} {
			v.NoPosition = noPlace
			out, err := exec.Command(unu, "save", "-f", "nrrd", "-e", "ascii", "-i", write(t, v, "v.nrrd", Options{Warnings: []project.Warning{{Code: "gap", Text: "x"}}})).Output()
			if err != nil {
				t.Fatalf("%s, no place %t: %v %s", pixel, noPlace, err, err.(*exec.ExitError).Stderr)
			}
			words := strings.Fields(string(out))
			got, err := strconv.ParseFloat(words[len(words)-1], 64)
			want := 0.0
			if pixel == volume.RGB8 {
				want = float64(v.RGB[len(v.RGB)-1])
			} else {
				want = v.StoredAt(v.Voxels() - 1)
			}
			if err != nil || math.Abs(got-want) > 1e-5 {
				t.Errorf("%s: last value %v (%v), want %v", pixel, got, err, want)
			}
		}
	}
}
