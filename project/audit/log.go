package audit

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
)

// Storage is where a log's leaves and hashes lie. The caller implements it over its own transaction: what Append writes becomes durable with
// the rest of that transaction, or not at all. Leaves and hashes that were written never change.
type Storage interface {
	// Size returns the number of leaves.
	Size() (int64, error)
	// Leaf returns the leaf at index, 0 <= index < Size.
	Leaf(index int64) ([]byte, error)
	// ReadHashes returns the stored hashes at indexes, which tlog.StoredHashIndex defines (tlog.HashReader).
	ReadHashes(indexes []int64) ([]tlog.Hash, error)
	// Append writes leaf at index, which is Size, and hashes at first, first+1 and so on.
	Append(index int64, leaf []byte, first int64, hashes []tlog.Hash) error
}

// Head is a log's state: its number of leaves and the root of their Merkle tree (RFC 6962 section 2.1).
type Head struct {
	Size int64
	Root project.Hash
}

// Log is a Merkle log over a Storage. It keeps nothing itself and is as safe for concurrent use as the Storage is.
type Log struct{ Storage }

// AppendLeaf adds any record and returns its index.
func (l Log) AppendLeaf(leaf []byte) (index int64, err error) {
	n, err := l.Size()
	if err != nil {
		return 0, fmt.Errorf("size of the log: %w", err)
	}
	hashes, err := tlog.StoredHashes(n, leaf, l)
	if err != nil {
		return 0, fmt.Errorf("hash leaf %d: %w", n, err)
	}
	if err := l.Storage.Append(n, leaf, tlog.StoredHashIndex(0, n), hashes); err != nil {
		return 0, fmt.Errorf("append leaf %d: %w", n, err)
	}
	return n, nil
}

// Append completes e with its version, its index and its time rounded to UTC milliseconds, and adds it. It returns the event as recorded.
func (l Log) Append(e Event) (Event, error) {
	n, err := l.Size()
	if err != nil {
		return Event{}, fmt.Errorf("size of the log: %w", err)
	}
	e.Version, e.Seq, e.Time = EventVersion, n, e.Time.UTC().Truncate(time.Millisecond)
	if err := e.Check(); err != nil {
		return Event{}, err
	}
	_, err = l.AppendLeaf(e.Marshal())
	return e, err
}

// Head returns the log's state from its stored hashes. It costs a logarithm of the size.
func (l Log) Head() (Head, error) {
	n, err := l.Size()
	if err != nil {
		return Head{}, fmt.Errorf("size of the log: %w", err)
	}
	return l.HeadAt(n)
}

// HeadAt returns the state that the log had at an earlier size.
func (l Log) HeadAt(size int64) (Head, error) {
	if size == 0 {
		return Head{Root: emptyRoot}, nil
	}
	root, err := tlog.TreeHash(size, l)
	if err != nil {
		return Head{}, fmt.Errorf("root of %d leaves: %w", size, err)
	}
	return Head{Size: size, Root: project.Hash(root)}, nil
}

// emptyRoot is the root of no leaves: the SHA-256 of nothing (RFC 6962 section 2.1).
var emptyRoot = project.HashOf(nil)

// Verify reads every leaf, computes every hash of the tree again and compares it with what is stored. It returns the state that the leaves
// themselves give. Compare it with a signed checkpoint from elsewhere to see that nothing was cut.
func (l Log) Verify(ctx context.Context) (Head, error) {
	n, err := l.Size()
	if err != nil {
		return Head{}, fmt.Errorf("size of the log: %w", err)
	}
	again := &memory{}
	for i := range n {
		if err := ctx.Err(); err != nil {
			return Head{}, err
		}
		leaf, err := l.Leaf(i)
		if err != nil {
			return Head{}, fmt.Errorf("leaf %d: %w", i, err)
		}
		first := int64(len(again.hashes))
		if _, err := (Log{again}).AppendLeaf(leaf); err != nil {
			return Head{}, err
		}
		if err := l.compare(first, again.hashes[first:]); err != nil {
			return Head{}, project.Errorf(project.Corrupt, "leaf %d of the audit log does not give the stored hashes: %w", i, err)
		}
	}
	return Log{again}.HeadAt(n)
}

func (l Log) compare(first int64, want []tlog.Hash) error {
	indexes := make([]int64, len(want))
	for i := range indexes {
		indexes[i] = first + int64(i)
	}
	got, err := l.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			return fmt.Errorf("hash %d differs", indexes[i])
		}
	}
	return nil
}

// memory holds the hashes of a tree that is being computed again; its leaves are not kept.
type memory struct {
	n      int64
	hashes []tlog.Hash
}

func (m *memory) Size() (int64, error) { return m.n, nil }
func (m *memory) Leaf(int64) ([]byte, error) {
	return nil, project.Errorf(project.NotFound, "leaves are not kept")
}
func (m *memory) Append(_ int64, _ []byte, first int64, hashes []tlog.Hash) error {
	if first != int64(len(m.hashes)) {
		return fmt.Errorf("hashes at %d do not follow %d", first, len(m.hashes))
	}
	m.n++
	m.hashes = append(m.hashes, hashes...)
	return nil
}

func (m *memory) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, x := range indexes {
		if x < 0 || x >= int64(len(m.hashes)) {
			return nil, fmt.Errorf("there is no hash %d", x)
		}
		out[i] = m.hashes[x]
	}
	return out, nil
}
