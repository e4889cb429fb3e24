package metrics

import (
	"math"
	"math/bits"
	"sync"
)

// The area of the surface through a cell, by its code, is that of the marching cubes (Lorensen and Cline, Computer Graphics 21 (1987) 163), made here
// from three rules instead of copied from a table:
//   - the surface meets the cell's edges halfway and each face of the cell in straight lines;
//   - on a face whose corners alternate, the lines keep apart the corners of which the cell has fewer (inside, if four and four);
//   - the closed lines around the cell are filled with flat pieces: one of six vertices with the triangle of every other vertex and the three
//     triangles beside it, one of five with a triangle and the quadrilateral that is flat.
//
// This gives, for all 256 codes and any spacing, the areas that google-deepmind/surface-distance tabulates.

// vertex is the middle of an edge, in half cells: each coordinate 0, 1 or 2, exactly one of them 1.
type vertex [3]int

// surfaceAreas returns the area of the surface element of each code for voxels spacing apart.
func surfaceAreas(spacing [3]float64) (area [256]float64) {
	for code, pieces := range surfacePieces() {
		for _, piece := range pieces {
			area[code] += polygonArea(piece, spacing)
		}
	}
	return area
}

// surfacePieces are the flat polygons of each code, in half cells: found once, since small masks are measured by the thousand.
var surfacePieces = sync.OnceValue(func() (pieces [256][][]vertex) {
	for code := 1; code < 255; code++ {
		for _, loop := range loopsOf(uint8(code)) {
			pieces[code] = append(pieces[code], flatPieces(loop)...)
		}
	}
	return pieces
})

// inside reports whether the corner, coordinates 0 or 2, is set in the code.
func inside(code uint8, corner vertex) bool {
	return code>>(corner[0]/2+corner[1]+2*corner[2])&1 != 0
}

// loopsOf returns the closed lines around the cell, each as its vertices in turn.
func loopsOf(code uint8) (loops [][]vertex) {
	next := map[vertex][]vertex{} // every vertex lies on two faces
	for axis := range 3 {
		for side := 0; side <= 2; side += 2 {
			for _, line := range faceLines(code, axis, side) {
				next[line[0]] = append(next[line[0]], line[1])
				next[line[1]] = append(next[line[1]], line[0])
			}
		}
	}
	for len(next) > 0 {
		loops = append(loops, takeLoop(next))
	}
	return loops
}

// takeLoop removes one loop from the lines and returns it, starting at its smallest vertex so that results do not depend on a map's order.
func takeLoop(next map[vertex][]vertex) (loop []vertex) {
	start := vertex{3}
	for v := range next {
		if less(v, start) {
			start = v
		}
	}
	for at, before := start, (vertex{3}); ; {
		loop = append(loop, at)
		to := next[at][0]
		if to == before {
			to = next[at][1]
		}
		delete(next, at)
		if to == start && len(loop) > 1 {
			return loop
		}
		before, at = at, to
	}
}

func less(a, b vertex) bool {
	for n := range a {
		if a[n] != b[n] {
			return a[n] < b[n]
		}
	}
	return false
}

// faceLines returns the lines on one face of the cell.
func faceLines(code uint8, axis, side int) (lines [][2]vertex) {
	var corner [4]vertex // around the face
	for n, uv := range [4][2]int{{0, 0}, {0, 2}, {2, 2}, {2, 0}} {
		corner[n][axis], corner[n][(axis+1)%3], corner[n][(axis+2)%3] = side, uv[0], uv[1]
	}
	middle := func(n int) (v vertex) { // of the edge from corner n to the next
		for c := range v {
			v[c] = (corner[n][c] + corner[(n+1)%4][c]) / 2
		}
		return v
	}
	var cut []int
	for n := range corner {
		if inside(code, corner[n]) != inside(code, corner[(n+1)%4]) {
			cut = append(cut, n)
		}
	}
	if len(cut) == 2 {
		return [][2]vertex{{middle(cut[0]), middle(cut[1])}}
	}
	apart := bits.OnesCount8(code) <= 4
	for _, n := range cut { // four of them, or none
		if inside(code, corner[n]) == apart {
			lines = append(lines, [2]vertex{middle((n + 3) % 4), middle(n)})
		}
	}
	return lines
}

// flatPieces cuts a loop of at most six vertices into flat pieces.
func flatPieces(loop []vertex) [][]vertex {
	if flat(loop) {
		return [][]vertex{loop}
	}
	if len(loop) == 6 {
		a, b, c := loop[0], loop[2], loop[4]
		return [][]vertex{{a, b, c}, {a, loop[1], b}, {b, loop[3], c}, {c, loop[5], a}}
	}
	for range loop { // five: turned until the last four lie in a plane
		if flat(loop[1:]) {
			return [][]vertex{{loop[4], loop[0], loop[1]}, loop[1:]}
		}
		loop = append(append([]vertex(nil), loop[1:]...), loop[0])
	}
	panic("metrics: a loop of five vertices without a flat quadrilateral")
}

// flat reports whether the vertices lie in one plane; scaling the axes does not change that.
func flat(loop []vertex) bool {
	n := cross(minus(loop[1], loop[0]), minus(loop[2], loop[0]))
	for _, v := range loop[3:] {
		d := minus(v, loop[0])
		if n[0]*d[0]+n[1]*d[1]+n[2]*d[2] != 0 {
			return false
		}
	}
	return true
}

func minus(a, b vertex) vertex { return vertex{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

func cross(a, b vertex) vertex {
	return vertex{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// polygonArea is the area of a flat polygon whose vertices are in half cells.
func polygonArea(p []vertex, s [3]float64) float64 {
	var normal vertex
	for n := 2; n < len(p); n++ {
		t := cross(minus(p[n-1], p[0]), minus(p[n], p[0]))
		for c := range normal {
			normal[c] += t[c]
		}
	}
	x, y, z := float64(normal[0])*s[1]*s[2], float64(normal[1])*s[0]*s[2], float64(normal[2])*s[0]*s[1]
	return math.Sqrt(x*x+y*y+z*z) / 8 // half, and a quarter for the half cells
}
