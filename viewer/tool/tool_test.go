package tool

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// sheet is a host on paper: a view and a record of what was asked of it.
type sheet struct {
	view          View
	cross         volume.Point
	planes        int
	least         float64 // of MMPerUnit
	log           []string
	refuse        bool
	width, height float64
}

func newSheet() *sheet {
	return &sheet{view: View{Centre: volume.Point{10, 20, 30}, Right: mgl64.Vec3{1, 0, 0}, Down: mgl64.Vec3{0, 1, 0}, MMPerUnit: 0.5, Width: 400, Level: 40},
		width: 200, height: 100}
}

func (s *sheet) View() View               { return s.view }
func (s *sheet) SetWindow(l, w float64)   { s.view.Level, s.view.Width = l, w }
func (s *sheet) SetCentre(p volume.Point) { s.view.Centre = p }
func (s *sheet) SetZoom(mm float64)       { s.view.MMPerUnit = math.Max(mm, s.least) }
func (s *sheet) Scroll(n int)             { s.planes += n }
func (s *sheet) SetCross(p volume.Point)  { s.cross = p }
func (s *sheet) note(f string, a ...any)  { s.log = append(s.log, fmt.Sprintf(f, a...)) }
func (s *sheet) Extend(p volume.Point)    { s.note("extend %g,%g", p[0], p[1]) }
func (s *sheet) Commit()                  { s.note("commit") }
func (s *sheet) Cancel()                  { s.note("cancel") }
func (s *sheet) at(x, y float64) Pointer {
	v := s.view
	return Pointer{X: x, Y: y, At: v.Centre.Add(v.Right.Mul((x - s.width/2) * v.MMPerUnit)).Add(v.Down.Mul((y - s.height/2) * v.MMPerUnit))}
}
func (s *sheet) BeginStroke(erase bool, p volume.Point) Stroke {
	if s.refuse {
		s.note("refused")
		return nil
	}
	s.note("begin erase=%v %g,%g", erase, p[0], p[1])
	return s
}

func drag(t Tool, s *sheet, points ...[2]float64) {
	t.Press(s, s.at(points[0][0], points[0][1]))
	for _, p := range points[1:] {
		t.Move(s, s.at(p[0], p[1]))
	}
	last := points[len(points)-1]
	t.Release(s, s.at(last[0], last[1]))
}

func TestWindowDrag(t *testing.T) {
	for name, c := range map[string]struct {
		to           [2]float64
		width, level float64
	}{
		"to the right is wider":            {[2]float64{400, 0}, 400 * math.E, 40},
		"to the left is narrower":          {[2]float64{-400, 0}, 400 / math.E, 40},
		"down is a higher level":           {[2]float64{0, 100}, 400, 140},
		"up is a lower level":              {[2]float64{0, -100}, 400, -60},
		"no way at all changes nothing":    {[2]float64{0, 0}, 400, 40},
		"far to the left stays above zero": {[2]float64{-100000, 0}, leastWidth, 40},
	} {
		s := newSheet()
		drag(New(NameWindow), s, [2]float64{0, 0}, c.to)
		if math.Abs(s.view.Width-c.width) > 1e-9 || math.Abs(s.view.Level-c.level) > 1e-9 {
			t.Errorf("%s: W %g L %g, want W %g L %g", name, s.view.Width, s.view.Level, c.width, c.level)
		}
	}
}

func TestPanKeepsThePressedPointUnderThePointer(t *testing.T) {
	s := newSheet()
	pressed := s.at(40, 30).At
	drag(New(NamePan), s, [2]float64{40, 30}, [2]float64{90, 75})
	if d := s.at(90, 75).At.Sub(pressed).Len(); d > 1e-9 {
		t.Errorf("the point slid by %g mm", d)
	}
}

func TestZoomKeepsThePressedPointAndItsDepth(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	for range 200 {
		s := newSheet()
		x, y := r.Float64()*200, r.Float64()*100
		pressed := s.at(x, y).At
		drag(New(NameZoom), s, [2]float64{x, y}, [2]float64{x, y + r.Float64()*300 - 150})
		if d := s.at(x, y).At.Sub(pressed).Len(); d > 1e-9 {
			t.Fatalf("zoom about %g,%g slid the point by %g mm (seed 7, 11)", x, y, d)
		}
	}
}

func TestZoomAtItsBoundStaysInPlace(t *testing.T) {
	s := newSheet()
	s.least = 0.5
	pressed := s.at(20, 20).At
	drag(New(NameZoom), s, [2]float64{20, 20}, [2]float64{20, -400})
	if d := s.at(20, 20).At.Sub(pressed).Len(); d > 1e-9 || s.view.MMPerUnit != 0.5 {
		t.Errorf("slid by %g mm at %g mm a unit", d, s.view.MMPerUnit)
	}
}

func TestScrollCountsPlanesOnce(t *testing.T) {
	s := newSheet()
	drag(New(NameScroll), s, [2]float64{0, 0}, [2]float64{0, 20}, [2]float64{0, 40}, [2]float64{0, 38}, [2]float64{0, 40})
	if s.planes != 5 {
		t.Errorf("40 units down went %d planes, want 5", s.planes)
	}
}

func TestCancelTakesEverythingBack(t *testing.T) {
	for _, n := range []Name{NameWindow, NamePan, NameZoom, NameScroll} {
		s := newSheet()
		before := s.view
		tl := New(n)
		tl.Press(s, s.at(10, 10))
		tl.Move(s, s.at(60, 50))
		tl.Cancel(s)
		if s.view != before || s.planes != 0 {
			t.Errorf("%s: cancel left %+v and %d planes", n, s.view, s.planes)
		}
	}
}

func TestBrush(t *testing.T) {
	for name, c := range map[string]struct {
		tool   Name
		refuse bool
		cancel bool
		want   string
	}{
		"a drag is one stroke":         {tool: NameBrush, want: "begin erase=false 10,20 | extend 15,20 | commit"},
		"the eraser erases":            {tool: NameEraser, want: "begin erase=true 10,20 | extend 15,20 | commit"},
		"refused paint paints nothing": {tool: NameBrush, refuse: true, want: "refused"},
		"cancel takes it back":         {tool: NameBrush, cancel: true, want: "begin erase=false 10,20 | extend 15,20 | cancel"},
	} {
		s := newSheet()
		s.refuse = c.refuse
		tl := New(c.tool)
		tl.Press(s, s.at(100, 50))
		tl.Move(s, s.at(100.1, 50.1)) // too near to matter
		tl.Move(s, s.at(110, 50))
		if c.cancel {
			tl.Cancel(s)
		} else {
			tl.Release(s, s.at(110, 50))
		}
		if got := strings.Join(s.log, " | "); got != c.want {
			t.Errorf("%s: %s, want %s", name, got, c.want)
		}
	}
}

func TestCrosshairFollowsThePointer(t *testing.T) {
	s := newSheet()
	drag(New(NameCrosshair), s, [2]float64{0, 0}, [2]float64{150, 50})
	if want := (volume.Point{35, 20, 30}); s.cross != want {
		t.Errorf("cross at %v, want %v", s.cross, want)
	}
}

func TestBrushRadiusStaysInBounds(t *testing.T) {
	b := Brush{RadiusMM: 6}
	if got := b.Resized(3).Resized(-3).RadiusMM; math.Abs(got-6) > 1e-9 {
		t.Errorf("three up and three down gives %g mm", got)
	}
	if b.Resized(1000).RadiusMM != MostRadiusMM || b.Resized(-1000).RadiusMM != LeastRadiusMM {
		t.Error("the radius leaves its bounds")
	}
}

func TestEveryNameHasATool(t *testing.T) {
	for _, n := range []Name{NameWindow, NameZoom, NamePan, NameScroll, NameCrosshair, NameBrush, NameEraser} {
		if New(n) == nil {
			t.Errorf("%s has no tool", n)
		}
	}
	if New("knife") != nil {
		t.Error("a tool that is none")
	}
}
