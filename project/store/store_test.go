package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
)

func TestANewStoreHasItsDefinitionAndIsClean(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	def, hash, err := s.Definition()
	if err != nil || def.Project.Title != "Planted title" || hash != project.HashOf(m.definition.Payload) {
		t.Fatalf("got %+v, %v, %v", def, hash, err)
	}
	s = reopen(t, s)
	all, err := s.Definitions()
	if err != nil || len(all) != 1 || !bytes.Equal(all[0].Marshal(), m.definition.Marshal()) {
		t.Fatalf("the definition's bytes changed: %v", err)
	}
	names, _ := os.ReadDir(dir)
	var got []string
	for _, n := range names {
		got = append(got, n.Name())
		if info, _ := n.Info(); info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %v", n.Name(), info.Mode())
		}
	}
	if want := []string{emergencyName, lockName, slotsName, storeName}; !slices.Equal(got, want) {
		t.Errorf("the folder holds %v, want %v", got, want)
	}
}

func TestCreateRefusesAFolderThatHasAStore(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	_, err := Create(dir, m.reader.Holder, m.definition, Options{})
	wantKind(t, "while it is open", err, project.Busy)
	s.Close()
	_, err = Create(dir, m.reader.Holder, m.definition, Options{})
	wantKind(t, "closed", err, project.Conflict)
	again, err := Open(dir, m.reader.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, again)
	again.Close()
}

func TestWhatACrashDuringCreateLeavesIsNoStoreAndIsNoObstacle(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	s.Close()
	half := filepath.Join(t.TempDir(), "half")
	os.Mkdir(half, 0o700)
	for from, to := range map[string]string{slotsName: slotsName, storeName: storeName + ".tmp"} {
		b, _ := os.ReadFile(filepath.Join(dir, from))
		os.WriteFile(filepath.Join(half, to), b[:len(b)/2], 0o600)
	}
	_, err := Open(half, m.reader.Holder, Options{})
	wantKind(t, "open", err, project.NotFound)
	s, err = Create(half, m.reader.Holder, m.definition, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	s.Close()
}

func TestASecondHolderIsRefusedWithTheNameOfTheFirst(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.reader.Holder)
	_, err := Open(dir, m.reader.Holder, Options{})
	wantKind(t, "second open", err, project.Busy)
	if !strings.Contains(err.Error(), "process ") || !strings.Contains(err.Error(), time.Now().Format("2006-01-02")) {
		t.Errorf("the refusal does not say who and since when: %v", err)
	}
	note, _ := os.ReadFile(filepath.Join(dir, lockName))
	if bytes.Contains(note, []byte("Planted")) {
		t.Errorf("the lock names the person: %s", note)
	}
	mustCheck(t, s)
}

func TestAnotherPersonsVaultOpensNothing(t *testing.T) {
	m := newTeam(t)
	s, dir, _ := m.reading(t)
	mustCheck(t, s)
	s.Close()
	_, err := Open(dir, m.other.Holder, Options{})
	if !errors.Is(err, ErrOwner) {
		t.Errorf("got %v, want ErrOwner", err)
	}
	// Not even with the owner's name in the file changed: no slot is wrapped to another key.
	f, err := readSlots(dir)
	if err != nil {
		t.Fatal(err)
	}
	ages := 0
	for _, r := range f.records {
		if r.typ == studySlot {
			continue // sealed under the store key
		}
		ages++
		for _, h := range []*keys.Holder{m.other.Holder, m.lead.Holder} {
			if _, err := h.Unwrap(r.body); !errors.Is(err, keys.ErrNotForYou) {
				t.Errorf("slot type %d number %d: another person gets %v", r.typ, r.number, err)
			}
		}
		// To exactly two: the person and the printed recovery key.
		if n := bytes.Count(r.body, []byte("\n-> ")); n != 2 {
			t.Errorf("slot type %d number %d is wrapped to %d keys, want 2", r.typ, r.number, n)
		}
	}
	if ages != 2 {
		t.Errorf("%d wrapped slots, want the store's and one read's", ages)
	}
	copy(f.header[28:], m.other.ReaderID())
	os.WriteFile(filepath.Join(dir, slotsName), marshalSlots(make([]byte, 32), f.header, f.records), 0o600)
	if _, err = Open(dir, m.other.Holder, Options{}); !errors.Is(err, keys.ErrNotForYou) {
		t.Errorf("with a changed owner: %v", err)
	}
}

func TestNothingReadableStandsInTheFiles(t *testing.T) {
	m := newTeam(t)
	s, dir, _ := m.reading(t)
	bundle := []byte("pretend this is ciphertext")
	if _, err := s.Queue(Outgoing{Seq: 1, Hash: project.HashOf(bundle), Header: []byte(plantedName)}, bundle); err != nil {
		t.Fatal(err)
	}
	if err := s.SetCursor("Planted^Cursor", []byte(plantedName)); err != nil {
		t.Fatal(err)
	}
	if err := s.Event(audit.AuditViewed, "Planted-object", []byte(plantedName)); err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	item := m.item(1)
	s.Close()
	banned := []string{"Planted", "planted", "1.2.826", "1.2.840", "/mnt/pacs", "liver", "CT", "dcm", string(item.ID), "study", "item.added", "read.", "assigned",
		item.Images[0].Instances[0].SHA256.String(), string(m.reader.Public().Recipient), "20" + time.Now().Format("06-01-02"), `{"`}
	for _, name := range []string{storeName, slotsName, emergencyName} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, text := range banned {
			if len(text) > 2 && bytes.Contains(b, []byte(text)) {
				t.Errorf("%s holds %q", name, text)
			}
		}
	}
}

func TestDefinitionsOnlySucceed(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.reader.Holder)
	if err := s.PutDefinition(m.definition); err != nil {
		t.Errorf("the same again: %v", err)
	}
	more := keystest.New(t, "Dr More", project.Annotator)
	if err := s.PutDefinition(m.define(t, 2, more.Public())); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "an older one", s.PutDefinition(m.definition), project.Conflict)
	wantKind(t, "another of the same version", s.PutDefinition(m.define(t, 2)), project.Conflict)
	forged := m.define(t, 3)
	forged.Payload = bytes.Replace(forged.Payload, []byte("Planted title"), []byte("Changed title"), 1)
	wantKind(t, "a changed one", s.PutDefinition(forged), project.Corrupt)
	if s.Fenced() != nil {
		t.Error("a refused definition fenced the store")
	}
	s = reopen(t, s)
	if all, _ := s.Definitions(); len(all) != 2 {
		t.Errorf("%d definitions are kept, want 2", len(all))
	}
	if def, _, _ := s.Definition(); def.Project.Version != 2 {
		t.Errorf("version %d is in force", def.Project.Version)
	}
}

func TestItemsAndTheirImages(t *testing.T) {
	m := newTeam(t)
	s, _ := m.newStore(t, m.reader.Holder)
	var want []Item
	for n := range 5 {
		it := m.item(n)
		want = append(want, it)
		if err := s.AddItem(it); err != nil {
			t.Fatal(err)
		}
		wantKind(t, "the same again", s.AddItem(it), project.Conflict)
	}
	wrong := m.item(9)
	wrong.ID = want[0].ID
	wantKind(t, "an id of another study", s.AddItem(wrong), project.Invalid)
	found := map[project.Hash]string{want[2].Images[0].Instances[3].SHA256: "/elsewhere/x"}
	if err := s.MovePaths(want[2].ID, found); err != nil {
		t.Fatal(err)
	}
	want[2].Images[0].Instances[3].Path = "/elsewhere/x"
	s = reopen(t, s)
	all, err := s.Items()
	if err != nil || len(all) != len(want) {
		t.Fatalf("got %d items, %v", len(all), err)
	}
	for n := range want {
		if all[n].ID != want[n].ID || all[n].Images != nil {
			t.Errorf("item %d is %+v", n, all[n])
		}
		got, err := s.Item(want[n].ID)
		if err != nil || string(mustJSON(got.Images)) != string(mustJSON(want[n].Images)) || got.Study != want[n].Study {
			t.Errorf("item %d changed: %v", n, err)
		}
	}
	_, err = s.Item("nothing")
	wantKind(t, "an unknown item", err, project.NotFound)
}

func TestReadsAreAssignedOnce(t *testing.T) {
	m := newTeam(t)
	s, _, mine := m.reading(t)
	item := m.item(1).ID
	seat := func(p *keystest.Person) project.ReadSeat { return project.ReadSeat{Item: item, Reader: p.ReaderID()} }
	_, err := s.AddRead(seat(m.reader), "")
	wantKind(t, "a second read", err, project.Conflict)
	_, err = s.AddRead(seat(m.reader), mine)
	wantKind(t, "superseding an unsigned read", err, project.Conflict)
	_, err = s.AddRead(seat(m.lead), "")
	wantKind(t, "a lead's read", err, project.NotPermitted)
	_, err = s.AddRead(project.ReadSeat{Item: item, Reader: "stranger"}, "")
	wantKind(t, "a stranger's read", err, project.NotFound)
	_, err = s.AddRead(project.ReadSeat{Item: "none", Reader: m.reader.ReaderID()}, "")
	wantKind(t, "an unknown item", err, project.NotFound)
	other, err := s.AddRead(seat(m.other), "")
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range s.Journal(other.ID) {
		if err == nil {
			t.Error("another person's read has content here")
		}
	}
	_, err = s.Move(other.ID, project.EventComplete)
	wantKind(t, "another person's read", err, project.NotPermitted)
	if r, err := s.Move(mine, project.EventComplete); err != nil || r.State != project.Complete {
		t.Errorf("complete: %v, %v", r.State, err)
	}
	if r, err := s.Move(mine, project.EventReopen); err != nil || r.State != project.InProgress {
		t.Errorf("reopen: %v, %v", r.State, err)
	}
	_, err = s.Move(mine, project.EventWithdraw)
	wantKind(t, "a reader withdraws", err, project.NotPermitted)
	s = reopen(t, s)
	if all, err := s.Reads(); err != nil || len(all) != 2 || all[0].ID != mine || all[0].State != project.InProgress {
		t.Errorf("got %+v, %v", all, err)
	}
}

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

func TestTheAuditLogTellsTheSession(t *testing.T) {
	m := newTeam(t)
	s, _, read := m.reading(t)
	note, err := s.Checkpoint()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.Checkpoint(); err != nil || again != note {
		t.Errorf("the same state gives another note: %v", err)
	}
	v, _ := audit.NewVerifier(m.reader.Public().DeviceKey)
	c, err := audit.OpenCheckpoint([]byte(note), s.Origin(), v)
	if err != nil {
		t.Fatal(err)
	}
	head, err := s.VerifyAudit(context.Background())
	if err != nil || head != c.Head {
		t.Fatalf("got %+v, %v, want %+v", head, err, c.Head)
	}
	s = reopen(t, s)
	var types []audit.Type
	for e, err := range s.Events(context.Background()) {
		if err != nil {
			t.Fatal(err)
		}
		types = append(types, e.Type)
		if e.Type == audit.ReadAssigned {
			if e.Object != string(read) || e.Actor != m.reader.ReaderID() {
				t.Errorf("got %+v", e)
			}
			if d, err := s.Detail(e.Seq); err != nil || !strings.Contains(string(d), string(m.reader.ReaderID())) {
				t.Errorf("detail %s, %v", d, err)
			}
		}
	}
	want := []audit.Type{audit.StoreCreated, audit.DefinitionPut, audit.SessionStart, audit.ItemAdded, audit.ReadAssigned, audit.SessionEnd, audit.SessionStart}
	if !slices.Equal(types, want) {
		t.Errorf("got  %v\nwant %v", types, want)
	}
}

func TestAShreddedItemCannotBeReadAndTheTreeStaysProvable(t *testing.T) {
	m := newTeam(t)
	s, dir := m.newStore(t, m.lead.Holder)
	for n := range 3 {
		if err := s.AddItem(m.item(n)); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AddRead(project.ReadSeat{Item: m.item(n).ID, Reader: m.reader.ReaderID()}, ""); err != nil {
			t.Fatal(err)
		}
	}
	before, _ := os.ReadFile(filepath.Join(dir, slotsName))
	if err := s.Shred(m.item(1).ID); err != nil {
		t.Fatal(err)
	}
	after, _ := os.ReadFile(filepath.Join(dir, slotsName))
	if len(after) >= len(before) {
		t.Error("no slot was destroyed")
	}
	_, err := s.Item(m.item(1).ID)
	wantKind(t, "the shredded item", err, project.NotFound)
	s = reopen(t, s)
	if all, err := s.Items(); err != nil || len(all) != 2 || all[1].ID != m.item(2).ID {
		t.Errorf("got %d items, %v", len(all), err)
	}
	if all, err := s.Reads(); err != nil || len(all) != 2 {
		t.Errorf("got %d reads, %v", len(all), err)
	}
	// A crash between the commit and the rewriting of the slots: Open finishes it.
	s.Close()
	os.WriteFile(filepath.Join(dir, slotsName), before, 0o600)
	s, err = Open(dir, m.lead.Holder, Options{})
	if err != nil {
		t.Fatal(err)
	}
	mustCheck(t, s)
	s.Close()
	if b, _ := os.ReadFile(filepath.Join(dir, slotsName)); !bytes.Equal(b, after) {
		t.Error("the slots of the shredded item are back")
	}
	reader, _ := m.newStore(t, m.reader.Holder)
	if err := reader.AddItem(m.item(1)); err != nil {
		t.Fatal(err)
	}
	wantKind(t, "a reader shreds", reader.Shred(m.item(1).ID), project.NotPermitted)
}

func TestAfterForgetNothingOpensUntilTheVaultDoes(t *testing.T) {
	m := newTeam(t)
	s, _, read := m.reading(t)
	if err := s.Forget(); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Read(read); err != nil {
		t.Errorf("the vault is open and the store is not: %v", err)
	}
	m.reader.Lock()
	s.Forget()
	_, err := s.Read(read)
	if !errors.Is(err, keys.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if err := s.SetCursor("x", nil); !errors.Is(err, keys.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if _, err := s.Check(context.Background()); !errors.Is(err, keys.ErrLocked) {
		t.Errorf("got %v, want ErrLocked", err)
	}
	if s.Fenced() != nil {
		t.Error("a locked vault fenced the store")
	}
	if err := m.reader.Unlock([]byte(keystest.Passphrase)); err != nil {
		t.Fatal(err)
	}
	reopen(t, s)
}

func TestTheRecoveryKeyOpensTheStoreAgain(t *testing.T) {
	m := newTeam(t)
	s, dir, read := m.reading(t)
	mustCheck(t, s)
	s.Close()
	v, _ := keys.Open(m.reader.Vault)
	if err := v.Recover(m.reader.Recovery, []byte("another passphrase")); err != nil {
		t.Fatal(err)
	}
	h, err := v.Unlock([]byte("another passphrase"))
	if err != nil {
		t.Fatal(err)
	}
	s, err = Open(dir, h, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Read(read); err != nil {
		t.Error(err)
	}
	mustCheck(t, s)
}

func TestAClosedStoreSaysSo(t *testing.T) {
	m := newTeam(t)
	s, _, read := m.reading(t)
	mustCheck(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second close: %v", err)
	}
	if _, err := s.Read(read); !errors.Is(err, ErrClosed) {
		t.Errorf("read: %v", err)
	}
	if err := s.SetCursor("x", nil); !errors.Is(err, ErrClosed) {
		t.Errorf("write: %v", err)
	}
}
