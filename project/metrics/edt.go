package metrics

import (
	"math"
	"math/bits"
	"runtime"
	"sync"
)

// nearest answers how far a cell is from the nearest of a set of cells: an exact Euclidean distance for any spacing.
//
// Each slice that has cells of the set keeps, for every place in it, the offset to its nearest one there (Felzenszwalb and Huttenlocher's lower
// envelope, Theory of Computing 8 (2012) 415, over rows searched by bits). Only the last axis is left to the question: slices are searched outwards
// until they are too far to matter, which ends after a few where surfaces are close, and after all of them at worst.
type nearest struct {
	size    [3]int
	spacing [3]float64
	slices  [][]offset // nil for a slice without a cell
}

// offset is in cells, along the row and down the column.
type offset struct{ i, j int16 }

// maxOffset is what an offset can hold, and so the longest row or column.
const maxOffset = math.MaxInt16

// newNearest prepares a set for questions. Work is shared by as many goroutines as there are processors; all have ended when it returns.
func newNearest(set *cells, spacing [3]float64) *nearest {
	n := &nearest{size: set.size, spacing: spacing, slices: make([][]offset, set.size[2])}
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), set.size[2])
	for first := range workers {
		wait.Go(func() {
			e := newEnvelope(n.size, spacing)
			for k := first; k < set.size[2]; k += workers {
				n.slices[k] = e.slice(set, k)
			}
		})
	}
	wait.Wait()
	return n
}

// distance returns the millimetres from cell (i, j, k) to the nearest of the set, +Inf if the set is empty.
func (n *nearest) distance(i, j, k int) float64 {
	at := j*n.size[0] + i
	best := math.Inf(1)
	for d := 0; ; d++ {
		far := float64(d) * n.spacing[2]
		far *= far
		if far >= best || k-d < 0 && k+d >= n.size[2] {
			return math.Sqrt(best)
		}
		for _, other := range [2]int{k - d, k + d} {
			if other < 0 || other >= n.size[2] || n.slices[other] == nil {
				continue
			}
			o := n.slices[other][at]
			x, y := float64(o.i)*n.spacing[0], float64(o.j)*n.spacing[1]
			best = min(best, x*x+y*y+far)
		}
	}
}

// envelope is one worker's scratch.
type envelope struct {
	size    [3]int
	spacing [3]float64
	inRow   []int16 // offset to the nearest cell in the same row; only rows with cells are written
	rows    []int   // rows with cells
	parent  []int   // the envelope's parabolas, by row
	start   []float64
	height  []float64
}

func newEnvelope(size [3]int, spacing [3]float64) *envelope {
	return &envelope{size: size, spacing: spacing, inRow: make([]int16, size[0]*size[1]), parent: make([]int, size[1]), start: make([]float64, size[1]+1), height: make([]float64, size[1])}
}

// slice returns the offsets of one slice, or nil if it has no cell.
func (e *envelope) slice(set *cells, k int) []offset {
	e.rows = e.rows[:0]
	for j := range e.size[1] {
		if rowOffsets(set.row(j, k), e.inRow[j*e.size[0]:(j+1)*e.size[0]]) {
			e.rows = append(e.rows, j)
		}
	}
	if len(e.rows) == 0 {
		return nil
	}
	out := make([]offset, e.size[0]*e.size[1])
	for i := range e.size[0] {
		e.column(i, out)
	}
	return out
}

// rowOffsets writes for every column the signed offset to the nearest set bit of the row; false if there is none.
func rowOffsets(row []uint64, into []int16) bool {
	last := -1
	for n, word := range row {
		for ; word != 0; word &= word - 1 {
			at := n*64 + bits.TrailingZeros64(word)
			from := 0
			if last >= 0 {
				from = (last+at)/2 + 1 // up to the middle the earlier one is as near
				for i := last + 1; i < from; i++ {
					into[i] = int16(last - i)
				}
			}
			for i := from; i <= at; i++ {
				into[i] = int16(at - i)
			}
			last = at
		}
	}
	if last < 0 {
		return false
	}
	for i := last + 1; i < len(into); i++ {
		into[i] = int16(last - i)
	}
	return true
}

// column fills one column of the slice: the lower envelope of a parabola for each row with cells, whose height is the distance within that row.
func (e *envelope) column(i int, out []offset) {
	square := e.spacing[1] * e.spacing[1]
	top := -1
	for _, j := range e.rows {
		x := float64(e.inRow[j*e.size[0]+i]) * e.spacing[0]
		e.height[j] = x * x
		at := math.Inf(-1)
		for ; top >= 0; top-- {
			p := e.parent[top]
			at = (e.height[j] - e.height[p] + square*float64(j*j-p*p)) / (2 * square * float64(j-p))
			if at > e.start[top] {
				break
			}
			at = math.Inf(-1)
		}
		top++
		e.parent[top], e.start[top] = j, at
	}
	at := 0
	for j := range e.size[1] {
		for at < top && e.start[at+1] <= float64(j) {
			at++
		}
		p := e.parent[at]
		out[j*e.size[0]+i] = offset{e.inRow[p*e.size[0]+i], int16(p - j)}
	}
}
