package server

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/wire"
)

const (
	objectDir  = "object"
	uploadDir  = "upload"
	maxPartial = 200                 // unfinished uploads of one person
	partialFor = 14 * 24 * time.Hour // an upload nobody went on with
)

// objects are the committed bundles, each under its address. A file there is whole and durable, and never changes.
type objects struct{ root string }

func (o objects) path(h project.Hash) string {
	name := h.String()
	return filepath.Join(o.root, name[:2], name)
}

// take makes the finished file at temp the object h: synced, renamed, its directory synced. An object that is there already stays.
func (o objects) take(temp string, h project.Hash) error {
	dest := o.path(h)
	if _, err := os.Stat(dest); err == nil {
		// Left by a commit that was cut short: whole, since it was synced before it got its name, but the name may not be durable yet.
		return errors.Join(syncDir(filepath.Dir(dest)), os.Remove(temp))
	}
	if err := syncFile(temp); err != nil {
		return err
	}
	dir := filepath.Dir(dest)
	if err := os.Mkdir(dir, 0o700); err == nil {
		if err := syncDir(o.root); err != nil {
			return err
		}
	} else if !errors.Is(err, fs.ErrExist) {
		return err
	}
	if err := os.Rename(temp, dest); err != nil {
		return err
	}
	return syncDir(dir)
}

func (o objects) open(h project.Hash) (*os.File, error) {
	f, err := os.Open(o.path(h))
	if err != nil {
		return nil, project.Errorf(project.Corrupt, "a committed bundle cannot be read: %w", err)
	}
	return f, nil
}

// uploads are what people are sending. Each person has a folder of their own, so nobody learns what another has sent.
type uploads struct {
	root string
	max  int64
	busy sync.Map // path -> true while a chunk is being written
}

func (u *uploads) path(p bundle.Handle, reader project.ReaderID, h project.Hash) string {
	return filepath.Join(u.root, string(p), string(reader), h.String())
}

// size returns how many bytes of an upload are here.
func (u *uploads) size(path string) int64 {
	info, err := os.Stat(path)
	if err != nil {
		return 0
	}
	return info.Size()
}

// append writes a chunk at offset, which must be where the upload ends, and returns where it ends now, also when body broke off.
func (u *uploads) append(path string, offset, length int64, body io.Reader) (int64, error) {
	if length < 1 || length > u.max {
		return 0, project.Errorf(project.Full, "this server takes bundles of up to %d bytes", u.max)
	}
	if _, taken := u.busy.LoadOrStore(path, true); taken {
		return 0, project.Errorf(project.Busy, "a chunk of this bundle is being written")
	}
	defer u.busy.Delete(path)
	have := u.size(path)
	if offset != have {
		return have, project.Errorf(project.Conflict, "the upload goes on at byte %d", have)
	}
	if offset == 0 {
		if err := u.begin(filepath.Dir(path)); err != nil {
			return 0, err
		}
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return have, err
	}
	n, err := io.Copy(f, io.LimitReader(body, min(length-offset, wire.MaxChunk)+1))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if over := have + n - length; over > 0 || n > wire.MaxChunk {
		return have, errors.Join(project.Errorf(project.Invalid, "the chunk is longer than was said"), os.Truncate(path, have))
	}
	if errors.Is(err, syscall.ENOSPC) {
		return have + n, project.Errorf(project.Full, "the server has no space left")
	}
	if err != nil {
		return have + n, project.Errorf(project.Offline, "the chunk broke off: %w", err)
	}
	return have + n, nil
}

func (u *uploads) begin(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	if len(entries) >= maxPartial {
		return project.Errorf(project.Full, "%d uploads are unfinished; finish or abandon them first", len(entries))
	}
	return nil
}

// put writes a whole upload from r, for the medium.
func (u *uploads) put(path string, r io.Reader) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, r)
	return errors.Join(err, f.Close())
}

// sweep removes uploads that nobody went on with.
func (u *uploads) sweep(now time.Time) error {
	return filepath.WalkDir(u.root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		if err != nil || now.Sub(info.ModTime()) < partialFor {
			return nil
		}
		return os.Remove(path)
	})
}

func syncFile(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// syncDir makes the names in dir durable. Windows has no such call and needs none: NTFS journals names.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync directory: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// addressOf reads the address in a request path.
func addressOf(s string) (project.Hash, error) {
	if strings.ContainsAny(s, "./\\") {
		return project.Hash{}, wire.NotFound()
	}
	h, err := project.ParseHash(s)
	if err != nil {
		return h, wire.NotFound()
	}
	return h, nil
}
