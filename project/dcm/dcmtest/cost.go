package dcmtest

import (
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"sync/atomic"
	"time"
)

// Cost calls f and returns the time it took and the bytes it allocated, garbage included: at least what it ever held. Nothing else may run meanwhile.
func Cost(f func()) (took time.Duration, allocated uint64) {
	before, start := read(allocs), time.Now()
	f()
	took = time.Since(start)
	return took, read(allocs) - before
}

// Peak calls f and returns about how many bytes more it held at once than there were before. It is slow: for where the garbage that Cost counts is too much.
func Peak(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(5))
	runtime.GC()
	base, most := read(objects), uint64(0)
	var stop atomic.Bool
	done := make(chan struct{})
	go func() {
		defer close(done)
		for !stop.Load() {
			most = max(most, read(objects))
			time.Sleep(20 * time.Microsecond)
		}
	}()
	f()
	stop.Store(true)
	<-done
	return max(most, base) - base
}

// Fastest calls f three times and returns the shortest time: a single one may be the machine's fault.
func Fastest(f func()) time.Duration {
	best := time.Duration(1<<63 - 1)
	for range 3 {
		start := time.Now()
		f()
		best = min(best, time.Since(start))
	}
	return best
}

const (
	allocs  = "/gc/heap/allocs:bytes"
	objects = "/memory/classes/heap/objects:bytes"
)

func read(name string) uint64 {
	s := []metrics.Sample{{Name: name}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
