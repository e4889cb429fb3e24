package dcmtest

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
)

// Mutate returns b with one to three faults. b is not changed. The result is at most about 20 kB longer than b.
func Mutate(r *rand.Rand, b []byte) []byte {
	m := &mutant{r: r, b: bytes.Clone(b)}
	for range 1 + r.IntN(3) {
		if len(m.b) < 16 {
			break
		}
		faults[r.IntN(len(faults))](m)
	}
	return m.b
}

// mutant is a file that is being damaged.
type mutant struct {
	r *rand.Rand
	b []byte
}

var faults = []func(m *mutant){
	(*mutant).bit, (*mutant).byte, (*mutant).cut, (*mutant).extreme, (*mutant).move, (*mutant).leave, (*mutant).twice,
	(*mutant).length, (*mutant).length, (*mutant).nest, (*mutant).fragment, (*mutant).shape,
}

// place is where a fault goes: near the front, where the header can mislead a reader, as often as anywhere.
func (m *mutant) place() int {
	if m.r.IntN(2) > 0 {
		return m.r.IntN(min(len(m.b), 4096))
	}
	return m.r.IntN(len(m.b))
}

func (m *mutant) bit()  { m.b[m.place()] ^= 1 << m.r.IntN(8) }
func (m *mutant) byte() { m.b[m.place()] = byte(m.r.Uint32()) }
func (m *mutant) cut()  { m.b = m.b[:max(m.place(), 1)] }

// extreme writes a length or a tag of extremes.
func (m *mutant) extreme() {
	values := [][]byte{{0xFF, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0xFF, 0xFF}, {0xFE, 0xFF, 0x00, 0xE0}, {0xFE, 0xFF, 0x0D, 0xE0}, {0xFE, 0xFF, 0xDD, 0xE0}, {0, 0, 0, 0}, {0xFF, 0xFF, 0xFF, 0x7F}}
	copy(m.b[m.place():], values[m.r.IntN(len(values))])
}

// move copies a piece over another place.
func (m *mutant) move() {
	n := m.place()
	copy(m.b[m.place():], m.b[n:min(len(m.b), n+m.r.IntN(200))])
}

// leave takes a piece out.
func (m *mutant) leave() {
	n := m.place()
	m.b = append(m.b[:n], m.b[min(len(m.b), n+1+m.r.IntN(100)):]...)
}

// twice puts a piece in once more.
func (m *mutant) twice() {
	n := m.place()
	m.insert(n, m.b[n:min(len(m.b), n+m.r.IntN(300))])
}

func (m *mutant) insert(at int, piece []byte) { m.b = slices.Insert(m.b, at, bytes.Clone(piece)...) }

// element returns where an element with its value representation stands, near the front or anywhere; any even place where there is none.
func (m *mutant) element() int {
	start := m.place()
	for n := start &^ 1; n+8 <= len(m.b) && n < start+2000; n += 2 {
		if a, b := m.b[n+4], m.b[n+5]; a >= 'A' && a <= 'U' && b >= 'A' && b <= 'W' && m.b[n+1] == 0 {
			return n
		}
	}
	return start &^ 1
}

// length edits the length of an element or item.
func (m *mutant) length() {
	n := m.element()
	if at := bytes.Index(m.b[n:], []byte{0xFE, 0xFF, 0x00, 0xE0}); at >= 0 && m.r.IntN(3) == 0 {
		n += at
	}
	at := []int{4, 6, 8}[m.r.IntN(3)]
	if n+at+4 > len(m.b) {
		return
	}
	v := binary.LittleEndian.Uint32(m.b[n+at:])
	switch m.r.IntN(4) {
	case 0:
		v += uint32(m.r.IntN(9)) - 4
	case 1:
		v = uint32(m.r.IntN(2 * len(m.b)))
	case 2:
		v = m.r.Uint32()
	default:
		v ^= 1 << m.r.IntN(32)
	}
	if at == 6 {
		binary.LittleEndian.PutUint16(m.b[n+at:], uint16(v))
		return
	}
	binary.LittleEndian.PutUint32(m.b[n+at:], v)
}

// nest puts sequences within sequences before an element: some, or more than any reader's stack should bear; closed again or not.
func (m *mutant) nest() {
	depth := 1 + m.r.IntN(30)
	if m.r.IntN(4) == 0 {
		depth = 500
	}
	private := m.r.IntN(2) == 0
	open := []byte("\x08\x00\x40\x11SQ\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF")
	if private {
		open = []byte("\x09\x00\x40\x11UN\x00\x00\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF")
	}
	if m.r.IntN(4) == 0 { // implicit
		open = slices.Delete(open, 4, 8)
	}
	piece := bytes.Repeat(open, depth)
	if m.r.IntN(2) == 0 {
		piece = append(piece, bytes.Repeat([]byte("\xFE\xFF\x0D\xE0\x00\x00\x00\x00\xFE\xFF\xDD\xE0\x00\x00\x00\x00"), depth)...)
	}
	m.insert(m.element(), piece)
}

// fragment inserts an item, empty, of its own or a copy of another, before an item: in compressed pixels that is a fragment too many.
func (m *mutant) fragment() {
	var items []int
	for at := 0; at+8 <= len(m.b) && len(items) < 1000; at++ {
		n := bytes.Index(m.b[at:], []byte{0xFE, 0xFF, 0x00, 0xE0})
		if n < 0 {
			break
		}
		at += n
		items = append(items, at)
	}
	if len(items) == 0 {
		return
	}
	at := items[m.r.IntN(len(items))]
	piece := []byte{0xFE, 0xFF, 0x00, 0xE0, 0, 0, 0, 0}
	switch m.r.IntN(3) {
	case 0:
		piece[4] = 8
		piece = append(piece, 0xFF, 0xD8, 0xFF, 0xD9, 1, 2, 3, 4)
	case 1:
		from := items[m.r.IntN(len(items))]
		if from+8 <= len(m.b) {
			length := int64(binary.LittleEndian.Uint32(m.b[from+4:]))
			piece = m.b[from:min(int64(len(m.b)), int64(from)+8+min(length, 16<<10))]
		}
	}
	m.insert(at, piece)
}

// shape edits an element of group 0028: rows, columns, bits, frames.
func (m *mutant) shape() {
	var found []int
	for n := 0; n+12 <= len(m.b) && n < 16<<10; n += 2 {
		if m.b[n] == 0x28 && m.b[n+1] == 0 && m.b[n+3] <= 1 {
			found = append(found, n)
		}
	}
	if len(found) == 0 {
		return
	}
	n := found[m.r.IntN(len(found))]
	if m.b[n+2] == 8 && m.r.IntN(4) > 0 { // a number of frames is text, as long as the writer likes
		digits := []byte("          ")
		for i := range 1 + m.r.IntN(10) {
			digits[i] = "0123456789 -"[m.r.IntN(12)]
		}
		if m.b[n+4] == 'I' {
			m.b[n+6], m.b[n+7] = byte(len(digits)), 0
			m.b = append(m.b[:n+8], append(digits, m.b[min(len(m.b), n+10):]...)...)
		}
		return
	}
	v := []uint16{0, 1, 2, 3, 8, 12, 16, 32, 64, 100, 4096, 32768, 65535, uint16(m.r.Uint32())}[m.r.IntN(14)]
	binary.LittleEndian.PutUint16(m.b[n+8:], v)
}
