package ingest

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"hotlight/project"
	"hotlight/project/dcm"
)

// Wanted is a file that is looked for by what it holds.
type Wanted struct {
	Instance project.InstanceUID
	SHA256   project.Hash
	Size     int64 // 0 where it is not known
}

// FoundFile is a file on the disk.
type FoundFile struct {
	Path     string
	Size     int64
	Modified int64 // nanoseconds since 1970
}

// FindOptions bound and report a search.
type FindOptions struct {
	// MostFiles ends the search after so many files were looked at; 0 means no end. A search that nobody asked for must not walk a whole server.
	MostFiles int
	// Progress is called from one goroutine at a time with the number of wanted files found so far and of all.
	Progress func(found, wanted int)
}

// Find looks for files in places (files and folders, at any depth), the nearest first: a place after the other, and in each the upper folders before
// the lower. What cannot be a wanted file by its size is not opened, what is not one by its SOP Instance UID is not read; the digest decides. It
// ends when all are found. Places that are not there, folders that cannot be read and links are passed over. It fails only when ctx ends.
func Find(ctx context.Context, places []string, wanted []Wanted, o FindOptions) (map[project.Hash]FoundFile, error) {
	s := &search{ctx: ctx, o: o, open: map[project.Hash]bool{}, sizes: map[int64]bool{}, uids: map[project.InstanceUID]bool{},
		found: map[project.Hash]FoundFile{}, seen: map[string]bool{}}
	for _, w := range wanted {
		s.open[w.SHA256], s.sizes[w.Size], s.uids[w.Instance] = true, true, true
	}
	s.total = len(s.open)
	for _, place := range places {
		if s.ended() {
			break
		}
		s.place(filepath.Clean(place))
	}
	return s.found, ctx.Err()
}

// search is one Find.
type search struct {
	ctx   context.Context
	o     FindOptions
	sizes map[int64]bool
	uids  map[project.InstanceUID]bool
	total int
	seen  map[string]bool // folders
	count int             // files looked at

	mu    sync.Mutex
	open  map[project.Hash]bool // not found yet
	found map[project.Hash]FoundFile
}

// ended reports whether no further folder is to be looked at.
func (s *search) ended() bool { return s.o.MostFiles > 0 && s.count >= s.o.MostFiles || s.done() }

// done reports whether there is nothing more to find, or nobody waiting for it.
func (s *search) done() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open) == 0 || s.ctx.Err() != nil
}

// place searches a folder level by level, or a single file.
func (s *search) place(path string) {
	info, err := os.Stat(path)
	if err != nil {
		return
	}
	if info.Mode().IsRegular() {
		s.look([]FoundFile{fileOf(path, info)})
		return
	}
	for level := []string{path}; len(level) > 0; {
		var next []string
		for _, dir := range level {
			if s.ended() {
				return
			}
			next = append(next, s.folder(dir)...)
		}
		level = next
	}
}

// folder looks at the files of a folder and returns the folders in it.
func (s *search) folder(dir string) (below []string) {
	if s.seen[dir] {
		return nil
	}
	s.seen[dir] = true
	entries, _ := os.ReadDir(dir) // what could be read of it is looked at
	var may []FoundFile
	for _, e := range entries {
		path := filepath.Join(dir, e.Name())
		if e.IsDir() {
			below = append(below, path)
			continue
		}
		s.count++
		if info, err := e.Info(); err == nil && e.Type().IsRegular() && (s.sizes[info.Size()] || s.sizes[0]) {
			may = append(may, fileOf(path, info))
		}
	}
	s.look(may)
	return below
}

func fileOf(path string, info fs.FileInfo) FoundFile {
	return FoundFile{Path: path, Size: info.Size(), Modified: info.ModTime().UnixNano()}
}

// look compares files with what is wanted, in parallel.
func (s *search) look(files []FoundFile) {
	next := make(chan FoundFile)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		all.Go(func() {
			for f := range next {
				s.compare(f)
			}
		})
	}
	for _, f := range files {
		if s.done() {
			break
		}
		next <- f
	}
	close(next)
	all.Wait()
}

func (s *search) compare(f FoundFile) {
	head, err := dcm.Open(f.Path, dcm.Options{HeaderOnly: true})
	if err != nil || !s.uids[project.InstanceUID(text(head.Data, dcm.SOPInstanceUID))] {
		return
	}
	sum, err := hashFile(s.ctx, f.Path)
	if err != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open[sum] {
		delete(s.open, sum)
		s.found[sum] = f
		if s.o.Progress != nil {
			s.o.Progress(len(s.found), s.total)
		}
	}
}

// InstanceOf returns the SOP Instance UID of a file, empty where it is none of DICOM or has none.
func InstanceOf(path string) project.InstanceUID {
	head, err := dcm.Open(path, dcm.Options{HeaderOnly: true})
	if err != nil {
		return ""
	}
	return project.InstanceUID(text(head.Data, dcm.SOPInstanceUID))
}
