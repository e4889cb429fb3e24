package viewport

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/project/volume"
	"hotlight/viewer/tool"
)

// Room is what a viewport asks and tells. All calls come on the interface thread.
type Room interface {
	// TakeKeys gives the room the keyboard; TypedKey is a key that came while a button was held.
	TakeKeys()
	TypedKey(*fyne.KeyEvent)
	// Activate makes v the one that keys act on.
	Activate(v *Viewport)
	// Tool returns the tool for a button pressed in v, or nil.
	Tool(v *Viewport, b desktop.MouseButton, mods fyne.KeyModifier) tool.Tool
	// Point tells where the pointer is; ok is false when it left.
	Point(v *Viewport, p volume.Point, ok bool)
	// Wheel tells of whole notches, positive downwards, at the pointer.
	Wheel(v *Viewport, notches int, mods fyne.KeyModifier, at tool.Pointer)
	// SetWindow, Scroll, SetCross and BeginStroke are what tools ask of more than the viewport itself.
	SetWindow(v *Viewport, level, width float64)
	Scroll(v *Viewport, planes int)
	SetCross(v *Viewport, p volume.Point)
	BeginStroke(v *Viewport, erase bool, at volume.Point) tool.Stroke
	// Maximise shows v alone, or all again.
	Maximise(v *Viewport)
	// Looked tells that the camera moved: the zoom in the corner changes, and everything that is drawn with it.
	Looked(v *Viewport)
}
