package audit

import (
	"bytes"
	"encoding/json"
	"strings"
	"time"

	"hotlight/project"
)

// EventVersion is the version of the event record.
const EventVersion = 1

// maxEvent bounds a leaf. A real event has about 300 bytes.
const maxEvent = 4 << 10

// Event is one thing that happened. It carries handles and digests only: what is personal is sealed by the caller beside the log, and Detail
// is the SHA-256 of the sealed bytes, so that destroying the key destroys the detail and leaves the tree provable.
type Event struct {
	Version int              `json:"v"`
	Seq     int64            `json:"seq"`               // its index in the log, from 0
	Time    time.Time        `json:"t"`                 // UTC, whole milliseconds
	Actor   project.ReaderID `json:"actor"`             // who
	Device  project.DeviceID `json:"device"`            // on which installation
	Type    Type             `json:"type"`              // did what
	Object  string           `json:"object,omitempty"`  // to which object: a handle or digest
	Detail  project.Hash     `json:"detail,omitzero"`   // SHA-256 of the sealed detail
	Program string           `json:"program,omitempty"` // name and version, at the start of a session
}

// Type is the kind of an event. The list only grows; a reader shows a type that it does not know by its name.
type Type string

// The types that the workstation records.
const (
	StoreCreated    Type = "store.created"
	StoreOneBack    Type = "store.one_back" // a damaged page: the last write before may be missing
	SessionStart    Type = "session.start"
	SessionEnd      Type = "session.end"
	DefinitionPut   Type = "definition.put"
	ItemAdded       Type = "item.added"
	ItemMoved       Type = "item.moved" // its files were found at another place
	ItemShredded    Type = "item.shredded"
	ReadAssigned    Type = "read.assigned"
	ReadEdited      Type = "read.edited"
	ReadMoved       Type = "read.moved" // complete, reopened, declined, withdrawn
	ReadSigned      Type = "read.signed"
	ReadSuperseded  Type = "read.superseded"
	ReadRecovered   Type = "read.recovered" // an edit came back from an emergency file
	BundleQueued    Type = "bundle.queued"
	BundleDelivered Type = "bundle.delivered"
	BundleReceived  Type = "bundle.received"
	BundleRefused   Type = "bundle.refused" // put aside: it can never be accepted
	AuditViewed     Type = "audit.viewed"
	OverlaysShown   Type = "overlays.shown" // to the reader of a blinded read, who asked for them
)

// Marshal returns the leaf.
func (e Event) Marshal() []byte {
	b, err := json.Marshal(e)
	if err != nil {
		panic("audit: an event of strings always marshals: " + err.Error())
	}
	return b
}

// Check returns an Invalid error if e cannot be a record.
func (e Event) Check() error {
	switch {
	case e.Version != EventVersion:
		return project.Errorf(project.Unsupported, "audit event: version %d is not known here", e.Version)
	case e.Seq < 0:
		return project.Errorf(project.Invalid, "audit event: the sequence number is negative")
	case e.Type == "" || len(e.Type) > 64 || strings.ContainsFunc(string(e.Type), notPlain):
		return project.Errorf(project.Invalid, "audit event: the type must be plain text of at most 64 bytes")
	case len(e.Object) > 512:
		return project.Errorf(project.Invalid, "audit event: the object is longer than 512 bytes")
	case e.Time.Location() != time.UTC || e.Time.Truncate(time.Millisecond) != e.Time:
		return project.Errorf(project.Invalid, "audit event: the time must be UTC in whole milliseconds")
	}
	return nil
}

func notPlain(r rune) bool { return r < '!' || r > '~' }

// ParseEvent reads a leaf. Bytes that do not encode again to exactly themselves are refused: a record has one spelling.
func ParseEvent(b []byte) (Event, error) {
	if len(b) > maxEvent {
		return Event{}, project.Errorf(project.Invalid, "audit event: longer than %d bytes", maxEvent)
	}
	var e Event
	if err := json.Unmarshal(b, &e); err != nil {
		return Event{}, project.Errorf(project.Corrupt, "audit event: not a record")
	}
	if err := e.Check(); err != nil {
		return Event{}, err
	}
	if !bytes.Equal(e.Marshal(), b) {
		return Event{}, project.Errorf(project.Corrupt, "audit event: does not re-encode to the same bytes")
	}
	return e, nil
}
