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
	return parallel(ctx, (h+bandRows-1)/bandRows, func(n int) {
		band(n*bandRows, min((n+1)*bandRows, h))
	})
}

// bands calls row for every row, shared out as Bands does.
func bands(ctx context.Context, h int, row func(y int)) error {
	return Bands(ctx, h, func(y0, y1 int) {
		for y := y0; y < y1; y++ {
			row(y)
		}
	})
}

// parallel calls job for every n below count, in no order, and waits. ctx is looked at before each.
func parallel(ctx context.Context, count int, job func(n int)) error {
	workers := min(runtime.GOMAXPROCS(0), count)
	var next atomic.Int64
	work := func() {
		for ctx.Err() == nil {
			n := int(next.Add(1)) - 1
			if n >= count {
				return
			}
			job(n)
		}
	}
	var wg sync.WaitGroup
	for range workers - 1 {
		wg.Go(work)
	}
	work()
	wg.Wait()
	return ctx.Err()
}
