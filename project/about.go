package project

import (
	"strconv"
	"strings"
	"time"
)

// About names the project.
type About struct {
	ID          string     `json:"id" yaml:"id"` // reverse-DNS, immutable
	Title       string     `json:"title" yaml:"title"`
	Version     int        `json:"version" yaml:"version"` // from 1, strictly increasing
	IntendedUse string     `json:"intended_use,omitempty" yaml:"intended_use,omitempty"`
	Status      Status     `json:"status,omitempty" yaml:"status,omitempty"` // empty: draft
	Owner       *Owner     `json:"owner,omitempty" yaml:"owner,omitempty"`
	Guideline   *Guideline `json:"guideline,omitempty" yaml:"guideline,omitempty"`
	Changes     []Change   `json:"changes,omitempty" yaml:"changes,omitempty"` // oldest first; a locked definition's history only grows
}

// Status is how fixed a definition is.
type Status string

// The states of a definition.
const (
	StatusDraft   Status = "draft"
	StatusLocked  Status = "locked"  // from here on it only grows
	StatusRetired Status = "retired" // nothing is read under it any more
)

// Owner answers for the project.
type Owner struct {
	Name    string `json:"name" yaml:"name"`
	Contact string `json:"contact,omitempty" yaml:"contact,omitempty"`
}

// Guideline is the annotation guideline that the readers follow: a file that is handed out beside the project and known by its digest.
type Guideline struct {
	File            string `json:"file" yaml:"file"`
	SHA256          string `json:"sha256" yaml:"sha256"` // of the file, 64 hexadecimal digits; in a file that nobody signs yet also GuidelinePlaceholder
	MustAcknowledge bool   `json:"must_acknowledge,omitempty" yaml:"must_acknowledge,omitempty"`
}

// GuidelinePlaceholder stands for the digest in a template. A definition that has it cannot be signed.
const GuidelinePlaceholder = "<64 hex>"

// Change is one entry of the definition's history.
type Change struct {
	Version   int    `json:"version" yaml:"version"` // that it made
	Date      string `json:"date" yaml:"date"`       // yyyy-mm-dd
	Author    string `json:"author" yaml:"author"`
	Text      string `json:"text" yaml:"text"`
	Migration string `json:"migration,omitempty" yaml:"migration,omitempty"` // none: reads of earlier versions stay as they are; the only one there is
}

// check is about the words; what must stay between versions is said in Succeeds.
func (a *About) check() error {
	if a.ID == "" || a.Title == "" {
		return Fieldf(Invalid, "project", "id and title must be given")
	}
	if a.Version < 1 {
		return Fieldf(Invalid, "project.version", "versions count from 1")
	}
	if err := oneOf("project.status", string(a.Status), "draft", "locked", "retired"); err != nil {
		return err
	}
	if a.Owner != nil && a.Owner.Name == "" {
		return Fieldf(Invalid, "project.owner", "the name is empty")
	}
	if g := a.Guideline; g != nil {
		if g.File == "" {
			return Fieldf(Invalid, "project.guideline", "the file must be named")
		}
		if g.SHA256 != GuidelinePlaceholder && !isDigest(g.SHA256) {
			return Fieldf(Invalid, "project.guideline.sha256", "must be 64 hexadecimal digits")
		}
	}
	return a.checkChanges()
}

func isDigest(s string) bool {
	_, err := ParseHash(s)
	return err == nil && strings.ToLower(s) == s
}

// checkSigned is check for a definition that is signed: nothing is left open.
func (a *About) checkSigned() error {
	if a.Guideline != nil && !isDigest(a.Guideline.SHA256) {
		return Fieldf(Invalid, "project.guideline.sha256", "must be the digest of the guideline before the definition is signed")
	}
	return nil
}

func (a *About) checkChanges() error {
	last := 0
	for n, c := range a.Changes {
		path := "project.changes." + strconv.Itoa(n+1)
		if c.Version < 1 || c.Version > a.Version || c.Version < last {
			return Fieldf(Invalid, path+".version", "versions of changes ascend to at most %d", a.Version)
		}
		if _, err := time.Parse(time.DateOnly, c.Date); err != nil {
			return Fieldf(Invalid, path+".date", "must be a day, yyyy-mm-dd")
		}
		if c.Author == "" || c.Text == "" {
			return Fieldf(Invalid, path, "a change has an author and a text")
		}
		if err := oneOf(path+".migration", c.Migration, "none"); err != nil {
			return err
		}
		last = c.Version
	}
	return nil
}
