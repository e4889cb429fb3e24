package viewer

import (
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
	"hotlight/render/soft"
	"hotlight/viewer/control/threadtest"
	"hotlight/viewer/look"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// benchRoom is a room on a volume of 512 x 512 x 200 voxels of noise-like values, in a window of 1920 x 1080.
func benchRoom(b *testing.B) (*Room, fyne.Window) {
	b.Helper()
	g := volume.Geometry{Size: [3]int{512, 512, 200}, Spacing: mgl64.Vec3{0.7, 0.7, 1.5}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3"}
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		b.Fatal(err)
	}
	v.Modality, v.Unit = "CT", "HU"
	for n := range v.Int16 {
		v.Int16[n] = int16(n*2654435761>>20&2047 - 1024)
	}
	v.ArriveAll()
	a := test.NewTempApp(b)
	a.Settings().SetTheme(look.Theme{})
	thread = threadtest.New(b)
	r := NewRoom(studyOf(v), Actions{NewDrawer: func() viewport.Drawer { return soft.New() }, Renderer: "CPU"})
	w := test.NewTempWindow(b, r)
	w.SetPadded(false)
	w.Resize(fyne.NewSize(1920, 1080))
	b.Cleanup(func() { r.Close()() })
	settle(r, w)
	return r, w
}

// BenchmarkScroll is one notch of the wheel until all four viewports are drawn anew, without Fyne's own painting.
func BenchmarkScroll(b *testing.B) {
	r, w := benchRoom(b)
	way := 1
	for b.Loop() {
		if k := planeOf(r.geometry(), 2, r.st.cross); k < 3 || k > 196 {
			way = -way
		}
		r.Scroll(r.views[0].port, way)
		settle(r, w)
	}
}

// BenchmarkWindowDrag is one step of a window drag in the large viewport.
func BenchmarkWindowDrag(b *testing.B) {
	r, w := benchRoom(b)
	n := 0.0
	for b.Loop() {
		n++
		r.SetWindow(r.views[0].port, 40, 400+n)
		settle(r, w)
	}
}

// BenchmarkStrokeStep is one mouse move of a sphere of 10 mm until the stroke is drawn in all four viewports.
func BenchmarkStrokeStep(b *testing.B) {
	r, w := benchRoom(b)
	r.addSegment("liver")
	r.st.tool = tool.NameBrush
	r.st.brush = tool.Brush{RadiusMM: 10, Shape: tool.Sphere}
	s := r.BeginStroke(r.views[0].port, false, r.st.cross)
	if s == nil {
		b.Fatal(r.notice)
	}
	defer s.Commit()
	at, n := r.st.cross, 0
	for b.Loop() {
		n++
		to := at
		to[0] += float64(n%200) - 100
		to[1] += float64(n/200%200) - 100
		s.Extend(to)
		settle(r, w)
	}
}
