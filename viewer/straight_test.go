package viewer

import (
	"context"
	"errors"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/volume"
	"hotlight/render/soft"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// tilted is a stack of 24 planes of 64 x 48 voxels, 2 mm apart, each moved half a row further back than the one before.
func tilted(t *testing.T) *volume.Volume {
	t.Helper()
	g := volume.Geometry{Size: [3]int{64, 48, 24}, Spacing: mgl64.Vec3{1, 1, 2}, Direction: mgl64.Ident3(), FrameOfReference: "1.2.3"}
	for k := range 24 {
		g.PlaneOrigins = append(g.PlaneOrigins, volume.Point{-32, -24 + 0.5*float64(k), 2 * float64(k)})
	}
	g.Origin = g.PlaneOrigins[0]
	v, err := volume.New(g, volume.Int16)
	if err != nil {
		t.Fatal(err)
	}
	v.Modality, v.Unit = "CT", "HU"
	for n := range v.Int16 {
		v.Int16[n] = int16(10*(n%64) - 300)
	}
	v.ArriveAll()
	return v
}

func tiltedStudy(v *volume.Volume) Study {
	s := studyOf(v)
	s.Images[0].Flat = true
	s.Images[0].Warnings = []project.Warning{{Code: project.WarnGantryTilt, Text: "Tilted 14.0° on the scanner. Shown as acquired, not straightened."}}
	return s
}

// straightenNow presses the button and waits.
func straightenNow(t *testing.T, r *Room, w fyne.Window) {
	t.Helper()
	r.toggleStraight()
	if s := r.straightening; s != nil {
		s.done.Wait()
	}
	settle(r, w)
	if r.straight == nil {
		t.Fatal("nothing was resampled")
	}
}

func TestTheResampledVolumeIsMarkedAndPaintsTheAcquiredPlanes(t *testing.T) {
	v := tilted(t)
	s := tiltedStudy(v)
	r, w := layOut(t, s, 1700, 900, 1, func() viewport.Drawer { return soft.New() })
	settle(r, w)
	if len(r.views) != 1 || !r.canStraighten() {
		t.Fatalf("%d views of the stack", len(r.views))
	}
	r.understood()
	r.addSegment("liver")
	straightenNow(t, r, w)
	if len(r.views) != 4 || !r.volume.Resampled || r.geometry().IsStack() || r.geometry().Size != [3]int{64, 60, 24} {
		t.Fatalf("%d views of a grid of %v", len(r.views), r.geometry().Size)
	}
	if got := r.warnings()[0]; got.Code != project.WarnResampled || r.st.understood[r.warned()] {
		t.Errorf("the first warning is %+v", got)
	}
	if !strings.Contains(r.Describe(), "resampled") {
		t.Error(r.Describe())
	}
	r.st.textsOff = true
	if c := r.corners(r.views[0], r.image()); len(c.TopLeft) == 0 {
		t.Error("no corner")
	}
	r.st.textsOff = false

	// A sphere in a view across the planes paints the acquired voxels within it.
	r.chooseTool(tool.NameBrush)
	r.st.brush = tool.Brush{RadiusMM: 5, Shape: tool.Sphere}
	centre := volume.Point{0, 0, 23}
	stroke := r.BeginStroke(r.views[1].port, false, centre)
	if stroke == nil {
		t.Fatal("a sphere was refused")
	}
	stroke.Commit()
	seg, _ := s.Read.History.Set().ByName("Liver")
	inside := 0
	for n := range v.Int16 {
		i, j, k := n%64, n/64%48, n/64/48
		in := v.ToPatient(volume.Index{float64(i), float64(j), float64(k)}).Sub(centre).Len() <= 5
		if in != seg.Mask.At(i, j, k) {
			t.Fatalf("voxel (%d, %d, %d) of the stack: painted %t, inside %t", i, j, k, !in, in)
		}
		if in {
			inside++
		}
	}
	if inside == 0 || len(r.layers) != 1 || r.layers[0].Grid != r.stack() {
		t.Errorf("%d voxels, layers %+v", inside, r.layers)
	}
	if spot := r.spotAt(centre, true); spot.Segment == "" || !strings.HasSuffix(spot.Value, "HU") {
		t.Errorf("the pointer sees %+v", spot)
	}
	// A disc across the planes has no voxels of its own and is refused; along them it paints the nearest plane.
	r.st.brush.Shape = tool.Disc
	if r.BeginStroke(r.views[1].port, false, centre) != nil || r.notice == nil || !strings.Contains(r.notice.text, "sphere") {
		t.Error("a disc across the acquired planes was not refused")
	}
	if stroke := r.BeginStroke(r.views[0].port, false, volume.Point{20, 5, 23}); stroke == nil {
		t.Error("a disc along the planes was refused")
	} else {
		stroke.Commit()
	}
	if dir := os.Getenv("HOTLIGHT_SHOTS"); dir != "" {
		settle(r, w)
		f, err := os.Create(filepath.Join(dir, "resampled.png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, w.Canvas().Capture()); err != nil {
			t.Fatal(err)
		}
	}
	r.toggleStraight()
	settle(r, w)
	if r.straight != nil || r.volume != v || len(r.views) != 1 || r.layers[0].Grid != nil {
		t.Error("the acquired planes did not come back")
	}
}

func TestRegularGridsOfferNoResampling(t *testing.T) {
	r, _ := stand(t, studyOf(ramp(t)), 900, 600, 1)
	if r.canStraighten() {
		t.Error("a regular grid would be resampled")
	}
}

func TestResamplingIsCancelledByAnotherImage(t *testing.T) {
	r, w := stand(t, tiltedStudy(tilted(t)), 900, 600, 1)
	r.toggleStraight()
	s := r.straightening
	r.open(0)
	s.done.Wait()
	settle(r, w)
	if r.straight != nil || r.notice != nil {
		t.Error("what was asked for before another image was opened came on screen")
	}
}

func TestWarningsOfTheFilesAreShownAfterLoading(t *testing.T) {
	v := ramp(t)
	s := studyOf(v)
	s.Images[0].Load = func(context.Context, int, func(int, int)) (*Loading, error) {
		return &Loading{Volume: v, Wait: func() error { return nil }, Warnings: func() []project.Warning {
			return []project.Warning{{Code: project.WarnRead, Text: "The pictures are coded with loss."}}
		}}, nil
	}
	r, _ := stand(t, s, 900, 600, 1)
	if w := r.warnings(); len(w) != 1 || len(r.notices.Objects) != 1 {
		t.Errorf("%v, %d strips", w, len(r.notices.Objects))
	}
}

// TestChangedImagesShowNoSegments: found when the case was opened, or when the files were read again.
func TestChangedImagesShowNoSegments(t *testing.T) {
	const said = "Image 12 of series 2 was changed since the case was made."
	for name, tell := range map[string]func(m *Image){
		"at once": func(m *Image) { m.Changed = said },
		"later":   func(m *Image) { m.Verify = func(context.Context) (string, error) { return said, nil } },
	} {
		v := ramp(t)
		s := studyOf(v)
		h := s.Read.History
		if _, err := h.Do(edit.Op{Op: "brush", Segment: edit.Ref{Name: "liver"}, Shape: "sphere", RadiusMM: 6, PointsMM: []volume.Point{{0, 0, 140}}}); err != nil {
			t.Fatal(err)
		}
		tell(&s.Images[0])
		r, w := stand(t, s, 900, 600, 1)
		r.verifying.done.Wait()
		settle(r, w)
		if len(r.layers) != 0 || len(r.notices.Objects) != 1 || !strings.Contains(r.Describe(), said) {
			t.Errorf("%s: %d layers, %d strips, %q", name, len(r.layers), len(r.notices.Objects), r.Describe())
		}
		r.chooseTool(tool.NameBrush)
		if r.BeginStroke(r.views[0].port, false, volume.Point{0, 0, 140}) != nil || r.notice.text != said {
			t.Errorf("%s: painting was not refused", name)
		}
		if spot := r.spotAt(volume.Point{0, 0, 140}, true); spot.Segment != "" {
			t.Errorf("%s: the pointer sees %q", name, spot.Segment)
		}
	}
}

func TestVerifyingStopsWithTheImage(t *testing.T) {
	s := studyOf(ramp(t))
	began, ended := make(chan struct{}), make(chan error, 1)
	s.Images[0].Verify = func(ctx context.Context) (string, error) {
		close(began)
		<-ctx.Done()
		ended <- ctx.Err()
		return "", ctx.Err()
	}
	r, _ := layOut(t, s, 900, 600, 1, nothing)
	r.loading.done.Wait()
	thread.Run()
	<-began
	r.Close()()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}
