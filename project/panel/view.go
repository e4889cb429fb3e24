package panel

import (
	"bytes"
	"crypto/sha256"
	"slices"

	"hotlight/project"
)

// Sight is what one person may see of one case now. What is not in it is not to be shown, exported, counted or hinted at.
type Sight struct {
	Own *Own // the person's own read; nil: they have none
	// Case is how the case stands; nil: the person may not know.
	Case *Progress
	// Reads are the others' reads that may be opened; nil: none, and whether there are any may not be told.
	Reads []Seen
}

// Own is a reader's own read, which is all that its reader sees before the round is closed.
type Own struct {
	State project.ReadState
	Read  project.Hash // zero before it is signed
}

// Progress is the state of a case without its contents.
type Progress struct {
	State     project.CaseState
	Version   int
	Required  int
	Stale     bool
	Seats     []project.Seat // with readers' names: for the lead only
	Result    project.Hash
	Judgement project.Hash
	Gold      project.Hash
}

// Seen is a read that may be opened.
type Seen struct {
	Label  string           // "A", "B" ..., in an order that tells nothing of the readers
	Reader project.ReaderID // for the lead only; otherwise empty
	Read   project.Hash
}

// View returns what viewer may see of the case now. It is the only gate: all screens and exports go through it.
//
// A reader sees their own read and nothing else, not even that the case has a state, until the lead has closed the round; then the reads that gold rests
// on, without names. An adjudicator sees the compared reads without names once the case is released to them, and until then nothing. The lead sees who
// reads and how far they are, and opens reads once all are committed. Others see nothing, and neither does whose key was revoked.
func View(c project.Case, viewer project.ReaderID, roster []project.Reader) Sight {
	at := slices.IndexFunc(roster, func(r project.Reader) bool { return r.ID == viewer })
	if at < 0 || roster[at].Revoked {
		return Sight{}
	}
	var s Sight
	if seat, ok := c.Seat(viewer); ok {
		s.Own = &Own{State: seat.State, Read: seat.Read}
	}
	switch role := roster[at].Role; {
	case role == project.Lead:
		s.Case = &Progress{State: c.State, Version: c.Version, Required: c.Required, Stale: c.Stale, Seats: slices.Clone(c.Seats), Result: c.Result, Judgement: c.Judgement, Gold: c.Gold}
		s.Reads = reads(c, true)
	case role == project.Adjudicator && c.Adjudicator == viewer && !c.HasRead(viewer):
		s.Case = &Progress{State: c.State, Version: c.Version, Required: c.Required, Result: c.Result, Judgement: c.Judgement, Gold: c.Gold}
		s.Reads = reads(c, false)
	case role.Reads() && c.Closed && isCompared(c, viewer):
		s.Case = &Progress{State: c.State, Version: c.Version, Required: c.Required, Result: c.Result, Judgement: c.Judgement, Gold: c.Gold}
		s.Reads = reads(c, false)
	}
	return s
}

// isCompared reports whether gold rests on a read of this person.
func isCompared(c project.Case, reader project.ReaderID) bool {
	return slices.ContainsFunc(c.Seats, func(s project.Seat) bool { return s.Reader == reader && slices.Contains(c.Compared, s.Read) })
}

// MayOpen reports whether the read with this digest may be opened.
func (s Sight) MayOpen(read project.Hash) bool {
	if read.IsZero() {
		return false
	}
	return s.Own != nil && s.Own.Read == read || slices.ContainsFunc(s.Reads, func(r Seen) bool { return r.Read == read })
}

// reads lists the compared reads, in the order of digests of case and read: it is the same on every machine and hangs on nobody's name or time.
func reads(c project.Case, named bool) []Seen {
	if len(c.Compared) == 0 {
		return nil
	}
	order := slices.Clone(c.Compared)
	key := func(h project.Hash) []byte {
		sum := sha256.Sum256(append([]byte("hotlight order\x00"+string(c.Item)+"\x00"), h[:]...))
		return sum[:]
	}
	slices.SortFunc(order, func(a, b project.Hash) int { return bytes.Compare(key(a), key(b)) })
	var out []Seen
	for n, h := range order {
		seen := Seen{Label: string(rune('A' + n)), Read: h}
		if named {
			for _, s := range c.Seats {
				if s.Read == h || slices.Contains(s.Earlier, h) {
					seen.Reader = s.Reader
				}
			}
		}
		out = append(out, seen)
	}
	return out
}
