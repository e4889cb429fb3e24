package ingest

import (
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/dcm"
)

// realWorld is a mapping of stored values to quantities (Real World Value Mapping, PS3.3 C.7.6.16.2.11): pieces of one label and unit, each over
// its own range of stored values. Values that no piece maps have no quantity.
type realWorld struct {
	label, explanation, unit string
	pieces                   []mappedRange
	elsewhere                bool // from another file than the pixels; its tables are kept
}

// mappedRange maps the stored values from first to last, both included: on a line, or by a table.
type mappedRange struct {
	first, last      float64
	slope, intercept float64
	table            []float64 // the quantity of first, first+1 ...; nil for a line, and until the pixels are loaded
	tabled           bool
}

// readRealWorld reads the mappings of a frame. Those that cannot be used are left out: they are only offered.
func readRealWorld(s source, signed bool) (out []*realWorld) {
	out = readMappings(s, signed)
	for _, w := range out {
		for n := range w.pieces {
			w.pieces[n].table = nil // thousands of frames may each bring one
		}
	}
	return out
}

// quantity returns the mapping of f with its tables, read again from the open file; nil where f keeps its own values.
func (f *frame) quantity(d *dcm.DataSet) (*realWorld, error) {
	if f.world == nil || f.world.elsewhere || !slices.ContainsFunc(f.world.pieces, func(p mappedRange) bool { return p.tabled }) {
		return f.world, nil
	}
	s := source{top: d, shared: d.Item(dcm.SharedFunctionalGroupsSequence)}
	if own := d.Items(dcm.PerFrameFunctionalGroupsSequence); f.number < len(own) {
		s.own = own[f.number]
	}
	for _, w := range readMappings(s, f.of.format.Signed) {
		if w.is(f.world.label, f.world.unit) {
			return w, nil
		}
	}
	return nil, project.Errorf(project.Conflict, "the file has changed since it was scanned")
}

func (w *realWorld) is(label, unit string) bool { return w.label == label && w.unit == unit }

func readMappings(s source, signed bool) (out []*realWorld) {
	for _, item := range s.items(dcm.RealWorldValueMappingSequence) {
		piece, ok := readMappedRange(item, signed)
		if !ok {
			continue
		}
		w := &realWorld{label: text(item, dcm.LUTLabel), explanation: text(item, dcm.LUTExplanation), unit: codedUnit(item)}
		n := slices.IndexFunc(out, func(o *realWorld) bool { return o.is(w.label, w.unit) })
		if n < 0 {
			n, out = len(out), append(out, w)
		}
		out[n].pieces = append(out[n].pieces, piece)
	}
	return out
}

// codedUnit is the code of the unit; UCUM's 1 means that there is none.
func codedUnit(item *dcm.DataSet) string {
	code := item.Item(dcm.MeasurementUnitsCodeSequence)
	for _, t := range []dcm.Tag{dcm.CodeValue, dcm.LongCodeValue, dcm.URNCodeValue, dcm.CodeMeaning} {
		if v := text(code, t); v != "" {
			if v == "1" && t == dcm.CodeValue {
				return ""
			}
			return v
		}
	}
	return ""
}

func readMappedRange(d *dcm.DataSet, signed bool) (p mappedRange, ok bool) {
	for n, tags := range [2][2]dcm.Tag{
		{tagDoubleFirstValueMapped, dcm.RealWorldValueFirstValueMapped}, {tagDoubleLastValueMapped, dcm.RealWorldValueLastValueMapped},
	} {
		v, ok := d.Float(tags[0])
		if !ok {
			if v, ok = d.Float(tags[1]); !ok {
				return p, false
			}
			switch { // two bytes, whose sign is often lost
			case signed && v >= 1<<15:
				v -= 1 << 16
			case !signed && v < 0:
				v += 1 << 16
			}
		}
		if n == 0 {
			p.first = v
		} else {
			p.last = v
		}
	}
	if table := d.Floats(tagRealWorldLUTData); len(table) > 0 {
		p.table, p.tabled = table, true
		return p, finite(table) && p.first == math.Trunc(p.first) && float64(len(table)) == p.last-p.first+1
	}
	slope, hasSlope := d.Float(dcm.RealWorldValueSlope)
	intercept, hasIntercept := d.Float(dcm.RealWorldValueIntercept)
	p.slope, p.intercept = slope, intercept
	return p, hasSlope && hasIntercept && slope != 0 && finite([]float64{p.first, p.last, slope, intercept}) && p.first <= p.last
}

// at returns the quantity of a stored value, not-a-number where none is mapped.
func (w *realWorld) at(stored float64) float64 {
	for _, p := range w.pieces {
		switch {
		case !(stored >= p.first && stored <= p.last):
		case p.tabled:
			return p.table[int(stored-p.first)]
		default:
			return stored*p.slope + p.intercept
		}
	}
	return math.NaN()
}

// line returns slope and intercept where one line maps every value that the pixels can have.
func (w *realWorld) line(p dcm.PixelFormat) (slope, intercept float64, ok bool) {
	low, high := storedRange(p)
	if len(w.pieces) != 1 || w.pieces[0].tabled || p.Float || low < w.pieces[0].first || high > w.pieces[0].last {
		return 0, 0, false
	}
	return w.pieces[0].slope, w.pieces[0].intercept, true
}

// storedRange is what Bits Stored allows.
func storedRange(p dcm.PixelFormat) (low, high float64) {
	if p.Signed {
		return -math.Ldexp(1, p.BitsStored-1), math.Ldexp(1, p.BitsStored-1) - 1
	}
	return 0, math.Ldexp(1, p.BitsStored) - 1
}
