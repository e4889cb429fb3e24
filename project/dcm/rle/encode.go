package rle

import "encoding/binary"

// Encode appends the encoded frame to dst and returns it. src has exactly shape.Len() bytes, laid out as Decode gives them; rows is the number of rows,
// since a run must not cross from one row into the next (PS3.5 G.3.1). The result has an even length.
func Encode(dst, src []byte, shape Shape, rows int) ([]byte, error) {
	if err := shape.check(len(src)); err != nil {
		return dst, err
	}
	if rows < 1 || shape.Pixels%rows != 0 {
		rows = 1
	}
	start := len(dst)
	dst = append(dst, make([]byte, headerBytes)...)
	count, columns := shape.Samples*shape.Bytes, shape.Pixels/rows
	binary.LittleEndian.PutUint32(dst[start:], uint32(count))
	row := make([]byte, columns)
	for n := range count {
		binary.LittleEndian.PutUint32(dst[start+4+4*n:], uint32(len(dst)-start))
		at := n/shape.Bytes*shape.Bytes + shape.Bytes - 1 - n%shape.Bytes
		for range rows {
			for i := range row {
				row[i] = src[at]
				at += count
			}
			dst = pack(dst, row)
		}
		if (len(dst)-start)%2 == 1 {
			dst = append(dst, 0)
		}
	}
	return dst, nil
}

// pack appends row as PackBits: three equal bytes or more become a run, the rest literals.
func pack(dst, row []byte) []byte {
	for len(row) > 0 {
		if n := run(row); n >= 3 || n == len(row) && n > 1 {
			dst = append(dst, byte(257-n), row[0])
			row = row[n:]
			continue
		}
		n := 1
		for n < len(row) && n < 128 && run(row[n:]) < 3 {
			n++
		}
		dst = append(dst, byte(n-1))
		dst = append(dst, row[:n]...)
		row = row[n:]
	}
	return dst
}

// run returns how many bytes at the start of b are equal, at most 128.
func run(b []byte) int {
	n := 1
	for n < len(b) && n < 128 && b[n] == b[0] {
		n++
	}
	return n
}
