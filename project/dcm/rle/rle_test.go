package rle

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// frame puts segments behind a header.
func frame(segments ...[]byte) []byte {
	out := make([]byte, headerBytes)
	binary.LittleEndian.PutUint32(out, uint32(len(segments)))
	for n, s := range segments {
		binary.LittleEndian.PutUint32(out[4+4*n:], uint32(len(out)))
		out = append(out, s...)
	}
	return out
}

func TestDecode(t *testing.T) {
	for _, c := range []struct {
		name  string
		src   []byte
		shape Shape
		want  []byte
	}{
		{"a literal run of three", frame([]byte{2, 7, 8, 9}), Shape{3, 1, 1}, []byte{7, 8, 9}},
		{"a run of four", frame([]byte{253, 5}), Shape{4, 1, 1}, []byte{5, 5, 5, 5}},
		{"the byte 128 means nothing", frame([]byte{128, 0, 1, 128, 253, 2}), Shape{5, 1, 1}, []byte{1, 2, 2, 2, 2}},
		{"padding after the last sample is ignored", frame([]byte{1, 3, 4, 0}), Shape{2, 1, 1}, []byte{3, 4}},
		{"a run longer than the plane is cut", frame([]byte{129, 6}), Shape{3, 1, 1}, []byte{6, 6, 6}},
		{"16 bits: high bytes first", frame([]byte{1, 0x12, 0x34}, []byte{1, 0x56, 0x78}), Shape{2, 1, 2}, []byte{0x56, 0x12, 0x78, 0x34}},
		{"three colours", frame([]byte{1, 1, 2}, []byte{1, 3, 4}, []byte{1, 5, 6}), Shape{2, 3, 1}, []byte{1, 3, 5, 2, 4, 6}},
		{"32 bits", frame([]byte{0, 1, 0}, []byte{0, 2, 0}, []byte{0, 3, 0}, []byte{0, 4, 0}), Shape{1, 1, 4}, []byte{4, 3, 2, 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := make([]byte, c.shape.Len())
			if err := Decode(got, c.src, c.shape); err != nil || !bytes.Equal(got, c.want) {
				t.Errorf("got %v %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestDecodeRefuses(t *testing.T) {
	short := frame([]byte{2, 7, 8})
	late := frame([]byte{0, 1})
	binary.LittleEndian.PutUint32(late[4:], 1000)
	inHeader := frame([]byte{0, 1})
	binary.LittleEndian.PutUint32(inHeader[4:], 8)
	crossed := frame([]byte{0, 1}, []byte{0, 1})
	binary.LittleEndian.PutUint32(crossed[8:], 64)
	binary.LittleEndian.PutUint32(crossed[4:], 66)
	for _, c := range []struct {
		name  string
		src   []byte
		shape Shape
		want  error
	}{
		{"nothing", nil, Shape{1, 1, 1}, ErrHeader},
		{"a cut header", make([]byte, 63), Shape{1, 1, 1}, ErrHeader},
		{"fewer segments than the picture needs", frame([]byte{0, 1}), Shape{1, 1, 2}, ErrHeader},
		{"more planes than the format has", frame(), Shape{1, 4, 4}, ErrHeader},
		{"a segment beyond the end", late, Shape{1, 1, 1}, ErrHeader},
		{"a segment within the header", inHeader, Shape{1, 1, 1}, ErrHeader},
		{"segments out of order", crossed, Shape{1, 2, 1}, ErrHeader},
		{"a literal run that is cut", short, Shape{3, 1, 1}, ErrSegment},
		{"a segment that ends early", frame([]byte{1, 7, 8}), Shape{3, 1, 1}, ErrSegment},
		{"an empty segment", frame(nil), Shape{1, 1, 1}, ErrSegment},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := Decode(make([]byte, max(0, c.shape.Len())), c.src, c.shape); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	if err := Decode(make([]byte, 3), frame([]byte{0, 1}), Shape{1, 1, 1}); err == nil {
		t.Error("a buffer of the wrong length was accepted")
	}
}

// randomFrame mixes runs and noise, so that both kinds of packets and their limits occur.
func randomFrame(r *rand.Rand, n int) []byte {
	out := make([]byte, 0, n)
	for len(out) < n {
		run := min(1+r.IntN(300), n-len(out))
		v, noise := byte(r.Uint32()), r.IntN(2) == 0
		for range run {
			if noise {
				v = byte(r.Uint32N(4))
			}
			out = append(out, v)
		}
	}
	return out
}

func TestDecodeAfterEncodeIsTheSame(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 150 {
		rows, columns := 1+r.IntN(40), 1+r.IntN(300)
		if r.IntN(8) == 0 { // runs that cross from one piece into the next
			rows, columns = 1, piece-100+r.IntN(2*piece)
		}
		shape := Shape{Pixels: rows * columns, Samples: []int{1, 3}[r.IntN(2)], Bytes: []int{1, 2, 4}[r.IntN(3)]}
		src := randomFrame(r, shape.Len())
		packed, err := Encode(nil, src, shape, rows)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if len(packed)%2 != 0 {
			t.Errorf("seed %d: the frame has an odd length", seed)
		}
		got := make([]byte, shape.Len())
		if err := Decode(got, packed, shape); err != nil || !bytes.Equal(got, src) {
			t.Fatalf("seed %d, %d x %d %+v: %v", seed, columns, rows, shape, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(frame([]byte{2, 7, 8, 9}), 3, 1, 1)
	f.Add(frame([]byte{253, 5}, []byte{3, 1, 2, 3, 4}), 4, 1, 2)
	f.Add(frame([]byte{1, 1, 2}, []byte{1, 3, 4}, []byte{255, 5}), 2, 3, 1)
	f.Fuzz(func(t *testing.T, src []byte, pixels, samples, width int) {
		if pixels < 0 || pixels > 1<<16 || samples < 0 || samples > 16 || width < 0 || width > 16 {
			return
		}
		shape := Shape{pixels, samples, width}
		got := make([]byte, shape.Len())
		if Decode(got, src, shape) != nil {
			return
		}
		packed, err := Encode(nil, got, shape, 1)
		if err != nil {
			t.Fatal(err)
		}
		again := make([]byte, shape.Len())
		if err := Decode(again, packed, shape); err != nil || !bytes.Equal(got, again) {
			t.Fatalf("decoded again it differs: %v", err)
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, bytesPerSample := range []int{1, 2} {
		b.Run(fmt.Sprintf("%d bits", 8*bytesPerSample), func(b *testing.B) {
			shape := Shape{512 * 512, 1, bytesPerSample}
			packed, err := Encode(nil, randomFrame(r, shape.Len()), shape, 512)
			if err != nil {
				b.Fatal(err)
			}
			dst := make([]byte, shape.Len())
			b.SetBytes(int64(len(dst)))
			for b.Loop() {
				if err := Decode(dst, packed, shape); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
