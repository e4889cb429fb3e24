package wire

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"hotlight/project"
)

// The layout of a medium. Everything lies in one folder; whatever else is on the medium is ignored. Names suit FAT.
const (
	mediumDir   = "HOTLIGHT"
	blobDir     = "blob"
	courierFile = "courier.hlc"
	answerFile  = "answer.hlc"
	blobSuffix  = ".hlb"
)

// Medium is a folder that is carried between a workstation and a server. A file on it is either whole or absent: each is written under a
// temporary name, synced, renamed, and its directory synced. An index is written after what it lists.
type Medium struct{ root *os.Root }

// OpenMedium opens the folder path, which must exist: it is where something is plugged in. Nothing is written before the first Put.
func OpenMedium(path string) (*Medium, error) {
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, project.Errorf(project.NotFound, "the folder for exchange is not there: %w", pathless(err))
	}
	return &Medium{root}, nil
}

// Close releases the folder.
func (m *Medium) Close() error { return m.root.Close() }

// Courier returns the bytes of the workstation's index; NotFound if there is none.
func (m *Medium) Courier() ([]byte, error) { return m.index(courierFile) }

// Answer returns the bytes of the server's index; NotFound if there is none.
func (m *Medium) Answer() ([]byte, error) { return m.index(answerFile) }

// PutCourier writes the workstation's index.
func (m *Medium) PutCourier(b []byte) error { return m.put(filepath.Join(mediumDir, courierFile), b) }

// PutAnswer writes the server's index.
func (m *Medium) PutAnswer(b []byte) error { return m.put(filepath.Join(mediumDir, answerFile), b) }

// RemoveAnswer removes the server's index once everything in it is known.
func (m *Medium) RemoveAnswer() error { return m.remove(filepath.Join(mediumDir, answerFile)) }

func (m *Medium) index(name string) ([]byte, error) {
	f, err := m.root.Open(filepath.Join(mediumDir, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, NotFound()
	}
	if err != nil {
		return nil, project.Errorf(project.Offline, "the medium cannot be read: %w", pathless(err))
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, MaxAnswer+1))
	if err != nil {
		return nil, project.Errorf(project.Offline, "the medium cannot be read: %w", pathless(err))
	}
	if len(b) > MaxAnswer {
		return nil, project.Errorf(project.Full, "the medium's index is longer than %d bytes", MaxAnswer)
	}
	return b, nil
}

func blobPath(h project.Hash) string {
	name := h.String()
	return filepath.Join(mediumDir, blobDir, name[:2], name+blobSuffix)
}

// Blob opens a bundle on the medium. What it holds is not yet compared with its address; NotFound if it is not there.
func (m *Medium) Blob(h project.Hash) (*os.File, int64, error) {
	f, err := m.root.Open(blobPath(h))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, 0, NotFound()
	}
	if err != nil {
		return nil, 0, project.Errorf(project.Offline, "the medium cannot be read: %w", pathless(err))
	}
	info, err := f.Stat()
	if err != nil || !info.Mode().IsRegular() {
		f.Close()
		return nil, 0, project.Errorf(project.Invalid, "the medium holds something else than a file where a bundle should be")
	}
	return f, info.Size(), nil
}

// CheckBlob reads a listed file and compares it with its address and size.
func (m *Medium) CheckBlob(want File) error {
	f, size, err := m.Blob(want.Bundle)
	if project.KindOf(err) == project.NotFound {
		return project.Errorf(project.Corrupt, "the medium lacks a file that its index lists: copy it again")
	}
	if err != nil {
		return err
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return project.Errorf(project.Offline, "the medium cannot be read: %w", pathless(err))
	}
	if size != want.Size || project.Hash(sum.Sum(nil)) != want.Bundle {
		return project.Errorf(project.Corrupt, "a file on the medium is damaged: copy it again")
	}
	return nil
}

// PutBlob writes a bundle of the given address, unless it is there whole already.
func (m *Medium) PutBlob(want File, r io.Reader) error {
	if m.CheckBlob(want) == nil {
		return nil
	}
	return m.write(blobPath(want.Bundle), func(f *os.File) error {
		sum := sha256.New()
		if _, err := io.Copy(io.MultiWriter(f, sum), r); err != nil {
			return err
		}
		if project.Hash(sum.Sum(nil)) != want.Bundle {
			return project.Errorf(project.Corrupt, "a bundle does not match its address")
		}
		return nil
	})
}

// Keep removes every bundle from the medium that is not in keep. It touches nothing but files with a bundle's name.
func (m *Medium) Keep(keep map[project.Hash]bool) error {
	return fs.WalkDir(m.root.FS(), mediumDir+"/"+blobDir, func(path string, d fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || d.IsDir() {
			return pathless(err)
		}
		h, err := project.ParseHash(strings.TrimSuffix(d.Name(), blobSuffix))
		if err != nil || !strings.HasSuffix(d.Name(), blobSuffix) || keep[h] {
			return nil
		}
		return m.remove(filepath.FromSlash(path))
	})
}

func (m *Medium) put(name string, b []byte) error {
	return m.write(name, func(f *os.File) error {
		_, err := f.Write(b)
		return err
	})
}

// write makes name appear whole or not at all.
func (m *Medium) write(name string, fill func(*os.File) error) (err error) {
	dir := filepath.Dir(name)
	if err := m.root.MkdirAll(dir, 0o755); err != nil {
		return mediumError(err)
	}
	temp := filepath.Join(dir, "part.tmp")
	f, err := m.root.OpenFile(temp, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644)
	if err != nil {
		return mediumError(err)
	}
	defer func() {
		if err != nil {
			m.root.Remove(temp)
		}
	}()
	err = fill(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = m.root.Rename(temp, name)
	}
	if err != nil {
		return mediumError(err)
	}
	return m.syncDir(dir)
}

func (m *Medium) remove(name string) error {
	if err := m.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return mediumError(err)
	}
	return nil
}

// syncDir makes the names in dir durable. Windows has no such call for directories.
func (m *Medium) syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := m.root.Open(dir)
	if err != nil {
		return mediumError(err)
	}
	defer d.Close()
	// Some file systems of media know no sync of a directory; the file itself was synced.
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, errors.ErrUnsupported) {
		return mediumError(err)
	}
	return nil
}

func mediumError(err error) error {
	var e *project.Error
	switch {
	case errors.As(err, &e):
		return err
	case errors.Is(err, syscall.ENOSPC):
		return project.Errorf(project.Full, "the medium has no space left")
	case errors.Is(err, syscall.EROFS) || errors.Is(err, fs.ErrPermission):
		return project.Errorf(project.NotPermitted, "the medium cannot be written to: %w", pathless(err))
	}
	return project.Errorf(project.Offline, "the medium cannot be written to: %w", pathless(err))
}

// pathless drops paths from an error of package os: a folder may hold a person's name.
func pathless(err error) error {
	var p *fs.PathError
	var l *os.LinkError
	var s *os.SyscallError
	switch {
	case errors.As(err, &p):
		return p.Err
	case errors.As(err, &l):
		return l.Err
	case errors.As(err, &s):
		return s.Err
	case err == nil:
		return nil
	}
	return fmt.Errorf("%w", err)
}
