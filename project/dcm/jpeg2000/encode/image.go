package encode

import "fmt"

// Image is a picture on its reference grid: the part of the grid from (X0, Y0) up to, but without, (X1, Y1).
type Image struct {
	X0, Y0, X1, Y1 int
	Components     []Component
}

// Component is a colour of an image. It has one sample at each point of the reference grid whose coordinates are multiples of DX and DY.
type Component struct {
	DX, DY  int // 1 to 255; 0 counts as 1
	Bits    int // 1 to 38 bits of a sample, with its sign
	Signed  bool
	Samples []int32 // row by row; as many as Image.Size says
	Deep    []int64 // in place of Samples for more than 26 bits
}

// narrowBits is the most bits of what Samples holds.
const narrowBits = 26

// len returns how many samples there are where they should be.
func (c *Component) len() int {
	if c.Bits > narrowBits {
		return len(c.Deep)
	}
	return len(c.Samples)
}

// at returns sample i.
func (c *Component) at(i int) int64 {
	if c.Bits > narrowBits {
		return c.Deep[i]
	}
	return int64(c.Samples[i])
}

// Size returns columns and rows of component c.
func (m *Image) Size(c int) (w, h int) {
	k := &m.Components[c]
	dx, dy := max(k.DX, 1), max(k.DY, 1)
	return ceil(m.X1, dx) - ceil(m.X0, dx), ceil(m.Y1, dy) - ceil(m.Y0, dy)
}

// Grey is an image of one component with its corner at the origin.
func Grey(w, h, bits int, signed bool, samples []int32) *Image {
	return &Image{X1: w, Y1: h, Components: []Component{{Bits: bits, Signed: signed, Samples: samples}}}
}

func (m *Image) check() error {
	if m.X0 < 0 || m.Y0 < 0 || m.X1 <= m.X0 || m.Y1 <= m.Y0 || len(m.Components) == 0 || len(m.Components) > 16384 {
		return fmt.Errorf("jpeg 2000: an image of %d components from (%d, %d) to (%d, %d) has no codestream", len(m.Components), m.X0, m.Y0, m.X1, m.Y1)
	}
	for i := range m.Components {
		c := &m.Components[i]
		w, h := m.Size(i)
		if c.Bits < 1 || c.Bits > 38 || c.len() != w*h {
			return fmt.Errorf("jpeg 2000: component %d has %d samples of %d bits, not %d x %d of 1 to 38", i, c.len(), c.Bits, w, h)
		}
		low, high := int64(0), int64(1)<<c.Bits-1
		if c.Signed {
			low, high = -1<<(c.Bits-1), 1<<(c.Bits-1)-1
		}
		for n := range c.len() {
			if v := c.at(n); v < low || v > high {
				return fmt.Errorf("jpeg 2000: component %d has the value %d beyond its %d bits", i, v, c.Bits)
			}
		}
	}
	return nil
}

// ceil returns a/b rounded up; b is positive.
func ceil(a, b int) int {
	if a < 0 {
		return -(-a / b)
	}
	return (a + b - 1) / b
}

// rect is a part of a grid, without its right and lower edge.
type rect struct{ x0, y0, x1, y1 int }

func (r rect) w() int      { return r.x1 - r.x0 }
func (r rect) h() int      { return r.y1 - r.y0 }
func (r rect) empty() bool { return r.x1 <= r.x0 || r.y1 <= r.y0 }

// over returns r on a grid that is coarser by dx and dy.
func (r rect) over(dx, dy int) rect {
	return rect{ceil(r.x0, dx), ceil(r.y0, dy), ceil(r.x1, dx), ceil(r.y1, dy)}
}

func (r rect) and(s rect) rect {
	return rect{max(r.x0, s.x0), max(r.y0, s.y0), min(r.x1, s.x1), min(r.y1, s.y1)}
}
