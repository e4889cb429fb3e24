package segmentation

import (
	"math"
	"slices"

	"github.com/go-gl/mathgl/mgl64"
)

// crossed calls f for the voxels that a line passes through, in order: those under the pointer. For a disc (plane not nil) they are the voxels of its
// sheet in the columns that the line crosses. A voxel may come twice. Voxels outside the grid are left out.
func crossed(l *lattice, from, line mgl64.Vec3, plane *sheet, drift float64, f func(i, j, k int)) {
	if l.planes != nil {
		// Each plane of a stack has its own columns and rows.
		patches(l, from, line, func(k int, t0, t1 float64) {
			a := [3]float64{l.index(0, from, k), l.index(1, from, k), float64(k)}
			d := [3]float64{l.dual[0].Dot(line), l.dual[1].Dot(line), 0}
			walk(l.size, a, d, t0, t1, func(x [3]float64, _ float64) { l.visit(x, f) })
		})
		return
	}
	var a, d [3]float64
	for n := range a {
		a[n], d[n] = l.index(n, from, 0), l.dual[n].Dot(line)
	}
	if plane == nil {
		walk(l.size, a, d, 0, 1, func(x [3]float64, _ float64) { l.visit(x, f) })
		return
	}
	// The layer follows from the column; only the column's own coordinates make steps, unless the disc leaves its plane.
	if math.Abs(drift) <= nudge {
		a[plane.axis], d[plane.axis] = 0, 0
	}
	walk(l.size, a, d, 0, 1, func(x [3]float64, t float64) {
		for n := range x {
			x[n] = math.Floor(x[n] + 0.5)
		}
		x[plane.axis] = layer(plane.coordinate(x[0], x[1], x[2]) + t*drift)
		l.visit(x, f)
	})
}

func (l *lattice) visit(x [3]float64, f func(i, j, k int)) {
	var v [3]int
	for n := range v {
		r := math.Floor(x[n] + 0.5)
		if !(r >= 0 && r < float64(l.size[n])) {
			return
		}
		v[n] = int(r)
	}
	f(v[0], v[1], v[2])
}

// walk calls f with a place inside each voxel that the line a + t*d passes for t from t0 to t1, and with both ends.
func walk(size [3]int, a, d [3]float64, t0, t1 float64, f func(x [3]float64, t float64)) {
	at := func(t float64) (x [3]float64) {
		for n := range x {
			x[n] = a[n] + t*d[n]
		}
		return x
	}
	f(at(t0), t0)
	stops := []float64{}
	from, to := insideOf(size, a, d, t0, t1)
	if from < to {
		stops = append(stops, from, to)
	}
	for n := range a {
		if d[n] == 0 || from >= to {
			continue
		}
		lo, hi := a[n]+from*d[n], a[n]+to*d[n]
		if lo > hi {
			lo, hi = hi, lo
		}
		for edge := math.Ceil(lo-0.5) + 0.5; edge < hi; edge++ {
			stops = append(stops, (edge-a[n])/d[n])
		}
	}
	slices.Sort(stops)
	for n := 1; n < len(stops); n++ {
		// Two edges crossed at once are a corner: what lies between them is no voxel that the line passes through.
		if stops[n]-stops[n-1] > 1e-12 {
			t := (stops[n] + stops[n-1]) / 2
			f(at(t), t)
		}
	}
	f(at(t1), t1)
}

// insideOf returns the part of t0 to t1 for which the line lies within a voxel of the grid, so that a line far outside costs nothing.
func insideOf(size [3]int, a, d [3]float64, t0, t1 float64) (from, to float64) {
	from, to = t0, t1
	for n := range a {
		lo, hi := -1.5, float64(size[n])+0.5
		if d[n] == 0 {
			if a[n] < lo || a[n] > hi {
				return 1, 0
			}
			continue
		}
		x, y := (lo-a[n])/d[n], (hi-a[n])/d[n]
		if x > y {
			x, y = y, x
		}
		from, to = max(from, x), min(to, y)
	}
	return from, to
}
