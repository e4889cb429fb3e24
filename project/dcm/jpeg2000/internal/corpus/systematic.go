package corpus

import (
	"fmt"
	"math/rand/v2"

	"hotlight/project/dcm/jpeg2000/encode"
)

// list gathers cases; each is named for what is special about it.
type list struct {
	r     *rand.Rand
	cases []Case
}

func (l *list) add(name string, m *encode.Image, o encode.Options) {
	for c := range m.Components {
		if m.Components[c].Samples == nil {
			Fill(l.r, m, c)
		}
	}
	l.cases = append(l.cases, Case{name, m, o})
}

// image returns a picture without samples.
func image(w, h, components, bits int, signed bool) *encode.Image {
	m := &encode.Image{X1: w, Y1: h}
	for range components {
		m.Components = append(m.Components, encode.Component{Bits: bits, Signed: signed})
	}
	return m
}

// usual is how a case is coded in all that it is not named for.
func usual(levels int) encode.Options { return encode.Options{Coding: encode.Coding{Levels: levels}} }

// Systematic returns cases that go along each axis of the parameter space in turn. The pictures depend on seed, the names and parameters do not.
func Systematic(seed uint64) []Case {
	l := &list{r: rand.New(rand.NewPCG(seed, 8))}
	l.kinds()
	l.quantisers()
	l.shapes()
	l.blocks()
	l.styles()
	l.packets()
	l.tiles()
	l.headers()
	l.highThroughput()
	l.mixed()
	return l.cases
}

// kinds: bits, signs, components, transforms.
func (l *list) kinds() {
	for bits := 1; bits <= 16; bits++ {
		for _, signed := range []bool{false, true} {
			l.add(fmt.Sprintf("%d bits, signed %v", bits, signed), image(33, 29, 1, bits, signed), usual(3))
		}
	}
	for _, bits := range []int{20, 24} {
		l.add(fmt.Sprintf("%d bits", bits), image(33, 29, 1, bits, true), usual(3))
	}
	for _, bits := range []int{1, 8, 12, 16} {
		for n := 1; n <= 5; n++ {
			o := usual(2)
			o.Transform = n >= 3
			l.add(fmt.Sprintf("%d components of %d bits", n, bits), image(21, 18, n, bits, n&1 == 0), o)
		}
	}
	for _, d := range [][2]int{{1, 2}, {2, 1}, {2, 2}, {4, 1}, {3, 3}, {8, 8}} {
		m := image(41, 37, 2, 8, false)
		m.Components[1].DX, m.Components[1].DY = d[0], d[1]
		l.add(fmt.Sprintf("second component subsampled by %d and %d", d[0], d[1]), m, usual(3))
	}
	m := image(23, 19, 4, 8, false)
	m.Components[1].Bits, m.Components[2].Signed, m.Components[3].Bits = 12, true, 1
	l.add("components of different kinds", m, usual(2))
	o := usual(2)
	o.Components = map[int]encode.Coding{1: {Levels: 4, BlockWidth: 8, BlockHeight: 8, Precincts: [][2]int{{16, 16}}}, 2: {Irreversible: true, Levels: 1}}
	l.add("components coded differently", image(43, 31, 3, 8, false), o)
	for _, step := range []float64{4, 1, 0.5, 1.0 / 3, 1.0 / 64} {
		for _, bits := range []int{8, 12, 16} {
			o := usual(4)
			o.Irreversible, o.Step = true, step
			l.add(fmt.Sprintf("irreversible, %d bits, step %.3f", bits, step), image(37, 45, 1, bits, bits == 12), o)
			o.Transform = true
			l.add(fmt.Sprintf("irreversible colours, %d bits, step %.3f", bits, step), image(37, 45, 3, bits, false), o)
		}
	}
}

// quantisers: derived steps, guard bits, components beyond the 256th.
func (l *list) quantisers() {
	for levels := range 6 {
		o := usual(levels)
		o.Irreversible, o.Derived, o.Step = true, true, 0.2
		l.add(fmt.Sprintf("derived steps, %d levels", levels), image(60, 50, 1, 12, false), o)
	}
	for guard := 2; guard <= 7; guard++ { // with one, some pictures do not fit
		o := usual(3)
		o.Guard = guard
		l.add(fmt.Sprintf("%d guard bits", guard), image(40, 41, 1, 8, false), o)
	}
	o := usual(1)
	o.Components = map[int]encode.Coding{290: {Levels: 2, Style: encode.Reset}}
	o.Changes = []encode.Change{{LayerEnd: 1, ResolutionEnd: 3, ComponentEnd: 280, Order: encode.CPRL}, {Component: 270, LayerEnd: 1, ResolutionEnd: 3, ComponentEnd: 300}}
	l.add("300 components", image(3, 4, 300, 8, false), o)
}

// shapes: sizes, offsets, levels.
func (l *list) shapes() {
	for _, s := range [][2]int{{1, 1}, {1, 2}, {2, 1}, {2, 2}, {1, 17}, {17, 1}, {3, 3}, {17, 3}, {3, 17}, {5, 64}, {64, 64}, {65, 65}, {127, 2}, {129, 33}} {
		for _, levels := range []int{0, 1, 3, 6} {
			for _, irreversible := range []bool{false, true} {
				o := usual(levels)
				o.Irreversible = irreversible
				l.add(fmt.Sprintf("%d x %d in %d levels, irreversible %v", s[0], s[1], levels, irreversible), image(s[0], s[1], 1, 8, false), o)
			}
		}
	}
	for _, at := range [][2]int{{1, 0}, {0, 1}, {1, 1}, {7, 5}, {16, 9}, {31, 63}} {
		for _, levels := range []int{1, 5} {
			m := image(27, 22, 1, 8, false)
			m.X0, m.Y0, m.X1, m.Y1 = at[0], at[1], m.X1+at[0], m.Y1+at[1]
			l.add(fmt.Sprintf("begins at %d, %d, %d levels", at[0], at[1], levels), m, usual(levels))
		}
	}
	l.add("32 levels", image(40, 40, 1, 8, false), usual(32))
}

// blocks: code-blocks and precincts.
func (l *list) blocks() {
	for _, w := range []int{4, 8, 32, 64, 256, 1024} {
		for _, h := range []int{4, 16, 64, 1024} {
			if w*h > 4096 {
				continue
			}
			o := usual(2)
			o.BlockWidth, o.BlockHeight = w, h
			l.add(fmt.Sprintf("code-blocks of %d x %d", w, h), image(130, 70, 1, 8, false), o)
		}
	}
	for _, p := range [][][2]int{{{1, 1}, {2, 2}}, {{2, 2}}, {{8, 32}}, {{32, 8}}, {{64, 64}}, {{16, 16}, {8, 8}, {4, 64}}} {
		for _, order := range []encode.Progression{encode.LRCP, encode.RPCL} {
			o := usual(3)
			o.Precincts, o.Order = p, order
			l.add(fmt.Sprintf("precincts of %v, progression %d", p, order), image(57, 61, 1, 8, false), o)
		}
	}
}

// styles: all 64 of them, and regions of interest.
func (l *list) styles() {
	for s := encode.Style(1); s < encode.HighThroughput; s++ {
		o := usual(2)
		o.Style, o.Layers = s, 1+int(s)%3
		l.add(fmt.Sprintf("style %06b", int(s)), image(35, 30, 1, 12, false), o)
	}
	for _, bits := range []int{2, 8, 10} {
		for _, order := range []encode.Progression{encode.LRCP, encode.CPRL} {
			o := usual(3)
			o.Shift, o.Order = -1, order
			l.add(fmt.Sprintf("region of interest, %d bits, progression %d", bits, order), image(40, 40, 1, bits, false), o)
			o.Irreversible = true
			l.add(fmt.Sprintf("region of interest, irreversible, %d bits, progression %d", bits, order), image(40, 40, 1, bits, false), o)
		}
	}
}

// packets: layers, progressions, their changes, markers.
func (l *list) packets() {
	for order := encode.LRCP; order <= encode.CPRL; order++ {
		for _, layers := range []int{1, 2, 7, 30} {
			o := usual(3)
			o.Order, o.Layers, o.Precincts = order, layers, [][2]int{{16, 16}}
			l.add(fmt.Sprintf("progression %d, %d layers", order, layers), image(50, 41, 3, 8, false), o)
		}
		m := image(50, 41, 3, 8, false)
		m.Components[1].DY, m.Components[2].DX, m.Components[2].DY = 2, 2, 2
		o := usual(3)
		o.Order, o.Precincts = order, [][2]int{{8, 16}}
		l.add(fmt.Sprintf("progression %d, subsampled", order), m, o)
		o = usual(3)
		o.Layers = 4
		o.Changes = []encode.Change{
			{LayerEnd: 2, ResolutionEnd: 2, ComponentEnd: 3, Order: order},
			{LayerEnd: 4, ResolutionEnd: 4, ComponentEnd: 2, Order: (order + 1) % 5},
			{Component: 2, Resolution: 1, LayerEnd: 4, ResolutionEnd: 4, ComponentEnd: 3, Order: (order + 2) % 5},
			{LayerEnd: 4, ResolutionEnd: 4, ComponentEnd: 3, Order: (order + 3) % 5},
		}
		l.add(fmt.Sprintf("progression changes from %d", order), image(50, 41, 3, 8, false), o)
	}
}

// tiles: sizes, offsets, parts.
func (l *list) tiles() {
	for _, s := range [][2]int{{1, 1}, {8, 8}, {16, 32}, {17, 13}, {64, 5}, {100, 100}} {
		for _, irreversible := range []bool{false, true} {
			o := usual(2)
			o.TileWidth, o.TileHeight, o.Irreversible = s[0], s[1], irreversible
			w, h := 45, 38
			if s[0] == 1 {
				w, h = 5, 4
			}
			l.add(fmt.Sprintf("tiles of %d x %d, irreversible %v", s[0], s[1], irreversible), image(w, h, 1, 8, false), o)
		}
	}
	for _, at := range [][4]int{{3, 4, 0, 0}, {11, 9, 5, 7}, {20, 30, 20, 30}, {7, 7, 1, 7}} {
		m := image(45, 38, 3, 8, false)
		m.X0, m.Y0, m.X1, m.Y1 = at[0], at[1], m.X1+at[0], m.Y1+at[1]
		o := usual(3)
		o.TileWidth, o.TileHeight, o.TileX, o.TileY, o.Transform = 16, 18, at[2], at[3], true
		l.add(fmt.Sprintf("image at %d, %d, tiles at %d, %d", at[0], at[1], at[2], at[3]), m, o)
	}
	for _, packets := range []int{1, 3, 10} {
		for _, interleave := range []bool{false, true} {
			o := usual(2)
			o.TileWidth, o.TileHeight, o.Layers, o.TilePartPackets, o.Interleave, o.TLM = 24, 24, 2, packets, interleave, true
			l.add(fmt.Sprintf("tile parts of %d packets, interleaved %v", packets, interleave), image(45, 38, 2, 8, false), o)
		}
	}
}

// headers: markers in all combinations, with tile parts and without.
func (l *list) headers() {
	for n := range 4 {
		o := usual(3)
		o.InTiles, o.OpenLengths, o.TileWidth, o.TileHeight, o.TilePartPackets = n&1 == 0, n&2 == 0, 25, 30, 3
		l.add(fmt.Sprintf("tile headers %v, open lengths %v", o.InTiles, o.OpenLengths), image(50, 41, 2, 8, false), o)
	}
	for n := range 32 {
		o := usual(3)
		o.SOP, o.EPH, o.PLT, o.TLM, o.Comment = n&1 > 0, n&2 > 0, n&4 > 0, n&8 > 0, "made for a test"
		o.PPM, o.PPT = n&16 > 0, n&16 == 0 && n&3 == 3
		if n&4 > 0 {
			o.TileWidth, o.TileHeight, o.TilePartPackets = 30, 30, 5
		}
		l.add(fmt.Sprintf("markers %05b", n), image(50, 41, 1, 8, false), o)
	}
}

// highThroughput: blocks of 15444-15, alone and beside those of Part 1.
func (l *list) highThroughput() {
	for bits := 1; bits <= 16; bits++ {
		o := usual(3)
		o.Style, o.HTPasses = encode.HighThroughput, 1+bits%3
		l.add(fmt.Sprintf("HT, %d bits, %d passes", bits, o.HTPasses), image(61, 50, 1, bits, bits&1 == 0), o)
	}
	for _, s := range [][2]int{{1, 1}, {2, 1}, {1, 5}, {17, 3}, {64, 64}, {127, 9}} {
		for passes := 1; passes <= 3; passes++ {
			for _, causal := range []encode.Style{0, encode.Causal} {
				o := usual(2)
				o.Style, o.HTPasses, o.Irreversible = encode.HighThroughput|causal, passes, passes == 2
				l.add(fmt.Sprintf("HT, %d x %d, %d passes, style %d", s[0], s[1], passes, o.Style), image(s[0], s[1], 1, 12, false), o)
			}
		}
	}
	for _, b := range [][2]int{{4, 4}, {4, 1024}, {1024, 4}, {8, 16}, {32, 32}} {
		o := usual(1)
		o.Style, o.BlockWidth, o.BlockHeight = encode.HighThroughput, b[0], b[1]
		l.add(fmt.Sprintf("HT, code-blocks of %d x %d", b[0], b[1]), image(90, 77, 1, 8, false), o)
	}
	for n := 1; n <= 5; n++ {
		o := usual(2)
		o.Style, o.Placeholders = encode.HighThroughput, n
		l.add(fmt.Sprintf("HT, %d placeholders", n), image(50, 41, 1, 8, false), o)
		o.HTPasses, o.Layers = 3, n
		l.add(fmt.Sprintf("HT, %d placeholders, three passes, %d layers", n, n), image(50, 41, 1, 8, false), o)
		o = usual(2)
		o.Style, o.HTTwice, o.HTPasses, o.Layers = encode.HighThroughput, true, 1+n%3, n+1
		l.add(fmt.Sprintf("HT, a second set of %d passes, %d layers", o.HTPasses, o.Layers), image(50, 41, 1, 8, false), o)
	}
	o := usual(3)
	o.Style, o.Transform, o.Layers, o.Order, o.TileWidth, o.TileHeight = encode.HighThroughput, true, 3, encode.RPCL, 40, 40
	l.add("HT, colours, layers, tiles", image(70, 66, 3, 8, false), o)
	o = usual(3)
	o.Components = map[int]encode.Coding{1: {Levels: 2, Style: encode.HighThroughput, HTPasses: 3}}
	l.add("HT beside Part 1", image(50, 41, 2, 8, false), o)
	o = usual(3)
	o.Style, o.HTPasses, o.Layers = encode.HighThroughput, 3, 4
	l.add("HT, passes in several layers", image(50, 41, 1, 8, false), o)
}

// mixed: blocks of 15444-15 and of Part 1 in one component, of all styles.
func (l *list) mixed() {
	const both, mix = encode.HighThroughput | encode.Mixed, uint64(0x9E3779B97F4A7C15)
	for s := range encode.HighThroughput {
		o, n := usual(2), int(s)
		o.Style, o.Mix, o.Layers, o.HTPasses, o.Late, o.BlockWidth, o.BlockHeight = both|s, mix*uint64(n+1), 1+5*n%7, max(1, n%5-1), n%9, 8, 16
		l.add(fmt.Sprintf("mixed, style %06b, %d layers, %d passes", n, o.Layers, o.HTPasses), image(45, 40, 1, 12, false), o)
	}
	for bits := 1; bits <= 16; bits++ {
		for n, pattern := range []uint64{0, 1<<64 - 1, 0x5555555555555555} {
			o := usual(3)
			o.Style, o.Mix, o.BlockWidth, o.BlockHeight, o.Layers = both, pattern, 16, 8, 1+bits%4
			l.add(fmt.Sprintf("mixed, %d bits, %s", bits, []string{"Part 1 alone", "HT alone", "in turn"}[n]), image(61, 50, 1, bits, bits&1 == 0), o)
		}
	}
	for n := 1; n <= 12; n++ {
		o := usual(2)
		o.Style, o.Mix, o.BlockWidth, o.BlockHeight = both, mix*uint64(n), 16, 16
		o.Placeholders, o.Late, o.Layers, o.HTPasses = n%5, n, 1+n, max(1, n%5-1)
		l.add(fmt.Sprintf("mixed, %d placeholders, %d late passes, %d layers", o.Placeholders, n, o.Layers), image(50, 41, 1, 12, false), o)
		o.HTTwice, o.Placeholders, o.Irreversible = true, 0, n&1 == 0
		l.add(fmt.Sprintf("mixed, a second set of %d passes, %d layers", o.HTPasses, o.Layers), image(50, 41, 1, 12, false), o)
	}
	for _, bits := range []int{2, 8} {
		o := usual(3)
		o.Style, o.Mix, o.Shift, o.BlockWidth, o.BlockHeight = both, mix, -1, 8, 8
		l.add(fmt.Sprintf("mixed, region of interest, %d bits", bits), image(40, 40, 1, bits, false), o)
	}
	o := usual(3)
	o.Style, o.Mix, o.Transform, o.Layers, o.Order, o.TileWidth, o.TileHeight = both|encode.Causal, mix, true, 3, encode.RPCL, 40, 40
	l.add("mixed, colours, layers, tiles", image(70, 66, 3, 8, false), o)
	o = usual(3)
	o.Components = map[int]encode.Coding{1: {Levels: 2, Style: both, Mix: mix, BlockWidth: 8, BlockHeight: 8}, 2: {Levels: 1, Style: encode.HighThroughput}}
	l.add("mixed beside HT and Part 1", image(50, 41, 3, 8, false), o)
}
