package store

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project/audit"
)

// A damaged meta page makes bbolt fall back to the state before the last write. That must not pass in silence.
func TestADamagedMetaPageIsReported(t *testing.T) {
	m := newTeam(t)
	dir := fullStore(t, m)
	for page := range 2 {
		work := copyFolder(t, dir)
		path := filepath.Join(work, storeName)
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[page*os.Getpagesize()+55] ^= 0x40
		os.WriteFile(path, b, 0o600)
		s, err := Open(work, m.reader.Holder, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !s.Recovered().OneBack {
			t.Errorf("page %d: nothing was said", page)
		}
		if problems, err := s.Check(context.Background()); err != nil || len(problems) != 1 {
			t.Errorf("page %d: check says %v, %v", page, problems, err)
		}
		told := false
		for e := range s.Events(context.Background()) {
			told = told || e.Type == audit.StoreOneBack
		}
		if !told {
			t.Errorf("page %d: the audit log does not know", page)
		}
		s = reopenDamaged(t, s)
		mustCheck(t, s)
	}
}

// reopenDamaged is reopen for a store that has something to report.
func reopenDamaged(t testing.TB, s *Store) *Store {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	again, err := Open(s.dir, s.holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { again.Close() })
	return again
}
