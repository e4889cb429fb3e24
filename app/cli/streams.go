package cli

import (
	"context"
	"io"
	"os"

	"golang.org/x/term"
)

// results is standard output, and remembers that it could not be written: a script that keeps results in a file on a full disk must hear of
// it. Commands need not look at every line that they print.
type results struct {
	to  io.Writer
	err error
}

func (r *results) Write(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.to.Write(b)
	r.err = err
	return n, err
}

// terminalOf returns in as the terminal that it is, or nil.
func terminalOf(in io.Reader) *os.File {
	if f, ok := in.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return f
	}
	return nil
}

// input is a reader whose Read ends when ctx does. A read from a pipe or a terminal cannot be called back, so it happens in a goroutine of
// its own, started at the first Read; after an interrupt that one stays behind until the process ends.
type input struct {
	ctx  context.Context
	from io.Reader
	ask  chan int
	got  chan chunk
	left []byte
	err  error
}

type chunk struct {
	data []byte
	err  error
}

func interruptible(ctx context.Context, from io.Reader) io.Reader {
	return &input{ctx: ctx, from: from}
}

func (i *input) Read(b []byte) (int, error) {
	if len(i.left) == 0 && i.err == nil && len(b) > 0 {
		if err := i.fill(len(b)); err != nil {
			return 0, err
		}
	}
	n := copy(b, i.left)
	i.left = i.left[n:]
	if len(i.left) == 0 {
		return n, i.err
	}
	return n, nil
}

func (i *input) fill(size int) error {
	if i.ask == nil {
		i.ask, i.got = make(chan int, 1), make(chan chunk, 1)
		go i.read()
	}
	i.ask <- size
	select {
	case c := <-i.got:
		i.left, i.err = c.data, c.err
		if c.err != nil {
			close(i.ask)
		}
		return nil
	case <-i.ctx.Done():
		i.err = i.ctx.Err()
		close(i.ask)
		return i.err
	}
}

func (i *input) read() {
	for size := range i.ask {
		b := make([]byte, size)
		n, err := i.from.Read(b)
		i.got <- chunk{b[:n], err}
	}
}
