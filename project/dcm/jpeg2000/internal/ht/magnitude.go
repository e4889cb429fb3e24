package ht

import "math/bits"

// Magnitude is a coefficient of any number of bit planes: Hi*2^64 + Lo whole quantiser steps, and its sign.
type Magnitude struct {
	Hi, Lo   uint64
	Negative bool
}

// MagnitudeOf returns v raised by so many bit planes, as a region of interest's coefficients are (15444-1 H.1). shift is 0 to 63.
func MagnitudeOf(v int64, shift int) Magnitude {
	return Magnitude{Lo: uint64(max(v, -v)), Negative: v < 0}.up(uint(shift))
}

func (m Magnitude) zero() bool { return m.Hi|m.Lo == 0 }

// sign returns 1 if it is below 0.
func (m Magnitude) sign() uint64 {
	if m.Negative {
		return 1
	}
	return 0
}

// len returns how many bits it takes.
func (m Magnitude) len() int {
	if m.Hi > 0 {
		return 64 + bits.Len64(m.Hi)
	}
	return bits.Len64(m.Lo)
}

// bit returns bit n.
func (m Magnitude) bit(n int) uint64 { return m.down(uint(n)).Lo & 1 }

// up returns m times 2^n, n up to 127. Go's shifts by 64 and more give 0, also those by what is below 0 and wraps around.
func (m Magnitude) up(n uint) Magnitude {
	return Magnitude{m.Hi<<n | m.Lo>>(64-n) | m.Lo<<(n-64), m.Lo << n, m.Negative}
}

// down returns m divided by 2^n, rounded towards zero.
func (m Magnitude) down(n uint) Magnitude {
	return Magnitude{m.Hi >> n, m.Lo>>n | m.Hi<<(64-n) | m.Hi>>(n-64), m.Negative}
}

// plus returns m with n added to its magnitude, which does not fall below 0.
func (m Magnitude) plus(n int64) Magnitude {
	lo, carry := bits.Add64(m.Lo, uint64(n), 0)
	return Magnitude{m.Hi + uint64(n>>63) + carry, lo, m.Negative}
}
