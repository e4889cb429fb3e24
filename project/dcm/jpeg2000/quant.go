package jpeg2000

import "fmt"

// quantisation is QCD or QCC for one component (T.800 A.6.4, A.6.5).
type quantisation struct {
	guard   int
	derived bool     // only the first step is given
	exact   bool     // no quantisation: steps have no mantissa
	count   int      // steps that are given
	steps   [97]step // of 3 x 32 + 1 subbands
}

// step is the exponent and mantissa of a subband's quantisation step.
type step struct{ exponent, mantissa uint16 }

// parseQCD reads QCD.
func parseQCD(body []byte) (quantisation, error) {
	f := fields{b: body}
	return parseQuantisation(&f)
}

// parseQCC reads QCC for one of so many components.
func parseQCC(body []byte, components int) (component int, q quantisation, err error) {
	f := fields{b: body}
	component = f.component(components)
	if q, err = parseQuantisation(&f); err == nil && component >= components {
		err = fmt.Errorf("%w: QCC is for component %d of %d", ErrHeader, component, components)
	}
	return component, q, err
}

func parseQuantisation(f *fields) (quantisation, error) {
	flags := f.uint8()
	q := quantisation{guard: flags >> 5}
	width := 2
	switch flags & 31 {
	case 0:
		q.exact, width = true, 1
	case 1:
		q.derived = true
	case 2:
	default:
		return q, fmt.Errorf("%w: quantisation style %d", ErrUnsupported, flags&31)
	}
	for ; len(f.b) >= width && q.count < len(q.steps); q.count++ {
		if q.exact {
			q.steps[q.count] = step{exponent: uint16(f.uint8() >> 3)}
			continue
		}
		v := f.uint16()
		q.steps[q.count] = step{uint16(v >> 11), uint16(v & 0x7FF)}
	}
	if f.short || q.count == 0 {
		return q, fmt.Errorf("%w: QCD or QCC is too short", ErrHeader)
	}
	return q, nil
}

// step returns the step of a subband of resolution r: its number in the order of the marker, and for derived ones by the rule of T.800 E.1.1.
func (q *quantisation) step(r, number int) (step, bool) {
	if !q.derived {
		if number >= q.count {
			return step{}, false
		}
		return q.steps[number], true
	}
	s := q.steps[0]
	if down := uint16(max(0, r-1)); s.exponent >= down {
		s.exponent -= down
		return s, true
	}
	return s, false
}
