package panel

import (
	"bytes"
	"slices"

	"hotlight/project"
	"hotlight/project/volume"
)

// Work is a case to resolve: the definition, and everything in its reads that a rule compares.
type Work struct {
	Definition *project.Definition // checked
	Hash       project.Hash        // of its signed bytes
	Modality   project.Modality    // of the study; questions and classes of other modalities are left out unless somebody answered or drew. Empty: all
	Expected   int                 // readers there should be; 0: as the definition says
	Images     []Image
	Reads      []Content // in any order
	// Surfaces measures the surface distances of all pairs of readers, and of each reader to the consensus. Otherwise only those are measured that a gate asks for:
	// a pair of livers takes the better part of a second.
	Surfaces bool
}

// Image is one volume of the study that marks lie on.
type Image struct {
	Geometry *volume.Geometry // nil: nothing is known in millimetres, and rules that need them dispute
}

// Content is what one committed read holds.
type Content struct {
	Read         project.Hash // digest of the signed read
	Answers      []Said       // of the study form; a hidden or open question has none
	Marks        []Drawn
	Measurements []Measured
}

// Said is an answer to a question of the study form. Its Read is filled in.
type Said struct {
	Question string
	Part     string // of a question that is asked once a breast or lesion: which one, in the same words in all reads; empty: the study
	Answer
}

// Drawn is a mark of a class. Its Read is filled in.
type Drawn struct {
	Class string
	Image int // index into Work.Images
	Mark
}

// Measured is one number of a measurement class.
type Measured struct {
	Class string
	Name  string // which of its numbers: "long_axis", "short_axis"; empty where there is one
	Of    int    // Number of the mark of the class's link_to that was measured; 0: of none
	Value float64
	Unit  string // UCUM: "mm"
}

// CaseResult is what the definition's rules make of a case.
type CaseResult struct {
	Agreed       bool
	Expected     int
	Missing      int // readers that were expected and are not there
	Questions    []QuestionResult
	Classes      []ImageResult
	Measurements []MeasureResult
	Open         []Open // what goes to the adjudicator; empty if agreed
}

// QuestionResult is the consensus on a question of the study form.
type QuestionResult struct {
	Question, Part string
	FormResult
}

// ImageResult is the consensus on a class on one image.
type ImageResult struct {
	Class string
	Image int
	ClassResult
}

// MeasureResult is the consensus on one number of a measurement class.
type MeasureResult struct {
	Class, Name, Unit string
	Of                *Thing // what was measured; nil: the class is linked to nothing
	FormResult
}

// Thing names an instance of a result.
type Thing struct {
	Class    string
	Image    int
	Instance int // index into ImageResult.Instances
}

// Open is one thing that the rules did not decide.
type Open struct {
	Subject  string // as a definition's field: study_form.birads, classes.mass, measurements.target
	Part     string // of a question: the breast or lesion
	Image    int    // of a class: index into Work.Images; otherwise -1
	Instance int    // of a class or measurement: from 1; 0: the whole
	Reasons  []string
}

// ResolveCase applies the rules of a definition to all that the reads of a case hold: each question, each class on each image, each measurement. The order of
// reads, marks and answers changes nothing.
//
// Errors are Invalid: reads that are not told apart, answers and marks that the definition does not know, masks that are not on their image's grid. What the rules
// cannot decide is no error; it is in Open.
func ResolveCase(w Work) (*CaseResult, error) {
	w.Reads = slices.Clone(w.Reads)
	slices.SortFunc(w.Reads, func(a, b Content) int { return bytes.Compare(a.Read[:], b.Read[:]) })
	if w.Expected == 0 {
		w.Expected = w.Definition.RequiredReads()
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	out := &CaseResult{Expected: w.Expected, Missing: max(w.Expected-len(w.Reads), 0)}
	for _, resolve := range []func(*CaseResult) error{w.questions, w.classes, w.measurements} {
		if err := resolve(out); err != nil {
			return nil, err
		}
	}
	if len(w.Reads) == 0 {
		out.open(Open{Subject: "reads", Image: -1, Reasons: []string{"nobody read the case"}})
	}
	out.Agreed = len(out.Open) == 0
	return out, nil
}

// check refuses what the definition does not know.
func (w *Work) check() error {
	for n, r := range w.Reads {
		if r.Read.IsZero() || n > 0 && w.Reads[n-1].Read == r.Read {
			return project.Errorf(project.Invalid, "a consensus rests on signed reads, each named once by its digest")
		}
		if err := w.checkAnswers(r); err != nil {
			return err
		}
		for _, m := range r.Marks {
			if err := w.checkMark(m); err != nil {
				return err
			}
		}
		for _, m := range r.Measurements {
			if c, ok := w.Definition.Class(m.Class); !ok || !c.Is(project.KindMeasurement) {
				return project.Errorf(project.Invalid, "a read measures %q, which is no measurement of the definition", m.Class)
			}
		}
	}
	return nil
}

func (w *Work) checkAnswers(r Content) error {
	seen := map[[2]string]bool{}
	for _, a := range r.Answers {
		if _, ok := w.Definition.Question(a.Question); !ok {
			return project.Errorf(project.Invalid, "a read answers %q, which the study form does not ask", a.Question)
		}
		key := [2]string{a.Question, a.Part}
		if seen[key] {
			return project.Errorf(project.Invalid, "study_form.%s: a read answers twice", a.Question)
		}
		seen[key] = true
	}
	return nil
}

func (w *Work) checkMark(m Drawn) error {
	c, ok := w.Definition.Class(m.Class)
	switch {
	case !ok || !c.Is(project.KindSegment) && !c.Is(project.KindDetection):
		return project.Errorf(project.Invalid, "a read marks %q, which is nothing to draw in the definition", m.Class)
	case m.Image < 0 || m.Image >= len(w.Images):
		return project.Errorf(project.Invalid, "classes.%s: a mark lies on image %d of %d", m.Class, m.Image+1, len(w.Images))
	}
	if g := w.Images[m.Image].Geometry; g != nil && m.Mask != nil && m.Mask.Size() != g.Size {
		return project.Errorf(project.Invalid, "classes.%s: a mask of %v voxels on an image of %v: %w", m.Class, m.Mask.Size(), g.Size, errGrid)
	}
	return nil
}

// asked reports whether something for these modalities concerns the study.
func (w *Work) asked(modalities []project.Modality) bool {
	return w.Modality == "" || len(modalities) == 0 || slices.Contains(modalities, w.Modality)
}

func (r *CaseResult) open(o Open) { r.Open = append(r.Open, o) }
