package jpegll

import "hotlight/project/dcm/internal/jpegstream"

// DecodeSigned is Decode for an oddity: some encoder of 16 bit samples took them as two's complement numbers when it predicted with the predictors that halve
// a difference or a sum (5 to 7), where T.81 H.1.2.1 has unsigned ones. Decode makes noise of its streams wherever a value below zero stands beside one above.
func DecodeSigned(dst, src []byte, shape jpegstream.Shape) (jpegstream.Header, error) {
	return decode(dst, src, shape, true)
}

// Selection returns the predictor of the first scan, 0 where there is none: whether DecodeSigned can differ from Decode.
func Selection(src []byte) int {
	s := jpegstream.Segments{Src: src}
	if s.Start() != nil {
		return 0
	}
	for {
		marker, body, err := s.Next()
		if err != nil || marker == jpegstream.EOI {
			return 0
		}
		if marker == jpegstream.SOS && len(body) >= 3 {
			return int(body[len(body)-3])
		}
	}
}

// predictSigned is predict for the predictors 5 to 7 of DecodeSigned.
func predictSigned(row, above []uint16, components, selection int) {
	for c := range components {
		row[c] += above[c]
		a, up := int16(row[c]), int16(above[c])
		for i := c + components; i < len(row); i += components {
			b, d := int16(above[i]), row[i]
			switch selection {
			case 5:
				d += uint16(a) + uint16((int32(b)-int32(up))>>1)
			case 6:
				d += uint16(b) + uint16((int32(a)-int32(up))>>1)
			default:
				d += uint16((int32(a) + int32(b)) >> 1)
			}
			row[i] = d
			a, up = int16(d), b
		}
	}
}
