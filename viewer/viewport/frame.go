package viewport

import (
	"context"
	"image"
	"sync"
	"time"

	"hotlight/render"
)

// Drawer draws a scene into a buffer. soft.Renderer is one.
type Drawer interface {
	DrawInto(ctx context.Context, s render.Scene, dst *image.RGBA) error
}

// request is a picture to be drawn.
type request struct {
	scene render.Scene
	size  image.Point
}

// worker draws on a goroutine of its own: always the newest request, never two at a time. Three buffers rotate: one is on screen, one may
// still be read by a paint in progress, one is being drawn.
type worker struct {
	drawer Drawer
	done   func(img *image.RGBA, r request, err error, took time.Duration) // called on the worker's goroutine

	mu      sync.Mutex
	wake    *sync.Cond
	next    *request
	busy    bool
	stopped bool
	cancel  context.CancelFunc
	ended   chan struct{}

	buffers [3]*image.RGBA
	turn    int
}

func newWorker(d Drawer, done func(*image.RGBA, request, error, time.Duration)) *worker {
	w := &worker{drawer: d, done: done, ended: make(chan struct{})}
	w.wake = sync.NewCond(&w.mu)
	ctx, cancel := context.WithCancel(context.Background())
	w.cancel = cancel
	go w.run(ctx)
	return w
}

// ask replaces whatever waits by r.
func (w *worker) ask(r request) {
	w.mu.Lock()
	w.next = &r
	w.wake.Broadcast()
	w.mu.Unlock()
}

// settle returns when nothing waits and nothing is being drawn.
func (w *worker) settle() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for (w.next != nil || w.busy) && !w.stopped {
		w.wake.Wait()
	}
}

// stop ends the goroutine and waits for it.
func (w *worker) stop() {
	w.mu.Lock()
	w.stopped = true
	w.wake.Broadcast()
	w.mu.Unlock()
	w.cancel()
	<-w.ended
}

func (w *worker) run(ctx context.Context) {
	defer close(w.ended)
	for {
		r, ok := w.take()
		if !ok {
			return
		}
		img := w.buffer(r.size)
		start := time.Now()
		err := w.drawer.DrawInto(ctx, r.scene, img)
		if ctx.Err() == nil {
			w.done(img, r, err, time.Since(start))
		}
		w.mu.Lock()
		w.busy = false
		w.wake.Broadcast()
		w.mu.Unlock()
	}
}

func (w *worker) take() (request, bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.next == nil && !w.stopped {
		w.wake.Wait()
	}
	if w.stopped {
		return request{}, false
	}
	r := *w.next
	w.next, w.busy = nil, true
	return r, true
}

// buffer returns the buffer that was shown longest ago. Only the worker touches the ring. Fyne uploads Pix whole, so a buffer is never
// a part of a larger one.
func (w *worker) buffer(size image.Point) *image.RGBA {
	w.turn = (w.turn + 1) % len(w.buffers)
	b := w.buffers[w.turn]
	if b == nil || b.Rect.Size() != size {
		b = image.NewRGBA(image.Rectangle{Max: size})
		w.buffers[w.turn] = b
	}
	return b
}
