package panel

import (
	"bytes"
	"encoding/json"
	"slices"

	"hotlight/project"
)

// Basis says what a result rests on, so that anybody can repeat it.
type Basis struct {
	Reads      []project.Hash  `json:"reads"`      // digests of the signed reads, ascending
	Missing    int             `json:"missing"`    // readers who were expected and are not among them
	Definition project.Hash    `json:"definition"` // of the signed definition that holds the rule
	Subject    string          `json:"subject"`    // Class.ID or Question.ID
	Rule       json.RawMessage `json:"rule"`       // as in the definition
	Version    string          `json:"version"`    // of this package's rules
}

// newBasis names the reads, which must be different and not zero.
func newBasis(reads []project.Hash, expected int, definition project.Hash, subject string, rule any) (Basis, error) {
	b := Basis{Reads: slices.Clone(reads), Definition: definition, Subject: subject, Version: Version, Missing: max(expected-len(reads), 0)}
	slices.SortFunc(b.Reads, func(x, y project.Hash) int { return bytes.Compare(x[:], y[:]) })
	for n, h := range b.Reads {
		if h.IsZero() || n > 0 && b.Reads[n-1] == h {
			return b, project.Errorf(project.Invalid, "a consensus rests on signed reads, each named once by its digest")
		}
	}
	var err error
	b.Rule, err = json.Marshal(rule)
	return b, err
}
