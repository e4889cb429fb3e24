package ingest

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"hotlight/project"
)

// found is a regular file on the way of a walk.
type found struct {
	path string
	size int64
	disc bool // the caller named it as the directory of a disc
}

// walker lists the regular files below some paths. Links are followed, to files and to folders; a folder or file that was reached before is not
// entered again, so loops of links end. On a disc, which is a folder with a DICOMDIR, links are followed only where they stay on it.
type walker struct {
	ctx     context.Context
	files   []found
	skipped []Skipped
	folders map[string]bool // by real path
	linked  map[string]bool // files reached through links or named twice, by real path
}

// walk returns the files in path order. A path that does not exist is an error: the caller named it.
func walk(ctx context.Context, paths []string) (*walker, error) {
	w := &walker{ctx: ctx, folders: map[string]bool{}, linked: map[string]bool{}}
	for n, p := range paths {
		p = filepath.Clean(p)
		info, err := os.Stat(p)
		if err != nil {
			return nil, project.Errorf(project.NotFound, "path %d of %d cannot be read: %s", n+1, len(paths), reasonOf(err))
		}
		switch {
		case info.IsDir():
			w.folder(p, "")
		case isDirectoryFile(p):
			w.disc(p, info)
		default:
			w.link(p, info, false)
		}
	}
	slices.SortFunc(w.files, func(a, b found) int { return strings.Compare(a.path, b.path) })
	w.files = w.withoutTwins()
	return w, ctx.Err()
}

// disc takes all that lies beside the directory path, which is the caller's word for the disc.
func (w *walker) disc(path string, info fs.FileInfo) {
	folder := filepath.Dir(path)
	if real, err := filepath.EvalSymlinks(folder); err == nil {
		w.folder(folder, real)
	}
	w.files = slices.DeleteFunc(w.files, func(f found) bool { return f.path == path })
	w.link(path, info, true)
}

// folder enters a folder. Within a disc, root is where the disc lies.
func (w *walker) folder(path, root string) {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		w.skip(path, "the folder cannot be read: "+reasonOf(err))
		return
	}
	if w.folders[real] || w.ctx.Err() != nil {
		return
	}
	w.folders[real] = true
	entries, err := os.ReadDir(path)
	if err != nil {
		w.skip(path, "the folder cannot be read: "+reasonOf(err))
	}
	if root == "" && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isMediaName(e.Name()) }) {
		root = real
	}
	for _, e := range entries {
		w.entry(filepath.Join(path, e.Name()), root, e)
	}
}

func (w *walker) entry(path, root string, e fs.DirEntry) {
	switch {
	case e.IsDir():
		w.folder(path, root)
	case e.Type()&fs.ModeSymlink != 0:
		info, err := os.Stat(path)
		switch {
		case err != nil:
			w.skip(path, "a link that leads nowhere")
		case root != "" && leaves(path, root):
			w.skip(path, "a link that leads away from the disc: not followed")
		case info.IsDir():
			w.folder(path, root)
		default:
			w.link(path, info, false)
		}
	default:
		info, err := e.Info()
		if err != nil {
			w.skip(path, reasonOf(err))
			return
		}
		w.file(path, info, false)
	}
}

// leaves reports whether a link at path leads to a place that is not below root.
func leaves(path, root string) bool {
	real, err := filepath.EvalSymlinks(path)
	return err != nil || real != root && !strings.HasPrefix(real, strings.TrimSuffix(root, string(filepath.Separator))+string(filepath.Separator))
}

// link takes a file that may be reached in another way as well.
func (w *walker) link(path string, info fs.FileInfo, disc bool) {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		w.linked[real] = true
	}
	w.file(path, info, disc)
}

func (w *walker) file(path string, info fs.FileInfo, disc bool) {
	switch {
	case !info.Mode().IsRegular():
		w.skip(path, "not a regular file")
	case info.Size() == 0:
		w.skip(path, "empty file")
	default:
		w.files = append(w.files, found{path, info.Size(), disc})
	}
}

// withoutTwins drops all but the first way to a file that was reached through links.
func (w *walker) withoutTwins() []found {
	if len(w.linked) == 0 {
		return w.files
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(w.files, func(f found) bool {
		real, err := filepath.EvalSymlinks(f.path)
		if err != nil || !w.linked[real] {
			return false
		}
		twin := seen[real]
		seen[real] = true
		return twin
	})
}

func (w *walker) skip(path, reason string) {
	w.skipped = append(w.skipped, Skipped{path, reason})
}

// reasonOf returns what the system says, without the path.
func reasonOf(err error) string {
	var errno syscall.Errno
	var p *fs.PathError
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return "it does not exist"
	case errors.Is(err, fs.ErrPermission):
		return "permission denied"
	case errors.As(err, &errno):
		return errno.Error()
	case errors.As(err, &p):
		return p.Err.Error()
	}
	return "the system gives no reason"
}
