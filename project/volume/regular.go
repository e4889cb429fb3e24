package volume

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

const (
	// widestGap is how many median distances two planes may lie apart and still have voxels computed between them. A whole slice is missing in a
	// wider gap, and what was not acquired is not made up.
	widestGap = 1.9
	// samePixel is the part of a pixel that is rounding in the file's digits, not a shift.
	samePixel = 1e-3
	// mostGrowth is how many times as many voxels as the stack the grid may have: planes shifted by metres are a mistake in the files.
	mostGrowth = 8
)

// Regular returns the regular grid on which a stack is resampled, and how many gaps between planes stay empty because slices are missing in them. Its
// axes are those of the planes; its columns and rows are those of the first plane, as many more as the other planes' shifts need. Along the normal
// it goes from the first plane to the last in equal steps of about the median distance, or, where the planes are unevenly apart, of the least one, but
// no less than a quarter of the median.
//
// It fails for what is no stack (Invalid), has no millimetres or no place in the patient (Unsupported), or would become far larger than the stack.
func (g *Geometry) Regular() (regular Geometry, emptyGaps int, err error) {
	s, err := newStraightener(g)
	if err != nil {
		return Geometry{}, 0, err
	}
	return s.grid, s.emptyGaps, nil
}

// ResampledWarnings are what a reader must know of the volume on the regular grid over the stack g: first that it is computed, then what is known of the
// stack, without how it is shown plane by plane. It fails where Regular does.
func (g *Geometry) ResampledWarnings(ofStack []project.Warning) ([]project.Warning, error) {
	grid, empty, err := g.Regular()
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("Resampled: computed between the acquired planes on a regular grid of %.4g x %.4g x %.4g mm. These are not the acquired pixels; segments lie on the acquired planes.",
		grid.Spacing[0], grid.Spacing[1], grid.Spacing[2])
	switch {
	case empty == 1:
		text += " One gap where slices are missing stays empty."
	case empty > 1:
		text += fmt.Sprintf(" %d gaps where slices are missing stay empty.", empty)
	}
	out := append([]project.Warning{{Code: project.WarnResampled, Text: text}}, ofStack...)
	for n, w := range out {
		if fact, _, ok := strings.Cut(w.Text, ". "); ok && (w.Code == project.WarnGantryTilt || w.Code == project.WarnUnevenSpacing) {
			out[n].Text = fact + "."
		}
	}
	return out, nil
}

// straightener is a stack and the regular grid over it.
type straightener struct {
	grid      Geometry
	planes    []shifted
	from      []fromPlanes // for each slice of grid
	emptyGaps int
}

// shifted is where a plane lies on the grid.
type shifted struct {
	shift [2]float64 // the grid's column and row at which the plane's first ones lie
	depth float64    // mm along the normal from the first plane
}

// fromPlanes says what a slice is computed from: the plane, and the part of the way to the next. No plane: -1.
type fromPlanes struct {
	plane int
	part  float64
}

func newStraightener(g *Geometry) (*straightener, error) {
	switch {
	case !g.IsStack() || g.Size[2] < 2:
		return nil, project.Errorf(project.Invalid, "only planes that are tilted or unevenly apart are resampled; this is a regular grid already")
	case g.Uncalibrated || g.NoPosition:
		return nil, project.Errorf(project.Unsupported, "planes without a pixel size or a place in the patient cannot be resampled")
	}
	s := &straightener{grid: *g}
	s.grid.PlaneOrigins = nil
	first := g.PlaneOrigins[0]
	for _, o := range g.PlaneOrigins {
		i, j := g.inPlane(o.Sub(first))
		s.planes = append(s.planes, shifted{[2]float64{wholePixel(i / g.step(0)), wholePixel(j / g.step(1))}, o.Sub(first).Dot(g.Axis(2))})
	}
	s.spread(g)
	s.step(g)
	if most := mostGrowth * int64(g.Voxels()); int64(s.grid.Size[0])*int64(s.grid.Size[1]) > most/int64(s.grid.Size[2]) {
		return nil, project.Errorf(project.Unsupported, "the planes are shifted so far against each other that a regular grid would be %d times as large", mostGrowth)
	}
	return s, nil
}

func wholePixel(x float64) float64 {
	if r := math.Round(x); math.Abs(x-r) < samePixel {
		return r
	}
	return x
}

// spread widens the grid so that every plane fits, by whole pixels.
func (s *straightener) spread(g *Geometry) {
	s.grid.Origin = g.PlaneOrigins[0]
	for a := range 2 {
		lo, hi := 0.0, 0.0
		for _, p := range s.planes {
			lo, hi = min(lo, math.Floor(p.shift[a])), max(hi, math.Ceil(p.shift[a]))
		}
		for n := range s.planes {
			s.planes[n].shift[a] -= lo
		}
		s.grid.Size[a] += int(min(hi-lo, 1<<20))
		s.grid.Origin = s.grid.Origin.Add(g.Axis(a).Mul(lo * g.step(a)))
	}
}

// step chooses the distance of the slices and says between which planes each lies.
func (s *straightener) step(g *Geometry) {
	gaps := make([]float64, len(s.planes)-1)
	for n := range gaps {
		gaps[n] = s.planes[n+1].depth - s.planes[n].depth
	}
	median := medianOf(gaps)
	step := median
	if !multiples(gaps, median) {
		step = max(slices.Min(gaps), median/4)
	}
	total := s.planes[len(gaps)].depth
	count := max(1, math.Round(total/step))
	step = total / count
	s.grid.Spacing[2] = step
	s.grid.Size[2] = int(min(count+1, 1<<20))
	for n := range gaps {
		if gaps[n] > widestGap*median {
			s.emptyGaps++
		}
	}
	tolerance := max(0.01*median, 0.01)
	n := 0
	for k := range s.grid.Size[2] {
		at := float64(k) * step
		for n < len(gaps)-1 && at >= s.planes[n+1].depth {
			n++
		}
		s.from = append(s.from, s.source(n, at, gaps[n] > widestGap*median, tolerance))
	}
}

// source says what a slice at a depth between planes n and n+1 is computed from. A slice that lies on a plane but for the tolerance of even spacing,
// is that plane.
func (s *straightener) source(n int, at float64, empty bool, tolerance float64) fromPlanes {
	before, after := at-s.planes[n].depth, s.planes[n+1].depth-at
	switch {
	case math.Abs(before) <= tolerance:
		return fromPlanes{n, 0}
	case math.Abs(after) <= tolerance:
		return fromPlanes{n + 1, 0}
	case empty:
		return fromPlanes{plane: -1}
	}
	return fromPlanes{n, before / (before + after)}
}

// multiples reports whether every gap is a whole multiple of the median, within what counts as even: slices may be missing, but none lies between.
func multiples(gaps []float64, median float64) bool {
	for _, gap := range gaps {
		times := max(1, math.Round(gap/median))
		if math.Abs(gap-times*median) > times*max(0.01*median, 0.01) {
			return false
		}
	}
	return true
}

// Straight returns the millimetres along the normal and the shift within the planes, in pixels, of each plane of a stack against the first one.
// It is for whoever draws something on the planes of a stack in another plane than theirs.
func (g *Geometry) Straight() (depthMM []float64, shift []mgl64.Vec2) {
	for _, o := range g.PlaneOrigins {
		d := o.Sub(g.PlaneOrigins[0])
		i, j := g.inPlane(d)
		depthMM, shift = append(depthMM, d.Dot(g.Axis(2))), append(shift, mgl64.Vec2{i / g.step(0), j / g.step(1)})
	}
	return depthMM, shift
}
