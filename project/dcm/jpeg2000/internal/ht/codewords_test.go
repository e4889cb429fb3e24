package ht

import "testing"

func TestCodewordsOfEachContextAreWholePrefixCodes(t *testing.T) {
	for table, words := range [][]Codeword{Codewords(true), Codewords(false)} {
		var room [8]int
		for _, w := range words {
			if w.Top&^w.Known != 0 || w.Known&^w.Significance != 0 || w.Offset == 0 && w.Known != 0 || int(w.Word)>>w.Length != 0 || w.Length < 1 || w.Length > 7 {
				t.Errorf("table %d: %+v contradicts itself", table, w)
			}
			if w.Significance == 0 && w.Context == 0 {
				t.Errorf("table %d: %+v is a quad that the MEL code tells", table, w)
			}
			room[w.Context] += 128 >> w.Length
			for _, v := range words {
				if n := min(w.Length, v.Length); v != w && v.Context == w.Context && (v.Word^w.Word)&(1<<n-1) == 0 {
					t.Errorf("table %d: %+v begins like %+v", table, w, v)
				}
			}
		}
		for context, n := range room {
			if n != 128 {
				t.Errorf("table %d: the words of context %d fill %d of 128", table, context, n)
			}
		}
	}
}

func TestEveryPatternHasAWord(t *testing.T) {
	for _, first := range []bool{true, false} {
		for context := range 8 {
			for rho := range 16 {
				if context == 0 && rho == 0 {
					continue
				}
				for epsilon := range 16 {
					if epsilon&^rho != 0 {
						continue
					}
					c := quad{rho: rho, epsilon: epsilon}
					if epsilon != 0 {
						c.u = 1
					}
					w := wordFor(first, context, &c)
					if w.Length == 0 {
						t.Errorf("first %v, context %d: no word for %04b with the largest at %04b", first, context, rho, epsilon)
					}
				}
			}
		}
	}
}
