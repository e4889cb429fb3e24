package viewer

import (
	"sync/atomic"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/widget"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/render"
	"hotlight/viewer/control"
	"hotlight/viewer/hanging"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// Actions are what the house does for the room; a nil one has no control. All are called on the interface thread and must return at once.
type Actions struct {
	Home     func() // back to the list
	Lock     func()
	Exchange func()
	Complete func() // Ctrl+Enter
	Sign     func() // Ctrl+Shift+Enter
	Screen   func() // F11
	Touch    func() // somebody is working
	// ShowOverlays asks for the overlay planes of the files in a blinded read. The house records it and calls then, on the interface thread: only without
	// an error are they shown. Nil where they stay withheld.
	ShowOverlays func(then func(error))
	// NewDrawer makes what draws one viewport's pictures.
	NewDrawer func() viewport.Drawer
	// Renderer names it for the status line.
	Renderer string
}

// Status is what the house says about the read: words to show, and what can be done next.
type Status struct {
	Saved           string
	Waiting, Failed bool
	Icon, Text      string
	Second, Main    pane.Next
	Frozen          string // why nothing can be changed; empty when it can
}

// view is one viewport and how it hangs.
type view struct {
	port *viewport.Viewport
	hang hanging.View
	path hanging.Path
	grey grey
}

// Room is the reading room.
type Room struct {
	widget.BaseWidget
	study         Study
	do            Actions
	st            state
	frozen        string
	volume        *volume.Volume // of the image on screen
	loading       *loading
	straight      *straight // instead of the image on screen, nil for the image itself
	straightening *straightening
	verifying     verifying
	kept          kept
	layers        []render.Layer
	shown         *segmentation.Set // what layers were made of
	opened        opening           // of the image on screen

	views   []*view
	active  int
	alone   int // the view shown alone, -1 for all
	stroke  *stroke
	cine    cine
	pending atomic.Bool
	ends    []func() // what to undo when the room closes

	body     *fyne.Container
	ports    *fyne.Container
	notices  *fyne.Container
	side     fyne.CanvasObject
	top      *pane.TopBar
	rail     *pane.SeriesRail
	tools    *pane.ToolRail
	options  *pane.OptionsBar
	cinebar  *pane.CineBar
	segments *pane.Segments
	foot     *pane.Foot
	status   *pane.StatusLine
	notice   *notice
	sheet    fyne.CanvasObject
	spot     spotter
	held     time.Time
}

// NewRoom makes the room and opens the study's first image that can be shown. Close it when done.
func NewRoom(study Study, do Actions) *Room {
	r := &Room{study: study, do: do, st: newState(), alone: -1}
	r.st.overlaysOff, r.st.overlaysAsked = study.Blinded, !study.Blinded
	if study.Read != nil {
		r.ends = append(r.ends, study.Read.History.Subscribe(r.happened))
	}
	r.build()
	r.ExtendBaseWidget(r)
	r.open(firstShown(study.Images))
	r.pickFirstSegment()
	r.showSegments()
	return r
}

// Close ends drawing, loading and listening. It belongs to the interface thread; wait may take a moment and belongs to any other.
func (r *Room) Close() (wait func()) {
	for _, f := range r.ends {
		f()
	}
	r.ends = nil
	r.stopPlay()
	r.spot.stop()
	r.kept.stop()
	l, s := r.loading, r.straightening
	if r.loading = nil; l != nil {
		l.cancel()
	}
	r.leaveStraight()
	r.verifying.stop()
	var waits []func()
	for _, v := range r.views {
		waits = append(waits, v.port.Close())
	}
	return func() {
		if l != nil {
			l.done.Wait()
		}
		if s != nil {
			s.done.Wait()
		}
		r.verifying.done.Wait()
		r.kept.done.Wait()
		for _, f := range waits {
			f()
		}
	}
}

// Top is the top bar, for what only the house knows: person and exchange.
func (r *Room) Top() *pane.TopBar { return r.top }

// SetStatus shows what the house says about the read.
func (r *Room) SetStatus(s Status) {
	r.status.SetSaved(s.Saved, s.Waiting, s.Failed)
	if r.foot != nil {
		r.foot.Set(s.Icon, s.Text, s.Second, s.Main)
	}
	if s.Frozen != r.frozen {
		r.frozen = s.Frozen
		if s.Frozen != "" && r.st.tool.Paints() {
			r.chooseTool(tool.NameWindow)
		}
		r.showSegments()
		r.showTools()
	}
}

func firstShown(images []Image) int {
	for n := range images {
		if images[n].Absent == "" {
			return n
		}
	}
	return 0
}

// image is the one on screen; nil when the study has none.
func (r *Room) image() *Image {
	if r.st.image >= len(r.study.Images) {
		return nil
	}
	if r.straight != nil {
		return &r.straight.image
	}
	return &r.study.Images[r.st.image]
}

func (r *Room) geometry() *volume.Geometry {
	if m := r.image(); m != nil {
		return m.Geometry
	}
	return nil
}

// build makes the panes and puts them round the viewports.
func (r *Room) build() {
	r.top = pane.NewTopBar(pane.TopBarActions{Home: r.do.Home, Lock: r.do.Lock, Exchange: r.do.Exchange})
	r.top.SetPlace(r.study.Project, r.study.Name, r.study.Blinded)
	r.top.SetPerson(r.study.Reader)
	var series []pane.Series
	for n := range r.study.Images {
		m := &r.study.Images[n]
		series = append(series, pane.Series{Title: m.Title(), Detail: m.Detail(), Absent: m.Absent, Warned: len(m.Warnings) > 0})
	}
	r.rail = pane.NewSeriesRail("Series", series, func(n int) { r.open(n) })
	r.buildTools()
	r.buildOptions()
	r.buildCine()
	r.buildSegments()
	r.status = pane.NewStatusLine(r.do.Renderer)
	r.spot.show = r.status.SetSpot
	r.ports = container.New(&tiling{r: r}, canvas.NewRectangle(look.Divide))
	r.notices = control.Column(0, control.Insets{})
	right := container.NewStack(canvas.NewRectangle(look.Panel), r.sidePane(), control.Dock(nil, nil, control.VLine(look.Line, 1), nil, nil))
	r.side = right
	// The rail comes last: folded, it opens over the images.
	r.body = container.New(&plan{r: r}, r.top.Object, r.tools.Object, r.options.Object, r.notices, r.ports, r.cinebar.Object, right, r.status.Object, r.rail.Object)
}

func (r *Room) sidePane() fyne.CanvasObject {
	if r.study.Read == nil {
		note := control.NewProse("Only looking: nothing is drawn and nothing is saved. Open a project to read, paint and sign.", look.Body, look.Text2, 200)
		return control.Dock(control.Column(look.Gap12, control.Even(look.Gap12, look.Gap12), look.Strong("Segments", look.Body, look.Text), note), nil, nil, nil, nil)
	}
	r.foot = pane.NewFoot()
	return control.Dock(nil, r.foot.Object, nil, nil, r.segments.Object)
}

// CreateRenderer implements fyne.Widget.
func (r *Room) CreateRenderer() fyne.WidgetRenderer {
	return widget.NewSimpleRenderer(container.NewStack(canvas.NewRectangle(look.Base), r.body))
}

// MinSize implements fyne.CanvasObject: smaller windows scale the room down rather than cut it.
func (r *Room) MinSize() fyne.Size { return fyne.NewSize(900, 560) }
