package wire

import (
	"crypto/ed25519"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// CourierType is the payload type of a courier.
const CourierType = "application/vnd.hotlight.courier.v1+json"

// Courier is the index that a workstation puts on a medium, after the files it lists. It is signed by the device and the person, in that
// order, and asks the server for what has arrived since After.
type Courier struct {
	V       int              `json:"v"` // 1
	Project bundle.Handle    `json:"project"`
	From    project.ReaderID `json:"from"`
	Device  project.DeviceID `json:"device"`
	Created time.Time        `json:"created"`
	After   uint64           `json:"after"` // feed cursor up to which the person has everything
	Files   []File           `json:"files"` // in the author's order
}

// File is one bundle on a medium.
type File struct {
	Bundle project.Hash `json:"bundle"`
	Size   int64        `json:"size"`
}

// AnswerType is the payload type of an answer.
const AnswerType = "application/vnd.hotlight.answer.v1+json"

// Answer is the index that the server puts on a medium, after the files it lists, signed by its log key. It answers one courier.
type Answer struct {
	V        int              `json:"v"` // 1
	Project  bundle.Handle    `json:"project"`
	To       project.ReaderID `json:"to"`
	Courier  project.Hash     `json:"courier"`  // of the courier's bytes
	Receipts []Receipt        `json:"receipts"` // of what the courier brought, whenever it was committed
	Refused  []Refusal        `json:"refused"`
	Arrived  []FeedEntry      `json:"arrived"` // what is on the medium for To
}

// Refusal says why a bundle was not committed.
type Refusal struct {
	Bundle project.Hash `json:"bundle"`
	Kind   string       `json:"kind"`
	Detail string       `json:"detail"`
}

// SignCourier signs c as its author.
func SignCourier(c *Courier, s bundle.Signer) ([]byte, error) {
	e, err := project.SignEnvelope(CourierType, Marshal(c), s.Device(), s.Person())
	if err != nil {
		return nil, err
	}
	return e.Marshal(), nil
}

// ReadCourier parses a courier without verifying it: who it claims to be from decides which keys to verify with.
func ReadCourier(b []byte) (*Courier, *project.Envelope, error) {
	e, err := project.ParseEnvelope(b)
	if err != nil {
		return nil, nil, err
	}
	var c Courier
	if e.PayloadType != CourierType {
		return nil, nil, project.Errorf(project.Corrupt, "the medium's index is signed as something else")
	}
	if err := Unmarshal(e.Payload, &c); err != nil {
		return nil, nil, err
	}
	if c.V != 1 {
		return nil, nil, project.Errorf(project.Unsupported, "the medium's index has version %d, this program knows version 1", c.V)
	}
	if !bundle.ValidName(string(c.Project)) || !bundle.ValidName(string(c.From)) || !bundle.ValidName(string(c.Device)) {
		return nil, nil, project.Errorf(project.Invalid, "the medium's index names nobody")
	}
	return &c, e, nil
}

// VerifyBy checks that e is signed by exactly the device and the person, in that order.
func VerifyBy(e *project.Envelope, payloadType string, m bundle.Member) error {
	if len(e.Signatures) != 2 {
		return project.Errorf(project.Corrupt, "%s must have two signatures", payloadType)
	}
	for i, key := range []ed25519.PublicKey{m.DeviceKey, m.SigningKey} {
		one := &project.Envelope{PayloadType: e.PayloadType, Payload: e.Payload, Signatures: e.Signatures[i : i+1]}
		if _, err := one.Verify(payloadType, key); err != nil {
			return err
		}
	}
	return nil
}

// OpenAnswer verifies an answer by the server's log key.
func OpenAnswer(b []byte, key ed25519.PublicKey) (*Answer, error) {
	e, err := project.ParseEnvelope(b)
	if err != nil {
		return nil, err
	}
	if len(e.Signatures) != 1 {
		return nil, project.Errorf(project.Corrupt, "the answer on the medium must have one signature")
	}
	body, err := e.Verify(AnswerType, key)
	if err != nil {
		return nil, project.Errorf(project.Corrupt, "the answer on the medium is not from this project's server")
	}
	var a Answer
	if err := Unmarshal(body, &a); err != nil {
		return nil, err
	}
	if a.V != 1 {
		return nil, project.Errorf(project.Unsupported, "the answer on the medium has version %d, this program knows version 1", a.V)
	}
	return &a, nil
}
