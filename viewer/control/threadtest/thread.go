// Package threadtest gives tests an interface thread: what other goroutines ask of it waits until the test lets it run.
package threadtest

import (
	"sync"
	"testing"

	"hotlight/viewer/control"
)

// Thread is the queue of one test.
type Thread struct {
	mu      sync.Mutex
	came    *sync.Cond
	waiting []func()
}

// New puts a queue in the place of the interface thread until the test ends.
func New(t testing.TB) *Thread {
	t.Helper()
	q := &Thread{}
	q.came = sync.NewCond(&q.mu)
	t.Cleanup(control.ReplaceMain(q.add))
	return q
}

func (q *Thread) add(f func()) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.waiting = append(q.waiting, f)
	q.came.Broadcast()
}

// Run does what was asked so far, and what that asks in turn. It reports whether there was anything.
func (q *Thread) Run() bool {
	ran := false
	for {
		q.mu.Lock()
		fs := q.waiting
		q.waiting = nil
		q.mu.Unlock()
		if len(fs) == 0 {
			return ran
		}
		ran = true
		for _, f := range fs {
			f()
		}
	}
}

// RunUntil goes on doing what is asked, waiting for it to come, until done.
func (q *Thread) RunUntil(done func() bool) {
	for q.Run(); !done(); q.Run() {
		q.mu.Lock()
		for len(q.waiting) == 0 {
			q.came.Wait()
		}
		q.mu.Unlock()
	}
}
