package flow

import "sync"

// watchers are those who want to be told that something may have changed. The zero value has none.
type watchers struct {
	mu   sync.Mutex
	next int
	all  map[int]func()
}

// add has f called by every later tell, until cancel.
func (w *watchers) add(f func()) (cancel func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.all == nil {
		w.all = map[int]func(){}
	}
	id := w.next
	w.next++
	w.all[id] = f
	return func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.all, id)
	}
}

// tell calls each, without a lock held, from this goroutine.
func (w *watchers) tell() {
	w.mu.Lock()
	var all []func()
	for _, f := range w.all {
		all = append(all, f)
	}
	w.mu.Unlock()
	for _, f := range all {
		f()
	}
}
