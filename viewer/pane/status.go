package pane

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// StatusHeight is the height of the line at the foot.
const StatusHeight float32 = 32

// Spot is what the status line says about the place under the pointer, in words. Empty texts have no place.
type Spot struct {
	Place   string // "R 57.3  P 130.8  I 519.8 mm"
	Value   string // "−12 HU"
	Voxel   string // "voxel 184, 243, 30"
	Segment string
	Colour  color.NRGBA
}

// StatusLine says where the pointer is, what the grid is like, who draws, and that the work is saved.
type StatusLine struct {
	Object                      fyne.CanvasObject
	place, value, voxel         *canvas.Text
	swatch                      *canvas.Rectangle
	segment, geometry, drawing  *canvas.Text
	grid, saveIcon              *canvas.Image
	save                        *canvas.Text
	short                       bool
	geometryLong, geometryBrief string
}

// NewStatusLine makes the line. renderer names who draws: "CPU".
func NewStatusLine(renderer string) *StatusLine {
	text := func() *canvas.Text { return look.Words("", look.Body, look.Text) }
	s := &StatusLine{place: text(), value: look.Strong("", look.Body, look.Text), voxel: text(), segment: text(), geometry: text(), save: text(),
		swatch: canvas.NewRectangle(look.Text), grid: control.Picture(look.Icon("grid-dots", look.Text2), 18),
		drawing: look.Words(renderer, look.Body, look.Text2), saveIcon: control.Picture(look.Icon("circle-check", look.Text), 18)}
	s.voxel.Color, s.geometry.Color = look.Text2, look.Text2
	s.swatch.SetMinSize(fyne.NewSize(14, 14))
	s.swatch.CornerRadius = 2
	s.saveIcon.Hide()
	s.grid.Hide()
	line := control.Row(look.Gap8, control.Even(look.Gap12, 0),
		control.Picture(look.Icon("crosshair", look.Text2), 18),
		control.Fixed(220, 0, s.place), control.Fixed(104, 0, s.value), control.Fixed(150, 0, s.voxel), s.swatch, s.segment,
		control.Strut(look.Gap4, 1), s.grid, s.geometry, control.Spring(), s.drawing, control.Strut(look.Gap8, 1), s.saveIcon, s.save)
	s.Object = control.Fixed(0, StatusHeight, container.NewStack(canvas.NewRectangle(look.Panel), control.Dock(control.HLine(look.Line), nil, nil, nil, nil), line))
	s.SetSpot(Spot{})
	return s
}

// SetSpot shows what lies under the pointer.
func (s *StatusLine) SetSpot(p Spot) {
	s.place.Text, s.value.Text, s.voxel.Text = p.Place, p.Value, p.Voxel
	changed := s.segment.Text != p.Segment
	s.segment.Text, s.swatch.FillColor = p.Segment, p.Colour
	setShown(s.swatch, p.Segment != "")
	setShown(s.segment, p.Segment != "")
	if changed {
		s.Object.Refresh()
		return
	}
	s.place.Refresh()
	s.value.Refresh()
	s.voxel.Refresh()
}

// SetGeometry shows the sentence about the grid, and its first words for narrow windows.
func (s *StatusLine) SetGeometry(long, brief string, warned bool) {
	s.geometryLong, s.geometryBrief = long, brief
	s.grid.Resource = look.Icon("grid-dots", look.Text2)
	s.geometry.Color = look.Text2
	if warned {
		s.grid.Resource = look.Icon("alert-triangle", look.WarnIcon)
		s.geometry.Color = look.WarnText
	}
	s.showGeometry()
}

func (s *StatusLine) showGeometry() {
	s.geometry.Text = s.geometryLong
	if s.short {
		s.geometry.Text = s.geometryBrief
	}
	setShown(s.grid, s.geometry.Text != "")
	s.Object.Refresh()
}

// SetShort drops what a narrow window has no room for.
func (s *StatusLine) SetShort(on bool) {
	s.short = on
	s.showGeometry()
}

// SetSaved shows how far the disk is; failed makes it an error.
func (s *StatusLine) SetSaved(text string, waiting, failed bool) {
	icon, c := "circle-check", look.Text
	switch {
	case failed:
		icon, c = "alert-octagon", look.ErrorText
	case waiting:
		icon = "circle-dashed"
	}
	if s.save.Text == text && s.save.Color == color.Color(c) {
		return
	}
	s.save.Text, s.save.Color = text, c
	s.saveIcon.Resource = look.Icon(icon, c)
	setShown(s.saveIcon, text != "")
	s.Object.Refresh()
}
