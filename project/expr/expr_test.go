package expr

import (
	"errors"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"hotlight/project"
)

var fields = map[string]Field{
	"quality":          {Type: Text, Values: []string{"good", "limited", "bad"}},
	"study.risk_group": {Type: Text, Values: []string{"hcc_risk", "none"}},
	"comment":          {Type: Text},
	"size":             {Type: Number},
	"other":            {Type: Number},
	"reasons":          {Type: List, Values: []string{"motion", "noise"}},
}

// values of the tests; what is not here has no value.
var values = map[string]Value{
	"quality": TextOf("limited"),
	"size":    NumberOf(12.5),
	"reasons": ListOf("motion"),
}

func lookup(field string) Value { return values[field] }

func TestConditions(t *testing.T) {
	for source, want := range map[string]Answer{
		"quality == 'limited'":                    True,
		`quality == "limited"`:                    True,
		"quality != 'good'":                       True,
		"quality in ['good', 'bad']":              False,
		"quality not in ['good', 'bad']":          True,
		"size < 12.5":                             False,
		"size <= 12.5":                            True,
		"size > -3":                               True,
		"size >= 13":                              False,
		"10 < size":                               True,
		"size in [1, 12.5]":                       True,
		"contains(reasons, 'motion')":             True,
		"contains(reasons, 'noise')":              False,
		"has(size)":                               True,
		"has(other)":                              False,
		"not has(other)":                          True,
		"not not has(size)":                       True,
		"size == 1 or size == 2 or size == 12.5":  True,
		"has(size) and size > 20 or has(quality)": True, // and holds tighter than or
		"has(size) and (size > 20 or has(other))": False,
		"not size > 20 and has(size)":             True, // not holds tighter than and
		// A missing value is never silently false.
		"other < 3":                                   Unknown,
		"other >= 3":                                  Unknown,
		"other != 3":                                  Unknown,
		"not other < 3":                               Unknown,
		"other in [1, 2]":                             Unknown,
		"other not in [1, 2]":                         Unknown,
		"comment == 'x'":                              Unknown,
		"other == size":                               Unknown,
		"other < 3 and size > 1":                      Unknown,
		"other < 3 or size < 1":                       Unknown,
		"other < 3 and size < 1":                      False, // whatever other is
		"size < 1 and other < 3":                      False,
		"other < 3 or size > 1":                       True,
		"study.risk_group == 'none'":                  Unknown,
		"has(other) and other < 3":                    False,
		"not (other < 3 or study.risk_group=='none')": Unknown,
	} {
		n, err := Parse(source)
		if err == nil {
			err = n.Check(fields)
		}
		if err != nil {
			t.Errorf("%s: %v", source, err)
			continue
		}
		if got, _, err := n.Eval(lookup); err != nil || got != want {
			t.Errorf("%s: got %s, %v, want %s", source, got, err, want)
		}
	}
}

func TestMissingFieldsAreNamedWhateverTheOrder(t *testing.T) {
	for _, source := range []string{"size < 1 and other < 3 and comment == 'x'", "comment == 'x' and other < 3 and size < 1 and other > 1"} {
		n, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		_, missing, _ := n.Eval(lookup)
		slices.Sort(missing)
		if !reflect.DeepEqual(missing, []string{"comment", "other"}) {
			t.Errorf("%s: %v", source, missing)
		}
	}
}

func TestWhatIsNotANumberIsMissing(t *testing.T) {
	n, _ := Parse("size < 0.9")
	for _, v := range []Value{NumberOf(math.NaN()), {Type: Number, Number: math.NaN()}, {}} {
		if got, missing, err := n.Eval(func(string) Value { return v }); got != Unknown || err != nil || len(missing) != 1 {
			t.Errorf("%+v: got %s, %v, %v", v, got, missing, err)
		}
	}
}

func TestAValueOfAnotherTypeIsAnError(t *testing.T) {
	for source, v := range map[string]Value{
		"size < 3":               TextOf("12"),
		"quality == 'good'":      NumberOf(1),
		"quality in ['good']":    NumberOf(1),
		"contains(reasons, 'x')": TextOf("x"),
		"size == 3":              ListOf("3"),
	} {
		n, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if got, _, err := n.Eval(func(string) Value { return v }); err == nil || got != Unknown {
			t.Errorf("%s with a %s: got %s, %v", source, v.Type, got, err)
		}
	}
}

func TestErrorsNameTheColumn(t *testing.T) {
	deep := strings.Repeat("(", MaxDepth+1) + "has(size)" + strings.Repeat(")", MaxDepth+1)
	for source, want := range map[string]string{
		"":                                   "column 1: found the end",
		"size <":                             "column 7: found the end",
		"size < 3 size":                      `column 10: found "size"`,
		"size = 3":                           "column 6: a character",
		"size + 1 > 3":                       "column 6: a character",
		"size < 3.":                          `column 8: "3." is not`,
		"size < 1e3":                         `column 8: "1e3" is not`,
		"size < 1.2.3":                       `is not a decimal number`,
		"quality == 'good":                   "column 12: the text that starts here",
		"(size < 3":                          `column 10: found the end, wanted ")"`,
		"size in []":                         `column 10: found "]"`,
		"size in (1, 2)":                     `column 9: found "(", wanted "["`,
		"size in [other]":                    `column 10: found "other"`,
		"quality not 'good'":                 `wanted "in"`,
		"exec('rm')":                         `column 1: "exec" is not known`,
		"has(3)":                             "column 5",
		"has()":                              "column 5",
		"contains(reasons)":                  "column 17",
		"contains(reasons, size)":            "column 19",
		"1 < size < 3":                       `column 10: found "<"`,
		"sise < 3":                           `column 1: there is no field "sise"`,
		"has(sise)":                          `there is no field "sise"`,
		"size":                               "column 1: this is a number",
		"size == 'big'":                      "column 9: a number is compared with a text",
		"size in [1, 'big']":                 "column 13: a number is compared",
		"quality < 'good'":                   "column 9: < compares numbers only",
		"quality == 'goood'":                 `column 12: "goood" is not among the values of quality: good, limited, bad`,
		"'goood' == quality":                 `"goood" is not among`,
		"quality in ['good', 'poor']":        `column 21: "poor" is not among`,
		"contains(reasons, 'metal')":         `"metal" is not among`,
		"contains(quality, 'good')":          "column 1: contains asks a field with several answers",
		"reasons == 'motion'":                "a list cannot be compared",
		"size and size < 3":                  "column 1: and joins conditions, this is a number",
		"not size":                           "not joins conditions",
		"(size < 3) == (size < 4)":           "cannot be compared",
		"'é' == comment and quality":         "column 20: and joins", // characters, not bytes
		"size < " + strings.Repeat("9", 400): "too large",
		strings.Repeat("x", MaxLength+1):     "at most 1000 bytes",
		deep:                                 "nested more than 32 deep",
		strings.Repeat("not ", MaxDepth+1) + "has(size)":   "nested more than 32 deep",
		"size in [" + strings.Repeat("1,", MaxList) + "1]": "at most 100 entries",
	} {
		n, err := Parse(source)
		if err == nil {
			err = n.Check(fields)
		}
		var at *SyntaxError
		if err == nil || !strings.Contains(err.Error(), want) || project.KindOf(err) != project.Invalid || !errors.As(err, &at) {
			t.Errorf("%.60s: got %v, want %s", source, err, want)
		}
	}
}

func TestTheTreeAsTextGivesTheSameTree(t *testing.T) {
	for source, want := range map[string]string{
		"(a==1 or b==2)and not(c in[1,2])": "(a == 1 or b == 2) and not c in [1, 2]",
		`x == "it's"`:                      `x == "it's"`,
		"((a < 1))":                        "a < 1",
		"x.y != -0.50":                     "x.y != -0.5",
		"not (not has(a))":                 "not not has(a)",
		"a == 1 or (b == 2 or c == 3)":     "a == 1 or (b == 2 or c == 3)",
		"contains( a ,'b')":                "contains(a, 'b')",
	} {
		n, err := Parse(source)
		if err != nil || n.String() != want {
			t.Errorf("%s: got %v, %v, want %s", source, n, err, want)
		}
	}
}

func TestFieldsInOrderOfMention(t *testing.T) {
	n, _ := Parse("b < 1 or has(a) and contains(c, 'x') or b > 2")
	if got := n.Fields(); !reflect.DeepEqual(got, []string{"b", "a", "c"}) {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a == 1", "not (a in ['x', \"y\"] or has(b.c)) and contains(d, 'e')", "size <= -0.5 or 3 > x", "((((", "'"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, source string) {
		n, err := Parse(source)
		if err != nil {
			var at *SyntaxError
			if !errors.As(err, &at) || at.Column < 1 {
				t.Fatalf("an error without a place: %v", err)
			}
			return
		}
		written := n.String()
		if len(written) > MaxLength {
			return // spaces were added
		}
		again, err := Parse(written)
		if err != nil || again.String() != written {
			t.Fatalf("%q was written %q, which gives %v, %v", source, written, again, err)
		}
		for _, v := range []Value{NumberOf(1), TextOf("x"), ListOf("x")} {
			n.Eval(func(string) Value { return v }) // may be an error, must not panic
		}
		if answer, missing, err := n.Eval(func(string) Value { return Value{} }); err == nil && answer == Unknown && len(missing) == 0 {
			t.Fatalf("%q is unknown and nothing is missing", source)
		}
	})
}
