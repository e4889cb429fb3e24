package distance

import (
	"math"
	"math/bits"
	"runtime"
	"sync"

	"hotlight/project"
)

// Field answers how far a cell is from the nearest of a set of cells: an exact Euclidean distance for any spacing. It may be asked by several goroutines.
//
// Each slice that has cells of the set keeps, for every place in it, the offset to its nearest one there (Felzenszwalb and Huttenlocher's lower
// envelope, Theory of Computing 8 (2012) 415, over rows searched by bits). Only the last axis is left to the question.
type Field struct {
	size    [3]int
	spacing [2]float64
	planes  []float64  // where each slice lies, mm, ascending
	slices  [][]offset // nil for a slice without a cell
}

// offset is in cells, along the row and down the column.
type offset struct{ i, j int16 }

// MaxSide is what an offset can hold, and so the longest row or column of a box.
const MaxSide = math.MaxInt16

// NewField prepares a set for questions. spacing is the millimetres between columns, rows and slices; planes, if not nil, are where the slices lie, ascending, in
// place of the third. Work is shared by as many goroutines as there are processors; all have ended when it returns. Errors: Unsupported for a box
// of more than MaxSide columns or rows, Invalid for a spacing that is none.
func NewField(set *Bits, spacing [3]float64, planes []float64) (*Field, error) {
	if set.Size[0] > MaxSide || set.Size[1] > MaxSide {
		return nil, project.Errorf(project.Unsupported, "the masks are more than %d voxels wide", MaxSide)
	}
	if planes == nil {
		for k := range set.Size[2] {
			planes = append(planes, float64(k)*spacing[2])
		}
	}
	if err := checkSteps(spacing, planes, set.Size[2]); err != nil {
		return nil, err
	}
	f := &Field{size: set.Size, spacing: [2]float64{spacing[0], spacing[1]}, planes: planes, slices: make([][]offset, set.Size[2])}
	var wait sync.WaitGroup
	workers := min(runtime.GOMAXPROCS(0), set.Size[2])
	for first := range workers {
		wait.Go(func() {
			e := newEnvelope(f.size, f.spacing)
			for k := first; k < set.Size[2]; k += workers {
				f.slices[k] = e.slice(set, k)
			}
		})
	}
	wait.Wait()
	return f, nil
}

func checkSteps(spacing [3]float64, planes []float64, slices int) error {
	ok := spacing[0] > 0 && spacing[1] > 0 && !math.IsInf(spacing[0], 0) && !math.IsInf(spacing[1], 0) && len(planes) == slices
	for k, p := range planes {
		ok = ok && !math.IsNaN(p) && !math.IsInf(p, 0) && (k == 0 || p > planes[k-1])
	}
	if !ok {
		return project.Errorf(project.Invalid, "the spacing is not a positive number of millimetres")
	}
	return nil
}

// At returns the millimetres from cell (i, j, k) to the nearest of the set, +Inf if the set is empty. Slices are searched outwards until they are too far to
// matter, which ends after a few where the set is close, and after all of them at worst.
func (f *Field) At(i, j, k int) float64 {
	at := j*f.size[0] + i
	best := math.Inf(1)
	for d := 0; ; d++ {
		open := false
		for _, other := range [2]int{k - d, k + d} {
			if other < 0 || other >= f.size[2] {
				continue
			}
			far := f.planes[other] - f.planes[k]
			if far *= far; far >= best {
				continue
			}
			open = true
			if f.slices[other] != nil {
				best = min(best, f.square(other, at)+far)
			}
		}
		if !open {
			return math.Sqrt(best)
		}
	}
}

// square is the squared distance within a slice.
func (f *Field) square(k, at int) float64 {
	o := f.slices[k][at]
	x, y := float64(o.i)*f.spacing[0], float64(o.j)*f.spacing[1]
	return x*x + y*y
}

// envelope is one worker's scratch.
type envelope struct {
	size    [3]int
	spacing [2]float64
	inRow   []int16 // offset to the nearest cell in the same row; only rows with cells are written
	rows    []int   // rows with cells
	parent  []int   // the envelope's parabolas, by row
	start   []float64
	height  []float64
}

func newEnvelope(size [3]int, spacing [2]float64) *envelope {
	return &envelope{size: size, spacing: spacing, inRow: make([]int16, size[0]*size[1]), parent: make([]int, size[1]), start: make([]float64, size[1]+1), height: make([]float64, size[1])}
}

// slice returns the offsets of one slice, or nil if it has no cell.
func (e *envelope) slice(set *Bits, k int) []offset {
	e.rows = e.rows[:0]
	for j := range e.size[1] {
		if rowOffsets(set.Row(j, k), e.inRow[j*e.size[0]:(j+1)*e.size[0]]) {
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
