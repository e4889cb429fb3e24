package store

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/keys"
)

// fullStore is a closed folder with something of everything in it.
func fullStore(t testing.TB, m *team) string {
	t.Helper()
	rng := rand.New(rand.NewPCG(7, 7))
	s, dir, read := m.reading(t)
	if err := s.PutDefinition(m.define(t, 2)); err != nil {
		t.Fatal(err)
	}
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 12))
	if err := s.SaveState(read, h.Seq(), h.MarshalState()); err != nil {
		t.Fatal(err)
	}
	if _, err := signRead(t, m, s, read, h, nil); err != nil {
		t.Fatal(err)
	}
	second := addReading(t, s, m, 2)
	waitAll(t, doSome(t, s, second, newHistory(t, m.item(2)), rng, 12))
	if _, err := s.AddRead(project.ReadSeat{Item: m.item(2).ID, Reader: m.other.ReaderID()}, ""); err != nil {
		t.Fatal(err)
	}
	for n := range 2 {
		b := bytes.Repeat([]byte{byte(n + 1)}, 9000)
		seq, _, _ := s.Sequence()
		if _, err := s.Queue(Outgoing{Seq: seq, Hash: project.HashOf(b), Header: []byte("{}")}, b); err != nil {
			t.Fatal(err)
		}
		r := bytes.Repeat([]byte{byte(n + 11)}, 5000)
		if err := s.Receive(Incoming{Hash: project.HashOf(r), From: m.lead.ReaderID(), At: time.Unix(1e9, 0).UTC()}, r, "feed", []byte{byte(n)}); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			if err := s.Delivered(project.HashOf(b), []byte("a receipt")); err != nil {
				t.Fatal(err)
			}
		}
	}
	mustCheck(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// content writes out everything that the store says, but the events after the first limit.
func content(s *Store, limit int) (string, error) {
	var out bytes.Buffer
	put := func(err error, v ...any) error {
		fmt.Fprintf(&out, "%s\n", v)
		return err
	}
	defs, err := s.Definitions()
	if err != nil {
		return "", err
	}
	for _, d := range defs {
		put(nil, d.Marshal())
	}
	items, err := s.Items()
	if err != nil {
		return "", err
	}
	for _, it := range items {
		whole, err := s.Item(it.ID)
		if put(err, mustJSON(whole), mustJSON(whole.Images)) != nil {
			return "", err
		}
	}
	reads, err := s.Reads()
	if err != nil {
		return "", err
	}
	for _, r := range reads {
		put(nil, mustJSON(r))
		if r.Seat.Reader != s.holder.ReaderID() {
			continue
		}
		for b, err := range s.Journal(r.ID) {
			if put(err, b) != nil {
				return "", err
			}
		}
		if e, err := s.SignedRead(r.ID); err == nil {
			put(nil, e.Marshal())
		} else if project.KindOf(err) != project.NotFound {
			return "", err
		}
		seq, state, err := s.State(r.ID)
		if err != nil && project.KindOf(err) != project.NotFound {
			return "", err
		}
		put(nil, fmt.Sprint(seq), state)
	}
	outbox, err := s.Outbox()
	if put(err, mustJSON(outbox)) != nil {
		return "", err
	}
	received, err := s.Received()
	if put(err, mustJSON(received)) != nil {
		return "", err
	}
	for _, o := range outbox {
		b, err := s.Bundle(o.Hash)
		if put(err, b) != nil {
			return "", err
		}
		r, _ := s.Receipt(o.Hash)
		put(nil, r)
	}
	for _, in := range received {
		b, err := s.Bundle(in.Hash)
		if put(err, b) != nil {
			return "", err
		}
	}
	cursor, err := s.Cursor("feed")
	if put(err, cursor) != nil {
		return "", err
	}
	n := 0
	for e, err := range s.Events(context.Background()) {
		if n++; n > limit {
			break
		}
		if put(err, e.Marshal()) != nil {
			return "", err
		}
	}
	return out.String(), nil
}

// TestEveryFlippedBitIsDetectedOrHarmless flips bits all over the files. Whatever the store then says without complaint must be what it said before.
func TestEveryFlippedBitIsDetectedOrHarmless(t *testing.T) {
	flips := 60
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		flips = 5000
	}
	rng := newRNG(t)
	m := newTeam(t)
	dir := fullStore(t, m)
	s, err := Open(copyFolder(t, dir), m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	events := int(readCounts(t, s).Leaves) - 1 // without this session's start
	want, err := content(s, events)
	if err != nil {
		t.Fatal(err)
	}
	s.Close()

	files := readFiles(t, dir)
	work := copyFolder(t, dir)
	for _, bit := range branchBits(rng, files[storeName], flips/3) {
		if how := flip(t, m.reader.Holder, work, files, storeName, bit, want, events); t.Failed() {
			t.Fatalf("branch page: byte %d, bit %d: %s", bit/8, bit%8, how)
		}
	}
	found := map[string]int{}
	for n := range flips {
		name, bit := storeName, 0
		switch n % 10 {
		case 0:
			name = slotsName
		case 1:
			name = emergencyName
		}
		if bit = rng.IntN(8 * len(files[name])); name == storeName {
			bit = liveBit(rng, files[name])
		}
		how := flip(t, m.reader.Holder, work, files, name, bit, want, events)
		found[how]++
		if t.Failed() {
			t.Fatalf("flip %d: %s, byte %d, bit %d", n, name, bit/8, bit%8)
		}
	}
	t.Logf("%d flips: %v", flips, found)
	if found["open"] == 0 || found["check"] == 0 {
		t.Error("the flips did not hit what they were meant to")
	}
}

func readFiles(t testing.TB, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for _, name := range []string{storeName, slotsName, emergencyName} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = b
	}
	return files
}

// branchBits picks bits of the pages that lead to others, which no seal covers.
func branchBits(rng *rand.Rand, b []byte, n int) (bits []int) {
	size := os.Getpagesize()
	var used []int // bytes of branch pages: header, elements, keys
	for at := 0; at+size <= len(b); at += size {
		if count := int(native.Uint16(b[at+10:])); native.Uint16(b[at+8:]) == flagBranch && count > 0 {
			for i := range min(size, pageHeader+count*(pageElement+16)) {
				used = append(used, at+i)
			}
		}
	}
	for len(used) > 0 && len(bits) < n {
		bits = append(bits, 8*used[rng.IntN(len(used))]+rng.IntN(8))
	}
	return bits
}

// liveBit picks a bit that is likely to matter: on a page whose beginning is not empty.
func liveBit(rng *rand.Rand, b []byte) int {
	const page = 4096
	for {
		at := rng.IntN(len(b) / page)
		if !bytes.Equal(b[at*page:at*page+16], make([]byte, 16)) {
			return 8*(at*page) + rng.IntN(8*page)
		}
	}
}

// flip writes the files with one bit flipped and reports how that was found.
func flip(t *testing.T, h *keys.Holder, work string, files map[string][]byte, name string, bit int, want string, events int) string {
	t.Helper()
	for f, b := range files {
		if f == name {
			b = bytes.Clone(b)
			b[bit/8] ^= 1 << (bit % 8)
		}
		if err := os.WriteFile(filepath.Join(work, f), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := Open(work, h, Options{})
	if err != nil {
		if k := project.KindOf(err); k == project.Other || k == project.Full || k == project.Busy {
			t.Errorf("open gives %v (%v)", err, k)
		}
		return "open"
	}
	defer s.Close()
	problems, err := s.Check(context.Background())
	if err != nil {
		t.Errorf("check: %v", err)
	}
	if len(problems) > 0 {
		return "check"
	}
	got, err := content(s, events)
	if err != nil {
		t.Errorf("check is content and reading gives: %v", err)
	}
	if got != want {
		t.Error("the store silently says something else")
	}
	if s.Recovered().Rejected > 0 {
		return "emergency file put aside"
	}
	return "harmless"
}

func readCounts(t testing.TB, s *Store) (c counts) {
	t.Helper()
	if err := s.view(func(t *tx) error { c = t.counts; return nil }); err != nil {
		t.Fatal(err)
	}
	return c
}

// TestMissingAndSwappedRowsAreFound does to the rows what a person with a hex editor might.
func TestMissingAndSwappedRowsAreFound(t *testing.T) {
	m := newTeam(t)
	dir := fullStore(t, m)
	for _, b := range allBuckets {
		for _, how := range []string{"delete the first", "delete the last", "swap two", "copy to a new row"} {
			t.Run(fmt.Sprintf("%s %s", how, b), func(t *testing.T) {
				work := copyFolder(t, dir)
				if !tamper(t, work, b, how) {
					return
				}
				s, err := Open(work, m.reader.Holder, Options{})
				if err != nil {
					return
				}
				defer s.Close()
				if problems, err := s.Check(context.Background()); err == nil && len(problems) == 0 {
					t.Error("nobody noticed")
				}
			})
		}
	}
}
