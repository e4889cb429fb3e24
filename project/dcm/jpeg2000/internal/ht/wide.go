package ht

import (
	"fmt"
	"math"
)

// wideRoom is for MagSgn of blocks with WidePlanes: at most 76 bits a sample, of which stuffing makes 16/15, and the bytes a reader looks ahead.
const wideRoom = 4096*76/8*16/15 + 128

// wide is what DecodeWide needs besides.
type wide struct {
	bits      [wideRoom]byte
	pos       uint            // bits taken
	values    [4096]Magnitude // in half steps of the last plane: 2 mu + 1, or 0
	told      [4096]int32     // what the refinement passes say
	exponents [2][1028]uint8  // of the lower samples of a row of quads and of the next; entry x+1 is column x
}

// DecodeWide is Decode for up to 74 bit planes. It undoes the shift of a region of interest (15444-1 H.1), since only without it samples fit dst: Planes may be 62
// more than shift at most. dst has half quantiser steps; a sample that was in the region has bit 0 set if anything is set below its bit 0.
//
// It takes two or three times as long as Decode, which matters little: coefficients of so many bits are rare.
func (d *Decoder) DecodeWide(dst []int64, stride int, b Block, shift int) error {
	if err := b.check(len(dst), stride, WidePlanes); err != nil {
		return err
	}
	if shift < 0 || shift > WidePlanes || b.Planes-shift > 62 {
		return fmt.Errorf("%w: %d bit planes of which %d are a shift", ErrData, b.Planes, shift)
	}
	magSgn, err := d.begin(&b, true)
	if err != nil {
		return err
	}
	if d.wide == nil {
		d.wide = new(wide)
	}
	if err := d.wideMagnitudes(&b, magSgn); err != nil {
		return err
	}
	plane := uint(b.Planes - 1 - b.Missing)
	if b.Passes > 1 && b.Refinement > 0 {
		d.wideRefinement(&b)
		plane--
	}
	for y := range b.Height {
		out := dst[y*stride:][:b.Width]
		for x, v := range d.wide.values[y*b.Width:][:b.Width] {
			if b.Planes <= 62 && shift == 0 {
				sign := -int64(v.sign())
				out[x] = int64(v.Lo<<plane) ^ sign - sign
			} else {
				out[x] = v.up(plane).lowered(uint(shift))
			}
		}
	}
	return nil
}

// wideRefinement runs the refinement passes and brings the values of the cleanup pass to the plane below its last.
func (d *Decoder) wideRefinement(b *Block) {
	k, n := d.wide, b.Width*b.Height
	for i, v := range k.values[:n] {
		if k.told[i] = 0; !v.zero() {
			k.told[i] = told
		}
	}
	refinement := b.Data[b.Cleanup : b.Cleanup+b.Refinement]
	d.stripes(b.Width, b.Height)
	d.propagate(k.told[:n], b.Width, b, refinement, 1)
	if b.Passes > 2 {
		d.refine(k.told[:n], b.Width, b, refinement, 1)
	}
	for i, t := range k.told[:n] {
		if v := &k.values[i]; !v.zero() {
			*v = v.up(1).plus(int64(t - told))
		} else if t != 0 {
			*v = Magnitude{Lo: 3, Negative: t < 0}
		}
	}
}

// told is what a significant sample is for the refinement passes, which are run in a plane of their own, plane 1: they make 3 or 5 of it, and 3 or -3 of a sample
// that was not significant.
const told = 4

// lowered undoes the shift of a region of interest for a number of half steps. Beside a region there are no more than 37 bit planes; what a damaged block has
// above the 62nd falls out.
func (m Magnitude) lowered(shift uint) int64 {
	if low := m.down(shift); !low.down(1).zero() { // in the region
		if low.up(shift) != m {
			low.Lo |= 1
		}
		m = low
	}
	v := int64(m.Lo & math.MaxInt64)
	if m.Negative {
		return -v
	}
	return v
}

// wideMagnitudes is magnitudes for any number of bit planes (T.814 7.3.7 and 7.3.8).
func (d *Decoder) wideMagnitudes(b *Block, stream []byte) error {
	k := d.wide
	most, err := forward(k.bits[:], stream, 0xFF, true)
	if err != nil {
		return err
	}
	k.pos = 0
	clear(k.exponents[0][:b.Width+3])
	clear(k.values[:b.Width*b.Height])
	for r := range (b.Height + 1) / 2 {
		above, own := &k.exponents[r&1], &k.exponents[1-r&1]
		clear(own[:b.Width+3])
		for q, info := range d.quads[r*d.across:][:(b.Width+1)/2] {
			if info&0xF0 == 0 {
				continue
			}
			if err := k.quad(b, info, q, r, above, own); err != nil {
				return err
			}
		}
		if k.pos > most+8 { // an encoder may leave out a last byte FF (T.814 7.1.2)
			return fmt.Errorf("%w: it ends within its magnitudes", ErrData)
		}
	}
	return nil
}

// quad reads the quad at column 2*q and row 2*r, and the exponents of the quads above, and writes its own.
func (k *wide) quad(b *Block, info uint32, q, r int, above, own *[1028]uint8) error {
	u := uint(info>>16) + 1
	if rho := info & 0xF0; rho&(rho-0x10) != 0 {
		e := above[2*q:][:4] // from the lower right sample of the quad to the upper left to the lower left of that to the upper right
		u += uint(max(2, e[0], e[1], e[2], e[3])) - 2
	}
	if u > uint(b.Missing)+2 {
		return fmt.Errorf("%w: an exponent is above its missing bit planes", ErrData)
	}
	for n := range 4 {
		sample := info >> n
		if sample>>4&1 == 0 {
			continue
		}
		x, y := 2*q+n/2, 2*r+n%2
		if x >= b.Width || y >= b.Height {
			return fmt.Errorf("%w: a sample beyond its edge is significant", ErrData)
		}
		v := k.sample(u-uint(sample>>12&1), uint64(sample>>8&1))
		if n&1 == 1 {
			own[x+1] = uint8(v.len())
		}
		k.values[y*b.Width+x] = v.plus(2)
	}
	return nil
}

// sample takes the n bits of 2(mu-1)+s that MagSgn has, up to 76, and returns 2 mu - 1; top is bit n.
func (k *wide) sample(n uint, top uint64) (m Magnitude) {
	if n < 57 {
		w := at(k.bits[:], k.pos)
		m = Magnitude{Lo: w&(1<<n-1) | top<<n | 1, Negative: w&1 == 1}
	} else {
		low, high := at(k.bits[:], k.pos), at(k.bits[:], k.pos+38)
		m = Magnitude{Lo: high&(1<<(n-38)-1) | top<<(n-38), Negative: low&1 == 1}.up(38)
		m.Lo |= low&(1<<38-1) | 1
	}
	k.pos += n
	return m
}
