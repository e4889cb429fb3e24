package bundle

import (
	"encoding/json"
	"strings"

	"hotlight/project"
)

// content is what a bundle's kind promises, checked.
type content struct {
	read       *project.SignedRead
	signed     *project.Envelope
	definition *project.Envelope
}

// checkContent applies the rules of a kind before sealing; the same ones that Open applies.
func checkContent(m *Manifest, objects []Object, r *Route, author Member, roster *Roster) error {
	_, err := m.openContent(r, author, roster, func(e Entry) ([]byte, error) { return find(objects, e.SHA256), nil })
	return err
}

// openContent finds and verifies the object that the kind is about. load returns an object's checked bytes.
func (m *Manifest) openContent(r *Route, author Member, roster *Roster, load func(Entry) ([]byte, error)) (*content, error) {
	kind := ObjectRead
	if m.Kind == KindDefinition {
		kind = ObjectDefinition
	}
	entry, err := m.only(kind)
	if err != nil {
		return nil, err
	}
	if entry.Size > MaxManifest {
		return nil, project.Errorf(project.Full, "the %s is larger than %d bytes", kind, MaxManifest)
	}
	raw, err := load(entry)
	if err != nil {
		return nil, err
	}
	e, err := project.ParseEnvelope(raw)
	if err != nil {
		return nil, err
	}
	if m.Kind == KindDefinition {
		return &content{definition: e}, checkDefinition(e, roster)
	}
	read, err := openRead(e, author)
	if err != nil {
		return nil, err
	}
	return &content{read: read, signed: e}, m.checkRead(read, r, roster)
}

// openRead verifies the author's signature on a read and decodes it.
func openRead(e *project.Envelope, author Member) (*project.SignedRead, error) {
	if err := verifySigned(e, project.SignedReadType, author.SigningKey); err != nil {
		return nil, err
	}
	var read project.SignedRead
	dec := json.NewDecoder(strings.NewReader(string(e.Payload)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&read); err != nil {
		return nil, project.Errorf(project.Invalid, "the signed read is not of the form that this program knows")
	}
	return &read, nil
}

func (m *Manifest) checkRead(read *project.SignedRead, r *Route, roster *Roster) error {
	switch {
	case read.Signature.Reader != r.From || read.Signature.Device != r.Device:
		return project.Errorf(project.Corrupt, "the read was signed by another person or device than the one who sends it")
	case read.Item != r.Item:
		return project.Errorf(project.Corrupt, "the read is of another work item than the routing header says")
	case roster.Version == r.RosterVersion && read.Definition != roster.Definition:
		return project.Errorf(project.Conflict, "the read was signed under another version of the definition than it is sent under")
	}
	masks := map[project.Hash]bool{}
	for _, o := range m.Objects {
		if o.Kind == ObjectMask {
			masks[o.SHA256] = true
		}
	}
	for _, s := range read.Segments {
		if !masks[s.Object] {
			return project.Errorf(project.Corrupt, "the read names segment %d, whose mask is not in the bundle", s.Number)
		}
	}
	return nil
}

func checkDefinition(e *project.Envelope, roster *Roster) error {
	d, hash, err := project.OpenDefinition(e)
	if err != nil {
		return err
	}
	want, err := RosterOf(d, hash)
	if err != nil {
		return err
	}
	if string(mustJSON(want)) != string(mustJSON(roster)) {
		return project.Errorf(project.Corrupt, "the definition and the roster sent with it contradict each other")
	}
	return nil
}
