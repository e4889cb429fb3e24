package audit

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"

	"hotlight/project"
)

// Inclusion returns the proof that the leaf at index is in the tree of the first size leaves.
func (l Log) Inclusion(index, size int64) ([]project.Hash, error) {
	if err := l.within(index >= 0 && index < size, size); err != nil {
		return nil, err
	}
	p, err := tlog.ProveRecord(size, index, l)
	if err != nil {
		return nil, fmt.Errorf("prove leaf %d: %w", index, err)
	}
	return fromTlog(p), nil
}

// Consistency returns the proof that the tree of the first old leaves is the beginning of that of the first size leaves, 0 < old <= size.
func (l Log) Consistency(old, size int64) ([]project.Hash, error) {
	if err := l.within(old > 0 && old <= size, size); err != nil {
		return nil, err
	}
	p, err := tlog.ProveTree(size, old, l)
	if err != nil {
		return nil, fmt.Errorf("prove that %d leaves begin %d: %w", old, size, err)
	}
	return fromTlog(p), nil
}

func (l Log) within(ok bool, size int64) error {
	n, err := l.Size()
	if err != nil {
		return fmt.Errorf("size of the log: %w", err)
	}
	if !ok || size > n {
		return project.Errorf(project.NotFound, "the log has %d leaves", n)
	}
	return nil
}

// VerifyInclusion returns a Corrupt error unless proof shows that leaf is at index in the log whose state is h.
func VerifyInclusion(proof []project.Hash, h Head, index int64, leaf []byte) error {
	if index < 0 || index >= h.Size {
		return project.Errorf(project.Corrupt, "leaf %d is not in a log of %d", index, h.Size)
	}
	if err := tlog.CheckRecord(toTlog(proof), h.Size, tlog.Hash(h.Root), index, tlog.RecordHash(leaf)); err != nil {
		return project.Errorf(project.Corrupt, "the proof of leaf %d does not hold", index)
	}
	return nil
}

// VerifyConsistency returns a Corrupt error unless proof shows that the log of state old is the beginning of that of state next. The empty log
// is the beginning of every log and needs no proof.
func VerifyConsistency(proof []project.Hash, old, next Head) error {
	switch {
	case old.Size < 0 || old.Size > next.Size:
		return project.Errorf(project.Corrupt, "a log of %d leaves does not continue one of %d", next.Size, old.Size)
	case old.Size == 0:
		if old.Root != emptyRoot || len(proof) != 0 {
			return project.Errorf(project.Corrupt, "the empty log has another root")
		}
		return nil
	}
	if err := tlog.CheckTree(toTlog(proof), next.Size, tlog.Hash(next.Root), old.Size, tlog.Hash(old.Root)); err != nil {
		return project.Errorf(project.Corrupt, "the log of %d leaves does not continue that of %d", next.Size, old.Size)
	}
	return nil
}

func fromTlog(p []tlog.Hash) []project.Hash {
	out := make([]project.Hash, len(p))
	for i, h := range p {
		out[i] = project.Hash(h)
	}
	return out
}

func toTlog(p []project.Hash) []tlog.Hash {
	out := make([]tlog.Hash, len(p))
	for i, h := range p {
		out[i] = tlog.Hash(h)
	}
	return out
}
