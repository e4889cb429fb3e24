package pane

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// TopBarHeight is the same in every window.
const TopBarHeight float32 = 48

// TopBar says where the reader is, what is being changed, and that this is not for diagnosis.
type TopBar struct {
	Object  fyne.CanvasObject
	project *canvas.Text
	divide  fyne.CanvasObject
	title   *canvas.Text
	blinded *control.Chip
	chip    *paintChip
	right   []*control.Chip
	lock    *control.Button
	layout  *topLayout
}

// TopBarActions are what can be done from it; nil ones have no control.
type TopBarActions struct {
	Home     func() // back to the list or the start
	Exchange func()
	Lock     func()
}

// NewTopBar makes the bar of a window.
func NewTopBar(a TopBarActions) *TopBar {
	t := &TopBar{project: look.Words("", look.Body, look.Text2), divide: control.VLine(look.Line, 24), title: look.Strong("Hotlight", look.Title, look.Text)}
	t.blinded = control.NewChip("eye-off", "Blinded read", nil)
	t.blinded.Tip = "You see your own read only."
	t.blinded.Hide()
	t.project.Hide()
	t.divide.Hide()
	t.chip = newPaintChip()
	t.chip.Hide()
	exchange := control.NewChip("plug-connected-x", "Offline", a.Exchange)
	person := control.NewChip("user", "", nil)
	t.right = []*control.Chip{exchange, person}
	exchange.Hide()
	person.Hide()
	t.lock = control.NewButton("", "lock", control.Quiet, a.Lock).WithTip("Lock\nWork is saved; the passphrase opens it again.")
	if a.Lock == nil {
		t.lock.Hide()
	}
	icon := canvas.NewImageFromResource(look.App())
	icon.FillMode = canvas.ImageFillContain
	icon.SetMinSize(fyne.NewSize(28, 28))
	left := control.Row(look.Gap12, control.Insets{Left: look.Gap12}, icon, t.project, t.divide, t.title, t.blinded)
	if a.Home != nil {
		home := control.NewButton("", "list-check", control.Quiet, a.Home).WithTip("Back to the list\nWork is saved.")
		left = control.Row(look.Gap12, control.Insets{Left: look.Gap12}, icon, home, t.project, t.divide, t.title, t.blinded)
	}
	right := control.Row(look.Gap8, control.Insets{Right: look.Gap8}, control.Disclaimer(), exchange, person, t.lock)
	t.layout = &topLayout{}
	bar := container.New(t.layout, left, t.chip, right)
	t.Object = container.NewStack(canvas.NewRectangle(look.Panel), bar, control.Dock(nil, control.HLine(look.Line), nil, nil, nil))
	return t
}

// SetPlace shows project and title: "Lung nodule pilot v3", "Case 0047".
func (t *TopBar) SetPlace(project, title string, blinded bool) {
	t.project.Text, t.title.Text = project, title
	setShown(t.project, project != "")
	setShown(t.divide, project != "")
	setShown(t.blinded, blinded)
	t.Object.Refresh()
}

// SetPainting shows what the brush changes; an empty name hides it.
func (t *TopBar) SetPainting(verb, name, where string, c color.NRGBA) {
	t.chip.set(verb, name, where, c)
	setShown(t.chip, name != "")
	t.Object.Refresh()
}

// SetExchange shows how the project trades; an empty text hides it.
func (t *TopBar) SetExchange(icon, text, tip string) {
	if text != "" {
		t.right[0].SetState(icon, text)
		t.right[0].Tip = tip
	}
	setShown(t.right[0], text != "")
	t.Object.Refresh()
}

// SetPerson shows who reads; an empty name hides it.
func (t *TopBar) SetPerson(name string) {
	t.right[1].SetState("user", name)
	setShown(t.right[1], name != "")
	t.Object.Refresh()
}

// SetShort leaves icons where there is little room. The disclaimer is never shortened.
func (t *TopBar) SetShort(on bool) {
	t.blinded.SetShort(on)
	for _, c := range t.right {
		c.SetShort(on)
	}
	setShown(t.project, !on && t.project.Text != "")
	setShown(t.divide, !on && t.project.Text != "")
	t.chip.setShort(on)
	t.Object.Refresh()
}

func setShown(o fyne.CanvasObject, on bool) {
	if on == o.Visible() {
		return
	}
	if on {
		o.Show()
	} else {
		o.Hide()
	}
}

// topLayout puts one part left, one right, and one in the middle of what is left between them.
type topLayout struct{}

func (topLayout) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(o[0].MinSize().Width+o[2].MinSize().Width, TopBarHeight)
}

func (topLayout) Layout(o []fyne.CanvasObject, size fyne.Size) {
	l, m, r := o[0].MinSize(), o[1].MinSize(), o[2].MinSize()
	o[0].Resize(fyne.NewSize(l.Width, size.Height))
	o[0].Move(fyne.Position{})
	o[2].Resize(fyne.NewSize(r.Width, size.Height))
	o[2].Move(fyne.NewPos(size.Width-r.Width, 0))
	x := (size.Width - m.Width) / 2
	x = max(l.Width+look.Gap12, min(x, size.Width-r.Width-m.Width-look.Gap12))
	o[1].Resize(fyne.NewSize(m.Width, 30))
	o[1].Move(fyne.NewPos(x, (size.Height-30)/2))
}
