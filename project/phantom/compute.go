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
	tile        = 16    // voxels along i and j that are painted together
	intercept   = -1024 // stored value 0 is this many HU
	smallest    = -1024 // HU: what a scanner's table of values ends at
	largest     = 3071
	narrowestMM = 0.8 // no boundary is sharper than this, whatever the voxel: the scanner's own blur
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

// run lets every processor take the next slice until none is left.
func (c *scanner) run(ctx context.Context, progress func(done, total int)) error {
	var next, done atomic.Int64
	var wait sync.WaitGroup
	var telling sync.Mutex
	total := c.v.Size[2]
	for range min(runtime.GOMAXPROCS(0), total) {
		wait.Go(func() {
			for k := int(next.Add(1)) - 1; k < total && ctx.Err() == nil; k = int(next.Add(1)) - 1 {
				c.slice(k)
				c.v.Arrive(k)
				if n := int(done.Add(1)); progress != nil {
					telling.Lock()
					progress(n, total)
					telling.Unlock()
				}
			}
		})
	}
	wait.Wait()
	return ctx.Err()
}

func (c *scanner) slice(k int) {
	parts := make([]*part, 0, len(c.a.parts))
	for j := 0; j < c.v.Size[1]; j += tile {
		for i := 0; i < c.v.Size[0]; i += tile {
			parts = c.tile(i, j, k, parts)
		}
	}
}

// tile paints the voxels from (i0, j0), after finding which parts can reach them.
func (c *scanner) tile(i0, j0, k int, parts []*part) []*part {
	i1, j1 := min(i0+tile, c.v.Size[0]), min(j0+tile, c.v.Size[1])
	at := func(i, j int) vec {
		p := c.v.ToPatient(volume.Index{float64(i), float64(j), float64(k)})
		return vec{p[0], p[1], p[2]}
	}
	corner, right, down := at(i0, j0), at(i0+1, j0).sub(at(i0, j0)), at(i0, j0+1).sub(at(i0, j0))
	region := around(0, corner, at(i1-1, j0), at(i0, j1-1), at(i1-1, j1-1))
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
			hu := c.a.hu(p, c.width, parts)
			hu += c.grain.at(i, j, k, c.a.noiseAt(p, hu))
			row[i-i0] = int16(math.Floor(clamp(hu, smallest, largest)+0.5) - intercept)
		}
	}
	return parts
}
