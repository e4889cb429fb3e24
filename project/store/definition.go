package store

import (
	"hotlight/project"
	"hotlight/project/audit"
)

// outsider is the role that messages name for a person who is in no roster.
const outsider project.Role = "person outside the roster"

// PutDefinition adds the next version of the signed definition. The exact envelope bytes are kept with all versions before. It must succeed the present
// one (Definition.Succeeds), signed by the same lead; putting the present one again changes nothing.
func (s *Store) PutDefinition(e *project.Envelope) error {
	def, hash, err := project.OpenDefinition(e)
	if err != nil {
		return err
	}
	return s.update(func(t *tx) error {
		present, presentHash := s.definition()
		if hash == presentHash {
			return nil
		}
		if err := present.Succeeds(def); err != nil {
			return err
		}
		if string(present.Lead().SigningKey) != string(def.Lead().SigningKey) {
			return project.Errorf(project.NotPermitted, "only the lead who signed the earlier version can sign the next")
		}
		return t.putDefinition(e, def, hash)
	})
}

func (t *tx) putDefinition(e *project.Envelope, def *project.Definition, hash project.Hash) error {
	if _, err := t.put(t.store, bDefinition, row(t.counts.Definitions+1), e.Marshal()); err != nil {
		return err
	}
	t.counts.Definitions++
	t.after = append(t.after, func() { t.s.setDefinition(def, hash) })
	return t.event(audit.DefinitionPut, hash.String(), storeScope, nil)
}

func (s *Store) setDefinition(def *project.Definition, hash project.Hash) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.def, s.defHash = def, hash
}

func (s *Store) definition() (*project.Definition, project.Hash) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.def, s.defHash
}

// reader returns the record of id in the present definition.
func (s *Store) reader(id project.ReaderID) (project.Reader, bool) {
	def, _ := s.definition()
	return def.Reader(id)
}

// actor is the owner as the present definition knows them: role and revocation count as of now.
func (s *Store) actor() project.Reader {
	if r, ok := s.reader(s.holder.ReaderID()); ok {
		return r
	}
	return project.Reader{ID: s.holder.ReaderID(), Role: outsider}
}

// Definition returns the definition in force and the SHA-256 of its signed bytes. It must not be changed.
func (s *Store) Definition() (*project.Definition, project.Hash, error) {
	def, hash := s.definition()
	return def, hash, nil
}

// Definitions returns all versions as they were signed, oldest first.
func (s *Store) Definitions() (out []*project.Envelope, err error) {
	err = s.view(func(t *tx) error {
		for n := uint64(1); n <= t.counts.Definitions; n++ {
			e, err := t.definition(n)
			if err != nil {
				return err
			}
			out = append(out, e)
		}
		return nil
	})
	return out, err
}

func (t *tx) definition(n uint64) (*project.Envelope, error) {
	b, err := t.get(t.store, bDefinition, row(n))
	if err != nil {
		return nil, err
	}
	return project.ParseEnvelope(b)
}
