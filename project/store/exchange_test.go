package store

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"hotlight/project"
)

func TestTheOutboxSurvivesAndNumbersWithoutGaps(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.reader.Holder)
	var hashes []project.Hash
	for n := range 3 {
		seq, prev, err := s.Sequence()
		if err != nil || seq != uint64(n+1) {
			t.Fatalf("sequence %d, %v", seq, err)
		}
		if n > 0 && prev != hashes[n-1] {
			t.Error("prev is not the last bundle's hash")
		}
		b := bytes.Repeat([]byte{byte(n)}, 10000*(n+1))
		o := Outgoing{Seq: seq, Hash: project.HashOf(b), Header: []byte("{}"), Queued: time.Now().UTC()}
		if _, err := s.Queue(o, b); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Queue(o, b); err != nil {
			t.Errorf("the same again: %v", err)
		}
		hashes = append(hashes, o.Hash)
	}
	_, err := s.Queue(Outgoing{Seq: 7, Hash: project.HashOf(nil)}, nil)
	wantKind(t, "a gap", err, project.Conflict)
	_, err = s.Queue(Outgoing{Seq: 4, Hash: hashes[0]}, []byte("other bytes"))
	wantKind(t, "another digest", err, project.Invalid)
	for range 2 {
		if err := s.Delivered(hashes[0], []byte("receipt")); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, "a receipt of nothing", s.Delivered(project.HashOf([]byte("x")), []byte("r")), project.NotFound)
	s = reopen(t, s)
	waiting, err := s.Waiting()
	if err != nil || !slices.Equal(waiting, hashes[1:]) {
		t.Errorf("waiting: %v, %v", waiting, err)
	}
	if b, err := s.Bundle(hashes[2]); err != nil || len(b) != 30000 {
		t.Errorf("bundle: %d bytes, %v", len(b), err)
	}
	if r, err := s.Receipt(hashes[0]); err != nil || string(r) != "receipt" {
		t.Errorf("receipt: %q, %v", r, err)
	}
	if all, _ := s.Outbox(); len(all) != 3 {
		t.Errorf("%d bundles are listed", len(all))
	}
}

func TestReceivingIsIdempotentAndMovesTheCursorWithIt(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.lead.Holder)
	b := []byte("a bundle")
	in := Incoming{Hash: project.HashOf(b), From: m.reader.ReaderID(), Header: []byte("{}"), At: time.Now().UTC()}
	for n := range 3 {
		if err := s.Receive(in, b, "feed", []byte{byte(n)}); err != nil {
			t.Fatal(err)
		}
	}
	wantKind(t, "another digest", s.Receive(in, []byte("other"), "feed", nil), project.Invalid)
	s = reopen(t, s)
	if err := s.Receive(in, b, "", nil); err != nil {
		t.Fatal(err)
	}
	if all, err := s.Received(); err != nil || len(all) != 1 || all[0].Size != int64(len(b)) {
		t.Errorf("got %+v, %v", all, err)
	}
	if v, err := s.Cursor("feed"); err != nil || !bytes.Equal(v, []byte{2}) {
		t.Errorf("cursor %v, %v", v, err)
	}
	if v, err := s.Cursor("never set"); err != nil || v != nil {
		t.Errorf("cursor %v, %v", v, err)
	}
	mustCheck(t, s)
}
