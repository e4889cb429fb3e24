package control

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
)

// Insets are the distances from the edge of a container to what it holds.
type Insets struct{ Left, Top, Right, Bottom float32 }

// Even returns insets of h at the sides and v above and below.
func Even(h, v float32) Insets { return Insets{h, v, h, v} }

// row lays objects side by side at their least widths, each in the middle of the height; springs share what is left.
type row struct {
	gap  float32
	pad  Insets
	fill bool // objects take the full height instead
}

// Spring is empty space that grows in a row or column.
func Spring() fyne.CanvasObject { return &spring{Rectangle: canvas.Rectangle{}} }

type spring struct{ canvas.Rectangle }

func isSpring(o fyne.CanvasObject) bool { _, ok := o.(*spring); return ok }

// Row puts objects side by side, in the middle of the height.
func Row(gap float32, pad Insets, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap, pad: pad}, objects...)
}

// FillRow is Row with objects as high as the row.
func FillRow(gap float32, pad Insets, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&row{gap: gap, pad: pad, fill: true}, objects...)
}

func (l *row) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w, h float32
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		w, h = w+m.Width, max(h, m.Height)
		if !isSpring(o) {
			n++
		}
	}
	return fyne.NewSize(w+l.gap*float32(max(n-1, 0))+l.pad.Left+l.pad.Right, h+l.pad.Top+l.pad.Bottom)
}

func (l *row) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	springs := 0
	for _, o := range objects {
		if o.Visible() && isSpring(o) {
			springs++
		}
	}
	var each float32
	if springs > 0 {
		each = max(size.Width-l.MinSize(objects).Width, 0) / float32(springs)
	}
	x, inner := l.pad.Left, size.Height-l.pad.Top-l.pad.Bottom
	first := true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if isSpring(o) {
			x += each
			continue
		}
		if !first {
			x += l.gap
		}
		first = false
		m := o.MinSize()
		h := m.Height
		if l.fill {
			h = inner
		}
		o.Resize(fyne.NewSize(m.Width, h))
		o.Move(fyne.NewPos(x, l.pad.Top+(inner-h)/2))
		x += m.Width
	}
}

// column lays objects under each other at full width; springs share the height that is left.
type column struct {
	gap float32
	pad Insets
}

// Column puts objects under each other at full width.
func Column(gap float32, pad Insets, objects ...fyne.CanvasObject) *fyne.Container {
	return container.New(&column{gap: gap, pad: pad}, objects...)
}

func (l *column) MinSize(objects []fyne.CanvasObject) fyne.Size {
	var w, h float32
	n := 0
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		m := o.MinSize()
		w, h = max(w, m.Width), h+m.Height
		if !isSpring(o) {
			n++
		}
	}
	return fyne.NewSize(w+l.pad.Left+l.pad.Right, h+l.gap*float32(max(n-1, 0))+l.pad.Top+l.pad.Bottom)
}

func (l *column) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	springs := 0
	for _, o := range objects {
		if o.Visible() && isSpring(o) {
			springs++
		}
	}
	inner := size.Width - l.pad.Left - l.pad.Right
	var each float32
	if springs > 0 {
		each = max(size.Height-l.MinSize(objects).Height, 0) / float32(springs)
	}
	y, first := l.pad.Top, true
	for _, o := range objects {
		if !o.Visible() {
			continue
		}
		if isSpring(o) {
			y += each
			continue
		}
		if !first {
			y += l.gap
		}
		first = false
		h := o.MinSize().Height
		if w, ok := o.(wraps); ok {
			h = w.HeightFor(inner)
		}
		o.Resize(fyne.NewSize(inner, h))
		o.Move(fyne.NewPos(l.pad.Left, y))
		y += h
	}
}

// wraps is what has a height that depends on its width.
type wraps interface{ HeightFor(width float32) float32 }

// Ground puts content on a flat colour.
func Ground(c color.Color, content fyne.CanvasObject) *fyne.Container {
	return container.NewStack(canvas.NewRectangle(c), content)
}

// Fixed gives content a least size; a zero side keeps the content's own.
func Fixed(w, h float32, content fyne.CanvasObject) *fyne.Container {
	return container.New(&fixed{fyne.NewSize(w, h)}, content)
}

type fixed struct{ size fyne.Size }

func (l *fixed) MinSize(objects []fyne.CanvasObject) fyne.Size {
	m := fyne.Size{}
	for _, o := range objects {
		m = m.Max(o.MinSize())
	}
	if l.size.Width > 0 {
		m.Width = l.size.Width
	}
	if l.size.Height > 0 {
		m.Height = l.size.Height
	}
	return m
}

func (l *fixed) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Move(fyne.Position{})
		o.Resize(size)
	}
}

// Strut is empty space of a fixed size.
func Strut(w, h float32) fyne.CanvasObject {
	r := canvas.NewRectangle(color.Transparent)
	r.SetMinSize(fyne.NewSize(w, h))
	return r
}

// HLine and VLine are separators.
func HLine(c color.Color) fyne.CanvasObject {
	r := canvas.NewRectangle(c)
	r.SetMinSize(fyne.NewSize(0, 1))
	return r
}

// VLine is a separator of the given height in a row.
func VLine(c color.Color, height float32) fyne.CanvasObject {
	r := canvas.NewRectangle(c)
	r.SetMinSize(fyne.NewSize(1, height))
	return r
}

// Picture is an icon of a fixed size.
func Picture(r fyne.Resource, side float32) *canvas.Image {
	i := canvas.NewImageFromResource(r)
	i.FillMode = canvas.ImageFillContain
	i.SetMinSize(fyne.NewSize(side, side))
	return i
}
