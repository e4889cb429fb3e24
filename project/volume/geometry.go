package volume

import (
	"math"
	"sort"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// Point is a place in the patient, in millimetres (DICOM LPS: +x left, +y posterior, +z superior).
type Point [3]float64

// Index is a place in a voxel grid: (i, j, k) = (column, row, slice). Whole numbers are voxel centres.
type Index [3]float64

// Add returns p moved by v millimetres.
func (p Point) Add(v mgl64.Vec3) Point { return Point(mgl64.Vec3(p).Add(v)) }

// Sub returns the vector from q to p in millimetres.
func (p Point) Sub(q Point) mgl64.Vec3 { return mgl64.Vec3(p).Sub(mgl64.Vec3(q)) }

// Voxel returns the voxel that holds x: each coordinate rounded to the nearest whole number, halves up.
func (x Index) Voxel() [3]int {
	return [3]int{int(math.Floor(x[0] + 0.5)), int(math.Floor(x[1] + 0.5)), int(math.Floor(x[2] + 0.5))}
}

// Geometry places a voxel grid in patient space.
//
// A voxel index is (i, j, k) = (column, row, slice), zero-based; a whole number is a voxel's centre, so column 0 covers [-0.5, 0.5).
// Positions are millimetres in the DICOM patient system: +x to the patient's left, +y to the back, +z to the head.
// Points of two geometries may be compared only if FrameOfReference is equal.
//
// A regular grid has PlaneOrigins nil. A stack (tilted or unevenly spaced planes) has the true origin of each plane there and is exact on
// those planes only; Origin, Spacing[2] and the k axis then say where it starts, the median distance, and the unit normal.
//
// Source: DICOM PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1.
type Geometry struct {
	Size    [3]int     // columns, rows, slices
	Spacing mgl64.Vec3 // mm between centres along i, j, k; Spacing[2] is 0 for a single slice, k then counts millimetres
	Origin  Point      // centre of voxel (0, 0, 0)
	// Direction holds the unit vectors of the i, j and k axes in its columns. k = i x j.
	Direction        mgl64.Mat3
	FrameOfReference project.FrameOfReference
	PlaneOrigins     []Point // centre of voxel (0, 0, k) for each k, or nil
	// Uncalibrated says that Spacing is in pixels, not millimetres, because the file gives no pixel size.
	Uncalibrated bool
	// NoPosition says that the file places nothing in the patient: Origin and Direction are those of the picture, and there are no
	// orientation letters.
	NoPosition bool
}

// IsStack reports whether the planes are exact one by one only.
func (g *Geometry) IsStack() bool { return g.PlaneOrigins != nil }

// Axis returns the unit vector of the i (0), j (1) or k (2) axis.
func (g *Geometry) Axis(n int) mgl64.Vec3 { return g.Direction.Col(n) }

// Voxels returns the number of voxels.
func (g *Geometry) Voxels() int { return g.Size[0] * g.Size[1] * g.Size[2] }

// step is the distance of one index along axis n: its spacing, or one millimetre for the k of a single slice.
func (g *Geometry) step(n int) float64 {
	if g.Spacing[n] == 0 {
		return 1
	}
	return g.Spacing[n]
}

// ToPatient returns where x lies in the patient. In a stack, k is rounded to its nearest plane and the rest of it is taken along the normal,
// as that part of the distance to the neighbour on that side.
func (g *Geometry) ToPatient(x Index) Point {
	origin, k, step := g.Origin, x[2], g.step(2)
	if g.PlaneOrigins != nil {
		n := clamp(int(math.Floor(k+0.5)), 0, len(g.PlaneOrigins)-1)
		origin, k = g.PlaneOrigins[n], k-float64(n)
		step = g.gap(n, k < 0)
	}
	return origin.
		Add(g.Axis(0).Mul(x[0] * g.step(0))).
		Add(g.Axis(1).Mul(x[1] * g.step(1))).
		Add(g.Axis(2).Mul(k * step))
}

// ToIndex is the inverse of ToPatient. In a stack it gives k as the nearest plane plus the remaining distance along the normal as a part of the
// distance to the neighbour on that side, so that a point belongs to the plane it is nearest to however uneven the planes are, and i, j in
// that plane's own coordinates.
func (g *Geometry) ToIndex(p Point) Index {
	origin, base := g.Origin, 0
	if g.PlaneOrigins != nil {
		base = g.nearestPlane(p)
		origin = g.PlaneOrigins[base]
	}
	d := p.Sub(origin)
	i, j := g.inPlane(d)
	behind, step := d.Dot(g.Axis(2)), g.step(2)
	if g.PlaneOrigins != nil {
		step = g.gap(base, behind < 0)
	}
	return Index{i / g.step(0), j / g.step(1), float64(base) + behind/step}
}

// inPlane returns the millimetres of d along the i and j axes. Files write direction cosines with few digits, so the two axes can be off
// the right angle by a little; taking dot products alone would then not undo ToPatient. The k axis is their cross product and is exact.
func (g *Geometry) inPlane(d mgl64.Vec3) (i, j float64) {
	a, b := g.Axis(0), g.Axis(1)
	aa, ab, bb := a.Dot(a), a.Dot(b), b.Dot(b)
	da, db := d.Dot(a), d.Dot(b)
	det := aa*bb - ab*ab
	return (da*bb - db*ab) / det, (db*aa - da*ab) / det
}

// gap returns the millimetres along the normal from plane n of a stack to its neighbour: the one before, or the one after. Beyond the first
// and last plane it is the median distance.
func (g *Geometry) gap(n int, before bool) float64 {
	other := n + 1
	if before {
		other = n - 1
	}
	if other < 0 || other >= len(g.PlaneOrigins) {
		return g.step(2)
	}
	return math.Abs(g.PlaneOrigins[other].Sub(g.PlaneOrigins[n]).Dot(g.Axis(2)))
}

// nearestPlane returns the plane of a stack with the least distance along the normal. Planes are in order along it.
func (g *Geometry) nearestPlane(p Point) int {
	n := g.Axis(2)
	along := func(k int) float64 { return g.PlaneOrigins[k].Sub(Point{}).Dot(n) }
	at := p.Sub(Point{}).Dot(n)
	k := sort.Search(len(g.PlaneOrigins), func(k int) bool { return along(k) >= at })
	switch {
	case k == len(g.PlaneOrigins):
		return k - 1
	case k > 0 && at-along(k-1) <= along(k)-at:
		return k - 1
	}
	return k
}

// PlaneOrigin returns the centre of voxel (0, 0, k).
func (g *Geometry) PlaneOrigin(k int) Point { return g.ToPatient(Index{0, 0, float64(k)}) }

// Contains reports whether x lies in the grid: each coordinate within [-0.5, size-0.5).
func (g *Geometry) Contains(x Index) bool {
	for n := range 3 {
		if !(x[n] >= -0.5 && x[n] < float64(g.Size[n])-0.5) {
			return false
		}
	}
	return true
}

// Centre returns the centre of the grid, halfway between its outermost voxel centres. In a stack it lies on the middle plane.
func (g *Geometry) Centre() Point {
	k := float64(g.Size[2]-1) / 2
	if g.IsStack() {
		k = math.Floor(k)
	}
	return g.ToPatient(Index{float64(g.Size[0]-1) / 2, float64(g.Size[1]-1) / 2, k})
}

// Corners returns the eight outer corners of the grid, half a voxel outside the outermost centres.
func (g *Geometry) Corners() [8]Point {
	var c [8]Point
	for n := range c {
		x := Index{-0.5, -0.5, -0.5}
		for a := range 3 {
			if n>>a&1 == 1 {
				x[a] = float64(g.Size[a]) - 0.5
			}
		}
		c[n] = g.ToPatient(x)
	}
	return c
}

// VoxelML returns the volume of one voxel in millilitres. ok is false where it is not known: uncalibrated pixels, a single slice without
// a distance, or a stack, whose planes are not evenly apart.
func (g *Geometry) VoxelML() (ml float64, ok bool) {
	if g.Uncalibrated || g.IsStack() || g.Spacing[2] == 0 {
		return 0, false
	}
	return g.Spacing[0] * g.Spacing[1] * g.Spacing[2] / 1000, true
}

// SameGrid reports whether two geometries have the same voxels: size equal, frame of reference equal, every outer corner within
// tolMM of the other's.
func (g *Geometry) SameGrid(o *Geometry, tolMM float64) bool {
	if g.Size != o.Size || g.FrameOfReference != o.FrameOfReference || g.IsStack() != o.IsStack() {
		return false
	}
	a, b := g.Corners(), o.Corners()
	for n := range a {
		if a[n].Sub(b[n]).Len() > tolMM {
			return false
		}
	}
	return true
}

func clamp(v, lo, hi int) int { return max(lo, min(v, hi)) }
