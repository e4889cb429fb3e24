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
