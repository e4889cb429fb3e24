package pane

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// PaneWidth is the width of the pane on the right.
const PaneWidth float32 = 372

// Segment is one row of the list.
type Segment struct {
	Number int
	Name   string
	Colour project.Colour
	Filled bool   // drawn filled, not outlined only
	Volume string // "2.07 ml"; "–" for an empty one
	Detail string // second line of the active row
	Locked bool
	Hidden bool
}

// Class is a kind of segment that can be added.
type Class struct {
	ID, Name string
	Colour   project.Colour
}

// SegmentActions are what the pane tells.
type SegmentActions struct {
	Select func(number int)
	Lock   func(number int)
	Eye    func(number int)
	Rename func(number int, name string)
	Colour func(number int, c project.Colour)
	Delete func(number int)
	Add    func(class string)
	// Release gives the keyboard back to the viewports after a name was typed.
	Release func()
}

// Segments is the list of segments with its head.
type Segments struct {
	Object  fyne.CanvasObject
	a       SegmentActions
	count   *canvas.Text
	add     *control.Button
	more    *control.Button
	list    *fyne.Container
	rows    []*segmentRow
	classes []Class
	active  int
	frozen  string
	swatch  *swatches
	empty   *control.Prose
}

// NewSegments makes the pane.
func NewSegments(classes []Class, a SegmentActions) *Segments {
	p := &Segments{a: a, classes: classes, count: look.Words("", look.Body, look.Text2)}
	p.add = control.NewButton("", "plus", control.Quiet, p.unfoldAdd).WithTip("Add a segment")
	p.more = control.NewButton("", "dots", control.Quiet, func() { p.unfoldMore(p.more, p.active) }).WithTip("Rename, colour, delete")
	p.list = control.Column(0, control.Insets{})
	p.empty = control.NewProse("", look.Body, look.Text2, 200)
	p.swatch = newSwatches(func(c project.Colour) { p.chooseColour(c) })
	head := control.Fixed(0, OptionsHeight, container.NewStack(
		control.Row(look.Gap8, control.Insets{Left: look.Gap12, Right: look.Gap8}, look.Strong("Segments", look.Body, look.Text), p.count, control.Spring(), p.add, p.more),
		control.Dock(nil, control.HLine(look.Line), nil, nil, nil)))
	body := container.NewVScroll(p.list)
	p.Object = control.Dock(head, nil, nil, nil, body)
	return p
}

// SetFrozen says why segments cannot be changed; empty when they can.
func (p *Segments) SetFrozen(why string) {
	p.frozen = why
	p.add.TipOff, p.more.TipOff = why, why
	p.add.SetOff(why != "")
	p.more.SetOff(why != "" || p.active == 0)
}

// Set shows the segments; active is the number of the one in use, 0 for none. empty is the sentence when there are none.
func (p *Segments) Set(segments []Segment, active int, empty string) {
	p.count.Text = fmt.Sprint(len(segments))
	if p.active != active {
		p.swatch.of = 0
	}
	p.active = active
	p.more.SetOff(p.frozen != "" || active == 0)
	for len(p.rows) < len(segments) {
		p.rows = append(p.rows, newSegmentRow(p))
	}
	p.rows = p.rows[:len(segments)]
	var objects []fyne.CanvasObject
	for n, s := range segments {
		p.rows[n].set(s, s.Number == active, p.frozen != "")
		objects = append(objects, p.rows[n], control.HLine(look.Line))
		if p.swatch.of == s.Number {
			objects = append(objects, p.swatch.object)
		}
	}
	p.empty.SetText(empty)
	if len(segments) == 0 && empty != "" {
		objects = append(objects, control.Column(0, control.Even(look.Gap12, look.Gap16), p.empty))
		for _, c := range p.classes {
			if p.frozen == "" {
				objects = append(objects, control.Row(0, control.Even(look.Gap12, look.Gap4), p.classButton(c)))
			}
		}
	}
	p.list.Objects = objects
	p.list.Refresh()
	p.count.Refresh()
}

func (p *Segments) classButton(c Class) fyne.CanvasObject {
	return control.NewButton(c.Name, "plus", control.Outlined, func() { p.a.Add(c.ID) })
}

func (p *Segments) unfoldAdd() {
	if len(p.classes) == 0 {
		p.a.Add("")
		return
	}
	var items []*fyne.MenuItem
	for _, c := range p.classes {
		items = append(items, fyne.NewMenuItem(c.Name, func() { p.a.Add(c.ID) }))
	}
	control.ShowMenu(p.add, items)
}

func (p *Segments) unfoldMore(under fyne.CanvasObject, number int) {
	if number == 0 || p.frozen != "" {
		return
	}
	control.ShowMenu(under, []*fyne.MenuItem{
		fyne.NewMenuItem("Rename", func() { p.Rename(number) }),
		fyne.NewMenuItem("Colour", func() { p.swatch.of = number; p.a.Select(number); p.swatch.of = number; p.again() }),
		fyne.NewMenuItem("Delete", func() { p.a.Delete(number) }),
	})
}

// Rename opens the field for a segment's name.
func (p *Segments) Rename(number int) {
	for _, r := range p.rows {
		if r.s.Number == number && p.frozen == "" {
			r.edit()
		}
	}
}

// again shows the rows as they are: something between them came or went.
func (p *Segments) again() {
	var all []Segment
	for _, r := range p.rows {
		all = append(all, r.s)
	}
	p.Set(all, p.active, "")
}

func (p *Segments) chooseColour(c project.Colour) {
	number := p.swatch.of
	p.swatch.of = 0
	if number != 0 {
		p.a.Colour(number, c)
	}
	p.again()
}

// swatches is the palette, unfolded under a row.
type swatches struct {
	object fyne.CanvasObject
	of     int // the number of the segment whose colour is being chosen, 0 for none
}

func newSwatches(chosen func(project.Colour)) *swatches {
	var tiles []fyne.CanvasObject
	for _, c := range project.Palette {
		tiles = append(tiles, newSwatch(c, func() { chosen(c) }))
	}
	return &swatches{object: control.Ground(look.AccentGround, control.Column(2, control.Even(look.Gap12, look.Gap4),
		container.NewGridWithColumns(6, tiles[:6]...), container.NewGridWithColumns(6, tiles[6:]...)))}
}
