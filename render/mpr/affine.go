package mpr

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// maxSide is the longest picture side: 16384 device pixels.
const maxSide = 16384

// Affine maps picture positions to voxel indices: index = Origin + x*Right + y*Down + d*Along, for pixel (x, y) and d mm behind the plane.
type Affine struct {
	Origin, Right, Down, Along mgl64.Vec3
}

// NewAffine returns the map of plane p in a picture of w x h pixels to the voxels of g. For a stack p must be one of its own planes, else ErrStack.
func NewAffine(g *volume.Geometry, p volume.Plane, w, h int) (Affine, error) {
	if w < 1 || h < 1 || w > maxSide || h > maxSide {
		return Affine{}, project.Errorf(project.Invalid, "a picture of %d x %d pixels", w, h)
	}
	if !(p.MMPerPixel > 0) || math.IsInf(p.MMPerPixel, 0) || !perpendicular(p.Right, p.Down) {
		return Affine{}, project.Errorf(project.Invalid, "a plane needs perpendicular unit vectors and a size of pixel")
	}
	own := *g
	own.PlaneOrigins = nil
	k := 0
	if g.IsStack() {
		var ok bool
		if k, ok = ownPlane(g, p); !ok {
			return Affine{}, ErrStack
		}
		own.Origin = g.PlaneOrigins[k] // the grid's own is only where the stack starts
	}
	a := Affine{Origin: mgl64.Vec3(own.ToIndex(p.At(0, 0, w, h)))}
	own.Origin = volume.Point{} // from here on directions: the map is linear
	direction := func(v mgl64.Vec3) mgl64.Vec3 {
		x := own.ToIndex(volume.Point(v))
		return mgl64.Vec3{settle(x[0]), settle(x[1]), settle(x[2])}
	}
	a.Right, a.Down = direction(p.Right.Mul(p.MMPerPixel)), direction(p.Down.Mul(p.MMPerPixel))
	a.Along = direction(p.Normal())
	if g.IsStack() {
		a.Origin[2], a.Right[2], a.Down[2] = float64(k), 0, 0
	}
	return a, nil
}

// settle takes the rounding of cosines out, so that planes along the grid's axes are recognised: a billionth of a voxel per pixel moves
// nothing within the largest picture.
func settle(v float64) float64 {
	if math.Abs(v) < 1e-9 {
		return 0
	}
	return v
}

// perpendicular allows for the digits that scanners write, since acquired planes have the file's own direction cosines.
func perpendicular(a, b mgl64.Vec3) bool {
	return math.Abs(a.Len()-1) < 1e-3 && math.Abs(b.Len()-1) < 1e-3 && math.Abs(a.Dot(b)) < 1e-3
}

// At returns the index of picture position (x, y), d mm behind the plane.
func (a *Affine) At(x, y, d float64) volume.Index {
	return volume.Index(a.Origin.Add(a.Right.Mul(x)).Add(a.Down.Mul(y)).Add(a.Along.Mul(d)))
}

// Axes returns the voxel axes along which the picture's rows and columns run, or ok false if the plane does not lie along the grid.
func (a *Affine) Axes() (right, down int, ok bool) {
	right, down = onlyAxis(a.Right), onlyAxis(a.Down)
	return right, down, right >= 0 && down >= 0 && right != down
}

// onlyAxis returns the one axis along which d points, or -1.
func onlyAxis(d [3]float64) int {
	axis := -1
	for n, v := range d {
		if v != 0 {
			if axis >= 0 {
				return -1
			}
			axis = n
		}
	}
	return axis
}
