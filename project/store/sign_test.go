package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/keys/keystest"
)

// signRead signs the read as it stands.
func signRead(t testing.TB, m *team, s *Store, read project.ReadID, h *edit.History, change func(*project.SignedRead)) (*project.Envelope, error) {
	t.Helper()
	r, err := s.Read(read)
	if err != nil {
		t.Fatal(err)
	}
	it, _ := s.Item(r.Seat.Item)
	note, err := s.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	def, hash, _ := s.Definition()
	rec := project.SignedRead{ReadID: read, Supersedes: r.Supersedes, Project: def.Project.ID, Definition: hash, Item: it.ID, Study: it.Study,
		Segments: []project.SignedMask{}, Journal: project.SignedJournal{Changes: int(r.Changes), Checkpoint: note},
		Signature: project.Manifest{PrintedName: "Planted Reader", Reader: m.reader.ReaderID(), Device: m.reader.DeviceID(), Role: project.Radiologist,
			Meaning: project.Authorship, Statement: "I read it.", SignedAt: time.Now().Truncate(time.Second)}}
	for _, i := range it.Images {
		img := project.SignedImage{Series: i.Series, Volume: i.Volume, Frame: i.Geometry.FrameOfReference, Size: i.Geometry.Size}
		for _, in := range i.Instances {
			img.Instances = append(img.Instances, project.SignedInstance{UID: in.UID, SHA256: in.SHA256})
		}
		rec.Series = append(rec.Series, img)
	}
	for _, g := range h.Set().Segments() {
		rec.Segments = append(rec.Segments, project.SignedMask{Number: g.Number, Class: g.Class, Name: g.Name, Colour: g.Colour, Image: g.Image, Voxels: g.Mask.Count(), Mask: g.Mask.SHA256()})
	}
	if change != nil {
		change(&rec)
	}
	body, _ := json.Marshal(rec)
	if err := m.reader.Confirm([]byte(keystest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	e, err := project.SignEnvelope(project.SignedReadType, body, m.reader)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.Sign(read, e)
	return e, err
}

func TestASignedReadIsFrozenForEver(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	_, err := signRead(t, m, s, read, h, nil)
	wantKind(t, "nothing was done", err, project.NotPermitted)
	waitAll(t, doSome(t, s, read, h, rng, 20))
	_, err = s.SignedRead(read)
	wantKind(t, "before it is signed", err, project.NotFound)
	for what, change := range map[string]func(*project.SignedRead){
		"another read":          func(r *project.SignedRead) { r.ReadID = "x" },
		"another study":         func(r *project.SignedRead) { r.Study = "1.2.3" },
		"another definition":    func(r *project.SignedRead) { r.Definition = project.HashOf(nil) },
		"another signer":        func(r *project.SignedRead) { r.Signature.Reader = m.other.ReaderID() },
		"fewer changes":         func(r *project.SignedRead) { r.Journal.Changes-- },
		"one image file less":   func(r *project.SignedRead) { r.Series[0].Instances = r.Series[0].Instances[1:] },
		"another image file":    func(r *project.SignedRead) { r.Series[0].Instances[4].SHA256 = project.HashOf(nil) },
		"superseding something": func(r *project.SignedRead) { r.Supersedes = "y" },
	} {
		_, err := signRead(t, m, s, read, h, change)
		wantKind(t, what, err, project.Conflict)
	}
	_, err = signRead(t, m, s, read, h, func(r *project.SignedRead) { r.Journal.Checkpoint = "none" })
	wantKind(t, "no checkpoint", err, project.Corrupt)
	if s.Fenced() != nil {
		t.Fatal("a refused signature fenced the store")
	}

	e, err := signRead(t, m, s, read, h, nil)
	if err != nil {
		t.Fatal(err)
	}
	next, _ := h.Do(brush("lesion", 30, 20, 10))
	if err := s.AppendEdit(read, next).Wait(context.Background()); !errors.Is(err, project.ErrSigned) {
		t.Errorf("an edit of a signed read: %v", err)
	}
	if _, err := s.Sign(read, e); !errors.Is(err, project.ErrSigned) {
		t.Errorf("signing again: %v", err)
	}
	_, err = s.Move(read, project.EventReopen)
	wantKind(t, "reopening", err, project.NotPermitted)
	s = reopen(t, s)
	if got, err := s.SignedRead(read); err != nil || !bytes.Equal(got.Marshal(), e.Marshal()) {
		t.Errorf("the signed bytes changed: %v", err)
	}
	if r, err := s.Move(read, project.EventCommit); err != nil || r.State != project.Committed {
		t.Errorf("commit: %v, %v", r.State, err)
	}
	if _, err := s.Move(read, project.EventCommit); err != nil {
		t.Errorf("commit again: %v", err)
	}

	// A correction is a new read.
	r, err := s.AddRead(project.ReadSeat{Item: m.item(1).ID, Reader: m.reader.ReaderID()}, read)
	if err != nil {
		t.Fatal(err)
	}
	h2 := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, r.ID, h2, rng, 5))
	if _, err := signRead(t, m, s, r.ID, h2, nil); err != nil {
		t.Fatal(err)
	}
	if old, _ := s.Read(read); old.State != project.Superseded {
		t.Errorf("the corrected read is %s", old.State)
	}
	reopen(t, s)
}

// Edits that were queued before the signature are in it or refuse it; none comes after.
func TestEditsAndASignatureAtOnceLeaveAnExactRecord(t *testing.T) {
	rng := newRNG(t)
	m := newTeam(t)
	s, _, read := m.reading(t)
	h := newHistory(t, m.item(1))
	waitAll(t, doSome(t, s, read, h, rng, 5))
	saved := doSome(t, s, read, h, rng, 30)
	_, err := signRead(t, m, s, read, h, func(r *project.SignedRead) { r.Journal.Changes = 35 })
	if err != nil {
		t.Fatalf("the queue was not written before the signature: %v", err)
	}
	waitAll(t, saved)
	mustCheck(t, s)
}
