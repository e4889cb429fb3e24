package project

import "crypto/ed25519"

// Role is what a person does in a project.
type Role string

// The roles of DESIGN.md section 1.
const (
	Annotator   Role = "annotator"   // trained, draws the first pass
	Radiologist Role = "radiologist" // reads alone, blinded
	Adjudicator Role = "adjudicator" // decides disagreements
	Lead        Role = "lead"        // defines the project, assigns work, releases reads, owns the report
)

// Valid reports whether r is one of the four roles.
func (r Role) Valid() bool {
	switch r {
	case Annotator, Radiologist, Adjudicator, Lead:
		return true
	}
	return false
}

// Reads reports whether a person of this role makes reads. A lead or an adjudicator who did would see or decide their own cases.
func (r Role) Reads() bool { return r == Annotator || r == Radiologist }

// Reader is a person's public part: what others need to address and to verify them. All keys are public.
type Reader struct {
	ID         ReaderID          `json:"id" yaml:"id"`                   // Fingerprint(SigningKey)
	Name       string            `json:"name" yaml:"name"`               // printed name, as it stands in signatures
	Role       Role              `json:"role" yaml:"role"`               //
	SigningKey ed25519.PublicKey `json:"signing_key" yaml:"signing_key"` // 32 bytes, base64 in text
	Recipient  string            `json:"recipient" yaml:"recipient"`     // hybrid age recipient, "age1pq1..."
	Recovery   string            `json:"recovery" yaml:"recovery"`       // hybrid age recipient of the printed recovery key
	DeviceKey  ed25519.PublicKey `json:"device_key" yaml:"device_key"`   // of the installation where the vault was made
	Revoked    bool              `json:"revoked,omitempty" yaml:"revoked,omitempty"`
}

// Check returns an Invalid error if the record contradicts itself.
func (r Reader) Check() error {
	switch {
	case len(r.SigningKey) != ed25519.PublicKeySize:
		return Errorf(Invalid, "reader %s: the signing key must have 32 bytes", ShortFingerprint(string(r.ID)))
	case len(r.DeviceKey) != ed25519.PublicKeySize:
		return Errorf(Invalid, "reader %s: the device key must have 32 bytes", ShortFingerprint(string(r.ID)))
	case string(r.ID) != Fingerprint(r.SigningKey):
		return Errorf(Invalid, "reader %s: the id is not the fingerprint of the signing key", ShortFingerprint(string(r.ID)))
	case !r.Role.Valid():
		return Errorf(Invalid, "reader %s: %q is not a role (annotator, radiologist, adjudicator, lead)", ShortFingerprint(string(r.ID)), r.Role)
	case r.Name == "":
		return Errorf(Invalid, "reader %s: the printed name is empty", ShortFingerprint(string(r.ID)))
	case r.Recipient == "" || r.Recovery == "":
		return Errorf(Invalid, "reader %s: recipient and recovery must be given", ShortFingerprint(string(r.ID)))
	}
	return nil
}
