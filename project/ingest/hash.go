package ingest

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"runtime"
	"sync"
	"sync/atomic"

	"hotlight/project"
)

// HashOptions say how files are hashed. The zero value uses every processor and tells nobody.
type HashOptions struct {
	// Progress is called from one goroutine at a time with the number of files done so far and of all.
	Progress func(done, total int)
	// Workers is the number of goroutines; 0 means one for each processor. Work that nobody waits for takes 1.
	Workers int
}

// HashFiles returns the SHA-256 of each file, in the order of paths. It fails when one cannot be read, naming its number, and at once when ctx ends,
// in the middle of a large file too.
func HashFiles(ctx context.Context, paths []string, o HashOptions) ([]project.Hash, error) {
	out, errs := HashEach(ctx, paths, o)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	for n, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("hash source file %d of %d: %w", n+1, len(paths), err)
		}
	}
	return out, nil
}

// HashEach is HashFiles for files of which some may be gone: each has its own error. When ctx ends, those that were not read have no error either.
func HashEach(ctx context.Context, paths []string, o HashOptions) ([]project.Hash, []error) {
	out, errs := make([]project.Hash, len(paths)), make([]error, len(paths))
	workers := o.Workers
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	var group sync.WaitGroup
	for range min(workers, len(paths)) {
		group.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(paths) {
					return
				}
				out[n], errs[n] = hashFile(ctx, paths[n])
				mu.Lock()
				if done++; o.Progress != nil && ctx.Err() == nil {
					o.Progress(done, len(paths))
				}
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return out, errs
}

// HashSources returns the SHA-256 of each source file of m, in slice order; a multi-frame file stands once, at its first slice. Files are read in
// parallel; progress, which may be nil, is called from one goroutine at a time. It fails when a file cannot be read: a signature needs all.
func HashSources(ctx context.Context, m *Image, progress func(done, total int)) ([]project.SignedInstance, error) {
	var paths []string
	var out []project.SignedInstance
	seen := map[string]bool{}
	for _, s := range m.Slices {
		if !seen[s.Path] {
			seen[s.Path] = true
			paths, out = append(paths, s.Path), append(out, project.SignedInstance{UID: s.Instance})
		}
	}
	sums, err := HashFiles(ctx, paths, HashOptions{Progress: progress})
	if err != nil {
		return nil, err
	}
	for n := range out {
		out[n].SHA256 = sums[n]
	}
	return out, nil
}

func hashFile(ctx context.Context, path string) (sum project.Hash, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, project.Errorf(project.NotFound, "%s", reasonOf(err))
	}
	defer f.Close()
	buf, giveBack := borrow(1 << 18)
	defer giveBack()
	h := sha256.New()
	// The wrapper also hides *os.File's own WriteTo, which would allocate a buffer for each file.
	if _, err := io.CopyBuffer(h, cancelled{ctx, f}, buf); err != nil {
		if ctx.Err() != nil {
			return sum, ctx.Err()
		}
		return sum, project.Errorf(project.Other, "%s", reasonOf(err))
	}
	h.Sum(sum[:0])
	return sum, nil
}

// cancelled is a reader that ends with its context.
type cancelled struct {
	ctx context.Context
	r   io.Reader
}

func (c cancelled) Read(b []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(b)
}
