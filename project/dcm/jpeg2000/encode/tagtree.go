package encode

// tagTree writes numbers of blocks so that what is common to neighbours is written once (B.10.2).
type tagTree struct {
	levels []tagLevel // the leaves first
}

type tagLevel struct {
	across       int
	value, known []int // known: the number is known to be at least that
	told         []bool
}

// newTagTree makes the tree of the numbers that value gives.
func newTagTree(across, down int, value func(i int) int) (t tagTree) {
	l := tagLevel{across: across}
	for i := range across * down {
		l.value = append(l.value, value(i))
	}
	for {
		l.known, l.told = make([]int, len(l.value)), make([]bool, len(l.value))
		t.levels = append(t.levels, l)
		if len(l.value) <= 1 {
			return t
		}
		up := tagLevel{across: (l.across + 1) / 2}
		up.value = make([]int, up.across*((down+1)/2))
		for i := range up.value {
			up.value[i] = 1 << 40
		}
		for i, v := range l.value {
			j := i/l.across/2*up.across + i%l.across/2
			up.value[j] = min(up.value[j], v)
		}
		l, down = up, (down+1)/2
	}
}

// write tells whether the number of leaf i is below limit, and what it is if so.
func (t *tagTree) write(w *bitWriter, i, limit int) {
	low := 0
	for n := len(t.levels) - 1; n >= 0; n-- {
		l := &t.levels[n]
		across := t.levels[0].across
		j := i/across>>n*l.across + i%across>>n
		low = max(low, l.known[j])
		for low < limit && !l.told[j] {
			if l.value[j] <= low {
				w.bit(1)
				l.told[j] = true
				break
			}
			w.bit(0)
			low++
		}
		l.known[j] = low
		if l.told[j] {
			low = l.value[j]
			l.known[j] = low
		}
	}
}

// bitWriter writes a packet header; after a byte FF comes one of seven bits (B.10.1).
type bitWriter struct {
	out  []byte
	acc  byte
	free int
}

func (w *bitWriter) bit(v int) {
	if w.free == 0 {
		w.flushByte()
	}
	w.free--
	w.acc |= byte(v) << w.free
}

func (w *bitWriter) flushByte() {
	w.out = append(w.out, w.acc)
	w.free = 8
	if w.acc == 0xFF {
		w.free = 7
	}
	w.acc = 0
}

func (w *bitWriter) bits(v, n int) {
	for n--; n >= 0; n-- {
		w.bit(v >> n & 1)
	}
}

// finish returns the header. It does not end with a byte FF.
func (w *bitWriter) finish() []byte {
	w.flushByte()
	if w.out[len(w.out)-1] == 0xFF {
		w.out = append(w.out, 0)
	}
	return w.out
}
