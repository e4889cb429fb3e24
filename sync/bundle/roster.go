package bundle

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"strings"

	"filippo.io/age"

	"hotlight/project"
)

// Handle names a project to servers without saying which project it is: an HMAC of the project's ID under its case key.
type Handle string

// HandleOf returns the handle of d, which must have its case key (a signed definition has).
func HandleOf(d *project.Definition) Handle {
	mac := hmac.New(sha256.New, d.CaseKey)
	fmt.Fprintf(mac, "hotlight project\x00%s", d.Project.ID)
	return Handle(nameEncoding.EncodeToString(mac.Sum(nil)[:16]))
}

var nameEncoding = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// ValidName reports whether s has the form of a handle, a reader, a device, an item or a bundle ID: 26 characters of lower-case base32
// that stand for exactly 16 bytes. Such a name is safe as a row ID or a file name.
func ValidName(s string) bool {
	if len(s) != 26 {
		return false
	}
	b, err := nameEncoding.DecodeString(s)
	return err == nil && nameEncoding.EncodeToString(b) == s
}

// RosterType is the payload type of a signed roster.
const RosterType = "application/vnd.hotlight.roster.v1+json"

// RosterSchema is the version of the roster's form.
const RosterSchema = "hotlight.roster/1"

// MaxRoster limits the signed roster in bytes.
const MaxRoster = 512 << 10

// Roster is the public half of a definition, made for servers and for offline verification: who takes part, with which keys and role.
// It has no names. OpenRoster and RosterOf give checked ones; a Roster is not changed afterwards and may be shared.
type Roster struct {
	Schema     string       `json:"schema"`
	Project    Handle       `json:"project"`
	Version    int          `json:"version"`    // of the definition
	Definition project.Hash `json:"definition"` // of the definition's signed bytes
	Members    []Member     `json:"members"`
}

// Member is one person of a roster. All keys are public.
type Member struct {
	ID         project.ReaderID  `json:"id"`
	Role       project.Role      `json:"role"`
	SigningKey ed25519.PublicKey `json:"signing_key"`
	DeviceKey  ed25519.PublicKey `json:"device_key"`
	Recipient  string            `json:"recipient"` // hybrid age recipient
	Recovery   string            `json:"recovery"`  // hybrid age recipient of the printed recovery key
	Revoked    bool              `json:"revoked,omitempty"`
}

// Device returns the ID of the member's installation.
func (m Member) Device() project.DeviceID { return project.DeviceID(project.Fingerprint(m.DeviceKey)) }

// RosterOf derives the roster from a definition and the hash of its signed bytes (project.OpenDefinition returns both).
func RosterOf(d *project.Definition, definition project.Hash) (*Roster, error) {
	r := &Roster{Schema: RosterSchema, Project: HandleOf(d), Version: d.Project.Version, Definition: definition}
	for _, p := range d.Readers {
		r.Members = append(r.Members, Member{
			ID: p.ID, Role: p.Role, SigningKey: p.SigningKey, DeviceKey: p.DeviceKey,
			Recipient: p.Recipient, Recovery: p.Recovery, Revoked: p.Revoked,
		})
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	return r, nil
}

// SignRoster checks r and has the lead sign it. The signer must be the lead that r names.
func SignRoster(r *Roster, lead project.EnvelopeSigner) (*project.Envelope, error) {
	if err := r.check(); err != nil {
		return nil, err
	}
	if lead.KeyID() != string(r.Lead().ID) {
		return nil, project.Errorf(project.NotPermitted, "only the lead signs the roster")
	}
	body, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode roster: %w", err)
	}
	return project.SignEnvelope(RosterType, body, lead)
}

// OpenRoster verifies a signed roster: type, form, rules, and the one signature of the very lead that it names. Whether that is the
// right lead is the caller's question; Succeeds answers it where an earlier roster is known.
func OpenRoster(e *project.Envelope) (*Roster, error) {
	if e.PayloadType != RosterType {
		return nil, project.Errorf(project.Corrupt, "signed as %q, wanted a roster", e.PayloadType)
	}
	if len(e.Payload) > MaxRoster {
		return nil, project.Errorf(project.Full, "the roster is larger than %d bytes", MaxRoster)
	}
	var r Roster
	if err := decodeExact(e.Payload, &r, "roster"); err != nil {
		return nil, err
	}
	if err := r.check(); err != nil {
		return nil, err
	}
	if err := verifySigned(e, RosterType, r.Lead().SigningKey); err != nil {
		return nil, err
	}
	return &r, nil
}

// Member returns the record of id.
func (r *Roster) Member(id project.ReaderID) (Member, bool) {
	for _, m := range r.Members {
		if m.ID == id {
			return m, true
		}
	}
	return Member{}, false
}

// Lead returns the lead's record. A checked roster has exactly one who is not revoked.
func (r *Roster) Lead() Member {
	for _, m := range r.Members {
		if m.Role == project.Lead && !m.Revoked {
			return m
		}
	}
	return Member{}
}

// Succeeds reports whether next may replace r: the same project and lead, and a higher version.
func (r *Roster) Succeeds(next *Roster) error {
	switch {
	case next.Project != r.Project:
		return project.Errorf(project.Conflict, "this is the roster of another project")
	case next.Lead().ID != r.Lead().ID:
		return project.Errorf(project.NotPermitted, "only the lead who signed the earlier roster can sign the next")
	case next.Version <= r.Version:
		return project.Errorf(project.Conflict, "roster version %d does not follow version %d", next.Version, r.Version)
	}
	return nil
}

func (r *Roster) check() error {
	if r.Schema != RosterSchema {
		return project.Errorf(project.Unsupported, "roster: this program knows %s, the file says %q", RosterSchema, r.Schema)
	}
	if !ValidName(string(r.Project)) || r.Version < 1 || r.Definition.IsZero() {
		return project.Errorf(project.Invalid, "roster: project, version and definition must be given")
	}
	ids, keys, leads := map[project.ReaderID]bool{}, map[string]bool{}, 0
	for _, m := range r.Members {
		if err := m.check(); err != nil {
			return err
		}
		// The same person or key in two records would unblind: a lead opens every read.
		for _, key := range []string{string(m.SigningKey), m.Recipient, m.Recovery} {
			if keys[key] {
				return project.Errorf(project.NotPermitted, "roster: %s shares a key with somebody; a person has one role in a project", short(m.ID))
			}
			keys[key] = true
		}
		if ids[m.ID] {
			return project.Errorf(project.NotPermitted, "roster: %s is listed twice; a person has one role in a project", short(m.ID))
		}
		ids[m.ID] = true
		if m.Role == project.Lead && !m.Revoked {
			leads++
		}
	}
	if leads != 1 {
		return project.Errorf(project.Invalid, "roster: a project has exactly one lead, this has %d", leads)
	}
	return nil
}

func (m Member) check() error {
	switch {
	case len(m.SigningKey) != ed25519.PublicKeySize || len(m.DeviceKey) != ed25519.PublicKeySize:
		return project.Errorf(project.Invalid, "roster: %s: signing and device key must have 32 bytes", short(m.ID))
	case string(m.ID) != project.Fingerprint(m.SigningKey):
		return project.Errorf(project.Invalid, "roster: %s: the id is not the fingerprint of the signing key", short(m.ID))
	case m.SigningKey.Equal(m.DeviceKey):
		return project.Errorf(project.Invalid, "roster: %s: signing key and device key must differ", short(m.ID))
	case !m.Role.Valid():
		return project.Errorf(project.Invalid, "roster: %s: %q is not a role", short(m.ID), m.Role)
	}
	for _, s := range []string{m.Recipient, m.Recovery} {
		if !strings.HasPrefix(s, "age1pq1") {
			return project.Errorf(project.Invalid, "roster: %s: recipient and recovery must be hybrid keys (age1pq1...)", short(m.ID))
		}
		if _, err := age.ParseHybridRecipient(s); err != nil {
			return project.Errorf(project.Invalid, "roster: %s: the recipient key cannot be read", short(m.ID))
		}
	}
	return nil
}

func short(id project.ReaderID) string { return project.ShortFingerprint(string(id)) }
