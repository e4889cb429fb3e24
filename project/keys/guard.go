package keys

import (
	"errors"
	"sync"
	"time"

	"hotlight/project"
)

// guard slows guessing at one vault in this process: from the fifth wrong passphrase on each is followed by a pause, doubling.
type guard struct {
	mu     sync.Mutex // held while a passphrase is tried, so that guesses do not run side by side
	wrong  int
	closed time.Time // no passphrase is tried before
	now    func() time.Time
}

const (
	freeGuesses = 4
	firstPause  = 2 * time.Second
	longPause   = 15 * time.Minute
)

var guards sync.Map // project.ReaderID to *guard

func guardOf(id project.ReaderID) *guard {
	g, _ := guards.LoadOrStore(id, &guard{now: time.Now})
	return g.(*guard)
}

// try runs open unless a pause is on, and counts its wrong passphrases.
func (g *guard) try(open func() error) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if wait := g.closed.Sub(g.now()); wait > 0 {
		return project.Errorf(project.Busy, "too many wrong passphrases; wait %s", wait.Round(time.Second))
	}
	err := open()
	switch {
	case err == nil:
		g.wrong = 0
	case errors.Is(err, ErrPassphrase):
		g.wrong++
		g.closed = g.now().Add(g.pause())
	}
	return err
}

func (g *guard) pause() time.Duration {
	if g.wrong <= freeGuesses {
		return 0
	}
	pause := firstPause
	for range g.wrong - freeGuesses - 1 {
		if pause *= 2; pause >= longPause {
			return longPause
		}
	}
	return pause
}

func (g *guard) reset() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrong, g.closed = 0, time.Time{}
}
