package mpr

import "sync/atomic"

// rowMaker cuts single rows. It belongs to one goroutine.
type rowMaker[N number] interface {
	// begin prepares for the plane at the given distance behind the picture's.
	begin(offset float64)
	// tile returns how many columns to cut at a time, all rows of the band before the next ones.
	tile() int
	// row cuts the columns [x0, x1) of row y, writing all of out[from:to], and reports whether pixels there may show nothing.
	row(y, x0, x1 int, out []N) (from, to int, holes bool)
}

// bandRows is how many rows one goroutine cuts at a time: enough to reuse the voxels between neighbouring rows, few enough to share evenly.
const bandRows = 32

// cutRows shares the rows out over goroutines, each with a rowMaker of its own.
func cutRows[N number](j *job, makeRows func() rowMaker[N], out []N, dst *Cut) error {
	var holes atomic.Bool
	err := bandsWith(j.ctx, j.h, func() func(y0, y1 int) {
		m := makeRows()
		var slab slabScratch[N]
		return func(y0, y1 int) {
			var hole bool
			if len(j.offsets) == 1 {
				hole = single(j, m, out, dst, y0, y1)
			} else {
				hole = slabBand(j, m, &slab, out, dst, y0, y1)
			}
			if hole {
				holes.Store(true)
			}
		}
	})
	dst.Holes = holes.Load()
	return err
}

func single[N number](j *job, m rowMaker[N], out []N, dst *Cut, y0, y1 int) (holes bool) {
	m.begin(j.offsets[0])
	for y := y0; y < y1; y++ {
		dst.From[y], dst.To[y] = int32(j.w), 0
	}
	step := m.tile()
	for x := 0; x < j.w; x += step {
		for y := y0; y < y1; y++ {
			from, to, hole := m.row(y, x, min(x+step, j.w), out[y*j.w:(y+1)*j.w])
			if from < to {
				dst.From[y], dst.To[y] = min(dst.From[y], int32(from)), max(dst.To[y], int32(to))
			}
			holes = holes || hole
		}
	}
	return holes
}

// slabScratch is what one goroutine needs to join the planes of a slab.
type slabScratch[N number] struct {
	row  []N
	mean meanBand
}

// slabBand joins the samples of all planes of the slab for the rows of one band.
func slabBand[N number](j *job, m rowMaker[N], s *slabScratch[N], out []N, dst *Cut, y0, y1 int) (holes bool) {
	w := j.w
	for y := y0; y < y1; y++ {
		dst.From[y], dst.To[y] = int32(w), 0
		fill(out[y*w:(y+1)*w], void[N]())
	}
	if j.mode == Mean {
		s.mean.empty((y1 - y0) * w)
	}
	s.row = sized(s.row, w)
	row := s.row
	for _, d := range j.offsets {
		if j.ctx.Err() != nil {
			return false
		}
		m.begin(d)
		for y := y0; y < y1; y++ {
			from, to, _ := m.row(y, 0, w, row)
			if from >= to {
				continue
			}
			dst.From[y], dst.To[y] = min(dst.From[y], int32(from)), max(dst.To[y], int32(to))
			best := out[y*w:][from:to]
			switch j.mode {
			case Mean:
				addMean(&s.mean, (y-y0)*w+from, row[from:to])
			case MinIP:
				mergeMin(best, row[from:to])
			default:
				mergeMax(best, row[from:to])
			}
		}
	}
	if j.mode == Mean {
		putMean(&s.mean, out[y0*w:y1*w])
	}
	for y := y0; y < y1; y++ {
		holes = holes || hasVoid(out[y*w:(y+1)*w], int(dst.From[y]), int(dst.To[y]))
	}
	return holes
}

func fill[N number](s []N, v N) {
	for n := range s {
		s[n] = v
	}
}

// mergeMax keeps the greater of each pair. Void is less than every value; NaN is left out.
func mergeMax[N number](best, row []N) {
	row = row[:len(best)]
	for n, v := range row {
		if v > best[n] {
			best[n] = v
		}
	}
}

func mergeMin[N number](best, row []N) {
	none := void[N]()
	for n, v := range row[:len(best)] {
		if v > none && (best[n] == none || v < best[n]) {
			best[n] = v
		}
	}
}

// meanBand adds up the samples of a band.
type meanBand struct {
	sum   []float64
	count []int32
}

func (m *meanBand) empty(n int) {
	m.sum, m.count = sized(m.sum, n), sized(m.count, n)
	clear(m.sum)
	clear(m.count)
}

func addMean[N number](m *meanBand, at int, row []N) {
	none := void[N]()
	for n, v := range row {
		if v > none {
			m.sum[at+n] += float64(v)
			m.count[at+n]++
		}
	}
}

func putMean[N number](m *meanBand, out []N) {
	for n, count := range m.count {
		if count > 0 {
			out[n] = roundTo[N](m.sum[n] / float64(count))
		}
	}
}

func hasVoid[N number](row []N, from, to int) bool {
	none := void[N]()
	for x := from; x < to; x++ {
		if row[x] == none {
			return true
		}
	}
	return false
}
