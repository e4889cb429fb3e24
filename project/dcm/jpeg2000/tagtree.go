package jpeg2000

import "fmt"

// tagTree is both tag trees of a precinct in one subband, which have the same shape: from which layer on its code-blocks are included and how many bit planes they
// lack, coded from coarse to fine (T.800 B.10.2). Its tagNodes nodes are numbered from first on, leaves before what is above them.
type tagTree struct {
	nodes *pages[tagNode]
	first uint32
	wide  int // leaves in a row
	high  int
}

// tagNode is the least of the leaves below it. The zero value is one of which nothing is known.
type tagNode struct {
	layer uint16 // it is at least this; exactly this if known
	known bool
	lack  uint8 // bit planes, and 1; 0 if unknown
}

// tagNodes returns how many nodes a tree over so many leaves has.
func tagNodes(wide, high int) int {
	n := 0
	for {
		n += wide * high
		if wide <= 1 && high <= 1 {
			return n
		}
		wide, high = (wide+1)/2, (high+1)/2
	}
}

// path is the way from a leaf to the root.
type path struct {
	nodes [20]uint32
	count int
}

func (t *tagTree) path(x, y int) (p path) {
	at, wide, high := int(t.first), t.wide, t.high
	for {
		p.nodes[p.count] = uint32(at + y*wide + x)
		p.count++
		if wide <= 1 && high <= 1 {
			return p
		}
		at += wide * high
		wide, high, x, y = (wide+1)/2, (high+1)/2, x/2, y/2
	}
}

// before reads until it is known whether leaf x, y is included before the given layer, and returns that. Layers come in their order.
func (t *tagTree) before(r *headerBits, x, y int, layer uint16) bool {
	p, low, known := t.path(x, y), uint16(0), false
	for i := p.count - 1; i >= 0; i-- {
		n := t.nodes.at(p.nodes[i])
		low = max(low, n.layer)
		for low < layer && !n.known {
			if r.bit() != 0 {
				n.known = true
			} else {
				low++
			}
		}
		n.layer, known = low, n.known
	}
	return known
}

// lacking reads how many bit planes leaf x, y lacks.
func (t *tagTree) lacking(r *headerBits, x, y int) (int, error) {
	p, low := t.path(x, y), 0
	for i := p.count - 1; i >= 0; i-- {
		n := t.nodes.at(p.nodes[i])
		if n.lack > 0 {
			low = int(n.lack) - 1
			continue
		}
		for r.bit() == 0 {
			if low++; low > 127 || r.short {
				return 0, fmt.Errorf("%w: a code-block without bit planes", ErrData)
			}
		}
		n.lack = uint8(low + 1)
	}
	return low, nil
}
