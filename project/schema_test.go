package project

import (
	"strings"
	"testing"
)

// The bytes that the program made before forms and protocols existed: definitions without them must keep their hash.
func TestOldDefinitionsKeepTheirBytes(t *testing.T) {
	const want = `{"schema":"hotlight.project/1","project":{"id":"org.example.liver","title":"Liver pilot","version":1},"classes":[{"id":"liver","value":1,"name":"Liver","color":"#b5651d","category":{"value":"","scheme":"","meaning":""},"type":{"value":"10200004","scheme":"SCT","meaning":"Liver"}}],"readers":[{"id":"l","name":"Dr L","role":"lead","signing_key":null,"recipient":"","recovery":"","device_key":null}],"server":{},"case_key":"a2V5"}`
	d := &Definition{Schema: DefinitionSchema, Project: About{ID: "org.example.liver", Title: "Liver pilot", Version: 1},
		Classes: []Class{{ID: "liver", Value: 1, Name: "Liver", Colour: Colour{R: 0xb5, G: 0x65, B: 0x1d}, Type: Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}}},
		Readers: []Reader{{ID: "l", Name: "Dr L", Role: Lead}}, CaseKey: []byte("key")}
	b, err := d.Marshal()
	if err != nil || string(b) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, b, want)
	}
	if got := HashOf(b).String(); got != "73d9f4efd6f2a4fb16c6a2491e4e9583ee20a6465534434b15f2426e5f513c7b" {
		t.Error(got)
	}
}

// grown is a locked definition with one class and one ordinal question.
func grown() *Definition {
	low, high := 1.0, 5.0
	return &Definition{Schema: DefinitionSchema, Project: About{ID: "p", Title: "P", Version: 1, Status: StatusLocked}, CaseKey: []byte("k"),
		Schemes: map[string]Scheme{"SCT": KnownSchemes["SCT"]},
		Classes: []Class{{ID: "liver", Value: 1, Name: "Liver", Type: Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"},
			Attributes: []Question{{ID: "confidence", Type: AnswerScale, Min: &low, Max: &high}}}},
		StudyForm: []Question{{ID: "grade", Type: AnswerEnum, Ordinal: true, Values: []Choice{{ID: "0"}, {ID: "1"}, {ID: "3"}}, Order: []string{"1", "3"}}},
		Readers:   []Reader{leader}}
}

func TestALockedDefinitionOnlyGrows(t *testing.T) {
	wide, narrow := 9.0, 3.0
	for name, c := range map[string]struct {
		change func(*Definition)
		want   string // empty: allowed
	}{
		"nothing but the version": {func(d *Definition) {}, ""},
		"a class more":            {func(d *Definition) { d.Classes = append(d.Classes, Class{ID: "mass", Value: 2, Name: "M"}) }, ""},
		"a question more":         {func(d *Definition) { d.StudyForm = append(d.StudyForm, Question{ID: "q", Type: AnswerText}) }, ""},
		"a value between": {func(d *Definition) {
			d.StudyForm[0].Values = append(d.StudyForm[0].Values, Choice{ID: "2"})
			d.StudyForm[0].Order = []string{"1", "2", "3"}
		}, ""},
		"another wording":     {func(d *Definition) { d.Classes[0].Name, d.StudyForm[0].Label = "Hepar", "Grade" }, ""},
		"a wider scale":       {func(d *Definition) { d.Classes[0].Attributes[0].Max = &wide }, ""},
		"the kind said aloud": {func(d *Definition) { d.Classes[0].Kind = KindSegment }, ""},
		"retired":             {func(d *Definition) { d.Project.Status = StatusRetired }, ""},
		"a narrower scale":    {func(d *Definition) { d.Classes[0].Attributes[0].Max = &narrow }, "a scale only widens"},
		"another code":        {func(d *Definition) { d.Classes[0].Type.Value = "1" }, "keeps its kind and codes"},
		"another kind":        {func(d *Definition) { d.Classes[0].Kind = KindDetection }, "keeps its kind and codes"},
		"a question less":     {func(d *Definition) { d.StudyForm = nil }, "the question grade must stay"},
		"an attribute less":   {func(d *Definition) { d.Classes[0].Attributes = nil }, "the question confidence must stay"},
		"another type":        {func(d *Definition) { d.StudyForm[0].Type = AnswerMulti }, "keeps its type"},
		"a value less":        {func(d *Definition) { d.StudyForm[0].Values = d.StudyForm[0].Values[:2] }, "the value 3 and its code must stay"},
		"a value's code":      {func(d *Definition) { d.StudyForm[0].Values[0].Code.Value = "x" }, "the value 0 and its code must stay"},
		"another order":       {func(d *Definition) { d.StudyForm[0].Order = []string{"3", "1"} }, "values keep their order"},
		"off the scale no more": {func(d *Definition) {
			d.StudyForm[0].Order = []string{"0", "1", "3"}
		}, "values keep their order"},
		"another scheme under the name": {func(d *Definition) { d.Schemes["SCT"] = KnownSchemes["DCM"] }, "a scheme stays"},
		"unlocked":                      {func(d *Definition) { d.Project.Status = StatusDraft }, "what is locked does not become draft"},
		"unlocked by silence":           {func(d *Definition) { d.Project.Status = "" }, "what is locked does not become draft"},
	} {
		next := grown()
		next.Project.Version = 2
		c.change(next)
		err := grown().Succeeds(next)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
	draft := grown()
	draft.Project.Status = ""
	next := grown()
	next.Project.Version, next.StudyForm = 2, nil
	if err := draft.Succeeds(next); err != nil {
		t.Errorf("a draft may lose a question: %v", err)
	}
}

func TestVotes(t *testing.T) {
	for rule, want := range map[string][2]int{"2 of 3": {2, 3}, "1 of 1": {1, 1}, "4 of 3": {}, "0 of 3": {}, "2of3": {}, "2 of 3 ": {}, " 2 of 3": {}, "02 of 3": {}, "2 of 17": {}, "-1 of 3": {}, "": {}} {
		k, n, ok := ParseVotes(rule)
		if ok != (want != [2]int{}) || ok && [2]int{k, n} != want {
			t.Errorf("%q: %d of %d, %v", rule, k, n, ok)
		}
	}
}
