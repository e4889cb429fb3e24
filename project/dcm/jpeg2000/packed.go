package jpeg2000

import (
	"cmp"
	"fmt"
	"slices"
)

// packedHeaders are the bodies of PPM or PPT, each with its number (T.800 A.7.4, A.7.5).
type packedHeaders struct {
	list []packedHeader
}

type packedHeader struct {
	number int
	body   []byte
}

func (p *packedHeaders) add(body []byte) error {
	if len(body) < 1 {
		return fmt.Errorf("%w: PPM or PPT is empty", ErrHeader)
	}
	p.list = append(p.list, packedHeader{int(body[0]), body[1:]})
	return nil
}

// joined returns the bodies in the order of their numbers.
func (p *packedHeaders) joined() []byte {
	slices.SortStableFunc(p.list, func(a, b packedHeader) int { return cmp.Compare(a.number, b.number) })
	var all []byte
	for _, h := range p.list {
		all = append(all, h.body...)
	}
	return all
}

// chunks takes PPM apart into one piece for each tile part. A piece and even its length may go on in the next segment.
func (p *packedHeaders) chunks() ([][]byte, error) {
	all := p.joined()
	var out [][]byte
	for len(all) > 0 {
		f := fields{b: all}
		n := f.uint32()
		if f.short || n > len(f.b) {
			return nil, fmt.Errorf("%w: PPM declares %d bytes, %d are there", ErrHeader, n, len(f.b))
		}
		out = append(out, f.b[:n:n])
		all = f.b[n:]
	}
	return out, nil
}
