package control

import (
	"sync/atomic"

	"fyne.io/fyne/v2"
)

var mainThread atomic.Pointer[func(func())]

// OnMain has f run on the interface thread, after what that thread does now. It is fyne.Do unless a test has put a queue in its place.
func OnMain(f func()) {
	if do := mainThread.Load(); do != nil {
		(*do)(f)
		return
	}
	fyne.Do(f)
}

// ReplaceMain puts do in the place of fyne.Do, for tests: Fyne's test driver runs f at once on whatever goroutine asks.
func ReplaceMain(do func(func())) (restore func()) {
	before := mainThread.Swap(&do)
	return func() { mainThread.Store(before) }
}
