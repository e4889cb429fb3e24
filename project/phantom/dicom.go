package phantom

import (
	"crypto/sha256"
	"fmt"
	"math/big"
)

// uid returns a UID under 2.25 that depends on seed and name only: a UUID of version 8 as a decimal number.
//
// Source: DICOM PS3.5 B.2; RFC 9562 section 5.8.
func uid(seed uint64, name string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "hotlight phantom %d %s", seed, name))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return "2.25." + new(big.Int).SetBytes(b).String()
}
