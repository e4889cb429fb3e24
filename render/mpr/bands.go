package mpr

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// Bands shares the rows [0, h) out in bands, over as many goroutines as there are processors, and waits for them: band is called with the rows
// [y0, y1). Once ctx is done no further band begins, and its error is returned.
func Bands(ctx context.Context, h int, band func(y0, y1 int)) error {
	return bandsWith(ctx, h, func() func(y0, y1 int) { return band })
}

// bands calls row for every row, shared out as Bands does.
func bands(ctx context.Context, h int, row func(y int)) error {
	return Bands(ctx, h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			row(y)
		}
	})
}

// bandsWith is Bands where each goroutine makes a worker of its own first, with what that needs as scratch.
func bandsWith(ctx context.Context, h int, worker func() func(y0, y1 int)) error {
	count := (h + bandRows - 1) / bandRows
	var next atomic.Int64
	work := func() {
		var band func(y0, y1 int)
		for ctx.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= count {
				return
			}
			if band == nil {
				band = worker()
			}
			band(n*bandRows, min((n+1)*bandRows, h))
		}
	}
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), count) - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return ctx.Err()
}
