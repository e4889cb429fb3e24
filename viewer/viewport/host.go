package viewport

import (
	"hotlight/project/volume"
	"hotlight/viewer/tool"
)

// View implements tool.Host.
func (v *Viewport) View() tool.View {
	return tool.View{Centre: v.camera.Centre, Right: v.camera.Right, Down: v.camera.Down, MMPerUnit: v.camera.MMPerUnit,
		Level: v.content.VOI.Center, Width: v.content.VOI.Width}
}

// SetCentre implements tool.Host.
func (v *Viewport) SetCentre(p volume.Point) {
	c := v.camera
	c.Centre = p
	v.fitted = false
	v.Look(c, true)
	v.room.Looked(v)
}

// SetZoom implements tool.Host.
func (v *Viewport) SetZoom(mmPerUnit float64) {
	c := v.camera
	w, h := v.units()
	c.MMPerUnit = c.bounded(mmPerUnit, &v.content.Volume.Geometry, w, h)
	v.fitted = false
	v.Look(c, true)
	v.room.Looked(v)
}

// ZoomBy scales the picture about a pointer; factor above 1 shows more.
func (v *Viewport) ZoomBy(factor float64, about tool.Pointer) {
	tool.ZoomAbout(v, v.View(), about, factor)
}

// Middle returns the pointer at the centre.
func (v *Viewport) Middle() tool.Pointer {
	w, h := v.units()
	return tool.Pointer{X: w / 2, Y: h / 2, At: v.camera.Centre}
}

// SetWindow implements tool.Host.
func (v *Viewport) SetWindow(level, width float64) { v.room.SetWindow(v, level, width) }

// Scroll implements tool.Host.
func (v *Viewport) Scroll(planes int) { v.room.Scroll(v, planes) }

// SetCross implements tool.Host.
func (v *Viewport) SetCross(p volume.Point) { v.room.SetCross(v, p) }

// BeginStroke implements tool.Host.
func (v *Viewport) BeginStroke(erase bool, at volume.Point) tool.Stroke {
	return v.room.BeginStroke(v, erase, at)
}
