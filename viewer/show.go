package viewer

import (
	"slices"

	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/overlay"
	"hotlight/render/voi"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// set returns the segments to show, the stroke in progress included; nil when nothing is drawn in this study.
func (r *Room) set() *segmentation.Set {
	if r.study.Read == nil {
		return nil
	}
	return r.study.Read.History.Preview()
}

// showAll shows every view again.
func (r *Room) showAll(moving bool) {
	r.remark()
	for _, v := range r.views {
		r.show(v, moving)
	}
}

// remark makes the layers anew.
func (r *Room) remark() {
	if r.image() == nil {
		return
	}
	r.shown = r.set()
	r.layers = r.st.marks(r.shown, r.study.Images)
	if r.straight != nil {
		r.layers = onGrid(r.layers, r.stack())
	}
}

// onGrid returns the layers with the grid of the image on screen named, for a picture of another volume than the image's own.
func onGrid(layers []render.Layer, g *volume.Geometry) []render.Layer {
	out := slices.Clone(layers)
	for n := range out {
		if out[n].Grid == nil {
			out[n].Grid = g
		}
	}
	return out
}

// coarseMark says that what is seen is not all that there is.
var coarseMark = overlay.Line{Text: "Coarse first picture, still loading", Bold: true}

// show shows one view as the state has it.
func (r *Room) show(v *view, moving bool) {
	m := r.image()
	if m == nil {
		v.port.Display(viewport.Content{Absent: "No images here."}, false)
		return
	}
	c := viewport.Content{Volume: r.volume, VOI: v.grey.voi, Nearest: r.st.nearest, Layers: r.layers, Overlays: !r.st.overlaysOff,
		Lengths: m.Lengths, Sides: m.Sides, Loaded: r.share(), Absent: m.Absent}
	coarse := r.coarse()
	if coarse != nil {
		c.Volume, c.Layers = coarse, onGrid(r.layers, r.stack())
	}
	if r.volume != nil && !m.Geometry.NoPosition && (len(r.views) > 1 || r.st.tool == tool.NameCrosshair) {
		at := r.st.cross
		c.Cross = &at
	}
	if !r.st.textsOff && r.volume != nil {
		c.Corners = r.corners(v, m)
	}
	if coarse != nil {
		c.Corners.TopLeft = append(c.Corners.TopLeft, coarseMark)
	}
	if r.straight != nil {
		c.Corners.TopLeft = append(c.Corners.TopLeft, resampledMark)
	}
	v.port.SetRing(r.ringRadius())
	v.port.SetCursor(r.cursor())
	v.port.Display(c, moving)
}

func (r *Room) share() float32 {
	if r.volume == nil || r.volume.Complete() {
		return 1
	}
	here := 0
	arrived := r.volume.ArrivedSlices()
	for _, ok := range arrived {
		if ok {
			here++
		}
	}
	return float32(here) / float32(max(1, len(arrived)))
}

func (r *Room) ringRadius() float64 {
	if !r.st.tool.Paints() || r.study.Read == nil {
		return 0
	}
	return r.st.brush.RadiusMM
}

func (r *Room) cursor() desktop.Cursor {
	switch {
	case r.st.tool.Paints():
		return desktop.HiddenCursor
	case r.st.tool == tool.NameCrosshair:
		return desktop.CrosshairCursor
	}
	return desktop.DefaultCursor
}

// corners are the texts in a view's corners: all in the large one, the least in those beside it.
func (r *Room) corners(v *view, m *Image) overlay.Corners {
	small := v != r.views[0] && r.alone < 0
	window := windowText(v.grey.voi)
	if v.grey.voi.Invert {
		window += "  inverted"
	}
	if r.volume != nil && r.volume.Pixel == volume.RGB8 {
		window = "Colour"
	}
	if small {
		c := overlay.Corners{TopLeft: []overlay.Line{{Text: v.hang.Title, Bold: true}}, BottomRight: []overlay.Line{{Text: window}}}
		if v.hang.Second {
			c.TopRight = []overlay.Line{{Text: v.grey.name}}
		} else {
			c.TopRight = []overlay.Line{{Text: along(m.Geometry, v.path.Axis, r.st.cross)}}
		}
		return c
	}
	c := overlay.Corners{
		TopLeft:     []overlay.Line{{Text: r.study.Name, Bold: true}},
		TopRight:    []overlay.Line{{Text: m.Title(), Bold: true}, {Text: "Study date hidden"}},
		BottomLeft:  []overlay.Line{{Text: window}, {Text: "Zoom " + r.zoom(v, m) + "×  " + r.interpolation()}},
		BottomRight: r.sliceText(v, m),
	}
	if text := r.overlayText(v, m); text != "" {
		c.BottomLeft = append(c.BottomLeft, overlay.Line{Text: text})
	}
	if r.study.Blinded && r.study.Reader != "" {
		c.TopLeft = append(c.TopLeft, overlay.Line{Text: "Read by " + r.study.Reader + ", blinded"})
	}
	if name := v.grey.name; name != "" {
		c.BottomLeft[0] = overlay.Line{Text: name + "   " + window}
	}
	return c
}

// overlayText says whether the file's overlays lie on the picture; empty where the slice has none.
func (r *Room) overlayText(v *view, m *Image) string {
	if r.volume == nil || v.path.Axis != 2 || len(r.volume.Overlays(planeOf(m.Geometry, 2, r.st.cross))) == 0 {
		return ""
	}
	switch {
	case !r.st.overlaysOff:
		return "Overlay of the file"
	case r.withholdsOverlays():
		return "Overlay withheld"
	}
	return "Overlay hidden"
}

// windowText writes a window as radiologists do.
func windowText(w voi.VOI) string { return "W " + level(w.Width) + "  L " + level(w.Center) }

func (r *Room) interpolation() string {
	if r.st.nearest {
		return "Nearest"
	}
	return "Linear"
}

// zoom is how many units an image pixel is wide.
func (r *Room) zoom(v *view, m *Image) string {
	across := 0
	for a := range 3 {
		if d := v.path.Right.Dot(m.Geometry.Axis(a)); d > 0.5 || d < -0.5 {
			across = a
		}
	}
	s := m.Geometry.Spacing[across]
	if s == 0 {
		s = 1
	}
	return fixed(s*v.port.Zoom(), 1)
}

func (r *Room) sliceText(v *view, m *Image) []overlay.Line {
	g := m.Geometry
	if g.Size[v.path.Axis] < 2 {
		return nil
	}
	word := "Slice "
	if g.NoPosition {
		word = "Frame "
	}
	lines := []overlay.Line{{Text: word + whole(planeOf(g, v.path.Axis, r.st.cross)+1) + " / " + whole(v.path.Count), Bold: true}}
	if g.NoPosition {
		return lines
	}
	lines = append(lines, overlay.Line{Text: along(g, v.path.Axis, r.st.cross)})
	if !g.Uncalibrated && g.Spacing[v.path.Axis] > 0 {
		lines = append(lines, overlay.Line{Text: "every " + fixed(g.Spacing[v.path.Axis], 2) + " mm"})
	}
	return lines
}

// moveCross puts the linked point elsewhere and lets every view follow.
func (r *Room) moveCross(to [3]float64, moving bool) {
	r.st.cross = to
	for _, v := range r.views {
		r.follow(v, moving)
		r.show(v, moving)
	}
}

// maximise shows one view alone, or all again.
func (r *Room) maximise(n int) {
	if len(r.views) < 2 {
		return
	}
	if r.alone >= 0 {
		n = -1
	}
	r.alone = n
	for k, v := range r.views {
		v.port.SetSmall(k > 0 && r.alone != k)
	}
	r.ports.Refresh()
	r.showAll(false)
}
