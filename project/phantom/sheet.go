package phantom

import (
	"context"
	"math"

	"hotlight/project/volume"
)

// sheet is the part of one slice that a structure can meet: which voxels lie in it.
type sheet struct {
	columns, rows int
	inside        []bool
}

// sheets samples the structure at the voxel centres from lo to hi, slice by slice.
func (s *Shape) sheets(g *volume.Geometry, lo, hi [3]int) []sheet {
	columns, rows, slices := hi[0]-lo[0]+1, hi[1]-lo[1]+1, hi[2]-lo[2]+1
	if columns < 1 || rows < 1 || slices < 1 {
		return nil
	}
	out := make([]sheet, slices)
	share(context.Background(), slices, func(k int) {
		sh := sheet{columns, rows, make([]bool, columns*rows)}
		for j := range rows {
			for i := range columns {
				sh.inside[j*columns+i] = s.At(g.ToPatient(volume.Index{float64(lo[0] + i), float64(lo[1] + j), float64(lo[2] + k)}))
			}
		}
		out[k] = sh
	})
	return out
}

// runs returns the first and last column of each unbroken stretch in row j.
func (s *sheet) runs(j int) [][2]int {
	return stretches(s.inside[j*s.columns : (j+1)*s.columns])
}

func stretches(row []bool) [][2]int {
	var out [][2]int
	for i := 0; i < len(row); i++ {
		if !row[i] {
			continue
		}
		first := i
		for i+1 < len(row) && row[i+1] {
			i++
		}
		out = append(out, [2]int{first, i})
	}
	return out
}

// depth returns for each voxel the distance in mm to the nearest voxel centre outside the structure; beyond the sheet is outside.
//
// Source: P. Felzenszwalb, D. Huttenlocher, "Distance Transforms of Sampled Functions", Theory of Computing 8 (2012).
func (s *sheet) depth(columnMM, rowMM float64) []float64 {
	w, h := s.columns+2, s.rows+2 // a rim of outside
	f := make([]float64, w*h)
	for j := range s.rows {
		for i := range s.columns {
			if s.inside[j*s.columns+i] {
				f[(j+1)*w+i+1] = math.Inf(1)
			}
		}
	}
	line, out := make([]float64, max(w, h)), make([]float64, max(w, h))
	for i := range w {
		for j := range h {
			line[j] = f[j*w+i]
		}
		lowerEnvelope(line[:h], out[:h], rowMM)
		for j := range h {
			f[j*w+i] = out[j]
		}
	}
	for j := range h {
		copy(line, f[j*w:(j+1)*w])
		lowerEnvelope(line[:w], f[j*w:(j+1)*w], columnMM)
	}
	d := make([]float64, s.columns*s.rows)
	for j := range s.rows {
		for i := range s.columns {
			d[j*s.columns+i] = math.Sqrt(f[(j+1)*w+i+1])
		}
	}
	return d
}

// lowerEnvelope sets out[q] to the least of (q-p)² step² + f[p] over all p. At least one f is finite.
func lowerEnvelope(f, out []float64, step float64) {
	vertex, from := make([]int, 0, len(f)), make([]float64, 0, len(f))
	s2 := step * step
	for q := range f {
		if math.IsInf(f[q], 1) {
			continue
		}
		start := math.Inf(-1)
		for len(vertex) > 0 {
			p := vertex[len(vertex)-1]
			start = ((f[q] + s2*float64(q*q)) - (f[p] + s2*float64(p*p))) / (2 * s2 * float64(q-p))
			if start > from[len(from)-1] {
				break
			}
			vertex, from = vertex[:len(vertex)-1], from[:len(from)-1]
			start = math.Inf(-1)
		}
		vertex, from = append(vertex, q), append(from, start)
	}
	n := 0
	for q := range out {
		for n+1 < len(from) && from[n+1] < float64(q) {
			n++
		}
		d := float64(q - vertex[n])
		out[q] = s2*d*d + f[vertex[n]]
	}
}
