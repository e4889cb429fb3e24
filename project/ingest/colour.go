package ingest

import (
	"encoding/binary"

	"hotlight/project"
	"hotlight/project/dcm"
)

// checkColour refuses colour that has no RGB form here.
func (x *instance) checkColour() error {
	p := x.format
	if !x.colour() {
		return nil
	}
	switch p.Photometric {
	case "RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_RCT", "YBR_ICT":
		if p.Samples == 3 && p.BitsAllocated >= 8 && p.BitsAllocated <= 32 && !p.Float {
			return nil
		}
	case "PALETTE COLOR":
		if p.Samples == 1 && p.BitsAllocated <= 16 {
			return nil
		}
	}
	return project.Errorf(project.Unsupported, "colour of the form %q with %d samples of %d bits is not shown", p.Photometric, p.Samples, p.BitsAllocated)
}

// readColour checks the palette, and says what of the file's colours is not shown.
func (x *instance) readColour(d *dcm.DataSet) {
	switch {
	case x.format.Photometric == "PALETTE COLOR":
		_, note, err := readPalette(d, x.format.Signed)
		switch {
		case err != nil && x.decode == nil:
			x.decode = err
		case note != "":
			x.warn(project.WarnRead, "The palette %s.", note)
		}
	case x.format.Samples == 1 && d.Has(dcm.RedPaletteColorLookupTableDescriptor) && text(d, tagPixelPresentation) != "MONOCHROME":
		x.warn(project.WarnRead, "The file gives colours to some of its values (a supplemental palette). Only its greys are shown.")
	}
}

// toRGB8 writes decoded samples as 8-bit RGB. Samples of more than 8 bits keep their upper 8, those of fewer are spread over 0 to 255, signed ones
// are moved up by half their range first.
func toRGB8(dst, src []byte, p dcm.PixelFormat) error {
	if err := toEightBits(dst, src, p); err != nil {
		return err
	}
	fromYBR(dst, p.Photometric)
	return nil
}

// fromYBR converts interleaved samples of 8 bits to RGB in place. YBR_RCT and YBR_ICT come out of their codec as RGB.
func fromYBR(b []byte, photometric string) {
	switch photometric {
	case "YBR_FULL", "YBR_FULL_422":
		dcm.RGBFromYBR(b)
	case "YBR_PARTIAL_422":
		rgbFromPartial(b)
	}
}

func toEightBits(dst, src []byte, p dcm.PixelFormat) error {
	lift := uint32(0)
	if p.Signed {
		lift = 1 << (p.BitsStored - 1)
	}
	mask := uint32(1)<<p.BitsStored - 1
	width := p.SampleBytes()
	for n := range dst {
		var v uint32
		switch at := src[n*width:]; width {
		case 1:
			v = uint32(at[0])
		case 2:
			v = uint32(binary.LittleEndian.Uint16(at))
		case 4:
			v = binary.LittleEndian.Uint32(at)
		default:
			return project.Errorf(project.Unsupported, "colour of %d bits a sample", p.BitsAllocated)
		}
		v = (v + lift) & mask
		if p.BitsStored >= 8 {
			dst[n] = byte(v >> (p.BitsStored - 8))
		} else {
			dst[n] = byte((v*255 + mask/2) / mask)
		}
	}
	return nil
}

// rgbFromPartial converts interleaved YCbCr of 8 bits in studio range (luminance 16 to 235, chrominance 16 to 240) to RGB in place.
//
// Source: PS3.3 C.7.6.3.1.2, YBR_PARTIAL_422; ITU-R BT.601.
func rgbFromPartial(b []byte) {
	clamp := func(v int) byte { return byte(max(0, min(v, 255))) }
	for n := 0; n+3 <= len(b); n += 3 {
		y, cb, cr := (int(b[n])-16)*76309+1<<15, int(b[n+1])-128, int(b[n+2])-128
		b[n] = clamp((y + 104597*cr) >> 16)
		b[n+1] = clamp((y - 25675*cb - 53279*cr) >> 16)
		b[n+2] = clamp((y + 132201*cb) >> 16)
	}
}
