package panel

import (
	"slices"

	"hotlight/project"
)

// questions resolves the study form, question by question in its order and part by part. Free text has no consensus and is left out.
func (w *Work) questions(out *CaseResult) error {
	for n := range w.Definition.StudyForm {
		q := &w.Definition.StudyForm[n]
		if q.Type == project.AnswerText {
			continue
		}
		parts := w.parts(q)
		if len(parts) == 0 && !w.asked(q.Modalities) {
			continue
		}
		if len(parts) == 0 {
			parts = []string{""}
		}
		for _, part := range parts {
			if err := w.question(out, q, part); err != nil {
				return err
			}
		}
	}
	return nil
}

// parts returns for what the question was answered, in order.
func (w *Work) parts(q *project.Question) (parts []string) {
	for _, r := range w.Reads {
		for _, a := range r.Answers {
			if a.Question == q.ID && a.Given && !slices.Contains(parts, a.Part) {
				parts = append(parts, a.Part)
			}
		}
	}
	slices.Sort(parts)
	return parts
}

func (w *Work) question(out *CaseResult, q *project.Question, part string) error {
	var answers []Answer
	for _, r := range w.Reads {
		a := Answer{}
		for _, said := range r.Answers {
			if said.Question == q.ID && said.Part == part {
				a = said.Answer
			}
		}
		a.Read = r.Read
		answers = append(answers, a)
	}
	resolved, err := ResolveAnswers(w.Hash, q, w.Definition.LabelRule(q.ID), answers, w.Expected)
	if err != nil {
		return err
	}
	out.Questions = append(out.Questions, QuestionResult{Question: q.ID, Part: part, FormResult: *resolved})
	if !resolved.Agreed {
		out.open(Open{Subject: "study_form." + q.ID, Part: part, Image: -1, Reasons: resolved.Reasons})
	}
	return nil
}
