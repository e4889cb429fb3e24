package flow

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/definition"
	"hotlight/project/keys"
	"hotlight/project/store"
)

// DefinitionFile is the signed definition in a project folder: what a lead hands to readers.
const DefinitionFile = "definition.hld"

// Program is the name and version that records carry; the programs set it at start.
var Program = "Hotlight"

// Project is a project folder opened by the person it belongs to. It may be used from several goroutines.
type Project struct {
	Dir        string
	Store      *store.Store
	Holder     *keys.Holder
	Definition *project.Definition
	Hash       project.Hash // of the signed definition
}

// NewProject makes a project folder for the holder from a definition: either the project file (YAML), which the holder must be the lead of and
// signs now, or the signed definition that a lead handed out. leadID, if not empty, is the lead whose signature is expected.
func NewProject(dir string, source io.Reader, h *keys.Holder, leadID project.ReaderID) (*Project, error) {
	raw, err := io.ReadAll(io.LimitReader(source, definition.MaxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read the definition: %w", err)
	}
	envelope, err := signedDefinition(raw, h)
	if err != nil {
		return nil, err
	}
	def, hash, err := project.OpenDefinition(envelope)
	if err != nil {
		return nil, err
	}
	if leadID != "" && def.Lead().ID != leadID {
		return nil, project.Errorf(project.NotPermitted, "the definition is signed by %s, not by the lead that was named", project.ShortFingerprint(string(def.Lead().ID)))
	}
	if err := isMember(def, h.Public()); err != nil {
		return nil, err
	}
	s, err := store.Create(dir, h, envelope, store.Options{Program: Program})
	if err != nil {
		return nil, err
	}
	if err := writeDefinition(dir, envelope); err != nil {
		s.Close()
		return nil, err
	}
	return &Project{Dir: dir, Store: s, Holder: h, Definition: def, Hash: hash}, nil
}

// OpenProject opens the project folder dir of the holder. It fails with project.Busy while another process holds it.
func OpenProject(dir string, h *keys.Holder) (*Project, error) {
	s, err := store.Open(dir, h, store.Options{Program: Program})
	if err != nil {
		return nil, err
	}
	def, hash, err := s.Definition()
	if err != nil {
		s.Close()
		return nil, err
	}
	return &Project{Dir: dir, Store: s, Holder: h, Definition: def, Hash: hash}, nil
}

// Notice is what the owner must be told about opening the store: that changes came back after a failure, or that some could not. It is empty
// when there is nothing to tell.
func (p *Project) Notice() string {
	r := p.Store.Recovered()
	var parts []string
	if r.Taken > 0 {
		parts = append(parts, fmt.Sprintf("%d changes that could not be saved the last time were taken in.", r.Taken))
	}
	if r.Rejected > 0 {
		parts = append(parts, fmt.Sprintf("%d changes that were kept in an emergency file do not fit this store; the file was kept under another name.", r.Rejected))
	}
	if r.OneBack {
		parts = append(parts, "The project file is damaged at one place; its last change before may be missing. Compare the newest change with what you remember.")
	}
	return strings.Join(parts, " ")
}

// Close gives the folder back.
func (p *Project) Close() error { return p.Store.Close() }

// signedDefinition returns raw as a signed envelope, signing it if it is a project file.
func signedDefinition(raw []byte, h *keys.Holder) (*project.Envelope, error) {
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte(`{"payloadType"`)) {
		return project.ParseEnvelope(bytes.TrimSpace(raw))
	}
	def, err := definition.Parse(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	if def.Lead().ID != h.ReaderID() {
		return nil, project.Errorf(project.NotPermitted, "only the lead named in the project file can sign it; readers start from the signed definition that the lead hands out")
	}
	def.CaseKey = make([]byte, 32)
	rand.Read(def.CaseKey)
	return signDefinition(def, h)
}

func signDefinition(def *project.Definition, h *keys.Holder) (*project.Envelope, error) {
	if err := def.Check(); err != nil {
		return nil, err
	}
	body, err := def.Marshal()
	if err != nil {
		return nil, fmt.Errorf("encode the definition: %w", err)
	}
	return project.SignEnvelope(project.DefinitionType, body, h.Person())
}

// isMember refuses a person whom the roster does not list with the very keys of the vault.
func isMember(def *project.Definition, me project.Reader) error {
	r, ok := def.Reader(me.ID)
	switch {
	case !ok:
		return project.Errorf(project.NotPermitted, "the project's roster does not list key %s", project.ShortFingerprint(string(me.ID)))
	case r.Revoked:
		return project.Errorf(project.NotPermitted, "the project's roster revoked key %s", project.ShortFingerprint(string(me.ID)))
	case r.Recipient != me.Recipient || r.Recovery != me.Recovery || !bytes.Equal(r.DeviceKey, me.DeviceKey):
		return project.Errorf(project.Conflict, "the project's roster lists other keys for %s than this vault holds", project.ShortFingerprint(string(me.ID)))
	}
	return nil
}

// writeDefinition puts the signed definition where the lead finds it to hand it out.
func writeDefinition(dir string, e *project.Envelope) error {
	return atomicfile.Write(filepath.Join(dir, DefinitionFile), e.Marshal(), 0o600)
}

// Adopt replaces the definition by a later version: signed by the same lead, growing only.
func (p *Project) Adopt(e *project.Envelope) error {
	next, hash, err := project.OpenDefinition(e)
	if err != nil {
		return err
	}
	if hash == p.Hash {
		return nil
	}
	if err := p.Definition.Succeeds(next); err != nil {
		return err
	}
	if err := p.Store.PutDefinition(e); err != nil {
		return err
	}
	p.Definition, p.Hash = next, hash
	return writeDefinition(p.Dir, e)
}

// ChangeRoster lets the lead add a person (by public record) or revoke one. It makes and signs the next version of the definition.
func (p *Project) ChangeRoster(change func([]project.Reader) ([]project.Reader, error)) error {
	if p.Definition.Lead().ID != p.Holder.ReaderID() {
		return project.Errorf(project.NotPermitted, "only the lead changes the roster")
	}
	next := *p.Definition
	roster, err := change(append([]project.Reader{}, next.Readers...))
	if err != nil {
		return err
	}
	next.Readers = roster
	next.Project.Version++
	e, err := signDefinition(&next, p.Holder)
	if err != nil {
		return err
	}
	return p.Adopt(e)
}

// Check walks the whole store and returns what is wrong with it, nothing when it is clean.
func (p *Project) Check(ctx context.Context) ([]store.Problem, error) { return p.Store.Check(ctx) }

// IsProject reports whether dir looks like a project folder.
func IsProject(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, DefinitionFile))
	return err == nil && info.Mode().IsRegular()
}
