package segmentation

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"
)

// sheet is the naive digital plane of a plane through a regular grid: along the axis nearest to the plane's normal (in steps of the grid), one voxel
// of each column of voxels. It is one voxel thick and has no holes.
type sheet struct {
	axis  int        // the columns run along this axis
	slope [3]float64 // of the plane's coordinate along axis with the others; 0 for axis itself
	at    float64    // the plane's coordinate along axis where the others are 0
	thick float64    // |normal . step[axis]|: mm along the normal from one layer to the next
}

const (
	// nudge, in voxels, sends a plane that lies exactly between two layers to the upper one everywhere, whatever the last digits say.
	nudge = 1e-6
	// flatVoxels: a plane that leaves its layer by no more than this over the whole grid is taken as that layer. Directions in files have
	// six digits or so; without this a plane between two layers would be painted half on the one and half on the other.
	flatVoxels = 0.01
)

// newSheet returns the sheet of the plane through p with unit normal n.
func newSheet(l *lattice, p, n mgl64.Vec3) sheet {
	var s sheet
	var c [3]float64
	for a := range c {
		c[a] = n.Dot(l.step[a])
	}
	for _, a := range [3]int{2, 1, 0} { // of equals the slice axis, then the rows
		if a == 2 || math.Abs(c[a]) > math.Abs(c[s.axis])*(1+1e-9) {
			s.axis = a
		}
	}
	s.thick = math.Abs(c[s.axis])
	rise := 0.0
	for a := range c {
		if a != s.axis {
			s.slope[a] = -c[a] / c[s.axis]
			rise += math.Abs(s.slope[a]) * float64(l.size[a])
		}
	}
	if rise < flatVoxels {
		s.slope = [3]float64{}
		s.at = l.dual[s.axis].Dot(p.Sub(l.start))
		return s
	}
	s.at = n.Dot(p.Sub(l.start)) / c[s.axis]
	return s
}

// coordinate returns the plane's coordinate along its axis in the column of (i, j, k), whose own coordinate along that axis does not matter.
func (s *sheet) coordinate(i, j, k float64) float64 {
	return s.at + s.slope[1]*j + s.slope[2]*k + s.slope[0]*i
}

// layer returns the voxel nearest to coordinate w: halves up.
func layer(w float64) float64 { return math.Floor(w + 0.5 + nudge) }

// span returns the columns of row (j, k) that lie on the sheet, as whole numbers from lo to hi; lo > hi for none.
func (s *sheet) span(j, k int) (lo, hi float64) {
	w := s.coordinate(0, float64(j), float64(k))
	if s.axis == 0 {
		i := layer(w)
		return i, i
	}
	row := float64(j)
	if s.axis == 2 {
		row = float64(k)
	}
	slope := s.slope[0]
	if math.Abs(slope) < 1e-15 {
		if layer(w) == row {
			return math.Inf(-1), math.Inf(1)
		}
		return 1, -1
	}
	// The end of one layer's columns and the start of the next's come from the same expression: none is taken twice or left out.
	from, to := (row-0.5-nudge-w)/slope, (row+0.5-nudge-w)/slope
	if slope > 0 {
		return math.Ceil(from), math.Ceil(to) - 1
	}
	return math.Floor(to) + 1, math.Floor(from)
}
