package segmentation

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// lattice is a geometry as painting needs it: voxel (i, j, k) has its centre at origin(k) + i*step[0] + j*step[1].
// Distances are taken between these points in patient millimetres, so axes that a file gives not quite perpendicular are no error.
type lattice struct {
	size [3]int
	step [3]mgl64.Vec3 // one index along i, j, k in mm
	// dual[a] is the gradient of index coordinate a: dual[a].Dot(p-origin) is that coordinate of p.
	dual   [3]mgl64.Vec3
	start  mgl64.Vec3   // centre of voxel (0, 0, 0)
	planes []mgl64.Vec3 // of a stack: centre of voxel (0, 0, k)
	normal mgl64.Vec3   // unit, across the slices, towards growing k
	// depth is the distance of each plane of a stack along normal; reach is how far from a plane a point still belongs to it.
	depth []float64
	reach float64
}

func newLattice(g *volume.Geometry) (*lattice, error) {
	l := &lattice{size: g.Size, start: mgl64.Vec3(g.Origin), normal: g.Axis(0).Cross(g.Axis(1)).Normalize()}
	for a := range l.step {
		mm := g.Spacing[a]
		if mm == 0 {
			mm = 1 // the k of a single slice counts millimetres, see volume.Geometry
		}
		l.step[a] = g.Axis(a).Mul(mm)
	}
	inverse := mgl64.Mat3FromCols(l.step[0], l.step[1], l.step[2]).Inv()
	for a := range l.dual {
		l.dual[a] = inverse.Row(a)
		if n := l.dual[a].Len(); !(n > 0) || math.IsInf(n, 0) {
			return nil, project.Errorf(project.Invalid, "the image's geometry has no volume")
		}
	}
	if g.IsStack() {
		if len(g.PlaneOrigins) != g.Size[2] {
			return nil, project.Errorf(project.Invalid, "a stack of %d planes has %d origins", g.Size[2], len(g.PlaneOrigins))
		}
		for _, p := range g.PlaneOrigins {
			l.planes = append(l.planes, mgl64.Vec3(p))
			l.depth = append(l.depth, mgl64.Vec3(p).Dot(l.normal))
		}
		l.reach = l.step[2].Len() / 2
	}
	return l, nil
}

func (l *lattice) origin(k int) mgl64.Vec3 {
	if l.planes != nil {
		return l.planes[k]
	}
	return l.start.Add(l.step[2].Mul(float64(k)))
}

// index returns coordinate a of p, in the coordinates of plane k.
func (l *lattice) index(a int, p mgl64.Vec3, k int) float64 {
	return l.dual[a].Dot(p.Sub(l.origin(k)))
}

// slices returns the slices, lo to hi inclusive, that have voxels between depths a and b (mm along normal, from the patient's origin) widened
// by margin; lo > hi if there are none.
func (l *lattice) slices(a, b, margin float64) (lo, hi int) {
	if a > b {
		a, b = b, a
	}
	a, b = a-margin-1e-9, b+margin+1e-9
	if l.planes == nil {
		zero, mm := l.start.Dot(l.normal), l.step[2].Dot(l.normal)
		return clampRange((a-zero)/mm, (b-zero)/mm, l.size[2])
	}
	lo, hi = 0, len(l.depth)-1
	for lo <= hi && l.depth[lo] < a {
		lo++
	}
	for hi >= lo && l.depth[hi] > b {
		hi--
	}
	return lo, hi
}

// clampRange returns the whole numbers from lo to hi that lie in 0 to n-1.
func clampRange(lo, hi float64, n int) (int, int) {
	if !(lo <= hi) || lo > float64(n) || hi < 0 {
		return 0, -1
	}
	return int(math.Ceil(max(lo, 0))), int(math.Floor(min(hi, float64(n-1))))
}

// cell returns the depths, along normal, between which plane k is the nearest one and near enough.
func (l *lattice) cell(k int) (lo, hi float64) {
	at := l.depth[k]
	lo, hi = at-l.reach, at+l.reach
	if k > 0 {
		lo = max(lo, (l.depth[k-1]+at)/2)
	}
	if k+1 < len(l.depth) {
		hi = min(hi, (l.depth[k+1]+at)/2)
	}
	return lo, hi
}
