//go:build !nogui

package main

import (
	"image/color"
	"strconv"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// itemRow is one work item: case, modality, images, task, state, last change, and what to do.
type itemRow struct {
	widget.BaseWidget
	lead   bool
	cells  []*canvas.Text // case, modality, images, task, state, change
	icon   *canvas.Image
	button *control.Button
}

var itemHeads = []string{"Case", "Mod.", "Images", "Task", "My state", "Last change"}

// rowHeight of the list.
const rowHeight = 46

func newItemRow(lead bool) *itemRow {
	r := &itemRow{lead: lead, icon: control.Picture(look.Icon("circle", look.Text2), 18), button: control.NewButton("Read", "", control.Plain, nil)}
	for range itemHeads {
		r.cells = append(r.cells, look.Words("", look.Body, look.Text2))
	}
	r.cells[0].TextStyle.Bold = true
	r.ExtendBaseWidget(r)
	return r
}

// newItemHead is the line of headings over the list.
func newItemHead(lead bool) fyne.CanvasObject {
	r := newItemRow(lead)
	for n, h := range itemHeads {
		r.cells[n].Text, r.cells[n].TextStyle.Bold = h, false
	}
	if lead {
		r.cells[4].Text = "Received"
	}
	r.icon.Hide()
	r.button.Hide()
	return control.Dock(nil, control.HLine(look.Line), nil, nil, control.Ground(look.Panel, r))
}

func (r *itemRow) set(i desk.Item, open func()) {
	icon, state, action, c := stateWords(i)
	if r.lead {
		icon, state, action, c = "circle", "Nothing received", "Look", look.Text2
		if i.Report != "" {
			icon, state, c = "shield-check", i.Report, look.Text
		}
	}
	changed := ""
	if !i.Changed.IsZero() {
		changed = when(i.Changed, time.Now())
	}
	for n, s := range []string{i.Name, string(i.Modality), i.Images, i.Task, state, changed} {
		r.cells[n].Text = s
		r.cells[n].Color = look.Text2
	}
	r.cells[0].Color, r.cells[4].Color = look.Text, c
	r.icon.Resource = look.Icon(icon, c)
	r.button.SetText(action)
	r.button.OnTap = open
	r.Refresh()
}

// stateWords is how a state looks: always an icon and a word.
func stateWords(i desk.Item) (icon, state, action string, c color.NRGBA) {
	if i.Absent {
		return "photo-off", "Waiting for images", "Look", look.Text2
	}
	switch i.State {
	case project.InProgress:
		return "circle-half-2", "In progress", "Continue", look.Accent
	case project.Complete:
		return "circle-check", "Complete, not signed", "Review and sign", look.Text
	case project.Signed:
		return "signature", "Signed, not sent", "Look", look.Text
	case project.Committed:
		return "shield-check", "Committed", "Look", look.Text
	case project.Declined, project.Withdrawn, project.Superseded:
		return "circle-x", map[project.ReadState]string{project.Declined: "Declined", project.Withdrawn: "Withdrawn", project.Superseded: "Superseded"}[i.State], "Look", look.Text2
	}
	return "circle", "Not started", "Read", look.Text
}

// when is a time as people say it.
func when(t, now time.Time) string {
	t = t.Local()
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location()) }
	switch days := int(day(now).Sub(day(t)).Hours()/24 + 0.5); {
	case days == 0:
		return "today " + t.Format("15:04")
	case days == 1:
		return "yesterday " + t.Format("15:04")
	case days < 7:
		return t.Weekday().String()
	}
	return strconv.Itoa(t.Day()) + " " + t.Format("Jan 2006")
}

// CreateRenderer implements fyne.Widget.
func (r *itemRow) CreateRenderer() fyne.WidgetRenderer { return &itemRenderer{r} }

type itemRenderer struct{ r *itemRow }

func (l *itemRenderer) Destroy()           {}
func (l *itemRenderer) MinSize() fyne.Size { return fyne.NewSize(600, rowHeight) }
func (l *itemRenderer) Objects() []fyne.CanvasObject {
	out := []fyne.CanvasObject{l.r.icon, l.r.button}
	for _, c := range l.r.cells {
		out = append(out, c)
	}
	return out
}

// Layout gives each column its share; columns drop from the right of the middle when there is no room: last change, then task.
func (l *itemRenderer) Layout(size fyne.Size) {
	r := l.r
	b := r.button.MinSize()
	r.button.Resize(b)
	r.button.Move(fyne.NewPos(size.Width-b.Width-look.Gap12, (size.Height-b.Height)/2))
	shares := []float32{0.12, 0.06, 0.22, 0.20, 0.24, 0.16}
	room := size.Width - look.Gap24 - 150
	drop := map[int]bool{}
	if room < 900 {
		drop[5] = true
	}
	if room < 700 {
		drop[3] = true
	}
	total := float32(0)
	for n, s := range shares {
		if !drop[n] {
			total += s
		}
	}
	x := look.Gap24
	for n, c := range r.cells {
		if drop[n] {
			c.Hide()
			continue
		}
		c.Show()
		w := room * shares[n] / total
		at, width := x, w-look.Gap12
		if n == 4 && r.icon.Visible() {
			r.icon.Resize(fyne.NewSize(18, 18))
			r.icon.Move(fyne.NewPos(x, (size.Height-18)/2))
			at, width = x+26, width-26
		}
		h := c.MinSize().Height
		c.Text = look.Cut(c.Text, look.Body, c.TextStyle.Bold, width)
		c.Move(fyne.NewPos(at, (size.Height-h)/2))
		c.Resize(fyne.NewSize(width, h))
		x += w
	}
}

func (l *itemRenderer) Refresh() {
	l.Layout(l.r.Size())
	for _, o := range l.Objects() {
		o.Refresh()
	}
}

// filterLine is one line of the rail left of the list.
type filterLine struct {
	control.Press
	ground, bar *canvas.Rectangle
	body        fyne.CanvasObject
}

func newFilterLine(name string, count int, chosen bool, tapped func()) *filterLine {
	f := &filterLine{ground: canvas.NewRectangle(look.Panel), bar: canvas.NewRectangle(color.Transparent)}
	f.ground.CornerRadius = look.Radius
	f.OnTap = tapped
	f.body = control.Row(0, control.Even(look.Gap12, 0), look.Words(name, look.Body, look.Text), control.Spring(), look.Words(strconv.Itoa(count), look.Body, look.Text2))
	f.Adopt(f, func() {
		f.ground.FillColor, f.bar.FillColor = color.Transparent, color.Transparent
		switch {
		case chosen:
			f.ground.FillColor, f.bar.FillColor = look.AccentGround, look.Accent
		case f.Over():
			f.ground.FillColor = look.Raised
		}
		f.ground.Refresh()
		f.bar.Refresh()
	})
	return f
}

// CreateRenderer implements fyne.Widget.
func (f *filterLine) CreateRenderer() fyne.WidgetRenderer {
	f.bar.SetMinSize(fyne.NewSize(3, 1))
	return widget.NewSimpleRenderer(container.NewStack(f.ground, control.Dock(nil, nil, f.bar, nil, f.body)))
}

// MinSize implements fyne.CanvasObject.
func (f *filterLine) MinSize() fyne.Size { return fyne.NewSize(200, look.Row) }
