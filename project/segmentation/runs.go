package segmentation

import (
	"encoding/binary"
	"math/bits"

	"hotlight/project"
)

// The forms of a brick in BRICKS.md.
const (
	formFull = 0
	formRuns = 1
	formRaw  = 2
)

func corrupt(format string, args ...any) error {
	return project.Errorf(project.Corrupt, format, args...)
}

// appendBrick writes a brick that is not empty in its one form.
func appendBrick(dst []byte, b *Brick) []byte {
	if canonical(b) == full {
		return append(dst, formFull)
	}
	start := len(dst)
	dst = appendRuns(append(dst, formRuns), b)
	if len(dst)-start-1 < brickBytes {
		return dst
	}
	var raw [brickBytes]byte
	b.put(&raw)
	return append(append(dst[:start], formRaw), raw[:]...)
}

// appendRuns writes the lengths of alternating runs of 0 and 1, stopping early when raw is certain to be as short.
func appendRuns(dst []byte, b *Brick) []byte {
	start := len(dst)
	run, one := uint64(0), false
	for _, w := range b {
		for left := 64; left > 0; {
			same := w
			if one {
				same = ^w
			}
			n := min(bits.TrailingZeros64(same), left)
			run += uint64(n)
			left -= n
			w >>= n
			if left > 0 {
				dst = binary.AppendUvarint(dst, run)
				run, one = 0, !one
			}
		}
		if len(dst)-start >= brickBytes {
			return dst
		}
	}
	return binary.AppendUvarint(dst, run)
}

// cutBrick reads one brick into b, which must be empty, checks it, and returns the bytes behind it.
func cutBrick(in []byte, b *Brick) (rest []byte, err error) {
	if rest, err = unpackBrick(in, b); err != nil {
		return nil, err
	}
	return rest, checkForm(in[:len(in)-len(rest)], b)
}

// unpackBrick is cutBrick for a brick whose form is known to be its own.
func unpackBrick(in []byte, b *Brick) (rest []byte, err error) {
	if len(in) == 0 {
		return nil, corrupt("a brick is missing")
	}
	switch in[0] {
	case formFull:
		*b = *full
		rest = in[1:]
	case formRuns:
		rest, err = cutRuns(in[1:], b)
	case formRaw:
		if len(in) < 1+brickBytes {
			return nil, corrupt("a brick is cut short")
		}
		for n := range b {
			b[n] = binary.LittleEndian.Uint64(in[1+8*n:])
		}
		rest = in[1+brickBytes:]
	default:
		return nil, corrupt("a brick has the unknown form %d", in[0])
	}
	return rest, err
}

// checkForm refuses a brick that is written in any but its own form, so that equal masks have equal bytes.
func checkForm(in []byte, b *Brick) error {
	if canonical(b) == nil {
		return corrupt("an empty brick is written")
	}
	var buf [brickBytes + 16]byte
	if string(appendBrick(buf[:0], b)) != string(in) {
		return corrupt("a brick is not written in its shortest form")
	}
	return nil
}

func cutRuns(in []byte, b *Brick) (rest []byte, err error) {
	at, one := uint64(0), false
	for at < brickBits {
		n, length := binary.Uvarint(in)
		if length <= 0 || n > brickBits-at || n == 0 && (at > 0 || one) {
			return nil, corrupt("a brick has a run that does not fit")
		}
		if one {
			b.fill(int(at), int(at+n))
		}
		in = in[length:]
		at += n
		one = !one
	}
	return in, nil
}

// fill sets bits from to to, exclusive.
func (b *Brick) fill(from, to int) {
	for word := from / 64; word*64 < to; word++ {
		b[word] |= rowWord(from, to-1, word)
	}
}
