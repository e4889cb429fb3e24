package jpeg2000

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

// transitions has the state word after the more [0] and the less [1] probable symbol, by the lowest byte of the one before.
var transitions = makeTransitions()

func makeTransitions() (t [2][256]uint32) {
	for n, s := range states {
		for sense := range uint32(2) {
			t[0][2*uint32(n)+sense] = stateWord(s.more, sense)
			after := sense
			if s.switches {
				after ^= 1
			}
			t[1][2*uint32(n)+sense] = stateWord(s.less, after)
		}
	}
	return t
}

func stateWord(n uint8, sense uint32) uint32 {
	return uint32(states[n].qe)<<16 | uint32(n)<<1 | sense
}

func firstState(n uint8) uint32 { return stateWord(n, 0) }
