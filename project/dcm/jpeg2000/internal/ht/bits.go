package ht

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
)

// Room for streams without stuffed bits. MagSgn has at most 31 bits a sample (4096 * 4 bytes), of which stuffing makes 16/15. A reader looks eight bytes
// ahead, and may read one row of quads (2 * 1024 * 4 bytes of MagSgn, 256 * 38 bits of VLC) beyond the end before that is noticed.
const (
	streamMost = 4096*4*16/15 + 64
	streamRoom = streamMost + 8192 + 64
	vlcRoom    = 4079 + 1216 + 64
)

// at returns the 57 or more bits that begin at bit pos of a stream; the first is the lowest.
func at(stream []byte, pos uint) uint64 {
	return binary.LittleEndian.Uint64(stream[pos>>3:]) >> (pos & 7)
}

// packer writes bits behind each other, the first lowest.
type packer struct {
	out []byte
	o   int
	acc uint64
	n   uint // bits in acc, under 8 between calls of bytes
}

// bits appends the n lowest bits of v, n up to 56, the others of which are 0.
func (p *packer) bits(v uint64, n uint) {
	p.acc |= v << p.n
	p.n += n
	binary.LittleEndian.PutUint64(p.out[p.o:], p.acc)
	p.o += int(p.n >> 3)
	p.acc >>= p.n &^ 7
	p.n &= 7
}

// bytes appends whole bytes.
func (p *packer) bytes(src []byte) {
	for len(src) >= 8 {
		w := binary.LittleEndian.Uint64(src)
		binary.LittleEndian.PutUint64(p.out[p.o:], p.acc|w<<(p.n&7))
		p.acc = w >> 1 >> (63 - p.n&7)
		p.o += 8
		src = src[8:]
	}
	for _, v := range src {
		p.bits(uint64(v), 8)
	}
}

// end appends 16 bytes of fill and returns how many bits stood before them.
func (p *packer) end(fill byte) uint {
	n := uint(p.o)*8 + p.n
	f := 0x0101010101010101 * uint64(fill)
	binary.LittleEndian.PutUint64(p.out[p.o:], p.acc|f<<p.n)
	binary.LittleEndian.PutUint64(p.out[p.o+8:], f)
	binary.LittleEndian.PutUint64(p.out[p.o+16:], f)
	return n
}

// forward frees src of the bits stuffed after each byte FF (T.814 7.1.2 and 7.1.5) and returns how many bits are left; fill follows them.
// Bits of src beyond the room of out are left out: no block has a use for them. With strict, a stuffed bit must be 0.
func forward(out, src []byte, fill byte, strict bool) (uint, error) {
	p := packer{out: out}
	src = src[:min(len(src), len(out)-64)]
	for {
		i := bytes.IndexByte(src, 0xFF)
		if i < 0 || i+1 == len(src) {
			p.bytes(src)
			return p.end(fill), nil
		}
		p.bytes(src[:i+1])
		for src = src[i+1:]; len(src) > 0; {
			v := src[0]
			if strict && v >= 0x80 {
				return 0, fmt.Errorf("%w: a stuffed bit is not 0", ErrData)
			}
			p.bits(uint64(v&0x7F), 7)
			if src = src[1:]; v != 0xFF {
				break
			}
		}
	}
}

// backward frees src, which is read from its last byte to its first, of the bits stuffed into a byte x7F after one above 8F (T.814 7.1.4 and
// 7.1.6), and appends it to p, whose last byte was above 8F if big; zeros follow. It returns how many bits there are.
func backward(p *packer, src []byte, big bool) uint {
	src = src[max(0, len(src)-(len(p.out)-64-p.o)):]
	for len(src) >= 8 {
		w := bits.ReverseBytes64(binary.LittleEndian.Uint64(src[len(src)-8:]))
		if ((w&0x7F7F7F7F7F7F7F7F)+0x0101010101010101)&0x8080808080808080 == 0 {
			binary.LittleEndian.PutUint64(p.out[p.o:], p.acc|w<<(p.n&7))
			p.acc = w >> 1 >> (63 - p.n&7)
			p.o += 8
			big = w>>56 > 0x8F
		} else {
			big = p.backwardBytes(src[len(src)-8:], big)
		}
		src = src[:len(src)-8]
	}
	p.backwardBytes(src, big)
	return p.end(0)
}

// backwardBytes is backward for a few bytes; it reports whether the last was above 8F.
func (p *packer) backwardBytes(src []byte, big bool) bool {
	for i := len(src) - 1; i >= 0; i-- {
		v := src[i]
		n := uint(8)
		if big && v&0x7F == 0x7F {
			n = 7
		}
		p.bits(uint64(v)&(1<<n-1), n)
		big = v > 0x8F
	}
	return big
}
