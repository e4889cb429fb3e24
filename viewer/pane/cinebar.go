package pane

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// CineHeight is the height of the bar under a run of frames.
const CineHeight float32 = 44

// CineActions are what the bar tells.
type CineActions struct {
	Play  func()
	Frame func(k int) // from 0
	Speed func(n int)
}

// CineBar plays a run of frames, and shows where in it one is.
type CineBar struct {
	Object fyne.CanvasObject
	play   *control.Button
	place  *control.Slider
	text   *canvas.Text
	rate   *canvas.Text
	frames int
}

// NewCineBar makes the bar; speeds are the names of the choices, of which the one numbered speed is taken.
func NewCineBar(speeds []string, speed int, a CineActions) *CineBar {
	b := &CineBar{text: look.Strong("", look.Body, look.Text), rate: look.Words("", look.Body, look.Text2), frames: 1}
	b.play = control.NewButton("", "player-play", control.Outlined, a.Play).WithTip("Play or stop   C")
	b.place = control.NewScale(0, 1, 0, func(v float64) { a.Frame(int(v + 0.5)) })
	choice := control.NewChoice("", "Speed ", speeds, a.Speed)
	choice.Set(speeds, speed)
	choice.OnChoose = func(n int) { choice.Set(speeds, n); a.Speed(n) }
	line := control.Dock(nil, nil, control.Row(look.Gap12, control.Insets{Left: look.Gap12, Right: look.Gap12}, b.play, control.Fixed(132, 0, b.text)),
		control.Row(look.Gap12, control.Even(look.Gap12, 0), control.Fixed(230, 0, b.rate), choice), b.place)
	b.Object = control.Fixed(0, CineHeight, container.NewStack(canvas.NewRectangle(look.Panel), control.Dock(control.HLine(look.Line), nil, nil, nil, nil), line))
	return b
}

// Set shows frame k of so many, and whether it plays.
func (b *CineBar) Set(playing bool, k, frames int, text, rate string) {
	icon := "player-play"
	if playing {
		icon = "player-pause"
	}
	b.play.SetIcon(icon)
	if frames != b.frames {
		b.frames = frames
		b.place.SetRange(0, float64(max(1, frames-1)))
	}
	b.place.Set(float64(k))
	b.text.Text, b.rate.Text = text, rate
	b.text.Refresh()
	b.rate.Refresh()
}
