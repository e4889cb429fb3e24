package metrics

import "hotlight/project/distance"

// voxelBorder returns the voxels of a mask that have a neighbour outside it: across a face (4 neighbours in a plane, 6 in space), or, full, across an
// edge or a corner too (8 and 26). What is outside the grid is outside the mask.
func voxelBorder(m *distance.Bits, full, planar bool) *distance.Bits {
	out := distance.NewBits(m.Size)
	inner := make([]uint64, m.Words)
	scratch := make([]uint64, m.Words)
	for k := range m.Size[2] {
		for j := range m.Size[1] {
			row := m.Row(j, k)
			copy(inner, row)
			if full {
				erodeFull(m, j, k, planar, inner, scratch)
			} else {
				erodeFace(m, j, k, planar, inner)
			}
			for n, into := 0, out.Row(j, k); n < len(into); n++ {
				into[n] = row[n] &^ inner[n]
			}
		}
	}
	return out
}

// erodeFace takes out of inner what lacks one of its face neighbours.
func erodeFace(m *distance.Bits, j, k int, planar bool, inner []uint64) {
	row := m.Row(j, k)
	for n := range inner {
		inner[n] &= left(row, n) & right(row, n)
	}
	and(inner, m.Row(j-1, k))
	and(inner, m.Row(j+1, k))
	if !planar {
		and(inner, m.Row(j, k-1))
		and(inner, m.Row(j, k+1))
	}
}

// erodeFull takes out of inner what lacks one of its 8 or 26 neighbours: the rows around are intersected first, then their columns.
func erodeFull(m *distance.Bits, j, k int, planar bool, inner, scratch []uint64) {
	copy(scratch, inner)
	for dk := -1; dk <= 1; dk++ {
		for dj := -1; dj <= 1 && !(planar && dk != 0); dj++ {
			and(scratch, m.Row(j+dj, k+dk))
		}
	}
	for n := range inner {
		inner[n] = scratch[n] & left(scratch, n) & right(scratch, n)
	}
}

// left returns word n of the row moved so that each bit shows its neighbour at the lower column, right at the higher one.
func left(row []uint64, n int) uint64 {
	word := row[n] << 1
	if n > 0 {
		word |= row[n-1] >> 63
	}
	return word
}

func right(row []uint64, n int) uint64 {
	word := row[n] >> 1
	if n+1 < len(row) {
		word |= row[n+1] << 63
	}
	return word
}

// and intersects with a row; nil is an empty one.
func and(into, row []uint64) {
	if row == nil {
		clear(into)
		return
	}
	for n := range into {
		into[n] &= row[n]
	}
}
