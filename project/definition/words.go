package definition

import (
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"hotlight/project"
)

// takeBareWords reads {seed: random, stored}: a key without a value says that it is so. The decoder passes over such keys. The file has been decoded before, so
// that it parses.
func (f *file) takeBareWords(b []byte) {
	if f.Reading == nil {
		return
	}
	tree, err := parser.ParseBytes(b, 0)
	if err != nil || len(tree.Docs) == 0 {
		return
	}
	for n := range f.Reading.Stages {
		s := &f.Reading.Stages[n]
		if s.Order != nil && isBare(tree.Docs[0].Body, "reading", "stages", s.ID, "order", "stored") {
			s.Order.Stored = true
		}
	}
}

// isBare reports whether the way leads to a key without a value.
func isBare(at ast.Node, way ...string) bool {
	for _, word := range way {
		next, found := child(at, word)
		if found == nil {
			return false
		}
		at = next
	}
	_, null := at.(*ast.NullNode)
	return null
}

// meanings are those of codes that a project file may give without: verified in PS3.16, CID 6027 (assessment from BI-RADS) and CID 6325 (overall assessment from
// PI-RADS).
var meanings = map[[2]string]string{
	{"SCT", "397138000"}:   "0 - Incomplete - Need additional imaging evaluation +/- priors",
	{"SCT", "397140005"}:   "1 - Negative",
	{"SCT", "397141009"}:   "2 - Benign",
	{"SCT", "397143007"}:   "3 - Probably Benign",
	{"SCT", "397144001"}:   "4 - Suspicious",
	{"SCT", "397145000"}:   "5 - Highly suggestive of malignancy",
	{"RADLEX", "RID50289"}: "PI-RADS 1 - Very low",
	{"RADLEX", "RID50290"}: "PI-RADS 2 - Low",
	{"RADLEX", "RID50291"}: "PI-RADS 3 - Intermediate",
	{"RADLEX", "RID50292"}: "PI-RADS 4 - High",
	{"RADLEX", "RID50293"}: "PI-RADS 5 - Very high",
	{"RADLEX", "RID50322"}: "PI-RADS X - Inadequate or absent",
}

// fillMeanings completes the codes of questions and values: what is signed has value, scheme and meaning, always the three together. A code that is not among
// meanings stays as it is, and is refused by the check.
func fillMeanings(d *project.Definition) {
	fillQuestions(d.StudyForm)
	for n := range d.Classes {
		fillQuestions(d.Classes[n].Attributes)
	}
}

func fillQuestions(questions []project.Question) {
	for n := range questions {
		q := &questions[n]
		fillMeaning(&q.Concept)
		for v := range q.Values {
			fillMeaning(&q.Values[v].Code)
		}
	}
}

func fillMeaning(c *project.Code) {
	if c.Meaning == "" {
		c.Meaning = meanings[[2]string{c.Scheme, c.Value}]
	}
}
