package corpus

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"hotlight/project/dcm/jpeg2000/encode"
)

// Case is a picture and how it is coded.
type Case struct {
	Name    string
	Image   *encode.Image
	Options encode.Options
}

// Exact reports whether decoding everything must give back the picture.
func (c *Case) Exact() bool {
	return c.all(func(k encode.Coding) bool {
		return !k.Irreversible && (k.Style&encode.HighThroughput == 0 || k.HTPasses <= 1)
	})
}

// Codings returns how each component is coded.
func (c *Case) Codings() (all []encode.Coding) {
	for i := range c.Image.Components {
		k, ok := c.Options.Components[i]
		if !ok {
			k = c.Options.Coding
		}
		all = append(all, k)
	}
	return all
}

// Reductions returns how many of the highest resolutions can be left out: each component must have them, and the main header must promise them.
func (c *Case) Reductions() int {
	least := 32
	if c.Options.InTiles {
		least = 1
	}
	for _, k := range c.Codings() {
		least = min(least, k.Levels)
	}
	return least
}

// all reports whether f holds for the coding of each component.
func (c *Case) all(f func(encode.Coding) bool) bool {
	return !slices.ContainsFunc(c.Codings(), func(k encode.Coding) bool { return !f(k) })
}

// Differ tells where the samples of two decoders are more than within apart.
func (c *Case) Differ(got, want [][]int32, within int32) error {
	if len(got) != len(c.Image.Components) || len(want) != len(got) {
		return fmt.Errorf("there are %d and %d of %d components", len(got), len(want), len(c.Image.Components))
	}
	for k := range want {
		if len(got[k]) != len(want[k]) {
			return fmt.Errorf("component %d has %d and %d samples", k, len(got[k]), len(want[k]))
		}
		w, _ := c.Image.Size(k)
		for i, v := range want[k] {
			if d := got[k][i] - v; d > within || d < -within {
				return fmt.Errorf("sample (%d, %d) of component %d is %d, not %d", i%w, i/w, k, got[k][i], v)
			}
		}
	}
	return nil
}

// Fill gives component c of m samples: soft shapes with noise, so that all kinds of coding passes have something to do. Samples of more than 34 bits keep to the
// middle of their range, since coefficients have no more than 37 bit planes.
func Fill(r *rand.Rand, m *encode.Image, c int) {
	k := &m.Components[c]
	w, h := m.Size(c)
	k.Samples, k.Deep = nil, nil
	put := func(v int64) { k.Samples = append(k.Samples, int32(v)) }
	if k.Bits > 26 {
		put = func(v int64) { k.Deep = append(k.Deep, v) }
	}
	low, high := int64(0), int64(1)<<k.Bits-1
	if k.Signed {
		low, high = -1<<(k.Bits-1), 1<<(k.Bits-1)-1
	}
	if k.Bits > 34 {
		less := (high - low) / 2 >> (k.Bits - 34) * (1<<(k.Bits-34) - 1)
		low, high = low+less, high-less
	}
	span := float64(high) - float64(low)
	noise := span * []float64{0, 0.002, 0.02, 0.3, 1.2}[r.IntN(5)]
	a, b, edge := r.Float64()*2-1, r.Float64()*2-1, r.Float64()
	for i := range w * h {
		x, y := float64(i%w)/float64(w), float64(i/w)/float64(h)
		v := float64(low) + span*(0.5+0.4*(a*x+b*y))
		if (x-0.5)*(x-0.5)+(y-0.5)*(y-0.5) < edge*edge/4 {
			v += span * 0.3
		}
		v += noise * (r.Float64() - 0.5)
		put(int64(max(float64(low), min(float64(high), v))))
	}
}

// picture returns a picture with its components' coding, and tiles.
func picture(r *rand.Rand) (*encode.Image, encode.Options) {
	one := func(n int) bool { return r.IntN(n) == 0 }
	m := &encode.Image{X1: 1 + r.IntN(70), Y1: 1 + r.IntN(70)}
	if one(4) {
		m.X0, m.Y0 = r.IntN(40), r.IntN(40)
		m.X1, m.Y1 = m.X1+m.X0, m.Y1+m.Y0
	}
	bits, signed := 1+r.IntN(16), one(3)
	for range []int{1, 1, 1, 2, 3, 3, 4}[r.IntN(7)] {
		m.Components = append(m.Components, encode.Component{Bits: bits, Signed: signed})
	}
	var o encode.Options
	o.Coding = coding(r, len(m.Components) > 1)
	switch n := len(m.Components); {
	case n >= 3 && one(2):
		o.Transform = true
	case n > 1 && one(3):
		subsample(r, m)
	case n > 1 && one(3):
		m.Components[1].Bits, m.Components[1].Signed = 1+r.IntN(16), one(2)
	}
	for c := range m.Components {
		Fill(r, m, c)
	}
	if n := len(m.Components); n > 1 && !o.Transform && one(4) {
		o.Components = map[int]encode.Coding{r.IntN(n): coding(r, true)}
	}
	if one(3) {
		o.TileX, o.TileY = r.IntN(m.X0+1), r.IntN(m.Y0+1)
		o.TileWidth, o.TileHeight = m.X0-o.TileX+8+r.IntN(60), m.Y0-o.TileY+8+r.IntN(60)
	}
	return m, o
}

// Random returns a case anywhere in the parameter space. All of it is legal.
func Random(r *rand.Rand) Case {
	one := func(n int) bool { return r.IntN(n) == 0 }
	m, o := picture(r)
	o.Order = encode.Progression(r.IntN(5))
	if one(2) {
		o.Layers = 1 + r.IntN(6)
	}
	layers(&o)
	if one(3) {
		o.TilePartPackets, o.Interleave = 1+r.IntN(20), one(2)
	}
	o.InTiles, o.OpenLengths, o.Guard = one(6), one(6), []int{0, 0, 0, 3, 4, 7}[r.IntN(6)]
	o.SOP, o.EPH, o.PLT, o.TLM = one(3), one(3), one(3), one(3)
	switch r.IntN(8) {
	case 0:
		o.PPM = true
	case 1:
		o.PPT = true
	}
	if one(5) {
		changes(r, m, &o)
	}
	fit(m, &o)
	return Case{"random", m, o}
}

// layers takes back what cannot be in so many layers.
func layers(o *encode.Options) {
	fit := func(k *encode.Coding) {
		k.HTTwice = k.HTTwice && o.Layers > 1
	}
	fit(&o.Coding)
	for i, k := range o.Components {
		fit(&k)
		o.Components[i] = k
	}
}

// coding returns how a component is coded. With several components a part of them may be of High-Throughput blocks.
func coding(r *rand.Rand, several bool) (k encode.Coding) {
	one := func(n int) bool { return r.IntN(n) == 0 }
	k.Levels = r.IntN(7)
	if one(2) {
		k.BlockWidth, k.BlockHeight = 4<<r.IntN(5), 4<<r.IntN(5)
	}
	if one(20) {
		k.BlockWidth, k.BlockHeight = 1024, 4
	}
	if one(3) {
		k.Style = encode.Style(r.IntN(64))
	}
	if one(4) {
		k.Style = encode.HighThroughput | encode.Style(r.IntN(2))*encode.Causal
		k.HTPasses = 1
		if one(3) {
			k.HTPasses += r.IntN(3)
		}
		if k.HTTwice = one(6); !k.HTTwice && one(5) {
			k.Placeholders = 1 + r.IntN(6)
		}
		if one(2) {
			k.Style, k.Mix = encode.HighThroughput|encode.Mixed|encode.Style(r.IntN(64)), r.Uint64()
			k.Late = r.IntN(3) * r.IntN(5)
		}
	}
	if one(3) {
		for i := range 1 + r.IntN(k.Levels+1) {
			k.Precincts = append(k.Precincts, [2]int{2 << r.IntN(6), 2 << r.IntN(6)})
			if i == 0 && one(4) && k.Levels > 0 {
				k.Precincts = append(k.Precincts, [2]int{16, 32})
				break
			}
		}
	}
	if k.Irreversible = one(3); k.Irreversible {
		k.Step, k.Derived = []float64{1, 0.5, 1.0 / 3, 1.0 / 7}[r.IntN(4)], one(3)
	}
	if one(6) {
		k.Shift = -1
	}
	return k
}

func subsample(r *rand.Rand, m *encode.Image) {
	for c := range m.Components {
		m.Components[c].DX, m.Components[c].DY = 1+r.IntN(3), 1+r.IntN(3)
	}
	if r.IntN(2) == 0 {
		m.Components[0].DX, m.Components[0].DY = 1, 1
	}
	if a := &m.Components[0]; len(m.Components) == 3 && a.DX == a.DY {
		m.Components[1].DX = 1 // otherwise opj_decompress takes it for YCC and converts it
	}
}

// changes divides the progression at a resolution and a layer.
func changes(r *rand.Rand, m *encode.Image, o *encode.Options) {
	order := func() encode.Progression { return encode.Progression(r.IntN(5)) }
	n, layers := len(m.Components), max(o.Layers, 1)
	half := r.IntN(layers) + 1
	o.Changes = []encode.Change{
		{LayerEnd: half, ResolutionEnd: 1 + r.IntN(3), ComponentEnd: n, Order: order()},
		{LayerEnd: layers, ResolutionEnd: 33, ComponentEnd: 1 + r.IntN(n), Order: order()},
		{LayerEnd: layers, ResolutionEnd: 33, ComponentEnd: n, Order: order()},
	}
}

// fit takes back what the image is too small or too deep for: bit planes beyond 31 and empty components.
func fit(m *encode.Image, o *encode.Options) {
	for c := range m.Components {
		k := &m.Components[c]
		if w, h := m.Size(c); w == 0 || h == 0 {
			k.DX, k.DY = 1, 1
			Fill(rand.New(rand.NewPCG(1, uint64(c))), m, c)
		}
		if k.Bits > 8 || o.Guard > 2 {
			o.Shift = 0
			for i, own := range o.Components {
				own.Shift = 0
				o.Components[i] = own
			}
		}
	}
}
