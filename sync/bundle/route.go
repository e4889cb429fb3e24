package bundle

import (
	"crypto/ed25519"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"hotlight/project"
)

// RouteType is the payload type of a routing header.
const RouteType = "application/vnd.hotlight.route.v1+json"

// Kind says what a bundle is for. The list grows; an unknown kind is refused.
type Kind string

// The kinds of version 1.0.
const (
	KindRead       Kind = "read"       // a signed read, from its reader to the lead
	KindDefinition Kind = "definition" // a new definition, from the lead to everybody
)

// Route is the body of the routing header: all that a server learns. BUNDLE.md section 2 describes each field.
type Route struct {
	Format        [2]uint16          `json:"format"`
	Suite         uint8              `json:"suite"`
	BundleID      string             `json:"bundle_id"`
	Project       Handle             `json:"project"`
	Kind          Kind               `json:"kind"`
	From          project.ReaderID   `json:"from"`
	Device        project.DeviceID   `json:"device"`
	FromKey       ed25519.PublicKey  `json:"from_key"`
	DeviceKey     ed25519.PublicKey  `json:"device_key"`
	To            []project.ReaderID `json:"to"`
	Item          project.ItemID     `json:"item,omitempty"`
	Seq           uint64             `json:"author_seq"`
	Prev          project.Hash       `json:"prev,omitzero"`
	RosterVersion int                `json:"roster_version"`
	Roster        json.RawMessage    `json:"roster,omitempty"`
	Checkpoint    string             `json:"checkpoint,omitempty"`
	Created       time.Time          `json:"created"`
	PayloadSHA256 project.Hash       `json:"payload_sha256"`
	PayloadLen    int64              `json:"payload_len"`
	Critical      []string           `json:"critical"`
	Ext           json.RawMessage    `json:"ext,omitempty"`
}

// parseRoute reads a route and checks what needs no knowledge of the project.
func parseRoute(body []byte) (*Route, error) {
	var r Route
	if err := decodeExact(body, &r, "routing header"); err != nil {
		return nil, err
	}
	if len(r.Critical) > 0 {
		return nil, project.Errorf(project.Unsupported, "the bundle needs an extension that this program does not know")
	}
	if !r.Kind.known() {
		return nil, project.Errorf(project.Unsupported, "the bundle is of a kind that this program does not know")
	}
	return &r, r.checkForm()
}

func (k Kind) known() bool { return k == KindRead || k == KindDefinition }

func (r *Route) checkForm() error {
	switch {
	case !ValidName(r.BundleID) || !ValidName(string(r.Project)) || !ValidName(string(r.From)) || !ValidName(string(r.Device)):
		return project.Errorf(project.Invalid, "routing header: a name is malformed")
	case len(r.FromKey) != ed25519.PublicKeySize || len(r.DeviceKey) != ed25519.PublicKeySize ||
		string(r.From) != project.Fingerprint(r.FromKey) || string(r.Device) != project.Fingerprint(r.DeviceKey):
		return project.Errorf(project.Invalid, "routing header: a key is not the one that its fingerprint names")
	case r.Seq < 1 || (r.Seq == 1) != r.Prev.IsZero():
		return project.Errorf(project.Invalid, "routing header: only the first bundle of an author has none before it")
	case (r.Kind == KindRead) != ValidName(string(r.Item)) || r.Kind != KindRead && r.Item != "":
		return project.Errorf(project.Invalid, "routing header: a read names its item, other kinds name none")
	case (r.Kind == KindDefinition) != (len(r.Roster) > 0):
		return project.Errorf(project.Invalid, "routing header: a definition carries its roster, other kinds carry none")
	case r.RosterVersion < 1:
		return project.Errorf(project.Invalid, "routing header: roster versions count from 1")
	case len(r.Checkpoint) > maxCheckpoint:
		return project.Errorf(project.Full, "routing header: the checkpoint is longer than %d bytes", maxCheckpoint)
	case r.Created.IsZero() || r.Created.Nanosecond() != 0 || r.Created.Location() != time.UTC:
		return project.Errorf(project.Invalid, "routing header: the time must be whole seconds in UTC")
	}
	return nil
}

// openCarried verifies the roster inside a definition's route. It must be signed by the lead of trusted, and be trusted itself or follow it.
func (r *Route) openCarried(trusted *Roster) (*Roster, error) {
	e, err := project.ParseEnvelope(r.Roster)
	if err != nil {
		return nil, err
	}
	next, err := OpenRoster(e)
	if err != nil {
		return nil, err
	}
	if next.Version != r.RosterVersion {
		return nil, project.Errorf(project.Corrupt, "the carried roster is of another version than the routing header says")
	}
	if next.Version == trusted.Version && next.Definition == trusted.Definition && next.Lead().ID == trusted.Lead().ID && next.Project == trusted.Project {
		return next, nil
	}
	return next, trusted.Succeeds(next)
}

// addressees returns who a bundle of kind k from author must be addressed to under r, ascending.
func addressees(k Kind, author project.ReaderID, r *Roster) []project.ReaderID {
	var to []project.ReaderID
	switch k {
	case KindRead:
		to = append(to, r.Lead().ID)
	case KindDefinition:
		for _, m := range r.Members {
			if !m.Revoked && m.ID != author {
				to = append(to, m.ID)
			}
		}
	}
	slices.Sort(to)
	return to
}

// recipients returns the age recipients of a bundle of kind k from author under r: these and nobody else.
func recipients(k Kind, author Member, r *Roster) []string {
	out := []string{author.Recovery}
	switch k {
	case KindRead:
		out = append(out, author.Recipient, r.Lead().Recipient)
	case KindDefinition:
		for _, m := range r.Members {
			if !m.Revoked {
				out = append(out, m.Recipient)
			}
		}
	}
	slices.Sort(out)
	return out
}

// maySend reports whether a member of this role may author a bundle of kind k.
func maySend(k Kind, role project.Role) error {
	if k == KindRead && !role.Reads() {
		return project.Errorf(project.NotPermitted, "a %s makes no reads", role)
	}
	if k == KindDefinition && role != project.Lead {
		return project.Errorf(project.NotPermitted, "only the lead sends a definition")
	}
	return nil
}

// decodeExact decodes body into v and refuses whatever does not encode again to the same bytes: unknown fields, other orders and
// spellings, duplicate keys, trailing bytes.
func decodeExact(body []byte, v any, what string) error {
	dec := json.NewDecoder(strings.NewReader(string(body)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		return project.Errorf(project.Invalid, "%s: not of the form that this program knows", what)
	}
	again, err := json.Marshal(v)
	if err != nil || string(again) != string(body) {
		return project.Errorf(project.Invalid, "%s: does not re-encode to the same bytes", what)
	}
	return nil
}

// verifySigned checks that e has exactly one signature for each key, in order, with the right key ID, and nothing else: key IDs and
// extra signatures are not signed themselves, so they must not be free.
func verifySigned(e *project.Envelope, payloadType string, keys ...[]byte) error {
	if len(e.Signatures) != len(keys) {
		return project.Errorf(project.Corrupt, "%s has %d signatures, wanted %d", payloadType, len(e.Signatures), len(keys))
	}
	for i, key := range keys {
		if e.Signatures[i].KeyID != project.Fingerprint(key) {
			return project.Errorf(project.Corrupt, "%s is signed by another key", payloadType)
		}
		one := &project.Envelope{PayloadType: e.PayloadType, Payload: e.Payload, Signatures: e.Signatures[i : i+1]}
		if _, err := one.Verify(payloadType, key); err != nil {
			return err
		}
	}
	return nil
}
