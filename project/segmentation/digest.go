package segmentation

import (
	"crypto/sha256"
	"encoding/binary"

	"hotlight/project"
)

// SHA256 returns the digest of the mask's bits: voxel (i, j, k) is bit n = (k*rows + j)*columns + i, which is bit n%8 (least significant first) of byte n/8;
// the last byte is filled up with zeros. It is what SignedMask and the command line call the mask's SHA-256.
func (m *Mask) SHA256() project.Hash {
	p := packer{}
	words := bricksAlong(m.size[0], BrickColumns)
	row := make([]uint64, words)
	last := m.size[0] - (words-1)*BrickColumns // columns in the last word
	hash := sha256.New()
	for k := range m.size[2] {
		for j := range m.size[1] {
			if !m.Row(j, k, row) {
				clear(row)
			}
			for _, w := range row[:words-1] {
				p.add(w, BrickColumns)
			}
			p.add(row[words-1], last)
			if len(p.out) > 1<<15 {
				hash.Write(p.out)
				p.out = p.out[:0]
			}
		}
	}
	hash.Write(p.flush())
	return project.Hash(hash.Sum(nil))
}

// packer joins words of 1 to 64 bits into bytes.
type packer struct {
	out  []byte
	bits uint64
	have int // valid bits, 0 to 63
}

// add appends the n low bits of w; the others are 0.
func (p *packer) add(w uint64, n int) {
	p.bits |= w << p.have
	if p.have+n < 64 {
		p.have += n
		return
	}
	p.out = binary.LittleEndian.AppendUint64(p.out, p.bits)
	p.bits = 0
	if p.have > 0 {
		p.bits = w >> (64 - p.have)
	}
	p.have += n - 64
}

func (p *packer) flush() []byte {
	tail := binary.LittleEndian.AppendUint64(nil, p.bits)
	return append(p.out, tail[:(p.have+7)/8]...)
}
