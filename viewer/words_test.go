package viewer

import (
	"testing"

	"github.com/go-gl/mathgl/mgl64"
	"golang.org/x/image/font/sfnt"

	"hotlight/assets"
	"hotlight/project/volume"
)

var plex = func() *sfnt.Font {
	f, err := sfnt.Parse(assets.PlexRegular())
	if err != nil {
		panic(err)
	}
	return f
}()

func inFont(c rune) bool {
	g, err := plex.GlyphIndex(nil, c)
	return err == nil && g != 0
}

func TestNumbers(t *testing.T) {
	for got, want := range map[string]string{
		whole(0): "0", whole(999): "999", whole(3391): "3 391", whole(1234567): "1 234 567", whole(-1200): "−1 200",
		fixed(-0.04, 1): "0.0", fixed(-12.34, 1): "−12.3", fixed(7, 2): "7.00",
		significant(0.01234): "0.0123", significant(2.0678): "2.07", significant(11.44): "11.4", significant(1672.1): "1 672",
		level(1500): "1500", level(-600): "−600", level(0.25): "0.250", level(40): "40",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestPlaces(t *testing.T) {
	if got := place(volume.Point{-57.3, 130.8, -519.8}); got != "R 57.3  P 130.8  I 519.8 mm" {
		t.Error(got)
	}
	g := &volume.Geometry{Size: [3]int{2, 2, 2}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}
	if got := along(g, 2, volume.Point{1, 2, -3}); got != "I 3.0 mm" {
		t.Error(got)
	}
}

func TestVolumesAreNotGuessed(t *testing.T) {
	g := &volume.Geometry{Size: [3]int{9, 9, 9}, Spacing: mgl64.Vec3{0.5, 0.5, 2}, Direction: mgl64.Ident3()}
	stack := *g
	stack.PlaneOrigins = make([]volume.Point, 9)
	for got, want := range map[string]string{
		volumeOf(g, 0):         "–",
		volumeOf(g, 4140):      "2.07 ml",
		volumeOf(&stack, 4140): "4 140 vx",
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestGridSentence(t *testing.T) {
	regular := volume.Geometry{Size: [3]int{9, 9, 9}, Spacing: mgl64.Vec3{0.78, 0.78, 1}, Direction: mgl64.Ident3()}
	pixels, stack := regular, regular
	pixels.Uncalibrated = true
	stack.PlaneOrigins = make([]volume.Point, 9)
	for name, c := range map[string]struct {
		m      Image
		want   string
		warned bool
	}{
		"a regular grid":  {Image{Geometry: &regular}, "Regular grid 0.78 × 0.78 × 1.00 mm, no gap, no tilt", false},
		"no pixel size":   {Image{Geometry: &pixels}, "No pixel size in the file. Lengths are in pixels.", true},
		"a tilted stack":  {Image{Geometry: &stack}, "Planes as acquired, not a regular grid: exact plane by plane", true},
		"an ultrasound":   {Image{Geometry: &pixels, Lengths: "mm in regions"}, "Millimetres within the ultrasound's regions, else pixels", true},
		"an estimate":     {Image{Geometry: &regular, Lengths: "mm estimated"}, "Pixels of 0.78 × 0.78 mm estimated", true},
		"at the detector": {Image{Geometry: &regular, Lengths: "mm at detector"}, "0.78 × 0.78 mm at the detector", true},
	} {
		if got, _, warned := gridSentence(&c.m); got != c.want || warned != c.warned {
			t.Errorf("%s: %q, warned %v", name, got, warned)
		}
	}
}
