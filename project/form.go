package project

import (
	"math"
	"slices"
)

// AnswerType is what an answer to a Question is.
type AnswerType string

// The types of answers.
const (
	AnswerEnum   AnswerType = "enum"   // one of the values
	AnswerMulti  AnswerType = "multi"  // any of the values, none included
	AnswerScale  AnswerType = "scale"  // a whole number from Min to Max
	AnswerNumber AnswerType = "number" // any number from Min to Max, where given
	AnswerText   AnswerType = "text"   // words, at most Max characters
)

// Question is asked once a study (study form) or once a segment or mark (attributes of a class).
type Question struct {
	ID         string     `json:"id" yaml:"id"`
	Label      string     `json:"label,omitempty" yaml:"label,omitempty"` // as shown; empty: the id
	Type       AnswerType `json:"type" yaml:"type"`
	Required   bool       `json:"required,omitempty" yaml:"required,omitempty"`
	RequiredIf string     `json:"required_if,omitempty" yaml:"required_if,omitempty"` // condition in the language of package expr
	ShowIf     string     `json:"show_if,omitempty" yaml:"show_if,omitempty"`         // condition; the answer of a hidden question is none
	Per        string     `json:"per,omitempty" yaml:"per,omitempty"`                 // study (also if empty), breast, lesion
	Modalities []Modality `json:"modalities,omitempty" yaml:"modalities,omitempty"`   // where it is asked; empty: everywhere
	Concept    Code       `json:"concept,omitzero" yaml:"concept,omitempty"`          // what the question is, coded
	Values     []Choice   `json:"values,omitempty" yaml:"values,omitempty"`
	Ordinal    bool       `json:"ordinal,omitempty" yaml:"ordinal,omitempty"` // the values have an order: Order, or as listed
	Order      []string   `json:"order,omitempty" yaml:"order,omitempty"`     // ascending; a value that is not in it is off the scale
	Min        *float64   `json:"min,omitempty" yaml:"min,omitempty"`
	Max        *float64   `json:"max,omitempty" yaml:"max,omitempty"` // of a text: characters
	Unit       string     `json:"unit,omitempty" yaml:"unit,omitempty"`
	PHICheck   bool       `json:"phi_check,omitempty" yaml:"phi_check,omitempty"` // the text is searched for what names the patient
}

// Choice is one value of an enum or multi question.
type Choice struct {
	ID    string `json:"id" yaml:"id"` // as stored: "4A", "smooth"
	Label string `json:"label,omitempty" yaml:"label,omitempty"`
	Code  Code   `json:"code,omitzero" yaml:"code,omitempty"`
}

// IDs returns the ids of the values, as listed.
func (q *Question) IDs() []string {
	var out []string
	for _, v := range q.Values {
		out = append(out, v.ID)
	}
	return out
}

// Scale returns the values in ascending order: Order, or all as listed. Of a question that is not an enum it is nil.
func (q *Question) Scale() []string {
	if q.Type != AnswerEnum {
		return nil
	}
	if len(q.Order) > 0 {
		return q.Order
	}
	return q.IDs()
}

// MaxQuestions is how many questions a form may have.
const MaxQuestions = 500

// reserved are words of the language of conditions, and names that conditions know otherwise.
var reserved = []string{"and", "or", "not", "in", "has", "contains", "study", "modality"}

func checkQuestions(path string, questions []Question) error {
	if len(questions) > MaxQuestions {
		return Fieldf(Invalid, path, "a form has at most %d questions", MaxQuestions)
	}
	seen := map[string]bool{}
	for i := range questions {
		q := &questions[i]
		switch {
		case !validID(q.ID):
			return Fieldf(Invalid, path, "the id %q must be lower-case letters, digits and _, starting with a letter", q.ID)
		case slices.Contains(reserved, q.ID):
			return Fieldf(Invalid, path+"."+q.ID, "%s is a word of conditions and cannot be an id", q.ID)
		case seen[q.ID]:
			return Fieldf(Invalid, path+"."+q.ID, "the id %s occurs twice", q.ID)
		}
		seen[q.ID] = true
		if err := q.check(path + "." + q.ID); err != nil {
			return err
		}
	}
	return nil
}

func (q *Question) check(path string) error {
	if q.Type == "" {
		return Fieldf(Invalid, path+".type", "must be given: enum, multi, scale, number or text")
	}
	if err := oneOf(path+".type", string(q.Type), "enum", "multi", "scale", "number", "text"); err != nil {
		return err
	}
	if err := oneOf(path+".per", q.Per, "study", "breast", "lesion"); err != nil {
		return err
	}
	if err := checkModalities(path+".modalities", q.Modalities); err != nil {
		return err
	}
	if q.Required && q.RequiredIf != "" {
		return Fieldf(Invalid, path+".required_if", "the question is always required already")
	}
	if err := q.checkLimits(path); err != nil {
		return err
	}
	if err := q.checkValues(path); err != nil {
		return err
	}
	return q.checkOrder(path)
}

func (q *Question) checkLimits(path string) error {
	for _, v := range []*float64{q.Min, q.Max} {
		if v != nil && (math.IsNaN(*v) || math.IsInf(*v, 0)) {
			return Fieldf(Invalid, path, "min and max are numbers")
		}
	}
	choice := q.Type == AnswerEnum || q.Type == AnswerMulti
	switch {
	case choice && (q.Min != nil || q.Max != nil):
		return Fieldf(Invalid, path, "a question with values has no min and max")
	case q.Type == AnswerScale && (q.Min == nil || q.Max == nil):
		return Fieldf(Invalid, path, "a scale has min and max")
	case q.Type == AnswerScale && (*q.Min != math.Trunc(*q.Min) || *q.Max != math.Trunc(*q.Max)):
		return Fieldf(Invalid, path, "a scale counts in whole numbers")
	case q.Type == AnswerText && (q.Min != nil || q.Max != nil && (*q.Max < 1 || *q.Max > 100_000 || *q.Max != math.Trunc(*q.Max))):
		return Fieldf(Invalid, path+".max", "a text has at most 1 to 100000 characters, and no min")
	case q.Min != nil && q.Max != nil && *q.Min >= *q.Max:
		return Fieldf(Invalid, path+".max", "must be above min")
	}
	return nil
}

func (q *Question) checkValues(path string) error {
	choice := q.Type == AnswerEnum || q.Type == AnswerMulti
	if choice != (len(q.Values) > 0) {
		return Fieldf(Invalid, path+".values", "an enum or multi question has values, others have none")
	}
	seen := map[string]bool{}
	for _, v := range q.Values {
		switch {
		case v.ID == "" || len(v.ID) > 64 || !printable(v.ID):
			return Fieldf(Invalid, path+".values", "the id %q must have 1 to 64 visible characters", v.ID)
		case seen[v.ID]:
			return Fieldf(Invalid, path+".values."+v.ID, "the id %s occurs twice", v.ID)
		}
		seen[v.ID] = true
	}
	return nil
}

func (q *Question) checkOrder(path string) error {
	if q.Ordinal && q.Type != AnswerEnum {
		return Fieldf(Invalid, path+".ordinal", "only an enum can be ordinal; a scale or number has its order anyway")
	}
	if len(q.Order) == 0 {
		return nil
	}
	if !q.Ordinal {
		return Fieldf(Invalid, path+".order", "only an ordinal question has an order")
	}
	seen, ids := map[string]bool{}, q.IDs()
	for _, id := range q.Order {
		if !slices.Contains(ids, id) {
			return Fieldf(Invalid, path+".order", "%q is not among the values", id)
		}
		if seen[id] {
			return Fieldf(Invalid, path+".order", "%q occurs twice", id)
		}
		seen[id] = true
	}
	if len(q.Order) < 2 {
		return Fieldf(Invalid, path+".order", "an order has two values or more")
	}
	return nil
}

func printable(s string) bool {
	for _, r := range s {
		if r <= ' ' && r != ' ' || r == 0x7f || r == 0xfffd || r == '\'' || r == '"' {
			return false // a quote could not be written in a condition
		}
	}
	return true
}
