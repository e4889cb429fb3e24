package definition

import (
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/expr"
)

// Form is the questions of a study or of one instance of a class, with their conditions ready to be asked. It may be used by several goroutines.
type Form struct {
	questions []asked
	at        map[string]int // by id
	own       bool           // the study form itself: study.ID is one of these questions
}

type asked struct {
	project.Question
	show, required *expr.Node // nil: no condition
}

// Asked is how a question stands for the answers there are.
type Asked struct {
	Question project.Question
	// Shown is Unknown while an answer that decides is still missing; the question is then not shown yet.
	Shown expr.Answer
	// Required is False for what is not shown. Unknown: an answer that decides is missing.
	Required expr.Answer
	// Answer is what counts: none for a question that is not shown, whatever was answered before it was hidden.
	Answer expr.Value
}

// StudyForm prepares the study form of a checked definition.
func StudyForm(d *project.Definition) (*Form, error) { return newForm(d.StudyForm, true) }

// ClassForm prepares the attributes of a class of a checked definition.
func ClassForm(d *project.Definition, class string) (*Form, error) {
	c, ok := d.Class(class)
	if !ok {
		return nil, project.Errorf(project.NotFound, "there is no class %q", class)
	}
	return newForm(c.Attributes, false)
}

func newForm(questions []project.Question, own bool) (*Form, error) {
	f := &Form{at: map[string]int{}, own: own}
	for _, q := range questions {
		a := asked{Question: q}
		for _, c := range []struct {
			source string
			out    **expr.Node
		}{{q.ShowIf, &a.show}, {q.RequiredIf, &a.required}} {
			if c.source == "" {
				continue
			}
			tree, err := expr.Parse(c.source)
			if err != nil {
				return nil, err
			}
			*c.out = tree
		}
		f.at[q.ID] = len(f.questions)
		f.questions = append(f.questions, a)
	}
	return f, nil
}

// State returns how the questions stand, in their order. answers are by id; study are the answers of the study form that count, for the form of a class;
// the study form ignores it. A question that the modality does not have is not shown.
func (f *Form) State(modality project.Modality, answers, study map[string]expr.Value) ([]Asked, error) {
	s := &formState{form: f, modality: modality, answers: answers, study: study, out: make([]Asked, len(f.questions)), done: make([]bool, len(f.questions))}
	for n := range f.questions {
		s.settle(n)
	}
	return s.out, s.err
}

type formState struct {
	form           *Form
	modality       project.Modality
	answers, study map[string]expr.Value
	out            []Asked
	done           []bool
	err            error
}

// settle decides question n, after those that its conditions ask. A checked definition has no circles; in others a question counts as not answered
// while it is being decided.
func (s *formState) settle(n int) {
	if s.done[n] {
		return
	}
	s.done[n] = true
	q := &s.form.questions[n]
	out := Asked{Question: q.Question, Shown: expr.True, Required: expr.False}
	switch {
	case len(q.Modalities) > 0 && !slices.Contains(q.Modalities, s.modality):
		out.Shown = expr.False
	case q.show != nil:
		out.Shown = s.ask(q.show)
	}
	if out.Shown == expr.True {
		out.Answer = s.answers[q.ID]
		switch {
		case q.Required:
			out.Required = expr.True
		case q.required != nil:
			out.Required = s.ask(q.required)
		}
	}
	s.out[n] = out
}

func (s *formState) ask(tree *expr.Node) expr.Answer {
	answer, _, err := tree.Eval(s.value)
	if err != nil {
		if s.err == nil {
			s.err = err
		}
		return expr.Unknown
	}
	return answer
}

func (s *formState) value(field string) expr.Value {
	if n, ok := s.form.at[field]; ok {
		s.settle(n)
		return s.out[n].Answer
	}
	if id, ok := strings.CutPrefix(field, "study."); ok {
		if n, ok := s.form.at[id]; ok && s.form.own {
			s.settle(n)
			return s.out[n].Answer
		}
		return s.study[id]
	}
	if field == "modality" && s.modality != "" {
		return expr.TextOf(string(s.modality))
	}
	return expr.Value{}
}
