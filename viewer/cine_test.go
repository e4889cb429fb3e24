package viewer

import (
	"context"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// clip is a study with an ultrasound clip of five frames.
func clip(t *testing.T, times ...time.Duration) Study {
	t.Helper()
	g := volume.Geometry{Size: [3]int{32, 24, 5}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3(), NoPosition: true, Uncalibrated: true}
	v, err := volume.New(g, volume.Uint8)
	if err != nil {
		t.Fatal(err)
	}
	v.ArriveAll()
	load := func(context.Context, int, func(int, int)) (*Loading, error) {
		return &Loading{Volume: v, Wait: func() error { return nil }}, nil
	}
	return Study{Name: "Study 1", Images: []Image{{Modality: "US", Flat: true, Instances: 1, Geometry: &v.Geometry, Lengths: "px", FrameTimes: times, Load: load}}}
}

func (r *Room) frame() int { return planeOf(r.geometry(), 2, r.st.cross) }

// freeze puts the clock of playing in the test's hand: the ticker still runs, but nobody runs the interface thread.
func freeze(r *Room, frame int) time.Time {
	now := time.Now()
	r.rewind(frame, now)
	return now
}

func TestCinePlaysFramesForTheTimesOfTheFile(t *testing.T) {
	const ms = time.Millisecond
	r, _ := stand(t, clip(t, 40*ms, 10*ms, 50*ms, 100*ms, 100*ms), 1920, 1080, 1)
	if !r.cinebar.Object.Visible() {
		t.Fatal("a clip has no bar")
	}
	r.press(fyne.KeyC, 0)
	now := freeze(r, 0)
	for at, want := range map[time.Duration]int{0: 0, 41 * ms: 1, 60 * ms: 2, 150 * ms: 3, 299 * ms: 4, 301 * ms: 0} {
		if r.playTo(now.Add(at)); r.frame() != want {
			t.Errorf("after %v frame %d is shown, want %d", at, r.frame(), want)
		}
	}
	r.setSpeed(3) // twice as fast
	now = freeze(r, 0)
	if r.playTo(now.Add(30 * ms)); r.frame() != 2 {
		t.Errorf("at double speed frame %d is shown after 30 ms", r.frame())
	}
	r.press(fyne.KeyC, 0)
	if r.cine.playing {
		t.Error("C does not stop it")
	}
	if r.frame() != 2 {
		t.Error("stopping leaves the frame")
	}
}

func TestTurningTheWheelStopsPlaying(t *testing.T) {
	r, _ := stand(t, clip(t), 1920, 1080, 1)
	r.press(fyne.KeyC, 0)
	freeze(r, 2)
	r.Scroll(r.current().port, 1)
	if r.cine.playing {
		t.Error("it plays on")
	}
	r.press(fyne.KeyC, 0)
	r.open(0)
	if r.cine.playing {
		t.Error("it plays on after opening a series")
	}
}

func TestTheBarGoesToAFrameAndPlayingGoesOnFromThere(t *testing.T) {
	r, _ := stand(t, clip(t), 1920, 1080, 1)
	r.setFrame(3)
	if r.frame() != 3 {
		t.Fatalf("frame %d is shown", r.frame())
	}
	r.press(fyne.KeyC, 0)
	r.setFrame(1)
	if r.playTo(r.cine.since.Add(150 * time.Millisecond)); r.frame() != 2 {
		t.Errorf("frame %d is shown", r.frame())
	}
}

func TestPlanesOfAVolumePlayWithoutABarBeforehand(t *testing.T) {
	r, _ := stand(t, studyOf(ramp(t)), 1920, 1080, 1)
	if r.cinebar.Object.Visible() {
		t.Error("a volume has a bar that nobody asked for")
	}
	before := r.frame()
	r.press(fyne.KeyC, 0)
	now := freeze(r, before)
	if r.playTo(now.Add(250 * time.Millisecond)); r.frame() != before+2 || !r.cinebar.Object.Visible() {
		t.Errorf("from plane %d to %d", before, r.frame())
	}
	r.stopPlay()
	if r.cinebar.Object.Visible() {
		t.Error("the bar stays")
	}
}
