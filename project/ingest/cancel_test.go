package ingest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// A frame may take seconds to read or decode. Whoever cancels does not wait for it, and it does not arrive afterwards.
func TestCancelDoesNotWaitForTheFrameInHand(t *testing.T) {
	m := one(t, picture())
	l, err := newLoading(m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	reading, readOn := make(chan struct{}), make(chan struct{})
	file := l.files.all[m.frames[0].of]
	go file.once.Do(func() {
		close(reading)
		<-readOn
		file.err = file.read(m.frames[0].of, nil)
	})
	<-reading
	l.start(ctx)
	for l.next.Load() == 0 { // until the worker has the frame
		runtime.Gosched()
	}
	cancel()
	if err := l.Wait(); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	close(readOn)
	<-l.quiet
	if l.Volume().Arrived(0) || len(l.Failed()) > 0 {
		t.Error("a slice arrived after the end")
	}
}

func TestCancelAfterTheEndChangesNothing(t *testing.T) {
	m := one(t, picture())
	ctx, cancel := context.WithCancel(context.Background())
	l, err := Load(ctx, m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if err := l.Wait(); err != nil || !l.Volume().Complete() {
		t.Errorf("%v", err)
	}
}

// The scan reads headers. What follows the pixels is seen when they are read, and must reach the reader all the same.
func TestWarningsOfThePixelsReachTheReader(t *testing.T) {
	dir := folder(t, series(9)...)
	m := onlySeries(t, scan(t, dir)).Volumes[0]
	for n, s := range m.Slices {
		f, err := os.OpenFile(s.Path, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(f, "rubbish after the picture %s", strings.Repeat(".", n))
		f.Close()
	}
	if len(m.Warnings) > 0 {
		t.Fatalf("before: %v", m.Warnings)
	}
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	w := l.Warnings()
	if len(w) == 0 || len(w) > namedAtMost+1 || w[0].Code != project.WarnRead {
		t.Errorf("%v", w)
	}
}

func TestAStreamThatSaysOtherThanItsHeaderIsWarnedOf(t *testing.T) {
	d := picture(set(dcm.BitsAllocated, dcm.US, 8), set(dcm.BitsStored, dcm.US, 8), set(dcm.HighBit, dcm.US, 7), set(dcm.PixelRepresentation, dcm.US, 0),
		set(dcm.Rows, dcm.US, 8), set(dcm.Columns, dcm.US, 8))
	path := save(t, filepath.Join(t.TempDir(), "IM1"), enclosed(t, d, dcm.JPEGLossless, greyJPEG(t)))
	m := onlySeries(t, scan(t, path)).Volumes[0]
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil {
		t.Fatal(err)
	}
	for _, said := range []string{fmt.Sprint(m.Warnings), fmt.Sprint(l.Warnings())} {
		if strings.Count(said, "coded with loss") != 1 {
			t.Errorf("the scan says %v, the load %v", m.Warnings, l.Warnings())
		}
	}
}
