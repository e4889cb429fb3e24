package flow

import (
	"fmt"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// Trust is what this project knows for verifying bundles: the newest roster, the earlier ones, the last bundle of each author, and receipts.
func (p *Project) Trust() (*bundle.Trust, error) {
	envelopes, err := p.Store.Definitions()
	if err != nil {
		return nil, err
	}
	if len(envelopes) == 0 {
		return nil, project.Errorf(project.Corrupt, "the project holds no definition")
	}
	newest := envelopes[0]
	earlier := map[int]*bundle.Roster{}
	highest := 0
	for _, e := range envelopes {
		t, err := bundle.NewTrust(e)
		if err != nil {
			return nil, fmt.Errorf("definition in the store: %w", err)
		}
		earlier[t.Roster.Version] = t.Roster
		if t.Roster.Version > highest {
			highest, newest = t.Roster.Version, e
		}
	}
	trust, err := bundle.NewTrust(newest)
	if err != nil {
		return nil, err
	}
	trust.Earlier = earlier
	return trust, p.knowReceived(trust)
}

// knowReceived lets the trust check the order of an author's bundles and the receipts that came with them.
func (p *Project) knowReceived(trust *bundle.Trust) error {
	received, err := p.Store.Received()
	if err != nil {
		return err
	}
	type last struct {
		seq     uint64
		address project.Hash
	}
	newest := map[project.ReaderID]last{}
	for _, in := range received {
		route, err := parseRoute(in.Header)
		if err != nil {
			return err
		}
		if route.Seq > newest[route.From].seq {
			newest[route.From] = last{route.Seq, in.Hash}
		}
	}
	refused, err := p.Refused()
	if err != nil {
		return err
	}
	for _, r := range refused {
		if r.From != "" && r.Seq > newest[r.From].seq {
			newest[r.From] = last{r.Seq, r.Hash}
		}
	}
	trust.Last = func(author project.ReaderID) (uint64, project.Hash, bool) {
		l, ok := newest[author]
		return l.seq, l.address, ok
	}
	return nil
}

// Roster returns the project's roster for a server, signed: by the lead now. Only the lead's project can make it.
func (p *Project) Roster() (*project.Envelope, error) {
	r, err := bundle.RosterOf(p.Definition(), p.Hash())
	if err != nil {
		return nil, err
	}
	return bundle.SignRoster(r, p.Holder.Person())
}
