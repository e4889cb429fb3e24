//go:build !nogui

package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"hotlight/app/desk"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// sheetAfter is how long a work may take before it is worth a dialog.
const sheetAfter = 300 * time.Millisecond

// work does something slow off the interface thread, with a bar and a button to cancel when it takes longer than a blink. done is called on
// the interface thread; it is not called when the work ended
// because the person cancelled.
func (w *window) work(title string, do func(ctx context.Context, progress desk.Progress) error, done func(error)) {
	ctx, cancel := context.WithCancel(context.Background())
	p := &progressSheet{w: w, title: title, cancel: cancel}
	p.timer = time.AfterFunc(sheetAfter, func() { control.OnMain(p.open) })
	go func() {
		err := do(ctx, p.report)
		control.OnMain(func() {
			p.shut()
			cancelled := ctx.Err() != nil && errors.Is(err, context.Canceled)
			cancel()
			if !cancelled { // a work that was finished before it heard of the cancel is finished
				done(err)
			}
		})
	}()
}

// progressSheet is the dialog of a long work.
type progressSheet struct {
	w      *window
	title  string
	cancel func()
	timer  *time.Timer
	close  func()
	ended  bool
	bar    *control.Bar
	text   *control.Prose

	mu          sync.Mutex
	done, total int
	told        time.Time
}

// report may come from any goroutine and often; the bar moves at most ten times a second.
func (p *progressSheet) report(done, total int) {
	p.mu.Lock()
	p.done, p.total = done, total
	due := time.Since(p.told) > 100*time.Millisecond
	if due {
		p.told = time.Now()
	}
	p.mu.Unlock()
	if due {
		control.OnMain(p.show)
	}
}

func (p *progressSheet) open() {
	if p.ended {
		return
	}
	p.bar = control.NewBar()
	p.text = control.NewProse("", look.Body, look.Text2, 400)
	cancel := control.NewButton("Cancel", "", control.Outlined, func() { p.cancel(); p.shut() })
	p.close = p.w.sheet(control.Fixed(480, 0, control.Column(look.Gap12, control.Even(look.Gap24, look.Gap16),
		look.Strong(p.title, look.Message, look.Text), control.Fixed(0, 6, p.bar), p.text, control.Row(0, control.Insets{}, control.Spring(), cancel))))
	p.show()
}

func (p *progressSheet) show() {
	if p.bar == nil || p.ended {
		return
	}
	p.mu.Lock()
	done, total := p.done, p.total
	p.mu.Unlock()
	text := "Starting"
	switch {
	case total > 0:
		p.bar.Set(float64(done) / float64(total))
		text = fmt.Sprintf("%d of %d", done, total)
	case done > 0:
		text = fmt.Sprintf("%d so far", done)
	}
	p.text.SetText(text)
}

func (p *progressSheet) shut() {
	p.ended = true
	p.timer.Stop()
	if p.close != nil {
		p.close()
		p.close = nil
	}
}
