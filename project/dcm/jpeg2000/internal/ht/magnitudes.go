package ht

import (
	"fmt"
	"math/bits"
)

// magnitudes decodes the MagSgn stream: the exponents' predictions, magnitudes and signs of the significant samples (T.814 7.3.7 and 7.3.8). plane is the last
// bit plane of the cleanup pass.
func (d *Decoder) magnitudes(dst []int32, stride int, b *Block, stream []byte, plane uint) error {
	most, err := forward(d.bits[:], stream, 0xFF, true)
	if err != nil {
		return err
	}
	most += 8 // an encoder may leave out a last byte FF (T.814 7.1.2)
	across := (b.Width + 1) / 2
	below := d.below[:across+1]
	clear(below)
	s := samples{stream: &d.bits, plane: plane & 31, limit: uint32(b.Missing) + 2}
	full := b.Width / 2
	for y := 0; y < b.Height; y += 2 {
		quads := d.quads[y/2*d.across:][:across]
		upper := dst[y*stride:][:b.Width]
		lower := d.spill[:b.Width]
		if y+1 < b.Height {
			lower = dst[(y+1)*stride:][:b.Width]
		}
		fine := s.row(upper[:2*full], lower[:2*full], quads[:full], below)
		if across > full {
			fine = s.last(upper, lower, quads[full], below[full:]) && fine
		}
		switch {
		case !fine:
			return fmt.Errorf("%w: an exponent is above its missing bit planes", ErrData)
		case s.pos > most:
			return fmt.Errorf("%w: it ends within its magnitudes", ErrData)
		case y+1 == b.Height && outside(quads, 0xA0), across > full && outside(quads[full:], 0xC0):
			return fmt.Errorf("%w: a sample beyond its edge is significant", ErrData)
		}
		below[across], s.before = s.before, 0
	}
	return nil
}

// outside reports whether a sample of the pattern is significant in any of the quads.
func outside(quads []uint32, pattern uint32) bool {
	for _, q := range quads {
		if q&pattern != 0 {
			return true
		}
	}
	return false
}

// samples reads the samples of quads.
type samples struct {
	stream *[streamRoom]byte
	pos    uint   // bits taken
	plane  uint   // the last bit plane
	limit  uint32 // the largest exponent
	before uint32 // 2 mu - 1 of the lower right sample of the quad before
}

// row reads quads whose samples are all inside the block. below has for each quad the lower samples' 2 mu - 1 of the quads above it, or'ed: entry q of the lower left one
// of quad q and the lower right one of quad q-1. It is made so for the next row. The result is false if an exponent is too large.
func (s *samples) row(upper, lower []int32, quads, below []uint32) bool {
	pos, before, scale := s.pos, s.before, [2]int32{1 << s.plane, -1 << s.plane}
	worst := uint32(0)
	lower = lower[:len(upper)]
	below = below[:len(quads)+1]
	for q, info := range quads {
		if 2*q+1 >= len(upper) {
			break
		}
		if info&0xF0 == 0 {
			below[q] = before
			before = 0
			upper[2*q], upper[2*q+1], lower[2*q], lower[2*q+1] = 0, 0, 0, 0
			continue
		}
		e := below[q] | below[q+1]
		if rho := info & 0xF0; rho&(rho-0x10) == 0 {
			e = 0
		}
		u := info>>16 + uint32(bits.Len32(e|2)) - 1
		worst = max(worst, u)
		u = min(u, s.limit)

		w := at(s.stream[:], pos)
		v, n := one(w, info, u)
		upper[2*q] = int32(v+v&1<<1) * scale[w&1]
		if w >>= n & 63; u > 28 {
			pos, n, w = pos+uint(n), 0, at(s.stream[:], pos+uint(n))
		}
		v, m := one(w, info>>1, u)
		lower[2*q] = int32(v+v&1<<1) * scale[w&1]
		below[q] = before | v
		n += m
		if w >>= m & 63; u > 14 {
			pos, n, w = pos+uint(n), 0, at(s.stream[:], pos+uint(n))
		}
		v, m = one(w, info>>2, u)
		upper[2*q+1] = int32(v+v&1<<1) * scale[w&1]
		n += m
		if w >>= m & 63; u > 28 {
			pos, n, w = pos+uint(n), 0, at(s.stream[:], pos+uint(n))
		}
		before, m = one(w, info>>3, u)
		lower[2*q+1] = int32(before+before&1<<1) * scale[w&1]
		pos += uint(n + m)
	}
	s.pos, s.before = pos, before
	return worst <= s.limit
}

// one takes a sample from w: v is 2 mu - 1, or 0 if it is not significant, and m how many bits of 2(mu-1)+s the stream has (T.814 equation 7 and table 4).
// quad is the quad's entry, shifted so that the sample is its first.
func one(w uint64, quad, u uint32) (v, m uint32) {
	k := -(quad >> 4 & 1)
	m = (u - quad>>12&1) & k
	return (uint32(w)&(1<<(m&31)-1) | quad>>8&1<<(m&31) | 1) & k, m
}

// last reads the quad at the right edge of a block of odd width.
func (s *samples) last(upper, lower []int32, quad uint32, below []uint32) bool {
	var a, b [2]int32
	var after [2]uint32
	after[0] = below[0]
	fine := s.row(a[:], b[:], []uint32{quad}, after[:])
	upper[len(upper)-1], lower[len(lower)-1] = a[0], b[0]
	below[0] = after[0]
	return fine
}
