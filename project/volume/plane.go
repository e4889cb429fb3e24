package volume

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// Plane is a picture's place in the patient. Right and Down are perpendicular unit vectors along the picture's rows and columns, so the
// plane's normal Right x Down points away from the viewer. The picture's centre lies at Centre.
//
// In a picture of w x h pixels, pixel (x, y) has its centre at
// Centre + (x-(w-1)/2)*MMPerPixel*Right + (y-(h-1)/2)*MMPerPixel*Down.
type Plane struct {
	Centre      Point
	Right, Down mgl64.Vec3
	MMPerPixel  float64
}

// Orientation names one of the three orthogonal planes.
type Orientation string

// The orthogonal planes, each as radiologists see it: axial from the feet, coronal from the front, sagittal from the patient's left.
const (
	Axial    Orientation = "axial"    // right of the picture is the patient's left, down is posterior
	Coronal  Orientation = "coronal"  // right is left, down is inferior
	Sagittal Orientation = "sagittal" // right is posterior, down is inferior
)

// NewPlane returns the orthogonal plane o through centre.
func NewPlane(o Orientation, centre Point, mmPerPixel float64) (Plane, error) {
	p := Plane{Centre: centre, MMPerPixel: mmPerPixel}
	switch o {
	case Axial:
		p.Right, p.Down = mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 1, 0}
	case Coronal:
		p.Right, p.Down = mgl64.Vec3{1, 0, 0}, mgl64.Vec3{0, 0, -1}
	case Sagittal:
		p.Right, p.Down = mgl64.Vec3{0, 1, 0}, mgl64.Vec3{0, 0, -1}
	default:
		return p, project.Errorf(project.Invalid, "%q is not a plane (axial, coronal, sagittal)", o)
	}
	return p, nil
}

// ObliquePlane returns the plane with the given normal, which points away from the viewer, and up, which points to the top of the picture.
// Neither needs unit length; up is made perpendicular to normal. Right = normal x up.
func ObliquePlane(normal, up mgl64.Vec3, centre Point, mmPerPixel float64) (Plane, error) {
	if !(normal.Len() > 1e-9) || !(up.Len() > 1e-9) {
		return Plane{}, project.Errorf(project.Invalid, "the normal and up of a plane must not be zero")
	}
	n := normal.Normalize()
	u := up.Normalize()
	u = u.Sub(n.Mul(u.Dot(n)))
	if !(u.Len() > 1e-6) {
		return Plane{}, project.Errorf(project.Invalid, "up must not be parallel to the normal")
	}
	u = u.Normalize()
	return Plane{Centre: centre, Right: n.Cross(u), Down: u.Mul(-1), MMPerPixel: mmPerPixel}, nil
}

// AcquiredPlane returns the plane of slice k as it was acquired: rows to the right, columns down, through the middle of the slice.
func AcquiredPlane(g *Geometry, k int, mmPerPixel float64) Plane {
	centre := g.ToPatient(Index{float64(g.Size[0]-1) / 2, float64(g.Size[1]-1) / 2, float64(k)})
	return Plane{Centre: centre, Right: g.Axis(0), Down: g.Axis(1), MMPerPixel: mmPerPixel}
}

// Normal returns the unit vector away from the viewer.
func (p Plane) Normal() mgl64.Vec3 { return p.Right.Cross(p.Down) }

// At returns the patient point of picture position (x, y) in a picture of w x h pixels.
func (p Plane) At(x, y float64, w, h int) Point {
	return p.Centre.
		Add(p.Right.Mul((x - float64(w-1)/2) * p.MMPerPixel)).
		Add(p.Down.Mul((y - float64(h-1)/2) * p.MMPerPixel))
}

// Project returns the picture position of a patient point, dropped onto the plane along its normal, and its distance behind the plane in mm
// (positive away from the viewer). It is the inverse of At for points of the plane.
func (p Plane) Project(q Point, w, h int) (x, y, behindMM float64) {
	d := q.Sub(p.Centre)
	return d.Dot(p.Right)/p.MMPerPixel + float64(w-1)/2, d.Dot(p.Down)/p.MMPerPixel + float64(h-1)/2, d.Dot(p.Normal())
}

// ShiftedTo returns p moved along its normal so that it passes through q.
func (p Plane) ShiftedTo(q Point) Plane {
	n := p.Normal()
	p.Centre = p.Centre.Add(n.Mul(q.Sub(p.Centre).Dot(n)))
	return p
}

// Fit returns the millimetres per pixel at which the whole grid, seen along p, fits a picture of w x h pixels.
func (p Plane) Fit(g *Geometry, w, h int) float64 {
	var right, down [2]float64
	for n, c := range g.Corners() {
		d := c.Sub(Point{})
		r, v := d.Dot(p.Right), d.Dot(p.Down)
		if n == 0 {
			right, down = [2]float64{r, r}, [2]float64{v, v}
		}
		right = [2]float64{min(right[0], r), max(right[1], r)}
		down = [2]float64{min(down[0], v), max(down[1], v)}
	}
	return max((right[1]-right[0])/float64(max(w, 1)), (down[1]-down[0])/float64(max(h, 1)), 1e-6)
}

// Letters returns the orientation letters of a direction v in the patient, the strongest first: "L", "PL", "LPS". A second and third letter
// stand where that component exceeds 0.1. It is empty for a vector without length.
func Letters(v mgl64.Vec3) string {
	if !(v.Len() > 1e-9) {
		return ""
	}
	v = v.Normalize()
	pairs := [3]string{"RL", "AP", "IS"}
	out := ""
	var used [3]bool
	for range 3 {
		best := -1
		for a := range 3 {
			if !used[a] && (best < 0 || math.Abs(v[a]) > math.Abs(v[best])) {
				best = a
			}
		}
		used[best] = true
		if out != "" && math.Abs(v[best]) <= 0.1 {
			break
		}
		if v[best] < 0 {
			out += pairs[best][:1]
		} else {
			out += pairs[best][1:]
		}
	}
	return out
}
