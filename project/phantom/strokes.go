package phantom

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Brushes are the radii in mm that Strokes uses when it is given none.
var Brushes = []float64{9, 4, 1.6}

// joinMM is how far above a stretch a stroke may have ended that goes on with it.
const joinMM = 16.0

// Strokes returns disc strokes that paint the structure slice by slice on the grid g, as a reader would: to and fro with a wide brush, then along the edge
// with smaller ones. No voxel whose centre lies outside the structure is painted, and nearly all inside are; parts thinner than the smallest brush stay bare.
// Slices come in order, and in each the wide strokes come first. radiiMM are the brushes, widest first; fewer brushes make fewer strokes and leave more of the edge.
func Strokes(s *Shape, g *volume.Geometry, radiiMM ...float64) []segmentation.Stroke {
	if len(radiiMM) == 0 {
		radiiMM = Brushes
	}
	lo, hi := s.voxels(g)
	var out []segmentation.Stroke
	for k, sh := range s.sheets(g, lo, hi) {
		p := painter{sheet: sh, g: g, origin: [3]int{lo[0], lo[1], lo[2] + k}, depth: sh.depth(g.Spacing[0], g.Spacing[1]), done: make([]bool, len(sh.inside))}
		for _, radius := range radiiMM {
			out = append(out, p.strokes(radius)...)
		}
	}
	return out
}

// painter paints one slice.
type painter struct {
	sheet
	g      *volume.Geometry
	origin [3]int
	depth  []float64
	done   []bool // voxels that a stroke covers
}

// strokes goes over the slice with one brush, row after row, wherever that paints something new. A stretch joins the stroke that ended nearest above it, if the
// way there stays inside, so wide parts are painted to and fro and edges are followed down.
func (p *painter) strokes(radius float64) []segmentation.Stroke {
	every := max(int(0.8*radius/p.g.Spacing[1]), 1)
	var ways [][][2]int // the corners of each stroke
	useful := make([]bool, p.columns)
	for j := every / 2; j < p.rows; j += every {
		for i := range useful {
			useful[i] = p.depth[j*p.columns+i] > radius+slackMM(p.g.Spacing[0]) && p.bare([2]int{i, i}, j, radius)
		}
		for _, run := range p.joined(stretches(useful), j, radius) {
			a, b := [2]int{run[0], j}, [2]int{run[1], j}
			n, turned := p.nearest(ways, a, b, radius, int(joinMM/p.g.Spacing[1]))
			if turned {
				a, b = b, a
			}
			if n < 0 {
				n = len(ways)
				ways = append(ways, nil)
			}
			ways[n] = append(ways[n], a)
			if b != a {
				ways[n] = append(ways[n], b)
			}
			p.cover(run, j, radius)
		}
	}
	var out []segmentation.Stroke
	for _, way := range ways {
		out = append(out, p.stroke(way, radius))
	}
	return out
}

// joined merges stretches of a row with less than two brush widths between them, where the brush can go from the one to the other.
func (p *painter) joined(runs [][2]int, j int, radius float64) [][2]int {
	var out [][2]int
	for _, run := range runs {
		if n := len(out) - 1; n >= 0 && float64(run[0]-out[n][1])*p.g.Spacing[0] < 4*radius && p.free([2]int{out[n][1], j}, [2]int{run[0], j}, radius) {
			out[n][1] = run[1]
			continue
		}
		out = append(out, run)
	}
	return out
}

// nearest returns the stroke whose end is nearest to a or b, no more than rows above, and from which the brush can go there; turned says that b is the nearer end.
// It is -1 if there is none.
func (p *painter) nearest(ways [][][2]int, a, b [2]int, radius float64, rows int) (best int, turned bool) {
	best = -1
	least := math.MaxInt
	for n, way := range ways {
		end := way[len(way)-1]
		if a[1]-end[1] > rows || a[1] == end[1] {
			continue
		}
		for side, to := range [2][2]int{a, b} {
			if far := abs(to[0] - end[0]); far < least && p.free(end, to, radius) {
				best, turned, least = n, side == 1, far
			}
		}
	}
	return best, turned
}

// reach calls f for the voxels within radius of a stretch of row j until f returns false.
func (p *painter) reach(run [2]int, j int, radius float64, f func(n int) bool) {
	rowMM, columnMM := p.g.Spacing[1], p.g.Spacing[0]
	dj := int(radius / rowMM)
	for y := max(j-dj, 0); y <= min(j+dj, p.rows-1); y++ {
		off := float64(y-j) * rowMM
		di := int(math.Sqrt(max(radius*radius-off*off, 0)) / columnMM)
		for x := max(run[0]-di, 0); x <= min(run[1]+di, p.columns-1); x++ {
			if !f(y*p.columns + x) {
				return
			}
		}
	}
}

// bare reports whether a stretch would cover anything new.
func (p *painter) bare(run [2]int, j int, radius float64) bool {
	found := false
	p.reach(run, j, radius, func(n int) bool {
		found = !p.done[n]
		return !found
	})
	return found
}

func (p *painter) cover(run [2]int, j int, radius float64) {
	p.reach(run, j, radius, func(n int) bool {
		p.done[n] = true
		return true
	})
}

// free reports whether a brush can go straight from a to b without touching a voxel outside, looking four times a voxel.
func (p *painter) free(a, b [2]int, radius float64) bool {
	steps := 4 * max(abs(a[0]-b[0]), abs(a[1]-b[1]), 1)
	for n := range steps + 1 {
		t := float64(n) / float64(steps)
		if !p.fits(float64(a[0])+t*float64(b[0]-a[0]), float64(a[1])+t*float64(b[1]-a[1]), radius) {
			return false
		}
	}
	return true
}

// fits reports whether a brush at (x, y) touches no voxel outside.
func (p *painter) fits(x, y, radius float64) bool {
	rowMM, columnMM := p.g.Spacing[1], p.g.Spacing[0]
	i, j := int(x+0.5), int(y+0.5)
	off := math.Hypot((x-float64(i))*columnMM, (y-float64(j))*rowMM)
	depth := p.depth[j*p.columns+i]
	radius += slackMM(columnMM)
	switch { // depth changes by no more than the way gone
	case depth-off > radius:
		return true
	case depth+off <= radius:
		return false
	}
	for v := int(math.Ceil(y - radius/rowMM)); v <= int(y+radius/rowMM); v++ {
		half := math.Sqrt(max(radius*radius-(float64(v)-y)*(float64(v)-y)*rowMM*rowMM, 0)) / columnMM
		for u := int(math.Ceil(x - half)); u <= int(x+half); u++ {
			if u < 0 || v < 0 || u >= p.columns || v >= p.rows || !p.inside[v*p.columns+u] {
				return false
			}
		}
	}
	return true
}

// slackMM keeps a brush clear of voxels that rounding could put on either side.
func slackMM(columnMM float64) float64 { return 0.05 * columnMM }

func (p *painter) stroke(way [][2]int, radius float64) segmentation.Stroke {
	s := segmentation.Stroke{RadiusMM: radius, Shape: segmentation.Disc, Normal: mgl64.Vec3(p.g.Axis(2))}
	for _, c := range way {
		s.Points = append(s.Points, p.g.ToPatient(volume.Index{float64(p.origin[0] + c[0]), float64(p.origin[1] + c[1]), float64(p.origin[2])}))
	}
	return s
}

func abs(n int) int { return max(n, -n) }
