package ht

// cleanup joins the three streams of the cleanup pass (T.814 7.1.1): MagSgn, MEL and VLC, the last from the end. The last byte of MEL
// and the first of VLC are one where they agree.
func (e *encoder) cleanup() []byte {
	e.mag.flush(0xFF)
	if n := len(e.mag.out); n > 0 && e.mag.out[n-1] == 0xFF {
		e.mag.out = e.mag.out[:n-1]
	}
	mel, vlc := &e.mel, &e.vlc
	if mel.run > 0 {
		mel.bit(1)
	}
	last, mask := mel.acc<<mel.left(), byte(0xFF)<<mel.left()
	if mel.n == 0 {
		last, mask = 0, 0
	}
	own := byte(1<<vlc.n - 1)
	both := last | byte(vlc.acc)
	switch {
	case mask|own == 0:
	case (both^last)&mask == 0 && (both^byte(vlc.acc))&own == 0 && both != 0xFF && len(vlc.out) > 0:
		mel.out = append(mel.out, both)
	default:
		mel.out = append(mel.out, last)
		vlc.out = append(vlc.out, byte(vlc.acc))
	}
	out := append(e.mag.out, mel.out...)
	out = appendReversed(out, vlc.out)
	out = append(out, 0) // the byte of Scup, which counts as FF until now
	n := len(mel.out) + len(vlc.out) + 1
	out[len(out)-1] = byte(n >> 4)
	out[len(out)-2] = out[len(out)-2]&0xF0 | byte(n&15)
	return out
}

func (e *encoder) significant(x, y int) bool {
	return x >= 0 && y >= 0 && x < e.w && y < e.h && e.sigma[y*e.w+x]
}

// propagate writes the significance propagation pass, sample by sample as T.814 7.4 tells it.
func (e *encoder) propagate(src []Magnitude, stride, plane int, causal bool, out *forwardWriter) {
	now := make([]bool, e.w*e.h) // significant by this pass or the one before
	copy(now, e.sigma)
	for y0 := 0; y0 < e.h; y0 += 4 {
		for x0 := 0; x0 < e.w; x0 += 4 {
			var signs []uint64
			for x := x0; x < min(x0+4, e.w); x++ {
				for y := y0; y < min(y0+4, e.h); y++ {
					if e.significant(x, y) || !e.near(now, x, y, y0, causal) {
						continue
					}
					v := src[y*stride+x]
					bit := v.bit(plane - 1)
					out.put(bit, 1)
					if bit == 1 {
						now[y*e.w+x] = true
						signs = append(signs, v.sign())
					}
				}
			}
			for _, s := range signs {
				out.put(s, 1)
			}
		}
	}
}

// near reports whether a neighbour of (x, y), in the stripe that begins at y0, is significant.
func (e *encoder) near(now []bool, x, y, y0 int, causal bool) bool {
	for ny := max(0, y-1); ny <= min(y+1, e.h-1); ny++ {
		if causal && ny >= y0+4 {
			break
		}
		for nx := max(0, x-1); nx <= min(x+1, e.w-1); nx++ {
			if now[ny*e.w+nx] {
				return true
			}
		}
	}
	return false
}

// refine writes the magnitude refinement pass.
func (e *encoder) refine(src []Magnitude, stride, plane int, out *backWriter) {
	for y0 := 0; y0 < e.h; y0 += 4 {
		for x := range e.w {
			for y := y0; y < min(y0+4, e.h); y++ {
				if e.significant(x, y) {
					out.put(src[y*stride+x].bit(plane-1), 1)
				}
			}
		}
	}
}
