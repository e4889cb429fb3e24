package report

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/selftest"
)

// Options say what the input does not.
type Options struct {
	Program  string                // name and version, as records carry them
	Date     string                // printed as the day of the report; empty: none, and equal input gives equal bytes on any day
	Progress func(done, total int) // may be nil; called from one goroutine at a time
	Vectors  []selftest.Vector     // what the self-test repeats; nil: those that ship with the program
}

// Report is the one model that HTML, CSV and JSON are written from.
type Report struct {
	Program, Date string
	In            *Input
	Numbers       []*Number // every figure, in the order of the sections
	Values        []Value   // every study's figures, for studies.csv

	Sections []*Section
	Summary  Summary // the first page
	Gates    []Judged
	Verdicts bool // enough studies and patients to judge
	SelfTest SelfTest
	Notes    []string // what a reader of the report must know that no number says

	byID map[string]*Number
}

// Value is one figure of one study.
type Value struct {
	Study, Subject, Metric, Comparison, Unit string
	metrics.Result
}

// Number returns the figure with this id, or nil.
func (r *Report) Number(id string) *Number { return r.byID[id] }

// builder gathers the report.
type builder struct {
	ledger
	ctx        context.Context
	in         *Input
	o          Options
	out        *Report
	boot       metrics.Bootstrap
	minCases   int
	surface    metrics.Surface
	panel      []Reader // whose reads make the panel, in the roster's order
	reference  string   // id of the external reference; empty: none
	expected   int      // reads that a study needs
	studies    []*study // in the panel's order, without the excluded
	deviations []Deviation
	notes      []string
}

// study is one analysed study with its reads.
type study struct {
	*Study
	reads   map[string]*Read   // the panel's, first time, by reader
	repeats map[string][]*Read // the panel's later times, in order
	truth   *Read              // the external reference's
	judged  *Read              // the adjudicator's
}

// Build computes the report. Errors are those of masks that cannot be read or compared, which name the read; everything else that is missing or undefined is a
// status.
func Build(ctx context.Context, in *Input, o Options) (*Report, error) {
	b := &builder{ctx: ctx, in: in, o: o, out: &Report{Program: o.Program, Date: o.Date, In: in}, minCases: 10, surface: metrics.SurfelArea, boot: metrics.Bootstrap{Replicates: 2000, Seed: 1}}
	b.plan()
	if err := b.sort(); err != nil {
		return nil, err
	}
	facts, err := b.compareAll()
	if err != nil {
		return nil, err
	}
	if err := b.selfTest(); err != nil {
		return nil, err
	}
	for _, step := range []func([]*studyFacts) error{b.protocol, b.flow, b.classes, b.lesions, b.forms, b.rocs, b.measures, b.resolved, b.worst, b.repeats, b.effort, b.gates, b.departures, b.definitions, b.evidence, b.card} {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := step(facts); err != nil {
			return nil, err
		}
	}
	b.summary()
	b.out.Notes = b.notes
	b.out.Numbers, b.out.byID = b.list, b.byID
	return b.out, nil
}

// plan takes what the definition fixed before anybody read.
func (b *builder) plan() {
	p := b.in.Definition.Metrics
	if p == nil {
		b.note("The definition has no plan of metrics: the program's usual ones are given, and there is no gate to judge.")
		return
	}
	if p.Bootstrap != nil {
		b.boot = metrics.Bootstrap{Replicates: p.Bootstrap.Replicates, Seed: p.Bootstrap.Seed}
	} else {
		b.note("The definition fixes no bootstrap: 2000 replicates with seed 1 are drawn.")
	}
	if p.MinCases > 0 {
		b.minCases = max(p.MinCases, 10)
		if p.MinCases < 10 {
			b.note("The definition would judge from %d studies on; this program judges nothing below ten.", p.MinCases)
		}
	}
	if p.SurfaceDefinition != "" {
		b.surface = metrics.Surface(p.SurfaceDefinition)
	}
	if p.Confidence != 0 && p.Confidence != level {
		b.deviations = append(b.deviations, Deviation{Found: byReport, Text: fmt.Sprintf("The definition asks for intervals of %g %%; this program gives 95 %%.", 100*p.Confidence),
			Impact: "Gates that use the lower end of an interval are not judged."})
	}
}

const byReport = "by the report"

func (b *builder) note(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if !slices.Contains(b.notes, text) {
		b.notes = append(b.notes, text)
	}
}

// sort gives each study its reads.
func (b *builder) sort() error {
	excluded := map[string]bool{}
	for _, e := range b.in.Panel.Excluded {
		excluded[e.Study] = true
	}
	at := map[string]*study{}
	for n := range b.in.Panel.Studies {
		s := &b.in.Panel.Studies[n]
		if !excluded[s.ID] {
			at[s.ID] = &study{Study: s, reads: map[string]*Read{}, repeats: map[string][]*Read{}}
			b.studies = append(b.studies, at[s.ID])
		}
	}
	stage, seen := b.in.stage(), map[string]bool{}
	for _, r := range b.in.Reads {
		s, who := at[r.Study], Reader{}
		if who, _ = b.in.Panel.reader(r.Reader); s == nil {
			continue
		}
		switch {
		case who.Role == RoleReference:
			s.truth, b.reference = r, r.Reader
		case who.Role == Role(project.Adjudicator):
			if s.judged != nil {
				return project.Errorf(project.Invalid, "%s: %s is another adjudicator's read of the study", r.Name, s.judged.Name)
			}
			s.judged = r
		case r.Stage == stage && r.Repeat == 0:
			s.reads[r.Reader], seen[r.Reader] = r, true
		case r.Stage == stage:
			s.repeats[r.Reader] = append(s.repeats[r.Reader], r)
		}
	}
	if len(b.studies) == 0 {
		return project.Errorf(project.NotFound, "every study is excluded")
	}
	for _, r := range b.in.Panel.Readers {
		if r.reads() && seen[r.ID] {
			b.panel = append(b.panel, r)
		}
	}
	if len(b.panel) == 0 {
		return project.Errorf(project.NotFound, "there is no read of stage %q: a report needs a panel", stage)
	}
	b.expected = len(b.panel)
	if b.in.Definition.Reading != nil {
		b.expected = b.in.Definition.RequiredReads()
	}
	return nil
}

// pairs lists the pairs of panel readers.
func (b *builder) pairs() (out [][2]string) {
	for n, a := range b.panel {
		for _, c := range b.panel[n+1:] {
			out = append(out, [2]string{a.ID, c.ID})
		}
	}
	return out
}

// compareAll measures every study, several at a time, in any order; the result does not depend on it.
func (b *builder) compareAll() ([]*studyFacts, error) {
	out, fail := make([]*studyFacts, len(b.studies)), make([]error, len(b.studies))
	next, done := make(chan int), make(chan int)
	var workers sync.WaitGroup
	ctx, cancel := context.WithCancel(b.ctx)
	defer cancel()
	for range workersOf(len(b.studies)) {
		workers.Go(func() {
			for n := range next {
				out[n], fail[n] = b.compare(ctx, b.studies[n])
				if fail[n] != nil {
					cancel()
				}
				done <- n
			}
		})
	}
	go func() {
		defer close(next)
		for n := range b.studies {
			select {
			case next <- n:
			case <-ctx.Done():
				return
			}
		}
	}()
	go func() { workers.Wait(); close(done) }()
	finished := 0
	for range done {
		if finished++; b.o.Progress != nil {
			b.o.Progress(finished, len(b.studies))
		}
	}
	for _, err := range fail {
		if err != nil && !errors.Is(err, context.Canceled) {
			return nil, err // the first study's, whichever worker met its own first
		}
	}
	return out, b.ctx.Err()
}
