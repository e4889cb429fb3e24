package jpeg2000

import (
	"math"
	"unsafe"
)

// ledger has what packets gave to code-blocks, an entry for each packet and code-block:
//
//	4 bytes   the entry before of the same code-block, 0 if it is the first; the number of the code-block until the packet's body is read
//	4 bytes   where in the codestream its data begin
//	then for each segment, or piece of one, whose data follow each other:
//	number    its passes << 2, 2 if it starts a segment, 1 if another piece follows
//	number    its bytes
//
// where numbers have 7 bits in a byte, the lowest first, and the highest bit if more follow. An entry is known by the place of its first byte; none is at 0. Most
// have 10 bytes, which matters: streams that are cut up finely have one for every three bytes of theirs.
type ledger struct {
	pages []*[ledgerPage]byte
	end   uint32
	paid  int // places that the picture has paid for
	most  int // that it may have
}

const ledgerPage = 1 << 12

// Flags of a piece.
const (
	pieceFollows = 1
	pieceFresh   = 2
	pieceFlags   = 2 // bits
)

// Bytes of an entry.
const (
	entryHead  = 8
	pieceLeast = 2 // of a piece: its passes with flags and its length
	pieceMost  = 7 // 220 passes with flags are two, 32 bits five
)

// piece is what one packet gives to one segment of a code-block: length bytes of the codestream from offset.
type piece struct {
	offset, length uint32
	passes         uint8
	fresh          bool // starts a segment
}

func (p piece) data(stream []byte) []byte {
	end := p.offset + p.length
	return stream[p.offset:end:end]
}

// reserve makes room for so many bytes and reports whether there is as much.
func (l *ledger) reserve(n int, room *budget) bool {
	for int(l.end)+n > l.paid {
		if l.paid+ledgerPage > l.most || !room.take(ledgerPage+int(unsafe.Sizeof(l.pages[0]))) {
			return false
		}
		if l.paid += ledgerPage; l.paid > len(l.pages)*ledgerPage {
			l.pages = append(l.pages, new([ledgerPage]byte))
		}
	}
	return true
}

// begin lets the ledger of a picture that has none take so many bytes.
func (l *ledger) begin(most int) {
	if l.most == 0 {
		l.most = min(most, math.MaxInt32)
	}
}

// reset forgets all entries.
func (l *ledger) reset() { l.end = 1 }

// release does so at the end of a picture; pages beyond a few are given up.
func (l *ledger) release() {
	clear(l.pages[min(len(l.pages), keptPages):])
	l.pages, l.end, l.paid, l.most = l.pages[:min(len(l.pages), keptPages)], 1, 0, 0
}

func (l *ledger) at(n uint32) *byte { return &l.pages[n/ledgerPage][n%ledgerPage] }

func (l *ledger) uint32(at uint32) (v uint32) {
	for i := range uint32(4) {
		v |= uint32(*l.at(at + i)) << (8 * i)
	}
	return v
}

func (l *ledger) setUint32(at, v uint32) {
	for i := range uint32(4) {
		*l.at(at + i) = byte(v >> (8 * i))
	}
}

// number reads a number at at and returns the place after it.
func (l *ledger) number(at uint32) (v, next uint32) {
	for shift := 0; ; shift += 7 {
		b := *l.at(at)
		v |= uint32(b&0x7F) << shift
		if at++; b < 0x80 {
			return v, at
		}
	}
}

func (l *ledger) add(v uint32) {
	for ; v >= 0x80; v >>= 7 {
		*l.at(l.end) = byte(v) | 0x80
		l.end++
	}
	*l.at(l.end) = byte(v)
	l.end++
}

// addHead begins an entry for the code-block with the given number.
func (l *ledger) addHead(block uint32) {
	l.setUint32(l.end, block)
	l.end += entryHead
}

// addPiece adds a piece to the last entry, whose piece before is at last, 0 if this is the first. It returns its own place.
func (l *ledger) addPiece(last, length uint32, passes int, fresh bool) uint32 {
	if last > 0 {
		*l.at(last) |= pieceFollows
	}
	at, v := l.end, uint32(passes)<<pieceFlags
	if fresh {
		v |= pieceFresh
	}
	l.add(v)
	l.add(length)
	return at
}

// piece reads the piece at at, all but its offset, and returns the place after it and whether another follows.
func (l *ledger) piece(at uint32) (p piece, next uint32, follows bool) {
	flags, next := l.number(at)
	p.passes, p.fresh = uint8(flags>>pieceFlags), flags&pieceFresh != 0
	p.length, next = l.number(next)
	return p, next, flags&pieceFollows != 0
}

// sum returns the bytes and passes of the entry at at, and the place after it.
func (l *ledger) sum(at uint32) (bytes, passes int, next uint32) {
	next = at + entryHead
	for follows := true; follows; {
		var p piece
		p, next, follows = l.piece(next)
		bytes += int(p.length)
		passes += int(p.passes)
	}
	return bytes, passes, next
}

// entries appends the places of a code-block's entries, of which the last is given, to list in the order of layers.
func (l *ledger) entries(list []uint32, last uint32) []uint32 {
	for at := last; at > 0; at = l.uint32(at) {
		list = append(list, at)
	}
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// pieces appends the pieces of the entry at at to list.
func (l *ledger) pieces(list []piece, at uint32) []piece {
	offset := l.uint32(at + 4)
	at += entryHead
	for follows := true; follows; {
		var p piece
		p, at, follows = l.piece(at)
		p.offset = offset
		offset += p.length
		list = append(list, p)
	}
	return list
}
