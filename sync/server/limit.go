package server

import (
	"net"
	"sync"
	"time"

	"hotlight/project"
)

const (
	maxConnections = 512
	maxCallers     = 10_000 // callers that the limiter remembers
)

// limiter gives each caller a bucket of tokens that fills at a fixed rate and holds three seconds' worth.
type limiter struct {
	rate float64 // tokens a second; negative = no limit
	now  func() time.Time

	mu      sync.Mutex
	callers map[string]*tokens
}

type tokens struct {
	left float64
	at   time.Time
}

func newLimiter(rate float64, now func() time.Time) *limiter {
	return &limiter{rate: rate, now: now, callers: map[string]*tokens{}}
}

var errTooFast = &project.Error{Kind: project.Busy, Text: "too many requests; a pause is needed"}

// take uses one token of caller.
func (l *limiter) take(caller string) error {
	if l.rate < 0 {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	t := l.callers[caller]
	if t == nil {
		if len(l.callers) >= maxCallers {
			l.forget(now)
		}
		t = &tokens{3 * l.rate, now}
		l.callers[caller] = t
	}
	t.left = min(3*l.rate, t.left+l.rate*now.Sub(t.at).Seconds())
	t.at = now
	if t.left < 1 {
		return errTooFast
	}
	t.left--
	return nil
}

// forget drops callers whose bucket is full again, or all when that is not enough.
func (l *limiter) forget(now time.Time) {
	for name, t := range l.callers {
		if now.Sub(t.at) > 3*time.Second {
			delete(l.callers, name)
		}
	}
	if len(l.callers) >= maxCallers {
		clear(l.callers)
	}
}

// limitConnections lets at most n connections of l be open at a time; more wait in the system's queue.
func limitConnections(l net.Listener, n int) net.Listener {
	return &limitedListener{Listener: l, slots: make(chan struct{}, n), done: make(chan struct{})}
}

type limitedListener struct {
	net.Listener
	slots chan struct{}
	done  chan struct{}
	once  sync.Once
}

func (l *limitedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.done:
		return nil, net.ErrClosed
	}
	c, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &limitedConn{Conn: c, slots: l.slots}, nil
}

func (l *limitedListener) Close() error {
	l.once.Do(func() { close(l.done) })
	return l.Listener.Close()
}

type limitedConn struct {
	net.Conn
	slots chan struct{}
	once  sync.Once
}

func (c *limitedConn) Close() error {
	err := c.Conn.Close()
	c.once.Do(func() { <-c.slots })
	return err
}
