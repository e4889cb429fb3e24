package store

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/project/keys/keystest"
)

func TestANewerSchemaIsRefusedUntouchedWithAClearSentence(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	mustCheck(t, s)
	s.Close()
	path := filepath.Join(dir, storeName)
	db, err := bbolt.Open(path, 0o600, nil)
	if err != nil {
		t.Fatal(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		bk := tx.Bucket(bHeader.key())
		v := bytes.Clone(bk.Get(headerRow))
		v[7] = Schema + 1
		return bk.Put(headerRow, v)
	})
	db.Close()
	if err != nil {
		t.Fatal(err)
	}
	before, _ := os.ReadFile(path)
	_, err = Open(dir, m.reader.Holder, Options{})
	wantKind(t, "open", err, project.Unsupported)
	if !strings.Contains(err.Error(), "needs a newer Hotlight") {
		t.Errorf("not a clear sentence: %v", err)
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
		t.Error("the file was touched")
	}
}

func TestNewerKeySlotsAreRefused(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	s.Close()
	path := filepath.Join(dir, slotsName)
	b, _ := os.ReadFile(path)
	b[11] = 2
	os.WriteFile(path, b, 0o600)
	_, err := Open(dir, m.reader.Holder, Options{})
	wantKind(t, "open", err, project.Unsupported)
}

const releasedStore = "testdata/store-1.zip"

// TestTheReleasedStoreStillOpens opens a folder that the first release made; it must open for ever.
func TestTheReleasedStoreStillOpens(t *testing.T) {
	dir := t.TempDir()
	r, err := zip.OpenReader(releasedStore)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := os.CopyFS(dir, r); err != nil {
		t.Fatal(err)
	}
	s, err := Open(filepath.Join(dir, "project"), keystest.Open(t, filepath.Join(dir, "vault")), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	mustCheck(t, s)
	want, _ := os.ReadFile(filepath.Join(dir, "content"))
	got, err := content(s, 20)
	if err != nil {
		t.Fatal(err)
	}
	if project.HashOf([]byte(got)).String() != string(want) {
		t.Error("the released store says something else than when it was made")
	}
	reads, err := s.Reads()
	if err != nil || len(reads) != 3 || reads[0].State != project.Signed {
		t.Errorf("got %+v, %v", reads, err)
	}
	if h := replayed(t, s, reads[1].ID); h.Seq() != 12 {
		t.Errorf("the second read has %d changes, want 12", h.Seq())
	}
}

// TestMakeReleasedStore makes testdata's folder of a new version. It never overwrites one.
func TestMakeReleasedStore(t *testing.T) {
	path := os.Getenv("HOTLIGHT_MAKE_STORE")
	if path == "" {
		t.Skip("set HOTLIGHT_MAKE_STORE to a path to make a store for testdata")
	}
	m := newTeam(t)
	dir := fullStore(t, m)
	s, err := Open(copyFolder(t, dir), m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	all, err := content(s, 20)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		t.Fatal(err)
	}
	w := zip.NewWriter(f)
	put := func(name string, b []byte) {
		out, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err == nil {
			_, err = io.Copy(out, bytes.NewReader(b))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{storeName, slotsName, emergencyName} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		put("project/"+name, b)
	}
	vault, err := os.ReadFile(m.reader.Vault)
	if err != nil {
		t.Fatal(err)
	}
	put("vault", vault)
	put("content", []byte(project.HashOf([]byte(all)).String()))
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
