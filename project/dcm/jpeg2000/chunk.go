package jpeg2000

import "math"

// chunk is what one packet gives to one segment of a code-block: length bytes of the codestream from offset. Until the packet's body is read it has no offset,
// and next says which code-block of the precinct it is for: its number in the subband, and the subband from bit blockBits on.
type chunk struct {
	offset, length uint32
	next           int32 // 0: none
	passes         uint8
	fresh          bool // starts a segment
}

const (
	blockBits = 28 // a precinct of 2^15 x 2^15 has up to 2^26 code-blocks
	pageBits  = 12
)

// chunks are numbered from 1 and come in pages, so that none is copied when there are more.
type chunks struct {
	pages [][]chunk
	count int32 // with number 0, which is none
}

func (c *chunks) at(n int32) *chunk { return &c.pages[n>>pageBits][n&(1<<pageBits-1)] }

// add adds a chunk and returns its number.
func (c *chunks) add(k chunk) int32 {
	n := max(c.count, 1)
	if int(n>>pageBits) == len(c.pages) {
		c.pages = append(c.pages, make([]chunk, 1<<pageBits))
	}
	*c.at(n) = k
	c.count = n + 1
	return n
}

// reset takes all back; pages beyond a few are given up.
func (c *chunks) reset() {
	clear(c.pages[min(len(c.pages), 16):])
	c.pages, c.count = c.pages[:min(len(c.pages), 16)], 1
}

// pend notes that the packet whose header is read has so many bytes and passes for code-block k.
func (d *decoder) pend(k *codeBlock, length, passes int, fresh bool) {
	d.chunks.add(chunk{0, uint32(min(uint64(length), math.MaxUint32)), d.packets.at, uint8(passes), fresh})
	k.passes += uint8(passes)
}

// pendingBlock returns the code-block of precinct p that a chunk without an offset is for.
func (p *precinct) pendingBlock(k *chunk) *codeBlock {
	return &p.bands[k.next>>blockBits].blocks[k.next&(1<<blockBits-1)]
}

// forget takes the passes of p's chunks from number n on back: their packet is damaged.
func (d *decoder) forget(p *precinct, n int32) {
	for i := n; i < d.chunks.count; i++ {
		k := d.chunks.at(i)
		p.pendingBlock(k).passes -= k.passes
	}
	d.chunks.count = n
}

// settle gives the chunk with number n, whose data lie at offset, to its code-block.
func (d *decoder) settle(p *precinct, n int32, offset int) {
	k := d.chunks.at(n)
	b := p.pendingBlock(k)
	k.offset, k.next = uint32(offset), 0
	if b.first == 0 {
		b.first = n
	} else {
		d.chunks.at(b.last).next = n
	}
	b.last = n
}
