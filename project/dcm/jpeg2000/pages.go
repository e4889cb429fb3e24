package jpeg2000

import "unsafe"

// pages hands out numbered elements of T that live until the next tile. None is moved when there are more of them, so that pointers to them hold. 0 is the number
// of none.
type pages[T any] struct {
	list []*[pageSize]T
	used int // numbers handed out, with 0
	paid int // pages that the picture has paid for
}

const (
	pageBits = 9
	pageSize = 1 << pageBits
)

func (p *pages[T]) at(n uint32) *T { return &p.list[n>>pageBits][n&(pageSize-1)] }

// take returns the first of n numbers in a row, whose elements are zero; 0 if room does not have what they take. What is used again for the next tile or picture is
// paid for once by each picture, so that what came before makes no difference.
func (p *pages[T]) take(n int, room *budget) uint32 {
	first := max(1, p.used)
	need := ceilDiv(first+n, pageSize)
	if need > 1<<(31-pageBits) || !room.take(max(0, need-p.paid)*int(unsafe.Sizeof([pageSize]T{})+unsafe.Sizeof(p.list[0]))) {
		return 0
	}
	p.paid = max(p.paid, need)
	for len(p.list) < need {
		p.list = append(p.list, new([pageSize]T))
	}
	p.used = first + n
	for at := first; at < p.used; {
		end := min(p.used, (at/pageSize+1)*pageSize)
		clear(p.list[at/pageSize][at%pageSize : (end-1)%pageSize+1])
		at = end
	}
	return uint32(first)
}

// reset takes all numbers back.
func (p *pages[T]) reset() { p.used = 0 }

// release does so at the end of a picture; pages beyond a few are given up.
func (p *pages[T]) release() {
	clear(p.list[min(len(p.list), keptPages):])
	p.list, p.used, p.paid = p.list[:min(len(p.list), keptPages)], 0, 0
}

// keptPages are kept for the next picture.
const keptPages = 64
