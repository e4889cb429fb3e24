package server

import (
	"fmt"
	"maps"
	"slices"

	bolt "go.etcd.io/bbolt"

	"hotlight/project"
	"hotlight/sync/bundle"
)

// state is what the server keeps of a project in memory. Rosters are replaced, never changed.
type state struct {
	handle bundle.Handle
	trust  *bundle.Trust // without Last and Witnessed
	news   chan struct{} // closed at the next commit
}

// project returns the state of h; nil if it was never admitted.
func (s *Server) project(h bundle.Handle) *state {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.projects[h]
}

// trustOf returns the trust of p as it is now.
func (s *Server) trustOf(p *state) *bundle.Trust {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return p.trust
}

// newsOf returns a channel that is closed at the project's next commit.
func (s *Server) newsOf(p *state) <-chan struct{} {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return p.news
}

func (s *Server) loadProjects() error {
	return s.db.View(func(tx *bolt.Tx) error {
		return tx.Bucket(bucketProject).ForEachBucket(func(name []byte) error {
			trust, err := loadTrust(projectOf(tx, bundle.Handle(name)))
			if err != nil {
				return err
			}
			h := bundle.Handle(name)
			s.projects[h] = &state{handle: h, trust: trust, news: make(chan struct{})}
			return nil
		})
	})
}

// loadTrust reads all rosters of a project, the newest last.
func loadTrust(p *bolt.Bucket) (*bundle.Trust, error) {
	t := &bundle.Trust{Earlier: map[int]*bundle.Roster{}}
	err := p.Bucket(bucketRoster).ForEach(func(_, b []byte) error {
		e, err := project.ParseEnvelope(b)
		if err != nil {
			return err
		}
		r, err := bundle.OpenRoster(e)
		if err != nil {
			return err
		}
		if t.Roster != nil {
			if err := t.Roster.Succeeds(r); err != nil {
				return err
			}
		}
		t.Roster, t.Earlier[r.Version] = r, r
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("load rosters: %w", err)
	}
	if t.Roster == nil {
		return nil, project.Errorf(project.Corrupt, "a project has no roster")
	}
	return t, nil
}

// Admit registers the project of a signed roster (bundle.SignRoster), or a newer version of it. It is the operator's consent: who leads
// the project is taken from the first roster and never changes. The same roster again changes nothing.
func (s *Server) Admit(roster *project.Envelope) error {
	r, err := bundle.OpenRoster(roster)
	if err != nil {
		return err
	}
	if p := s.project(r.Project); p != nil {
		return s.renew(p, roster)
	}
	err = s.db.Update(func(tx *bolt.Tx) error {
		p, err := makeProject(tx, r.Project)
		if err != nil {
			return err
		}
		return p.Bucket(bucketRoster).Put(key(uint64(r.Version)), roster.Marshal())
	})
	if err != nil {
		return fmt.Errorf("admit project: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.projects[r.Project] == nil {
		s.projects[r.Project] = &state{handle: r.Project, news: make(chan struct{}),
			trust: &bundle.Trust{Roster: r, Earlier: map[int]*bundle.Roster{r.Version: r}}}
	}
	s.options.Log("project admitted")
	return nil
}

// renew takes a newer roster of a known project.
func (s *Server) renew(p *state, roster *project.Envelope) error {
	r, err := bundle.OpenRoster(roster)
	if err != nil {
		return err
	}
	err = s.db.Update(func(tx *bolt.Tx) error { return putRoster(projectOf(tx, p.handle), r, roster.Marshal()) })
	if err != nil {
		return err
	}
	s.remember(p, r)
	return nil
}

// putRoster stores r if it follows the newest; the newest itself again is fine.
func putRoster(p *bolt.Bucket, r *bundle.Roster, signed []byte) error {
	trust, err := loadTrust(p)
	if err != nil {
		return err
	}
	if have := p.Bucket(bucketRoster).Get(key(uint64(r.Version))); have != nil {
		known, err := project.ParseEnvelope(have)
		if err != nil {
			return err
		}
		same, err := project.ParseEnvelope(signed)
		if err != nil {
			return err
		}
		if string(known.Payload) == string(same.Payload) {
			return nil
		}
		return project.Errorf(project.Conflict, "there is another roster with version %d", r.Version)
	}
	if err := trust.Roster.Succeeds(r); err != nil {
		return err
	}
	return p.Bucket(bucketRoster).Put(key(uint64(r.Version)), signed)
}

// remember makes r the newest roster in memory, after it is on the disk.
func (s *Server) remember(p *state, r *bundle.Roster) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.Version <= p.trust.Roster.Version {
		return
	}
	earlier := maps.Clone(p.trust.Earlier)
	earlier[r.Version] = r
	p.trust = &bundle.Trust{Roster: r, Earlier: earlier}
}

// wake tells those who wait that something was committed.
func (s *Server) wake(p *state) {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(p.news)
	p.news = make(chan struct{})
}

// member returns the record of somebody who may act in p now.
func (s *Server) member(p *state, id project.ReaderID) (bundle.Member, error) {
	if p != nil {
		if m, ok := s.trustOf(p).Roster.Member(id); ok && !m.Revoked {
			return m, nil
		}
	}
	return bundle.Member{}, errLogin
}

// errLogin is the one answer to a login that does not hold: an unknown project, person, key, or a stale challenge.
var errLogin = &project.Error{Kind: project.NotPermitted, Text: "the login is not valid here: the project is not admitted, or this person or device is not on its roster"}

// errSession asks for a new login.
var errSession = &project.Error{Kind: project.Locked, Text: "the session is over; log in again"}

// Projects returns the handles of all projects, for the operator.
func (s *Server) Projects() []bundle.Handle {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Sorted(maps.Keys(s.projects))
}
