package jpeg2000

import (
	"fmt"
	"unsafe"
)

// change is one progression of POC: the packets it covers and their order (T.800 A.6.6).
type change struct {
	r0, r1, c0, c1, layers int
	progression            int
}

// keptChange is a change as it is kept.
type keptChange struct {
	c0, c1, layers      uint16
	r0, r1, progression uint8
}

func (k keptChange) change() change {
	return change{int(k.r0), int(k.r1), int(k.c0), int(k.c1), int(k.layers), int(k.progression)}
}

const (
	changeBytes = int(unsafe.Sizeof(keptChange{}))
	maxChanges  = 1024 // of one header; no encoder makes more than a few
)

func (p *parameters) parsePOC(body []byte, components int, room *budget) error {
	f := fields{b: body}
	for len(f.b) > 0 {
		c := change{r0: f.uint8(), c0: f.component(components), layers: f.uint16(), r1: f.uint8()}
		c.c1 = f.component(components)
		c.progression = f.uint8()
		if c.c1 == 0 { // 256 or 16384 do not fit
			c.c1 = components
		}
		c.c1 = min(c.c1, components)
		c.r1 = min(c.r1, 33)
		if f.short || c.progression > 4 || c.r0 >= c.r1 || c.c0 >= c.c1 || c.layers < 1 {
			return fmt.Errorf("%w: POC declares progression %d of resolutions %d to %d, components %d to %d", ErrHeader, c.progression, c.r0, c.r1, c.c0, c.c1)
		}
		if len(p.poc) >= maxChanges {
			return fmt.Errorf("%w: more than %d progression changes", ErrUnsupported, maxChanges)
		}
		if !p.roomForChange(room) {
			return errWork
		}
		p.poc = append(p.poc, keptChange{uint16(c.c0), uint16(c.c1), uint16(c.layers), uint8(c.r0), uint8(c.r1), uint8(c.progression)})
	}
	return nil
}

// roomForChange makes room for one more change.
func (p *parameters) roomForChange(room *budget) bool {
	if len(p.poc) < cap(p.poc) {
		return true
	}
	most := min(maxChanges, max(8, 2*len(p.poc)))
	if !room.take(most * changeBytes) {
		return false
	}
	p.poc = append(make([]keptChange, 0, most), p.poc...)
	return true
}
