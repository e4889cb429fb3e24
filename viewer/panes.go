package viewer

import (
	"strconv"
	"time"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/viewer/hanging"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
)

// tiles are the tools of the rail, from the top.
var tiles = []struct {
	name            tool.Name
	icon, key, what string
}{
	{tool.NameWindow, "contrast-2", "W", "Window   W\nDrag: right wider, down higher level."},
	{tool.NameZoom, "zoom-in", "Z", "Zoom   Z\nDrag up: larger. The right button always zooms."},
	{tool.NamePan, "hand-stop", "M", "Move   M\nThe middle button always moves."},
	{tool.NameCrosshair, "crosshair", "", "Crosshair   Shift+move\nAll planes go through the point."},
	{"", "", "", ""},
	{tool.NameBrush, "brush", "B", "Brush   B\nCtrl held erases. Shift+wheel sets the radius."},
	{tool.NameEraser, "eraser", "E", "Eraser   E\nX swaps it with the brush."},
}

func (r *Room) buildTools() {
	var list []pane.ToolTile
	for _, t := range tiles {
		if (t.name.Paints() || t.name == "") && r.study.Read == nil {
			continue
		}
		list = append(list, pane.ToolTile{ID: string(t.name), Icon: t.icon, Key: t.key, Tip: t.what})
	}
	if r.study.Read != nil {
		list = append(list, pane.ToolTile{ID: "undo", Icon: "arrow-back-up", Tip: "Undo   Ctrl+Z\nWithout limit, across sessions.", Foot: true},
			pane.ToolTile{ID: "redo", Icon: "arrow-forward-up", Tip: "Redo   Ctrl+Y", Foot: true},
			pane.ToolTile{Foot: true},
			pane.ToolTile{ID: "marks", Icon: "eye", Key: "S", Tip: "Segments on or off   S\nShift+S: filled, outlined, active only. Hold Space to look without.", Foot: true})
	}
	list = append(list, pane.ToolTile{ID: "keys", Icon: "keyboard", Key: "?", Tip: "All keys   ?", Foot: true})
	r.tools = pane.NewToolRail(list, r.toolTapped)
}

func (r *Room) toolTapped(id string) {
	r.TakeKeys()
	switch id {
	case "undo":
		r.undo()
	case "redo":
		r.redo()
	case "marks":
		r.toggleMarks()
	case "keys":
		r.toggleSheet()
	default:
		r.chooseTool(tool.Name(id))
	}
}

func (r *Room) chooseTool(n tool.Name) {
	if n.Paints() && (r.study.Read == nil || r.frozen != "") {
		return
	}
	r.st.choose(n)
	r.unsay()
	r.showTools()
	r.showOptions()
	r.showAll(false)
}

// showTools marks the tool in use and switches off what cannot be done, with the reason.
func (r *Room) showTools() {
	r.tools.SetActive(string(r.st.tool))
	for _, n := range []tool.Name{tool.NameBrush, tool.NameEraser} {
		r.tools.SetOff(string(n), r.frozen != "", r.frozen)
	}
	one := len(r.views) < 2
	r.tools.SetOff(string(tool.NameCrosshair), one, "The crosshair links several planes; there is one here.")
	if r.study.Read == nil {
		return
	}
	h := r.study.Read.History
	r.tools.SetOff("undo", r.frozen != "" || !h.CanUndo(), "Nothing to undo")
	r.tools.SetOff("redo", r.frozen != "" || !h.CanRedo(), "Nothing to redo")
	icon := "eye"
	if r.st.marksOff {
		icon = "eye-off"
	}
	r.tools.SetIcon("marks", icon)
	r.showPainting()
}

// showPainting says in the top bar what the brush changes.
func (r *Room) showPainting() {
	set := r.set()
	if set == nil || !r.st.tool.Paints() || r.frozen != "" {
		r.top.SetPainting("", "", "", look.Text)
		return
	}
	seg, ok := set.Find(r.st.active)
	if !ok {
		r.top.SetPainting("", "", "", look.Text)
		return
	}
	verb := "Painting"
	if r.st.tool == tool.NameEraser {
		verb = "Erasing"
	}
	where := ""
	if m := r.image(); m.Number > 0 {
		where = "on series " + strconv.Itoa(m.Number)
	}
	r.top.SetPainting(verb, seg.Name, where, look.Colour(seg.Colour))
}

func (r *Room) buildOptions() {
	r.options = pane.NewOptionsBar(pane.OptionsActions{
		Shape:     func(n int) { r.st.brush.Shape = []tool.Shape{tool.Disc, tool.Sphere}[n]; r.brushChanged() },
		Radius:    func(mm float64) { r.st.brush.RadiusMM = mm; r.brushChanged() },
		Overwrite: func(n int) { r.st.overwrite = n; r.showOptions() },
		Preset:    r.choosePreset,
		Invert:    r.invert,
		Fit:       func() { r.current().port.Fit() },
		Layout:    func(n int) { r.st.layout = hanging.Layouts(r.subject())[n]; r.hang(); r.showAll(false) },
		Warnings:  r.warnAgain,
		Series:    r.toggleSeries,
		Resample:  r.toggleStraight,
	})
}

// choosePreset takes the n-th line of the menu: the presets, then the file's own, then the automatic one.
func (r *Room) choosePreset(n int) {
	presets := r.presets()
	m := r.image()
	switch {
	case n < len(presets):
		r.usePreset(presets[n])
	case n < len(presets)+len(m.Windows):
		r.usePreset(m.Windows[n-len(presets)])
	default:
		r.useAuto()
	}
}

func (r *Room) showOptions() {
	if r.options == nil || len(r.views) == 0 {
		return
	}
	v := r.current()
	o := pane.Options{Paint: r.st.tool.Paints() && r.study.Read != nil, RadiusMM: r.st.brush.RadiusMM, Overwrite: r.st.overwrite, Unit: "mm", Preset: -1}
	for _, t := range tiles {
		if t.name == r.st.tool {
			o.Icon, o.Tool = t.icon, toolWord(t.what)
		}
	}
	if r.st.brush.Shape == tool.Sphere {
		o.Shape = 1
	}
	if m := r.image(); m != nil {
		if m.Geometry.Uncalibrated {
			o.Unit = "px"
		}
		presets := r.presets()
		for n, p := range presets {
			line := p.Name
			if p.Key != 0 {
				line = string(p.Key) + "   " + line
			}
			o.Presets = append(o.Presets, line)
			if v.grey.name == p.Name {
				o.Preset = n
			}
		}
		for _, w := range m.Windows {
			o.Presets = append(o.Presets, "0   "+w.Name)
		}
		if r.volume != nil && r.volume.Pixel != volume.RGB8 {
			o.Presets = append(o.Presets, "`   "+automatic)
			o.CanInvert = true
		}
		o.Window = windowText(v.grey.voi)
		if v.grey.name != "" && v.grey.name != byHand {
			o.Window = v.grey.name
			o.Preset = -1
		}
		o.Inverted = v.grey.voi.Invert != m.Invert
		for n, l := range hanging.Layouts(r.subject()) {
			if m.Absent != "" {
				break
			}
			o.Layouts = append(o.Layouts, string(l))
			if l == r.st.layout {
				o.Layout = n
			}
		}
		if r.st.understood[r.warned()] {
			o.Warnings = len(m.Warnings) + len(r.notes())
		}
		o.CanResample, o.Resampled = r.canStraighten(), r.straight != nil
		long, brief, warned := gridSentence(m)
		if r.straight != nil {
			long, brief, warned = "Resampled grid "+fixed(m.Geometry.Spacing[0], 2)+" × "+fixed(m.Geometry.Spacing[1], 2)+" × "+fixed(m.Geometry.Spacing[2], 2)+" mm, computed between the acquired planes", "Resampled", true
		}
		r.status.SetGeometry(long, brief, warned)
	}
	r.options.Set(o)
}

// showOptionsSoon is showOptions during a drag: at most ten times a second.
func (r *Room) showOptionsSoon() {
	if time.Since(r.held) > spotEvery {
		r.held = time.Now()
		r.showOptions()
	}
}

func toolWord(tip string) string {
	for n, c := range tip {
		if c == ' ' {
			return tip[:n]
		}
	}
	return tip
}

func (r *Room) buildSegments() {
	var classes []pane.Class
	if r.study.Read != nil {
		for _, c := range r.study.Read.Classes {
			classes = append(classes, pane.Class{ID: c.ID, Name: c.Name, Colour: c.Colour})
		}
	}
	r.segments = pane.NewSegments(classes, pane.SegmentActions{
		Select: func(n int) { r.TakeKeys(); r.selectSegment(n) },
		Lock:   r.toggleLock,
		Eye:    r.toggleSegment,
		Rename: func(n int, name string) { r.change(edit.Op{Op: "rename", Segment: edit.Ref{Number: n}, Name: name}) },
		Colour: func(n int, c project.Colour) {
			r.change(edit.Op{Op: "color", Segment: edit.Ref{Number: n}, Color: c.String()})
		},
		Delete: func(n int) {
			r.change(edit.Op{Op: "delete_segment", Segment: edit.Ref{Number: n}})
			r.pickFirstSegment()
			r.showSegments()
		},
		Add:     r.addSegment,
		Release: r.TakeKeys,
	})
}

// showSegments shows the list, and what depends on it.
func (r *Room) showSegments() {
	set := r.set()
	if set == nil {
		return
	}
	var rows []pane.Segment
	for _, s := range set.Segments() {
		g := r.study.Images[s.Image].Geometry
		row := pane.Segment{Number: s.Number, Name: s.Name, Colour: s.Colour, Filled: r.st.filled(s.Number), Locked: s.Locked,
			Hidden: r.st.hidden[s.Number], Volume: volumeOf(g, s.Mask.Count()), Detail: whole(int(s.Mask.Count())) + " voxels"}
		if m := &r.study.Images[s.Image]; s.Image != r.st.image {
			row.Detail += " · on " + m.Title()
		}
		rows = append(rows, row)
	}
	r.segments.SetFrozen(r.frozen)
	r.segments.Set(rows, r.st.active, "Nothing is drawn yet. Add a segment, then paint it with B.")
	r.showTools()
}

func (r *Room) toggleSegment(number int) {
	if r.st.hidden[number] {
		delete(r.st.hidden, number)
	} else {
		r.st.hidden[number] = true
	}
	r.showMarks(false)
	r.showSegments()
}

func (r *Room) toggleMarks() {
	r.st.marksOff = !r.st.marksOff
	r.showMarks(false)
	r.showTools()
}

func (r *Room) nextStyle() {
	r.st.style = (r.st.style + 1) % styles
	r.st.marksOff = false
	r.showMarks(false)
	r.showSegments()
}

// toggleSeries opens or closes the folded series rail over the images.
func (r *Room) toggleSeries() {
	p, ok := r.body.Layout.(*plan)
	if !ok || !p.wasFolded {
		return
	}
	if r.rail.Object.Visible() {
		r.rail.Object.Hide()
	} else {
		r.rail.Object.Show()
	}
	r.body.Refresh()
}
