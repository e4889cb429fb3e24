package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/widget"

	"hotlight/viewer/look"
)

// Bar shows how much of something is done. Nothing done is an empty track.
type Bar struct {
	widget.BaseWidget
	track, done *canvas.Rectangle
	share       float32
}

// NewBar makes an empty bar.
func NewBar() *Bar {
	b := &Bar{track: canvas.NewRectangle(look.Control), done: canvas.NewRectangle(look.Accent)}
	b.track.CornerRadius, b.done.CornerRadius = 2, 2
	b.ExtendBaseWidget(b)
	return b
}

// Set shows a share from 0 to 1.
func (b *Bar) Set(share float64) {
	b.share = float32(max(0, min(1, share)))
	b.Refresh()
}

// CreateRenderer implements fyne.Widget.
func (b *Bar) CreateRenderer() fyne.WidgetRenderer { return &barRenderer{b} }

type barRenderer struct{ b *Bar }

func (r *barRenderer) Destroy()                     {}
func (r *barRenderer) MinSize() fyne.Size           { return fyne.NewSize(60, 6) }
func (r *barRenderer) Objects() []fyne.CanvasObject { return []fyne.CanvasObject{r.b.track, r.b.done} }

func (r *barRenderer) Layout(size fyne.Size) {
	r.b.track.Resize(size)
	r.b.done.Resize(fyne.NewSize(size.Width*r.b.share, size.Height))
	r.b.done.Hidden = r.b.share == 0
}

func (r *barRenderer) Refresh() {
	r.Layout(r.b.Size())
	canvas.Refresh(r.b)
}
