package dcm

// Int returns the first value of t as an integer, from binary integers or from text (IS, and DS where it is whole).
func (d *DataSet) Int(t Tag) (value int, ok bool) {
	e := d.find(t)
	if e == nil {
		return 0, false
	}
	b, ok := e.bytes()
	if !ok {
		return 0, false
	}
	if vr := d.numberVR(e); vr.is(vrInteger) || vr == AT {
		return intAt(b, vr)
	}
	if !e.isText() {
		return 0, false
	}
	return parseInt(firstText(b))
}

// Ints returns all values of t as integers, or nil when t is absent or empty or any value is not a whole number: a list with holes would shift
// what follows.
func (d *DataSet) Ints(t Tag) []int {
	e := d.find(t)
	if e == nil {
		return nil
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return nil
	}
	if vr := d.numberVR(e); vr.is(vrInteger) || vr == AT {
		return intsOf(b, vr)
	}
	if !e.isText() {
		return nil
	}
	return parseAll(b, parseInt)
}

// Float returns the first value of t as a number, from binary numbers or text (DS, IS). A binary value may be infinite or not a number; text is
// finite.
func (d *DataSet) Float(t Tag) (value float64, ok bool) {
	e := d.find(t)
	if e == nil {
		return 0, false
	}
	b, ok := e.bytes()
	if !ok {
		return 0, false
	}
	if e.vr.is(vrFloating) || e.vr == OF || e.vr == OD {
		f := floatsOf(b[:min(len(b), e.vr.unit())], e.vr)
		if len(f) == 0 {
			return 0, false
		}
		return f[0], true
	}
	if d.numberVR(e).is(vrInteger) {
		n, ok := d.Int(t)
		return float64(n), ok
	}
	if !e.isText() {
		return 0, false
	}
	return parseFloat(firstText(b))
}

// Floats returns all values of t as numbers, or nil when t is absent or empty or any value is not a number.
func (d *DataSet) Floats(t Tag) []float64 {
	e := d.find(t)
	if e == nil {
		return nil
	}
	b, ok := e.bytes()
	if !ok || len(b) == 0 {
		return nil
	}
	if e.vr.is(vrFloating) || e.vr == OF || e.vr == OD {
		return floatsOf(b, e.vr)
	}
	if vr := d.numberVR(e); vr.is(vrInteger) {
		ints := intsOf(b, vr)
		out := make([]float64, len(ints))
		for n, v := range ints {
			out[n] = float64(v)
		}
		return out
	}
	if !e.isText() {
		return nil
	}
	return parseAll(b, parseFloat)
}

// numberVR decides US or SS where implicit encoding left it open, by Pixel Representation of this data set or of the object.
func (d *DataSet) numberVR(e *element) VR {
	if !e.signedByPixels || e.vr != US {
		return e.vr
	}
	p := d.find(PixelRepresentation)
	if p == nil {
		p = d.root().find(PixelRepresentation)
	}
	if p != nil && len(p.value) >= 2 && p.value[0] == 1 {
		return SS
	}
	return US
}
