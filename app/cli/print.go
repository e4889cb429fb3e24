package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"
)

// printJSON writes one document and a line end.
func (s *session) printJSON(v any) error {
	enc := json.NewEncoder(s.Out)
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

// note writes a message for people to standard error.
func (s *session) note(format string, args ...any) { fmt.Fprintf(s.Err, format+"\n", args...) }

// progress returns a function that draws a bar while something long runs, on a terminal only, and one that removes it.
func (s *session) progress(what string) (show func(done, total int), clear func()) {
	f, ok := s.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return func(int, int) {}, func() {}
	}
	b := &bar{out: f, what: what}
	return b.show, b.clear
}

type bar struct {
	mu   sync.Mutex
	out  io.Writer
	what string
	last time.Time
	open bool
}

const barWidth = 30

// show redraws at most ten times a second. A total of 0 means that it is not known yet.
func (b *bar) show(done, total int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if time.Since(b.last) < 100*time.Millisecond && done != total {
		return
	}
	b.last, b.open = time.Now(), true
	if total <= 0 {
		fmt.Fprintf(b.out, "\r\033[K%s %d", b.what, done)
		return
	}
	filled := min(barWidth, barWidth*done/total)
	fmt.Fprintf(b.out, "\r\033[K%s [%s%s] %d of %d", b.what, strings.Repeat("=", filled), strings.Repeat(" ", barWidth-filled), done, total)
}

func (b *bar) clear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.open {
		fmt.Fprint(b.out, "\r\033[K")
		b.open = false
	}
}
