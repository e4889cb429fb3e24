package jpegstream

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// stuffed puts a zero behind every FF.
func stuffed(b []byte) []byte { return bytes.ReplaceAll(b, []byte{0xFF}, []byte{0xFF, 0}) }

// TestBitsAreThoseOfTheBytes takes numbers of random lengths and compares them, bit by bit, with the bytes that were stuffed.
func TestBitsAreThoseOfTheBytes(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	var b BitReader
	for range 300 {
		data := make([]byte, r.IntN(40))
		for i := range data {
			data[i] = []byte{0xFF, 0, byte(r.Uint32())}[r.IntN(3)]
		}
		src, fill := stuffed(data), r.IntN(3)
		coded := len(src)
		if marked := r.IntN(3) > 0; marked {
			src = append(append(src, bytes.Repeat([]byte{0xFF}, fill+1)...), EOI, 1, 2, 3)
			coded += fill
		}
		if got := b.Load(src); got != coded {
			t.Fatalf("seed %d: %X is taken for %d bytes, want %d", seed, src, got, coded)
		}
		for at := 0; at < 8*len(data); {
			n, want := min(1+r.IntN(16), 8*len(data)-at), int32(0)
			for i := at; i < at+n; i++ {
				want = want<<1 | int32(data[i/8]>>(7-i%8)&1)
			}
			if at += n; n == 1 && r.IntN(2) == 0 {
				if got := b.One(); got != uint64(want) {
					t.Fatalf("seed %d: bit %d is %d", seed, at-1, got)
				}
			} else if got := b.Take(uint(n)); got != want {
				t.Fatalf("seed %d: the %d bits before %d of %X are %d, want %d", seed, n, at, data, got, want)
			}
		}
		if b.Overrun() {
			t.Fatalf("seed %d: taking all of %X is too much", seed, data)
		}
		if b.Take(1) != 0 || !b.Overrun() {
			t.Fatalf("seed %d: one bit more is not noticed", seed)
		}
	}
	if b.Reset(); b.N != 0 || b.Overrun() || b.Take(9) != 0 || !b.Overrun() {
		t.Error("a reader has bits after Reset")
	}
}

// TestCodesAreThoseOfTheStandard compares with figures C.1 and C.2 of T.81: codes count up within a length and double from one to the next.
func TestCodesAreThoseOfTheStandard(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 2))
	var c HuffmanCodes
	for range 200 {
		spec, left := make([]byte, 16), 1
		for n := range spec {
			left *= 2
			most := min(left, 20)
			if n < 15 {
				most = min(left-1, 20)
			}
			spec[n] = byte(r.IntN(most + 1))
			left -= int(spec[n])
		}
		spec[15] = max(spec[15], byte(min(1, left)))
		var want []HuffmanCode
		code := uint32(0)
		for n, count := range spec[:16] {
			for range count {
				want = append(want, HuffmanCode{Bits: code, Length: n + 1})
				spec = append(spec, byte(r.Uint32()))
				code++
			}
			code <<= 1
		}
		if len(want) == 0 || len(want) > 256 {
			continue
		}
		rest, err := c.Parse(append(spec, 77), 256)
		if err != nil || len(rest) != 1 || rest[0] != 77 {
			t.Fatalf("seed %d: %v, %d bytes are left", seed, err, len(rest))
		}
		k := 0
		for got, value := range c.All() {
			if k == len(want) || got != want[k] || value != spec[16+k] {
				t.Fatalf("seed %d: code %d of %v is %v for %d", seed, k, spec[:16], got, value)
			}
			bits := got.Bits<<(16-got.Length) | r.Uint32N(1<<(16-got.Length))
			if v, n := c.Longer(bits, uint(r.IntN(got.Length))); v != value || n != uint(got.Length) {
				t.Fatalf("seed %d: %016b begins with %d of %d bits, found were %d of %d", seed, bits, value, got.Length, v, n)
			}
			k++
		}
		if last := want[len(want)-1]; k != len(want) || last.Bits+1 < 1<<last.Length && !none(&c) {
			t.Fatalf("seed %d: %d codes of %d, or one that is in no table is found", seed, k, len(want))
		}
	}
}

// none reports whether no code begins with sixteen ones.
func none(c *HuffmanCodes) bool {
	_, n := c.Longer(0xFFFF, 0)
	return n == 0
}

func TestParseRefusesWrongTables(t *testing.T) {
	table := func(counts map[int]byte, values int) []byte {
		b := make([]byte, 16+values)
		for n, count := range counts {
			b[n-1] = count
		}
		return b
	}
	for name, b := range map[string][]byte{
		"cut counts": make([]byte, 15), "no codes": table(nil, 4), "cut values": table(map[int]byte{3: 4}, 3), "too many values": table(map[int]byte{8: 18}, 18),
		"three codes of one bit": table(map[int]byte{1: 3}, 3), "a code more than there are": table(map[int]byte{1: 1, 2: 3}, 4),
	} {
		var c HuffmanCodes
		if _, err := c.Parse(b, 17); !errors.Is(err, ErrHeader) {
			t.Errorf("%s: %v", name, err)
		}
	}
	var c HuffmanCodes
	if _, err := c.Parse(table(map[int]byte{1: 2}, 2), 17); err != nil { // the standard keeps the code of all ones free, writers do not
		t.Error(err)
	}
}

// TestExtend is table F.1 of T.81.
func TestExtend(t *testing.T) {
	for size := uint(1); size <= 16; size++ {
		half := int32(1) << (size - 1)
		for bits, want := range map[uint32]int32{0: -2*half + 1, uint32(half - 1): -half, uint32(half): half, uint32(2*half - 1): 2*half - 1} {
			if got := Extend(bits, size); got != want {
				t.Errorf("%d of %d bits: got %d, want %d", bits, size, got, want)
			}
		}
	}
	if Extend(5, 0) != 0 {
		t.Error("category 0 has a value")
	}
}

func FuzzHuffmanCodes(f *testing.F) {
	f.Add(append(make([]byte, 15), 3, 1, 2, 3, 9), 17, uint32(1))
	f.Add(append([]byte{0, 2, 1, 3}, make([]byte, 30)...), 256, uint32(0xFFFF))
	f.Fuzz(func(t *testing.T, b []byte, most int, bits uint32) {
		var c HuffmanCodes
		rest, err := c.Parse(b, max(1, min(most, 256)))
		if err != nil {
			return
		}
		count := 0
		for code := range c.All() {
			if count++; code.Bits >= 1<<code.Length {
				t.Fatalf("code %v", code)
			}
		}
		if count+16+len(rest) != len(b) {
			t.Fatalf("%d codes of %d bytes, %d are left", count, len(b), len(rest))
		}
		if _, n := c.Longer(bits&0xFFFF, 0); n > 16 {
			t.Fatalf("a code of %d bits", n)
		}
	})
}
