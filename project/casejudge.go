package project

import (
	"bytes"
	"slices"
)

// compare opens the reads to the lead, once every seat is committed, declined or withdrawn.
func (c Case) compare(e CaseEvent) (Case, error) {
	if c.State != CaseReading {
		return c.refuse(e)
	}
	reads, whole := c.Committed()
	if !whole {
		return c, Errorf(NotPermitted, "not every read that the case requires is committed")
	}
	if !sameReads(reads, e.Reads) {
		return c, Errorf(Conflict, "the comparison does not name the committed reads of the case")
	}
	c.State, c.Compared, c.Result = CaseCompared, reads, Hash{}
	c.Barred = with(c.Barred, e.Actor)
	return c, nil
}

// sameReads reports whether both name the same reads, each once; a is ascending.
func sameReads(a, b []Hash) bool {
	b = slices.SortedFunc(slices.Values(b), func(x, y Hash) int { return bytes.Compare(x[:], y[:]) })
	return slices.Equal(a, b)
}

func with(list []ReaderID, id ReaderID) []ReaderID {
	if slices.Contains(list, id) {
		return list
	}
	return append(slices.Clone(list), id)
}

// decide records what the rule of the definition said of the comparison.
func (c Case) decide(e CaseEvent) (Case, error) {
	if c.State != CaseCompared {
		return c.refuse(e)
	}
	if e.Record.IsZero() {
		return c, Errorf(Invalid, "a comparison names its record")
	}
	c.State, c.Result = CaseAgreed, e.Record
	if e.Kind == CaseDispute {
		c.State = CaseDisputed
	}
	return c, nil
}

// release opens the compared reads to an adjudicator. Releasing to another one is possible while nobody has decided.
func (c Case) release(e CaseEvent, roster []Reader) (Case, error) {
	if c.State != CaseDisputed {
		return c.refuse(e)
	}
	judge, ok := findReader(roster, e.Reader)
	if err := c.mayJudge(judge, ok); err != nil {
		return c, err
	}
	c.Adjudicator = e.Reader
	c.Barred = with(c.Barred, e.Reader)
	return c, nil
}

func (c *Case) mayJudge(judge Reader, known bool) error {
	switch {
	case !known || judge.Revoked || judge.Role != Adjudicator:
		return Errorf(NotPermitted, "only an adjudicator of the roster decides a case")
	case c.HasRead(judge.ID):
		return Errorf(NotPermitted, "nobody judges a case they read")
	}
	return nil
}

func (c Case) adjudicate(e CaseEvent, actor Reader) (Case, error) {
	if actor.ID != c.Adjudicator || c.State != CaseDisputed {
		return c, Errorf(NotPermitted, "the case is not released to this person") // the same words for all: they tell nothing of the case
	}
	if err := c.mayJudge(actor, true); err != nil {
		return c, err
	}
	if e.Record.IsZero() || e.Rationale.IsZero() {
		return c, Errorf(Invalid, "an adjudication names its record and its rationale")
	}
	c.State, c.Judgement, c.Rationale = CaseAdjudicated, e.Record, e.Rationale
	return c, nil
}

// approve makes gold of what was agreed or adjudicated. It names the reads it rests on.
func (c Case) approve(e CaseEvent) (Case, error) {
	if c.State != CaseAgreed && c.State != CaseAdjudicated {
		return c.refuse(e)
	}
	if len(c.Compared) == 0 || !sameReads(c.Compared, e.Reads) {
		return c, Errorf(Conflict, "gold does not name the reads that were compared")
	}
	if e.Record.IsZero() {
		return c, Errorf(Invalid, "gold names its record")
	}
	c.State, c.Gold = CaseGold, e.Record
	return c, nil
}

// close ends the round: from here on the readers whose reads were compared may see each other's, and so read the case no more. Another who had a seat,
// and declined, sees nothing and may still correct a read of an earlier version: a refusal would tell them that the round is over.
func (c Case) close() (Case, error) {
	if c.State != CaseGold || c.Closed || c.Stale {
		return c, Errorf(NotPermitted, "the round of a case ends once, when it is gold and no read of it was corrected since")
	}
	c.Closed = true
	for _, s := range c.Seats {
		if slices.Contains(c.Compared, s.Read) {
			c.Barred = with(c.Barred, s.Reader)
		}
	}
	return c, nil
}

// reopen begins a new version with empty seats. The old reads, and who made them, stay.
func (c Case) reopen(e CaseEvent) (Case, error) {
	if c.State == CaseReading {
		return c.refuse(e)
	}
	if e.Rationale.IsZero() {
		return c, Errorf(Invalid, "reopening a case names its reason")
	}
	former := append(slices.Clone(c.Former), c.Seats...)
	return Case{Item: c.Item, Version: c.Version + 1, State: CaseReading, Required: c.Required, Former: former, Barred: c.Barred}, nil
}
