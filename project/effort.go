package project

import (
	"math"
	"strings"
)

// Effort says what of the readers' time is counted, and what it costs.
type Effort struct {
	Track        []string         `json:"track,omitempty" yaml:"track,omitempty"`                   // study, series, slice, finding, organ
	IdleTimeoutS int              `json:"idle_timeout_s,omitempty" yaml:"idle_timeout_s,omitempty"` // a pause longer than this many seconds is not work; 0: every pause counts
	Currency     string           `json:"currency,omitempty" yaml:"currency,omitempty"`             // ISO 4217
	Rates        map[Role]float64 `json:"rates,omitempty" yaml:"rates,omitempty"`                   // an hour, in the currency
}

func (e *Effort) check() error {
	if e == nil {
		return nil
	}
	if err := allOf("effort.track", e.Track, "study", "series", "slice", "finding", "organ"); err != nil {
		return err
	}
	if e.IdleTimeoutS < 0 {
		return Fieldf(Invalid, "effort.idle_timeout_s", "must be seconds, 0 or more")
	}
	if e.Currency != "" && (len(e.Currency) != 3 || strings.Trim(e.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return Fieldf(Invalid, "effort.currency", "must be three capital letters (ISO 4217)")
	}
	if len(e.Rates) > 0 && e.Currency == "" {
		return Fieldf(Invalid, "effort.rates", "rates need a currency")
	}
	for _, role := range sortedKeys(e.Rates) {
		if !role.Valid() {
			return Fieldf(Invalid, "effort.rates."+string(role), "%q is not a role (annotator, radiologist, adjudicator, lead)", role)
		}
		if r := e.Rates[role]; !(r >= 0) || math.IsInf(r, 0) {
			return Fieldf(Invalid, "effort.rates."+string(role), "must be an amount, 0 or more")
		}
	}
	return nil
}

// allOf refuses a word that is not in the list, or occurs twice.
func allOf(path string, words []string, allowed ...string) error {
	seen := map[string]bool{}
	for _, w := range words {
		if w == "" {
			return Fieldf(Invalid, path, "an entry is empty")
		}
		if err := oneOf(path, w, allowed...); err != nil {
			return err
		}
		if seen[w] {
			return Fieldf(Invalid, path, "%s occurs twice", w)
		}
		seen[w] = true
	}
	return nil
}
