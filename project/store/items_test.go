package store

import (
	"bytes"
	"context"
	"testing"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/project/keys/keystest"
)

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
	moved := want[2].Images[0].Instances[3].SHA256
	events := func() int {
		n := 0
		for e, err := range s.Events(context.Background()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Type == audit.ItemMoved {
				n++
			}
		}
		return n
	}
	for n, place := range []Place{{Path: "/elsewhere/x", Size: 700, Modified: 5}, {Path: "/elsewhere/x", Size: 700, Modified: 6}} {
		if err := s.NoteFiles(want[2].ID, map[project.Hash]Place{moved: place}); err != nil {
			t.Fatal(err)
		}
		want[2].Images[0].Instances[3].Place = place
		if events() != 1 {
			t.Errorf("%d events of a move after step %d: a file that is only seen again has not moved", events(), n+1)
		}
	}
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
