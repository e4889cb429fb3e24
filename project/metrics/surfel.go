package metrics

import (
	"math"

	"hotlight/project/distance"
)

// A surface element lies in a cell: the box between the centres of 2 x 2 x 2 voxels (2 x 2 in a plane). Its code has one bit a corner, bit
// 4c+2b+a being the voxel at column a, row b, slice c of the cell. Cell (i, j, k) of the half-voxel grid has the voxels i-1 and i, and so on,
// what is outside the grid being outside the mask: a mask that touches the border of the image has a surface there.

// surfels returns the cells that a mask's surface passes through, on a grid one larger than the mask's, and each one's code in the order in
// which Bits.Each visits them.
func surfels(m *distance.Bits, planar bool) (*distance.Bits, []uint8) {
	size := [3]int{m.Size[0] + 1, m.Size[1] + 1, m.Size[2] + 1}
	if planar {
		size[2] = 1
	}
	out := distance.NewBits(size)
	var codes []uint8
	var rows [4][]uint64 // (b, c) at 2c+b, as wide as the cells' rows
	for n := range rows {
		rows[n] = make([]uint64, out.Words)
	}
	for k := range size[2] {
		for j := range size[1] {
			for n := range rows {
				b, c := n&1, n>>1
				below := k - 1 + c
				if planar {
					below = k - c // c = 1 is outside: -1
				}
				clear(rows[n])
				copy(rows[n], m.Row(j-1+b, below))
			}
			codes = surfelRow(rows, out.Row(j, k), planar, codes)
		}
	}
	return out, codes
}

// surfelRow marks the cells of one row that have corners inside and outside, and appends their codes.
func surfelRow(rows [4][]uint64, into []uint64, planar bool, codes []uint8) []uint8 {
	used := 4
	if planar {
		used = 2
	}
	for n := range into {
		any, all := uint64(0), ^uint64(0)
		for _, r := range rows[:used] {
			before := left(r, n)
			any |= r[n] | before
			all &= r[n] & before
		}
		into[n] = any &^ all
		for word := into[n]; word != 0; word &= word - 1 {
			bit := word & -word
			code := uint8(0)
			for r, row := range rows[:used] {
				if left(row, n)&bit != 0 {
					code |= 1 << (2 * r)
				}
				if row[n]&bit != 0 {
					code |= 2 << (2 * r)
				}
			}
			codes = append(codes, code)
		}
	}
	return codes
}

// contourLengths returns the length of the contour through a planar cell by its code: half a diagonal around a single corner, a side between
// two and two, two half diagonals where opposite corners are inside.
func contourLengths(spacing [3]float64) (length [256]float64) {
	half := 0.5 * math.Hypot(spacing[0], spacing[1])
	for code := 1; code < 15; code++ {
		switch code {
		case 0b0011, 0b1100:
			length[code] = spacing[0]
		case 0b0101, 0b1010:
			length[code] = spacing[1]
		case 0b0110, 0b1001:
			length[code] = 2 * half
		default:
			length[code] = half
		}
	}
	return length
}
