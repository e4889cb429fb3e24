package report

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"unicode/utf8"

	"hotlight/project"
)

// answers checks each answer against its question. A value that the question lists but that is not on its scale is kept: it is counted where the scale matters.
func (in *Input) answers(given map[string]json.RawMessage) (map[string]Answer, error) {
	out := map[string]Answer{}
	for _, id := range slices.Sorted(maps.Keys(given)) {
		q, ok := in.Definition.Question(id)
		if !ok {
			return nil, project.Errorf(project.Invalid, "answers.%s: the study form has no such question", id)
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
