package project

import (
	"crypto/ed25519"
	"encoding/json"
	"net/url"
	"strings"
)

// DefinitionType is the payload type of a signed definition.
const DefinitionType = "application/vnd.hotlight.definition.v1+json"

// DefinitionSchema is the version of the definition's form.
const DefinitionSchema = "hotlight.project/1"

// Definition is what a project is: its classes, its people and where it exchanges. The lead signs its JSON form; every read and bundle
// names the SHA-256 of those bytes. A later version replaces an earlier one only with a higher Version, signed by the same lead.
type Definition struct {
	Schema  string  `json:"schema" yaml:"schema"`
	Project About   `json:"project" yaml:"project"`
	Classes []Class `json:"classes" yaml:"classes"`
	// Readers is the roster: everybody who may sign, with the lead. Keys are public.
	Readers []Reader `json:"readers" yaml:"readers"`
	Server  Server   `json:"server" yaml:"server"`
	// The rest of the project file; a definition without it is one for free drawing, as all were before it existed.
	Schemes    map[string]Scheme `json:"coding_schemes,omitempty" yaml:"coding_schemes,omitempty"` // by designator
	StudyForm  []Question        `json:"study_form,omitempty" yaml:"study_form,omitempty"`
	Reading    *Reading          `json:"reading,omitempty" yaml:"reading,omitempty"`
	Resolution *Resolution       `json:"resolution,omitempty" yaml:"resolution,omitempty"`
	Metrics    *Plan             `json:"metrics,omitempty" yaml:"metrics,omitempty"`
	Inclusion  *Inclusion        `json:"inclusion,omitempty" yaml:"inclusion,omitempty"`
	Display    *Display          `json:"display,omitempty" yaml:"display,omitempty"`
	Effort     *Effort           `json:"effort,omitempty" yaml:"effort,omitempty"`
	Export     *ExportPlan       `json:"export,omitempty" yaml:"export,omitempty"`
	// CaseKey is a secret shared by the project's people and unknown to the server; work items are named by it. 32 bytes; made when the lead signs.
	CaseKey []byte `json:"case_key,omitempty" yaml:"-"`
}

// Server is where the project exchanges bundles. The zero value means by folder only.
type Server struct {
	URL string `json:"url,omitempty" yaml:"url,omitempty"` // https://host:port
	// TLSPin is the SHA-256 of the server certificate's SubjectPublicKeyInfo. It replaces certificate authorities: hospitals often have none.
	TLSPin Hash `json:"tls_pin,omitzero" yaml:"tls_pin,omitempty"`
	// LogKey is the Ed25519 key with which the server signs its logs.
	LogKey ed25519.PublicKey `json:"log_key,omitempty" yaml:"log_key,omitempty"`
}

// Lead returns the lead's record. A checked definition has exactly one.
func (d *Definition) Lead() Reader {
	for _, r := range d.Readers {
		if r.Role == Lead && !r.Revoked {
			return r
		}
	}
	return Reader{}
}

// Reader returns the record of id.
func (d *Definition) Reader(id ReaderID) (Reader, bool) {
	for _, r := range d.Readers {
		if r.ID == id {
			return r, true
		}
	}
	return Reader{}, false
}

// Class returns the class named id.
func (d *Definition) Class(id string) (Class, bool) {
	for _, c := range d.Classes {
		if c.ID == id {
			return c, true
		}
	}
	return Class{}, false
}

// Question returns the question of the study form named id.
func (d *Definition) Question(id string) (Question, bool) {
	for _, q := range d.StudyForm {
		if q.ID == id {
			return q, true
		}
	}
	return Question{}, false
}

// Check returns an error naming the first field that breaks a rule; its cause is a *FieldError where a field of the schema is meant.
// Conditions and the names of metrics are texts here: that they parse and name what exists is checked by package definition, when a project file is read and
// when a signed definition is opened.
func (d *Definition) Check() error {
	if err := d.CheckSchema(); err != nil {
		return err
	}
	for _, check := range []func() error{d.Project.checkSigned, d.checkReaders, d.checkConflicts, d.Server.check} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// CheckSchema is Check without the people and the server: what an example or a draft can be held to.
func (d *Definition) CheckSchema() error {
	if d.Schema != DefinitionSchema {
		return Errorf(Unsupported, "schema: this program knows %s, the file says %q", DefinitionSchema, d.Schema)
	}
	if err := d.Project.check(); err != nil {
		return err
	}
	if err := d.checkClasses(); err != nil {
		return err
	}
	if err := checkQuestions("study_form", d.StudyForm); err != nil {
		return err
	}
	for _, check := range []func() error{d.checkSchemes, d.Inclusion.check, d.Display.check, d.Reading.check, d.checkResolution, d.checkPlan, d.Effort.check, d.Export.check} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

func (d *Definition) checkReaders() error {
	seen, leads := map[ReaderID]Role{}, 0
	for _, r := range d.Readers {
		if err := r.Check(); err != nil {
			return err
		}
		if role, twice := seen[r.ID]; twice {
			// One person in two roles would unblind: a lead opens all reads, an adjudicator sees them.
			return Errorf(NotPermitted, "readers: %s is listed as %s and as %s; a person has one role in a project", ShortFingerprint(string(r.ID)), role, r.Role)
		}
		seen[r.ID] = r.Role
		if r.Role == Lead && !r.Revoked {
			leads++
		}
	}
	if leads != 1 {
		return Errorf(Invalid, "readers: a project has exactly one lead, this has %d", leads)
	}
	return d.checkKeysNotShared()
}

// checkKeysNotShared catches the same person under two fingerprints: one decryption key in two records is one person.
func (d *Definition) checkKeysNotShared() error {
	owner := map[string]ReaderID{}
	for _, r := range d.Readers {
		for _, key := range []string{r.Recipient, r.Recovery} {
			if other, taken := owner[key]; taken && other != r.ID {
				return Errorf(NotPermitted, "readers: %s and %s share a decryption key; a person has one role in a project",
					ShortFingerprint(string(other)), ShortFingerprint(string(r.ID)))
			}
			owner[key] = r.ID
		}
	}
	return nil
}

func (s Server) check() error {
	if s.URL == "" {
		return nil
	}
	u, err := url.Parse(s.URL)
	if err != nil || u.Scheme != "https" || u.Host == "" {
		return Errorf(Invalid, "server.url: must be https://host:port")
	}
	if s.TLSPin.IsZero() {
		return Errorf(Invalid, "server.tls_pin: must be given with a URL")
	}
	if len(s.LogKey) != ed25519.PublicKeySize {
		return Errorf(Invalid, "server.log_key: must have 32 bytes")
	}
	return nil
}

func validID(s string) bool {
	if s == "" || s[0] < 'a' || s[0] > 'z' {
		return false
	}
	return strings.Trim(s, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// Marshal returns the JSON that is signed. It is made once; verifying uses the bytes as received.
func (d *Definition) Marshal() ([]byte, error) { return json.Marshal(d) }

// ParseDefinition reads what Marshal wrote and checks it.
func ParseDefinition(b []byte) (*Definition, error) {
	var d Definition
	dec := json.NewDecoder(strings.NewReader(string(b)))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&d); err != nil {
		return nil, Errorf(Invalid, "definition: %w", err)
	}
	if err := d.Check(); err != nil {
		return nil, err
	}
	return &d, nil
}

// OpenDefinition verifies a signed definition: its type, its form, and the signature of the very lead that it names.
// Whether that lead is the right one is the caller's question; the hash is that of the signed bytes.
func OpenDefinition(e *Envelope) (*Definition, Hash, error) {
	if e.PayloadType != DefinitionType {
		return nil, Hash{}, Errorf(Corrupt, "signed as %q, wanted a project definition", e.PayloadType)
	}
	d, err := ParseDefinition(e.Payload)
	if err != nil {
		return nil, Hash{}, err
	}
	if _, err := e.Verify(DefinitionType, d.Lead().SigningKey); err != nil {
		return nil, Hash{}, err
	}
	if len(d.CaseKey) != 32 {
		return nil, Hash{}, Errorf(Invalid, "definition: the case key must have 32 bytes")
	}
	return d, HashOf(e.Payload), nil
}
