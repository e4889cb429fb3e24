package encode

import "math"

// Rebuild returns what exact arithmetic makes of m after irreversible coding: the samples of each component that is coded so, and nil for the others and for those of
// more than 26 bits. The
// coefficients are quantised as Encode does it and put into the middle of their intervals (r = 1/2).
func Rebuild(m *Image, o Options) ([][]int32, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := o.check(m); err != nil {
		return nil, err
	}
	k := &maker{m: m, o: &o}
	out := make([][]int32, len(m.Components))
	for c := range m.Components {
		k.q = append(k.q, quantisationOf(o.coding(c), m.Components[c].Bits, o.guard(), o.Transform && c < 3))
		if w, h := m.Size(c); o.coding(c).Irreversible && m.Components[c].Bits <= narrowBits {
			out[c] = make([]int32, w*h)
		}
	}
	for _, area := range k.tiles() {
		planes := k.samples(area).real
		for c := range planes {
			if out[c] != nil {
				k.lose(planes[c], c)
			}
		}
		if o.Transform && o.coding(0).Irreversible {
			inverseICT([3][]float64{planes[0].v, planes[1].v, planes[2].v})
		}
		for c, p := range planes {
			if out[c] != nil {
				k.settle(out[c], p, c)
			}
		}
	}
	return out, nil
}

// lose takes p through decomposition and quantisation and back.
func (k *maker) lose(p plane[float64], c int) {
	bands := decompose(p.copy(), k.o.coding(c).Levels, lift97)
	for r := range bands {
		for n := range bands[r] {
			step := k.q[c].step(bandNumber(r, n))
			for i, v := range bands[r][n].v {
				if q := math.Trunc(v / step); q != 0 {
					bands[r][n].v[i] = (q + math.Copysign(0.5, q)) * step
				} else {
					bands[r][n].v[i] = 0
				}
			}
		}
	}
	low := bands[0][0]
	for r := 1; r < len(bands); r++ {
		low = synthesise([4]plane[float64]{low, bands[r][0], bands[r][1], bands[r][2]}, p.shifted(len(bands)-1-r))
	}
	copy(p.v, low.v)
}

func (p plane[T]) copy() plane[T] { return p.cut(p.rect) }

// synthesise joins four sub-bands to what lies at r, rows before columns (F.3.2).
func synthesise(bands [4]plane[float64], r rect) plane[float64] {
	p := newPlane[float64](r)
	for n, q := range bands {
		for i, v := range q.v {
			x, y := 2*(q.x0+i%q.w())+n&1, 2*(q.y0+i/q.w())+n>>1
			p.v[(y-p.y0)*p.w()+x-p.x0] = v
		}
	}
	for y := range p.h() {
		unlift97(p.v[y*p.w():][:p.w()], p.x0&1 == 1)
	}
	column := make([]float64, p.h())
	for x := range p.w() {
		for y := range column {
			column[y] = p.v[y*p.w()+x]
		}
		unlift97(column, p.y0&1 == 1)
		for y := range column {
			p.v[y*p.w()+x] = column[y]
		}
	}
	return p
}

// unlift97 undoes lift97 (F.3.8.2).
func unlift97(line []float64, odd bool) {
	even := parity(odd)
	if len(line) == 1 {
		if odd {
			line[0] /= 2
		}
		return
	}
	for i := range line {
		if i&1 == even {
			line[i] *= lift97K
		} else {
			line[i] /= lift97K
		}
	}
	for n := 3; n >= 0; n-- {
		step(line, (1-even+n)&1, func(sum float64) float64 { return -lift97Factors[n] * sum })
	}
}

// inverseICT is equation G-12 to G-14, in place.
func inverseICT(c [3][]float64) {
	for i := range c[0] {
		y, b, r := c[0][i], c[1][i], c[2][i]
		c[0][i], c[1][i], c[2][i] = y+1.402*r, y-0.344136*b-0.714136*r, y+1.772*b
	}
}

// settle rounds the samples of a tile into those of component c.
func (k *maker) settle(out []int32, p plane[float64], c int) {
	d := &k.m.Components[c]
	all := rect{k.m.X0, k.m.Y0, k.m.X1, k.m.Y1}.over(max(d.DX, 1), max(d.DY, 1))
	low, high := 0.0, float64(int(1)<<d.Bits-1)
	shift := float64(int(1) << (d.Bits - 1))
	if d.Signed {
		low, high, shift = -shift, shift-1, 0
	}
	for i, v := range p.v {
		x, y := p.x0+i%p.w(), p.y0+i/p.w()
		out[(y-all.y0)*all.w()+x-all.x0] = int32(max(low, min(high, math.Round(v+shift))))
	}
}
