package bundle

import "math/bits"

// paddedLen returns the length to which a plaintext of n bytes is padded: n rounded up to a sixteenth of the largest power of two not
// above it, and at least minPlaintext. It grows with n, so equal lengths in give equal lengths out and the true length stays blurred.
func paddedLen(n int64) int64 {
	if n <= minPlaintext {
		return minPlaintext
	}
	step := int64(1) << (bits.Len64(uint64(n)) - 1) / 16
	return (n + step - 1) / step * step
}
