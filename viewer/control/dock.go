package control

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
)

// Dock puts objects at the edges and one in what is left, without the padding that Fyne's border layout adds: the grid of the design has its
// own. Any of them may be nil.
func Dock(top, bottom, left, right, centre fyne.CanvasObject) *fyne.Container {
	l := &dock{top, bottom, left, right, centre}
	var objects []fyne.CanvasObject
	for _, o := range []fyne.CanvasObject{centre, top, bottom, left, right} {
		if o != nil {
			objects = append(objects, o)
		}
	}
	return container.New(l, objects...)
}

type dock struct{ top, bottom, left, right, centre fyne.CanvasObject }

func leastOf(o fyne.CanvasObject) fyne.Size {
	if o == nil || !o.Visible() {
		return fyne.Size{}
	}
	return o.MinSize()
}

func (d *dock) MinSize([]fyne.CanvasObject) fyne.Size {
	t, b, l, r, c := leastOf(d.top), leastOf(d.bottom), leastOf(d.left), leastOf(d.right), leastOf(d.centre)
	return fyne.NewSize(max(t.Width, b.Width, l.Width+c.Width+r.Width), t.Height+b.Height+max(l.Height, c.Height, r.Height))
}

func (d *dock) Layout(_ []fyne.CanvasObject, size fyne.Size) {
	put := func(o fyne.CanvasObject, x, y, w, h float32) {
		if o != nil {
			o.Move(fyne.NewPos(x, y))
			o.Resize(fyne.NewSize(w, h))
		}
	}
	t, b := d.heightOf(d.top, size.Width), d.heightOf(d.bottom, size.Width)
	l, r := leastOf(d.left).Width, leastOf(d.right).Width
	put(d.top, 0, 0, size.Width, t)
	put(d.bottom, 0, size.Height-b, size.Width, b)
	put(d.left, 0, t, l, size.Height-t-b)
	put(d.right, size.Width-r, t, r, size.Height-t-b)
	put(d.centre, l, t, size.Width-l-r, size.Height-t-b)
}

// heightOf gives what is at the top or bottom its width first: text that wraps has its height from it.
func (d *dock) heightOf(o fyne.CanvasObject, width float32) float32 {
	if o == nil || !o.Visible() {
		return 0
	}
	o.Resize(fyne.NewSize(width, o.Size().Height))
	return o.MinSize().Height
}
