package ingest

import (
	"context"
	"slices"
	"sync"

	"hotlight/project"
)

// digest is the SHA-256 of a whole file, computed when first asked for.
type digest struct {
	once sync.Once
	sum  project.Hash
	err  error
}

func (x *instance) digestOf(ctx context.Context) (project.Hash, error) {
	x.whole.once.Do(func() { x.whole.sum, x.whole.err = hashFile(ctx, x.path) })
	return x.whole.sum, x.whole.err
}

// twins finds files that may be copies of each other while headers are read, so that comparing them is part of the work that progress counts.
type twins struct {
	mu    sync.Mutex
	first map[twin]*instance
}

// twin is what copies have in common.
type twin struct {
	uid    project.InstanceUID
	size   int64
	number int
}

func (x *instance) twin() twin { return twin{x.uid, x.size, x.number} }

// meet reads x, and the first file that looked like it, where there was one.
func (t *twins) meet(ctx context.Context, x *instance) {
	t.mu.Lock()
	y := t.first[x.twin()]
	if y == nil {
		t.first[x.twin()] = x
	}
	t.mu.Unlock()
	if y != nil { // a file that cannot be read is a copy of nothing
		_, _ = y.digestOf(ctx)
		_, _ = x.digestOf(ctx)
	}
}

// isCopyOf reports whether both files hold the same bytes. A file that cannot be read equals nothing.
func (x *instance) isCopyOf(ctx context.Context, y *instance) bool {
	a, errA := x.digestOf(ctx)
	b, errB := y.digestOf(ctx)
	return errA == nil && errB == nil && a == b
}

// withoutCopies drops files that are byte for byte another one of the same instance: discs and backups often hold both.
func withoutCopies(ctx context.Context, all []*instance, r *Result) []*instance {
	alike, seen := map[twin][]*instance{}, map[project.InstanceUID]bool{}
	return slices.DeleteFunc(all, func(x *instance) bool {
		for _, y := range alike[x.twin()] {
			if x.isCopyOf(ctx, y) {
				r.Skipped = append(r.Skipped, Skipped{x.path, "a copy of another file here"})
				return true
			}
		}
		if seen[x.uid] && x.uid != "" {
			x.warn(project.WarnRead, "Several different files carry one SOP Instance UID; it should name one.")
		}
		alike[x.twin()], seen[x.uid] = append(alike[x.twin()], x), true
		return false
	})
}
