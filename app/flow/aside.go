package flow

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"hotlight/project"
	"hotlight/project/audit"
	"hotlight/sync/bundle"
	"hotlight/sync/client"
)

// asideCursor is the store's cursor under which refused arrivals are listed.
const asideCursor = "aside"

// maxAside bounds the list; the audit log has them all.
const maxAside = 1000

// Refused is an arrival that can never be accepted: it was put aside so that it does not block what comes after it. Its bytes are not kept;
// the server or the medium has them.
type Refused struct {
	Hash project.Hash     `json:"sha256"`
	From project.ReaderID `json:"from,omitempty"` // empty when not even its outside holds
	Seq  uint64           `json:"author_seq,omitempty"`
	Why  string           `json:"why"`
	At   time.Time        `json:"at"`
}

// hopeless reports whether an arrival that gave err will give it for ever. A bundle of a newer program, of a newer roster, or one that came
// while the vault was locked or the disk full, may be accepted later: it stays where it is.
func hopeless(err error) bool {
	switch project.KindOf(err) {
	case project.Corrupt, project.Invalid, project.NotPermitted:
		return true
	}
	return false
}

// Refused lists what was put aside, oldest first.
func (p *Project) Refused() ([]Refused, error) {
	raw, err := p.Store.Cursor(asideCursor)
	if err != nil || raw == nil {
		return nil, err
	}
	var all []Refused
	if err := json.Unmarshal(raw, &all); err != nil {
		return nil, project.Errorf(project.Corrupt, "the list of refused bundles: %w", err)
	}
	return all, nil
}

// putAside records why an arrival is refused, in the list and in the audit log, and then moves on. A crash in between repeats it, which
// changes nothing but the log.
func (p *Project) putAside(a client.Arrival, data []byte, trust *bundle.Trust, why error) error {
	all, err := p.Refused()
	if err != nil {
		return err
	}
	r := Refused{Hash: a.Address, Why: why.Error(), At: time.Now()}
	trust.Last = nil // whatever its place in the author's row, it takes that place
	if v, err := bundle.Verify(bytes.NewReader(data), int64(len(data)), trust); err == nil {
		r.From, r.Seq = v.Route.From, v.Route.Seq
	}
	known := false
	for _, old := range all {
		known = known || old.Hash == r.Hash
	}
	if !known {
		all = append(all, r)
		raw, err := json.Marshal(all[max(0, len(all)-maxAside):])
		if err != nil {
			return fmt.Errorf("encode the list of refused bundles: %w", err)
		}
		if err := p.Store.Event(audit.BundleRefused, r.Hash.String(), []byte(r.Why)); err != nil {
			return err
		}
		if err := p.Store.SetCursor(asideCursor, raw); err != nil {
			return err
		}
	}
	if a.Cursor == "" {
		return nil
	}
	return p.Store.SetCursor(a.Cursor, a.Value)
}
