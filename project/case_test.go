package project

import (
	"strings"
	"testing"
)

var (
	caseRoster = []Reader{{ID: "l", Role: Lead}, {ID: "a", Role: Radiologist}, {ID: "b", Role: Radiologist}, {ID: "c", Role: Annotator}, {ID: "j", Role: Adjudicator}, {ID: "x", Role: Radiologist, Revoked: true}}
	hashA      = HashOf([]byte("read a"))
	hashB      = HashOf([]byte("read b"))
	hashC      = HashOf([]byte("read c"))
	record     = HashOf([]byte("record"))
)

func readEvent(who ReaderID, what ReadEvent, h Hash) CaseEvent {
	return CaseEvent{Kind: CaseRead, Actor: who, Reader: who, Read: what, Record: h}
}

func lead(kind CaseEventKind) CaseEvent {
	return CaseEvent{Kind: kind, Actor: "l", Record: record, Rationale: record}
}

func leadOn(kind CaseEventKind, who ReaderID) CaseEvent {
	e := lead(kind)
	e.Reader = who
	return e
}

func leadReads(kind CaseEventKind, reads ...Hash) CaseEvent {
	e := lead(kind)
	e.Reads = reads
	return e
}

// play runs the events and wants each of them accepted.
func play(t *testing.T, c Case, events ...CaseEvent) Case {
	t.Helper()
	for n, e := range events {
		next, err := c.Next(e, caseRoster)
		if err != nil {
			t.Fatalf("event %d, %s of %s: %v", n, e.Kind, e.Actor, err)
		}
		c = next
	}
	return c
}

func wholeRead(who ReaderID, h Hash) []CaseEvent {
	return []CaseEvent{leadOn(CaseAssign, who), readEvent(who, EventChange, Hash{}), readEvent(who, EventComplete, Hash{}), readEvent(who, EventSign, h), readEvent(who, EventCommit, Hash{})}
}

func bothRead(t *testing.T) Case {
	return play(t, NewCase("i", 2), append(wholeRead("a", hashA), wholeRead("b", hashB)...)...)
}

func TestACaseToGold(t *testing.T) {
	compared := play(t, bothRead(t), leadReads(CaseCompare, hashB, hashA))
	agreed := play(t, compared, lead(CaseAgree), leadReads(CaseApprove, hashA, hashB))
	if agreed.State != CaseGold || agreed.Gold != record {
		t.Errorf("%+v", agreed)
	}
	judge := CaseEvent{Kind: CaseAdjudicate, Actor: "j", Record: record, Rationale: record}
	judged := play(t, compared, lead(CaseDispute), leadOn(CaseRelease, "j"), judge, leadReads(CaseApprove, hashA, hashB), lead(CaseClose))
	if judged.State != CaseGold || !judged.Closed || judged.Judgement != record {
		t.Errorf("%+v", judged)
	}
	again := play(t, judged, lead(CaseReopen))
	if again.Version != 2 || again.State != CaseReading || len(again.Former) != 2 || len(again.Seats) != 0 {
		t.Errorf("%+v", again)
	}
}

func TestAThirdReaderInADisputedCase(t *testing.T) {
	c := play(t, bothRead(t), leadReads(CaseCompare, hashA, hashB), lead(CaseDispute), leadOn(CaseAssign, "c"))
	if c.State != CaseReading || c.Required != 3 || c.Compared != nil {
		t.Errorf("%+v", c)
	}
	third := wholeRead("c", hashC)[1:]
	c = play(t, c, append(third, leadReads(CaseCompare, hashA, hashB, hashC), lead(CaseAgree))...)
	if c.State != CaseAgreed {
		t.Errorf("%+v", c)
	}
}

func TestACorrectionIsTakenAtAnyTime(t *testing.T) {
	correct := readEvent("a", EventSupersede, hashC)
	c := play(t, bothRead(t), leadReads(CaseCompare, hashA, hashB), lead(CaseDispute), leadOn(CaseRelease, "j"), correct)
	if c.State != CaseReading || c.Adjudicator != "" || c.Seats[0].Read != hashC || c.Seats[0].State != Signed {
		t.Errorf("a compared case: %+v", c)
	}
	gold := play(t, bothRead(t), leadReads(CaseCompare, hashA, hashB), lead(CaseAgree), leadReads(CaseApprove, hashA, hashB), correct)
	if gold.State != CaseGold || !gold.Stale {
		t.Errorf("a gold case: %+v", gold)
	}
	if _, err := gold.Next(lead(CaseClose), caseRoster); err == nil {
		t.Error("a stale case can be closed")
	}
}

func TestRefusals(t *testing.T) {
	both := bothRead(t)
	open := play(t, NewCase("i", 1), append(wholeRead("a", hashA), leadOn(CaseAssign, "b"))...)
	compared := play(t, both, leadReads(CaseCompare, hashA, hashB))
	disputed := play(t, compared, lead(CaseDispute))
	released := play(t, disputed, leadOn(CaseRelease, "j"))
	agreed := play(t, compared, lead(CaseAgree))
	closed := play(t, agreed, leadReads(CaseApprove, hashA, hashB), lead(CaseClose))
	judge := CaseEvent{Kind: CaseAdjudicate, Actor: "j", Record: record, Rationale: record}
	without := judge
	without.Rationale = Hash{}
	byReader := lead(CaseCompare)
	byReader.Actor, byReader.Reads = "a", []Hash{hashA, hashB}
	for name, c := range map[string]struct {
		from Case
		e    CaseEvent
		want string
	}{
		"a comparison before all are there":    {play(t, NewCase("i", 2), wholeRead("a", hashA)...), leadReads(CaseCompare, hashA), "not every read"},
		"a comparison while a seat is open":    {open, leadReads(CaseCompare, hashA), "not every read"},
		"a comparison of one read":             {both, leadReads(CaseCompare, hashA), "does not name"},
		"a comparison of a read twice":         {both, leadReads(CaseCompare, hashA, hashA), "does not name"},
		"a reader compares":                    {both, byReader, "only the lead"},
		"a revoked person":                     {both, CaseEvent{Kind: CaseAssign, Actor: "x"}, "revoked"},
		"a stranger":                           {both, CaseEvent{Kind: CaseAssign, Actor: "nobody"}, "not in the roster"},
		"a seat for the adjudicator":           {NewCase("i", 1), leadOn(CaseAssign, "j"), "a seat needs a reader"},
		"a seat for the revoked":               {NewCase("i", 1), leadOn(CaseAssign, "x"), "a seat needs a reader"},
		"a second seat":                        {both, leadOn(CaseAssign, "a"), "has a seat"},
		"release before the dispute":           {compared, leadOn(CaseRelease, "j"), "cannot be changed"},
		"release to a reader":                  {disputed, leadOn(CaseRelease, "c"), "only an adjudicator"},
		"adjudication before release":          {disputed, judge, "not released"},
		"adjudication without rationale":       {released, without, "rationale"},
		"gold of what is disputed":             {disputed, leadReads(CaseApprove, hashA, hashB), "cannot be changed"},
		"gold of other reads":                  {agreed, leadReads(CaseApprove, hashA, hashC), "does not name"},
		"gold of fewer reads":                  {agreed, leadReads(CaseApprove, hashA), "does not name"},
		"another's read":                       {both, CaseEvent{Kind: CaseRead, Actor: "b", Reader: "a", Read: EventCommit}, "another person's read"},
		"a read that is not there, same words": {both, CaseEvent{Kind: CaseRead, Actor: "b", Reader: "c", Read: EventCommit}, "another person's read"},
		"a read named as another is":           {both, readEvent("a", EventSupersede, hashB), "its own digest"},
		"a correction after the round":         {closed, readEvent("a", EventSupersede, hashC), "saw others' reads"},
		"a new read after the round":           {play(t, closed, lead(CaseReopen)), leadOn(CaseAssign, "a"), "saw others' reads"},
		"a third reader after release":         {released, leadOn(CaseAssign, "c"), "cannot be changed"},
		"an event that is not":                 {both, lead("bless"), "happens to no case"},
	} {
		next, err := c.from.Next(c.e, caseRoster)
		if err == nil || !strings.Contains(err.Error(), c.want) || next.State != c.from.State {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestNobodyJudgesACaseTheyRead(t *testing.T) {
	c := play(t, bothRead(t), leadReads(CaseCompare, hashA, hashB), lead(CaseDispute))
	turned := []Reader{{ID: "l", Role: Lead}, {ID: "a", Role: Adjudicator}, {ID: "j", Role: Adjudicator}}
	if _, err := c.Next(leadOn(CaseRelease, "a"), turned); err == nil || !strings.Contains(err.Error(), "nobody judges") {
		t.Errorf("a reader who became adjudicator: %v", err)
	}
	// Not in a later version either.
	again, err := c.Next(lead(CaseReopen), turned)
	if err != nil || !again.HasRead("a") {
		t.Errorf("%v", err)
	}
}

func TestNextChangesNothingOfItsCase(t *testing.T) {
	c := bothRead(t)
	before := c.Seats[0]
	play(t, c, readEvent("a", EventSupersede, hashC))
	play(t, c, leadOn(CaseAssign, "c"))
	if c.Seats[0].Read != before.Read || c.Seats[0].Earlier != nil || len(c.Seats) != 2 {
		t.Errorf("%+v", c)
	}
}
