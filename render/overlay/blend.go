package overlay

import (
	"encoding/binary"
	"image/color"
)

// blend lays one colour at one opacity over opaque pixels: (under*(256-a) + colour*a + 128) >> 8 for each channel, two channels at a time.
type blend struct {
	keep          uint32 // 256-a
	redBlue, rest uint32 // colour*a + 128, in the lanes 0x00ff00ff and 0x0000ff00 >> 8
}

func newBlend(c color.NRGBA) blend {
	a := (uint32(c.A)*256 + 127) / 255
	return blend{
		keep:    256 - a,
		redBlue: (uint32(c.R)|uint32(c.B)<<16)*a + 0x00800080,
		rest:    (uint32(c.G)|0xff<<16)*a + 0x00800080,
	}
}

// over returns colour over under. The alpha lane stays 255 because both sides have it.
func (b blend) over(under uint32) uint32 {
	rb := (under&0x00ff00ff)*b.keep + b.redBlue
	ga := (under>>8&0x00ff00ff)*b.keep + b.rest
	return rb>>8&0x00ff00ff | ga&0xff00ff00
}

// pixel blends over the first pixel of p, which has at least 4 bytes.
func (b blend) pixel(p []byte) {
	binary.LittleEndian.PutUint32(p, b.over(binary.LittleEndian.Uint32(p)))
}
