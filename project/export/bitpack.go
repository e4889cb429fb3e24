package export

import (
	"math/bits"

	"hotlight/project/segmentation"
)

// PackBits returns a mask's slices as the frames of a DICOM segmentation with one bit a pixel: least significant bit first, row after row, frames
// one after the other without padding between them, and a zero byte at the end where the length would be odd.
//
// Source: DICOM PS3.5 8.1.1 and D.2, PS3.3 C.8.20.2.
func PackBits(m *segmentation.Mask) []byte {
	size := m.Size()
	columns := size[0]
	total := (columns*size[1]*size[2] + 7) / 8
	out := make([]byte, total+total%2)
	row := make([]uint64, (columns+63)/64)
	for k := range size[2] {
		for j := range size[1] {
			if !m.Row(j, k, row) {
				continue
			}
			first := (k*size[1] + j) * columns
			for n, word := range row {
				for ; word != 0; word &= word - 1 {
					at := first + n*64 + bits.TrailingZeros64(word)
					out[at/8] |= 1 << (at % 8)
				}
			}
		}
	}
	return out
}
