package panel

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"hotlight/project"
)

type (
	nextFunc func(c project.Case, e project.CaseEvent, roster []project.Reader) (project.Case, error)
	viewFunc func(c project.Case, viewer project.ReaderID, roster []project.Reader) Sight
)

// world plays random events and keeps its own books of who did and saw what, from accepted events and sights alone.
type world struct {
	rng    *rand.Rand
	next   nextFunc
	view   viewFunc
	c      project.Case
	roster []project.Reader

	signed    map[project.Hash]project.ReaderID // every read that was accepted, and whose it is
	committed map[project.Hash]bool
	seated    map[project.ReaderID]bool              // ever
	present   map[project.ReaderID]project.ReadState // in this version: as the events say
	newest    map[project.ReaderID]project.Hash      // the read that counts
	saw       map[project.ReaderID]bool              // a read that is not theirs
	released  map[project.ReaderID]bool              // of what is compared now
	shadow    map[project.ReaderID]project.Case      // the case as it would be if this person were the only one
	mayKnow   map[project.ReaderID]bool              // was one of the compared readers when a round was closed, whether or not they looked
	closed    bool
	serial    uint32
	reached   map[project.CaseState]bool
	reopened  bool
}

const people = "labcjsx" // lead, readers, adjudicator, one whose role swings, a stranger

func newWorld(seed uint64, next nextFunc, view viewFunc) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 5)), next: next, view: view, c: project.NewCase("i", 1+int(seed%3)),
		signed: map[project.Hash]project.ReaderID{}, committed: map[project.Hash]bool{}, seated: map[project.ReaderID]bool{},
		present: map[project.ReaderID]project.ReadState{}, newest: map[project.ReaderID]project.Hash{}, saw: map[project.ReaderID]bool{},
		released: map[project.ReaderID]bool{}, mayKnow: map[project.ReaderID]bool{}, shadow: map[project.ReaderID]project.Case{}, reached: map[project.CaseState]bool{}}
	for id, role := range map[project.ReaderID]project.Role{"l": project.Lead, "a": project.Radiologist, "b": project.Radiologist, "c": project.Annotator, "j": project.Adjudicator, "s": project.Radiologist} {
		w.roster = append(w.roster, project.Reader{ID: id, Role: role})
	}
	slices.SortFunc(w.roster, func(a, b project.Reader) int { return int(a.ID[0]) - int(b.ID[0]) }) // maps have no order, traces do
	return w
}

func (w *world) someone() project.ReaderID { return project.ReaderID(people[w.rng.IntN(len(people))]) }

func (w *world) fresh() project.Hash {
	w.serial++
	return project.Hash{byte(w.serial), byte(w.serial >> 8), 1}
}

func (w *world) role(id project.ReaderID) project.Role {
	for _, r := range w.roster {
		if r.ID == id && !r.Revoked {
			return r.Role
		}
	}
	return ""
}

// event draws what happens next: mostly something that brings the case on, sometimes anything at all.
func (w *world) event() project.CaseEvent {
	if w.rng.IntN(4) == 0 {
		return w.anything()
	}
	e := project.CaseEvent{Actor: "l", Record: w.fresh(), Rationale: project.Hash{9}}
	switch w.c.State {
	case project.CaseReading:
		reads, whole := w.c.Committed()
		if whole && w.rng.IntN(3) > 0 {
			e.Kind, e.Reads = project.CaseCompare, reads
			return e
		}
		if len(w.c.Seats) < w.c.Required || w.rng.IntN(12) == 0 {
			e.Kind, e.Reader = project.CaseAssign, w.someone()
			return e
		}
		return w.onward()
	case project.CaseCompared:
		e.Kind = []project.CaseEventKind{project.CaseAgree, project.CaseDispute}[w.rng.IntN(2)]
	case project.CaseDisputed:
		e.Kind, e.Reader = []project.CaseEventKind{project.CaseRelease, project.CaseRelease, project.CaseAssign, project.CaseAdjudicate}[w.rng.IntN(4)], w.someone()
		if e.Kind == project.CaseAdjudicate {
			e.Actor = w.c.Adjudicator
		}
	case project.CaseAgreed, project.CaseAdjudicated:
		e.Kind, e.Reads = project.CaseApprove, w.c.Compared
	case project.CaseGold:
		e.Kind = []project.CaseEventKind{project.CaseClose, project.CaseReopen}[w.rng.IntN(2)]
	}
	return e
}

// onward brings one read on.
func (w *world) onward() project.CaseEvent {
	s := w.c.Seats[w.rng.IntN(len(w.c.Seats))]
	e := project.CaseEvent{Kind: project.CaseRead, Actor: s.Reader, Reader: s.Reader, Record: w.fresh()}
	switch s.State {
	case project.Assigned, project.InProgress:
		e.Read = project.EventComplete
	case project.Complete:
		e.Read = project.EventSign
	default:
		e.Read = project.EventCommit
	}
	return e
}

var readEvents = []project.ReadEvent{project.EventChange, project.EventComplete, project.EventReopen, project.EventSign, project.EventCommit, project.EventDecline, project.EventWithdraw, project.EventSupersede, project.EventSupersede}

var caseEvents = []project.CaseEventKind{project.CaseAssign, project.CaseRead, project.CaseRead, project.CaseRead, project.CaseCompare, project.CaseAgree, project.CaseDispute, project.CaseRelease, project.CaseAdjudicate, project.CaseApprove, project.CaseClose, project.CaseReopen}

func (w *world) anything() project.CaseEvent {
	e := project.CaseEvent{Kind: caseEvents[w.rng.IntN(len(caseEvents))], Actor: w.someone(), Reader: w.someone(), Read: readEvents[w.rng.IntN(len(readEvents))], Record: w.fresh(), Rationale: project.Hash{9}}
	if e.Kind == project.CaseRead && w.rng.IntN(3) > 0 {
		e.Actor = e.Reader
	}
	switch w.rng.IntN(3) {
	case 0:
		e.Reads = w.c.Compared
	case 1:
		e.Reads, _ = w.c.Committed()
	}
	return e
}

// step plays one event, or a change of the roster, and returns what went wrong.
func (w *world) step() string {
	if w.rng.IntN(10) == 0 {
		w.changeRoster()
		return w.look()
	}
	e := w.event()
	after, err := w.next(w.c, e, w.roster)
	if wrong := w.echo(e, err == nil); wrong != "" {
		return wrong
	}
	if err == nil {
		if wrong := w.book(e, after); wrong != "" {
			return wrong
		}
		w.c = after
		w.reached[after.State] = true
	}
	return w.look()
}

// changeRoster swings the role of s, or a reader's; now and then it revokes or restores. The lead stays: a definition cannot change it.
func (w *world) changeRoster() {
	n := slices.IndexFunc(w.roster, func(r project.Reader) bool { return r.ID == "s" })
	if w.rng.IntN(3) == 0 {
		n = w.rng.IntN(len(w.roster))
	}
	r := &w.roster[n]
	switch {
	case r.ID == "l":
	case w.rng.IntN(4) == 0:
		r.Revoked = !r.Revoked
	case r.Role == project.Adjudicator:
		r.Role = project.Radiologist
	default:
		r.Role = project.Adjudicator
	}
}

// echo checks that what a reader may do to their own read hangs on that read alone: the answer must be that of a case in which they are alone.
func (w *world) echo(e project.CaseEvent, accepted bool) string {
	if e.Kind != project.CaseRead || e.Actor != e.Reader || w.mayKnow[e.Actor] || w.saw[e.Actor] {
		return ""
	}
	alone, ok := w.shadow[e.Reader]
	if !ok {
		alone = project.NewCase("i", 1)
	}
	if _, err := project.Case.Next(alone, e, w.roster); (err == nil) != accepted {
		return fmt.Sprintf("%s of %s's own read was answered %v; alone it is %v: the answer tells of others", e.Read, e.Actor, accepted, err == nil)
	}
	return ""
}

// book enters an accepted event and says if it must not have been.
func (w *world) book(e project.CaseEvent, after project.Case) string {
	switch e.Kind {
	case project.CaseAssign:
		w.assign(e)
		if w.c.State == project.CaseDisputed {
			clear(w.released)
		}
	case project.CaseRead:
		return w.bookRead(e, after)
	case project.CaseRelease:
		clear(w.released)
		w.released[e.Reader] = true
	case project.CaseAdjudicate:
		if w.seated[e.Actor] {
			return fmt.Sprintf("%s judges a case they read", e.Actor)
		}
		if !w.released[e.Actor] || w.role(e.Actor) != project.Adjudicator {
			return fmt.Sprintf("%s judges a case that was not released to them", e.Actor)
		}
	case project.CaseApprove:
		return w.bookGold(e, after)
	case project.CaseClose:
		w.closed = true
		for _, h := range w.c.Compared {
			w.mayKnow[w.signed[h]] = true
		}
	case project.CaseReopen:
		w.closed, w.reopened = false, true
		clear(w.present)
		clear(w.released)
	}
	return ""
}

func (w *world) assign(e project.CaseEvent) {
	w.seated[e.Reader] = true
	w.present[e.Reader] = project.Assigned
	alone, ok := w.shadow[e.Reader]
	if !ok {
		alone = project.NewCase("i", 1)
	}
	next, err := alone.Next(e, w.roster)
	if err != nil { // a seat of an earlier version
		alone.Former, alone.Seats = append(alone.Former, alone.Seats...), nil
		next, _ = alone.Next(e, w.roster)
	}
	w.shadow[e.Reader] = next
}

func (w *world) bookRead(e project.CaseEvent, after project.Case) string {
	if e.Read != project.EventCommit && e.Read != project.EventWithdraw && w.saw[e.Actor] {
		return fmt.Sprintf("%s made or changed a read (%s) after seeing another's", e.Actor, e.Read)
	}
	if alone, err := w.shadow[e.Reader].Next(e, w.roster); err == nil {
		w.shadow[e.Reader] = alone
	}
	switch e.Read {
	case project.EventSign, project.EventSupersede:
		w.signed[e.Record], w.newest[e.Reader] = e.Reader, e.Record
		if after.State == project.CaseReading {
			clear(w.released)
		}
	case project.EventCommit:
		w.committed[w.newest[e.Reader]] = true
	}
	if _, now := w.present[e.Reader]; now {
		alone := w.shadow[e.Reader]
		seat, _ := alone.Seat(e.Reader)
		w.present[e.Reader] = seat.State
	}
	return ""
}

// bookGold checks gold against the books: it rests on committed reads of different people, as many as are required.
func (w *world) bookGold(e project.CaseEvent, after project.Case) string {
	whose := map[project.ReaderID]bool{}
	for _, h := range e.Reads {
		if !w.committed[h] || w.signed[h] == "" {
			return "gold names a read that nobody committed"
		}
		whose[w.signed[h]] = true
	}
	if len(whose) < w.c.Required || len(whose) != len(e.Reads) || !slices.Equal(e.Reads, after.Compared) {
		return "gold exists without the reads it needs"
	}
	return ""
}

// look asks the gate for everybody and says who sees what they must not.
func (w *world) look() string {
	for n := range len(people) {
		id := project.ReaderID(people[n : n+1])
		if wrong := w.lookAs(id, w.view(w.c, id, w.roster)); wrong != "" {
			return fmt.Sprintf("%s in a case that is %s: %s", id, w.c.State, wrong)
		}
	}
	return ""
}

func (w *world) lookAs(id project.ReaderID, s Sight) string {
	role := w.role(id)
	if role == "" {
		if s.Own != nil || s.Case != nil || s.Reads != nil {
			return "a stranger or revoked person sees something"
		}
		return ""
	}
	alone := View(w.shadow[id], id, w.roster)
	if (s.Own == nil) != (alone.Own == nil) || s.Own != nil && *s.Own != *alone.Own {
		return "their own read looks otherwise than if they were alone"
	}
	for _, r := range s.Reads {
		if !w.committed[r.Read] {
			return "an uncommitted read is open"
		}
		if r.Reader != "" && role != project.Lead {
			return "a read bears its reader's name"
		}
		if w.signed[r.Read] != id {
			w.saw[id] = true
		}
	}
	switch role {
	case project.Lead:
		for who, state := range w.present {
			if len(s.Reads) > 0 && state != project.Committed && state != project.Declined && state != project.Withdrawn && w.c.State != project.CaseGold {
				return fmt.Sprintf("reads are open while %s's is %s", who, state)
			}
		}
	case project.Adjudicator:
		if (s.Reads != nil || s.Case != nil) && (!w.released[id] || w.seated[id]) {
			return "an adjudicator sees a case that is not released to them, or that they read"
		}
	default:
		_, now := w.present[id]
		if (s.Reads != nil || s.Case != nil) && (!w.closed || !now) {
			return "a reader sees something of others before the round is closed"
		}
	}
	if s.Case != nil && s.Case.Seats != nil && role != project.Lead {
		return "who reads is shown to others than the lead"
	}
	return ""
}

// campaign plays traces until something is wrong, and says what.
func campaign(traces int, next nextFunc, view viewFunc) (wrong string, reached map[project.CaseState]int, reopened int) {
	reached = map[project.CaseState]int{}
	for seed := range uint64(traces) {
		w := newWorld(seed, next, view)
		for n := range 32 {
			if wrong := w.step(); wrong != "" {
				return fmt.Sprintf("trace %d, event %d: %s", seed, n, wrong), reached, reopened
			}
		}
		for s := range w.reached {
			reached[s]++
		}
		if w.reopened {
			reopened++
		}
	}
	return "", reached, reopened
}

func TestNoTraceUnblinds(t *testing.T) {
	traces := 10_000
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		traces = 1_000_000
	}
	wrong, reached, reopened := campaign(traces, project.Case.Next, View)
	if wrong != "" {
		t.Fatal(wrong)
	}
	t.Logf("%d traces; reached: %v; reopened: %d", traces, reached, reopened)
	for _, s := range []project.CaseState{project.CaseCompared, project.CaseAgreed, project.CaseDisputed, project.CaseAdjudicated, project.CaseGold} {
		if reached[s] < traces/100 {
			t.Errorf("only %d of %d traces were %s: they prove little", reached[s], traces, s)
		}
	}
	if reopened < traces/100 {
		t.Errorf("only %d of %d traces reopened a case", reopened, traces)
	}
}

// The campaign would be worth nothing if it could not fail: each of these breaks one rule on purpose and must be caught.
func TestABrokenGateIsCaught(t *testing.T) {
	// without plays an event on a case that forgot something, and gives it back afterwards.
	without := func(forget func(*project.Case), kinds ...project.CaseEventKind) nextFunc {
		return func(c project.Case, e project.CaseEvent, roster []project.Reader) (project.Case, error) {
			if !slices.Contains(kinds, e.Kind) {
				return c.Next(e, roster)
			}
			blind := c
			forget(&blind)
			after, err := blind.Next(e, roster)
			if err == nil && after.Version == c.Version {
				after.Former = c.Former
				if e.Kind != project.CaseAssign && e.Kind != project.CaseRead {
					after.Seats = c.Seats
				}
			}
			return after, err
		}
	}
	for name, broken := range map[string]struct {
		next nextFunc
		view viewFunc
	}{
		"a reader sees how the case stands": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			s := View(c, id, r)
			if s.Own != nil && s.Case == nil {
				s.Case = &Progress{State: c.State}
			}
			return s
		}},
		"a reader sees the others once their own read is committed": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			s := View(c, id, r)
			if s.Own != nil && s.Own.State == project.Committed {
				s.Reads = reads(c, false)
			}
			return s
		}},
		"an adjudicator sees the reads before the release": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			if c.Adjudicator == "" && c.State == project.CaseDisputed {
				c.Adjudicator = id
			}
			return View(c, id, r)
		}},
		"an adjudicator sees names": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			s := View(c, id, r)
			if s.Reads != nil {
				s.Reads = reads(c, true)
			}
			return s
		}},
		"the lead opens reads while others still read": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			s := View(c, id, r)
			if early, _ := c.Committed(); s.Case != nil && s.Case.Seats != nil && c.State == project.CaseReading {
				c.Compared = early
				s.Reads = reads(c, true)
			}
			return s
		}},
		"the revoked still see their own": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			r = slices.Clone(r)
			for n := range r {
				r[n].Revoked = false
			}
			return View(c, id, r)
		}},
		"a closed case shows its reads to those whose read does not count": {view: func(c project.Case, id project.ReaderID, r []project.Reader) Sight {
			s := View(c, id, r)
			if c.State == project.CaseGold && s.Own != nil {
				s.Reads = reads(c, false)
			}
			return s
		}},
		"a reader judges":                       {next: without(func(c *project.Case) { c.Seats, c.Former = nil, nil }, project.CaseRelease, project.CaseAdjudicate)},
		"a reader of an earlier version judges": {next: without(func(c *project.Case) { c.Former = nil }, project.CaseRelease, project.CaseAdjudicate)},
		"who saw reads reads again":             {next: without(func(c *project.Case) { c.Barred = nil }, project.CaseAssign, project.CaseRead)},
		"the comparison does not wait": {next: func(c project.Case, e project.CaseEvent, r []project.Reader) (project.Case, error) {
			if e.Kind == project.CaseCompare && e.Actor == "l" && c.State == project.CaseReading && len(e.Reads) > 0 {
				c.State, c.Compared = project.CaseCompared, e.Reads
				return c, nil
			}
			return c.Next(e, r)
		}},
		"gold of nothing": {next: func(c project.Case, e project.CaseEvent, r []project.Reader) (project.Case, error) {
			if e.Kind == project.CaseApprove && c.State == project.CaseReading {
				c.State, c.Gold, c.Compared = project.CaseGold, e.Record, e.Reads
				return c, nil
			}
			return c.Next(e, r)
		}},
		"a correction is refused once the case is compared": {next: func(c project.Case, e project.CaseEvent, r []project.Reader) (project.Case, error) {
			if e.Kind == project.CaseRead && e.Read == project.EventSupersede && c.State != project.CaseReading {
				return c, project.Errorf(project.NotPermitted, "too late")
			}
			return c.Next(e, r)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			if broken.next == nil {
				broken.next = project.Case.Next
			}
			if broken.view == nil {
				broken.view = View
			}
			wrong, _, _ := campaign(20_000, broken.next, broken.view)
			if wrong == "" {
				t.Fatal("20000 traces did not catch it")
			}
			t.Log(wrong)
		})
	}
}
