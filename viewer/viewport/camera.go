package viewport

import (
	"math"

	"fyne.io/fyne/v2"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// Camera is where a viewport looks. A unit is a pixel at scale 1.
type Camera struct {
	Centre      volume.Point
	Right, Down mgl64.Vec3 // perpendicular unit vectors
	MMPerUnit   float64
}

// Normal points away from the viewer.
func (c Camera) Normal() mgl64.Vec3 { return c.Right.Cross(c.Down) }

// At returns the patient point of the device pixel that holds pos, in a viewport of the given size and scale (device pixels a unit). Pointers come in
// whole device pixels; the point is that pixel's centre, as it was drawn.
func (c Camera) At(pos fyne.Position, px [2]int, scale float64) volume.Point {
	x := math.Round(float64(pos.X) * scale)
	y := math.Round(float64(pos.Y) * scale)
	return c.Plane(scale).At(x, y, px[0], px[1])
}

// Pos returns where a patient point, dropped onto the plane, lies in units.
func (c Camera) Pos(p volume.Point, px [2]int, scale float64) fyne.Position {
	x, y, _ := c.Plane(scale).Project(p, px[0], px[1])
	return fyne.NewPos(float32((x+0.5)/scale), float32((y+0.5)/scale))
}

// Plane returns the plane to draw at a scale.
func (c Camera) Plane(scale float64) volume.Plane {
	return volume.Plane{Centre: c.Centre, Right: c.Right, Down: c.Down, MMPerPixel: c.MMPerUnit / scale}
}

// Through returns c moved along its normal so that it passes through p.
func (c Camera) Through(p volume.Point) Camera {
	n := c.Normal()
	c.Centre = c.Centre.Add(n.Mul(p.Sub(c.Centre).Dot(n)))
	return c
}

// Bounds of the zoom: a unit is never more than this share of the fitting size, nor less.
const (
	mostOut = 4.0
	mostIn  = 1.0 / 64
)

// Fit returns c with the whole grid in sight in a viewport of w x h units, its middle in the centre and a small margin.
func (c Camera) Fit(g *volume.Geometry, w, h float64) Camera {
	c.MMPerUnit = c.fitMM(g, w, h)
	mid := g.Centre()
	n := c.Normal()
	c.Centre = mid.Add(n.Mul(c.Centre.Sub(mid).Dot(n)))
	return c
}

func (c Camera) fitMM(g *volume.Geometry, w, h float64) float64 {
	return c.Plane(1).Fit(g, int(math.Max(w, 1)), int(math.Max(h, 1)))
}

// bounded keeps mm within the bounds of the zoom.
func (c Camera) bounded(mm float64, g *volume.Geometry, w, h float64) float64 {
	fit := c.fitMM(g, w, h)
	return math.Max(fit*mostIn, math.Min(fit*mostOut, mm))
}
