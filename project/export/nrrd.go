package export

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/go-gl/mathgl/mgl64"
	"github.com/klauspost/compress/gzip"

	"hotlight/project/volume"
)

// WriteNRRD writes v to path as NRRD0005 with gzip encoding, in the space left-posterior-superior: our own coordinates.
// NRRD has no slope and intercept, so values are written in the volume's unit: as they are stored where nothing is to be rescaled, as short or
// int where rescaling gives whole numbers, otherwise as float. Colour is a leading axis of three. Warnings and the true origins of a stack's
// planes are key/value pairs. A picture without a place in the patient gets spacings instead of a space. An incomplete volume is refused.
//
// Source: "Definition of NRRD File Format", teem.sourceforge.net/nrrd/format.html.
func WriteNRRD(path string, v *volume.Volume, o Options) error {
	if err := checkComplete(v); err != nil {
		return err
	}
	s := nrrdSamples(v)
	return replace(path, bytesOf(v, s)/compressed, func(w io.Writer) error {
		if _, err := io.WriteString(w, nrrdHeader(v, s, o)); err != nil {
			return err
		}
		z, err := gzip.NewWriterLevel(w, 5)
		if err != nil {
			return err
		}
		if err := writeSlices(z, v, s); err != nil {
			return err
		}
		return z.Close()
	})
}

// nrrdSamples is samplesOf without a slope to lean on.
func nrrdSamples(v *volume.Volume) samples {
	s := samplesOf(v)
	if v.Pixel == volume.RGB8 || v.Slope == 1 && v.Intercept == 0 {
		return s
	}
	whole := math.Trunc(v.Slope) == v.Slope && math.Trunc(v.Intercept) == v.Intercept
	lo, hi := storedRange(v)
	a, b := v.Rescale(lo), v.Rescale(hi)
	a, b = min(a, b), max(a, b)
	switch {
	case v.Pixel == volume.Float32 || !whole || a < math.MinInt32 || b > math.MaxInt32:
		return samples{nrrd: "float", bytes: 4, slope: 1, rescaled: appendFloat}
	case a < math.MinInt16 || b > math.MaxInt16:
		return samples{nrrd: "int", bytes: 4, slope: 1, rescaled: appendInt}
	}
	return samples{nrrd: "short", bytes: 2, slope: 1, rescaled: appendShort}
}

func storedRange(v *volume.Volume) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for n := range v.Voxels() {
		x := v.StoredAt(n)
		lo, hi = min(lo, x), max(hi, x)
	}
	return lo, hi
}

func nrrdHeader(v *volume.Volume, s samples, o Options) string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	a := lpsAffine(&v.Geometry)
	colour, none, dimension := "", "", 3
	if v.Pixel == volume.RGB8 {
		colour, none, dimension = "3 ", "none ", 4
	}
	line("NRRD0005")
	line("type: %s", s.nrrd)
	line("dimension: %d", dimension)
	if !v.NoPosition {
		line("space: left-posterior-superior")
	}
	line("sizes: %s%d %d %d", colour, v.Size[0], v.Size[1], v.Size[2])
	if v.NoPosition {
		line("spacings: %s%.17g %.17g %.17g", strings.ReplaceAll(none, "none", "nan"), v.Spacing[0], v.Spacing[1], stepOf(&v.Geometry))
	} else {
		line("space directions: %s%s %s %s", none, nrrdVector(a.step.Col(0)), nrrdVector(a.step.Col(1)), nrrdVector(a.step.Col(2)))
	}
	kinds := "domain domain domain"
	if v.Pixel == volume.RGB8 {
		kinds = "RGB-color " + kinds
	}
	line("kinds: %s", kinds)
	line("endian: little")
	line("encoding: gzip")
	if !v.NoPosition {
		line("space origin: %s", nrrdVector(a.origin))
	}
	if v.Unit != "" {
		line("hotlight_unit:=%s", oneLine(v.Unit))
	}
	for n, w := range o.Warnings {
		line("hotlight_warning_%d:=%s: %s", n+1, w.Code, oneLine(w.Text))
	}
	for k, p := range v.PlaneOrigins {
		line("hotlight_plane_origin_%d:=%.17g %.17g %.17g", k, p[0], p[1], p[2])
	}
	line("")
	return b.String()
}

func nrrdVector(v mgl64.Vec3) string { return fmt.Sprintf("(%.17g,%.17g,%.17g)", v[0], v[1], v[2]) }

// oneLine keeps a value on its line: a line break would start another field.
func oneLine(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r == '\\' {
			return ' '
		}
		return r
	}, s)
}
