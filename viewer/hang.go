package viewer

import (
	"hotlight/project/volume"
	"hotlight/render/voi"
	"hotlight/viewer/hanging"
	"hotlight/viewer/viewport"
)

func (r *Room) subject() hanging.Subject {
	m := r.image()
	return hanging.Subject{Modality: m.Modality, Geometry: m.Geometry, Flat: m.Flat}
}

// hang puts the views of the layout into viewports, keeping the viewports that there are.
func (r *Room) hang() {
	var views []hanging.View
	if m := r.image(); m != nil && m.Absent == "" {
		views = hanging.Hang(r.subject(), r.st.layout)
	} else {
		views = []hanging.View{{Facing: hanging.Acquired}}
	}
	for len(r.views) > len(views) {
		last := r.views[len(r.views)-1]
		r.views = r.views[:len(r.views)-1]
		r.ports.Remove(last.port)
		go last.port.Close()()
	}
	for len(r.views) < len(views) {
		v := &view{port: viewport.New(r, r.do.NewDrawer(), len(r.views) > 0)}
		v.port.Failed = func(err error) { r.say(failure, "This picture could not be drawn: "+err.Error()+".") }
		r.views = append(r.views, v)
		r.ports.Add(v.port)
	}
	r.alone = -1
	for n, v := range r.views {
		v.hang = views[n]
		v.grey = r.firstGrey(v.hang)
		r.point(v)
	}
	r.activate(0)
	r.ports.Refresh()
	r.showTools()
	r.showOptions()
	r.showWarnings()
	r.showCine()
}

// point turns a viewport along its path and fits the image into it.
func (r *Room) point(v *view) {
	g := r.geometry()
	if g == nil {
		return
	}
	v.path = hanging.PathOf(g, v.hang.Facing)
	v.port.Look(viewport.Camera{Centre: g.Centre(), Right: v.path.Right, Down: v.path.Down, MMPerUnit: v.port.Camera().MMPerUnit}, false)
	v.port.Fit()
	r.follow(v, false)
}

// follow moves a viewport's plane to the one that the linked point lies on. What was in the middle stays there, in a tilted stack too.
func (r *Room) follow(v *view, moving bool) {
	g := r.geometry()
	if g == nil {
		return
	}
	c := v.port.Camera()
	at := onPlane(g, v.path.Axis, c.Centre, planeOf(g, v.path.Axis, r.st.cross))
	if at != c.Centre {
		c.Centre = at
		v.port.Look(c, moving)
	}
}

// flip mirrors a viewport. Only the view turns: voxels and stored coordinates do not.
func (r *Room) flip(v *view, horizontally bool) {
	c := v.port.Camera()
	if horizontally {
		c.Right = c.Right.Mul(-1)
	} else {
		c.Down = c.Down.Mul(-1)
	}
	v.port.Look(c, false)
	r.show(v, false)
}

// Names of settings that are not presets.
const (
	automatic = "Auto"
	fromFile  = "File"
	byHand    = "Window"
)

// firstGrey is the grey-level setting a view opens with.
func (r *Room) firstGrey(h hanging.View) grey {
	m := r.image()
	if m == nil {
		return grey{voi: voi.FromRange(0, 1)}
	}
	from := r.volume
	if coarse := r.coarse(); coarse != nil { // nothing else is there to take greys from
		from = coarse
	}
	g, _ := r.opensWith(m, from)
	g.opening = true
	if h.Second && r.volume != nil && m.Modality == "PT" && !isSUV(r.volume.Unit) {
		return grey{voi: voi.Auto(r.volume), name: automatic, opening: true} // presets in SUV mean nothing for counts
	}
	if h.Second && r.volume != nil {
		if name, w := hanging.Other(m.Modality, g.voi, g.voi); name != "" && voi.First(r.volume, firstSlice(&r.volume.Geometry), w) == 0 {
			w.Invert, w.Presentation = w.Invert || m.Invert, m.Presentation
			return grey{voi: w, name: name, opening: true}
		}
	}
	return g
}

// presets are what the digits and the menu choose from in a view, the file's own after the modality's.
func (r *Room) presets() []voi.Preset {
	m := r.image()
	if m == nil || r.volume == nil || r.volume.Pixel == volume.RGB8 {
		return nil
	}
	first, _ := r.opensWith(m, r.volume)
	base := first.voi
	base.Invert = false
	out := append(voi.Presets(m.Modality), voi.Relative(m.Modality, base)...)
	if m.Modality == "PT" && !isSUV(r.volume.Unit) {
		out = nil
	}
	return out
}

func isSUV(unit string) bool { return len(unit) >= 3 && unit[:3] == "SUV" }

// setGrey gives a view a setting; inversion of the image itself stays.
func (r *Room) setGrey(v *view, g grey, moving bool) {
	if m := r.image(); m != nil {
		g.voi.Presentation = m.Presentation
	}
	g.opening = false
	v.grey = g
	r.show(v, moving)
	if !moving {
		r.showOptions()
	}
}

func (r *Room) usePreset(p voi.Preset) {
	v := r.current()
	w := p.VOI
	w.Invert = w.Invert != r.image().Invert
	r.setGrey(v, grey{voi: w, name: p.Name}, false)
}

func (r *Room) invert() {
	v := r.current()
	if r.volume == nil || r.volume.Pixel == volume.RGB8 {
		return
	}
	v.grey.voi.Invert = !v.grey.voi.Invert
	r.setGrey(v, v.grey, false)
}

// useFileWindow shows the file's own windows one after the other; useAuto the one from the values.
func (r *Room) useFileWindow() {
	m := r.image()
	if m == nil || len(m.Windows) == 0 {
		r.useAuto()
		return
	}
	r.usePreset(m.Windows[r.st.fileNext%len(m.Windows)])
	r.st.fileNext++
}

func (r *Room) useAuto() {
	if r.volume == nil || r.volume.Pixel == volume.RGB8 {
		return
	}
	r.usePreset(voi.Preset{Name: automatic, VOI: voi.Auto(r.volume)})
}

// current is the view that keys act on.
func (r *Room) current() *view { return r.views[min(r.active, len(r.views)-1)] }

func (r *Room) viewOf(p *viewport.Viewport) *view {
	for _, v := range r.views {
		if v.port == p {
			return v
		}
	}
	return nil
}

func (r *Room) activate(n int) {
	r.active = n
	for k, v := range r.views {
		v.port.SetActive(k == n && len(r.views) > 1)
	}
	r.showOptions()
}
