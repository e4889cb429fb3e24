package report

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"hotlight/project"
	"hotlight/project/panel"
)

// answers checks each answer against its question. A value that the question lists but that is not on its scale is kept: it is counted where the scale matters.
func (in *Input) answers(given map[string]json.RawMessage) (map[string]Answer, error) {
	out := map[string]Answer{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		name, part := partOf(id)
		q, ok := in.Definition.Question(name)
		if !ok {
			return nil, project.Errorf(project.Invalid, "answers.%s: the study form has no such question", id)
		}
		if part != "" && (q.Per == "" || q.Per == "study") {
			return nil, project.Errorf(project.Invalid, "answers.%s: the question is asked once a study", id)
		}
		if string(given[id]) == "null" {
			continue // hidden, or not answered
		}
		a, err := parseAnswer(&q, given[id])
		if err != nil {
			return nil, project.Errorf(project.Invalid, "answers.%s: %w", id, err)
		}
		out[id] = a
	}
	return out, nil
}

func parseAnswer(q *project.Question, raw json.RawMessage) (a Answer, err error) {
	switch q.Type {
	case project.AnswerEnum:
		if json.Unmarshal(raw, &a.Text) != nil || !slices.Contains(q.IDs(), a.Text) {
			return a, project.Errorf(project.Invalid, "is not one of the question's values")
		}
	case project.AnswerMulti:
		if json.Unmarshal(raw, &a.List) != nil {
			return a, project.Errorf(project.Invalid, "is not a list of the question's values")
		}
		slices.Sort(a.List)
		for n, v := range a.List {
			if !slices.Contains(q.IDs(), v) || n > 0 && a.List[n-1] == v {
				return a, project.Errorf(project.Invalid, "has a value twice, or one that the question lacks")
			}
		}
	case project.AnswerText:
		if json.Unmarshal(raw, &a.Text) != nil || q.Max != nil && float64(utf8.RuneCountInString(a.Text)) > *q.Max {
			return a, project.Errorf(project.Invalid, "is no text, or longer than the question allows")
		}
	default:
		if json.Unmarshal(raw, &a.Number) != nil || !onScale(q, a.Number) {
			return a, project.Errorf(project.Invalid, "is not a number within the question's limits")
		}
	}
	return a, nil
}

func onScale(q *project.Question, v float64) bool {
	if math.IsNaN(v) || math.IsInf(v, 0) || q.Min != nil && v < *q.Min || q.Max != nil && v > *q.Max {
		return false
	}
	return q.Type != project.AnswerScale || v == math.Trunc(v)
}

// partOf parts "birads/left" into the question and the breast or lesion that it was answered for.
func partOf(id string) (question, part string) {
	question, part, _ = strings.Cut(id, "/")
	return question, part
}

// markAnswers are the answers to a class's questions about one mark. Where no rating is given, a numeric answer to the question "confidence" is the rating.
func markAnswers(c *project.Class, given map[string]json.RawMessage, rating *float64) (map[string]Answer, float64, error) {
	out := map[string]Answer{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		at := slices.IndexFunc(c.Attributes, func(q project.Question) bool { return q.ID == id })
		if at < 0 {
			return nil, 0, project.Errorf(project.Invalid, "%s: the class %s has no such question", id, c.ID)
		}
		if string(given[id]) == "null" {
			continue
		}
		a, err := parseAnswer(&c.Attributes[at], given[id])
		if err != nil {
			return nil, 0, project.Errorf(project.Invalid, "%s: %w", id, err)
		}
		out[id] = a
		if q := c.Attributes[at]; rating == nil && id == "confidence" && (q.Type == project.AnswerScale || q.Type == project.AnswerNumber) {
			rating = &a.Number
		}
	}
	return out, number(rating), nil
}

// answered is an answer in the panel's words.
func (a Answer) answered(q *project.Question) panel.Answer {
	out := panel.Answer{Given: true}
	switch q.Type {
	case project.AnswerMulti:
		out.List = a.List
	case project.AnswerScale, project.AnswerNumber:
		out.Number = &a.Number
	default:
		out.Value = a.Text
	}
	return out
}

// attributesOf are a mark's answers in the panel's words.
func attributesOf(c *project.Class, given map[string]Answer) map[string]panel.Answer {
	out := map[string]panel.Answer{}
	for n := range c.Attributes {
		if a, ok := given[c.Attributes[n].ID]; ok {
			out[c.Attributes[n].ID] = a.answered(&c.Attributes[n])
		}
	}
	return out
}
