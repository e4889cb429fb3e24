package volume

import (
	"runtime"
	"runtime/debug"
	"sync"
	"time"
	"unsafe"
)

// pool keeps the memory of large volumes for the next one. A fresh array of 200 MB costs 100 ms and more, since the system clears and maps every page
// at its first touch; clearing memory that the program has already costs a tenth of that.
//
// No pixel of one patient can show in another's volume, for two reasons that need nobody's care. A buffer comes back only when the garbage
// collector has proved that nothing can reach any part of it: no volume, no slice of one, no picture being drawn. There is no call by which an owner
// could give memory away that somebody still reads. And take clears what it hands out, in the same function.
//
// Source of the rule for finalizers: package runtime, SetFinalizer. An object may be made reachable again by its finalizer.
type pool struct {
	mu   sync.Mutex
	idle [][]byte
	lent int // bytes handed out that have not come back
	came chan struct{}
	end  *time.Timer
}

var buffers = pool{came: make(chan struct{}, 1)}

const (
	pooledBytes = 16 << 20         // smaller volumes are left to the garbage collector
	idleFor     = 30 * time.Second // then unused memory goes back to the system
	waitForGC   = 5 * time.Millisecond
)

// take returns n bytes, all 0. When no buffer fits but some are out, what nobody uses any more is collected first: otherwise two studies that
// follow each other would stand in memory at once.
func (p *pool) take(n int) ([]byte, error) {
	if b := p.reuse(n); b != nil {
		return b, nil
	}
	if p.out() > 0 {
		p.collect()
		if b := p.reuse(n); b != nil {
			return b, nil
		}
	}
	if err := checkMemory(int64(n)); err != nil {
		return nil, err
	}
	b := make([]byte, n)
	p.lend(b)
	return b, nil
}

// reuse returns a cleared buffer that fits, or nil. Idle ones that do not fit go: while a volume is open nothing is kept beside it.
func (p *pool) reuse(n int) []byte {
	p.mu.Lock()
	var best []byte
	for _, b := range p.idle {
		if len(b) >= n && len(b) <= n+n/4 && (best == nil || len(b) < len(best)) {
			best = b
		}
	}
	clear(p.idle)
	p.idle = p.idle[:0]
	p.mu.Unlock()
	if best == nil {
		return nil
	}
	wipe(best)
	p.lend(best)
	return best[:n:n]
}

// wipe clears b on two processors where there are two: one alone does not fill the memory bus.
func wipe(b []byte) {
	half := len(b) / 2
	var other sync.WaitGroup
	other.Go(func() { clear(b[half:]) })
	clear(b[:half])
	other.Wait()
}

// lend notes that b is out, and has the garbage collector bring it back.
func (p *pool) lend(b []byte) {
	size := len(b)
	p.mu.Lock()
	p.lent += size
	p.mu.Unlock()
	runtime.SetFinalizer(unsafe.SliceData(b), func(first *byte) { p.back(unsafe.Slice(first, size)) })
}

// back is called by the garbage collector when nothing reaches b any more.
func (p *pool) back(b []byte) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent -= len(b)
	p.idle = append(p.idle, b)
	select {
	case p.came <- struct{}{}:
	default:
	}
	if p.end != nil {
		p.end.Stop()
	}
	p.end = time.AfterFunc(idleFor, p.drop)
}

// drop gives idle memory back to the system.
func (p *pool) drop() {
	p.mu.Lock()
	none := len(p.idle) == 0
	clear(p.idle)
	p.idle = p.idle[:0]
	p.mu.Unlock()
	if !none {
		debug.FreeOSMemory()
	}
}

func (p *pool) out() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.lent
}

// collect has unreachable buffers brought back. The collector says nothing when there are none, so the wait is short.
func (p *pool) collect() {
	select {
	case <-p.came: // of an earlier time
	default:
	}
	runtime.GC()
	select {
	case <-p.came:
	case <-time.After(waitForGC):
	}
}

// allocate returns count zero values of T.
func allocate[T uint8 | int16 | uint16 | float32](count int) ([]T, error) {
	var one T
	bytes := count * int(unsafe.Sizeof(one))
	if bytes < pooledBytes {
		return make([]T, count), nil
	}
	b, err := buffers.take(bytes)
	if err != nil {
		return nil, err
	}
	// A large object begins at a page, so it is aligned for every T.
	return unsafe.Slice((*T)(unsafe.Pointer(unsafe.SliceData(b))), count), nil
}
