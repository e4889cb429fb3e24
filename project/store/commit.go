package store

import (
	"context"
	"errors"
	"sync"

	"go.etcd.io/bbolt"
)

// ticket is the promise of one write. It implements Saved.
type ticket struct {
	done chan struct{}
	err  error // written before done is closed
}

func newTicket() *ticket { return &ticket{done: make(chan struct{})} }

func (t *ticket) finish(err error) {
	t.err = err
	close(t.done)
}

// Done implements Saved.
func (t *ticket) Done() <-chan struct{} { return t.done }

// Err implements Saved.
func (t *ticket) Err() error {
	select {
	case <-t.done:
		return t.err
	default:
		return nil
	}
}

// Wait implements Saved.
func (t *ticket) Wait(ctx context.Context) error {
	select {
	case <-t.done:
		return t.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// job is one thing to write: an edit, which may share its transaction with others, or a function, which has one of its own.
type job struct {
	*ticket
	edit *pendingEdit
	run  func(*tx) error
	idle func() error // runs on the writing goroutine between transactions, with none
}

// queue is what waits to be written. One goroutine takes from it.
type queue struct {
	mu      sync.Mutex
	more    sync.Cond
	jobs    []*job
	writing int // edits of the batch that is being written
	closed  bool
}

func (q *queue) init() { q.more.L = &q.mu }

// add queues j, or refuses it when the queue is closed.
func (q *queue) add(j *job) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return ErrClosed
	}
	q.jobs = append(q.jobs, j)
	q.more.Signal()
	return nil
}

// maxBatch bounds one transaction, so that the first of very many edits does not wait for the last.
const maxBatch = 512

// take waits for work and returns a run of edits, or one other job. It returns nil once the queue is closed and empty.
func (q *queue) take() []*job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.jobs) == 0 && !q.closed {
		q.more.Wait()
	}
	n := 0
	for n < len(q.jobs) && n < maxBatch && q.jobs[n].edit != nil {
		n++
	}
	n = min(max(n, 1), len(q.jobs))
	batch := q.jobs[:n:n]
	q.jobs = q.jobs[n:]
	if n > 0 && batch[0].edit != nil {
		q.writing = n
	}
	return batch
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Signal()
}

// write is the one goroutine that writes.
func (s *Store) write() {
	defer close(s.written)
	for {
		batch := s.queue.take()
		if len(batch) == 0 {
			return
		}
		if batch[0].edit != nil {
			s.writeEdits(batch)
			continue
		}
		j := batch[0]
		if j.idle != nil {
			j.finish(j.idle())
			continue
		}
		j.finish(s.transact(j.run))
	}
}

// update has f run in a transaction on the writing goroutine, after all that was queued before, and returns when it is on the disk.
// f must leave the transaction alone once it returns an error that is not errStorage: everything it did is rolled back.
func (s *Store) update(f func(*tx) error) error {
	j := &job{ticket: newTicket(), run: f}
	if err := s.queue.add(j); err != nil {
		return err
	}
	<-j.Done()
	return j.err
}

// transact runs one transaction. An error of the disk fences the store; a rule that was broken only rolls back.
func (s *Store) transact(f func(*tx) error) error {
	if err := s.fenced(); err != nil {
		return err
	}
	after, err := s.tryTransact(f)
	var broken errStorage
	if errors.As(err, &broken) {
		return s.fence(broken.err, nil)
	}
	if err != nil {
		return err
	}
	for _, f := range after {
		f()
	}
	return nil
}

func (s *Store) tryTransact(f func(*tx) error) (after []func(), err error) {
	err = guarded(func() error {
		b, err := s.db.Begin(true)
		if err != nil {
			return errStorage{err}
		}
		defer rollback(b)
		t, err := s.newTx(b)
		if err != nil {
			return err
		}
		if err := f(t); err != nil {
			return err
		}
		if err := t.finish(); err != nil {
			return err
		}
		if err := b.Commit(); err != nil {
			return errStorage{err}
		}
		after = t.after
		if t.dropped == nil {
			return nil
		}
		return t.ring.drop(t.dropped)
	})
	if errors.Is(err, errPanic) {
		err = errStorage{err} // what it left behind in bbolt is unknown: nothing is written through this handle any more
	}
	return after, err
}

// rollback ends a transaction that was not committed. After a failed commit bbolt has done so itself.
func rollback(b *bbolt.Tx) { b.Rollback() }
