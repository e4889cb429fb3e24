package selftest

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"

	stat "hotlight/project/metrics"
)

// printable turns what adapters return into JSON's types: float64, string, []any, map[string]any.
func printable(v any) any {
	switch v := v.(type) {
	case float64:
		return number(v)
	case stat.Result:
		return number(v.Value)
	case stat.Status:
		return string(v)
	case stat.Interval:
		return printable([]float64{v.Low, v.High})
	case outputs:
		return printable(map[string]any(v))
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = printable(x)
		}
		return out
	}
	b, err := json.Marshal(plain(v))
	if err != nil {
		return fmt.Sprint(v)
	}
	var out any
	if err := json.Unmarshal(b, &out); err != nil {
		return fmt.Sprint(v)
	}
	return out
}

// plain turns numbers inside lists into what JSON can hold.
func plain(v any) any {
	switch v := v.(type) {
	case []float64:
		out := make([]any, len(v))
		for n, x := range v {
			out[n] = number(x)
		}
		return out
	case [][]float64:
		out := make([]any, len(v))
		for n, x := range v {
			out[n] = plain(x)
		}
		return out
	}
	return v
}

func number(v float64) any {
	switch {
	case math.IsNaN(v):
		return "nan"
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	}
	return v
}

// differs returns what is wrong with got, or nothing. Both are JSON's types.
func differs(got, want any, tolerance float64) string {
	switch want := want.(type) {
	case float64:
		g, ok := got.(float64)
		if !ok || !(math.Abs(g-want) <= tolerance) {
			return fmt.Sprintf("%v, expected %v", got, want)
		}
		return ""
	case []any:
		g, ok := got.([]any)
		if !ok || len(g) != len(want) {
			return fmt.Sprintf("%v, expected %d values", got, len(want))
		}
		for n := range want {
			if why := differs(g[n], want[n], tolerance); why != "" {
				return fmt.Sprintf("value %d: %s", n+1, why)
			}
		}
		return ""
	case map[string]any:
		g, ok := got.(map[string]any)
		if !ok {
			return fmt.Sprintf("%v, expected named values", got)
		}
		for _, key := range sortedKeys(want) {
			if why := differs(g[key], want[key], tolerance); why != "" {
				return key + ": " + why
			}
		}
		return ""
	}
	if got != want {
		return fmt.Sprintf("%v, expected %v", got, want)
	}
	return ""
}

// lacks returns the first named part of want that got does not have, or nothing.
func lacks(got, want any) string {
	w, named := want.(map[string]any)
	g, has := got.(map[string]any)
	if !named || !has {
		return ""
	}
	for _, key := range sortedKeys(w) {
		if _, ok := g[key]; !ok {
			return key
		}
		if part := lacks(g[key], w[key]); part != "" {
			return key + "." + part
		}
	}
	return ""
}

// leaves counts the numbers and texts in a value.
func leaves(v any) (n int) {
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			n += leaves(x)
		}
		return n
	case map[string]any:
		for _, x := range v {
			n += leaves(x)
		}
		return n
	}
	return 1
}

func sortedKeys[T any](m map[string]T) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
