package jpeg2000

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

// precinct returns precinct n of the resolution. The caller has checked that so many precincts may be.
func (r *resolution) precinct(n int) *precinct {
	if r.pages == nil {
		r.pages = make([][]precinct, ceilDiv(r.wide*r.high, pagePrecincts))
	}
	page := &r.pages[n/pagePrecincts]
	if *page == nil {
		*page = make([]precinct, min(pagePrecincts, r.wide*r.high-n/pagePrecincts*pagePrecincts))
	}
	return &(*page)[n%pagePrecincts]
}

// open makes the code-blocks of precinct n, which has its first packet that is not empty.
func (d *decoder) open(r *resolution, p *precinct, n int) error {
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
		if d.packets.blocks -= wide * high; d.packets.blocks < 0 {
			p.bands = nil
			return errWork
		}
		pb.x0, pb.y0, pb.wide, pb.high = int32(x0), int32(y0), int32(wide), int32(high)
		pb.blocks = d.blocks.take(wide * high)
		clear(pb.blocks)
		pb.nodes = d.nodes.take(2 * tagNodes(wide, high))
		clearTags(pb.nodes)
	}
	return nil
}

// slab hands out slices of T that live until the decoder is given back.
type slab[T any] struct {
	pages [][]T
	page  int // the one in use
	used  int // of it
}

const slabPage = 2048

// take returns n elements that hold rubbish.
func (s *slab[T]) take(n int) []T {
	for ; s.page < len(s.pages); s.page, s.used = s.page+1, 0 {
		if p := s.pages[s.page]; n <= len(p)-s.used {
			s.used += n
			return p[s.used-n : s.used : s.used]
		}
	}
	s.pages = append(s.pages, make([]T, max(n, slabPage)))
	s.used = n
	return s.pages[s.page][:n:n]
}

// reset takes all back; pages beyond a few are given up.
func (s *slab[T]) reset() {
	s.pages, s.page, s.used = s.pages[:min(len(s.pages), 8)], 0, 0
}
