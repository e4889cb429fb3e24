package phantom

import (
	"context"
	"math"
	"runtime"
	"sync"
	"sync/atomic"

	"hotlight/project/volume"
)

const (
	tile          = 16    // voxels along i and j that are painted together
	intercept     = -1024 // stored value 0 is this many HU
	smallest      = -1024 // HU: what a scanner's table of values ends at
	largest       = 3071
	betweenSlices = 0.12 // share that a slice takes from each neighbour
	narrowestMM   = 0.8  // no boundary is sharper than this, whatever the voxel: the scanner's own blur
)

// Compute scans the patient. The volume is complete, int16 with slope 1 and intercept -1024, in HU.
//
// It uses all processors. progress, which may be nil, is called after each slice, from one goroutine at a time. On cancel it returns ctx's error.
func Compute(ctx context.Context, o Options, progress func(done, total int)) (*volume.Volume, *Truth, error) {
	g, err := o.Geometry()
	if err != nil {
		return nil, nil, err
	}
	o = o.withDefaults()
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		return nil, nil, err
	}
	v.Intercept, v.Unit, v.Modality = intercept, "HU", "CT"
	truth := NewTruth(o.Seed)
	scan := scanner{v: v, a: truth.a, grain: newGrain(o.Seed, o.NoiseHU), width: boundaryMM(&g)}
	if err := scan.run(ctx, progress); err != nil {
		return nil, nil, err
	}
	return v, truth, nil
}

// boundaryMM is the width over which a boundary fades on grid g: a voxel, in plane more than along the slices.
func boundaryMM(g *volume.Geometry) float64 {
	inPlane := math.Sqrt(g.Spacing[0] * g.Spacing[1])
	return max(narrowestMM, 0.8*inPlane+0.2*min(g.Spacing[2], 3*inPlane))
}

type scanner struct {
	v     *volume.Volume
	a     *anatomy
	grain *grain
	width float64
}

// run paints all slices, then blurs and adds noise row by row.
func (c *scanner) run(ctx context.Context, progress func(done, total int)) error {
	var telling sync.Mutex
	done := 0
	share(ctx, c.v.Size[2], func(k int) {
		c.slice(k)
		telling.Lock()
		defer telling.Unlock()
		if done++; progress != nil {
			progress(done, c.v.Size[2])
		}
	})
	share(ctx, c.v.Size[1], c.finish)
	if err := ctx.Err(); err != nil {
		return err
	}
	c.v.ArriveAll()
	return nil
}

// share lets every processor take the next of total pieces of work until none is left or ctx ends.
func share(ctx context.Context, total int, work func(n int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), total) {
		wait.Go(func() {
			for n := int(next.Add(1)) - 1; n < total && ctx.Err() == nil; n = int(next.Add(1)) - 1 {
				work(n)
			}
		})
	}
	wait.Wait()
}

func (c *scanner) slice(k int) {
	parts, room := make([]*part, 0, len(c.a.parts)), &sample{}
	for j := 0; j < c.v.Size[1]; j += tile {
		for i := 0; i < c.v.Size[0]; i += tile {
			parts = c.tile(i, j, k, parts, room)
		}
	}
}

// finish blurs row j of all slices along k, as the beam's thickness does, and adds the noise.
func (c *scanner) finish(j int) {
	size := c.v.Size
	before := make([]float64, size[0]) // the painted values of the slice below
	at := func(i, k int) vec {
		p := c.v.ToPatient(volume.Index{float64(i), float64(j), float64(k)})
		return vec{p[0], p[1], p[2]}
	}
	right := at(1, 0).sub(at(0, 0))
	for k := range size[2] {
		first := at(0, k)
		row := c.v.Int16[c.v.Offset(0, j, k):][:size[0]]
		above := c.v.Int16[c.v.Offset(0, j, min(k+1, size[2]-1)):][:size[0]]
		for i := range row {
			painted := float64(row[i])
			if k == 0 {
				before[i] = painted
			}
			hu := painted + betweenSlices*(before[i]+float64(above[i])-2*painted) + intercept
			before[i] = painted
			if c.grain.sd > 0 {
				hu += c.grain.at(i, j, k, c.a.noiseAt(first.add(right.mul(float64(i))), hu))
			}
			row[i] = stored(hu)
		}
	}
}

func stored(hu float64) int16 {
	return int16(math.Floor(clamp(hu, smallest, largest)+0.5) - intercept)
}

// tile paints the voxels from (i0, j0), after finding which parts can reach them.
func (c *scanner) tile(i0, j0, k int, parts []*part, s *sample) []*part {
	i1, j1 := min(i0+tile, c.v.Size[0]), min(j0+tile, c.v.Size[1])
	at := func(i, j int) vec {
		p := c.v.ToPatient(volume.Index{float64(i), float64(j), float64(k)})
		return vec{p[0], p[1], p[2]}
	}
	corner, right, down := at(i0, j0), at(i0+1, j0).sub(at(i0, j0)), at(i0, j0+1).sub(at(i0, j0))
	region := around(0, corner, at(i1-1, j0), at(i0, j1-1), at(i1-1, j1-1))
	middle, half := region.lo.lerp(region.hi, 0.5), region.hi.sub(region.lo).len()/2
	outside := c.a.skin.dist(middle) > 1.2*half+16 // nothing of the body reaches this tile
	parts = parts[:0]
	for n := range c.a.parts {
		if c.a.parts[n].box.meets(region) {
			parts = append(parts, &c.a.parts[n])
		}
	}
	for j := j0; j < j1; j++ {
		row := c.v.Int16[c.v.Offset(i0, j, k):]
		for i := i0; i < i1; i++ {
			p := corner.add(right.mul(float64(i - i0))).add(down.mul(float64(j - j0)))
			if outside {
				row[i-i0] = stored(c.a.tableHU(p, c.width))
				continue
			}
			row[i-i0] = stored(c.a.hu(s, p, c.width, parts))
		}
	}
	return parts
}
