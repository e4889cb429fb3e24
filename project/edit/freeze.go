package edit

import "hotlight/project/segmentation"

// View returns a history that only shows: set on images, nothing to undo, and every change refused with the given reason. It is how a
// received read is laid out beside the reader's own.
func View(images []Image, set *segmentation.Set, reason error) *History {
	h := New(images, nil)
	h.set, h.frozen = set, reason
	h.publish(nil)
	return h
}

// Freeze has every later change refused with the given reason: the read was signed. A stroke in progress is taken back.
func (h *History) Freeze(reason error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.frozen = reason
	if h.drag != nil {
		h.drag.cancel() // under the same lock: it must not be committed after the read was frozen
	}
}

// busy says why nothing can be changed now. The caller holds the lock.
func (h *History) busy() error {
	if h.frozen != nil {
		return h.frozen
	}
	if h.drag != nil {
		return ErrDrawing
	}
	return nil
}
