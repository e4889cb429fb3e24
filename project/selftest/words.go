package selftest

import (
	"encoding/json"
	"maps"
	"slices"

	"hotlight/project"
)

// ratingKeys are the inputs that hold ratings.
var ratingKeys = []string{"rater1", "rater2", "ratings", "categories"}

// numbered returns the input with ratings that are words replaced by numbers: their places among the declared categories, or among those that occur, in alphabetical
// order, as scikit-learn and R take them. A word that is not declared becomes -1, which is off every scale. Ratings that are numbers stay.
func numbered(in input) (input, error) {
	found := map[string]any{}
	var words []string
	for _, key := range ratingKeys {
		var v any
		if raw, ok := in.Input[key]; !ok || json.Unmarshal(raw, &v) != nil {
			continue
		}
		found[key] = v
		words = collect(v, words)
	}
	declared := param[[]string](in, "categories", nil)
	if len(words) == 0 && declared == nil {
		return in, nil
	}
	if list, ok := found["categories"].([]any); ok {
		declared = collect(list, nil)
	}
	if declared == nil {
		slices.Sort(words)
		declared = slices.Compact(words)
	}
	out := in
	out.Input, out.Params = maps.Clone(in.Input), maps.Clone(in.Params)
	for key, v := range found {
		places, err := placed(v, declared)
		if err != nil {
			return in, err
		}
		raw, err := json.Marshal(places)
		if err != nil {
			return in, err
		}
		out.Input[key] = raw
	}
	levels := make([]float64, len(declared))
	for n := range levels {
		levels[n] = float64(n)
	}
	raw, err := json.Marshal(levels)
	if out.Params == nil {
		out.Params = map[string]json.RawMessage{}
	}
	out.Params["categories"] = raw
	return out, err
}

// collect appends the words in lists of lists.
func collect(v any, words []string) []string {
	switch v := v.(type) {
	case string:
		return append(words, v)
	case []any:
		for _, x := range v {
			words = collect(x, words)
		}
	}
	return words
}

// placed replaces words by their places; words and numbers do not mix.
func placed(v any, declared []string) (any, error) {
	switch v := v.(type) {
	case string:
		return slices.Index(declared, v), nil
	case []any:
		out := make([]any, len(v))
		for n, x := range v {
			p, err := placed(x, declared)
			if err != nil {
				return nil, err
			}
			out[n] = p
		}
		return out, nil
	case nil:
		return nil, nil
	}
	return nil, project.Errorf(project.Unsupported, "ratings are words or numbers, not both")
}
