package jpeg2000

import (
	"fmt"
	"iter"
	"slices"
	"sync"
	"sync/atomic"

	"hotlight/project/dcm/jpeg2000/internal/ht"
)

// job is one code-block to be decoded.
type job struct {
	band       *band
	block      *codeBlock
	x, y       int // of its first coefficient in the subband
	wide, high int
}

func (j *job) area() rect { return rect{j.x, j.y, j.x + j.wide, j.y + j.high} }

// batch is how many code-blocks are listed before they are decoded.
const batch = 1024

// codeBlocks decodes the code-blocks of a resolution that have data and are needed. With Options.Partial it returns the first error after all of them.
func (d *decoder) codeBlocks(c *component, res *resolution) error {
	if res.window.empty() {
		return nil
	}
	if d.rounds {
		c.clear(res)
		return d.inRounds(c, res)
	}
	count, covered := d.survey(res)
	if !covered || d.options.Partial {
		c.clear(res)
	}
	return d.decodeNeeded(c, res, count)
}

// decodeNeeded does so for those that have entries in the ledger, about so many.
func (d *decoder) decodeNeeded(c *component, res *resolution, count int) error {
	var first error
	flush := func(least int) bool {
		if len(d.jobs) >= least {
			err := d.run(c, res)
			d.jobs = d.jobs[:0]
			if first == nil {
				first = err
			}
		}
		return first == nil || d.options.Partial
	}
	d.jobs = slices.Grow(d.jobs[:0], min(count, batch))
	for j := range d.needed(res) {
		d.jobs = append(d.jobs, j)
		if !flush(batch) {
			return first
		}
	}
	flush(1)
	return first
}

// survey counts the code-blocks that will be decoded, and reports whether they leave no coefficient of the window over.
func (d *decoder) survey(r *resolution) (count int, covered bool) {
	left := 0
	for i := range r.bands {
		left += r.bands[i].window.area()
	}
	for j := range d.needed(r) {
		left -= j.area().intersect(j.band.window).area()
		count++
	}
	return count, left == 0
}

// needed gives the code-blocks of r that have data and lie in the window of their subband.
func (d *decoder) needed(r *resolution) iter.Seq[job] {
	return func(yield func(job) bool) {
		for n, p := range d.opened(r) {
			for b, g := range r.precinctBands(p, n) {
				for i := range g.wide * g.high {
					k := d.blocks.at(g.blocks + uint32(i))
					if k.last == 0 {
						continue
					}
					area := g.area(b, i)
					if area.overlaps(b.window) && !yield(job{b, k, area.x0, area.y0, area.width(), area.height()}) {
						return
					}
				}
			}
		}
	}
}

// shares returns in how many parts n rows or columns are transformed: at least 64 in each.
func (d *decoder) shares(n int) int { return max(1, min(d.options.Workers, n/64)) }

// divide calls f for 0 to n in parts, side by side.
func (d *decoder) divide(n int, f func(from, to int)) {
	var group sync.WaitGroup
	parts := d.shares(n)
	for i := range parts {
		group.Go(func() { f(n*i/parts, n*(i+1)/parts) })
	}
	group.Wait()
}

// run decodes the listed code-blocks and stores their coefficients. It returns the first error; with Options.Partial the others are decoded all the same.
func (d *decoder) run(c *component, res *resolution) error {
	count := max(1, min(d.options.Workers, len(d.jobs)/4))
	for len(d.workers) < count {
		d.workers = append(d.workers, new(worker))
	}
	if count > 1 && !d.budget.take(count*sharedBytes) {
		count = 1
	}
	if count == 1 {
		var first error
		for i := range d.jobs {
			err := d.workers[0].decode(d, c, res, &d.jobs[i])
			if first == nil {
				first = err
			}
			if err != nil && !d.tolerate() {
				break
			}
		}
		return first
	}
	return d.share(c, res, count)
}

// tolerate reports whether other code-blocks are decoded after a damaged one: with Options.Partial, as long as the tile's room has what the errors take.
func (d *decoder) tolerate() bool {
	return d.options.Partial && int(d.damaged.Add(1))*errorBytes <= int(d.budget)
}

// sharedBytes are more than a goroutine of share takes.
const sharedBytes = 1 << 8

// share runs the jobs on count goroutines.
func (d *decoder) share(c *component, res *resolution, count int) error {
	var next atomic.Int64
	var group sync.WaitGroup
	errs := make([]error, count)
	for n := range count {
		group.Add(1)
		go func() {
			defer group.Done()
			for {
				i := int(next.Add(1)) - 1
				if i >= len(d.jobs) {
					return
				}
				err := d.workers[n].decode(d, c, res, &d.jobs[i])
				if errs[n] == nil {
					errs[n] = err
				}
				if err != nil && !d.tolerate() {
					return
				}
			}
		}()
	}
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

const (
	narrowPlanes    = 30 // bit planes of a code-block of Part 1 that fit uint32 with the half below them
	widePlanes      = 62 // that fit uint64
	narrowPrecision = 26 // bits of a sample that fit int32 with what both transforms add
)

// decode decodes a code-block and stores its coefficients.
func (w *worker) decode(d *decoder, c *component, res *resolution, j *job) (err error) {
	defer func() { // a goroutine's panic could not be caught by those who call us
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrData, r)
		}
	}()
	planes := j.band.planes + c.shift
	switch {
	case d.stopped():
		return ErrStopped
	case planes > ht.WidePlanes || planes > widePlanes && j.block.mode == modePart1:
		return fmt.Errorf("%w: %d bit planes", ErrUnsupported, planes)
	case int(j.block.zeroPlanes) >= planes:
		return fmt.Errorf("%w: a code-block lacks %d of %d bit planes", ErrData, j.block.zeroPlanes, planes)
	}
	w.listed(&d.ledger, j.block)
	switch {
	case j.block.mode != modePart1:
		return w.decodeHT(d, c, res, j, planes)
	case planes <= narrowPlanes:
		return decodeBlock(&w.narrow, d, c, res, j, w.pieces, planes)
	}
	return decodeBlock(&w.wide, d, c, res, j, w.pieces, planes)
}

// listed lists the pieces of code-block k's data.
func (w *worker) listed(l *ledger, k *codeBlock) {
	w.entries, w.pieces = l.entries(w.entries[:0], k.last), w.pieces[:0]
	for _, at := range w.entries {
		w.pieces = l.pieces(w.pieces, at)
	}
}

func decodeBlock[T uint32 | uint64](b *block[T], d *decoder, c *component, res *resolution, j *job, pieces []piece, planes int) error {
	b.reset(j.wide, j.high, j.band.orient, c.style)
	if err := b.decode(j.block, pieces, d.stream.b, planes); err != nil {
		return err
	}
	b.store(c, res, j.band, j.x, j.y)
	return nil
}

// mostCoefficients of a code-block (T.800 table A.18).
const mostCoefficients = 1 << 12

// room returns n entries, in the memory of s if there is enough.
func room[S any](s []S, n int) []S {
	if cap(s) < n {
		s = make([]S, n)
	}
	return s[:n]
}
