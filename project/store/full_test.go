//go:build linux

package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/disk"
	"hotlight/project/disk/disktest"
)

// noise is n bytes that nothing compresses.
func noise(n int) []byte {
	out := make([]byte, n)
	for i := range out {
		out[i] = byte(rand.Uint32())
	}
	return out
}

// fill leaves 6 MiB on the file system at dir.
func fill(t *testing.T, dir string) {
	t.Helper()
	ballast := filepath.Join(dir, "ballast")
	os.Remove(ballast)
	room, err := disk.At(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(ballast, make([]byte, max(0, room.Free-6<<20)), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Large records are refused before anything happens when the disk has no room for them, and the store goes on. Where the room runs out in the middle all the
// same, the store is fenced and stands as it was.
func TestARecordWithoutRoomLeavesTheStoreAsItWas(t *testing.T) {
	at, ok := disktest.On(t, 48)
	if !ok {
		return
	}
	m := newTeam(t)
	dir := filepath.Join(at, "project")
	s, err := Create(dir, m.reader.Holder, m.definition, Options{Program: "test"})
	if err != nil {
		t.Fatal(err)
	}
	read := addReading(t, s, m, 1)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, newRNG(t), 5))
	first := noise(1 << 20)
	if _, err := s.Queue(Outgoing{Seq: 1, Hash: project.HashOf(first), Queued: time.Now()}, first); err != nil {
		t.Fatal(err)
	}
	fill(t, at)
	large := noise(8 << 20) // of 6 MiB that are free
	writes := map[string]func() error{
		"queue a bundle": func() error {
			_, err := s.Queue(Outgoing{Seq: 2, Hash: project.HashOf(large), Queued: time.Now()}, large)
			return err
		},
		"receive a bundle": func() error {
			return s.Receive(Incoming{Hash: project.HashOf(large), From: m.lead.ReaderID(), At: time.Now()}, large, "feed", []byte("1"))
		},
		"keep a state": func() error { return s.SaveState(read, h.Seq(), large) },
		"add an item": func() error {
			it := m.item(2)
			for len(it.Images[0].Instances) < 8<<10 {
				it.Images[0].Instances = append(it.Images[0].Instances, it.Images[0].Instances[0])
			}
			return s.AddItem(it)
		},
	}
	for name, write := range writes {
		err := write()
		wantKind(t, name, err, project.Full)
		if err == nil || !strings.Contains(err.Error(), " needed, ") || s.Fenced() != nil {
			t.Errorf("%s: %v; fenced: %v", name, err, s.Fenced())
		}
	}
	waitAll(t, doSome(t, s, read, h, newRNG(t), 5)) // strokes go on
	mustCheck(t, s)

	s.Close()
	os.Remove(filepath.Join(at, "ballast"))
	for _, name := range []string{"queue a bundle", "receive a bundle", "keep a state"} {
		here := filepath.Join(at, "copy")
		if err := os.CopyFS(here, os.DirFS(dir)); err != nil {
			t.Fatal(err)
		}
		if s, err = Open(here, m.reader.Holder, Options{unasked: true}); err != nil {
			t.Fatal(err)
		}
		fill(t, at)
		err := writes[name]()
		wantKind(t, name+", unasked", err, project.Full)
		if err == nil || !strings.Contains(err.Error(), "the disk is full") || s.Fenced() == nil {
			t.Errorf("%s, unasked: %v; fenced: %v", name, err, s.Fenced())
		}
		s.Close()
		fill(t, at)
		_, err = Open(here, m.reader.Holder, Options{})
		wantKind(t, "open after "+name+" without room", err, project.Full)
		if err == nil || !strings.Contains(err.Error(), "nothing is lost: ") {
			t.Errorf("open after %s without room: %v", name, err)
		}
		os.Remove(filepath.Join(at, "ballast"))
		if s, err = Open(here, m.reader.Holder, Options{}); err != nil {
			t.Fatalf("after %s: %v", name, err)
		}
		mustCheck(t, s)
		if out, err := s.Outbox(); err != nil || len(out) != 1 || out[0].Hash != project.HashOf(first) {
			t.Errorf("after %s: the outbox holds %+v, %v", name, out, err)
		}
		if in, err := s.Received(); err != nil || len(in) != 0 {
			t.Errorf("after %s: received %d, %v", name, len(in), err)
		}
		if cursor, err := s.Cursor("feed"); err == nil && len(cursor) > 0 {
			t.Errorf("after %s: the cursor moved to %q", name, cursor)
		}
		if !replayed(t, s, read).Set().Equal(h.Set()) {
			t.Errorf("after %s: what was drawn is not there", name)
		}
		s.Close()
		os.RemoveAll(here)
	}
}
