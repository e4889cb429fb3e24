package encode

// Wrap puts a codestream of m into a JP2 file (annex I): signature, file type, image header, colour space (grey, sRGB or unknown), codestream.
func Wrap(m *Image, stream []byte) []byte {
	out := box(nil, "jP  ", []byte{0x0D, 0x0A, 0x87, 0x0A})
	out = box(out, "ftyp", []byte("jp2 \x00\x00\x00\x00jp2 "))
	header := be.AppendUint32(be.AppendUint32(nil, uint32(m.Y1-m.Y0)), uint32(m.X1-m.X0))
	header = be.AppendUint16(header, uint16(len(m.Components)))
	depth, each := byte(0), []byte(nil)
	for i, c := range m.Components {
		b := flag(c.Signed)<<7 | byte(c.Bits-1)
		if each = append(each, b); i == 0 {
			depth = b
		} else if b != depth {
			depth = 255
		}
	}
	header = append(header, depth, 7, 0, 0)
	inner := box(nil, "ihdr", header)
	if depth == 255 {
		inner = box(inner, "bpcc", each)
	}
	space := uint32(17)
	if len(m.Components) >= 3 {
		space = 16
	}
	inner = box(inner, "colr", be.AppendUint32([]byte{1, 0, 0}, space))
	return box(box(out, "jp2h", inner), "jp2c", stream)
}

func box(out []byte, kind string, body []byte) []byte {
	out = be.AppendUint32(out, uint32(8+len(body)))
	return append(append(out, kind...), body...)
}
