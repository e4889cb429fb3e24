// Package cost holds how expensive a passphrase is made. It is internal to keys so that only keys' own test support can lower it.
package cost

import "sync/atomic"

// Argon2 is the cost of Argon2id.
type Argon2 struct {
	MemoryKiB uint32
	Time      uint32
	Threads   uint8
}

// Standard is what every vault is sealed with: 64 MiB, three passes, two lanes; about one second on a small workstation.
var Standard = Argon2{MemoryKiB: 64 << 10, Time: 3, Threads: 2}

var current atomic.Pointer[Argon2]

// Current is the cost for new seals.
func Current() Argon2 {
	if c := current.Load(); c != nil {
		return *c
	}
	return Standard
}

// Set changes the cost of new seals and returns a function that puts the old one back. For tests.
func Set(c Argon2) (restore func()) {
	old := current.Swap(&c)
	return func() { current.Store(old) }
}
