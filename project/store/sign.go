package store

import (
	"bytes"
	"encoding/json"
	"slices"

	"hotlight/project"
	"hotlight/project/audit"
)

// Sign freezes a read with its signed record, whose exact bytes are kept. The record must be signed by the owner and must be of this very read: the same
// item and study, all of the item's images with the digests that are indexed, the definition that is in force, and all changes of the
// journal. A read that this one supersedes is marked so. A checkpoint of the audit log is signed after the event.
func (s *Store) Sign(id project.ReadID, e *project.Envelope) (Read, error) {
	body, err := e.Verify(project.SignedReadType, s.holder.Public().SigningKey)
	if err != nil {
		return Read{}, err
	}
	signed, err := parseSignedRead(body)
	if err != nil {
		return Read{}, err
	}
	var out Read
	err = s.update(func(t *tx) (err error) {
		out, err = t.sign(id, signed, e)
		return err
	})
	return out, err
}

func parseSignedRead(body []byte) (*project.SignedRead, error) {
	var r project.SignedRead
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&r); err != nil || dec.More() {
		return nil, project.Errorf(project.Invalid, "the signed read cannot be read")
	}
	return &r, nil
}

func (t *tx) sign(id project.ReadID, signed *project.SignedRead, e *project.Envelope) (Read, error) {
	at, key, rec, err := t.content(id)
	if err != nil {
		return Read{}, err
	}
	if rec.State.Frozen() {
		return Read{}, project.ErrSigned
	}
	next, err := rec.State.Next(project.EventSign, rec.Seat, t.s.actor())
	if err != nil {
		return Read{}, err
	}
	if err := t.matches(signed, at, rec); err != nil {
		return Read{}, err
	}
	sealed, err := t.put(key, bSigned, row(at.read), e.Marshal())
	if err != nil {
		return Read{}, err
	}
	rec.State, rec.SignedAt = next, signed.Signature.SignedAt
	study, err := t.ring.sealer(slotKey{studySlot, at.item})
	if err != nil {
		return Read{}, err
	}
	if err := t.putJSON(study, bRead, at.key(), rec); err != nil {
		return Read{}, err
	}
	t.counts.Signed++
	if err := t.append(audit.Event{Type: audit.ReadSigned, Object: string(id), Detail: project.HashOf(sealed)}); err != nil {
		return Read{}, err
	}
	if rec.Supersedes != "" {
		if _, err := t.move(rec.Supersedes, project.EventSupersede, audit.ReadSuperseded); err != nil {
			return Read{}, err
		}
	}
	_, err = t.checkpoint()
	return rec.Read, err
}

// matches holds a signed record against what the store knows of the read.
func (t *tx) matches(signed *project.SignedRead, at readRow, rec *readRecord) error {
	item, err := t.item(at.item, true)
	if err != nil {
		return err
	}
	def, hash := t.s.definition()
	me := t.s.holder
	wrong := func(what string) error {
		return project.Errorf(project.Conflict, "the signed record has another %s", what)
	}
	switch {
	case signed.ReadID != rec.ID || signed.Supersedes != rec.Supersedes:
		return wrong("read")
	case signed.Item != item.ID || signed.Study != item.Study:
		return wrong("study")
	case signed.Project != def.Project.ID || signed.Definition != hash:
		return wrong("definition than the one in force")
	case signed.Signature.Reader != me.ReaderID() || signed.Signature.Device != me.DeviceID():
		return wrong("signer")
	case signed.Journal.Changes < 0 || uint64(signed.Journal.Changes) != rec.Changes:
		return project.Errorf(project.Conflict, "the signed record is of %d changes, the read has %d", signed.Journal.Changes, rec.Changes)
	case !slices.EqualFunc(signed.Series, item.Images, sameImage):
		return wrong("images")
	}
	return t.quotesLog(signed.Journal.Checkpoint)
}

func sameImage(s project.SignedImage, i Image) bool {
	return s.Series == i.Series && s.Volume == i.Volume && s.Frame == i.Geometry.FrameOfReference && s.Size == i.Geometry.Size &&
		slices.EqualFunc(s.Instances, i.Instances, func(a project.SignedInstance, b Instance) bool { return a.UID == b.UID && a.SHA256 == b.SHA256 })
}

// quotesLog checks that note is a checkpoint of this log, which the log still continues.
func (t *tx) quotesLog(note string) error {
	verifier, err := audit.NewVerifier(t.s.holder.Public().DeviceKey)
	if err != nil {
		return err
	}
	c, err := audit.OpenCheckpoint([]byte(note), t.s.Origin(), verifier)
	if err != nil {
		return err
	}
	if uint64(c.Size) > t.counts.Leaves {
		return damaged("the signed record quotes %d events, the audit log has %d", c.Size, t.counts.Leaves)
	}
	head, err := t.log().HeadAt(c.Size)
	if err == nil && head != c.Head {
		return damaged("the signed record quotes an audit log that is not this one")
	}
	return err
}

// SignedRead returns the signed record of a read, in the exact bytes that were signed. NotFound if it is not signed.
func (s *Store) SignedRead(id project.ReadID) (e *project.Envelope, err error) {
	err = s.view(func(t *tx) error {
		at, key, _, err := t.content(id)
		if err != nil {
			return err
		}
		b, err := t.get(key, bSigned, row(at.read))
		if err != nil {
			return err
		}
		e, err = project.ParseEnvelope(b)
		return err
	})
	return e, err
}
