package jpeg2000

import "fmt"

// change is one progression of POC: the packets it covers and their order (T.800 A.6.6).
type change struct {
	r0, r1, c0, c1, layers int
	progression            int
}

func (p *parameters) parsePOC(body []byte, components int) error {
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
		if len(p.poc) >= 1024 {
			return fmt.Errorf("%w: more than 1024 progression changes", ErrUnsupported)
		}
		p.poc = append(p.poc, c)
	}
	return nil
}
