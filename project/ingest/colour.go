package ingest

import (
	"encoding/binary"

	"hotlight/project"
	"hotlight/project/dcm"
)

// checkColour refuses colour that has no 8-bit RGB form here.
func (x *instance) checkColour() error {
	p := x.format
	if !x.colour() {
		return nil
	}
	switch p.Photometric {
	case "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_RCT", "YBR_ICT":
		if p.Samples == 3 && p.BitsAllocated == 8 {
			return nil
		}
	case "PALETTE COLOR":
		if p.Samples == 1 && (p.BitsAllocated == 8 || p.BitsAllocated == 16) {
			return nil
		}
	}
	return project.Errorf(project.Unsupported, "colour of the form %q with %d samples of %d bits is not shown yet", p.Photometric, p.Samples, p.BitsAllocated)
}

// palette maps a stored value to a colour. Entry 0 belongs to the stored value first; values outside take the end entries.
type palette struct {
	first  int
	colour [][3]byte
}

// readPalette reads the three tables of PALETTE COLOR (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6). 16-bit entries keep their upper 8 bits.
func readPalette(d *dcm.DataSet) (*palette, error) {
	p := &palette{}
	for c, tags := range [3][2]dcm.Tag{
		{dcm.RedPaletteColorLookupTableDescriptor, dcm.RedPaletteColorLookupTableData},
		{dcm.GreenPaletteColorLookupTableDescriptor, dcm.GreenPaletteColorLookupTableData},
		{dcm.BluePaletteColorLookupTableDescriptor, dcm.BluePaletteColorLookupTableData},
	} {
		entries, first, err := readTable(d, tags[0], tags[1])
		if err != nil {
			return nil, err
		}
		if p.colour == nil {
			p.first, p.colour = first, make([][3]byte, len(entries))
		}
		if len(entries) != len(p.colour) {
			return nil, project.Errorf(project.Invalid, "the palette has tables of different lengths")
		}
		wide := false
		for _, v := range entries {
			wide = wide || v > 255
		}
		for n, v := range entries {
			if wide { // some writers declare 16 bits and store 8
				v >>= 8
			}
			p.colour[n][c] = byte(v)
		}
	}
	return p, nil
}

func (p *palette) at(stored int) [3]byte {
	return p.colour[max(0, min(stored-p.first, len(p.colour)-1))]
}

// paint writes the colours of canonical samples src (8 or 16 bits) to dst, three bytes a pixel.
func (p *palette) paint(dst, src []byte, format dcm.PixelFormat) {
	for n := range len(dst) / 3 {
		var v int
		switch {
		case format.BitsAllocated == 16 && format.Signed:
			v = int(int16(binary.LittleEndian.Uint16(src[2*n:])))
		case format.BitsAllocated == 16:
			v = int(binary.LittleEndian.Uint16(src[2*n:]))
		case format.Signed:
			v = int(int8(src[n]))
		default:
			v = int(src[n])
		}
		c := p.at(v)
		dst[3*n], dst[3*n+1], dst[3*n+2] = c[0], c[1], c[2]
	}
}
