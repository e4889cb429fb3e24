package jpeg2000

import "fmt"

// checkTransform finds out whether the component transform of t can be undone: three components of one size, all reversible or none (T.800 annex G). That a
// stream of fewer components declares it, as old encoders in medical archives do, can mean nothing.
func (t *tile) checkTransform() error {
	if t.parameters.transform = t.parameters.transform && len(t.components) >= 3; !t.parameters.transform {
		return nil
	}
	a := &t.components[0]
	for n := range t.components[1:3] {
		if b := &t.components[1+n]; a.rect != b.rect || a.need != b.need || a.reversible != b.reversible || a.deep != b.deep {
			return fmt.Errorf("%w: a transform of components that differ", ErrHeader)
		}
	}
	return nil
}

// colour undoes the component transform in what is wanted of t.
func (t *tile) colour() {
	if !t.parameters.transform {
		return
	}
	a, b, c := &t.components[0], &t.components[1], &t.components[2]
	for y := range a.need.rows() {
		switch {
		case a.deep:
			inverseRCT(wantedRow(a, a.deepSamples, y), wantedRow(b, b.deepSamples, y), wantedRow(c, c.deepSamples, y))
		case a.reversible:
			inverseRCT(wantedRow(a, a.samples, y), wantedRow(b, b.samples, y), wantedRow(c, c.samples, y))
		default:
			inverseICT(wantedRow(a, floats(a.samples), y), wantedRow(b, floats(b.samples), y), wantedRow(c, floats(c.samples), y))
		}
	}
}

// inverseRCT is T.800 G.2.2.
func inverseRCT[T int32 | int64](y, cb, cr []T) {
	cb, cr = cb[:len(y)], cr[:len(y)]
	for i, v := range y {
		u, w := cb[i], cr[i]
		green := v - (u+w)>>2
		y[i], cb[i], cr[i] = w+green, green, u+green
	}
}

// inverseICT is T.800 G.3.2.
func inverseICT(y, cb, cr []float32) {
	cb, cr = cb[:len(y)], cr[:len(y)]
	for i, v := range y {
		u, w := cb[i], cr[i]
		y[i] = v + float32(1.402*w)
		cb[i] = v - float32(0.344136*u) - float32(0.714136*w)
		cr[i] = v + float32(1.772*u)
	}
}
