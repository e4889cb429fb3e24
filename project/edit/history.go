package edit

import (
	"sync"
	"sync/atomic"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Image is one image of the work item, by the index that segments use.
type Image struct {
	Geometry *volume.Geometry
	Volume   *volume.Volume // nil when the images are not here: a brush with a range is then refused
}

// ErrNothing is what Undo and Redo give when there is nothing to undo or redo.
var ErrNothing error = &project.Error{Kind: project.NotFound, Text: "there is nothing to undo or redo"}

// ErrDrawing is what changes give while a stroke is in progress.
var ErrDrawing error = &project.Error{Kind: project.Busy, Text: "a stroke is being drawn"}

// History is a read's segments and how they came about. See the package's doc for which goroutines may do what.
type History struct {
	now atomic.Pointer[moment] // what readers see

	mu      sync.Mutex // held by whoever changes something
	images  []Image
	classes []project.Class
	set     *segmentation.Set
	seq     uint64
	cursor  uint64
	redo    []uint64 // changes that redo would do, the last one first
	next    int      // number of the next new segment
	entries map[uint64]*Entry
	oldest  uint64 // entries before this may have been forgotten, see Saved
	load    func(seq uint64) (Entry, error)
	drag    *Drag
	frozen  error // why nothing may be changed any more; nil while it may
	// withheld says why segments of an image may not be changed, by image.
	withheld map[int]error

	subscribers subscribers
}

// moment is a state of the history as readers see it: all of it at once.
type moment struct {
	set, preview *segmentation.Set
	seq          uint64
	undo, redo   bool
}

// New returns the history of a read in which nothing was done. classes are the project's: they name and colour new segments.
func New(images []Image, classes []project.Class) *History {
	h := &History{images: append([]Image(nil), images...), classes: classes, set: &segmentation.Set{}, next: 1, entries: map[uint64]*Entry{}}
	h.publish(nil)
	return h
}

// publish makes the state visible; preview is nil when no stroke is in progress.
func (h *History) publish(preview *segmentation.Set) {
	if preview == nil {
		preview = h.set
	}
	h.now.Store(&moment{h.set, preview, h.seq, h.cursor != 0, len(h.redo) > 0})
}

// Set returns the segments as the journal has them, without a stroke in progress: what is saved, signed and exported.
func (h *History) Set() *segmentation.Set { return h.now.Load().set }

// Preview returns the segments with the stroke in progress, if there is one: what screens show.
func (h *History) Preview() *segmentation.Set { return h.now.Load().preview }

// Seq returns the number of the newest entry, 0 for none.
func (h *History) Seq() uint64 { return h.now.Load().seq }

// CanUndo reports whether there is a change to take back.
func (h *History) CanUndo() bool { return h.now.Load().undo }

// CanRedo reports whether there is a change to do again.
func (h *History) CanRedo() bool { return h.now.Load().redo }

// SetVolume gives an image its values when they arrive after the history was made, or takes them away (nil).
func (h *History) SetVolume(image int, v *volume.Volume) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.images[image].Volume = v
}

// Do performs op, which may be undo or redo, and returns its entry. After an error nothing has changed and no entry was made.
//
// Errors to branch on: ErrNothing, ErrDrawing, segmentation.ErrLocked; NotFound for a segment, class or image that does not exist; Conflict for a name
// that is taken or that means several segments. Their texts name the field.
func (h *History) Do(op Op) (Entry, error) {
	if err := op.check(asGiven); err != nil {
		return Entry{}, err
	}
	switch op.Op {
	case opUndo:
		return h.Undo()
	case opRedo:
		return h.Redo()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.busy(); err != nil {
		return Entry{}, err
	}
	if op.Op == opBrush {
		return h.brush(op)
	}
	c, err := h.listChange(op)
	if err != nil {
		return Entry{}, err
	}
	return h.commit(c)
}

// brush paints a whole stroke.
func (h *History) brush(op Op) (Entry, error) {
	s, err := h.newStroke(op)
	if err != nil {
		return Entry{}, err
	}
	if _, err := s.painter.Extend(op.PointsMM...); err != nil {
		return Entry{}, err
	}
	return h.commit(s.change())
}

// change is what an operation makes of the set, before it is an entry.
type change struct {
	op     Op
	rows   []RowChange
	after  *segmentation.Set
	method Method
}

// commit makes a change an entry, publishes it and tells the subscribers.
func (h *History) commit(c change) (Entry, error) {
	if err := h.allowed(h.set, c.after); err != nil {
		return Entry{}, err
	}
	d, err := segmentation.Diff(h.set, c.after)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{Seq: h.seq + 1, Parent: h.cursor, Cursor: h.cursor, Kind: Do, Op: c.op, Rows: c.rows, Delta: d, Changed: d.Changed()}
	if e.Changed > 0 {
		e.Method = c.method
	}
	if e.Changed > 0 || len(e.Rows) > 0 {
		e.Cursor = e.Seq
	}
	// What could not be read back is not made.
	if err := e.check(); err != nil {
		return Entry{}, project.Errorf(project.Invalid, "%s: %w", c.op.Op, err)
	}
	before := h.set
	h.accept(&e, c.after)
	h.publish(nil)
	h.tell(before, &e, e.Rows, d)
	return e, nil
}

// accept takes a change that was made or replayed into the history.
func (h *History) accept(e *Entry, after *segmentation.Set) {
	h.seq = e.Seq
	if !e.Effect() {
		return
	}
	h.set, h.cursor, h.redo = after, e.Cursor, nil
	h.entries[e.Seq] = e
	for _, c := range e.Rows {
		h.next = max(h.next, c.number()+1)
	}
}

// Undo takes the change at the cursor back.
func (h *History) Undo() (Entry, error) { return h.move(Undo) }

// Redo does again the newest change that was made where the cursor stands.
func (h *History) Redo() (Entry, error) { return h.move(Redo) }

func (h *History) move(kind Kind) (Entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.busy(); err != nil {
		return Entry{}, err
	}
	over, after, err := h.over(kind)
	if err != nil {
		return Entry{}, err
	}
	if err := h.allowed(h.set, after); err != nil {
		return Entry{}, err
	}
	e := Entry{Seq: h.seq + 1, Parent: h.cursor, Cursor: over.Seq, Kind: kind, Op: Op{Op: string(kind)}, Changed: over.Changed}
	if kind == Undo {
		e.Cursor = over.Parent
	}
	before := h.set
	h.moved(&e, after)
	h.publish(nil)
	h.tell(before, &e, over.Rows, over.Delta)
	return e, nil
}

// over returns the change that an undo or redo moves over, and the set it leads to.
func (h *History) over(kind Kind) (*Entry, *segmentation.Set, error) {
	at := h.cursor
	if kind == Redo {
		at = 0
		if n := len(h.redo); n > 0 {
			at = h.redo[n-1]
		}
	}
	if at == 0 {
		return nil, nil, ErrNothing
	}
	e, err := h.entry(at)
	if err != nil {
		return nil, nil, err
	}
	if kind == Redo && e.Parent != h.cursor {
		return nil, nil, corrupt("entry %d was not made where redo stands", at)
	}
	after, err := apply(h.images, h.set, e.Rows, e.Delta, kind == Undo)
	return e, after, err
}

// moved takes an undo or redo, made or replayed, into the history.
func (h *History) moved(e *Entry, after *segmentation.Set) {
	if e.Kind == Undo {
		h.redo = append(h.redo, e.Parent)
	} else {
		h.redo = h.redo[:len(h.redo)-1]
	}
	h.seq, h.cursor, h.set = e.Seq, e.Cursor, after
}

// entry returns a change by its number, from memory or from the store.
func (h *History) entry(seq uint64) (*Entry, error) {
	if e := h.entries[seq]; e != nil {
		return e, nil
	}
	if h.load == nil {
		return nil, corrupt("entry %d is missing", seq)
	}
	e, err := h.load(seq)
	if err != nil {
		return nil, err
	}
	if e.Seq != seq || e.Kind != Do || !e.Effect() {
		return nil, corrupt("entry %d is not the change it should be", seq)
	}
	h.entries[seq] = &e
	return &e, nil
}
