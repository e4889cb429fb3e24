package bundle

import (
	"bytes"
	"os"
	"testing"

	"hotlight/project"
)

func TestManifestLimits(t *testing.T) {
	h := func(i int) project.Hash { return project.HashOf([]byte{byte(i), byte(i >> 8)}) }
	many := make([]Entry, MaxObjects+1)
	for i := range many {
		many[i] = Entry{Kind: "mask", SHA256: h(i), Codec: CodecNone}
	}
	bombs := make([]Entry, 40)
	for i := range bombs {
		bombs[i] = Entry{Kind: "mask", SHA256: h(i), Codec: CodecZstd, Size: MaxObject, Stored: 9000}
	}
	for name, objects := range map[string][]Entry{
		"too many":             many,
		"a bomb":               bombs,
		"one too large":        {{Kind: "mask", Codec: CodecNone, Size: MaxObject + 1, Stored: MaxObject + 1}},
		"a negative size":      {{Kind: "mask", Codec: CodecNone, Size: -1, Stored: -1}},
		"grown by compression": {{Kind: "mask", Codec: CodecZstd, Size: 1, Stored: 2}},
		"an unknown codec":     {{Kind: "mask", Codec: "lzma", Size: 1, Stored: 1}},
		"listed twice":         {{Kind: "mask", Codec: CodecNone}, {Kind: "other", Codec: CodecNone}},
		"without a kind":       {{Codec: CodecNone}},
	} {
		if (&Manifest{Objects: objects}).checkSizes() == nil {
			t.Errorf("objects that are %s were accepted", name)
		}
	}
}

func TestABombIsDefusedAtItsDeclaredSize(t *testing.T) {
	data := make([]byte, 64<<20)
	_, stored := compress(data)
	var u unpacker
	defer u.close()
	lie := Entry{Codec: CodecZstd, Size: 1000, SHA256: project.HashOf(data[:1000]), Stored: int64(len(stored))}
	if err := u.check(lie, bytes.NewReader(stored)); err == nil {
		t.Error("an object larger than declared was accepted")
	}
	if err := u.check(Entry{Codec: CodecZstd, Size: 64 << 20, SHA256: project.HashOf(data)}, bytes.NewReader(stored)); err != nil {
		t.Error(err)
	}
}

func TestPaddingIsAFunctionOfLength(t *testing.T) {
	for _, c := range [][2]int64{{1, 16384}, {16384, 16384}, {16385, 17408}, {17408, 17408}, {32768, 32768}, {32769, 34816}, {1 << 20, 1 << 20}, {1<<20 + 1, 1<<20 + 1<<16}} {
		if got := paddedLen(c[0]); got != c[1] {
			t.Errorf("%d is padded to %d, want %d", c[0], got, c[1])
		}
	}
	last := int64(0)
	for n := int64(1); n < 300_000; n += 7 {
		p := paddedLen(n)
		if p < n || p < last || paddedLen(p) != p || p > minPlaintext && p > n+n/16+1 {
			t.Fatalf("%d is padded to %d after %d", n, p, last)
		}
		last = p
	}
}

func TestASpoolIsUnreadableAndReadsBackAnywhere(t *testing.T) {
	dir := t.TempDir()
	s, err := newSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	plain := make([]byte, 200_003)
	for i := range plain {
		plain[i] = byte(i * i >> 7)
	}
	for at, n := 0, 0; at < len(plain); at += n {
		n = min(len(plain)-at, 1+at%70_001)
		if _, err := s.Write(plain[at : at+n]); err != nil {
			t.Fatal(err)
		}
	}
	for _, off := range []int64{0, 1, 15, 16, 17, 65535, 65536, 199_999} {
		got := make([]byte, min(1000, len(plain)-int(off)))
		if _, err := s.ReadAt(got, off); err != nil || !bytes.Equal(got, plain[off:off+int64(len(got))]) {
			t.Errorf("offset %d reads back different: %v", off, err)
		}
	}
	raw, err := os.ReadFile(s.file.Name())
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(raw, plain[1000:1032]) {
		t.Error("the spool holds plaintext")
	}
	if info, _ := os.Stat(s.file.Name()); info.Mode().Perm() != 0o600 {
		t.Errorf("the spool has mode %v", info.Mode())
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}
