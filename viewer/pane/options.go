package pane

import (
	"fmt"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// OptionsHeight is the height of the bar over the images.
const OptionsHeight float32 = 48

// Options is what the options bar shows.
type Options struct {
	Icon, Tool string // the tool in use
	Paint      bool   // whether it paints: then the brush's options stand here
	Shape      int    // of Shapes
	RadiusMM   float64
	Overwrite  int // of Overwrites
	Window     string
	Presets    []string
	Preset     int // -1 when none of them
	Inverted   bool
	CanInvert  bool
	Layouts    []string
	Layout     int
	Warnings   int    // how many are put away
	Unit       string // of the radius: "mm" or "px"
	// CanResample offers the resampled volume; Resampled says that it is on screen.
	CanResample, Resampled bool
}

// The choices of the bar, in the order of their numbers.
var (
	Shapes     = []string{"Disc", "Sphere"}
	Overwrites = []string{"none", "visible", "all"}
)

// OptionsActions are what the bar tells.
type OptionsActions struct {
	Shape     func(n int)
	Radius    func(mm float64)
	Overwrite func(n int)
	Preset    func(n int)
	Invert    func()
	Fit       func()
	Layout    func(n int)
	Warnings  func()
	Series    func() // opens the folded series rail
	Resample  func() // shows the resampled volume, or the acquired planes again
}

// OptionsBar holds the options of the tool in use, and of the viewports.
type OptionsBar struct {
	Object    fyne.CanvasObject
	a         OptionsActions
	icon      *canvas.Image
	name      *canvas.Text
	shape     *control.Segmented
	radius    *control.Slider
	value     *canvas.Text
	overwrite *control.Choice
	window    *control.Choice
	invert    *control.Button
	layout    *control.Choice
	warnings  *control.Button
	series    *control.Button
	resample  *control.Button
	paint     []fyne.CanvasObject
	long      []fyne.CanvasObject // what goes in a narrow window
	label     fyne.CanvasObject
	narrow    bool
}

// NewOptionsBar makes the bar.
func NewOptionsBar(a OptionsActions) *OptionsBar {
	b := &OptionsBar{a: a, icon: control.Picture(look.Icon("contrast-2", look.Accent), 20), name: look.Strong("", look.Body, look.Text)}
	b.shape = control.NewSegmented(Shapes, a.Shape).Tips("Disc\nPaints on this plane, one voxel thick.", "Sphere\nPaints in all three directions.")
	b.radius = control.NewSlider(0.25, 60, 6, a.Radius)
	b.value = look.Strong("6.0 mm", look.Body, look.Text)
	label := look.Words("Radius", look.Body, look.Text2)
	b.overwrite = control.NewChoice("", "Overwrite: ", Overwrites, a.Overwrite)
	b.overwrite.Tip = "Overwrite\nWhat painting takes from other segments: nothing, from those shown, or from all. Locked ones lose nothing."
	b.window = control.NewChoice("", "", nil, a.Preset)
	b.window.Tip = "Grey levels   1-9\n` automatic, 0 as in the file"
	b.invert = control.NewButton("", "contrast-2", control.Outlined, a.Invert).WithTip("Invert   I\nSmall values bright.")
	b.invert.SetIcon("droplet-half-2")
	fit := control.NewButton("", "zoom-reset", control.Outlined, a.Fit).WithTip("Fit   Ctrl+0\nThe whole image in sight.")
	b.layout = control.NewChoice("layout-2", "", nil, a.Layout)
	b.layout.Tip = "Layout\nOne viewport, or three planes and a fourth."
	b.warnings = control.NewButton("1", "alert-triangle", control.Outlined, a.Warnings).WithTip("What to know about these images")
	b.series = control.NewButton("", "photo", control.Outlined, a.Series).WithTip("Series")
	b.series.Hide()
	b.resample = control.NewButton("", "grid-dots", control.Outlined, a.Resample).WithTip("Resampled volume\nTilted or uneven planes on a regular grid, for cuts across them. Computed, not acquired; strokes change the acquired planes.")
	b.resample.Hide()
	gap := control.Strut(look.Gap4, 1)
	b.label = label
	b.paint = []fyne.CanvasObject{b.shape, label, control.Fixed(120, 36, b.radius), control.Fixed(68, 0, b.value), b.overwrite, gap}
	parts := []fyne.CanvasObject{b.icon, control.Fixed(64, 0, b.name)}
	b.long = []fyne.CanvasObject{b.icon, parts[1], gap}
	parts = append(parts, b.paint...)
	parts = append(parts, b.window, b.invert, fit, control.Spring(), b.resample, b.warnings, b.series, b.layout)
	bar := control.Row(look.Gap12, control.Even(look.Gap12, 0), parts...)
	b.Object = control.Fixed(0, OptionsHeight, container.NewStack(canvas.NewRectangle(look.Panel), bar, control.Dock(nil, control.HLine(look.Line), nil, nil, nil)))
	return b
}

// Set shows o.
func (b *OptionsBar) Set(o Options) {
	b.icon.Resource = look.Icon(o.Icon, look.Accent)
	b.name.Text = o.Tool
	for _, p := range b.paint {
		setShown(p, o.Paint)
	}
	setShown(b.label, o.Paint && !b.narrow && !o.CanResample)
	b.shape.Choose(o.Shape)
	b.radius.Set(o.RadiusMM)
	b.value.Text = fmt.Sprintf("%.1f %s", o.RadiusMM, o.Unit)
	if o.RadiusMM < 1 {
		b.value.Text = fmt.Sprintf("%.2f %s", o.RadiusMM, o.Unit)
	}
	b.overwrite.Set(Overwrites, o.Overwrite)
	b.window.Set(o.Presets, o.Preset)
	if o.Preset < 0 {
		b.window.Say(o.Window)
	}
	b.invert.SetChosen(o.Inverted)
	setShown(b.invert, o.CanInvert)
	setShown(b.window, o.CanInvert)
	b.layout.Set(o.Layouts, o.Layout)
	setShown(b.layout, len(o.Layouts) > 1)
	b.warnings.SetText(fmt.Sprint(o.Warnings))
	setShown(b.warnings, o.Warnings > 0)
	b.resample.SetText("")
	if !o.Paint && !b.narrow { // there is room for words
		b.resample.SetText("Resampled volume")
	}
	setShown(b.resample, o.CanResample)
	b.resample.SetChosen(o.Resampled)
	b.Object.Refresh()
}

// SetShort drops the words that icons replace, and shows the button for the folded series rail.
func (b *OptionsBar) SetShort(narrow, seriesFolded bool) {
	b.narrow = narrow
	for _, o := range b.long {
		setShown(o, !narrow)
	}
	setShown(b.label, !narrow && b.shape.Visible())
	setShown(b.series, seriesFolded)
	b.Object.Refresh()
}
