package report

import (
	"encoding/json"
	"math"
	"slices"
	"time"

	"hotlight/project"
	"hotlight/project/volume"
)

// readFile is one file of reads/: see READS.md.
type readFile struct {
	Schema     string `json:"schema"`
	Study      string `json:"study"`
	Reader     string `json:"reader"`
	Stage      string `json:"stage"`
	Repeat     int    `json:"repeat"`
	Definition struct {
		Version int `json:"version"`
	} `json:"definition"`
	Started      time.Time                  `json:"started"`
	Signed       time.Time                  `json:"signed"`
	Seconds      *float64                   `json:"seconds"`
	Answers      map[string]json.RawMessage `json:"answers"`
	Masks        []maskFile                 `json:"masks"`
	Marks        []markFile                 `json:"marks"`
	Measurements []measurementFile          `json:"measurements"`
	Signature    *SignatureOf               `json:"signature"`
}

type maskFile struct {
	File     string        `json:"file"`
	Segments []segmentFile `json:"segments"`

	hash project.Hash // of the file's bytes
	of   []SegmentOf
}

type segmentFile struct {
	Label      int                        `json:"label"`
	Class      string                     `json:"class"`
	Instance   int                        `json:"instance"`
	Rating     *float64                   `json:"rating"`
	Attributes map[string]json.RawMessage `json:"attributes"`
}

type markFile struct {
	Class  string     `json:"class"`
	Number int        `json:"number"`
	MinMM  [3]float64 `json:"min_mm"`
	MaxMM  [3]float64 `json:"max_mm"`
	Rating *float64   `json:"rating"`

	Attributes map[string]json.RawMessage `json:"attributes"`
}

type measurementFile struct {
	Class  string   `json:"class"`
	Name   string   `json:"name"`
	Of     int      `json:"of"`
	Target string   `json:"target"`
	Value  *float64 `json:"value"`
	Unit   string   `json:"unit"`
}

// read reads one file of reads/ and checks it against definition and panel.
func (l *loader) read(in *Input, name string) (*Read, error) {
	b, err := l.bytes(name, maxJSON)
	if err != nil {
		return nil, err
	}
	return l.parse(in, name, b)
}

func (l *loader) parse(in *Input, name string, b []byte) (_ *Read, err error) {
	var f readFile
	if err := decode(b, &f); err != nil {
		return nil, err
	}
	if f.Schema != ReadSchema {
		return nil, project.Errorf(project.Unsupported, "schema: this program knows %s, the file says %q", ReadSchema, f.Schema)
	}
	r := &Read{Name: name, Study: f.Study, Reader: f.Reader, Stage: f.Stage, Repeat: f.Repeat, Version: f.Definition.Version, Started: f.Started, Signed: f.Signed,
		Seconds: number(f.Seconds), Signature: f.Signature, Digest: project.HashOf(b)}
	if err := in.place(r); err != nil {
		return nil, err
	}
	if r.Answers, err = in.answers(f.Answers); err != nil {
		return nil, err
	}
	if err := in.marks(r, f.Marks); err != nil {
		return nil, err
	}
	if err := in.measurements(r, f.Measurements); err != nil {
		return nil, err
	}
	return r, l.masks(in, r, f.Masks)
}

// place checks who read what, when.
func (in *Input) place(r *Read) error {
	p := &in.Panel
	if !slices.ContainsFunc(p.Studies, func(s Study) bool { return s.ID == r.Study }) {
		return project.Errorf(project.Invalid, "study: %s does not list %q", PanelName, r.Study)
	}
	who, ok := p.reader(r.Reader)
	switch {
	case !ok:
		return project.Errorf(project.Invalid, "reader: %s does not list %q", PanelName, r.Reader)
	case who.Role == Role(project.Lead):
		return project.Errorf(project.NotPermitted, "reader: a lead makes no reads")
	case r.Repeat < 0 || r.Repeat > 99:
		return project.Errorf(project.Invalid, "repeat: is 0 to 99")
	case !(r.Seconds >= 0) && !math.IsNaN(r.Seconds):
		return project.Errorf(project.Invalid, "seconds: is 0 or more")
	case !r.Started.IsZero() && !r.Signed.IsZero() && r.Signed.Before(r.Started):
		return project.Errorf(project.Invalid, "signed: is before started")
	}
	if !who.reads() {
		if r.Stage != "" || r.Repeat != 0 {
			return project.Errorf(project.Invalid, "stage: the read of %s %s is of no stage, and made once", article(string(who.Role)), who.Role)
		}
		return nil
	}
	if r.Stage == "" {
		r.Stage = in.stage()
	}
	return in.checkStage(r.Stage)
}

func (in *Input) checkStage(stage string) error {
	if in.Definition.Reading == nil {
		if stage == in.stage() {
			return nil
		}
		return project.Errorf(project.Invalid, "stage: the definition has no stages; leave it out")
	}
	for _, s := range in.Definition.Reading.Stages {
		if s.ID == stage {
			return nil
		}
	}
	return project.Errorf(project.Invalid, "stage: the definition has no stage %q", stage)
}

func article(word string) string {
	if word == "adjudicator" || word == "annotator" {
		return "an"
	}
	return "a"
}

func (in *Input) marks(r *Read, list []markFile) error {
	seen := map[string]map[int]bool{}
	for n, m := range list {
		c, ok := in.Definition.Class(m.Class)
		switch {
		case !ok || !c.Is(project.KindDetection):
			return project.Errorf(project.Invalid, "marks[%d].class: the definition has no detection %q", n, m.Class)
		case m.Number < 1 || seen[m.Class][m.Number]:
			return project.Errorf(project.Invalid, "marks[%d].number: counts from 1 and occurs once in a class", n)
		}
		for a := range 3 {
			if !(m.MinMM[a] <= m.MaxMM[a]) {
				return project.Errorf(project.Invalid, "marks[%d].max_mm: is below min_mm", n)
			}
		}
		if seen[m.Class] == nil {
			seen[m.Class] = map[int]bool{}
		}
		seen[m.Class][m.Number] = true
		attributes, rating, err := markAnswers(&c, m.Attributes, m.Rating)
		if err != nil {
			return project.Errorf(project.Invalid, "marks[%d].attributes.%w", n, err)
		}
		r.Marks = append(r.Marks, Mark{m.Class, m.Number, volume.Point(m.MinMM), volume.Point(m.MaxMM), rating, attributes})
	}
	return nil
}

func (in *Input) measurements(r *Read, list []measurementFile) error {
	seen := map[Measurement]bool{}
	for n, m := range list {
		c, ok := in.Definition.Class(m.Class)
		key := Measurement{Class: m.Class, Name: m.Name, Of: m.Of, Target: m.Target}
		switch {
		case !ok || !c.Is(project.KindMeasurement):
			return project.Errorf(project.Invalid, "measurements[%d].class: the definition has no measurement %q", n, m.Class)
		case m.Of < 0 || m.Of > 0 && (c.LinkTo == "" || m.Target != ""):
			return project.Errorf(project.Invalid, "measurements[%d].of: names a mark of the class's link_to, in place of a target", n)
		case seen[key]:
			return project.Errorf(project.Invalid, "measurements[%d]: the same thing is measured twice", n)
		case m.Value == nil:
			return project.Errorf(project.Invalid, "measurements[%d].value: is missing; leave out what was not measured", n)
		case m.Unit == "":
			return project.Errorf(project.Invalid, "measurements[%d].unit: is missing", n)
		}
		seen[key] = true
		key.Value, key.Unit = *m.Value, m.Unit
		r.Measurements = append(r.Measurements, key)
	}
	return nil
}
