package viewer

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"hotlight/viewer/control"
	"hotlight/viewer/hanging"
	"hotlight/viewer/pane"
)

// cine is the state of playing: which view runs, since when, from which frame and how fast.
type cine struct {
	playing bool
	view    *view
	reel    hanging.Reel
	speed   float64
	since   time.Time     // when it was started
	from    time.Duration // where in the reel it was then
	stop    chan struct{}
}

// speeds are those of the bar, as multiples of the file's own.
var speeds = []float64{0.25, 0.5, 1, 2}

// cineTick is how often playing looks which frame is due. Frames that are due for less are left out rather than shown late.
const cineTick = 16 * time.Millisecond

func (r *Room) buildCine() {
	names := make([]string, len(speeds))
	for n, s := range speeds {
		names[n] = strconv.FormatFloat(s, 'g', -1, 64) + "×"
	}
	r.cine.speed = 1
	r.cinebar = pane.NewCineBar(names, slices.Index(speeds, 1), pane.CineActions{Play: r.togglePlay, Frame: r.setFrame, Speed: r.setSpeed})
	r.cinebar.Object.Hide()
}

// isCine reports whether the image on screen is a run of frames, which has the bar under it.
func (r *Room) isCine() bool {
	m := r.image()
	return m != nil && m.Absent == "" && m.Geometry.NoPosition && m.Geometry.Size[2] > 1
}

// togglePlay plays the planes of the current view, or stops.
func (r *Room) togglePlay() {
	if r.cine.playing {
		r.stopPlay()
		return
	}
	v := r.current()
	if r.volume == nil || v.path.Count < 2 {
		return
	}
	r.cine.view, r.cine.playing, r.cine.stop = v, true, make(chan struct{})
	r.cine.reel = r.reelOf(v)
	r.rewind(planeOf(r.geometry(), v.path.Axis, r.st.cross), time.Now())
	r.showCine()
	go r.tick(r.cine.stop)
}

// reelOf is the run that a view plays: the file's own times along the frames of a cine, even steps through planes.
func (r *Room) reelOf(v *view) hanging.Reel {
	m := r.image()
	if !r.isCine() {
		return hanging.NewReel(v.path.Count, nil)
	}
	return hanging.NewReel(v.path.Count, m.FrameTimes)
}

// rewind lets playing go on from frame k at a time.
func (r *Room) rewind(k int, now time.Time) { r.cine.from, r.cine.since = r.cine.reel.Start(k), now }

// stopPlay stops on the frame that is shown.
func (r *Room) stopPlay() {
	if !r.cine.playing {
		return
	}
	r.cine.playing, r.cine.view = false, nil
	close(r.cine.stop)
	r.showCine()
}

// tick asks for the frame that is due, until stop is closed. One request waits at a time, so a slow machine leaves frames out.
func (r *Room) tick(stop chan struct{}) {
	t := time.NewTicker(cineTick)
	defer t.Stop()
	shown := make(chan struct{}, 1)
	for {
		select {
		case <-stop:
			return
		case now := <-t.C:
			control.OnMain(func() {
				if r.cine.playing && r.cine.stop == stop {
					r.playTo(now)
				}
				shown <- struct{}{}
			})
			select {
			case <-shown:
			case <-stop:
				return
			}
		}
	}
}

// playTo shows the frame that is due.
func (r *Room) playTo(now time.Time) {
	c := &r.cine
	if r.viewOf(c.view.port) == nil || r.volume == nil {
		r.stopPlay()
		return
	}
	k := c.reel.At(c.from + time.Duration(float64(now.Sub(c.since))*c.speed))
	g := r.geometry()
	if k == planeOf(g, c.view.path.Axis, r.st.cross) {
		return
	}
	r.moveCross(onPlane(g, c.view.path.Axis, r.st.cross, k), true)
	r.pointAgain(c.view.port)
	r.showCine()
}

// setFrame shows frame k because the person asked for it; playing goes on from there.
func (r *Room) setFrame(k int) {
	if r.cine.playing {
		r.rewind(k, time.Now())
	}
	r.scrollTo(k)
	r.showCine()
}

func (r *Room) setSpeed(n int) {
	if r.cine.playing {
		now := time.Now()
		r.cine.from += time.Duration(float64(now.Sub(r.cine.since)) * r.cine.speed)
		r.cine.since = now
	}
	r.cine.speed = speeds[n]
	r.showCine()
}

// showCine shows the bar under the image where there are frames or something plays.
func (r *Room) showCine() {
	if r.cinebar == nil || len(r.views) == 0 {
		return
	}
	v := r.cine.view
	if v == nil {
		v = r.current()
	}
	shown := r.volume != nil && (r.isCine() || r.cine.playing)
	if shown != r.cinebar.Object.Visible() {
		if shown {
			r.cinebar.Object.Show()
		} else {
			r.cinebar.Object.Hide()
		}
		r.body.Refresh()
	}
	if !shown {
		return
	}
	g, m := r.geometry(), r.image()
	k := planeOf(g, v.path.Axis, r.st.cross)
	word := "Plane "
	if r.isCine() {
		word = "Frame "
	}
	rate := fixed(r.reelOf(v).Rate()*r.cine.speed, 1) + " a second"
	if r.isCine() && len(m.FrameTimes) == 0 {
		rate += ", not from the file"
	}
	r.cinebar.Set(r.cine.playing, k, v.path.Count, fmt.Sprintf("%s%d / %d", word, k+1, v.path.Count), rate)
}
