package viewer

import (
	"time"

	"hotlight/project/volume"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
	"hotlight/viewer/pane"
)

// spotter shows what lies under the pointer, at most ten times a second: figures that change faster cannot be read.
type spotter struct {
	show  func(pane.Spot)
	next  pane.Spot
	timer *time.Timer
	last  time.Time
}

const spotEvery = 100 * time.Millisecond

func (s *spotter) tell(p pane.Spot) {
	s.next = p
	if s.timer != nil {
		return
	}
	wait := spotEvery - time.Since(s.last)
	if wait <= 0 {
		s.flush()
		return
	}
	s.timer = time.AfterFunc(wait, func() { control.OnMain(s.flush) })
}

func (s *spotter) flush() {
	s.timer, s.last = nil, time.Now()
	s.show(s.next)
}

func (s *spotter) stop() {
	if s.timer != nil {
		s.timer.Stop()
	}
}

// spotAt says in words what lies at a point.
func (r *Room) spotAt(at volume.Point, ok bool) pane.Spot {
	g := r.geometry()
	if !ok || r.volume == nil || g == nil {
		return pane.Spot{}
	}
	x := g.ToIndex(at)
	if !g.Contains(x) {
		if g.NoPosition {
			return pane.Spot{}
		}
		return pane.Spot{Place: place(at)}
	}
	k := x.Voxel()
	s := pane.Spot{Voxel: "voxel " + whole(k[0]) + ", " + whole(k[1]) + ", " + whole(k[2])}
	if !g.NoPosition {
		s.Place = place(at)
	}
	if value, ok := r.volume.Value(x); ok {
		s.Value = level(value)
		if r.volume.Unit != "" {
			s.Value += " " + r.volume.Unit
		}
	}
	own, drawn := maskVoxel(r.stack(), at)
	if r.shown != nil && drawn && r.study.Images[r.st.image].Changed == "" {
		for _, seg := range r.shown.Segments() {
			if seg.Image == r.st.image && !r.st.hidden[seg.Number] && seg.Mask.At(own[0], own[1], own[2]) {
				s.Segment, s.Colour = look.Cut(seg.Name, look.Body, false, 160), look.Colour(seg.Colour)
			}
		}
	}
	return s
}
