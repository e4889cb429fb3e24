package jpeg2000

import (
	"fmt"
	"math/bits"
)

// packetReader reads the packets of a tile one after the other (T.800 B.9, B.10). A packet may start in one tile part only where that part starts or the
// packet before ends, so the bodies are read as one after the other.
type packetReader struct {
	stream *stream
	parts  []part // that are left
	body   []byte // what is left of the current one
	header []byte // what is left of its packed headers
	packed bool
	all    bool // PPT: one run of headers for all tile parts
	sop    bool
	eph    bool
	work   int      // code-blocks that may still be looked at
	room   int      // bytes that may still be taken for precincts, code-blocks and chunks
	used   []uint16 // components, of a progression by position
	xs, ys steps    // and the positions
	at     int32    // the code-block whose part of a packet's header is read, as in chunk.next
}

// next goes on to the next tile part when the current one is used up; false when there are no packets left. With packed headers a body may be empty.
func (r *packetReader) next() bool {
	for {
		switch {
		case !r.packed && len(r.body) > 0, r.packed && !r.all && len(r.header) > 0, r.all && (len(r.body) > 0 || len(r.parts) == 0):
			return !r.packed || len(r.header) > 0
		case len(r.parts) == 0:
			return false
		}
		r.body = r.stream.packets(r.parts[0])
		if r.packed && !r.all {
			r.header, _ = r.stream.piece(int(r.parts[0].packed))
		}
		r.parts = r.parts[1:]
	}
}

// packet reads the packet of one layer of a precinct. A precinct's packets come in the order of layers.
func (d *decoder) packet(c *component, res *resolution, n int) error {
	r := &d.packets
	if !r.next() {
		return fmt.Errorf("%w: packets are missing", ErrTruncated)
	}
	p := d.precinct(res, n)
	if p == nil {
		return errWork
	}
	layer := p.layers
	p.layers++
	if r.sop && uint16At(r.body, 0) == sop && len(r.body) >= 6 {
		r.body = r.body[6:]
	}
	in := headerBits{b: r.body}
	if r.packed {
		in.b = r.header
	}
	first := d.chunks.count
	if in.bit() != 0 {
		if p.bands == nil {
			if err := d.open(res, p, n); err != nil {
				return err
			}
		}
		for i := range p.bands {
			if err := d.bandHeader(&in, c, &p.bands[i], i, layer); err != nil {
				d.forget(p, first)
				return err
			}
		}
	}
	if !d.afford(int(d.chunks.count-first) * chunkBytes) {
		d.forget(p, first)
		return errWork
	}
	in.align()
	if in.short {
		d.forget(p, first)
		return fmt.Errorf("%w: inside a packet's header", ErrTruncated)
	}
	rest := in.b[in.pos:]
	if r.eph && uint16At(rest, 0) == eph {
		rest = rest[2:]
	}
	if r.packed {
		r.header = rest
	} else {
		r.body = rest
	}
	return d.packetBody(p, first)
}

// bandHeader reads the part of a packet's header that tells of one subband, the precinct's with the given number.
func (d *decoder) bandHeader(in *headerBits, c *component, b *precinctBand, number, layer int) error {
	r := &d.packets
	if r.work -= len(b.blocks); r.work < 0 {
		return errWork
	}
	included, zeroPlanes, wide := b.included(), b.zeroPlanes(), int(b.wide)
	for n := range b.blocks {
		k := &b.blocks[n]
		x, y := n%wide, n/wide
		switch {
		case k.included:
			if in.bit() == 0 {
				continue
			}
		case !included.below(in, x, y, uint16(layer+1)):
			if root := included.root(); root.value == unknown && int(root.low) > layer {
				return nil // none of them is
			}
			continue
		default:
			zero := uint16(0)
			for !zeroPlanes.below(in, x, y, zero+1) {
				if zero++; zero > 127 || in.short {
					return fmt.Errorf("%w: a code-block without bit planes", ErrData)
				}
			}
			*k = codeBlock{included: true, zeroPlanes: uint8(zero), lengthBits: 3, mode: firstMode(c.style)}
		}
		r.at = int32(number<<blockBits | n)
		if err := d.contribution(in, c, k); err != nil {
			return err
		}
	}
	return nil
}

// contribution reads how many passes a code-block gets and the lengths of its segments (T.800 B.10.6, B.10.7).
func (d *decoder) contribution(in *headerBits, c *component, k *codeBlock) error {
	passes := in.passes()
	for in.bit() != 0 {
		if k.lengthBits++; k.lengthBits > 31 || in.short {
			return fmt.Errorf("%w: a code-block's length has more than 31 bits", ErrData)
		}
	}
	if int(k.passes)+passes > maxPasses {
		return fmt.Errorf("%w: a code-block has more than %d passes", ErrData, maxPasses)
	}
	if k.mode != modePart1 {
		done, err := d.contributionHT(in, c, k, passes)
		if done || err != nil {
			return err
		}
	}
	for passes > 0 {
		fresh := k.segmentPasses == k.segmentMost
		if fresh {
			k.segmentMost, k.segmentPasses = nextSegment(c.style, k.segmentMost), 0
		}
		n := min(passes, int(k.segmentMost-k.segmentPasses))
		d.pend(k, in.bits(int(k.lengthBits)+bits.Len(uint(n))-1), n, fresh)
		k.segmentPasses += uint8(n)
		passes -= n
	}
	return nil
}

// maxPasses of a code-block: three for each of 74 bit planes, which is 37 of the largest sample and as many of a region of interest.
const maxPasses = 220

// nextSegment returns how many passes the next segment may have, after one that had most; 0 for none (T.800 D.4.2, D.6).
func nextSegment(s style, most uint8) uint8 {
	switch {
	case s&styleTerminate != 0:
		return 1
	case s&styleBypass == 0:
		return maxPasses
	case most == 0:
		return 10
	case most == 10 || most == 1:
		return 2
	}
	return 1
}

// packetBody gives the code-blocks of p their data, chunk by chunk from number first on. A body is a piece of the stream without a capacity of its own, so that
// tells where it lies. If not all are there, a code-block gets none of what is missing.
func (d *decoder) packetBody(p *precinct, first int32) error {
	r := &d.packets
	for n := first; n < d.chunks.count; n++ {
		length := int(d.chunks.at(n).length)
		if length > len(r.body) {
			d.forget(p, n)
			r.body = nil
			return fmt.Errorf("%w: inside a packet", ErrTruncated)
		}
		d.settle(p, n, cap(d.stream.b)-cap(r.body))
		r.body = r.body[length:]
	}
	return nil
}
