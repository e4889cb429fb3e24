package overlay

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/render/mpr"
)

// ShapeStack is Shape for a mask on the planes of a stack, in a picture of any plane.
func (c *Cover) ShapeStack(mask *segmentation.Mask, m *mpr.StackMap, w, h int) {
	c.w, c.h, c.stride = w, h, (w+63)/64
	c.filled = sized(c.filled, h)
	clear(c.filled)
	c.mask, c.a, c.stack, c.axes, c.box = mask, m.Affine, m, false, boundBricks(mask)
	c.words = c.words[:0]
	if !c.box.any {
		return
	}
	c.words = sized(c.words, h*c.stride)
	c.lo = mgl64.Vec3{math.Inf(1), math.Inf(1), m.Cells[c.box.lo[2]].Lo}
	c.hi = mgl64.Vec3{math.Inf(-1), math.Inf(-1), m.Cells[c.box.hi[2]].Hi}
	for k := c.box.lo[2]; k <= c.box.hi[2]; k++ {
		for n, s := range m.Cells[k].Shift {
			c.lo[n] = min(c.lo[n], float64(c.box.lo[n])-0.5+s)
			c.hi[n] = max(c.hi[n], float64(c.box.hi[n])+0.5+s)
		}
	}
}

// sampleStack walks one row through the planes.
func (c *Cover) sampleStack(y int) {
	start := mgl64.Vec3(c.a.At(0, float64(y), 0))
	from, to := c.clip(start)
	if from >= to {
		return
	}
	row := c.words[y*c.stride : (y+1)*c.stride]
	clear(row)
	size := c.mask.Size()
	held, brickOf := [3]int{-1, -1, -1}, (*segmentation.Brick)(nil)
	cell, k := mpr.StackCell{Lo: 1, Hi: 0}, -1 // none yet: it holds no depth
	any := uint64(0)
	for x := from; x < to; x++ {
		at := start.Add(c.a.Right.Mul(float64(x)))
		if !(at[2] >= cell.Lo && at[2] < cell.Hi) {
			if k = c.stack.Plane(at[2]); k < 0 {
				continue
			}
			cell = c.stack.Cells[k]
		}
		i, j := int(math.Floor(at[0]-cell.Shift[0]+0.5)), int(math.Floor(at[1]-cell.Shift[1]+0.5))
		if uint(i) >= uint(size[0]) || uint(j) >= uint(size[1]) {
			continue
		}
		if at := [3]int{i / segmentation.BrickColumns, j / segmentation.BrickRows, k / segmentation.BrickSlices}; at != held {
			held, brickOf = at, c.mask.Brick(at[0], at[1], at[2])
		}
		if brickOf == nil {
			continue
		}
		bit := brickOf[k%segmentation.BrickSlices*segmentation.BrickRows+j%segmentation.BrickRows] >> (i % segmentation.BrickColumns) & 1
		row[x/64] |= bit << (x % 64)
		any |= bit
	}
	c.filled[y] = any != 0
}
