package report

import (
	"fmt"
	"strings"

	"hotlight/project"
	"hotlight/project/selftest"
)

// SelfTest is what repeating the worked examples gave on this computer.
type SelfTest struct {
	Vectors     int          `json:"vectors"`
	Values      int          `json:"values"`
	Passed      int          `json:"passed"`
	Failed      []string     `json:"failed,omitempty"`
	Unsupported []string     `json:"unsupported,omitempty"`
	SHA256      project.Hash `json:"sha256"` // of the vectors' ids and expected values, in order
}

func (b *builder) selfTest() error {
	vectors := b.o.Vectors
	if vectors == nil {
		vectors = selftest.Shipped()
	}
	outcomes, err := selftest.Run(b.ctx, vectors, nil)
	if err != nil {
		return err
	}
	verdicts, values := selftest.Count(outcomes)
	out := SelfTest{Vectors: len(outcomes), Values: values, Passed: verdicts[selftest.Pass]}
	for _, o := range outcomes {
		switch o.Verdict {
		case selftest.Fail:
			out.Failed = append(out.Failed, o.ID)
		case selftest.Unsupported:
			out.Unsupported = append(out.Unsupported, o.ID)
		}
	}
	text, err := marshal(vectors)
	if err != nil {
		return err
	}
	out.SHA256 = project.HashOf(text)
	b.out.SelfTest = out
	return nil
}

func (t SelfTest) words() string {
	if t.Passed == t.Vectors {
		return fmt.Sprintf("%d of %d worked examples (%d values) within their tolerance on this computer", t.Passed, t.Vectors, t.Values)
	}
	return fmt.Sprintf("FAILED: %d of %d worked examples within their tolerance; not: %s", t.Passed, t.Vectors, strings.Join(append(t.Failed, t.Unsupported...), ", "))
}

// evidence is the section on what stands behind the numbers.
func (b *builder) evidence([]*studyFacts) error {
	s := b.section("evidence", "What stands behind these numbers")
	verified, unverified, unsigned := 0, 0, 0
	for _, r := range b.used() {
		switch {
		case r.Signature == nil:
			unsigned++
		case r.Signature.Verified:
			verified++
		default:
			unverified++
		}
	}
	t := &Table{Caption: "Software, signatures, log", Columns: []string{"What", "Finding"}}
	t.words("Program", or(b.o.Program, notGiven))
	t.words("Self-test", b.out.SelfTest.words())
	t.words("SHA-256 of the worked examples", b.out.SelfTest.SHA256.String())
	t.words("Source of the reads", b.in.Source)
	t.words("Signatures of the reads used", fmt.Sprintf("%d verified when the input was written, %d not verified, %d without a signature. This report verifies no signature itself.", verified, unverified, unsigned))
	if a := b.in.Panel.Audit; a != nil {
		state := "NOT verified"
		if a.Verified {
			state = "verified when the input was written"
		}
		t.words("Audit log", fmt.Sprintf("%d events, checkpoint %s, %s", a.LogSize, or(a.Checkpoint, notGiven), state))
	} else {
		t.words("Audit log", notGiven)
	}
	if !b.out.SelfTestHeld() {
		s.plate("The self-test did not hold on this computer: no number of this report may be relied on.")
	}
	s.table(t)
	b.files(s)
	return nil
}

// SelfTestHeld reports whether every worked example passed.
func (r *Report) SelfTestHeld() bool { return r.SelfTest.Passed == r.SelfTest.Vectors }

func (b *builder) files(s *Section) {
	if len(b.in.Files) == 0 {
		return
	}
	var all strings.Builder
	t := &Table{Caption: "Files of the input", Columns: []string{"File", "Bytes", "SHA-256"}}
	for _, f := range b.in.Files {
		t.words(f.Name, fmt.Sprint(f.Size), f.SHA256.String())
		fmt.Fprintf(&all, "%s  %s\n", f.SHA256, f.Name)
	}
	s.text(fmt.Sprintf("%d input files, together SHA-256 %s (of the lines that sha256sum prints for them, by name).", len(b.in.Files), project.HashOf([]byte(all.String()))))
	if len(b.in.Files) <= maxListed {
		s.table(t)
	} else {
		s.text("They are listed one by one in report.json.")
	}
}

// definitions is the section on how the numbers were made.
func (b *builder) definitions([]*studyFacts) error {
	s := b.section("methods", "Definitions and methods")
	t := &Table{Caption: "What the words mean here", Columns: []string{"Word", "Meaning"}}
	t.words("Undefined", "A number that cannot be computed has a status and no value: a Dice of two empty masks (both empty), a distance to an empty mask (ref empty, test empty), a kappa where only one level occurs (undefined single class), a share of nothing (undefined no reference), too few units (too few), a read that is not there (missing reader). None of them is counted as 0 or 1; all are counted.")
	t.words("One mask empty", "Dice, Jaccard and NSD are 0 and enter the means; distances are undefined and are counted apart. Read the distances together with the counts of empty masks.")
	t.words("All pairs", "Each study gives one value, the mean over its pairs of readers. Pairs that share a reader or a study are not independent and are never counted as separate observations.")
	t.words("Interval", fmt.Sprintf("95 %%. Of means, quantiles and coefficients over units of which a patient has several: percentile bootstrap of patients, %d replicates, seed %d. Of coefficients where every unit is another patient: the formula named with the number in appendix A. Of shares: Wilson, with the number of trials reduced by the design effect of patients (Rao and Scott 1992) and the degrees of freedom of few patients (Korn and Graubard 1998). Percentile intervals of few patients are too narrow: below about %d patients they are a rough guide.", b.boot.Replicates, b.boot.Seed, b.minCases))
	t.words("No interval", "Where the data show no variation (all replicates equal, a standard error of zero) no interval is printed: its width of zero would claim certainty.")
	t.words("Surfaces", fmt.Sprintf("Definition %s. Distances under other definitions are not comparable with these. HD95 is the greater of the two directed 95th percentiles.", b.surface))
	t.words("Reference", map[bool]string{true: "An external truth, given as reads of the role reference.", false: "None was given. Readers are held against the panel's own result, to which they contributed: these figures flatter them, and cannot show an error that all readers share."}[b.reference != ""])
	t.words("Small structures", "Overlap punishes small things hard: a border off by one voxel halves the Dice of a structure of a few voxels. Of lesions below 10 mm read sensitivity first.")
	t.words("Tests", "None is made: no p value is given. Intervals that do or do not overlap are no test.")
	t.words("Multiplicity", b.multiplicity())
	t.words("Units", "Lengths in patient millimetres from the images' own geometry; volumes in ml; nothing is resampled, no masks of different grids are compared.")
	s.table(t)
	return nil
}

func (b *builder) multiplicity() string {
	n := 0
	for _, x := range b.list {
		if x.Interval.Level > 0 {
			n++
		}
	}
	return fmt.Sprintf("%d intervals are printed, none adjusted for their number. Were they independent, about %.0f would miss the true value. Strata and single readers are descriptive; only the gates were set before reading.", n, 0.05*float64(n))
}

// card is the section that a data set needs when it leaves the house.
func (b *builder) card([]*studyFacts) error {
	s := b.section("card", "Dataset card, limitations, sign-off")
	d := b.in.Panel.Dataset
	if d == nil {
		d = &Dataset{}
	}
	t := &Table{Caption: "Dataset card", Columns: []string{"What", "As given by the owner of the data"}}
	t.words("Source and sites", or(d.Source, notGiven))
	t.words("Inclusion and exclusion", or(d.Inclusion, notGiven))
	t.words("De-identification", or(d.Deidentification, notGiven))
	t.words("Splits", or(d.Splits, notGiven))
	t.words("Licence", or(d.Licence, notGiven))
	t.words("Intended use", or(b.in.Definition.Project.IntendedUse, notGiven))
	s.table(t)
	x := &Table{Caption: "Limitations", Columns: []string{"From", "Limitation"}}
	for _, l := range d.Limitations {
		x.words("the owner", l)
	}
	if !b.out.Verdicts {
		x.words("the report", b.tooFew())
	}
	if b.reference == "" {
		x.words("the report", "There is no external truth: agreement is not accuracy.")
	}
	if len(b.panel) < 3 {
		x.words("the report", fmt.Sprintf("%d readers: how much readers of this kind differ cannot be estimated from so few.", len(b.panel)))
	} else {
		x.words("the report", fmt.Sprintf("Intervals treat the %d readers as fixed: they hold for these readers, not for others.", len(b.panel)))
	}
	s.table(x)
	sign := &Table{Caption: "Sign-off", Columns: []string{"Role", "Name", "Date", "Signature"}}
	for _, role := range []string{"Annotation lead", "Radiologist", "Adjudicator", "Data manager"} {
		sign.words(role, "", "", "")
	}
	sign.Note = "To be signed on paper, or by the signature of the report's files."
	s.table(sign)
	return nil
}
