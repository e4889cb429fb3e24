package keys

import (
	"time"

	"hotlight/project"
)

// ForgiveGuesses ends the pause after wrong passphrases.
func ForgiveGuesses(id project.ReaderID) { guardOf(id).reset() }

// SetGuardClock makes the pauses of a person's vault go by now.
func SetGuardClock(id project.ReaderID, now func() time.Time) { guardOf(id).now = now }

// ReparseVault parses b and writes it again.
func ReparseVault(b []byte) ([]byte, error) {
	f, err := parseVault(b)
	if err != nil {
		return nil, err
	}
	return f.marshal(), nil
}

// WindBack makes the holder's last Touch lie d in the past, as after a sleep.
func (h *Holder) WindBack(d time.Duration) {
	h.idle.mu.Lock()
	defer h.idle.mu.Unlock()
	h.idle.last = h.idle.last.Add(-d)
}
