package volume

// Overlay is an overlay plane of one slice (PS3.3 C.9.2): graphics or a region, one bit a pixel, drawn over the picture at the will of the reader.
// It is read-only once a volume has it.
type Overlay struct {
	Group  uint16 // 0x6000 to 0x60FE, even: what tells planes apart
	Region bool   // the bits are a region of interest; otherwise graphics, such as text and reference marks
	Label  string // as in the file, may be empty
	// Column and Row are where its first pixel lies in the slice, zero-based; it may begin before the slice and reach past it.
	Column, Row   int
	Columns, Rows int
	Bits          []byte // Columns*Rows bits, row by row without padding, the least significant first
}

// At reports whether pixel (column, row) of the slice is set. It may be asked for any pixel, within the overlay or not.
func (o *Overlay) At(column, row int) bool {
	column, row = column-o.Column, row-o.Row
	if column < 0 || row < 0 || column >= o.Columns || row >= o.Rows {
		return false
	}
	n := row*o.Columns + column
	return n>>3 < len(o.Bits) && o.Bits[n>>3]>>(n&7)&1 == 1
}

// SetOverlays gives slice k its overlays. Call it before Arrive: readers see them from then on.
func (v *Volume) SetOverlays(k int, list []Overlay) {
	v.overlays[k] = list
}

// Overlays returns those of slice k, none while it has not arrived.
func (v *Volume) Overlays(k int) []Overlay {
	if k < 0 || k >= len(v.overlays) || !v.Arrived(k) {
		return nil
	}
	return v.overlays[k]
}
