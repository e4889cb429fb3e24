package store

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"go.etcd.io/bbolt"

	"hotlight/project"
)

// smallSlots is a slot file with small records: fuzzing is slow on large seeds.
func smallSlots(key []byte) []byte {
	header := newSlotHeader(storeID{1, 2, 3}, "abcdefghijklmnopqrstuvwxyz")
	return marshalSlots(key, header, []slot{{storeSlot, 0, []byte("age")}, {studySlot, 1, []byte("sealed")}, {readSlot, 1, nil}})
}

// smallBolt is a bbolt file with small pages, two buckets, a branch page and a list of free pages.
func smallBolt(f *testing.F) []byte {
	path := filepath.Join(f.TempDir(), "small")
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{PageSize: 1024})
	if err != nil {
		f.Fatal(err)
	}
	for n := range 3 {
		err := db.Update(func(tx *bbolt.Tx) error {
			for _, name := range []string{"a", "b"} {
				bk, err := tx.CreateBucketIfNotExists([]byte(name))
				for i := 0; err == nil && i < 12 && (name == "a" || i == 0); i++ {
					err = bk.Put(row(uint64(i)), make([]byte, 100+n))
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			f.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		f.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	if one, err := walkPages(bytes.NewReader(b), int64(len(b))); err != nil || one {
		f.Fatalf("a good file is refused: %v, %v", one, err)
	}
	return b
}

// FuzzSlots parses key-slot files. What verifies under a key re-encodes to the same bytes.
func FuzzSlots(f *testing.F) {
	key := make([]byte, keySize)
	real := smallSlots(key)
	f.Add(real)
	f.Add(real[:len(real)-7])
	f.Add(append(bytes.Clone(real), make([]byte, 100)...))
	f.Add([]byte(slotsMagic))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := parseSlots(bytes.Clone(b))
		if err != nil {
			return
		}
		if p.end+int64(p.rest) != int64(len(b)) {
			t.Fatalf("%d bytes of records and %d after them, the file has %d", p.end, p.rest, len(b))
		}
		if p.verify(key) == nil && !bytes.Equal(marshalSlots(key, p.header, p.records), b[:p.end]) {
			t.Fatal("slots were accepted that do not re-encode to themselves")
		}
	})
}

// FuzzPages walks files that are no good bbolt files: it must end, with an error or without.
func FuzzPages(f *testing.F) {
	real := smallBolt(f)
	f.Add(real)
	f.Add(real[:len(real)/2])
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, err := walkPages(bytes.NewReader(b), int64(len(b))); err != nil && project.KindOf(err) != project.Corrupt {
			t.Fatalf("got %v", err)
		}
	})
}

// FuzzEmergency parses emergency files.
func FuzzEmergency(f *testing.F) {
	id := storeID{1, 2, 3}
	head := append([]byte(emergencyMagic), id[:]...)
	f.Add(make([]byte, 100))
	f.Add(head)
	f.Add(append(bytes.Clone(head), 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 1, 0xFF, 0, 0, 0, 0))
	f.Fuzz(func(t *testing.T, b []byte) {
		records, _ := parseEmergency(b, id)
		n := emergencyHeader
		for _, r := range records {
			n += 12 + len(r.sealed)
		}
		if len(records) > 0 && n > len(b) {
			t.Fatal("more was read than is there")
		}
	})
}

// FuzzRecords reads the small records that stand inside seals or beside them.
func FuzzRecords(f *testing.F) {
	f.Add([]byte{2, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9})
	f.Add([]byte(`{"read_id":"x","signature":{}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		if sc, sealed, err := parseDetail(b); err == nil {
			again := append(append([]byte{scopeByte(sc.typ)}, row(sc.number)...), sealed...)
			if !bytes.Equal(again, b) {
				t.Fatal("a detail does not re-encode to itself")
			}
		}
		parseSignedRead(b)
		newSealer(storeID{}, make([]byte, keySize)).open(bRead, row(1), b)
	})
}
