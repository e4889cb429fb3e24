package ingest

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"

	"hotlight/project"
	"hotlight/project/volume"
)

// LoadOptions say how an image is loaded. The zero value loads from the first slice on.
type LoadOptions struct {
	// First is the slice that is decoded first; the rest follows outwards from it.
	First int
	// Arrived is called once for each slice that may be read, from the goroutines that decode: it must be quick and safe to call from several.
	// done counts the slices that have arrived or failed so far.
	Arrived func(k, done, total int)
	// Coarse is called, once at most and from another goroutine, with a first picture of a large single frame at a lower resolution, on a coarser
	// grid of its own: for the eye only. It is not called once the frame itself has arrived. Nil wants none.
	Coarse func(v *volume.Volume)
	// Workers is the number of goroutines; 0 means one for each processor.
	Workers int
}

// Loading is a volume that is being filled.
type Loading struct {
	volume *volume.Volume
	image  *Image
	opts   LoadOptions
	files  *files
	order  []int
	next   atomic.Int64
	done   chan struct{} // closed when nothing more will arrive
	quiet  chan struct{} // closed when no goroutine of it runs any more

	// gate is held to read while a slice is published and to write when loading ends, so that nothing arrives after Done.
	gate  sync.RWMutex
	ended bool

	mu     sync.Mutex
	count  int // slices arrived or failed
	failed []SliceError
	err    error
}

// SliceError is a slice that could not be decoded, and why.
type SliceError struct {
	K   int
	Err error
}

// Load allocates the volume of m and returns at once; goroutines decode straight into it, the slice First before all others. Cancelling ctx ends it
// at once: Done is closed and nothing more arrives; a frame that is being decoded is finished aside, or given up if it would take long, and thrown away. The volume may be read while
// it loads: slice by slice, as volume.Volume says.
//
// It fails where CanLoad does, and with project.Full where memory cannot hold the volume. A slice that cannot be decoded does not stop the others;
// see Warnings.
func Load(ctx context.Context, m *Image, o LoadOptions) (*Loading, error) {
	l, err := newLoading(m, o)
	if err != nil {
		return nil, err
	}
	l.start(ctx)
	return l, nil
}

func newLoading(m *Image, o LoadOptions) (*Loading, error) {
	if err := m.CanLoad(); err != nil {
		return nil, err
	}
	v, err := volume.New(m.Geometry, m.Pixel)
	if err != nil {
		return nil, err
	}
	m.describe(v)
	return &Loading{volume: v, image: m, opts: o, files: newFiles(m.frames), order: outward(o.First, len(m.frames)),
		done: make(chan struct{}), quiet: make(chan struct{})}, nil
}

func (l *Loading) start(ctx context.Context) {
	workers := l.opts.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	l.files.done = ctx.Done()
	var all sync.WaitGroup
	for range min(workers, len(l.order)) {
		all.Go(func() { l.work(ctx) })
	}
	var beside sync.WaitGroup
	if l.wantsCoarse() {
		beside.Go(func() { l.coarse(ctx) })
	}
	unwatch := context.AfterFunc(ctx, func() { l.end(ctx.Err()) })
	go func() {
		all.Wait()
		unwatch()
		l.files.close()
		l.end(ctx.Err())
		beside.Wait()
		close(l.quiet)
	}()
}

// describe tells v what its values mean.
func (m *Image) describe(v *volume.Volume) {
	v.Slope, v.Intercept, v.Unit, v.Modality = m.Slope, m.Intercept, m.Unit, m.Modality
	v.Padding, v.HasPadding = m.Padding, m.HasPadding
}

// outward returns 0 to n-1 in order of their distance from first, the later before the earlier.
func outward(first, n int) []int {
	first = max(0, min(first, n-1))
	order := []int{first}
	for d := 1; len(order) < n; d++ {
		if first+d < n {
			order = append(order, first+d)
		}
		if first-d >= 0 {
			order = append(order, first-d)
		}
	}
	return order
}

func (l *Loading) work(ctx context.Context) {
	for ctx.Err() == nil {
		n := int(l.next.Add(1)) - 1
		if n >= len(l.order) {
			return
		}
		err := l.slice(l.order[n])
		if ctx.Err() != nil { // err may be that
			return
		}
		l.publish(l.order[n], err)
	}
}

func (l *Loading) slice(k int) error {
	f := l.image.frames[k]
	o, err := l.files.open(f.of)
	defer l.files.release(f.of)
	if err != nil {
		return err
	}
	return decodeSlice(l.volume, k, f, o)
}

// publish lets slice k be read, or notes why it cannot be.
func (l *Loading) publish(k int, err error) {
	l.gate.RLock()
	defer l.gate.RUnlock()
	if l.ended {
		return
	}
	l.mu.Lock()
	l.count++
	done := l.count
	if err != nil {
		l.failed = append(l.failed, SliceError{K: k, Err: err})
	}
	l.mu.Unlock()
	if err == nil {
		l.volume.Arrive(k)
		if l.opts.Arrived != nil {
			l.opts.Arrived(k, done, len(l.order))
		}
	}
}

// end settles the error and tells whoever waits, once: when every slice is settled, or when the context ended before.
func (l *Loading) end(cancelled error) {
	l.gate.Lock()
	defer l.gate.Unlock()
	if l.ended {
		return
	}
	l.ended = true
	l.mu.Lock()
	switch {
	case l.count < len(l.order):
		l.err = cancelled
	case len(l.failed) == len(l.order):
		l.err = project.Errorf(project.Invalid, "no picture of the image could be decoded: %w", l.failed[0].Err)
	}
	l.mu.Unlock()
	close(l.done)
}

// Volume returns the volume, which may still be loading.
func (l *Loading) Volume() *volume.Volume { return l.volume }

// Done is closed when nothing more will arrive.
func (l *Loading) Done() <-chan struct{} { return l.done }

// Err returns nil while loading and when at least one slice arrived; the context's error when it was cancelled before the end; otherwise why
// nothing could be decoded.
func (l *Loading) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Wait waits for Done and returns Err.
func (l *Loading) Wait() error {
	<-l.done
	return l.Err()
}

// Failed returns the slices that could not be decoded, in order of k. It is complete after Done.
func (l *Loading) Failed() []SliceError {
	l.mu.Lock()
	defer l.mu.Unlock()
	return sortedFailures(l.failed)
}

// Warnings returns those of the image, those that only showed when the files were opened for their pixels, and one for slices that could not be
// decoded. It is complete after Done.
func (l *Loading) Warnings() []project.Warning {
	out := l.files.warningsBeside(l.image.Warnings)
	if failed := l.Failed(); len(failed) > 0 {
		out = append(out, failureWarning(failed, len(l.image.frames)))
	}
	return out
}
