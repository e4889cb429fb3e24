package dcm

import "fmt"

// Tag names an element: group in the upper 16 bits, element in the lower.
type Tag uint32

// String returns the form of the standard, such as (0028,0010).
func (t Tag) String() string { return fmt.Sprintf("(%04X,%04X)", uint32(t)>>16, uint32(t)&0xFFFF) }

// Group returns the upper half.
func (t Tag) Group() uint16 { return uint16(t >> 16) }

// Element returns the lower half.
func (t Tag) Element() uint16 { return uint16(t) }

// IsPrivate reports whether the group is odd: the meaning is then the vendor's.
func (t Tag) IsPrivate() bool { return t>>16&1 == 1 }

// Delimiters of sequences and items (PS3.5 7.5).
const (
	itemTag      Tag = 0xFFFEE000
	itemDelim    Tag = 0xFFFEE00D
	sequenceEnd  Tag = 0xFFFEE0DD
	delimiterSet     = 0xFFFE
)

// isPixels reports whether t is one of the three elements that hold pixels (PS3.3 C.7.6.3).
func isPixels(t Tag) bool { return t == PixelData || t == FloatPixelData || t == DoubleFloatPixelData }
