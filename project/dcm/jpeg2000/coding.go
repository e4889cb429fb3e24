package jpeg2000

import "fmt"

// style is how the code-blocks of a component are coded (T.800 table A.19, T.814 table A.4).
type style uint8

const (
	styleBypass      style = 1 << iota // raw bits in the lower bit planes
	styleReset                         // contexts start anew with each pass
	styleTerminate                     // each pass is a segment of its own
	styleCausal                        // no context from the stripe below
	stylePredictable                   // segments end in a way that shows damage; decoding is the same
	styleSymbols                       // a symbol ends each cleanup pass
	styleHT                            // code-blocks of Part 15
	styleMixed                         // with styleHT: of Part 1 or Part 15
)

// coding is COD or COC for one component (T.800 A.6.1, A.6.2).
type coding struct {
	levels     int // decompositions: resolutions less one
	xcb, ycb   int // logarithm of the code-block's size
	style      style
	reversible bool
	precincts  [33]uint8 // of each resolution: PPy<<4 | PPx
}

// order is the part of COD that holds for all components.
type order struct {
	progression int
	layers      int
	transform   bool // of the first three components
	sop, eph    bool
}

// parseCOD reads COD.
func parseCOD(body []byte) (order, coding, error) {
	f := fields{b: body}
	flags := f.uint8()
	o := order{progression: f.uint8(), layers: f.uint16(), sop: flags&2 != 0, eph: flags&4 != 0}
	transform := f.uint8()
	o.transform = transform == 1
	c, err := parseCoding(&f, flags&1 != 0)
	switch {
	case err != nil:
		return o, c, err
	case o.progression > 4 || o.layers < 1:
		return o, c, fmt.Errorf("%w: COD declares progression %d and %d layers", ErrHeader, o.progression, o.layers)
	case transform > 1:
		return o, c, fmt.Errorf("%w: a component transform of Part 2", ErrUnsupported)
	}
	return o, c, nil
}

// parseCOC reads COC for one of so many components.
func parseCOC(body []byte, components int) (component int, c coding, err error) {
	f := fields{b: body}
	component = f.component(components)
	flags := f.uint8()
	if c, err = parseCoding(&f, flags&1 != 0); err == nil && component >= components {
		err = fmt.Errorf("%w: COC is for component %d of %d", ErrHeader, component, components)
	}
	return component, c, err
}

// parseCoding reads what COD and COC share (T.800 table A.20).
func parseCoding(f *fields, precincts bool) (coding, error) {
	c := coding{levels: f.uint8(), xcb: f.uint8()&15 + 2, ycb: f.uint8()&15 + 2, style: style(f.uint8())}
	wavelet := f.uint8()
	c.reversible = wavelet == 1
	switch {
	case f.short:
		return c, fmt.Errorf("%w: COD or COC is too short", ErrHeader)
	case c.levels > 32 || c.xcb > 10 || c.ycb > 10 || c.xcb+c.ycb > 12:
		return c, fmt.Errorf("%w: %d decompositions with code-blocks of 2^%d x 2^%d", ErrHeader, c.levels, c.xcb, c.ycb)
	case wavelet > 1:
		return c, fmt.Errorf("%w: a wavelet of Part 2", ErrUnsupported)
	case c.style&styleMixed != 0 && c.style&styleHT == 0:
		return c, fmt.Errorf("%w: code-block style %02X", ErrUnsupported, int(c.style))
	}
	for r := range c.levels + 1 {
		c.precincts[r] = 0xFF
		if precincts {
			p := f.uint8()
			if f.short || r > 0 && (p&15 == 0 || p>>4 == 0) {
				return c, fmt.Errorf("%w: resolution %d has precincts of 2^%d x 2^%d", ErrHeader, r, p&15, p>>4)
			}
			c.precincts[r] = uint8(p)
		}
	}
	return c, nil
}
