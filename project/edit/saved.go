package edit

// kept is how many of the newest entries stay in memory however many are saved.
const kept = 2000

// LoadOlder gives the history a way to entries that it does not hold: Restore does so by itself.
func (h *History) LoadOlder(load func(seq uint64) (Entry, error)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.load = load
}

// Saved tells the history that the entries up to seq are on disk. It may then forget old ones and load them again when undo reaches them;
// without a way to load it keeps them all.
func (h *History) Saved(seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.load == nil || h.seq < kept {
		return
	}
	for limit := min(seq, h.seq-kept); h.oldest <= limit; h.oldest++ {
		delete(h.entries, h.oldest)
	}
}
