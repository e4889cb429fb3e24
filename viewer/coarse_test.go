package viewer

import (
	"context"
	"strings"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/render/soft"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// TestTheCoarsePictureIsForTheEyeOnly: it is on screen and says so; it has no values, takes no strokes, and goes when the image comes.
func TestTheCoarsePictureIsForTheEyeOnly(t *testing.T) {
	g := volume.Geometry{Size: [3]int{400, 300, 1}, Spacing: mgl64.Vec3{0.1, 0.1, 0}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3"}
	v, err := volume.New(g, volume.Uint16)
	if err != nil {
		t.Fatal(err)
	}
	small := g
	small.Size, small.Spacing = [3]int{100, 75, 1}, mgl64.Vec3{0.4, 0.4, 0}
	c, err := volume.New(small, volume.Uint16)
	if err != nil {
		t.Fatal(err)
	}
	for n := range c.Uint16 {
		c.Uint16[n] = uint16(n % 100)
	}
	c.ArriveAll()
	v.Modality, c.Modality = "MG", "MG"
	s := studyOf(v)
	come := make(chan struct{})
	s.Images[0].Load = func(_ context.Context, _ int, progress func(int, int)) (*Loading, error) {
		return &Loading{Volume: v, Wait: func() error { <-come; return nil }, Coarse: func() *volume.Volume { return c }}, nil
	}
	h := s.Read.History
	if _, err := h.Do(edit.Op{Op: "brush", Segment: edit.Ref{Name: "liver"}, Shape: "sphere", RadiusMM: 3, PointsMM: []volume.Point{{20, 15, 0}}}); err != nil {
		t.Fatal(err)
	}
	r, w := layOut(t, s, 900, 600, 1, func() viewport.Drawer { return soft.New() })
	thread.Run()
	if r.coarse() != c || !strings.Contains(r.Describe(), "loading") {
		t.Fatalf("%q", r.Describe())
	}
	r.show(r.views[0], false)
	if shown := onGrid(r.layers, r.stack()); len(shown) != 1 || shown[0].Grid != r.stack() || r.layers[0].Grid != nil {
		t.Errorf("layers %+v", shown)
	}
	if spot := r.spotAt(volume.Point{20, 15, 0}, true); spot.Value != "" || spot.Voxel == "" {
		t.Errorf("the pointer reads %+v", spot)
	}
	r.chooseTool(tool.NameBrush)
	if r.BeginStroke(r.views[0].port, false, volume.Point{20, 15, 0}) != nil || r.notice == nil || !strings.Contains(r.notice.text, "coarse") {
		t.Error("the coarse picture was painted on")
	}
	v.ArriveAll()
	close(come)
	settle(r, w)
	if r.coarse() != nil || r.loading != nil {
		t.Error("the coarse picture stays")
	}
	stroke := r.BeginStroke(r.views[0].port, false, volume.Point{20, 15, 0})
	if stroke == nil {
		t.Fatal("the image itself cannot be painted on")
	}
	stroke.Commit()
}
