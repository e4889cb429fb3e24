package ingest

import (
	"cmp"
	"fmt"
	"slices"
	"sync"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// files opens each file of an image once, however many frames it holds, and closes it when its last frame is decoded.
type files struct {
	mu       sync.Mutex
	all      map[*instance]*opened
	done     <-chan struct{}   // closed when the pixels are not wanted any more
	warnings []project.Warning // what opening the files for their pixels showed
}

// opened is a file on its way into a volume.
type opened struct {
	once    sync.Once
	file    *dcm.File
	table   *volume.LUT
	palette *palette
	mu      sync.Mutex
	bits    map[uint16][]byte // of overlays that all frames show, by group
	err     error
	left    int // frames not yet decoded
	mosaic  mosaicPicture
	reduce  int // how often frames are halved: 0 but for a first picture
}

// decode decodes frame n into dst, at the resolution that is wanted.
func (o *opened) decode(n int, dst []byte) error {
	if o.reduce == 0 {
		return o.file.DecodeFrame(n, dst)
	}
	_, err := o.file.DecodeFrameReduced(n, o.reduce, dst)
	return err
}

func newFiles(frames []*frame) *files {
	s := &files{all: map[*instance]*opened{}}
	for _, f := range frames {
		if s.all[f.of] == nil {
			s.all[f.of] = &opened{}
		}
		s.all[f.of].left++
	}
	return s
}

func (s *files) open(x *instance) (*opened, error) {
	s.mu.Lock()
	o := s.all[x]
	s.mu.Unlock()
	o.once.Do(func() {
		if o.err = o.read(x, s.done); o.file != nil {
			s.warn(o.file.Warnings)
		}
	})
	return o, o.err
}

func (s *files) warn(all []project.Warning) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, w := range all {
		s.warnings = addWarning(s.warnings, w)
	}
}

// namedAtMost bounds how many warnings of one code are named one by one: a damaged series could bring one for each of its files.
const namedAtMost = 4

// warningsBeside returns known and what it lacks of the warnings so far. A scan reads headers only: what is wrong with the coded pictures, or after
// them, shows when a file is opened for its pixels.
func (s *files) warningsBeside(known []project.Warning) []project.Warning {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := slices.Clone(known)
	named, more := map[project.WarningCode]int{}, 0
	for _, w := range s.warnings {
		if slices.Contains(known, w) {
			continue
		}
		if named[w.Code]++; named[w.Code] > namedAtMost {
			more++
			continue
		}
		out = append(out, w)
	}
	if more > 0 {
		out = append(out, project.Warning{Code: project.WarnRead, Text: fmt.Sprintf("The files gave %s more.", count(more, "warning"))})
	}
	return out
}

// read opens the file of x. done is closed when its pixels are not wanted any more.
func (o *opened) read(x *instance, done <-chan struct{}) error {
	f, err := dcm.Open(x.path, dcm.Options{Done: done})
	if err != nil {
		return err
	}
	return o.take(f, x)
}

// take makes sure that f is still the file that was scanned, and reads its tables.
func (o *opened) take(f *dcm.File, x *instance) error {
	o.file = f
	format, err := f.PixelFormat()
	if err != nil {
		return err
	}
	if format != x.format || project.InstanceUID(text(f.Data, dcm.SOPInstanceUID)) != x.uid {
		return project.Errorf(project.Conflict, "the file has changed since it was scanned")
	}
	if x.table {
		if o.table, _, err = x.modalityLUT(f.Data); err != nil {
			return err
		}
	}
	if format.Photometric == "PALETTE COLOR" {
		o.palette, _, err = readPalette(f.Data, format.Signed)
	}
	return err
}

// release says that one more frame of x is done.
func (s *files) release(x *instance) {
	s.mu.Lock()
	o := s.all[x]
	o.left--
	last := o.left == 0
	s.mu.Unlock()
	if last {
		o.file.Close() // a nil file is closed already
	}
}

// close closes what a cancelled load left open. No decoder may be running.
func (s *files) close() {
	for _, o := range s.all {
		o.file.Close()
	}
}

func sortedFailures(failed []SliceError) []SliceError {
	out := slices.Clone(failed)
	slices.SortFunc(out, func(a, b SliceError) int { return cmp.Compare(a.K, b.K) })
	return out
}

// failureWarning names the first slices and the reason of the first.
func failureWarning(failed []SliceError, of int) project.Warning {
	names := ""
	for n, f := range failed {
		if n == 5 {
			names += fmt.Sprintf(" and %d more", len(failed)-n)
			break
		}
		if n > 0 {
			names += ", "
		}
		names += fmt.Sprint(f.K + 1)
	}
	return project.Warning{Code: project.WarnRead, Text: fmt.Sprintf(
		"%d of %s could not be read and stay empty: number %s. The reason for the first: %v.", len(failed), count(of, "slice"), names, failed[0].Err)}
}
