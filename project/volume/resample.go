package volume

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"hotlight/project"
)

// Resample computes a stack on the regular grid that Regular returns, for planes and slabs across it: what it holds is no longer what was acquired, and
// Resampled says so. Values are float32 in the unit of v, linear between the true positions of v's voxels: within a plane by its own origin, between
// two planes at the feet of the perpendiculars on both. A voxel is not a number where no plane covers it, where v has padding or a slice has not
// arrived, and in gaps that Regular leaves empty.
//
// progress, which may be nil, is called from one goroutine at a time. v is only read. It fails where Regular does, for colour, which has no value to
// interpolate, and with project.Full where memory cannot hold the result.
func Resample(ctx context.Context, v *Volume, progress func(done, total int)) (*Volume, error) {
	if v.Pixel == RGB8 {
		return nil, project.Errorf(project.Unsupported, "pictures in colour are not resampled")
	}
	s, err := newStraightener(&v.Geometry)
	if err != nil {
		return nil, err
	}
	out, err := New(s.grid, Float32)
	if err != nil {
		return nil, err
	}
	out.Unit, out.Modality, out.Resampled = v.Unit, v.Modality, true
	if err := s.run(ctx, v, out, progress); err != nil {
		return nil, err
	}
	out.ArriveAll()
	return out, nil
}

// run computes all slices, in parallel.
func (s *straightener) run(ctx context.Context, v, out *Volume, progress func(done, total int)) error {
	var next atomic.Int64
	var all sync.WaitGroup
	var mu sync.Mutex
	done, total := 0, s.grid.Size[2]
	for range min(runtime.GOMAXPROCS(0), total) {
		all.Go(func() {
			w := newResampler(s, v)
			for ctx.Err() == nil {
				k := int(next.Add(1)) - 1
				if k >= total {
					return
				}
				w.slice(out, k)
				mu.Lock()
				if done++; progress != nil && ctx.Err() == nil {
					progress(done, total)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return ctx.Err()
}

// resampler computes slices. It belongs to one goroutine.
type resampler struct {
	s          *straightener
	v          *Volume
	row, below []float32 // of the source
	other      []float32 // of the result, from the plane behind
}

func newResampler(s *straightener, v *Volume) *resampler {
	return &resampler{s, v, make([]float32, v.Size[0]), make([]float32, v.Size[0]), make([]float32, s.grid.Size[0])}
}

func (w *resampler) slice(out *Volume, k int) {
	width, height := out.Size[0], out.Size[1]
	from := w.s.from[k]
	for j := range height {
		dst := out.Float32[out.Offset(0, j, k):][:width]
		if from.plane < 0 {
			fillNaN(dst)
			continue
		}
		w.planeRow(dst, from.plane, j)
		if from.part > 0 {
			w.planeRow(w.other, from.plane+1, j)
			mix(dst, w.other, float32(from.part))
		}
	}
}

// planeRow computes what row j of the result shows of plane n.
func (w *resampler) planeRow(dst []float32, n, j int) {
	p := &w.s.planes[n]
	at, part, ok := between(float64(j)-p.shift[1], w.v.Size[1])
	if !ok || !w.v.Arrived(n) {
		fillNaN(dst)
		return
	}
	w.v.values(w.row, at, n)
	if part > 0 {
		w.v.values(w.below, at+1, n)
		mix(w.row, w.below, float32(part))
	}
	w.shiftRow(dst, p.shift[0])
}

// shiftRow writes the source row to dst, shift pixels to the right. The part of a pixel is the same for all.
func (w *resampler) shiftRow(dst []float32, shift float64) {
	whole := math.Floor(-shift)
	part := float32(-shift - whole)
	last := len(w.row) - 1
	for i := range dst {
		at := i + int(whole)
		switch {
		case at >= 0 && at < last:
			dst[i] = w.row[at]
			if part > 0 {
				dst[i] += part * (w.row[at+1] - w.row[at])
			}
		case at == -1 && part >= 0.5: // within half a pixel of the outermost centres the outermost value counts
			dst[i] = w.row[0]
		case at == last && part < 0.5:
			dst[i] = w.row[last]
		default:
			dst[i] = float32(math.NaN())
		}
	}
}

// between returns the whole coordinate below x and the rest, kept between the outermost centres; ok is false outside the outermost pixels.
func between(x float64, size int) (at int, part float64, ok bool) {
	if !(x >= -0.5 && x < float64(size)-0.5) {
		return 0, 0, false
	}
	x = max(0, min(x, float64(size-1)))
	at = int(x)
	return at, x - float64(at), true
}

func mix(dst, other []float32, part float32) {
	for n := range dst {
		dst[n] += part * (other[n] - dst[n])
	}
}

func fillNaN(dst []float32) {
	for n := range dst {
		dst[n] = float32(math.NaN())
	}
}

// values writes row j of slice k to dst in the volume's unit; padding is not a number.
func (v *Volume) values(dst []float32, j, k int) {
	from := v.Offset(0, j, k)
	switch v.Pixel {
	case Uint8:
		rescaleRow(dst, v.Uint8[from:], v)
	case Int16:
		rescaleRow(dst, v.Int16[from:], v)
	case Uint16:
		rescaleRow(dst, v.Uint16[from:], v)
	case Float32:
		rescaleRow(dst, v.Float32[from:], v)
	}
}

func rescaleRow[T uint8 | int16 | uint16 | float32](dst []float32, stored []T, v *Volume) {
	for n := range dst {
		dst[n] = float32(float64(stored[n])*v.Slope + v.Intercept)
	}
	if !v.HasPadding {
		return
	}
	for n := range dst {
		if x := float64(stored[n]); x >= v.Padding[0] && x <= v.Padding[1] {
			dst[n] = float32(math.NaN())
		}
	}
}
