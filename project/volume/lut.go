package volume

import "math"

// LUT is a lookup table as DICOM has it (PS3.3 C.11.1.1, C.11.2.1.1, C.11.6.1): what it gives for whole values from First on. Values before
// and after take the end entries. It is read-only once made and may be shared between goroutines.
type LUT struct {
	First   int      // the value that the first entry belongs to; may be negative
	Bits    int      // of an entry, 1 to 16: its greatest value is 1<<Bits - 1
	Entries []uint16 // at least one
}

// Usable reports whether the table can be looked into.
func (l *LUT) Usable() bool { return len(l.Entries) > 0 && l.Bits >= 1 && l.Bits <= 16 }

// Last is the value that the last entry belongs to.
func (l *LUT) Last() int { return l.First + len(l.Entries) - 1 }

// At returns the entry of x; between whole values it lies on the straight line between their entries. Not-a-number gives the first entry.
func (l *LUT) At(x float64) float64 {
	at := x - float64(l.First)
	last := len(l.Entries) - 1
	switch {
	case !(at > 0):
		return float64(l.Entries[0])
	case at >= float64(last):
		return float64(l.Entries[last])
	}
	n, part := math.Modf(at)
	low, high := float64(l.Entries[int(n)]), float64(l.Entries[int(n)+1])
	return low + part*(high-low)
}

// Full is the greatest value an entry can have.
func (l *LUT) Full() float64 { return float64(int(1)<<l.Bits - 1) }
