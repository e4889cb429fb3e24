package tool

import "math"

// window drags the grey-level window: to the right wider, downwards a higher level. A step is a share of the width, so that a PET of 0 to 5 and
// a CT of 2500 feel alike: dW = W dx / 400, which over a whole drag is an exponential.
type window struct {
	from  Pointer
	start View
}

const (
	windowUnits = 400 // units for which the width grows by e, and the level by one width
	zoomUnits   = 200 // units for which the picture grows by e
	scrollUnits = 8   // units a plane
	// leastWidth keeps a window drag away from a width that no longer separates two values.
	leastWidth = 1e-3
)

func (t *window) Press(h Host, p Pointer) { t.from, t.start = p, h.View() }

func (t *window) Move(h Host, p Pointer) {
	width := t.start.Width * math.Exp((p.X-t.from.X)/windowUnits)
	level := t.start.Level + t.start.Width*(p.Y-t.from.Y)/windowUnits
	h.SetWindow(level, math.Max(width, leastWidth))
}

func (t *window) Release(Host, Pointer) {}

func (t *window) Cancel(h Host) { h.SetWindow(t.start.Level, t.start.Width) }

// pan keeps the point that was pressed under the pointer.
type pan struct {
	from  Pointer
	start View
}

func (t *pan) Press(h Host, p Pointer) { t.from, t.start = p, h.View() }

func (t *pan) Move(h Host, p Pointer) {
	dx, dy := p.X-t.from.X, p.Y-t.from.Y
	v := t.start
	h.SetCentre(v.Centre.Add(v.Right.Mul(-dx * v.MMPerUnit)).Add(v.Down.Mul(-dy * v.MMPerUnit)))
}

func (t *pan) Release(Host, Pointer) {}

func (t *pan) Cancel(h Host) { h.SetCentre(t.start.Centre) }

// zoom grows the picture when dragged up, around the point that was pressed.
type zoom struct {
	from  Pointer
	start View
}

func (t *zoom) Press(h Host, p Pointer) { t.from, t.start = p, h.View() }

func (t *zoom) Move(h Host, p Pointer) {
	factor := math.Exp((p.Y - t.from.Y) / zoomUnits)
	ZoomAbout(h, t.start, t.from, factor)
}

func (t *zoom) Release(Host, Pointer) {}

func (t *zoom) Cancel(h Host) {
	h.SetZoom(t.start.MMPerUnit)
	h.SetCentre(t.start.Centre)
}

// ZoomAbout scales the view v by factor (above 1 shows more, smaller) so that the patient point under at stays where it is.
func ZoomAbout(h Host, v View, at Pointer, factor float64) {
	to := v.MMPerUnit * factor
	h.SetZoom(to)
	// The host may have bounded the zoom; the centre follows what it really is.
	ratio := h.View().MMPerUnit / v.MMPerUnit
	d := v.Centre.Sub(at.At)
	along := v.Right.Mul(d.Dot(v.Right) * ratio).Add(v.Down.Mul(d.Dot(v.Down) * ratio))
	n := v.Right.Cross(v.Down)
	h.SetCentre(at.At.Add(along).Add(n.Mul(d.Dot(n))))
}

// scroll moves through the planes: one for each few units of the drag.
type scroll struct {
	from Pointer
	done int
}

func (t *scroll) Press(_ Host, p Pointer) { t.from, t.done = p, 0 }

func (t *scroll) Move(h Host, p Pointer) {
	want := int(math.Round((p.Y - t.from.Y) / scrollUnits))
	if want != t.done {
		h.Scroll(want - t.done)
		t.done = want
	}
}

func (t *scroll) Release(Host, Pointer) {}

func (t *scroll) Cancel(h Host) {
	h.Scroll(-t.done)
	t.done = 0
}

// crosshair carries the linked point with the pointer.
type crosshair struct{}

func (crosshair) Press(h Host, p Pointer)   { h.SetCross(p.At) }
func (crosshair) Move(h Host, p Pointer)    { h.SetCross(p.At) }
func (crosshair) Release(h Host, p Pointer) {}
func (crosshair) Cancel(Host)               {}
