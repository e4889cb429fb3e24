package edit

import (
	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// ErrEnded is what a Drag gives after Commit or Cancel.
var ErrEnded error = &project.Error{Kind: project.Invalid, Text: "the stroke has ended"}

// Drag is a stroke in progress: it is seen in Preview and becomes one journal entry. It belongs to one goroutine.
type Drag struct {
	h      *History
	stroke *stroke
	box    segmentation.Bounds // all that it changed so far
	ended  bool
}

// Begin starts a stroke: op is a brush operation, whose points are painted at once if it has any. Until Commit or Cancel nothing else can be changed: Do,
// Undo, Redo and another Begin give ErrDrawing. Errors are those of Do.
func (h *History) Begin(op Op) (*Drag, error) {
	if op.Op != opBrush {
		return nil, invalid("op: %s cannot be drawn", op.Op)
	}
	if err := op.check(asBegun); err != nil {
		return nil, err
	}
	points := op.PointsMM
	op.PointsMM = nil
	d, err := h.begin(op)
	if err != nil {
		return nil, err
	}
	if err := d.Extend(points...); err != nil {
		d.Cancel()
		return nil, err
	}
	return d, nil
}

func (h *History) begin(op Op) (*Drag, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if err := h.busy(); err != nil {
		return nil, err
	}
	s, err := h.newStroke(op)
	if err != nil {
		return nil, err
	}
	h.drag = &Drag{h: h, stroke: s}
	return h.drag, nil
}

// Extend sweeps the brush on to the points, shows the result in Preview and tells the subscribers which voxels changed. After an error the
// stroke is as it was, and can go on, be committed or cancelled.
func (d *Drag) Extend(points ...volume.Point) error {
	h := d.h
	h.mu.Lock()
	defer h.mu.Unlock()
	switch {
	case d.ended:
		return ErrEnded
	case len(points) == 0:
		return nil
	case len(points) > MaxPoints-d.stroke.op.Samples:
		return project.Errorf(project.Full, "points_mm: a stroke has at most %d points", MaxPoints)
	}
	box, err := d.stroke.painter.Extend(points...)
	if err != nil {
		return err
	}
	d.stroke.op.Samples += len(points)
	if box.Any {
		d.box.Include(box)
		h.publish(d.stroke.painter.Set())
		d.show(box)
	}
	return nil
}

// Commit makes the stroke one entry of the journal.
func (d *Drag) Commit() (Entry, error) {
	h := d.h
	h.mu.Lock()
	defer h.mu.Unlock()
	if d.ended {
		return Entry{}, ErrEnded
	}
	e, err := h.commit(d.stroke.change())
	if err != nil {
		return Entry{}, err
	}
	d.end()
	return e, nil
}

// Cancel takes the stroke back; nothing remains of it. It does nothing after Commit.
func (d *Drag) Cancel() {
	d.h.mu.Lock()
	defer d.h.mu.Unlock()
	if !d.ended {
		d.cancel()
	}
}

// cancel is Cancel for whoever holds the lock.
func (d *Drag) cancel() {
	d.end()
	d.h.publish(nil)
	if d.box.Any {
		d.show(d.box)
	}
}

func (d *Drag) end() { d.ended, d.h.drag = true, nil }

func (d *Drag) show(box segmentation.Bounds) {
	d.h.subscribers.send(Event{Image: d.stroke.image, Segments: d.stroke.painter.Segments(), Voxels: box})
}
