package panel

import (
	"encoding/json"
	"math"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// Record returns the JSON of a result: what is signed, filed and printed. Equal results give equal bytes. Masks stand as their digests (SHA-256 of the bits in i-fastest
// order, packed least significant bit first) and volumes; a number that is not known is null.
func (r *CaseResult) Record() ([]byte, error) {
	out := caseRecord{Version: Version, Agreed: r.Agreed, Expected: r.Expected, Missing: r.Missing, Questions: []formRecord{}, Classes: []classRecord{},
		Measurements: []formRecord{}, Open: []openRecord{}}
	for n := range r.Questions {
		q := &r.Questions[n]
		out.Questions = append(out.Questions, recordOf(&q.FormResult, formRecord{Part: q.Part}))
	}
	for n := range r.Classes {
		out.Classes = append(out.Classes, r.Classes[n].record())
	}
	for n := range r.Measurements {
		m := &r.Measurements[n]
		f := formRecord{Name: m.Name, Unit: m.Unit}
		if m.Of != nil {
			f.Of = &thingRecord{m.Of.Class, m.Of.Image, m.Of.Instance + 1}
		}
		out.Measurements = append(out.Measurements, recordOf(&m.FormResult, f))
	}
	for _, o := range r.Open {
		out.Open = append(out.Open, openRecord(o))
	}
	return json.Marshal(out)
}

type caseRecord struct {
	Version      string        `json:"version"`
	Agreed       bool          `json:"agreed"`
	Expected     int           `json:"expected_readers"`
	Missing      int           `json:"missing_readers"`
	Questions    []formRecord  `json:"questions"`
	Classes      []classRecord `json:"classes"`
	Measurements []formRecord  `json:"measurements"`
	Open         []openRecord  `json:"open"`
}

type openRecord struct {
	Subject  string   `json:"subject"`
	Part     string   `json:"part,omitempty"`
	Image    int      `json:"image"`
	Instance int      `json:"instance,omitempty"`
	Reasons  []string `json:"reasons"`
}

// thingRecord counts instances from 1, as open ones are counted.
type thingRecord struct {
	Class    string `json:"class"`
	Image    int    `json:"image"`
	Instance int    `json:"instance"`
}

type formRecord struct {
	Basis
	Part    string                  `json:"part,omitempty"`
	Name    string                  `json:"name,omitempty"`
	Of      *thingRecord            `json:"of,omitempty"`
	Agreed  bool                    `json:"agreed"`
	Decided bool                    `json:"decided"`
	Value   string                  `json:"value,omitempty"`
	Number  *float64                `json:"number,omitempty"`
	Unit    string                  `json:"unit,omitempty"`
	Reasons []string                `json:"reasons,omitempty"`
	N       int                     `json:"n"`
	Spread  *float64                `json:"spread"`
	Counts  map[string]int          `json:"counts,omitempty"`
	Each    map[string]choiceRecord `json:"each,omitempty"`
}

// choiceRecord is one value of a question with several answers.
type choiceRecord struct {
	Agreed  bool   `json:"agreed"`
	Decided bool   `json:"decided"`
	Value   string `json:"value,omitempty"`
}

func recordOf(f *FormResult, out formRecord) formRecord {
	out.Basis, out.Agreed, out.Decided, out.Value, out.Reasons = f.Basis, f.Agreed, f.Decided, f.Value, f.Reasons
	out.N, out.Spread, out.Counts = f.N, known(f.Spread), f.Counts
	if f.Decided && f.Value == "" && f.Each == nil {
		out.Number = known(f.Number)
	}
	for value, d := range f.Each {
		if out.Each == nil {
			out.Each = map[string]choiceRecord{}
		}
		out.Each[value] = choiceRecord{d.Agreed, d.Decided, d.Value}
	}
	return out
}

type classRecord struct {
	Basis
	Image     int              `json:"image"`
	Agreed    bool             `json:"agreed"`
	Reasons   []string         `json:"reasons,omitempty"`
	Instances []instanceRecord `json:"instances"`
}

type instanceRecord struct {
	From       []sourceRecord        `json:"from"`
	Present    bool                  `json:"present"`
	Agreed     bool                  `json:"agreed"`
	Reasons    []string              `json:"reasons,omitempty"`
	Mask       *maskRecord           `json:"mask,omitempty"`
	Undecided  *maskRecord           `json:"undecided,omitempty"`
	Box        *boxRecord            `json:"box,omitempty"`
	Facts      map[string]*float64   `json:"facts,omitempty"`
	Fit        []fitRecord           `json:"fit,omitempty"`
	Staple     *stapleRecord         `json:"staple,omitempty"`
	Simple     *simpleRecord         `json:"simple,omitempty"`
	Attributes map[string]formRecord `json:"attributes,omitempty"`
}

type sourceRecord struct {
	Read   project.Hash `json:"read"`
	Number int          `json:"number"`
}

type maskRecord struct {
	SHA256 project.Hash `json:"sha256"`
	Voxels int64        `json:"voxels"`
}

type boxRecord struct {
	Min [3]float64 `json:"min_mm"`
	Max [3]float64 `json:"max_mm"`
}

type fitRecord struct {
	Dice    *float64 `json:"dice"`
	NSD     *float64 `json:"nsd"`
	Without *float64 `json:"dice_without_them"`
}

type stapleRecord struct {
	Sensitivity []float64 `json:"sensitivity"`
	Specificity []float64 `json:"specificity"`
	Prior       float64   `json:"prior"`
	Iterations  int       `json:"iterations"`
	Converged   bool      `json:"converged"`
}

type simpleRecord struct {
	Weights    []float64 `json:"weights"`
	Iterations int       `json:"iterations"`
	Converged  bool      `json:"converged"`
}

func (r *ImageResult) record() classRecord {
	out := classRecord{Basis: r.Basis, Image: r.Image, Agreed: r.Agreed, Reasons: r.Reasons, Instances: []instanceRecord{}}
	for n := range r.Instances {
		out.Instances = append(out.Instances, r.Instances[n].record())
	}
	return out
}

func (in *Instance) record() instanceRecord {
	out := instanceRecord{Present: in.Present, Agreed: in.Agreed, Reasons: in.Reasons, Mask: maskOf(in.Mask), Undecided: maskOf(in.Undecided)}
	for _, s := range in.From {
		out.From = append(out.From, sourceRecord(s))
	}
	if in.Box != nil {
		out.Box = &boxRecord{in.Box.Min, in.Box.Max}
	}
	for name, v := range in.Facts {
		if out.Facts == nil {
			out.Facts = map[string]*float64{}
		}
		out.Facts[name] = known(v)
	}
	for _, f := range in.Fit {
		out.Fit = append(out.Fit, fitRecord{known(f.Dice), known(f.NSD), known(f.WithoutThem)})
	}
	if s := in.Staple; s != nil {
		out.Staple = &stapleRecord{s.Sensitivity, s.Specificity, s.Prior, s.Iterations, s.Converged}
	}
	if s := in.Simple; s != nil {
		out.Simple = &simpleRecord{s.Weights, s.Iterations, s.Converged}
	}
	for id := range in.Attributes {
		if out.Attributes == nil {
			out.Attributes = map[string]formRecord{}
		}
		f := in.Attributes[id]
		out.Attributes[id] = recordOf(&f, formRecord{})
	}
	return out
}

func maskOf(m *segmentation.Mask) *maskRecord {
	if m == nil {
		return nil
	}
	return &maskRecord{m.SHA256(), m.Count()}
}

// known is nil for what is not a number.
func known(v float64) *float64 {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return nil
	}
	return &v
}
