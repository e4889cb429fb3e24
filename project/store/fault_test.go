//go:build linux

package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/edit"
)

// faultyDisk opens files for bbolt and can put a device in the place of the last one, behind bbolt's back.
type faultyDisk struct{ f *os.File }

func (d *faultyDisk) open(name string, flag int, mode os.FileMode) (f *os.File, err error) {
	d.f, err = os.OpenFile(name, flag, mode)
	return d.f, err
}

// becomes makes every later write and sync of the file go to a device.
func (d *faultyDisk) becomes(t testing.TB, device string) {
	t.Helper()
	dev, err := os.OpenFile(device, os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no %s here", device)
	}
	defer dev.Close()
	if err := unix.Dup3(int(dev.Fd()), int(d.f.Fd()), unix.O_CLOEXEC); err != nil {
		t.Fatal(err)
	}
}

// onFaultyDisk is reading on a disk that can be made to fail.
func onFaultyDisk(t *testing.T, o Options) (*team, *Store, project.ReadID, *faultyDisk) {
	m := newTeam(t)
	s, dir, read := m.reading(t)
	s.Close()
	disk := &faultyDisk{}
	o.openFile = disk.open
	s, err := Open(dir, m.reader.Holder, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return m, s, read, disk
}

func TestAFailingDiskFencesAndLosesNothing(t *testing.T) {
	// A device has no size, so that bbolt finds its file too small and cannot grow it, or, on the null device, cannot sync.
	for device, kind := range map[string]project.Kind{"/dev/full": project.Other, "/dev/null": project.Other} {
		t.Run(device, func(t *testing.T) {
			rng := newRNG(t)
			m, s, read, disk := onFaultyDisk(t, Options{})
			h := newHistory(t, m.item(1))
			waitAll(t, doSome(t, s, read, h, rng, 10))
			disk.becomes(t, device)
			saved := doSome(t, s, read, h, rng, 10)
			for i, w := range saved {
				err := w.Wait(context.Background())
				wantKind(t, fmt.Sprint("change ", i), err, kind)
				if !errors.Is(err, ErrFenced) {
					t.Errorf("change %d: %v", i, err)
				}
			}
			wantKind(t, "another write", s.SetCursor("x", nil), kind)
			wantKind(t, "Fenced", s.Fenced(), kind)
			if n, safe := s.Kept(); n != 10 || !safe {
				t.Errorf("%d changes are kept, safe %v", n, safe)
			}
			if r, err := s.Read(read); err != nil || r.Changes != 10 {
				t.Errorf("a fenced store cannot be read: %d, %v", r.Changes, err)
			}
			dir := s.dir
			s.Close()

			s, err := Open(dir, m.reader.Holder, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := s.Recovered(); got.Taken+got.Known != 10 || got.Rejected != 0 {
				t.Errorf("got %+v, want 10 back", got)
			}
			if !replayed(t, s, read).Set().Equal(h.Set()) {
				t.Error("what came back is not what was drawn")
			}
			s = reopen(t, s)
			if got := s.Recovered(); got != (Recovery{}) {
				t.Errorf("the emergency file was taken in twice: %+v", got)
			}
			s.Close()
		})
	}
}

func TestTheSecondDirectoryServesWhenTheFolderCannot(t *testing.T) {
	rng := newRNG(t)
	second := t.TempDir()
	m, s, read, disk := onFaultyDisk(t, Options{EmergencyDir: second})
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 3))
	inFolder := filepath.Join(s.dir, emergencyName)
	os.Remove(inFolder)
	os.Mkdir(inFolder, 0o700)
	disk.becomes(t, "/dev/full")
	for _, w := range doSome(t, s, read, h, rng, 4) {
		<-w.Done()
	}
	if n, safe := s.Kept(); n != 4 || !safe {
		t.Errorf("%d changes are kept, safe %v", n, safe)
	}
	s.Close()
	os.Remove(inFolder)
	s, err := Open(s.dir, m.reader.Holder, Options{EmergencyDir: second})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if got := s.Recovered(); got.Taken != 4 || got.Rejected != 0 {
		t.Errorf("got %+v", got)
	}
	if names, _ := os.ReadDir(second); len(names) != 0 {
		t.Errorf("the second directory still holds %d files", len(names))
	}
	if !replayed(t, s, read).Set().Equal(h.Set()) {
		t.Error("what came back is not what was drawn")
	}
	mustCheck(t, s)
}

func TestNowhereToKeepChangesIsSaid(t *testing.T) {
	rng := newRNG(t)
	m, s, read, disk := onFaultyDisk(t, Options{})
	h := newHistory(t, m.item(1))
	inFolder := filepath.Join(s.dir, emergencyName)
	os.Remove(inFolder)
	os.Mkdir(inFolder, 0o700)
	disk.becomes(t, "/dev/full")
	w := doSome(t, s, read, h, rng, 1)[0]
	err := w.Wait(context.Background())
	if err == nil || !strings.Contains(err.Error(), "do not close the program") {
		t.Errorf("got %v", err)
	}
	if n, safe := s.Kept(); n != 1 || safe {
		t.Errorf("%d changes are kept, safe %v", n, safe)
	}
	if err := s.Close(); err == nil || !errors.Is(err, ErrFenced) {
		t.Errorf("the store closed with a change in memory only: %v", err)
	}
	os.Remove(inFolder)
	<-doSome(t, s, read, h, rng, 1)[0].Done() // the next change brings both to the disk
	if n, safe := s.Kept(); n != 2 || !safe {
		t.Errorf("%d changes are kept, safe %v", n, safe)
	}
	s.Close()
	s, err = Open(s.dir, m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if !replayed(t, s, read).Set().Equal(h.Set()) {
		t.Error("what came back is not what was drawn")
	}
	mustCheck(t, s)
}

// A commit that was reported as failed may have reached the disk after all. Its changes are then known, not doubled.
func TestAChangeThatReachedTheDiskAfterAllIsNotDoubled(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, dir, read := m.reading(t)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 8))
	var kept []*pendingEdit
	n := uint64(0)
	for b, err := range s.Journal(read) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; n > 5 {
			e, _ := edit.ParseEntry(b)
			kept = append(kept, &pendingEdit{read: read, entry: e})
		}
	}
	if !s.emergency.keep(s, kept) {
		t.Fatal("the emergency file was not written")
	}
	s.Close()
	s, err := Open(dir, m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Recovered(); got != (Recovery{Known: 3}) {
		t.Errorf("got %+v", got)
	}
	reopen(t, s)
}

// The disk is still full when the store is opened again: nothing of the emergency file may be lost by trying.
func TestAFailureWhileTakingInLeavesTheEmergencyFileWhole(t *testing.T) {
	rng := newRNG(t)
	m, s, read, disk := onFaultyDisk(t, Options{})
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 3))
	disk.becomes(t, "/dev/null")
	waitDone(doSome(t, s, read, h, rng, 6))
	s.Close()
	before, _ := os.ReadFile(filepath.Join(s.dir, emergencyName))
	again := &faultyDisk{}
	_, err := Open(s.dir, m.reader.Holder, Options{openFile: again.open, opened: func() { again.becomes(t, "/dev/null") }})
	wantKind(t, "open on the failing disk", err, project.Other)
	if after, _ := os.ReadFile(filepath.Join(s.dir, emergencyName)); !bytes.Equal(before, after) {
		t.Error("the emergency file was changed")
	}
	s, err = Open(s.dir, m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Recovered(); got.Taken+got.Known != 6 || got.Rejected != 0 {
		t.Errorf("got %+v, want 6 back", got)
	}
	if !replayed(t, s, read).Set().Equal(h.Set()) {
		t.Error("what came back is not what was drawn")
	}
	reopen(t, s)
}

func TestWhatCannotBeTakenInIsPutAside(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, dir, read := m.reading(t)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 4))
	other := newHistory(t, m.item(1)) // another line of changes: nothing of it follows
	foreign, _ := other.Do(brush("liver", 5, 5, 5))
	good, _ := h.Do(brush("lesion", 40, 20, 10))
	s.emergency.keep(s, []*pendingEdit{{read: read, entry: foreign}, {read: read, entry: good}})
	s.Close()
	s, err := Open(dir, m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Recovered(); got != (Recovery{Taken: 1, Rejected: 1}) {
		t.Errorf("got %+v", got)
	}
	aside, _ := filepath.Glob(filepath.Join(dir, emergencyName+".*"))
	if len(aside) != 1 {
		t.Errorf("%d files were put aside", len(aside))
	}
	found := false
	for e := range s.Events(context.Background()) {
		found = found || e.Type == audit.ReadRecovered
	}
	if !found {
		t.Error("the recovery is not in the audit log")
	}
	reopen(t, s)
}

// childFull edits until the disk is full, makes room, and looks whether everything is there again. HOTLIGHT_BALLAST is what it removes to make room;
// without it the disk is full by a limit of the process, which it lifts.
func childFull() {
	t := &childTB{}
	ballast := os.Getenv("HOTLIGHT_BALLAST")
	s, read := openAsChild(Options{})
	h := replayed(t, s, read)
	if ballast == "" {
		signal.Ignore(unix.SIGXFSZ)
		info, err := os.Stat(filepath.Join(s.dir, storeName))
		if err != nil {
			t.Fatal(err)
		}
		limit(t, uint64(info.Size())+100<<10)
	}
	rng := rand.New(rand.NewPCG(rand.Uint64(), 0))
	acked := 0
	for s.Fenced() == nil {
		for _, w := range doSome(t, s, read, h, rng, 5) {
			if err := w.Wait(context.Background()); err == nil {
				acked++
			} else if project.KindOf(err) != project.Full {
				t.Fatal("child: the disk is full and the change says: ", err)
			}
		}
		if acked > 100000 {
			t.Fatal("child: the disk never got full")
		}
	}
	if !strings.Contains(s.Fenced().Error(), "the disk is full") {
		t.Fatal("child: not a clear sentence: ", s.Fenced())
	}
	waitDone(doSome(t, s, read, h, rng, 3))
	kept, safe := s.Kept()
	if !safe || kept == 0 {
		t.Fatal("child: kept ", kept, " safe ", safe)
	}
	s.Close()
	if ballast != "" {
		os.Remove(ballast)
	} else {
		limit(t, unix.RLIM_INFINITY)
	}
	s, read = openAsChild(Options{})
	if got := s.Recovered(); got.Taken+got.Known != kept || got.Rejected != 0 {
		t.Fatal("child: recovered ", got, " of ", kept)
	}
	if again := replayed(t, s, read); !again.Set().Equal(h.Set()) || again.Seq() != h.Seq() {
		t.Fatal("child: what came back is not what was drawn")
	}
	problems, err := s.Check(context.Background())
	if err != nil || len(problems) != 0 {
		t.Fatal("child: check: ", err, problems)
	}
	s.Close()
	fmt.Printf("acknowledged %d kept %d\n", acked, kept)
	os.Exit(0)
}

func waitDone(saved []Saved) {
	for _, w := range saved {
		<-w.Done()
	}
}

func limit(t testing.TB, n uint64) {
	l := unix.Rlimit{Cur: n, Max: unix.RLIM_INFINITY}
	if err := unix.Setrlimit(unix.RLIMIT_FSIZE, &l); err != nil {
		t.Fatal("child: set the limit: ", err)
	}
}

func TestAFullDiskByProcessLimit(t *testing.T) {
	m := newTeam(t)
	s, dir, read := m.reading(t)
	mustCheck(t, s)
	s.Close()
	out, err := child(t, "full", dir, m.reader.Vault, read).Output()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

func TestAFullDiskByASmallFileSystem(t *testing.T) {
	if err := exec.Command("unshare", "-Urm", "mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", t.TempDir()).Run(); err != nil {
		t.Skip("a small file system cannot be mounted here: ", err)
	}
	m := newTeam(t)
	s, dir, read := m.reading(t)
	mustCheck(t, s)
	s.Close()
	at := t.TempDir()
	cmd := child(t, "full", filepath.Join(at, "project"), m.reader.Vault, read, "HOTLIGHT_BALLAST="+filepath.Join(at, "ballast"))
	script := fmt.Sprintf("mount -t tmpfs -o size=12m tmpfs %[1]q && cp -r %[2]q %[1]q/project && head -c 8500000 /dev/zero >%[1]q/ballast && exec %[3]q", at, dir, os.Args[0])
	cmd.Path, cmd.Args = "", nil
	again := exec.Command("unshare", "-Urm", "sh", "-c", script)
	again.Env, again.Stderr = cmd.Env, os.Stderr
	out, err := again.Output()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
