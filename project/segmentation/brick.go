package segmentation

import (
	"crypto/sha256"
	"encoding/binary"
	"math/bits"

	"hotlight/project"
)

// The size of a brick in voxels, along columns, rows and slices.
const (
	BrickColumns = 64
	BrickRows    = 64
	BrickSlices  = 8

	brickWords = BrickRows * BrickSlices
	brickBytes = brickWords * 8
	brickBits  = brickBytes * 8
)

// Brick is 64 x 64 x 8 voxels, one bit each: word k*64+j is the row (j, k) of the brick, its bit i the column, 4 KiB in all.
// A brick that a Mask hands out is shared: read only.
type Brick [brickWords]uint64

// full is the one brick whose voxels are all set. It is shared by all masks and never written.
var full = func() *Brick {
	b := new(Brick)
	for n := range b {
		b[n] = ^uint64(0)
	}
	return b
}()

var (
	emptyHash = hashWords(new(Brick))
	fullHash  = hashWords(full)
)

// Hash returns the SHA-256 of the brick's 512 words, little-endian. A nil brick is an empty one.
func (b *Brick) Hash() project.Hash {
	switch b {
	case nil:
		return emptyHash
	case full:
		return fullHash
	}
	return hashWords(b)
}

func hashWords(b *Brick) project.Hash {
	var buf [brickBytes]byte
	b.put(&buf)
	return sha256.Sum256(buf[:])
}

func (b *Brick) put(buf *[brickBytes]byte) {
	for n, w := range b {
		binary.LittleEndian.PutUint64(buf[8*n:], w)
	}
}

// Count returns the number of set voxels. A nil brick has none.
func (b *Brick) Count() int {
	if b == nil {
		return 0
	}
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

// canonical returns nil for an empty brick and the shared one for a full brick, so that equal masks have equal tables.
func canonical(b *Brick) *Brick {
	if b == nil {
		return nil
	}
	switch first := b[0]; first {
	case 0, ^uint64(0):
		for _, w := range b {
			if w != first {
				return b
			}
		}
		if first == 0 {
			return nil
		}
		return full
	}
	return b
}

func sameBrick(a, b *Brick) bool {
	return a == b || a != nil && b != nil && *a == *b
}
