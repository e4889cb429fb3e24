package main

import (
	"path/filepath"
	"time"

	"hotlight/project"
	"hotlight/project/keys"
)

// team is a project of a lead and a reader, with real vaults.
type team struct {
	lead, reader *keys.Holder
	definition   *project.Envelope
	parsed       *project.Definition
}

func newTeam(dir string) (*team, error) {
	var t team
	var err error
	if t.lead, err = newPerson(filepath.Join(dir, "lead.vault"), "Bench Lead", project.Lead); err != nil {
		return nil, err
	}
	if t.reader, err = newPerson(filepath.Join(dir, "reader.vault"), "Bench Reader", project.Radiologist); err != nil {
		return nil, err
	}
	code := project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}
	t.parsed = &project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: "org.example.bench", Title: "Bench", Version: 1},
		Classes: []project.Class{{ID: "liver", Value: 1, Name: "Liver", Category: code, Type: code}},
		Readers: []project.Reader{t.lead.Public(), t.reader.Public()},
		CaseKey: []byte("0123456789abcdef0123456789abcdef"),
	}
	body, err := t.parsed.Marshal()
	if err != nil {
		return nil, err
	}
	t.definition, err = project.SignEnvelope(project.DefinitionType, body, t.lead.Person())
	return &t, err
}

var passphrase = []byte("a passphrase of the benchmark")

func newPerson(path, name string, role project.Role) (*keys.Holder, error) {
	if _, err := keys.Create(path, keys.Profile{Name: name, Role: role}, passphrase); err != nil {
		return nil, err
	}
	v, err := keys.Open(path)
	if err != nil {
		return nil, err
	}
	return v.Unlock(passphrase)
}

const benchStudy = project.StudyUID("2.25.1")

func (t *team) item() project.ItemID { return project.NewItemID(t.parsed.CaseKey, benchStudy) }

var now = time.Date(2026, 1, 5, 10, 15, 0, 0, time.UTC)
