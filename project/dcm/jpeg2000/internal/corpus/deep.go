package corpus

import (
	"fmt"
	"math/rand/v2"

	"hotlight/project/dcm/jpeg2000/encode"
)

// deepGuard returns how many guard bits reversible pictures of so many bits take, since exponents end at 31: the coefficients have three bit planes more at most,
// the transform of colours included, and guard bits and exponent say one more than there are.
func deepGuard(bits int) int { return max(2, min(7, bits-26)) }

// Deep returns pictures of 24 to 38 bits, which must be given back: all kinds of samples, with and without colours, in both block coders, with regions of interest
// where the blocks may have so many bit planes.
func Deep(seed uint64) []Case {
	l := &list{r: rand.New(rand.NewPCG(seed, 13))}
	for bits := 24; bits <= 38; bits++ {
		for n := range 8 {
			signed, colours, ht := n&1 > 0, n&2 > 0, n&4 > 0
			o := usual(2)
			o.Guard, o.BlockWidth, o.BlockHeight = deepGuard(bits), 16, 32
			components := 1
			if colours {
				o.Transform, components = true, 3
			}
			if ht {
				o.Style = encode.HighThroughput
			}
			name := fmt.Sprintf("%d bits, signed %v, colours %v, HT %v", bits, signed, colours, ht)
			l.add(name, image(37, 35, components, bits, signed), o)
			if ht {
				o.Shift = -1
				l.add(name+", region of interest", image(37, 35, components, bits, signed), o)
			}
		}
	}
	return l.cases
}

// RandomDeep is Random with 25 to 38 bits and nothing lost: reversible, HT blocks of one pass.
func RandomDeep(r *rand.Rand) Case {
	c := Random(r)
	m, o := c.Image, &c.Options
	bits := 25 + r.IntN(14)
	for i := range m.Components {
		m.Components[i].Bits, m.Components[i].Samples = bits, nil
		if i > 0 && !o.Transform && r.IntN(4) == 0 {
			m.Components[i].Bits = 1 + r.IntN(bits)
		}
		Fill(r, m, i)
	}
	o.Guard = deepGuard(bits)
	exact := func(k encode.Coding) encode.Coding {
		k.Irreversible, k.Derived, k.HTPasses, k.Shift = false, false, 1, 0
		if k.Style&encode.HighThroughput != 0 && r.IntN(3) == 0 {
			k.Shift = -1
		}
		return k
	}
	o.Coding = exact(o.Coding)
	for i, k := range o.Components {
		o.Components[i] = exact(k)
	}
	return Case{"random, deep", m, c.Options}
}
