package flow

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"

	"hotlight/project"
	"hotlight/project/atomicfile"
	"hotlight/project/definition"
	"hotlight/project/keys"
	"hotlight/project/store"
	"hotlight/sync/bundle"
)

// DefinitionFile is the signed definition in a project folder: what a lead hands to readers.
const DefinitionFile = "definition.hld"

// Program is the name and version that records carry; the programs set it at start.
var Program = "Hotlight"

// Project is a project folder opened by the person it belongs to. It may be used from several goroutines.
type Project struct {
	Dir    string
	Store  *store.Store
	Holder *keys.Holder
	// Lately returns folders that were opened lately, in which images that are gone from their place may be; nil for none.
	Lately func() []string

	rules atomic.Pointer[rules]
}

// rules are the definition in force and the hash of its signed bytes.
type rules struct {
	definition *project.Definition
	hash       project.Hash
}

// Definition returns the definition in force. It must not be changed; a newer one that arrives is another.
func (p *Project) Definition() *project.Definition { return p.rules.Load().definition }

// Hash returns the hash of the signed definition in force.
func (p *Project) Hash() project.Hash { return p.rules.Load().hash }

func newProject(dir string, s *store.Store, h *keys.Holder, def *project.Definition, hash project.Hash) *Project {
	p := &Project{Dir: dir, Store: s, Holder: h}
	p.rules.Store(&rules{def, hash})
	return p
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
	def, hash, err := definition.Open(envelope)
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
		return nil, fmt.Errorf("the project was made, the copy of its definition was not; it is written when the project is opened next: %w", err)
	}
	return newProject(dir, s, h, def, hash), nil
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
	p := newProject(dir, s, h, def, hash)
	p.restoreDefinition()
	return p, nil
}

// restoreDefinition writes the copy of the definition in force again where it is missing or another: the program may have been ended between
// the store and the copy. The store is the truth, so a copy that cannot be written keeps nobody from work.
func (p *Project) restoreDefinition() {
	all, err := p.Store.Definitions()
	if err != nil {
		return
	}
	have, _ := os.ReadFile(filepath.Join(p.Dir, DefinitionFile))
	for _, e := range all {
		if _, hash, err := project.OpenDefinition(e); err == nil && hash == p.Hash() && !bytes.Equal(have, e.Marshal()) {
			_ = writeDefinition(p.Dir, e)
		}
	}
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
	next, hash, err := definition.Open(e)
	if err != nil {
		return err
	}
	if hash == p.Hash() {
		return nil
	}
	if err := p.Definition().Succeeds(next); err != nil {
		return err
	}
	if err := p.Store.PutDefinition(e); err != nil {
		return err
	}
	p.rules.Store(&rules{next, hash})
	return writeDefinition(p.Dir, e)
}

// ChangeRoster lets the lead add a person (by public record) or revoke one. It makes and signs the next version of the definition.
func (p *Project) ChangeRoster(change func([]project.Reader) ([]project.Reader, error)) error {
	if p.Definition().Lead().ID != p.Holder.ReaderID() {
		return project.Errorf(project.NotPermitted, "only the lead changes the roster")
	}
	next := *p.Definition()
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
	if err := p.Adopt(e); err != nil {
		return err
	}
	return p.shareDefinition()
}

// shareDefinition queues the definition in force for everybody else, unless it is the first, which people start from, or is queued already.
// Sync asks for it again, so that an interruption in between is made good.
func (p *Project) shareDefinition() error {
	def, hash := p.Definition(), p.Hash()
	if def.Lead().ID != p.Holder.ReaderID() || def.Project.Version < 2 {
		return nil
	}
	queued, err := p.Store.Outbox()
	if err != nil {
		return err
	}
	for _, out := range queued {
		var h outgoingHeader
		if err := json.Unmarshal(out.Header, &h); err != nil {
			return project.Errorf(project.Corrupt, "outbox: %w", err)
		}
		if h.Definition == hash {
			return nil
		}
	}
	all, err := p.Store.Definitions()
	if err != nil {
		return err
	}
	signed := all[len(all)-1]
	roster, err := p.Roster()
	if err != nil {
		return err
	}
	_, err = p.seal(bundle.Draft{Kind: bundle.KindDefinition, Roster: roster,
		Objects: []bundle.Object{{Kind: bundle.ObjectDefinition, Media: project.DefinitionType, Data: signed.Marshal()}}}, outgoingHeader{Definition: hash})
	return err
}

// Check walks the whole store and returns what is wrong with it, nothing when it is clean.
func (p *Project) Check(ctx context.Context) ([]store.Problem, error) { return p.Store.Check(ctx) }

// IsProject reports whether dir looks like a project folder.
func IsProject(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, DefinitionFile))
	return err == nil && info.Mode().IsRegular()
}
