package project

import (
	"slices"
	"strconv"
)

// Assignment is how readers are given to cases.
type Assignment struct {
	// Policy is balanced_incomplete_block (each case gets some of the readers, each pair of them about equally often), all (every reader reads every
	// case) or manual (the lead picks; also if empty).
	Policy  string   `json:"policy,omitempty" yaml:"policy,omitempty"`
	Exclude *Exclude `json:"exclude,omitempty" yaml:"exclude,omitempty"`
}

// Exclude is who does not read the same case.
type Exclude struct {
	SameSite  bool                 `json:"same_site,omitempty" yaml:"same_site,omitempty"` // must be false: the roster has no sites
	Conflicts []ConflictOfInterest `json:"conflicts,omitempty" yaml:"conflicts,omitempty"`
}

// ConflictOfInterest names people whose reads of one case would not be independent, such as a trainee and their teacher.
type ConflictOfInterest struct {
	Readers []ReaderID `json:"readers" yaml:"readers"`
	Reason  string     `json:"reason,omitempty" yaml:"reason,omitempty"`
}

// LockRule is what happens to a read that is submitted. Its fields have one value each; a file may say them, and no other.
type LockRule struct {
	OnSubmit bool    `json:"on_submit" yaml:"on_submit"` // must be true: a signed read is frozen
	Reopen   *Reopen `json:"reopen,omitempty" yaml:"reopen,omitempty"`
}

// Reopen is how a case is taken up again.
type Reopen struct {
	Role               Role `json:"role" yaml:"role"`                                 // lead
	ReasonRequired     bool `json:"reason_required" yaml:"reason_required"`           // must be true
	CreatesNewRevision bool `json:"creates_new_revision" yaml:"creates_new_revision"` // must be true: the old reads stay
}

// MayReadTogether reports whether two people may both read one case.
func (d *Definition) MayReadTogether(a, b ReaderID) bool {
	if a == b {
		return false
	}
	if d.Reading == nil || d.Reading.Assignment == nil || d.Reading.Assignment.Exclude == nil {
		return true
	}
	for _, c := range d.Reading.Assignment.Exclude.Conflicts {
		if slices.Contains(c.Readers, a) && slices.Contains(c.Readers, b) {
			return false
		}
	}
	return true
}

func (a *Assignment) check() error {
	if a == nil {
		return nil
	}
	if err := oneOf("reading.assignment.policy", a.Policy, "balanced_incomplete_block", "all", "manual"); err != nil {
		return err
	}
	if a.Exclude == nil {
		return nil
	}
	if a.Exclude.SameSite {
		return Fieldf(Unsupported, "reading.assignment.exclude.same_site", "the roster has no sites; name the people under conflicts")
	}
	for n, c := range a.Exclude.Conflicts {
		path := "reading.assignment.exclude.conflicts." + strconv.Itoa(n+1)
		if len(c.Readers) < 2 {
			return Fieldf(Invalid, path+".readers", "a conflict is between two people or more")
		}
		for m, id := range c.Readers {
			if id == "" || slices.Contains(c.Readers[:m], id) {
				return Fieldf(Invalid, path+".readers", "each is named once, by the fingerprint of their key")
			}
		}
	}
	return nil
}

// checkConflicts checks that conflicts are between people of the roster.
func (d *Definition) checkConflicts() error {
	if d.Reading == nil || d.Reading.Assignment == nil || d.Reading.Assignment.Exclude == nil {
		return nil
	}
	for n, c := range d.Reading.Assignment.Exclude.Conflicts {
		for _, id := range c.Readers {
			if _, ok := d.Reader(id); !ok {
				return Fieldf(Invalid, "reading.assignment.exclude.conflicts."+strconv.Itoa(n+1)+".readers", "%s is not among the readers", ShortFingerprint(string(id)))
			}
		}
	}
	return nil
}

func (l *LockRule) check() error {
	switch {
	case l == nil:
		return nil
	case !l.OnSubmit:
		return Fieldf(NotPermitted, "reading.lock.on_submit", "must be true: a signed read can no longer be changed")
	case l.Reopen == nil:
		return nil
	case l.Reopen.Role != Lead:
		return Fieldf(NotPermitted, "reading.lock.reopen.role", "only the lead reopens a case")
	case !l.Reopen.ReasonRequired:
		return Fieldf(NotPermitted, "reading.lock.reopen.reason_required", "must be true: reopening a case names its reason")
	case !l.Reopen.CreatesNewRevision:
		return Fieldf(NotPermitted, "reading.lock.reopen.creates_new_revision", "must be true: the old reads stay")
	}
	return nil
}
