package viewport

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/project/volume"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// marks are what Fyne draws over the picture, because it moves without the picture changing: the brush's ring, the rim of the active
// viewport, the loading line, and the sentence where there is no image.
type marks struct {
	layer       *fyne.Container
	rim         *canvas.Rectangle
	loading     *canvas.Rectangle
	dark, light *canvas.Circle
	cross       [2]*canvas.Line
	absent      *control.Prose

	radiusMM float64 // of the brush; 0 for no ring
	at       volume.Point
	over     bool
}

func newMarks() marks {
	m := marks{
		rim:     canvas.NewRectangle(color.Transparent),
		loading: canvas.NewRectangle(look.Accent),
		dark:    canvas.NewCircle(color.Transparent),
		light:   canvas.NewCircle(color.Transparent),
		absent:  control.NewProse("", look.Body, look.Text2, 200),
	}
	m.rim.StrokeColor, m.rim.StrokeWidth = look.AccentEdge, 2
	m.rim.Hide()
	m.loading.Hide()
	m.dark.StrokeColor, m.dark.StrokeWidth = color.NRGBA{A: 150}, 4
	m.light.StrokeColor, m.light.StrokeWidth = look.Text, 1.6
	for n := range m.cross {
		m.cross[n] = canvas.NewLine(look.Text)
		m.cross[n].StrokeWidth = 1
	}
	m.layer = container.NewWithoutLayout(m.dark, m.light, m.cross[0], m.cross[1], m.absent, m.loading, m.rim)
	m.hideRing()
	return m
}

func (m *marks) setActive(on bool) {
	if on == m.rim.Visible() {
		return
	}
	if on {
		m.rim.Show()
	} else {
		m.rim.Hide()
	}
}

// show follows the content.
func (m *marks) show(v *Viewport) {
	m.absent.SetText(v.content.Absent)
	m.resized(v)
}

// resized lays out what depends on the size.
func (m *marks) resized(v *Viewport) {
	size := v.Size()
	m.rim.Resize(size)
	if c := v.content; c.Volume != nil && c.Loaded < 1 {
		m.loading.Resize(fyne.NewSize(size.Width*c.Loaded, 2))
		m.loading.Move(fyne.NewPos(0, size.Height-2))
		m.loading.Show()
	} else {
		m.loading.Hide()
	}
	if v.content.Absent != "" {
		width := max(min(size.Width-48, 560), 100)
		high := m.absent.HeightFor(width)
		m.absent.Resize(fyne.NewSize(width, high))
		m.absent.Move(fyne.NewPos((size.Width-width)/2, (size.Height-high)/2))
	}
}

// placed follows a new picture: the ring's size in units may have changed.
func (m *marks) placed(v *Viewport) {
	if m.over && m.radiusMM > 0 {
		m.ring(v)
	}
}

// SetRing sets the radius of the brush in millimetres; 0 takes the ring away.
func (v *Viewport) SetRing(radiusMM float64) {
	v.marks.radiusMM = radiusMM
	if radiusMM > 0 && v.marks.over {
		v.marks.ring(v)
	} else {
		v.marks.hideRing()
	}
}

func (m *marks) point(v *Viewport, p volume.Point, over bool) {
	m.at, m.over = p, over
	if over && m.radiusMM > 0 {
		m.ring(v)
	} else {
		m.hideRing()
	}
}

// ring draws the circle in true millimetres round the pointer.
func (m *marks) ring(v *Viewport) {
	if v.camera.MMPerUnit == 0 {
		return
	}
	c := v.camera.Pos(m.at, v.px, v.scale)
	r := max(float32(m.radiusMM/v.camera.MMPerUnit), 1.5)
	for _, o := range []*canvas.Circle{m.dark, m.light} {
		o.Resize(fyne.NewSize(2*r, 2*r))
		o.Move(fyne.NewPos(c.X-r, c.Y-r))
		o.Show()
	}
	const arm = 4
	m.cross[0].Position1, m.cross[0].Position2 = fyne.NewPos(c.X-arm, c.Y), fyne.NewPos(c.X+arm, c.Y)
	m.cross[1].Position1, m.cross[1].Position2 = fyne.NewPos(c.X, c.Y-arm), fyne.NewPos(c.X, c.Y+arm)
	for _, l := range m.cross {
		if r > 2*arm {
			l.Show()
		} else {
			l.Hide()
		}
		l.Refresh()
	}
}

func (m *marks) hideRing() {
	if !m.light.Visible() {
		return
	}
	m.dark.Hide()
	m.light.Hide()
	m.cross[0].Hide()
	m.cross[1].Hide()
}
