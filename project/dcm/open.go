package dcm

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"hotlight/project"
)

// ErrNotDICOM: the file does not even begin like a DICOM file. Other errors are of files that do.
var ErrNotDICOM = errors.New("not a DICOM file")

// File is a DICOM file that was read. Its data sets are read-only; its methods may be called by several goroutines, Close excepted.
type File struct {
	Meta *DataSet // group 0002; empty when the file has none
	Data *DataSet
	// Syntax is the transfer syntax UID. When the file names none it is the one that its bytes show.
	Syntax string
	// Warnings say what was wrong with the file and read all the same. Texts name tags and offsets, never values.
	Warnings []project.Warning

	src        *source
	pixels     pixelElement
	headerOnly bool
	done       <-chan struct{}
	closer     io.Closer

	starts    sync.Once // of frames among the fragments, when it has to be found out
	startsAt  []int
	startsErr error
}

// Options choose how much is read.
type Options struct {
	// HeaderOnly reads up to the pixel data and no pixel byte, but the beginning of a JPEG stream: one read of 16 kB for most images. DecodeFrame then fails, elements after the
	// pixels are not there, and values over 64 KiB cannot be asked for after Open, which closes the file itself.
	HeaderOnly bool
	// KeepOpen leaves the file open with HeaderOnly too, until Close: large values, such as lookup tables, can be asked for that long.
	KeepOpen bool
	// Done says, once it is closed, that nobody wants pixels of the file any more: a frame of JPEG 2000 or HTJ2K that is being decoded, which may take half a
	// second, fails soon. Others end as they would. Nil is never closed.
	Done <-chan struct{}
}

// Open reads the file at path. Errors do not contain the path. The file stays open for its pixels until Close, unless HeaderOnly is set and KeepOpen is not.
func Open(path string, o Options) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, project.Errorf(project.Other, "open: %w", withoutPath(err))
	}
	if !info.Mode().IsRegular() { // opening a pipe would wait for ever
		return nil, project.Errorf(project.Invalid, "%w: it is not a regular file", ErrNotDICOM)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, project.Errorf(project.Other, "open: %w", withoutPath(err))
	}
	file, err := Read(f, info.Size(), o)
	if err != nil || o.HeaderOnly && !o.KeepOpen {
		f.Close()
		return file, err
	}
	file.closer = f
	return file, nil
}

// Read reads a DICOM file of size bytes from r, which must stay usable for DecodeFrame and Bytes. No input makes it panic; memory is bounded by
// four times the size plus 16 MiB, whatever the bytes say; a deflated data set may need as much again as the pixels that it declares and holds.
func Read(r io.ReaderAt, size int64, o Options) (file *File, err error) {
	defer recoverTo(&err)
	if size < 0 {
		return nil, project.Errorf(project.Invalid, "size %d is negative", size)
	}
	s := &scanner{src: newSource(r, size), headerOnly: o.HeaderOnly}
	stack := stacks.Get().(*[]element)
	s.stack = (*stack)[:0]
	defer func() {
		clear(s.stack) // what an error left
		if *stack = s.stack[:0]; cap(*stack) <= 1<<14 {
			stacks.Put(stack)
		}
	}()
	f := &File{Meta: &DataSet{}, Data: &DataSet{}, headerOnly: o.HeaderOnly, done: o.Done}
	if err := s.file(f); err != nil {
		return nil, err
	}
	s.warnOfFrames(f.Data)
	if err := s.warnOfStream(f); err != nil {
		return nil, err
	}
	f.src, f.pixels, f.Warnings = s.src, s.pixels, s.warnings
	return f, nil
}

// Close releases the file. Data sets stay usable, except for values that were left in the file.
func (f *File) Close() error {
	if f == nil || f.closer == nil {
		return nil
	}
	err := f.closer.Close()
	f.closer = nil
	return withoutPath(err)
}

// recoverTo turns a panic into an error: foreign bytes must never take the program down. It is a net under the checks, not one of them.
func recoverTo(err *error) {
	if r := recover(); r != nil {
		*err = project.Errorf(project.Invalid, "the file broke the reader: %s", fmt.Sprint(r))
	}
}

// withoutPath takes the file name, which often holds the patient's, out of an error of package os.
func withoutPath(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
