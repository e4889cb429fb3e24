package encode

import "fmt"

// Progression is the order of packets (B.12): L layer, R resolution, C component, P position.
type Progression int

// The progressions as they are coded (table A.16).
const (
	LRCP Progression = iota
	RLCP
	RPCL
	PCRL
	CPRL
)

// Style has the bits of the code-block style (table A.19).
type Style int

// Code-block styles; they may be joined.
const (
	Bypass                 Style = 1 << iota // raw bits after the fourth bit plane
	Reset                                    // contexts begin anew at each pass
	TerminateAll                             // each pass has its own codeword segment
	Causal                                   // contexts do not look into the stripe below
	PredictableTermination                   // the decoder may check how segments end
	SegmentationSymbols                      // 1010 at the end of each cleanup pass
	HighThroughput                           // 15444-15, with Causal alone
	Mixed                                    // with HighThroughput: blocks of 15444-15 and of Part 1, with any style
)

// Coding says how a component is coded. The zero value is reversible, without decomposition, in blocks of 64 x 64.
type Coding struct {
	Levels                  int // decompositions, 0 to 32
	BlockWidth, BlockHeight int // powers of two from 4 to 1024, together at most 4096; 0 is 64
	Style                   Style
	Precincts               [][2]int // width and height of the lowest resolution and those above it, powers of two; the last counts for the rest; none: 32768
	Irreversible            bool     // 9/7, otherwise 5/3
	Step                    float64  // of the quantiser, in sample values, if irreversible; 0 is 1/2
	Derived                 bool     // only the step of the lowest sub-band is written, the others follow from it
	HTPasses                int      // of a HighThroughput block, 1 to 3: 0 is 1, which alone loses nothing
	Placeholders            int      // bit planes of a HighThroughput block that stand as passes without data (15444-15 B.2)
	HTTwice                 bool     // a HighThroughput block has three passes of a bit plane above those that count (MULTIHT); in two layers or more, without Placeholders
	Mix                     uint64   // bit n%64 says whether the n-th Mixed block is to be of 15444-15; so are those of Part 1 that could not be told from it
	Late                    int      // first passes of a block of Part 1, within its first segment, whose bytes come with a later pass: packets may have none of them
	Shift                   int      // bit planes by which the left half of each sub-band is raised as a region of interest; -1: as many as it takes
}

// Change is a progression change (A.6.6): packets below the bounds that have not been written come in this order.
type Change struct {
	Resolution, Component                 int // the first
	LayerEnd, ResolutionEnd, ComponentEnd int // the last is before
	Order                                 Progression
}

// Options say how an image is coded. The zero value is one tile, one layer, LRCP.
type Options struct {
	Coding
	Components            map[int]Coding // components that are coded differently; all fields count
	Transform             bool           // of the first three components: RCT or ICT
	TileWidth, TileHeight int            // 0: the whole image
	TileX, TileY          int            // where the first tile begins on the reference grid
	Layers                int            // 0 is 1
	Order                 Progression
	Changes               []Change // POC
	InTiles               bool     // coding, quantisation, regions of interest and progression changes are in the tiles' headers; the main header says something else
	OpenLengths           bool     // the last tile part does not say how long it is, nor the others how many they are
	TilePartPackets       int      // packets of a tile part; 0: all
	Interleave            bool     // tile parts: all first ones, then all second ones
	SOP, EPH              bool     // markers around packet headers
	PLT, TLM              bool     // lengths of packets and of tile parts
	PPM, PPT              bool     // packet headers in the main header, or in those of tile parts; one of the two
	Guard                 int      // guard bits, 0 is 2
	Comment               string
}

func (o *Options) coding(c int) Coding {
	k, ok := o.Components[c]
	if !ok {
		k = o.Coding
	}
	if k.BlockWidth == 0 {
		k.BlockWidth = 64
	}
	if k.BlockHeight == 0 {
		k.BlockHeight = 64
	}
	if k.Step == 0 {
		k.Step = 0.5
	}
	k.HTPasses = max(k.HTPasses, 1)
	return k
}

// known reports whether blocks of style s can be written.
func (s Style) known() bool {
	switch s & (HighThroughput | Mixed) {
	case HighThroughput:
		return s&^(HighThroughput|Causal) == 0
	case Mixed:
		return false
	}
	return s >= 0 && s < 2*Mixed
}

func (o *Options) check(m *Image) error {
	for c := range m.Components {
		k := o.coding(c)
		for _, v := range []int{k.BlockWidth, k.BlockHeight} {
			if v < 4 || v > 1024 || v&(v-1) != 0 || k.BlockWidth*k.BlockHeight > 4096 {
				return fmt.Errorf("jpeg 2000: there are no code-blocks of %d x %d", k.BlockWidth, k.BlockHeight)
			}
		}
		if k.Levels < 0 || k.Levels > 32 || !k.Style.known() || k.HTPasses > 3 {
			return fmt.Errorf("jpeg 2000: %d levels of style %#x cannot be coded", k.Levels, int(k.Style))
		}
		for i, p := range k.Precincts {
			if i > 0 && (p[0] < 2 || p[1] < 2) || p[0] < 1 || p[1] < 1 || p[0] > 32768 || p[1] > 32768 || p[0]&(p[0]-1) != 0 || p[1]&(p[1]-1) != 0 {
				return fmt.Errorf("jpeg 2000: there are no precincts of %d x %d", p[0], p[1])
			}
		}
		if n := len(k.Precincts); n > k.Levels+1 || n == 1 && k.Levels > 0 && min(k.Precincts[0][0], k.Precincts[0][1]) < 2 {
			return fmt.Errorf("jpeg 2000: %d precinct sizes for %d resolutions", n, k.Levels+1)
		}
	}
	switch {
	case o.TileWidth < 0 || o.TileHeight < 0 || o.TileX < 0 || o.TileY < 0 || o.TileX > m.X0 || o.TileY > m.Y0:
		return fmt.Errorf("jpeg 2000: the tile at (%d, %d) does not hold the image's corner (%d, %d)", o.TileX, o.TileY, m.X0, m.Y0)
	case o.TileWidth > 0 && o.TileX+o.TileWidth <= m.X0 || o.TileHeight > 0 && o.TileY+o.TileHeight <= m.Y0:
		return fmt.Errorf("jpeg 2000: the first tile is empty")
	case o.Layers < 0 || o.Layers > 65535 || o.PPM && o.PPT:
		return fmt.Errorf("jpeg 2000: %d layers, or packet headers in two places", o.Layers)
	case o.any(func(k Coding) bool { return k.HTTwice && (k.Placeholders > 0 || o.layers() < 2) }):
		return fmt.Errorf("jpeg 2000: two sets of passes with placeholders, or in one layer")
	case o.Transform && !alike(m):
		return fmt.Errorf("jpeg 2000: a component transform needs three components of one kind")
	}
	return nil
}

// any reports whether f holds for any way in which a component may be coded.
func (o *Options) any(f func(Coding) bool) bool {
	yes := f(o.Coding)
	for _, k := range o.Components {
		yes = yes || f(k)
	}
	return yes
}

// alike reports whether the first three components have the same size and kind.
func alike(m *Image) bool {
	if len(m.Components) < 3 {
		return false
	}
	a := m.Components[0]
	for _, b := range m.Components[1:3] {
		if max(a.DX, 1) != max(b.DX, 1) || max(a.DY, 1) != max(b.DY, 1) || a.Bits != b.Bits || a.Signed != b.Signed {
			return false
		}
	}
	return true
}
