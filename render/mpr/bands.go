package mpr

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// bands calls row for every y below h, from as many goroutines as there are processors, and waits for them. It stops between groups of rows once
// ctx is done and returns its error.
func bands(ctx context.Context, h int, row func(y int)) error {
	const group = 16
	return parallel(ctx, (h+group-1)/group, func(n int) {
		for y := n * group; y < min((n+1)*group, h); y++ {
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
