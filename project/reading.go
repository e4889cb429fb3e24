package project

// Reading is the protocol: who reads what, in which stages, and what they see.
type Reading struct {
	Roles      []Role      `json:"roles,omitempty" yaml:"roles,omitempty"`
	Stages     []Stage     `json:"stages" yaml:"stages"`
	Assignment *Assignment `json:"assignment,omitempty" yaml:"assignment,omitempty"`
	Lock       *LockRule   `json:"lock,omitempty" yaml:"lock,omitempty"`
}

// Stage is one round of work on every study. Reads of one stage are independent of each other.
type Stage struct {
	ID       string    `json:"id" yaml:"id"`
	Role     Role      `json:"role" yaml:"role"`
	Readers  int       `json:"readers,omitempty" yaml:"readers,omitempty"` // independent reads a study
	Optional bool      `json:"optional,omitempty" yaml:"optional,omitempty"`
	Enabled  *bool     `json:"enabled,omitempty" yaml:"enabled,omitempty"`   // nil: yes
	Blinding *Blinding `json:"blinding,omitempty" yaml:"blinding,omitempty"` // nil: everything is hidden
	Order    *Order    `json:"order,omitempty" yaml:"order,omitempty"`
	Repeat   *Repeat   `json:"repeat,omitempty" yaml:"repeat,omitempty"`
	MayEdit  string    `json:"may_edit,omitempty" yaml:"may_edit,omitempty"` // own_only
	Show     *Show     `json:"show,omitempty" yaml:"show,omitempty"`
	Trigger  string    `json:"trigger,omitempty" yaml:"trigger,omitempty"` // of an adjudication: disagreement
	// NotReader must not be false: nobody judges a case they read.
	NotReader         *bool `json:"adjudicator_must_not_be_reader,omitempty" yaml:"adjudicator_must_not_be_reader,omitempty"`
	RationaleRequired bool  `json:"rationale_required,omitempty" yaml:"rationale_required,omitempty"`
}

// Blinding says what a reader does not see.
type Blinding struct {
	OtherReaders    bool `json:"other_readers" yaml:"other_readers"` // must be true
	AIOutput        bool `json:"ai_output" yaml:"ai_output"`
	PriorReport     bool `json:"prior_report" yaml:"prior_report"`
	ClinicalOutcome bool `json:"clinical_outcome" yaml:"clinical_outcome"`
	Draft           bool `json:"draft" yaml:"draft"`
	// Overlays is withheld (also if empty) or on_request: the overlay planes (60xx) of the files, which may carry marks of any of the above.
	Overlays string `json:"overlays,omitempty" yaml:"overlays,omitempty"`
}

// The words of Blinding.Overlays. Either way they are hidden when a study is opened; on request the reader may show them, which is recorded first.
const (
	OverlaysWithheld  = "withheld"
	OverlaysOnRequest = "on_request"
)

// Order is in which order a reader gets the studies.
type Order struct {
	Randomize   string `json:"randomize,omitempty" yaml:"randomize,omitempty"` // per_reader, once, none
	Seed        string `json:"seed,omitempty" yaml:"seed,omitempty"`           // random (drawn and recorded), or the seed itself
	Stored      bool   `json:"stored,omitempty" yaml:"stored,omitempty"`       // says aloud that a drawn seed is recorded; it is anyway
	WashoutDays int    `json:"washout_days,omitempty" yaml:"washout_days,omitempty"`
}

// Repeat is which studies the same reader gets a second time.
type Repeat struct {
	Fraction    float64 `json:"fraction" yaml:"fraction"` // 0 to 1
	Min         int     `json:"min,omitempty" yaml:"min,omitempty"`
	WashoutDays int     `json:"washout_days,omitempty" yaml:"washout_days,omitempty"`
}

// Show is what an adjudicator is shown.
type Show struct {
	OtherReaders   string `json:"other_readers,omitempty" yaml:"other_readers,omitempty"` // anonymous
	Reads          string `json:"reads,omitempty" yaml:"reads,omitempty"`                 // anonymous
	ConsensusDraft bool   `json:"consensus_draft,omitempty" yaml:"consensus_draft,omitempty"`
}

// RequiredReads returns how many independent reads a study needs: those of the last stage that reads and is not optional. Without a protocol it is 1.
func (d *Definition) RequiredReads() int {
	n := 1
	if d.Reading == nil {
		return n
	}
	for _, s := range d.Reading.Stages {
		if s.Role.Reads() && !s.Optional && s.enabled() {
			n = s.Readers
		}
	}
	return n
}

// OverlaysOnRequest reports whether a person who reads in role may show the overlay planes of the files: where every stage of the role says so. A
// definition without a stage for the role says nothing, and they stay withheld.
func (d *Definition) OverlaysOnRequest(role Role) bool {
	if d.Reading == nil {
		return false
	}
	allowed := false
	for _, s := range d.Reading.Stages {
		if s.Role != role || !s.enabled() {
			continue
		}
		if s.Blinding == nil || s.Blinding.Overlays != OverlaysOnRequest {
			return false
		}
		allowed = true
	}
	return allowed
}

func (s *Stage) enabled() bool { return s.Enabled == nil || *s.Enabled }

func (r *Reading) check() error {
	if r == nil {
		return nil
	}
	for _, role := range r.Roles {
		if !role.Valid() {
			return Fieldf(Invalid, "reading.roles", "%q is not a role (annotator, radiologist, adjudicator, lead)", role)
		}
	}
	seen := map[string]bool{}
	for i := range r.Stages {
		s := &r.Stages[i]
		path := "reading.stages." + s.ID
		if !validID(s.ID) || seen[s.ID] {
			return Fieldf(Invalid, "reading.stages", "the id %q must be lower-case letters, digits and _, and occur once", s.ID)
		}
		seen[s.ID] = true
		if err := s.check(path); err != nil {
			return err
		}
	}
	if err := r.Assignment.check(); err != nil {
		return err
	}
	return r.Lock.check()
}

func (s *Stage) check(path string) error {
	switch {
	case !s.Role.Valid() || s.Role == Lead:
		return Fieldf(Invalid, path+".role", "a stage is done by an annotator, a radiologist or an adjudicator")
	case !s.enabled():
		return nil
	case s.Role.Reads() && (s.Readers < 1 || s.Readers > 16):
		return Fieldf(Invalid, path+".readers", "a study has 1 to 16 independent reads")
	case s.Role.Reads() && s.Show != nil:
		return Fieldf(Unsupported, path+".show", "readers see nothing of each other; a second look with the others' marks is not offered")
	case s.Blinding != nil && !s.Blinding.OtherReaders:
		return Fieldf(NotPermitted, path+".blinding.other_readers", "must be true: readers see nothing of each other")
	case s.NotReader != nil && !*s.NotReader:
		return Fieldf(NotPermitted, path+".adjudicator_must_not_be_reader", "must be true: nobody judges a case they read")
	case s.Repeat != nil && !(s.Repeat.Fraction >= 0 && s.Repeat.Fraction <= 1 && s.Repeat.Min >= 0 && s.Repeat.WashoutDays >= 0):
		return Fieldf(Invalid, path+".repeat", "the fraction is 0 to 1, min and washout_days 0 or more")
	case s.Order != nil && s.Order.WashoutDays < 0:
		return Fieldf(Invalid, path+".order.washout_days", "must be 0 or more")
	case s.Order != nil && s.Order.Stored && s.Order.Seed == "":
		return Fieldf(Invalid, path+".order.stored", "there is no seed to store")
	}
	return s.checkWords(path)
}

func (s *Stage) checkWords(path string) error {
	if s.Order != nil {
		if err := oneOf(path+".order.randomize", s.Order.Randomize, "per_reader", "once", "none"); err != nil {
			return err
		}
	}
	if s.Show != nil {
		for _, word := range []string{s.Show.Reads, s.Show.OtherReaders} {
			if err := oneOf(path+".show", word, "anonymous"); err != nil {
				return err
			}
		}
	}
	if s.Blinding != nil {
		if err := oneOf(path+".blinding.overlays", s.Blinding.Overlays, OverlaysWithheld, OverlaysOnRequest); err != nil {
			return err
		}
	}
	if err := oneOf(path+".may_edit", s.MayEdit, "own_only"); err != nil {
		return err
	}
	return oneOf(path+".trigger", s.Trigger, "disagreement")
}
