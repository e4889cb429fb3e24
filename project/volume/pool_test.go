package volume

import (
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"unsafe"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
)

// large is a volume of just over pooledBytes bytes, a little larger for each n.
func large(t *testing.T, p Pixel, n int) *Volume {
	t.Helper()
	v, err := New(Geometry{Size: [3]int{512, 512, pooledBytes/(512*512*p.Bytes()) + 1 + n}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}, p)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// raw is the memory of v.
func raw(v *Volume) []byte {
	switch v.Pixel {
	case Uint8:
		return v.Uint8
	case RGB8:
		return v.RGB
	case Int16:
		return unsafe.Slice((*byte)(unsafe.Pointer(&v.Int16[0])), 2*len(v.Int16))
	case Uint16:
		return unsafe.Slice((*byte)(unsafe.Pointer(&v.Uint16[0])), 2*len(v.Uint16))
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(&v.Float32[0])), 4*len(v.Float32))
}

func fill(b []byte, with byte) {
	for n := range b {
		b[n] = with
	}
}

func holds(b []byte, only byte) bool {
	for _, v := range b {
		if v != only {
			return false
		}
	}
	return true
}

func TestMemoryIsUsedAgainAndIsAlwaysEmpty(t *testing.T) {
	seed := rand.Uint64()
	r := rand.New(rand.NewPCG(seed, 5))
	seen, reused := map[uintptr]bool{}, 0
	for n := range 24 {
		v := large(t, Pixel(1+r.IntN(5)), r.IntN(4))
		b := raw(v)
		if !holds(b, 0) {
			t.Fatalf("seed %d: volume %d begins with what another one held", seed, n)
		}
		at := uintptr(unsafe.Pointer(&b[0]))
		if seen[at] {
			reused++
		}
		seen[at] = true
		fill(b, 0xA7)
	}
	if reused == 0 {
		t.Errorf("seed %d: no memory was used again", seed)
	}
}

// A slice of a volume keeps its memory although the volume itself is gone: a picture may still be drawn from it.
func TestMemoryThatSomebodyStillReadsDoesNotComeBack(t *testing.T) {
	held := large(t, Int16, 0).Int16[700:900]
	for n := range held {
		held[n] = 77
	}
	for range 6 {
		fill(raw(large(t, Int16, 0)), 0xFF)
		runtime.GC()
	}
	for n := range held {
		if held[n] != 77 {
			t.Fatal("memory that is still read was handed out")
		}
	}
}

func TestMemoryThatDoesNotFitIsLetGo(t *testing.T) {
	p := &pool{came: make(chan struct{}, 1)}
	p.idle = [][]byte{make([]byte, 100), make([]byte, 300), make([]byte, 60)}
	if b := p.reuse(50); len(b) != 50 || cap(b) != 50 || len(p.idle) != 0 {
		t.Errorf("%d bytes of %d, %d idle", len(b), cap(b), len(p.idle))
	}
	p.idle = [][]byte{make([]byte, 100)}
	if b := p.reuse(50); b != nil || len(p.idle) != 0 {
		t.Error("twice the memory is not kept for half the volume")
	}
}

func TestMoreThanMemoryIsRefusedBeforeItIsAskedFor(t *testing.T) {
	defer func(was func() int64) { availableMemory = was }(availableMemory)
	availableMemory = func() int64 { return 3 << 30 }
	g := Geometry{Size: [3]int{1 << 14, 1 << 14, 16}, Spacing: mgl64.Vec3{1, 1, 1}, Direction: mgl64.Ident3()}
	_, err := New(g, Int16)
	if project.KindOf(err) != project.Full || !strings.Contains(err.Error(), "needs 8.0 GB of memory and this computer has 2.9 GB free") {
		t.Errorf("%v", err)
	}
	g.Size = [3]int{1 << 20, 1 << 20, 1 << 20}
	if _, err = New(g, Float32); project.KindOf(err) != project.Full {
		t.Errorf("the largest header: %v", err)
	}
	availableMemory = func() int64 { return 0 }
	if err := checkMemory(1 << 62); err != nil {
		t.Errorf("where the system tells nothing: %v", err)
	}
}

func TestTheSystemTellsItsMemory(t *testing.T) {
	if n := systemMemory(); runtime.GOOS == "linux" && n < 32<<20 {
		t.Errorf("%d bytes are free", n)
	}
}
