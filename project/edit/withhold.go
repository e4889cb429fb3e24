package edit

import "hotlight/project/segmentation"

// Withhold has every later change to segments of an image refused with the given reason: its source files are not those that were read. nil lets
// them be changed again. Other images stay as they are; a stroke in progress on the image is taken back.
func (h *History) Withhold(image int, reason error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if reason == nil {
		delete(h.withheld, image)
		return
	}
	if h.withheld == nil {
		h.withheld = map[int]error{}
	}
	h.withheld[image] = reason
	if h.drag != nil && h.drag.stroke.image == image {
		h.drag.cancel()
	}
}

// allowed returns why a change from one set to another may not be made. Undo and redo are changes too.
func (h *History) allowed(before, after *segmentation.Set) error {
	if len(h.withheld) == 0 {
		return nil
	}
	for _, pair := range [2][2]*segmentation.Set{{before, after}, {after, before}} {
		for _, g := range pair[0].Segments() {
			reason := h.withheld[g.Image]
			if reason == nil {
				continue
			}
			if other, ok := pair[1].Find(g.Number); !ok || other.Mask != g.Mask || *rowOf(other) != *rowOf(g) {
				return reason
			}
		}
	}
	return nil
}
