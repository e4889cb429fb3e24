package server

import (
	"context"
	"crypto/ed25519"
	"fmt"

	"hotlight/project"
	"hotlight/sync/wire"
)

// Exchanged counts what an exchange with a medium did.
type Exchanged struct {
	Committed int `json:"committed"` // bundles that have a receipt now, whenever it was given
	Refused   int `json:"refused"`
	Arrived   int `json:"arrived"` // bundles put on the medium
}

// Exchange trades with the medium at path: it commits what the courier on it brings, and writes receipts and what has arrived for the courier's
// person. It takes a courier only if everything it lists is there and whole. It may be repeated; nothing is doubled by it.
func (s *Server) Exchange(ctx context.Context, path string) (Exchanged, error) {
	m, err := wire.OpenMedium(path)
	if err != nil {
		return Exchanged{}, err
	}
	defer m.Close()
	c, courier, digest, err := s.readCourier(m)
	if err != nil {
		return Exchanged{}, err
	}
	for _, f := range courier.Files {
		if err := ctx.Err(); err != nil {
			return Exchanged{}, err
		}
		if err := m.CheckBlob(f); err != nil {
			return Exchanged{}, err
		}
	}
	a := &wire.Answer{V: 1, Project: courier.Project, To: courier.From, Courier: digest,
		Receipts: []wire.Receipt{}, Refused: []wire.Refusal{}, Arrived: []wire.FeedEntry{}}
	for _, f := range courier.Files {
		if err := s.takeFrom(m, c, f, a); err != nil {
			return Exchanged{}, err
		}
	}
	if err := s.putArrived(ctx, m, c, courier, a); err != nil {
		return Exchanged{}, err
	}
	e, err := project.SignEnvelope(wire.AnswerType, wire.Marshal(a), logSigner{s.keys})
	if err != nil {
		return Exchanged{}, err
	}
	s.options.Log(fmt.Sprintf("exchanged with a medium: %d committed, %d refused, %d arrived", len(a.Receipts), len(a.Refused), len(a.Arrived)))
	return Exchanged{len(a.Receipts), len(a.Refused), len(a.Arrived)}, m.PutAnswer(e.Marshal())
}

// readCourier finds out whose medium it is.
func (s *Server) readCourier(m *wire.Medium) (*caller, *wire.Courier, project.Hash, error) {
	b, err := m.Courier()
	if project.KindOf(err) == project.NotFound {
		err = project.Errorf(project.NotFound, "there is nothing on this medium: a workstation has to write to it first")
	}
	if err != nil {
		return nil, nil, project.Hash{}, err
	}
	courier, e, err := wire.ReadCourier(b)
	if err != nil {
		return nil, nil, project.Hash{}, err
	}
	p := s.project(courier.Project)
	member, err := s.member(p, courier.From)
	if err != nil || courier.Device != member.Device() || wire.VerifyBy(e, wire.CourierType, member) != nil {
		return nil, nil, project.Hash{}, project.Errorf(project.NotPermitted, "the medium comes from nobody whom this server knows")
	}
	return &caller{p, member}, courier, project.HashOf(b), nil
}

// takeFrom commits one file and notes the receipt or the refusal in a. An error means that the server cannot go on.
func (s *Server) takeFrom(m *wire.Medium, c *caller, file wire.File, a *wire.Answer) error {
	receipt, err := s.receiptOf(c, file.Bundle)
	if err == nil && receipt == nil {
		receipt, err = s.copyAndCommit(m, c, file)
	}
	if k := project.KindOf(err); err != nil && (k == project.Other || k == project.Full || k == project.Offline) {
		return err
	}
	if err != nil {
		p := wire.ProblemOf(err)
		a.Refused = append(a.Refused, wire.Refusal{Bundle: file.Bundle, Kind: p.Kind, Detail: p.Detail})
		return nil
	}
	r, err := wire.ParseReceipt(receipt)
	if err != nil {
		return err
	}
	a.Receipts = append(a.Receipts, *r)
	return nil
}

func (s *Server) copyAndCommit(m *wire.Medium, c *caller, file wire.File) ([]byte, error) {
	if file.Size > s.options.MaxBundle {
		return nil, project.Errorf(project.Invalid, "this server takes bundles of up to %d bytes", s.options.MaxBundle)
	}
	f, _, err := m.Blob(file.Bundle)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if err := s.uploads.put(s.uploads.path(c.project.handle, c.member.ID, file.Bundle), f); err != nil {
		return nil, err
	}
	return s.commit(c, file.Bundle)
}

// putArrived writes what has arrived for the courier's person, and removes what they have. Bundles that were refused stay, so that
// they can be looked at.
func (s *Server) putArrived(ctx context.Context, m *wire.Medium, c *caller, courier *wire.Courier, a *wire.Answer) error {
	keep := map[project.Hash]bool{}
	for _, r := range a.Refused {
		keep[r.Bundle] = true
	}
	for after := courier.After; ; {
		entries, err := s.feed(c, after, wire.MaxFeed)
		if err != nil {
			return err
		}
		if len(entries) == 0 {
			break
		}
		for _, e := range entries {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := s.putBlob(m, e); err != nil {
				return err
			}
			keep[e.Bundle] = true
		}
		a.Arrived = append(a.Arrived, entries...)
		after = entries[len(entries)-1].Cursor
	}
	// What was committed stays too: the courier still lists it, and until the workstation has seen the answer it may come back.
	for _, f := range courier.Files {
		keep[f.Bundle] = true
	}
	return m.Keep(keep)
}

func (s *Server) putBlob(m *wire.Medium, e wire.FeedEntry) error {
	f, err := s.objects.open(e.Bundle)
	if err != nil {
		return err
	}
	defer f.Close()
	return m.PutBlob(wire.File{Bundle: e.Bundle, Size: e.Size}, f)
}

// logSigner signs envelopes with the log key. Notes begin with "hotlight/", envelopes with "DSSEv1": neither is taken for the other.
type logSigner struct{ keys *serverKeys }

func (l logSigner) KeyID() string {
	return project.Fingerprint(l.keys.log.Public().(ed25519.PublicKey))
}

func (l logSigner) Sign(payloadType string, body []byte) ([]byte, error) {
	return ed25519.Sign(l.keys.log, project.PAE(payloadType, body)), nil
}
