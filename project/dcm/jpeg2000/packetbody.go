package jpeg2000

import "fmt"

// packetBody gives the code-blocks their data, entry by entry of the ledger from first on. A body is a piece of the stream without a capacity of its own, so that
// tells where it lies. If not all are there, a code-block gets the pieces that are whole.
func (d *decoder) packetBody(first uint32) error {
	r, l := &d.packets, &d.ledger
	if r.before > len(r.body) {
		d.forget(first)
		return d.endInside(first)
	}
	r.body = r.body[r.before:]
	for at := first; at < l.end; {
		length, _, next := l.sum(at)
		if length > len(r.body) {
			return d.endInside(at)
		}
		d.settle(at)
		r.body, at = r.body[length:], next
	}
	if r.after > len(r.body) {
		return d.endInside(l.end)
	}
	r.body = r.body[r.after:]
	return nil
}

// settle ties the entry at at, whose data are the next ones of the body, to those before of its code-block.
func (d *decoder) settle(at uint32) {
	k := d.blocks.at(d.ledger.uint32(at))
	d.ledger.setUint32(at, k.last)
	d.ledger.setUint32(at+4, uint32(cap(d.stream.b)-cap(d.packets.body)))
	k.last = at
}

// endInside ends the packets in the body of one, which does not have all of the entry at at and nothing of those after it.
func (d *decoder) endInside(at uint32) error {
	r, l := &d.packets, &d.ledger
	if at < l.end {
		_, _, next := l.sum(at)
		d.forget(next)
		d.shorten(at, len(r.body))
	}
	r.body = nil
	return fmt.Errorf("%w: inside a packet", ErrTruncated)
}

// shorten leaves of the last entry, at at, the pieces that so many bytes hold.
func (d *decoder) shorten(at uint32, bytes int) {
	l := &d.ledger
	k := d.blocks.at(l.uint32(at))
	whole, end := uint32(0), at
	n := at + entryHead
	for follows, short := true, false; follows; {
		p, next, more := l.piece(n)
		if bytes -= int(p.length); bytes < 0 || short {
			short = true
			k.passes -= p.passes
		} else {
			whole, end = n, next
		}
		n, follows = next, more
	}
	if l.end = end; whole > 0 {
		*l.at(whole) &^= pieceFollows
		d.settle(at)
	}
}

// forget takes back what the entries of the ledger from first on gave to code-blocks: their packet is damaged.
func (d *decoder) forget(first uint32) {
	l := &d.ledger
	for at := first; at < l.end; {
		_, passes, next := l.sum(at)
		d.blocks.at(l.uint32(at)).passes -= uint8(passes)
		at = next
	}
	l.end = first
}
