package project

import (
	"bytes"
	"slices"
)

// CaseState is where a work item stands as a whole.
type CaseState string

// The states of DESIGN.md section 8.
const (
	CaseReading     CaseState = "reading"     // reads are made; nobody compares anything yet
	CaseCompared    CaseState = "compared"    // all reads are committed and were compared
	CaseAgreed      CaseState = "agreed"      // by the rule of the definition
	CaseDisputed    CaseState = "disputed"    // by the rule, or undecided
	CaseAdjudicated CaseState = "adjudicated" // a person decided
	CaseGold        CaseState = "gold"        // approved; names the reads it rests on
)

// Case is one work item under one protocol: its reads and what became of them. It is a value: Next returns another one and changes nothing.
type Case struct {
	Item     ItemID
	Version  int // from 1; a case that is reopened counts up
	State    CaseState
	Required int    // committed reads that a comparison needs
	Seats    []Seat // of this version, in the order of assignment
	Former   []Seat // of earlier versions
	// Compared are the reads that were compared, ascending; Result is the record of the comparison.
	Compared    []Hash
	Result      Hash
	Adjudicator ReaderID // to whom the reads are released; empty: to nobody
	Judgement   Hash     // record of the adjudication
	Rationale   Hash     // of the text that the adjudicator wrote
	Gold        Hash     // record that was approved
	Stale       bool     // a read was corrected after gold: the case must be reopened
	Closed      bool     // the round is over: readers may see the others' reads
	// Barred are those who saw a read that is not theirs. They make no read of this case any more.
	Barred []ReaderID
}

// Seat is one reader's place in a case.
type Seat struct {
	Reader  ReaderID
	State   ReadState
	Read    Hash   // digest of the signed read; zero before it is signed
	Earlier []Hash // signed reads that Read superseded
}

// CaseEvent is something that happens to a case.
type CaseEvent struct {
	Kind      CaseEventKind
	Actor     ReaderID  // who does it
	Reader    ReaderID  // whose seat it is about; of a release: the adjudicator
	Read      ReadEvent // of CaseRead
	Record    Hash      // what was signed: a read, a comparison, a judgement, the gold record
	Reads     []Hash    // of a comparison and of gold: the reads they rest on
	Rationale Hash      // of an adjudication or a reopening: the reason that was written
}

// CaseEventKind says which event it is.
type CaseEventKind string

// The events. All but CaseRead and CaseAdjudicate are the lead's.
const (
	CaseAssign     CaseEventKind = "assign"     // a reader gets a seat
	CaseRead       CaseEventKind = "read"       // something happens to a reader's read
	CaseCompare    CaseEventKind = "compare"    // all reads are compared
	CaseAgree      CaseEventKind = "agree"      // the rule says agreed
	CaseDispute    CaseEventKind = "dispute"    // the rule says disputed
	CaseRelease    CaseEventKind = "release"    // the reads are opened to an adjudicator
	CaseAdjudicate CaseEventKind = "adjudicate" // the adjudicator decides
	CaseApprove    CaseEventKind = "approve"    // the result becomes gold
	CaseClose      CaseEventKind = "close"      // the round ends; readers may learn of each other
	CaseReopen     CaseEventKind = "reopen"     // a new version begins; the old one stays in Former
)

// MaxSeats is how many readers a case has at most, in one version.
const MaxSeats = 26

// NewCase returns the case of an item that needs the given number of independent reads.
func NewCase(item ItemID, required int) Case {
	return Case{Item: item, Version: 1, State: CaseReading, Required: max(required, 1)}
}

// Next returns the case after e. It is a pure function of case, event and roster: workstation, server and tests ask the same one.
//
// What a reader may do to their own read depends on that read alone, never on the others: a refusal would tell that they exist. So a correction is
// taken at any time until the round is closed; it takes a case that was compared back to reading, and makes a gold one stale.
func (c Case) Next(e CaseEvent, roster []Reader) (Case, error) {
	actor, ok := findReader(roster, e.Actor)
	if !ok || actor.Revoked {
		return c, Errorf(NotPermitted, "%s is not in the roster, or was revoked", ShortFingerprint(string(e.Actor)))
	}
	switch e.Kind {
	case CaseRead:
		return c.read(e, actor)
	case CaseAdjudicate:
		return c.adjudicate(e, actor)
	}
	if actor.Role != Lead {
		return c, Errorf(NotPermitted, "only the lead can %s a case", e.Kind)
	}
	switch e.Kind {
	case CaseAssign:
		return c.assign(e, roster)
	case CaseCompare:
		return c.compare(e)
	case CaseAgree, CaseDispute:
		return c.decide(e)
	case CaseRelease:
		return c.release(e, roster)
	case CaseApprove:
		return c.approve(e)
	case CaseClose:
		return c.close()
	case CaseReopen:
		return c.reopen(e)
	}
	return c, Errorf(Invalid, "%q happens to no case", e.Kind)
}

func findReader(roster []Reader, id ReaderID) (Reader, bool) {
	for _, r := range roster {
		if r.ID == id {
			return r, true
		}
	}
	return Reader{}, false
}

func (c Case) refuse(e CaseEvent) (Case, error) {
	return c, Errorf(NotPermitted, "a case that is %s cannot be changed by %s", c.State, e.Kind)
}

// Seat returns the reader's seat: that of this version, or the newest of earlier ones.
func (c *Case) Seat(reader ReaderID) (Seat, bool) {
	if s := c.find(reader); s != nil {
		return *s, true
	}
	return Seat{}, false
}

func (c *Case) find(reader ReaderID) *Seat {
	for _, seats := range [][]Seat{c.Seats, c.Former} {
		for n := len(seats) - 1; n >= 0; n-- {
			if seats[n].Reader == reader {
				return &seats[n]
			}
		}
	}
	return nil
}

// HasRead reports whether the person ever had a seat in the case, whatever became of it. Such a person judges nothing in it.
func (c *Case) HasRead(id ReaderID) bool { return c.find(id) != nil }

// assign gives a reader a seat. In a disputed case that was released to nobody it is the third reader's: the case goes back to reading with one more
// read required.
func (c Case) assign(e CaseEvent, roster []Reader) (Case, error) {
	if c.State != CaseReading && (c.State != CaseDisputed || c.Adjudicator != "") {
		return c.refuse(e)
	}
	reader, ok := findReader(roster, e.Reader)
	switch {
	case !ok || reader.Revoked || !reader.Role.Reads():
		return c, Errorf(NotPermitted, "a seat needs a reader of the roster")
	case slices.Contains(c.Barred, e.Reader):
		return c, Errorf(NotPermitted, "this person saw others' reads of the case and makes none any more")
	}
	if len(c.Seats) >= MaxSeats {
		return c, Errorf(Full, "a case has at most %d readers", MaxSeats)
	}
	seats := slices.Clone(c.Seats)
	at := slices.IndexFunc(seats, func(s Seat) bool { return s.Reader == e.Reader })
	switch {
	case at < 0:
		seats = append(seats, Seat{Reader: e.Reader, State: Assigned})
	case seats[at].State == Declined || seats[at].State == Withdrawn:
		seats[at].State = Assigned
	default:
		return c, Errorf(Conflict, "the reader has a seat in this case")
	}
	c.Seats = seats
	if c.State == CaseDisputed {
		c.Required++
		c = c.backToReading()
	}
	return c, nil
}

// backToReading forgets the comparison and what followed. Who saw reads stays barred.
func (c Case) backToReading() Case {
	c.State, c.Compared, c.Result, c.Adjudicator, c.Judgement, c.Rationale = CaseReading, nil, Hash{}, "", Hash{}, Hash{}
	return c
}

// read is an event of one reader's read. Others than the reader and the lead get one answer whatever there is: another would tell whether the read exists.
func (c Case) read(e CaseEvent, actor Reader) (Case, error) {
	if actor.ID != e.Reader && actor.Role != Lead {
		return c, Errorf(NotPermitted, "this is another person's read")
	}
	c.Seats, c.Former = slices.Clone(c.Seats), slices.Clone(c.Former)
	s := c.find(e.Reader)
	if s == nil {
		return c, Errorf(NotFound, "there is no such read")
	}
	if slices.Contains(c.Barred, e.Reader) && e.Read != EventCommit {
		return c, Errorf(NotPermitted, "this person saw others' reads of the case and changes none any more")
	}
	to, err := s.State.Next(e.Read, ReadSeat{Item: c.Item, Reader: e.Reader}, actor)
	if err != nil {
		return c, err
	}
	switch e.Read {
	case EventSign, EventSupersede:
		if e.Record.IsZero() || c.holds(e.Record) {
			return c, Errorf(Invalid, "a signed read is named by its own digest")
		}
		if e.Read == EventSupersede {
			to = Signed
			s.Earlier = append(slices.Clone(s.Earlier), s.Read)
		}
		s.Read = e.Record
	}
	current := slices.ContainsFunc(c.Seats, func(t Seat) bool { return t.Reader == e.Reader })
	s.State = to
	if e.Read == EventSupersede && current && c.State != CaseReading {
		if c.State == CaseGold {
			c.Stale = true
		} else {
			c = c.backToReading()
		}
	}
	return c, nil
}

// holds reports whether the digest names a read of the case already.
func (c *Case) holds(read Hash) bool {
	for _, seats := range [][]Seat{c.Seats, c.Former} {
		for _, s := range seats {
			if s.Read == read || slices.Contains(s.Earlier, read) {
				return true
			}
		}
	}
	return false
}

// Committed returns the reads that count: committed, of this version, ascending. whole is false while a seat is still open or too few are there.
func (c *Case) Committed() (reads []Hash, whole bool) {
	whole = true
	for _, s := range c.Seats {
		switch s.State {
		case Committed:
			reads = append(reads, s.Read)
		case Declined, Withdrawn:
		default:
			whole = false
		}
	}
	slices.SortFunc(reads, func(a, b Hash) int { return bytes.Compare(a[:], b[:]) })
	return reads, whole && len(reads) >= c.Required
}
