package jpeg2000

import "math/bits"

// states is T.800 table C.2: Qe, the next state after the more and after the less probable symbol, and whether the latter switches their senses.
var states = [47]struct {
	qe         uint16
	more, less uint8
	switches   bool
}{
	{0x5601, 1, 1, true}, {0x3401, 2, 6, false}, {0x1801, 3, 9, false}, {0x0AC1, 4, 12, false},
	{0x0521, 5, 29, false}, {0x0221, 38, 33, false}, {0x5601, 7, 6, true}, {0x5401, 8, 14, false},
	{0x4801, 9, 14, false}, {0x3801, 10, 14, false}, {0x3001, 11, 17, false}, {0x2401, 12, 18, false},
	{0x1C01, 13, 20, false}, {0x1601, 29, 21, false}, {0x5601, 15, 14, true}, {0x5401, 16, 14, false},
	{0x5101, 17, 15, false}, {0x4801, 18, 16, false}, {0x3801, 19, 17, false}, {0x3401, 20, 18, false},
	{0x3001, 21, 19, false}, {0x2801, 22, 19, false}, {0x2401, 23, 20, false}, {0x2201, 24, 21, false},
	{0x1C01, 25, 22, false}, {0x1801, 26, 23, false}, {0x1601, 27, 24, false}, {0x1401, 28, 25, false},
	{0x1201, 29, 26, false}, {0x1101, 30, 27, false}, {0x0AC1, 31, 28, false}, {0x09C1, 32, 29, false},
	{0x08A1, 33, 30, false}, {0x0521, 34, 31, false}, {0x0441, 35, 32, false}, {0x02A1, 36, 33, false},
	{0x0221, 37, 34, false}, {0x0141, 38, 35, false}, {0x0111, 39, 36, false}, {0x0085, 40, 37, false},
	{0x0049, 41, 38, false}, {0x0025, 42, 39, false}, {0x0015, 43, 40, false}, {0x0009, 44, 41, false},
	{0x0005, 45, 42, false}, {0x0001, 45, 43, false}, {0x5601, 46, 46, false},
}

// transitions has, by the lowest byte of a state word, what is to be inverted in it for the one after the more probable symbol [0], and what in that one for
// the one after the less probable symbol [1].
var transitions = makeTransitions()

func makeTransitions() (t [256][2]uint32) {
	for n, s := range states {
		for sense := range uint32(2) {
			now, more, after := stateWord(uint8(n), sense), stateWord(s.more, sense), sense
			if s.switches {
				after ^= 1
			}
			t[uint8(now)] = [2]uint32{now ^ more, more ^ stateWord(s.less, after)}
		}
	}
	return t
}

// stateWord is a context's state: Qe in the upper half, how many bits Qe is shifted when it becomes the interval, the number of the state, and the more
// probable symbol in the lowest bit.
func stateWord(n uint8, sense uint32) uint32 {
	qe := states[n].qe
	return uint32(qe)<<16 | uint32(bits.LeadingZeros16(qe))<<8 | uint32(n)<<1 | sense
}

func firstState(n uint8) uint32 { return stateWord(n, 0) }
