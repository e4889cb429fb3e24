package ingest

import (
	"context"
	"fmt"
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
	// Workers is the number of goroutines; 0 means one for each processor.
	Workers int
}

// Loading is a volume that is being filled.
type Loading struct {
	volume *volume.Volume
	image  *Image
	opts   LoadOptions
	files  *files
	next   atomic.Int64
	count  atomic.Int64 // slices arrived or failed
	done   chan struct{}

	mu     sync.Mutex
	failed []SliceError
	err    error
}

// SliceError is a slice that could not be decoded, and why.
type SliceError struct {
	K   int
	Err error
}

// Load allocates the volume of m and returns at once; goroutines decode straight into it, the slice First before all others. Cancelling ctx stops
// them after the frame in hand. The volume may be read while it loads: slice by slice, as volume.Volume says.
//
// It fails where CanLoad does. A slice that cannot be decoded does not stop the others; see Warnings.
func Load(ctx context.Context, m *Image, o LoadOptions) (*Loading, error) {
	if err := m.CanLoad(); err != nil {
		return nil, err
	}
	v, err := volume.New(m.Geometry, m.Pixel)
	if err != nil {
		return nil, fmt.Errorf("allocate the volume: %w", err)
	}
	v.Slope, v.Intercept, v.Unit, v.Modality = m.Slope, m.Intercept, m.Unit, m.Modality
	v.Padding, v.HasPadding = m.Padding, m.HasPadding
	l := &Loading{volume: v, image: m, opts: o, files: newFiles(m.frames), done: make(chan struct{})}
	order := outward(o.First, len(m.frames))
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var all sync.WaitGroup
	for range min(workers, len(order)) {
		all.Go(func() { l.work(ctx, order) })
	}
	go func() {
		all.Wait()
		l.files.close()
		l.finish(ctx)
	}()
	return l, nil
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

func (l *Loading) work(ctx context.Context, order []int) {
	for ctx.Err() == nil {
		n := int(l.next.Add(1)) - 1
		if n >= len(order) {
			return
		}
		k := order[n]
		if err := l.slice(k); err != nil {
			l.mu.Lock()
			l.failed = append(l.failed, SliceError{K: k, Err: err})
			l.mu.Unlock()
			l.count.Add(1)
			continue
		}
		l.volume.Arrive(k)
		done := int(l.count.Add(1))
		if l.opts.Arrived != nil {
			l.opts.Arrived(k, done, len(order))
		}
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

// finish settles the error and tells whoever waits.
func (l *Loading) finish(ctx context.Context) {
	l.mu.Lock()
	switch {
	case int(l.count.Load()) < len(l.image.frames):
		l.err = ctx.Err()
	case len(l.failed) == len(l.image.frames):
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

// Warnings returns those of the image, and one for slices that could not be decoded. It is complete after Done.
func (l *Loading) Warnings() []project.Warning {
	out := append([]project.Warning(nil), l.image.Warnings...)
	if failed := l.Failed(); len(failed) > 0 {
		out = append(out, failureWarning(failed, len(l.image.frames)))
	}
	return out
}
