package selftest

import (
	"encoding/json"
	"math"

	"hotlight/project"
	stat "hotlight/project/metrics"
)

// input reads a vector's input and parameters by name.
type input struct{ Vector }

func (in input) has(key string) bool {
	raw, ok := in.Input[key]
	return ok && string(raw) != "null"
}

// take decodes one input.
func take[T any](in input, key string) (v T, err error) {
	raw, ok := in.Input[key]
	if !ok {
		return v, project.Errorf(project.Unsupported, "the input has no %q", key)
	}
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, project.Errorf(project.Invalid, "input %q: %w", key, err)
	}
	return v, nil
}

// param decodes one parameter, or returns the default when it is absent, null, or of another type.
func param[T any](in input, key string, otherwise T) T {
	var v T
	raw, ok := in.Params[key]
	if !ok || string(raw) == "null" || json.Unmarshal(raw, &v) != nil {
		return otherwise
	}
	return v
}

// numbers decodes a list in which null is a missing value, NaN.
func numbers(in input, key string) ([]float64, error) {
	list, err := take[[]*float64](in, key)
	return missing(list, math.NaN()), err
}

func missing(list []*float64, none float64) []float64 {
	out := make([]float64, len(list))
	for n, v := range list {
		out[n] = none
		if v != nil {
			out[n] = *v
		}
	}
	return out
}

// ratings decodes units by readers.
func ratings(in input) (stat.Ratings, error) {
	rows, err := take[[][]*float64](in, "ratings")
	out := make(stat.Ratings, len(rows))
	for n, row := range rows {
		out[n] = missing(row, math.NaN())
	}
	return out, err
}

// scale returns the declared levels: a parameter or an input; "observed", or none, are those that occur.
func scale(in input, observed ...[]float64) (stat.Scale, error) {
	if levels := param[[]float64](in, "categories", nil); levels != nil {
		return stat.NewScale(levels...)
	}
	if in.has("categories") {
		levels, err := take[[]float64](in, "categories")
		if err != nil {
			return nil, err
		}
		return stat.NewScale(levels...)
	}
	return stat.Observed(observed...), nil
}

// weighting returns the one weighting of the parameters; none, or a list, is unweighted.
func weighting(in input) stat.Weighting {
	return stat.Weighting(param(in, "weights", string(stat.Unweighted)))
}

// errorOf returns the first error.
func errorOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
