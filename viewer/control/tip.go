package control

import (
	"strings"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/look"
)

const tipDelay = 500 * time.Millisecond

// Tips is the layer that shows tips over a window. It takes no events: an overlay of Fyne's would swallow the pointer.
type Tips struct {
	Layer *fyne.Container
	timer *time.Timer
}

// tips is the layer of the window in front. One person looks at one tip at a time.
var tips *Tips

// NewTips makes the layer and puts it in charge. The window lays it over its content.
func NewTips() *Tips {
	t := &Tips{Layer: container.NewWithoutLayout()}
	tips = t
	return t
}

func showTipSoon(over fyne.CanvasObject, text string, at fyne.Position) {
	hideTip()
	t := tips
	if t == nil || text == "" {
		return
	}
	t.timer = time.AfterFunc(tipDelay, func() {
		OnMain(func() { t.show(over, text, at) })
	})
}

func hideTip() {
	t := tips
	if t == nil {
		return
	}
	if t.timer != nil {
		t.timer.Stop()
		t.timer = nil
	}
	if len(t.Layer.Objects) > 0 {
		t.Layer.RemoveAll()
	}
}

func (t *Tips) show(over fyne.CanvasObject, text string, at fyne.Position) {
	if t.timer == nil {
		return // hidden while this waited its turn
	}
	ground := canvas.NewRectangle(look.DialogBG)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = look.DialogRim, 1, look.Radius
	var lines []fyne.CanvasObject
	for n, s := range strings.Split(text, "\n") {
		if n == 0 {
			lines = append(lines, look.Words(s, look.Small, look.Text))
		} else {
			lines = append(lines, look.Words(s, look.Small, look.Text2))
		}
	}
	box := container.NewStack(ground, Column(2, Even(look.Gap8, 6), lines...))
	size := box.MinSize()
	area := t.Layer.Size()
	pos := at.AddXY(12, 18)
	if p := fyne.CurrentApp().Driver().AbsolutePositionForObject(over); over.Size().Height <= 64 {
		pos.Y = p.Y + over.Size().Height + 4
	}
	pos.X = max(0, min(pos.X, area.Width-size.Width-4))
	if pos.Y+size.Height > area.Height {
		pos.Y = at.Y - size.Height - 12
	}
	box.Resize(size)
	box.Move(pos)
	t.Layer.Objects = []fyne.CanvasObject{box}
	t.Layer.Refresh()
}
