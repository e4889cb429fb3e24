package tool

import (
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// Pointer is the mouse at one moment of a drag.
type Pointer struct {
	X, Y float64      // units from the top left corner of the viewport; may lie outside it
	At   volume.Point // the same place on the viewport's plane
}

// View is what a tool reads of a viewport at the moment of the press.
type View struct {
	Centre      volume.Point // what lies at the viewport's centre
	Right, Down mgl64.Vec3
	MMPerUnit   float64
	Width       float64 // of the grey-level window, in the image's unit
	Level       float64
}

// Host is a viewport as a tool sees it. All methods are called on the interface thread.
type Host interface {
	View() View
	// SetWindow changes the grey-level window.
	SetWindow(level, width float64)
	// SetCentre and SetZoom move the picture under the pointer.
	SetCentre(volume.Point)
	SetZoom(mmPerUnit float64)
	// Scroll moves by whole planes, positive away from the viewer's near side as the wheel turned down does.
	Scroll(planes int)
	// SetCross puts the linked crosshair there.
	SetCross(volume.Point)
	// BeginStroke starts painting at the pointer; erase turns the brush around. Nil when painting is refused: the host has said why.
	BeginStroke(erase bool, at volume.Point) Stroke
}

// Stroke is a painting drag.
type Stroke interface {
	Extend(at volume.Point)
	// Commit makes it one change. Cancel takes it back.
	Commit()
	Cancel()
}

// Tool answers one drag at a time: Press, any number of Moves, then Release or Cancel.
type Tool interface {
	Press(h Host, p Pointer)
	Move(h Host, p Pointer)
	Release(h Host, p Pointer)
	Cancel(h Host)
}

// Name names a tool for keys, tiles and settings.
type Name string

// The tools.
const (
	NameWindow    Name = "window"
	NameZoom      Name = "zoom"
	NamePan       Name = "pan"
	NameScroll    Name = "scroll"
	NameCrosshair Name = "crosshair"
	NameBrush     Name = "brush"
	NameEraser    Name = "eraser"
)

// Paints reports whether the tool changes segments.
func (n Name) Paints() bool { return n == NameBrush || n == NameEraser }

// Paints reports whether t is a brush or an eraser.
func Paints(t Tool) bool {
	_, ok := t.(*brush)
	return ok
}

// New returns a fresh state machine for n, or nil for a name that is none.
func New(n Name) Tool {
	switch n {
	case NameWindow:
		return &window{}
	case NameZoom:
		return &zoom{}
	case NamePan:
		return &pan{}
	case NameScroll:
		return &scroll{}
	case NameCrosshair:
		return crosshair{}
	case NameBrush:
		return &brush{}
	case NameEraser:
		return &brush{erase: true}
	}
	return nil
}
