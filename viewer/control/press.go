package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"
	"fyne.io/fyne/v2/widget"
)

// Press is what every control that can be clicked is built on: it knows whether the pointer is over it or holds it down, and whether it is
// on. draw is called after each change and sets colours only, so that a hover costs one repaint.
type Press struct {
	widget.BaseWidget
	// OnTap is called when it is clicked and not off.
	OnTap func()
	// Tip is the name, key and one line shown when the pointer rests here. When it is off, TipOff says why.
	Tip, TipOff string

	off, over, down bool
	draw            func()
	self            fyne.CanvasObject
}

var (
	_ fyne.Tappable     = (*Press)(nil)
	_ desktop.Hoverable = (*Press)(nil)
	_ desktop.Mouseable = (*Press)(nil)
)

// extend ties the widget that embeds p to Fyne.
func (p *Press) extend(w fyne.Widget) {
	p.self = w
	p.ExtendBaseWidget(w)
}

// SetOff switches it off or on.
func (p *Press) SetOff(off bool) {
	if p.off == off {
		return
	}
	p.off = off
	p.redraw()
}

// Off reports whether it is switched off.
func (p *Press) Off() bool { return p.off }

// Tapped implements fyne.Tappable.
func (p *Press) Tapped(*fyne.PointEvent) {
	hideTip()
	if !p.off && p.OnTap != nil {
		p.OnTap()
	}
}

// MouseIn implements desktop.Hoverable.
func (p *Press) MouseIn(e *desktop.MouseEvent) {
	p.over = true
	text := p.Tip
	if p.off && p.TipOff != "" {
		text = p.TipOff
	}
	showTipSoon(p.self, text, e.AbsolutePosition)
	p.redraw()
}

// MouseMoved implements desktop.Hoverable.
func (p *Press) MouseMoved(*desktop.MouseEvent) {}

// MouseOut implements desktop.Hoverable.
func (p *Press) MouseOut() {
	p.over, p.down = false, false
	hideTip()
	p.redraw()
}

// MouseDown implements desktop.Mouseable.
func (p *Press) MouseDown(*desktop.MouseEvent) {
	p.down = true
	p.redraw()
}

// MouseUp implements desktop.Mouseable.
func (p *Press) MouseUp(*desktop.MouseEvent) {
	p.down = false
	p.redraw()
}

func (p *Press) redraw() {
	if p.draw != nil {
		p.draw()
	}
}

// Adopt lets a pane build a control of its own on p: w is the widget that embeds it, draw sets its colours.
func (p *Press) Adopt(w fyne.Widget, draw func()) {
	p.draw = draw
	p.extend(w)
	draw()
}

// Over reports whether the pointer is over it.
func (p *Press) Over() bool { return p.over }
