package phantom

import (
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hotlight/project/volume"
)

// TestLook writes pictures of the demo study for people to look at, since no test can say whether a phantom looks like a patient:
//
//	HOTLIGHT_LOOK=/tmp/pictures go test -run Look ./project/phantom
func TestLook(t *testing.T) {
	dir := os.Getenv("HOTLIGHT_LOOK")
	if dir == "" {
		t.Skip("pictures are for people: set HOTLIGHT_LOOK to a folder")
	}
	start := time.Now()
	v, _, err := Compute(context.Background(), Options{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("computed %v in %v", v.Size, time.Since(start))
	soft, lung, liver, bone := [2]float64{40, 400}, [2]float64{-600, 1500}, [2]float64{90, 160}, [2]float64{400, 1800}
	for _, z := range []float64{185, 165, 140, 115, 90, 60, 30, 0, -30, -60, -90, -120, -150, -185} {
		look(t, v, dir, fmt.Sprintf("axial%+04.0f-soft", z), volume.Axial, volume.Point{0, 0, z}, soft)
	}
	for _, z := range []float64{140, 90, 40, -10} {
		look(t, v, dir, fmt.Sprintf("axial%+04.0f-lung", z), volume.Axial, volume.Point{0, 0, z}, lung)
	}
	for _, z := range []float64{-20, -45, -75, -100} {
		look(t, v, dir, fmt.Sprintf("axial%+04.0f-liver", z), volume.Axial, volume.Point{0, 0, z}, liver)
	}
	for _, y := range []float64{-60, -25, 5, 35, 70} {
		look(t, v, dir, fmt.Sprintf("coronal%+04.0f-soft", y), volume.Coronal, volume.Point{0, y, 0}, soft)
		look(t, v, dir, fmt.Sprintf("coronal%+04.0f-lung", y), volume.Coronal, volume.Point{0, y, 0}, lung)
	}
	for _, x := range []float64{-70, 0, 15, 65} {
		look(t, v, dir, fmt.Sprintf("sagittal%+04.0f-soft", x), volume.Sagittal, volume.Point{x, 0, 0}, soft)
	}
	look(t, v, dir, "sagittal+000-bone", volume.Sagittal, volume.Point{1, 0, 0}, bone)
	look(t, v, dir, "axial+060-bone", volume.Axial, volume.Point{0, 0, 60}, bone)
}

// look writes one picture of 1 mm per pixel at twice its size, linear between voxels; window is centre and width.
func look(t *testing.T, v *volume.Volume, dir, name string, o volume.Orientation, at volume.Point, window [2]float64) {
	t.Helper()
	const w, h = 640, 640
	plane, err := volume.NewPlane(o, at, 0.64)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			grey := (linear(v, plane.At(float64(x), float64(y), w, h))-window[0])/window[1] + 0.5
			m.SetGray(x, y, color.Gray{uint8(clamp(grey*255, 0, 255))})
		}
	}
	f, err := os.Create(filepath.Join(dir, name+".png"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, m); err != nil {
		t.Fatal(err)
	}
}

func linear(v *volume.Volume, p volume.Point) float64 {
	x := v.ToIndex(p)
	var base [3]int
	var t [3]float64
	for n := range 3 {
		c := clamp(x[n], 0, float64(v.Size[n])-1.001)
		base[n] = int(c)
		t[n] = c - float64(base[n])
	}
	sum := 0.0
	for n := range 8 {
		weight, at := 1.0, base
		for a := range 3 {
			if n>>a&1 == 1 {
				weight *= t[a]
				at[a]++
			} else {
				weight *= 1 - t[a]
			}
		}
		sum += weight * v.StoredAt(v.Offset(at[0], at[1], at[2]))
	}
	return v.Rescale(sum)
}
