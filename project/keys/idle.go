package keys

import (
	"sync"
	"time"
)

// idleClock locks after a time without Touch. It goes by the wall clock, because the monotonic one stands still while a laptop sleeps.
type idleClock struct {
	lock func()

	mu     sync.Mutex
	limit  time.Duration // 0: never
	last   time.Time     // without monotonic reading
	onLock func()
	timer  *time.Timer // nil: never
	fired  bool        // locked by the clock, not unlocked since
}

// LockAfter locks the holder after idle without Touch and then calls onLock (may be nil) once, on a goroutine of its own. It replaces an earlier setting;
// idle 0 ends it.
func (h *Holder) LockAfter(idle time.Duration, onLock func()) {
	c := &h.idle
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.timer != nil {
		c.timer.Stop()
	}
	c.limit, c.onLock, c.last, c.timer, c.fired = idle, onLock, wall(), nil, false
	if idle > 0 {
		c.timer = time.AfterFunc(idle, c.expire)
	}
}

// Touch says that the person is there. It is cheap: call it for every input. After a sleep longer than the limit it locks instead.
func (h *Holder) Touch() {
	c := &h.idle
	c.mu.Lock()
	late := c.limit > 0 && wall().Sub(c.last) >= c.limit
	if !late {
		c.last = wall()
	}
	c.mu.Unlock()
	if late {
		c.expire()
	}
}

// touched restarts the clock, after an unlock.
func (c *idleClock) touched() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.last, c.fired = wall(), false
	if c.timer != nil {
		c.timer.Reset(c.limit)
	}
}

// expire locks if the limit has really passed, else waits for the rest of it.
func (c *idleClock) expire() {
	c.mu.Lock()
	if c.timer == nil || c.fired {
		c.mu.Unlock()
		return
	}
	if rest := c.limit - wall().Sub(c.last); rest > 0 {
		c.timer.Reset(min(rest, c.limit)) // a clock that was set back must not postpone it for ever
		c.mu.Unlock()
		return
	}
	c.fired = true
	c.timer.Stop()
	call := c.onLock
	c.mu.Unlock()
	c.lock()
	if call != nil {
		go call()
	}
}

func wall() time.Time { return time.Now().Round(0) }
