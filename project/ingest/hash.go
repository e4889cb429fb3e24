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
	errs := make([]error, len(paths))
	var next atomic.Int64
	var mu sync.Mutex
	done := 0
	var group sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(paths)) {
		group.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(paths) {
					return
				}
				out[n].SHA256, errs[n] = hashFile(paths[n])
				if progress != nil {
					mu.Lock()
					done++
					progress(done, len(paths))
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
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

func hashFile(path string) (sum project.Hash, err error) {
	f, err := os.Open(path)
	if err != nil {
		return sum, project.Errorf(project.NotFound, "%s", reasonOf(err))
	}
	defer f.Close()
	buf, giveBack := borrow(1 << 18)
	defer giveBack()
	h := sha256.New()
	// The wrapper hides *os.File's own WriteTo, which would allocate a buffer for each file.
	if _, err := io.CopyBuffer(h, struct{ io.Reader }{f}, buf); err != nil {
		return sum, project.Errorf(project.Other, "%s", reasonOf(err))
	}
	h.Sum(sum[:0])
	return sum, nil
}
