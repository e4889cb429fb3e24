package client

import (
	"context"
	"math/rand/v2"
	"time"

	"hotlight/project"
	"hotlight/sync/wire"
)

func (r Retry) withDefaults() Retry {
	if r.Tries == 0 {
		r.Tries = 5
	}
	if r.Base == 0 {
		r.Base = 500 * time.Millisecond
	}
	if r.Max == 0 {
		r.Max = time.Minute
	}
	return r
}

// do calls try until it succeeds, fails for good, or has failed Tries times in a row without progress. try reports whether it got further.
func (r Retry) do(ctx context.Context, try func() (progress bool, err error)) error {
	for failed := 0; ; {
		progress, err := try()
		if err == nil || !wire.Temporary(err) {
			return err
		}
		if progress {
			failed = 0
		}
		failed++
		if failed >= r.Tries {
			return err
		}
		select {
		case <-time.After(r.pause(failed)):
		case <-ctx.Done():
			return project.Errorf(project.Offline, "the exchange was interrupted; nothing is lost, what waits is sent next time: %w", ctx.Err())
		}
	}
}

// pause returns how long to wait after so many failures.
func (r Retry) pause(failed int) time.Duration {
	most := r.Max
	if failed < 20 {
		most = min(r.Max, r.Base<<(failed-1))
	}
	return rand.N(most + 1)
}
