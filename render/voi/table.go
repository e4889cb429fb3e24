package voi

import "math"

// Table is a VOI prepared for pictures: finished pixels for stored values, so that drawing a row costs one look-up a pixel. The zero Table must
// be Set first. Rows may be drawn from several goroutines while nobody calls Set.
//
// Stored values come as fixed-point numbers with 8 fraction bits (see mpr.Cut). The table has a cell for every 256th of a stored value, or for
// coarser steps where the window is wide; whole stored values always stand at the start of a cell, so they get exactly Level; between them grey is
// off by no more than 1/16 of a level before rounding.
type Table struct {
	voi              VOI
	slope, intercept float64
	shift            uint8
	base             int32
	last             int32
	cells            *[maxCells]uint32 // 0 to last
}

const (
	fractionBits = 8
	// fineCells is how many cells a window gets at least, where whole stored values leave room for that.
	fineCells = 4096
	// maxCells holds a cell for every stored value that 16 bits can be, signed or not. A power of two: an index then needs no bounds check.
	maxCells = 1 << 17
)

// Set prepares the table for w over stored values of which slope*stored+intercept is the value. It does nothing if that is what the table holds.
// w must have passed Check.
func (t *Table) Set(w VOI, slope, intercept float64) {
	if t.cells != nil && t.voi == w && t.slope == slope && t.intercept == intercept {
		return
	}
	t.voi, t.slope, t.intercept = w, slope, intercept
	lo, hi := w.storedRange(slope, intercept)
	t.shift = 0
	for t.shift < fractionBits && int64(hi-lo)<<fractionBits>>(t.shift+1) >= fineCells {
		t.shift++
	}
	t.base = int32(lo) << (fractionBits - t.shift)
	t.last = int32(hi-lo) << (fractionBits - t.shift)
	if t.cells == nil {
		t.cells = new([maxCells]uint32)
	}
	t.build(t.cells[:t.last+1])
}

// storedRange returns whole stored values, within what 16 bits can hold, outside of which the window is flat.
func (v VOI) storedRange(slope, intercept float64) (lo, hi int) {
	const least, most = -32768, 65535
	a, b := v.Range()
	if v.Function == Sigmoid && v.LUT == nil { // 1/(1+exp(4*1.7)) is less than half a level
		a, b = v.Center-1.7*v.Width, v.Center+1.7*v.Width
	}
	if slope == 0 || math.IsNaN(slope) {
		return 0, 1
	}
	a, b = (a-intercept)/slope, (b-intercept)/slope
	if a > b {
		a, b = b, a
	}
	lo = int(min(max(math.Floor(a)-1, least), most-1))
	hi = int(max(min(math.Ceil(b)+1, most), least+1))
	return lo, max(hi, lo+1)
}

// build fills the cells. Straight functions take a multiplication a cell, the sigmoid an exponential, tables a look-up.
func (t *Table) build(cells []uint32) {
	step := math.Ldexp(1, int(t.shift)-fractionBits)
	first := float64(t.base) * step
	if t.voi.curved() {
		for n := range cells {
			cells[n] = pixel(t.voi.Level((first+float64(n)*step)*t.slope + t.intercept))
		}
		return
	}
	c, w := t.voi.straight()
	flip := uint8(0)
	if t.voi.Invert {
		flip = 255
	}
	for n := range cells {
		x := (first+float64(n)*step)*t.slope + t.intercept
		var g uint8
		switch {
		case x <= c-w/2:
			g = flip
		case x > c+w/2:
			g = 255 - flip
		default:
			y := ((x-c)/w + 0.5) * 255
			if t.voi.Invert {
				y = 255 - y
			}
			g = uint8(y + 0.5)
		}
		cells[n] = pixel(g)
	}
}

// straight returns centre and width as a linear function uses them.
func (v VOI) straight() (c, w float64) {
	if v.Function == LinearExact {
		return v.Center, v.Width
	}
	return v.Center - 0.5, v.Width - 1
}

// pixel is a grey as a finished pixel: R, G, B and 255, R in the lowest byte.
func pixel(g uint8) uint32 { return uint32(g)*0x010101 | 0xff000000 }

// Fixed draws stored values with 8 fraction bits: dst[n] is src[n]'s pixel.
func (t *Table) Fixed(dst []uint32, src []int32) {
	cells, base, last, shift := t.cells, t.base, t.last, t.shift&15
	src = src[:len(dst)]
	for n, v := range src {
		at := v>>shift - base
		if uint32(at) > uint32(last) { // a branch, not a clamp: whole regions lie on one side of the window
			if at < 0 {
				at = 0
			} else {
				at = last
			}
		}
		dst[n] = cells[uint32(at)%maxCells]
	}
}

// Floats draws stored values that are floats. NaN and minus infinity become black, inverted or not.
func (t *Table) Floats(dst []uint32, src []float32) {
	black := pixel(0)
	if t.voi.curved() {
		for n, v := range src[:len(dst)] {
			dst[n] = black
			if x := float64(v); x > math.Inf(-1) {
				dst[n] = pixel(t.voi.Level(x*t.slope + t.intercept))
			}
		}
		return
	}
	scale, offset := t.voi.line(t.slope, t.intercept)
	for n, v := range src[:len(dst)] {
		g := min(max(float64(v)*scale+offset, 0), 255)
		if !(v >= -math.MaxFloat32) {
			dst[n] = black
			continue
		}
		dst[n] = uint32(uint8(g+0.5))*0x010101 | 0xff000000
	}
}

// line returns grey as scale*stored+offset, before clamping.
func (v VOI) line(slope, intercept float64) (scale, offset float64) {
	c, w := v.straight()
	// A window one unit wide (LINEAR with w 1) is a step: a slope steep enough to have no grey between.
	w = max(w, 1e-9)
	scale = 255 / w * slope
	offset = ((intercept-c)/w + 0.5) * 255
	if v.Invert {
		return -scale, 255 - offset
	}
	return scale, offset
}
