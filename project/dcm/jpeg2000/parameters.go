package jpeg2000

import "fmt"

// parameters are the marker segments that the main header or a tile's first header may have.
type parameters struct {
	order
	hasCOD, hasQCD bool
	cod            coding
	qcd            quantisation
	coc, qcc, rgn  offsets
	poc            []keptChange
}

// reset makes p empty but for the memory it has.
func (p *parameters) reset() {
	*p = parameters{coc: p.coc[:0], qcc: p.qcc[:0], rgn: p.rgn[:0], poc: p.poc[:0]}
}

// offsets are where the bodies of marker segments for single components lie in the stream: of each component the last one's, 0 if there is none. If no
// component has one, the slice is empty.
type offsets []uint32

func (o offsets) of(component int) int {
	if len(o) == 0 {
		return 0
	}
	return int(o[component])
}

// set notes the segment for component n. What memory that needs is taken from the stream's room.
func (o *offsets) set(s *stream, n int, body []byte) error {
	if components := len(s.size.components); len(*o) == 0 {
		if cap(*o) < components {
			if !s.room.take(4 * components) {
				return errWork
			}
			*o = make(offsets, components)
		}
		*o = (*o)[:components]
		clear(*o)
	}
	(*o)[n] = uint32(cap(s.b) - cap(body))
	return nil
}

// bodyAt returns the body of a marker segment that lies there.
func (s *stream) bodyAt(at int) []byte { return s.b[at : at-2+uint16At(s.b, at-2)] }

// read takes over one marker segment, whose body is a piece of the stream; those that do not change decoding are passed by, and of a bad one nothing is kept.
func (s *stream) read(p *parameters, marker int, body []byte) error {
	components := len(s.size.components)
	switch marker {
	case cod:
		order, c, err := parseCOD(body)
		if err != nil {
			return err
		}
		p.order, p.cod, p.hasCOD = order, c, true
	case coc:
		n, _, err := parseCOC(body, components)
		if err != nil {
			return err
		}
		return p.coc.set(s, n, body)
	case qcd:
		q, err := parseQCD(body)
		if err != nil {
			return err
		}
		p.qcd, p.hasQCD = q, true
	case qcc:
		n, _, err := parseQCC(body, components)
		if err != nil {
			return err
		}
		return p.qcc.set(s, n, body)
	case rgn:
		n, _, err := parseRGN(body, components)
		if err != nil {
			return err
		}
		return p.rgn.set(s, n, body)
	case poc:
		return p.parsePOC(body, components, s.room)
	}
	return nil
}

// parseRGN reads RGN for one of so many components: its maximum shift (T.800 A.6.3).
func parseRGN(body []byte, components int) (component, shift int, err error) {
	f := fields{b: body}
	component = f.component(components)
	how := f.uint8()
	if shift = f.uint8(); f.short || how != 0 || component >= components || shift > 37 {
		err = fmt.Errorf("%w: RGN for component %d, style %d, shift %d", ErrHeader, component, how, shift)
	}
	return component, shift, err
}

// pick returns the parameters of a component by their rank (T.800 A.6.1): the tile's own for the component, the tile's, the stream's for the component, the
// stream's. tileAt and at are where those for the component lie, or 0; parse reads them again.
func pick[P any](tileAt int, hasTile bool, tile *P, at int, all *P, parse func(at int) P) P {
	switch {
	case tileAt > 0:
		return parse(tileAt)
	case hasTile:
		return *tile
	case at > 0:
		return parse(at)
	}
	return *all
}

// codingOf returns how component n of a tile is coded.
func (s *stream) codingOf(n int, tile *parameters) coding {
	return pick(tile.coc.of(n), tile.hasCOD, &tile.cod, s.part1.coc.of(n), &s.part1.cod, func(at int) coding {
		_, c, _ := parseCOC(s.bodyAt(at), len(s.size.components))
		return c
	})
}

// quantisationOf returns how component n of a tile is quantised.
func (s *stream) quantisationOf(n int, tile *parameters) quantisation {
	return pick(tile.qcc.of(n), tile.hasQCD, &tile.qcd, s.part1.qcc.of(n), &s.part1.qcd, func(at int) quantisation {
		_, q, _ := parseQCC(s.bodyAt(at), len(s.size.components))
		return q
	})
}

// shiftOf returns the shift of the region of interest of component n of a tile, 0 if there is none.
func (s *stream) shiftOf(n int, tile *parameters) int {
	none := 0
	return pick(tile.rgn.of(n), false, &none, s.part1.rgn.of(n), &none, func(at int) int {
		_, shift, _ := parseRGN(s.bodyAt(at), len(s.size.components))
		return shift
	})
}
