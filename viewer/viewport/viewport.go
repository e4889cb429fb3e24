package viewport

import (
	"image"
	"image/color"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/render/mpr"
	"hotlight/render/overlay"
	"hotlight/render/voi"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// Content is what a viewport shows: everything but where it looks.
type Content struct {
	Volume  *volume.Volume
	VOI     voi.VOI
	Nearest bool
	Slab    mpr.Slab
	Layers  []render.Layer
	// Overlays shows the overlay planes (60xx) of the slice.
	Overlays bool
	Corners  overlay.Corners
	Cross    *volume.Point // the linked point, nil for none
	Plain    bool          // no letters and no scale bar: the key that hides all text leaves them, so this is for pictures without a place
	Lengths  string        // what millimetres are, see overlay.Options
	Sides    [2]string     // Patient Orientation of a picture without a position
	Loaded   float32       // share of the slices that are here, below 1 while they come
	Absent   string        // why there is no image, as a sentence
}

// settleAfter is how long after the last move the picture is drawn in full.
const settleAfter = 100 * time.Millisecond

// draftOver is the time for a full picture above which a moving one is cut at half resolution.
const draftOver = 12 * time.Millisecond

// Viewport is one image on screen. All methods are for the interface thread.
type Viewport struct {
	widget.BaseWidget
	room    Room
	worker  *worker
	content Content
	camera  Camera
	small   bool
	fitted  bool // the camera still shows the whole grid and follows the size of the viewport

	raster *canvas.Raster
	front  *image.RGBA
	px     [2]int
	scale  float64
	marks  marks
	input  input

	quiet *time.Timer
	cost  time.Duration // of the last full picture
	// Failed is told when a picture could not be drawn. May be nil.
	Failed func(error)
}

// New makes a viewport that draws with d. small is for those beside a large one.
func New(room Room, d Drawer, small bool) *Viewport {
	v := &Viewport{room: room, small: small, fitted: true, scale: 1}
	v.raster = canvas.NewRaster(v.Paint)
	v.raster.ScaleMode = canvas.ImageScalePixels
	v.marks = newMarks()
	v.worker = newWorker(d, v.drawn)
	v.ExtendBaseWidget(v)
	return v
}

// Close ends drawing; the viewport must not be shown any more. wait returns when the worker has ended, and may be called on any goroutine.
func (v *Viewport) Close() (wait func()) {
	if v.quiet != nil {
		v.quiet.Stop()
	}
	return v.worker.stop
}

// Settle returns when the newest picture is on screen. For tests and for the signing dialog's own picture.
func (v *Viewport) Settle() { v.worker.settle() }

// Picture returns the picture on screen; it must not be changed and is only valid until the next is drawn.
func (v *Viewport) Picture() *image.RGBA { return v.front }

// Content returns what is shown.
func (v *Viewport) Content() Content { return v.content }

// Camera returns where it looks.
func (v *Viewport) Camera() Camera { return v.camera }

// Display replaces what is shown. moving says that more of the same will follow at once, as in a drag.
func (v *Viewport) Display(c Content, moving bool) {
	fresh := c.Volume != v.content.Volume
	v.content = c
	if fresh && v.fitted {
		v.fit()
	}
	v.marks.show(v)
	v.redraw(moving)
}

// Look points the camera elsewhere.
func (v *Viewport) Look(c Camera, moving bool) {
	v.camera = c
	v.redraw(moving)
}

// LookThrough moves the plane to pass through p, without telling the room: it is the room that asks.
func (v *Viewport) LookThrough(p volume.Point, moving bool) {
	if c := v.camera.Through(p); c != v.camera {
		v.Look(c, moving)
	}
}

// Fit shows the whole grid, and keeps doing so while the viewport changes its size.
func (v *Viewport) Fit() {
	v.fitted = true
	v.fit()
	v.redraw(false)
	v.room.Looked(v)
}

func (v *Viewport) fit() {
	if v.content.Volume == nil || v.px[0] == 0 || v.camera.Right.Len() == 0 {
		return
	}
	w, h := v.units()
	v.camera = v.camera.Fit(&v.content.Volume.Geometry, w, h)
}

// units is the size in units, from the device pixels that it really has.
func (v *Viewport) units() (w, h float64) {
	return float64(v.px[0]) / v.scale, float64(v.px[1]) / v.scale
}

// Zoom is how many units a millimetre has.
func (v *Viewport) Zoom() float64 { return 1 / v.camera.MMPerUnit }

// SetActive marks it as the one that keys act on.
func (v *Viewport) SetActive(on bool) { v.marks.setActive(on) }

// SetSmall chooses the smaller letters.
func (v *Viewport) SetSmall(on bool) { v.small = on }

// Paint is what Fyne calls while it paints, with the size in device pixels. It computes nothing: it returns what was drawn last, even at an
// old size, and asks for the new size.
func (v *Viewport) Paint(w, h int) image.Image {
	if w > 0 && h > 0 && (v.px != [2]int{w, h}) {
		v.px = [2]int{w, h}
		if s := v.Size(); s.Width > 0 {
			v.scale = float64(w) / float64(s.Width)
		}
		// A size that is not a whole number of pixels was rounded; the scale of the screen is one of quarters at the finest.
		if c := fyne.CurrentApp().Driver().CanvasForObject(v); c != nil {
			v.scale = float64(c.Scale())
		}
		if v.fitted {
			v.fit()
			v.room.Looked(v)
		}
		v.ask(false)
		v.marks.resized(v)
	}
	if v.front == nil {
		return image.NewUniform(color.Black)
	}
	return v.front
}

// redraw asks for a picture, and for a full one when the movement has stopped.
func (v *Viewport) redraw(moving bool) {
	v.ask(moving)
	if v.quiet != nil {
		v.quiet.Stop()
		v.quiet = nil
	}
	if moving && v.cost > draftOver {
		v.quiet = time.AfterFunc(settleAfter, func() { control.OnMain(func() { v.ask(false) }) })
	}
}

func (v *Viewport) ask(moving bool) {
	if v.px[0] == 0 || v.camera.MMPerUnit == 0 && v.content.Volume != nil {
		return
	}
	v.worker.ask(request{scene: v.scene(moving && v.cost > draftOver), size: image.Pt(v.px[0], v.px[1])})
}

func (v *Viewport) scene(draft bool) render.Scene {
	c := v.content
	s := render.Scene{Volume: c.Volume, Plane: v.camera.Plane(v.scale), VOI: c.VOI, Slab: c.Slab, Layers: c.Layers, Overlays: c.Overlays, Draft: draft}
	if c.Volume == nil {
		s.Plane = volume.Plane{Right: [3]float64{1, 0, 0}, Down: [3]float64{0, 1, 0}, MMPerPixel: 1}
	}
	if c.Nearest {
		s.Interpolation = mpr.Nearest
	}
	s.Furniture = overlay.Options{Scale: v.scale, Small: v.small, Letters: !c.Plain && c.Volume != nil, ScaleBar: !c.Plain && c.Volume != nil,
		Lengths: c.Lengths, Sides: c.Sides, Crosshair: c.Cross, Corners: c.Corners}
	return s
}

// drawn takes a finished picture from the worker to the screen: the one place of this widget that calls fyne.Do.
func (v *Viewport) drawn(img *image.RGBA, r request, err error, took time.Duration) {
	control.OnMain(func() {
		if err != nil {
			if v.Failed != nil {
				v.Failed(err)
			}
			return
		}
		if !r.scene.Draft {
			v.cost = took
		}
		v.front = img
		v.raster.Refresh()
		v.marks.placed(v)
	})
}

// CreateRenderer implements fyne.Widget.
func (v *Viewport) CreateRenderer() fyne.WidgetRenderer {
	ground := canvas.NewRectangle(look.Image)
	clip := container.NewClip(container.New(&layers{v}, ground, v.raster, v.marks.layer))
	clip.ExtendBaseWidget(clip) // Clip does so only when it is drawn, and would miss the first size
	return widget.NewSimpleRenderer(clip)
}

// MinSize implements fyne.CanvasObject: a viewport fits anywhere.
func (v *Viewport) MinSize() fyne.Size { return fyne.NewSize(64, 64) }

// layers gives every layer the whole viewport.
type layers struct{ v *Viewport }

func (l *layers) MinSize([]fyne.CanvasObject) fyne.Size { return fyne.NewSize(64, 64) }

func (l *layers) Layout(objects []fyne.CanvasObject, size fyne.Size) {
	for _, o := range objects {
		o.Resize(size)
		o.Move(fyne.Position{})
	}
	l.v.marks.resized(l.v)
}
