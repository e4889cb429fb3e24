package jpeg

// The constants of the transform, times 2^13.
const (
	fix0298631336 = 2446
	fix0390180644 = 3196
	fix0541196100 = 4433
	fix0765366865 = 6270
	fix0899976223 = 7373
	fix1175875602 = 9633
	fix1501321110 = 12299
	fix1847759065 = 15137
	fix1961570560 = 16069
	fix2053119869 = 16819
	fix2562915447 = 20995
	fix3072711026 = 25172
)

const constBits = 13

// transform is the inverse cosine transform of one block. It writes 8 x 8 samples, shifted to begin at 0 and cut to precision bits, to plane, whose rows are
// stride apart. b is overwritten.
//
// Source: C. Loeffler, A. Ligtenberg, G. Moschytz, "Practical fast 1-D DCT algorithms with 11 multiplications", ICASSP 1989, in the scaling and with
// the rounding of IJG's jidctint.c.
func transform(b *[64]int32, plane []uint16, stride, precision int) {
	pass := uint(2) // fraction bits between the passes
	if precision > 8 {
		pass = 1
	}
	for x := range 8 {
		if b[x+8]|b[x+16]|b[x+24]|b[x+32]|b[x+40]|b[x+48]|b[x+56] == 0 {
			v := b[x] << pass
			b[x], b[x+8], b[x+16], b[x+24], b[x+32], b[x+40], b[x+48], b[x+56] = v, v, v, v, v, v, v, v
			continue
		}
		even0, even1, even2, even3 := even(b[x], b[x+16], b[x+32], b[x+48])
		odd0, odd1, odd2, odd3 := odd(b[x+8], b[x+24], b[x+40], b[x+56])
		shift := constBits - pass
		half := int32(1) << (shift - 1)
		b[x], b[x+56] = (even0+odd0+half)>>shift, (even0-odd0+half)>>shift
		b[x+8], b[x+48] = (even1+odd1+half)>>shift, (even1-odd1+half)>>shift
		b[x+16], b[x+40] = (even2+odd2+half)>>shift, (even2-odd2+half)>>shift
		b[x+24], b[x+32] = (even3+odd3+half)>>shift, (even3-odd3+half)>>shift
	}
	most, middle := int32(1)<<precision-1, int32(1)<<(precision-1)
	shift := constBits + pass + 3
	half := int32(1) << (shift - 1)
	for y := range 8 {
		in, out := (*[8]int32)(b[8*y:]), (*[8]uint16)(plane[y*stride:])
		even0, even1, even2, even3 := even(in[0], in[2], in[4], in[6])
		odd0, odd1, odd2, odd3 := odd(in[1], in[3], in[5], in[7])
		out[0], out[7] = clamp((even0+odd0+half)>>shift+middle, most), clamp((even0-odd0+half)>>shift+middle, most)
		out[1], out[6] = clamp((even1+odd1+half)>>shift+middle, most), clamp((even1-odd1+half)>>shift+middle, most)
		out[2], out[5] = clamp((even2+odd2+half)>>shift+middle, most), clamp((even2-odd2+half)>>shift+middle, most)
		out[3], out[4] = clamp((even3+odd3+half)>>shift+middle, most), clamp((even3-odd3+half)>>shift+middle, most)
	}
}

// even is the half of a transform that takes coefficients 0, 2, 4, 6.
func even(c0, c2, c4, c6 int32) (e0, e1, e2, e3 int32) {
	z := (c2 + c6) * fix0541196100
	t2, t3 := z-c6*fix1847759065, z+c2*fix0765366865
	t0, t1 := (c0+c4)<<constBits, (c0-c4)<<constBits
	return t0 + t3, t1 + t2, t1 - t2, t0 - t3
}

// odd is the half of a transform that takes coefficients 1, 3, 5, 7.
func odd(c1, c3, c5, c7 int32) (o0, o1, o2, o3 int32) {
	z3, z4 := c7+c3, c5+c1
	z5 := (z3 + z4) * fix1175875602
	z1, z2 := -(c7+c1)*fix0899976223, -(c5+c3)*fix2562915447
	z3, z4 = z5-z3*fix1961570560, z5-z4*fix0390180644
	o3, o2 = c7*fix0298631336+z1+z3, c5*fix2053119869+z2+z4
	o1, o0 = c3*fix3072711026+z2+z3, c1*fix1501321110+z1+z4
	return o0, o1, o2, o3
}

func clamp(v, most int32) uint16 { return uint16(max(0, min(v, most))) }

// flat is transform of a block that has nothing but its first coefficient.
func flat(first int32, plane []uint16, stride, precision int) {
	v := clamp((first+4)>>3+1<<(precision-1), 1<<precision-1)
	for y := range 8 {
		out := (*[8]uint16)(plane[y*stride:])
		*out = [8]uint16{v, v, v, v, v, v, v, v}
	}
}
