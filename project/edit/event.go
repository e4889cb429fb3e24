package edit

import (
	"slices"
	"sync"

	"hotlight/project/segmentation"
)

// Event tells a subscriber what changed.
type Event struct {
	// Entry is the journal's new entry, to be saved. It is nil while a stroke is being drawn or was cancelled: there is nothing to save,
	// but pictures of Preview change.
	Entry    *Entry
	Image    int   // the image whose voxels or segments changed
	Segments []int // numbers of the segments that changed, were added or removed, ascending; empty if the entry has no effect
	// Voxels is the box of voxels of Image to draw again, both ends inclusive; for a row's change all that the segment covers.
	Voxels segmentation.Bounds
}

type subscribers struct {
	mu   sync.Mutex
	list []*func(Event)
}

// Subscribe has f called after each change, in order, while the history is locked: f may read it but not change it, and should be quick. The function
// that Subscribe returns ends that; a call that has begun may still be running then.
func (h *History) Subscribe(f func(Event)) (cancel func()) {
	s, entry := &h.subscribers, &f
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = append(slices.Clone(s.list), entry)
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.list = slices.DeleteFunc(slices.Clone(s.list), func(e *func(Event)) bool { return e == entry })
	}
}

func (s *subscribers) send(e Event) {
	s.mu.Lock()
	list := s.list
	s.mu.Unlock()
	for _, f := range list {
		(*f)(e)
	}
}

// tell sends an entry with what it changed: rows and voxels, whichever way it went. before is the set that it left.
func (h *History) tell(before *segmentation.Set, e *Entry, rows []RowChange, d *segmentation.Delta) {
	event := Event{Entry: e}
	add := func(number int, box segmentation.Bounds) {
		event.Segments = append(event.Segments, number)
		event.Voxels.Include(box)
		for _, s := range []*segmentation.Set{h.set, before} {
			if g, ok := s.Find(number); ok {
				event.Image = g.Image
				return
			}
		}
	}
	for _, number := range d.Segments() {
		add(number, d.Bounds(number))
	}
	for _, c := range rows {
		var box segmentation.Bounds
		for _, s := range []*segmentation.Set{before, h.set} {
			if g, ok := s.Find(c.number()); ok {
				lo, hi, any := g.Mask.Bounds()
				box.Include(segmentation.Bounds{Lo: lo, Hi: hi, Any: any})
			}
		}
		add(c.number(), box)
	}
	slices.Sort(event.Segments)
	event.Segments = slices.Compact(event.Segments)
	h.subscribers.send(event)
}
