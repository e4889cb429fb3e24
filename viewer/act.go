package viewer

import (
	"math"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/project/volume"
	"hotlight/render/voi"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

var _ viewport.Room = (*Room)(nil)

// Activate implements viewport.Room.
func (r *Room) Activate(p *viewport.Viewport) {
	r.touch()
	for n, v := range r.views {
		if v.port == p && n != r.active {
			r.activate(n)
		}
	}
}

// Tool implements viewport.Room: left is the tool in use, middle moves, right zooms. Ctrl turns the brush around.
func (r *Room) Tool(_ *viewport.Viewport, b desktop.MouseButton, mods fyne.KeyModifier) tool.Tool {
	name := r.st.tool
	switch b {
	case desktop.MouseButtonTertiary:
		name = tool.NamePan
	case desktop.MouseButtonSecondary:
		name = tool.NameZoom
	default:
		if name.Paints() && mods&fyne.KeyModifierControl != 0 {
			if name = tool.NameEraser; r.st.tool == tool.NameEraser {
				name = tool.NameBrush
			}
		}
		if name == tool.NameWindow && r.volume != nil && r.volume.Pixel == volume.RGB8 {
			return nil // colour has no window
		}
	}
	return tool.New(name)
}

// Wheel implements viewport.Room: planes; with Ctrl zoom; with Shift the brush's radius, or five planes.
func (r *Room) Wheel(p *viewport.Viewport, notches int, mods fyne.KeyModifier, at tool.Pointer) {
	r.touch()
	switch {
	case mods&fyne.KeyModifierControl != 0:
		p.ZoomBy(math.Pow(1.15, float64(notches)), at)
	case mods&fyne.KeyModifierShift != 0 && r.st.tool.Paints():
		r.resizeBrush(-notches)
	case mods&fyne.KeyModifierShift != 0:
		r.Scroll(p, 5*notches)
	default:
		r.Scroll(p, notches)
	}
}

// Scroll implements viewport.Room.
func (r *Room) Scroll(p *viewport.Viewport, planes int) {
	v := r.viewOf(p)
	if v == nil || r.volume == nil {
		return
	}
	if v == r.cine.view {
		r.stopPlay() // who turns the wheel wants to look
	}
	r.moveCross(step(r.geometry(), v.path, r.st.cross, planes), true)
	r.showCine()
	r.pointAgain(p)
}

// pointAgain tells what lies under a pointer that did not move while the image did.
func (r *Room) pointAgain(p *viewport.Viewport) {
	if at, ok := p.Hovered(); ok {
		r.Point(p, at.At, true)
	}
}

// scrollTo shows plane k of the current view.
func (r *Room) scrollTo(k int) {
	v, g := r.current(), r.geometry()
	if r.volume == nil {
		return
	}
	r.moveCross(onPlane(g, v.path.Axis, r.st.cross, k), false)
	r.pointAgain(v.port)
	r.showCine()
}

// SetWindow implements viewport.Room.
func (r *Room) SetWindow(p *viewport.Viewport, level, width float64) {
	v := r.viewOf(p)
	if v == nil {
		return
	}
	w := v.grey.voi
	w.Center, w.Width = level, width
	if w.Function == voi.Sigmoid && width <= 0 {
		return
	}
	if r.volume != nil && r.volume.Pixel == volume.Float32 && w.Function != voi.Sigmoid {
		w.Function = voi.LinearExact
	}
	if w.Function == voi.Linear || w.Function == "" {
		w.Width = math.Max(w.Width, 1)
	}
	v.grey = grey{voi: w, name: byHand}
	r.show(v, true)
	r.showOptionsSoon()
}

// SetCross implements viewport.Room.
func (r *Room) SetCross(_ *viewport.Viewport, p volume.Point) {
	g := r.geometry()
	if r.volume == nil || g.NoPosition {
		return
	}
	// The point stays inside the grid: outside there is nothing to link.
	x := g.ToIndex(p)
	for a := range 3 {
		x[a] = math.Max(0, math.Min(float64(g.Size[a]-1), x[a]))
	}
	r.moveCross(g.ToPatient(x), true)
}

// Point implements viewport.Room: the status line, and with Shift held the crosshair follows.
func (r *Room) Point(p *viewport.Viewport, at volume.Point, ok bool) {
	r.touch()
	if ok && !p.Dragging() && modifiers()&fyne.KeyModifierShift != 0 && len(r.views) > 1 {
		r.SetCross(p, at)
	}
	r.spot.tell(r.spotAt(at, ok))
}

func modifiers() fyne.KeyModifier {
	if d, ok := fyne.CurrentApp().Driver().(desktop.Driver); ok {
		return d.CurrentKeyModifiers()
	}
	return 0
}

// Maximise implements viewport.Room.
func (r *Room) Maximise(p *viewport.Viewport) {
	for n, v := range r.views {
		if v.port == p {
			r.maximise(n)
		}
	}
}

// Looked implements viewport.Room.
func (r *Room) Looked(p *viewport.Viewport) {
	if v := r.viewOf(p); v != nil {
		r.show(v, true)
	}
}

func (r *Room) touch() {
	if r.do.Touch != nil {
		r.do.Touch()
	}
}
