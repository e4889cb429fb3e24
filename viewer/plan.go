package viewer

import (
	"math"

	"fyne.io/fyne/v2"

	"hotlight/viewer/pane"
)

// plan is the floor plan of the room: left to right series rail, tool rail, viewports, pane; top to bottom top bar, options, notices, viewports,
// status. What gives way in small windows is the design's table.
type plan struct {
	r         *Room
	wasFolded bool
	wasNarrow bool
}

const (
	foldUnder   = 1680 // the series rail folds to a button
	narrowUnder = 1500 // the tool rail loses its letters, the pane some width
	wideOver    = 2560
	narrowPane  = 320
	widestPane  = 440
)

func (p *plan) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(900, 560) }

func (p *plan) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	r := p.r
	folded, narrow := size.Width < foldUnder, size.Width < narrowUnder
	p.adapt(folded, narrow)
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		o.Move(fyne.NewPos(x, y))
		o.Resize(fyne.NewSize(w, h))
	}
	series, tools, side, options := pane.SeriesWidth, float32(64), pane.PaneWidth, pane.OptionsHeight
	if folded {
		series = 0
	}
	if narrow {
		tools, side = 48, narrowPane
	}
	if size.Width > wideOver {
		side = min(widestPane, side+(size.Width-wideOver)/8)
	}
	top, foot := pane.TopBarHeight, pane.StatusHeight
	middle := size.Height - top - foot
	put(r.top.Object, 0, 0, size.Width, top)
	put(r.status.Object, 0, size.Height-foot, size.Width, foot)
	put(r.rail.Object, 0, top, pane.SeriesWidth, middle)
	put(r.tools.Object, series, top, tools, middle)
	x := series + tools
	width := size.Width - x - side
	put(r.options.Object, x, top, width, options)
	high := noticeHeight(r, width)
	put(r.notices, x, top+options, width, high)
	cine := float32(0)
	if r.cinebar.Object.Visible() {
		cine = pane.CineHeight
		put(r.cinebar.Object, x, size.Height-foot-cine, width, cine)
	}
	put(r.ports, x, top+options+high, width, middle-options-high-cine)
	put(r.side, size.Width-side, top, side, middle)
}

// noticeHeight is what the strips over the images take.
func noticeHeight(r *Room, width float32) float32 {
	r.notices.Resize(fyne.NewSize(width, r.notices.Size().Height))
	return r.notices.MinSize().Height
}

func (p *plan) adapt(folded, narrow bool) {
	r := p.r
	if folded == p.wasFolded && narrow == p.wasNarrow {
		return
	}
	p.wasFolded, p.wasNarrow = folded, narrow
	if folded {
		r.rail.Object.Hide()
	} else {
		r.rail.Object.Show()
	}
	r.tools.SetNarrow(narrow)
	r.top.SetShort(folded)
	r.options.SetShort(narrow, folded)
	r.status.SetShort(narrow)
}

// gapUnits separates viewports.
const gapUnits = 3

// tiling lays out the viewports: one, or a large one with the others in a column beside it. Edges lie on whole device pixels.
type tiling struct{ r *Room }

func (t *tiling) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(200, 200) }

func (t *tiling) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	objects[0].Resize(size) // the ground between viewports
	r := t.r
	scale := float32(1)
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil {
		scale = c.Scale()
	}
	snap := func(v float32) float32 { return float32(math.Round(float64(v*scale))) / scale }
	put := func(n int, x, y, w, h float32) {
		x, y, w, h = snap(x), snap(y), snap(x+w)-snap(x), snap(y+h)-snap(y)
		r.views[n].port.Move(fyne.NewPos(x, y))
		r.views[n].port.Resize(fyne.NewSize(w, h))
	}
	for n, v := range r.views {
		if shown := r.alone < 0 || r.alone == n; shown != v.port.Visible() {
			if shown {
				v.port.Show()
			} else {
				v.port.Hide()
			}
		}
	}
	switch {
	case len(r.views) == 0:
	case r.alone >= 0:
		put(r.alone, 0, 0, size.Width, size.Height)
	case len(r.views) == 1:
		put(0, 0, 0, size.Width, size.Height)
	default:
		wide := snap((size.Width - gapUnits) * 2 / 3)
		put(0, 0, 0, wide, size.Height)
		others := len(r.views) - 1
		high := (size.Height - gapUnits*float32(others-1)) / float32(others)
		for n := range others {
			put(n+1, wide+gapUnits, float32(n)*(high+gapUnits), size.Width-wide-gapUnits, high)
		}
	}
}
