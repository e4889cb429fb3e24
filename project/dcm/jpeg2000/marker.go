package jpeg2000

import "fmt"

// Markers (T.800 table A.2, T.814 A.2).
const (
	soc  = 0xFF4F
	capa = 0xFF50
	siz  = 0xFF51
	cod  = 0xFF52
	coc  = 0xFF53
	tlm  = 0xFF55
	plm  = 0xFF57
	plt  = 0xFF58
	cpf  = 0xFF59
	qcd  = 0xFF5C
	qcc  = 0xFF5D
	rgn  = 0xFF5E
	poc  = 0xFF5F
	ppm  = 0xFF60
	ppt  = 0xFF61
	crg  = 0xFF63
	com  = 0xFF64
	sot  = 0xFF90
	sop  = 0xFF91
	eph  = 0xFF92
	sod  = 0xFF93
	eoc  = 0xFFD9
)

// fields reads numbers from the body of a marker segment. After the first one that is missing, all are zero and short is true.
type fields struct {
	b     []byte
	short bool
}

func (f *fields) take(n int) int {
	if len(f.b) < n {
		f.b, f.short = nil, true
		return 0
	}
	v := 0
	for _, b := range f.b[:n] {
		v = v<<8 | int(b)
	}
	f.b = f.b[n:]
	return v
}

func (f *fields) uint8() int  { return f.take(1) }
func (f *fields) uint16() int { return f.take(2) }
func (f *fields) uint32() int { return f.take(4) }

// component reads a component's number: two bytes when there are more than 256 (T.800 table A.24).
func (f *fields) component(components int) int {
	if components > 256 {
		return f.uint16()
	}
	return f.uint8()
}

// uint16At returns the two bytes at off, -1 beyond the end.
func uint16At(b []byte, off int) int {
	if off < 0 || off+2 > len(b) {
		return -1
	}
	return int(b[off])<<8 | int(b[off+1])
}

// segment returns the body of the marker segment whose marker lies at off, and the offset after it. Markers from FF30 to FF3F, all reserved, stand alone
// (T.800 table A.1).
func segment(b []byte, off int) (body []byte, next int, err error) {
	if marker := uint16At(b, off); marker >= 0xFF30 && marker <= 0xFF3F {
		return nil, off + 2, nil
	}
	length := uint16At(b, off+2)
	if length < 0 || off+2+length > len(b) {
		return nil, 0, fmt.Errorf("%w: inside marker segment %04X", ErrTruncated, uint16At(b, off))
	}
	if length < 2 {
		return nil, 0, fmt.Errorf("%w: marker segment %04X has a length of %d", ErrHeader, uint16At(b, off), length)
	}
	return b[off+4 : off+2+length], off + 2 + length, nil
}
