package viewer

import (
	"context"
	"slices"
	"sync"

	"hotlight/viewer/control"
)

// verifying reads the source files of images again, one image after the other, when nothing else is loading.
type verifying struct {
	cancel context.CancelFunc
	begun  map[int]bool
	done   sync.WaitGroup
}

// learn takes in what loading image n showed of its files.
func (r *Room) learn(n int, from *Loading) {
	if from.Warnings == nil {
		return
	}
	m := &r.study.Images[n]
	if now := from.Warnings(); !slices.Equal(now, m.Warnings) {
		m.Warnings = now
		delete(r.st.understood, n)
		r.showWarnings()
	}
}

// verify has the files of image n compared with those that the study was made from, once. An image that is left before is compared the next time.
func (r *Room) verify(n int) {
	v, m := &r.verifying, &r.study.Images[n]
	if m.Verify == nil || m.Changed != "" || v.begun[n] {
		return
	}
	if v.begun == nil {
		v.begun = map[int]bool{}
	}
	v.stop()
	ctx, cancel := context.WithCancel(context.Background())
	v.cancel = cancel
	v.begun[n] = true
	check := m.Verify
	v.done.Add(1)
	go func() {
		defer v.done.Done()
		changed, err := check(ctx)
		control.OnMain(func() {
			if err != nil {
				delete(v.begun, n)
			}
			if changed != "" {
				r.setChanged(n, changed)
			}
		})
	}()
}

func (v *verifying) stop() {
	if v.cancel != nil {
		v.cancel()
		v.cancel = nil
	}
}

// setChanged keeps segments away from image n from now on, and says why.
func (r *Room) setChanged(n int, sentence string) {
	r.study.Images[n].Changed = sentence
	if n == r.st.image {
		r.cancelStroke()
		r.showMarks(false)
	}
	r.showWarnings()
	r.showSegments()
}
