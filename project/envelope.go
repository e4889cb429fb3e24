package project

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
)

// Envelope is a DSSE envelope: a typed body and the signatures over its exact bytes. Nothing is re-encoded to be verified, so
// no canonical form is needed; the bytes as signed are kept for ever.
//
// Source: secure-systems-lab/dsse, protocol.md and envelope.md, version 1.
type Envelope struct {
	PayloadType string
	Payload     []byte
	Signatures  []Signature
}

// Signature is one Ed25519 signature over PAE(type, payload). KeyID is the Fingerprint of the public key: a hint, never trusted.
type Signature struct {
	KeyID string
	Sig   []byte
}

// PAE returns the bytes that are signed: the pre-authentication encoding "DSSEv1 len(type) type len(body) body".
// The type is part of what is signed, so that a body signed as one thing is never accepted as another.
func PAE(payloadType string, body []byte) []byte {
	out := fmt.Appendf(nil, "DSSEv1 %d %s %d ", len(payloadType), payloadType, len(body))
	return append(out, body...)
}

// SignEnvelope wraps body and signs it with each signer in order.
func SignEnvelope(payloadType string, body []byte, signers ...EnvelopeSigner) (*Envelope, error) {
	e := &Envelope{PayloadType: payloadType, Payload: body}
	for _, s := range signers {
		sig, err := s.Sign(payloadType, body)
		if err != nil {
			return nil, fmt.Errorf("sign %s: %w", payloadType, err)
		}
		e.Signatures = append(e.Signatures, Signature{KeyID: s.KeyID(), Sig: sig})
	}
	return e, nil
}

// EnvelopeSigner signs typed bodies; package keys has the real ones.
type EnvelopeSigner interface {
	KeyID() string
	// Sign returns the 64-byte Ed25519 signature of PAE(payloadType, body).
	Sign(payloadType string, body []byte) ([]byte, error)
}

// Verify reports whether the envelope has the wanted type and a valid signature by each of keys (at least one must be given).
// It returns the body, which must not be used before.
func (e *Envelope) Verify(payloadType string, keys ...ed25519.PublicKey) ([]byte, error) {
	if e.PayloadType != payloadType {
		return nil, Errorf(Corrupt, "signed as %q, wanted %q", e.PayloadType, payloadType)
	}
	if len(keys) == 0 {
		return nil, Errorf(Invalid, "no key to verify %s with", payloadType)
	}
	pae := PAE(e.PayloadType, e.Payload)
	for _, key := range keys {
		if !e.signedBy(key, pae) {
			return nil, Errorf(Corrupt, "%s has no valid signature by key %s", payloadType, ShortFingerprint(Fingerprint(key)))
		}
	}
	return e.Payload, nil
}

func (e *Envelope) signedBy(key ed25519.PublicKey, pae []byte) bool {
	if len(key) != ed25519.PublicKeySize {
		return false
	}
	for _, s := range e.Signatures {
		if len(s.Sig) == ed25519.SignatureSize && ed25519.Verify(key, pae, s.Sig) {
			return true
		}
	}
	return false
}

type envelopeJSON struct {
	PayloadType string          `json:"payloadType"`
	Payload     string          `json:"payload"`
	Signatures  []signatureJSON `json:"signatures"`
}

type signatureJSON struct {
	KeyID string `json:"keyid"`
	Sig   string `json:"sig"`
}

// Marshal returns the one JSON form of e: fields in DSSE's order, no spaces, standard base64 with padding.
func (e *Envelope) Marshal() []byte {
	j := envelopeJSON{PayloadType: e.PayloadType, Payload: base64.StdEncoding.EncodeToString(e.Payload), Signatures: []signatureJSON{}}
	for _, s := range e.Signatures {
		j.Signatures = append(j.Signatures, signatureJSON{s.KeyID, base64.StdEncoding.EncodeToString(s.Sig)})
	}
	b, err := json.Marshal(j)
	if err != nil {
		panic("project: an envelope of strings always marshals: " + err.Error())
	}
	return b
}

// ParseEnvelope reads the form that Marshal writes. Bytes that do not encode again to exactly themselves are refused, so that an
// envelope has one spelling and nothing unsigned can hide in it.
func ParseEnvelope(b []byte) (*Envelope, error) {
	var j envelopeJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return nil, Errorf(Corrupt, "not a signed envelope")
	}
	payload, err := base64.StdEncoding.Strict().DecodeString(j.Payload)
	if err != nil {
		return nil, Errorf(Corrupt, "envelope payload is not base64")
	}
	e := &Envelope{PayloadType: j.PayloadType, Payload: payload}
	for _, s := range j.Signatures {
		sig, err := base64.StdEncoding.Strict().DecodeString(s.Sig)
		if err != nil {
			return nil, Errorf(Corrupt, "envelope signature is not base64")
		}
		e.Signatures = append(e.Signatures, Signature{s.KeyID, sig})
	}
	if string(e.Marshal()) != string(b) {
		return nil, Errorf(Corrupt, "the envelope does not re-encode to the same bytes")
	}
	return e, nil
}
