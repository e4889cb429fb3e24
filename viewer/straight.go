package viewer

import (
	"context"
	"errors"
	"sync"

	"hotlight/project"
	"hotlight/project/volume"
	"hotlight/render/overlay"
	"hotlight/viewer/control"
	"hotlight/viewer/hanging"
)

// straight is the resampled volume of a tilted or uneven stack, in place of the stack on screen. It is computed when the reader asks for it, is marked as
// such wherever it shows, and goes when another image is opened. Segments lie on the stack: strokes here change the acquired planes.
type straight struct {
	image  Image // what is on screen: the stack's, on the regular grid, with the warning
	stack  *Image
	source *volume.Volume // the stack's
}

// straightening is a resampled volume that is being computed.
type straightening struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

// canStraighten reports whether the image on screen can be resampled.
func (r *Room) canStraighten() bool {
	if r.straight != nil {
		return true
	}
	m := r.image()
	if m == nil || m.Absent != "" || !m.Geometry.IsStack() || r.volume == nil || r.volume.Pixel == volume.RGB8 {
		return false
	}
	_, _, err := m.Geometry.Regular()
	return err == nil
}

// toggleStraight shows the resampled volume, or the acquired planes again.
func (r *Room) toggleStraight() {
	switch {
	case r.straight != nil:
		s := r.straight
		r.straight = nil
		r.swap(s.source)
	case r.straightening != nil:
		r.stopStraightening()
	case !r.canStraighten():
	case !r.volume.Complete() && r.loading != nil:
		r.say(warning, "The images are still loading; the resampled volume is computed from all of them.")
	default:
		r.straighten(r.image(), r.volume)
	}
}

// straighten computes in the background and shows the result.
func (r *Room) straighten(m *Image, v *volume.Volume) {
	warnings, err := m.Geometry.ResampledWarnings(m.Warnings)
	if err != nil {
		r.say(warning, sentence(err))
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := &straightening{cancel: cancel}
	r.straightening = s
	r.say(warning, "Computing the resampled volume.", control.NewLink("Cancel", r.stopStraightening))
	s.done.Add(1)
	go func() {
		defer s.done.Done()
		out, err := volume.Resample(ctx, v, nil)
		control.OnMain(func() { r.straightened(s, m, v, out, warnings, err) })
	}()
}

func (r *Room) straightened(s *straightening, m *Image, from, out *volume.Volume, warnings []project.Warning, err error) {
	if r.straightening != s {
		return
	}
	r.straightening = nil
	r.unsay()
	if err != nil {
		if !errors.Is(err, context.Canceled) {
			r.say(warning, sentence(err))
		}
		return
	}
	shown := *m
	shown.Geometry, shown.Flat = &out.Geometry, false
	shown.Warnings = warnings
	r.straight = &straight{image: shown, stack: m, source: from}
	delete(r.st.understood, r.warned())
	r.swap(out)
}

// stopStraightening lets the computation be.
func (r *Room) stopStraightening() {
	if s := r.straightening; s != nil {
		s.cancel()
		r.straightening = nil
		r.unsay()
		r.showOptions()
	}
}

// leaveStraight is for whoever opens another image.
func (r *Room) leaveStraight() {
	r.stopStraightening()
	r.straight = nil
}

// swap puts another volume of the same image on screen: the linked point and the grey levels stay.
func (r *Room) swap(v *volume.Volume) {
	r.cancelStroke()
	r.stopPlay()
	g := r.current().grey
	r.volume = v
	x := v.ToIndex(r.st.cross)
	for a := range 3 {
		x[a] = max(0, min(float64(v.Size[a]-1), x[a]))
	}
	r.st.cross = v.ToPatient(x)
	r.st.layout = hanging.Layouts(r.subject())[0]
	r.hang()
	for _, view := range r.views {
		if !view.hang.Second {
			view.grey = g
		}
	}
	r.showAll(false)
	r.showOptions()
}

// stack returns the geometry that segments of the image on screen lie on.
func (r *Room) stack() *volume.Geometry { return r.study.Images[r.st.image].Geometry }

// maskVoxel returns the voxel of the image's own grid that a point lies in, as painting has it: in a stack a point belongs to the nearest plane if that is
// no farther than half the median distance.
func maskVoxel(g *volume.Geometry, at volume.Point) (v [3]int, ok bool) {
	x := g.ToIndex(at)
	v = x.Voxel()
	if !g.Contains(x) {
		return v, false
	}
	if g.IsStack() {
		behind := at.Sub(g.PlaneOrigins[v[2]]).Dot(g.Axis(2))
		ok = max(behind, -behind) <= g.Spacing[2]/2
		return v, ok
	}
	return v, true
}

// resampledMark is the line that no key takes away.
var resampledMark = overlay.Line{Text: "Resampled, not as acquired", Bold: true}
