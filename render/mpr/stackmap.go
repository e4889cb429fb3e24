package mpr

import (
	"math"
	"sort"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// StackMap maps picture positions to the voxels of a stack, in any plane: for segments that lie on a stack's planes and are shown on a picture that
// was computed across them. A point belongs to the plane that it is nearest to along the normal, if that is no farther than half the median distance
// or half the way to the plane's neighbour, as in painting.
type StackMap struct {
	// Affine gives the columns and rows of the first plane, and in place of slices millimetres along the normal from it.
	Affine
	Cells []StackCell // by plane
}

// StackCell is what belongs to one plane: depths from Lo up to Hi mm, and by how many columns and rows the plane is shifted against the first.
type StackCell struct {
	Lo, Hi float64
	Shift  mgl64.Vec2
}

// NewStackMap returns the map of plane p in a picture of w x h pixels to the voxels of the stack g.
func NewStackMap(g *volume.Geometry, p volume.Plane, w, h int) (*StackMap, error) {
	if !g.IsStack() || len(g.PlaneOrigins) != g.Size[2] {
		return nil, project.Errorf(project.Invalid, "a stack needs an origin for each plane")
	}
	own := *g
	own.PlaneOrigins, own.Origin, own.Spacing[2] = nil, g.PlaneOrigins[0], 1
	a, err := NewAffine(&own, p, w, h)
	if err != nil {
		return nil, err
	}
	depth, shift := g.Straight()
	reach := g.Spacing[2] / 2
	if reach == 0 { // the k of a single slice counts millimetres
		reach = 0.5
	}
	m := &StackMap{Affine: a}
	for n := range depth {
		c := StackCell{depth[n] - reach, depth[n] + reach, shift[n]}
		if n > 0 {
			c.Lo = max(c.Lo, (depth[n-1]+depth[n])/2)
		}
		if n+1 < len(depth) {
			c.Hi = min(c.Hi, (depth[n]+depth[n+1])/2)
		}
		m.Cells = append(m.Cells, c)
	}
	return m, nil
}

// Plane returns the plane that a depth belongs to, or -1.
func (m *StackMap) Plane(depth float64) int {
	n := sort.Search(len(m.Cells), func(n int) bool { return m.Cells[n].Hi > depth })
	if n == len(m.Cells) || depth < m.Cells[n].Lo {
		return -1
	}
	return n
}

// Voxel returns the voxel of the stack at picture position (x, y); k is -1 where there is none. i and j may lie outside the plane.
func (m *StackMap) Voxel(x, y float64) (i, j, k int) {
	at := m.At(x, y, 0)
	if k = m.Plane(at[2]); k < 0 {
		return 0, 0, k
	}
	s := m.Cells[k].Shift
	return int(math.Floor(at[0] - s[0] + 0.5)), int(math.Floor(at[1] - s[1] + 0.5)), k
}
