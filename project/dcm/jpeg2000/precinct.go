package jpeg2000

import "unsafe"

// precinct is a piece of a resolution: the code-blocks that a packet tells of (T.800 B.6).
type precinct struct {
	layers int // packets read
	bands  []precinctBand
}

// precinctBand is the part of a precinct in one subband.
type precinctBand struct {
	x0, y0     int32 // column and row of the first code-block in the subband's grid of code-blocks
	wide, high int32
	nodes      []tagNode // of both trees
	blocks     []codeBlock
}

// included is the tree of the layers in which code-blocks are included first.
func (b *precinctBand) included() tagTree {
	return tagTree{b.nodes[:len(b.nodes)/2], int(b.wide), int(b.high)}
}

// zeroPlanes is the tree of the bit planes that code-blocks lack.
func (b *precinctBand) zeroPlanes() tagTree {
	return tagTree{b.nodes[len(b.nodes)/2:], int(b.wide), int(b.high)}
}

// codeBlock is what packets told of a code-block. Its data are a list of chunks.
type codeBlock struct {
	first, last   int32 // chunks; 0 is none
	passes        uint8
	zeroPlanes    uint8
	lengthBits    uint8
	included      bool
	segmentPasses uint8 // in the last segment so far
	segmentMost   uint8 // that it may have
	mode          blockMode
}

// pagePrecincts are allocated together, when the first of them has a packet.
const pagePrecincts = 64

// What is taken of memory.
const (
	precinctBytes = int(unsafe.Sizeof(precinct{}))
	pageBytes     = int(unsafe.Sizeof([]precinct{}))
	bandBytes     = int(unsafe.Sizeof(precinctBand{}))
	blockBytes    = int(unsafe.Sizeof(codeBlock{}))
	nodeBytes     = int(unsafe.Sizeof(tagNode{}))
	chunkBytes    = int(unsafe.Sizeof(chunk{}))
)

// fairRoom returns how many bytes may be taken for the precincts, code-blocks and chunks of a tile, given the bytes of its packets and how many of its samples are
// wanted.
//
// A packet with data has three bytes at least. For these it makes 350 when its precinct is new: three subbands, a code-block in each, a chunk. Where
// precincts cover 8 x 8 samples or more, bytes and samples justify that; of smaller ones with next to nothing in them, which no encoder makes, 16 MB are enough
// for 48000. Code-blocks of 4 x 4 that fill their precinct take under 3 bytes a sample. Of a tile of which a part is wanted everything has to be known
// of all the same: 16 MB are enough for the code-blocks of 64 x 64 of 50000 x 50000 samples.
func fairRoom(bytes, wanted int) int { return 1<<24 + 48*bytes + 3*wanted }

// afford takes so many bytes of what is fair and reports whether they were left.
func (d *decoder) afford(bytes int) bool {
	d.packets.room -= bytes
	return d.packets.room >= 0
}

// precinct returns precinct n of the resolution, nil if it cannot be afforded.
func (d *decoder) precinct(r *resolution, n int) *precinct {
	if r.pages == nil {
		pages := ceilDiv(r.wide*r.high, pagePrecincts)
		if !d.afford(pages * pageBytes) {
			return nil
		}
		r.pages = make([][]precinct, pages)
	}
	page := &r.pages[n/pagePrecincts]
	if *page == nil {
		size := min(pagePrecincts, r.wide*r.high-n/pagePrecincts*pagePrecincts)
		if !d.afford(size * precinctBytes) {
			return nil
		}
		*page = make([]precinct, size)
	}
	return &(*page)[n%pagePrecincts]
}

// open makes the code-blocks of precinct n, which has its first packet that is not empty.
func (d *decoder) open(r *resolution, p *precinct, n int) error {
	if !d.afford(len(r.bands) * bandBytes) {
		return errWork
	}
	p.bands = d.bands.take(len(r.bands))
	px, py := n%r.wide+r.px0, n/r.wide+r.py0
	for i := range r.bands {
		b, pb := &r.bands[i], &p.bands[i]
		area := rect{px << b.ppx, py << b.ppy, (px + 1) << b.ppx, (py + 1) << b.ppy}.intersect(b.rect)
		if area.empty() {
			*pb = precinctBand{}
			continue
		}
		x0, y0 := area.x0>>b.xcb, area.y0>>b.ycb
		wide, high := ceilShift(area.x1, b.xcb)-x0, ceilShift(area.y1, b.ycb)-y0
		nodes := 2 * tagNodes(wide, high)
		if !d.afford(wide*high*blockBytes + nodes*nodeBytes) {
			p.bands = nil
			return errWork
		}
		pb.x0, pb.y0, pb.wide, pb.high = int32(x0), int32(y0), int32(wide), int32(high)
		pb.blocks = d.blocks.take(wide * high)
		clear(pb.blocks)
		pb.nodes = d.nodes.take(nodes)
		clearTags(pb.nodes)
	}
	return nil
}

// slab hands out slices of T that live until the next tile.
type slab[T any] struct {
	pages [][]T
	page  int // the one in use
	used  int // of it
}

// slabPage is how many elements a page has, after smaller ones.
const slabPage = 2048

// take returns n elements that hold rubbish.
func (s *slab[T]) take(n int) []T {
	for ; s.page < len(s.pages); s.page, s.used = s.page+1, 0 {
		if p := s.pages[s.page]; n <= len(p)-s.used {
			s.used += n
			return p[s.used-n : s.used : s.used]
		}
	}
	s.pages = append(s.pages, make([]T, max(n, slabPage>>max(0, 5-len(s.pages)))))
	s.used = n
	return s.pages[s.page][:n:n]
}

// reset takes all back; pages beyond a few are given up.
func (s *slab[T]) reset() {
	clear(s.pages[min(len(s.pages), 8):])
	s.pages, s.page, s.used = s.pages[:min(len(s.pages), 8)], 0, 0
}
