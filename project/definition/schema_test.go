package definition

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"hotlight/assets"
	"hotlight/project"
	"hotlight/project/expr"
)

// whole is a file with every section, short enough to count its lines.
const whole = `schema: hotlight.project/1
project: {id: org.example.x, title: X, version: 1, status: locked}
coding_schemes:
  SCT: {uid: 2.16.840.1.113883.6.96, name: SNOMED CT}
  99HL: {uid: 2.25.1, name: private, private: true}
classes:
  - id: liver
    value: 1
    name: Liver
    color: "#b5651d"
    type: {scheme: SCT, code: "10200004", meaning: Liver}
    instances: {min: 1, max: 1}
    overlap: {allow_with: [mass]}
  - id: mass
    value: 2
    name: Mass
    must_be_inside: liver
    tolerance_mm: 2.0
    attributes:
      - {id: margin, type: enum, required: true, values: [{id: smooth}, {id: irregular}]}
      - {id: confidence, type: scale, min: 1, max: 5}
      - id: lirads
        type: enum
        ordinal: true
        show_if: "study.risk == 'hcc' and margin != 'smooth'"
        values: [{id: LR-1}, {id: LR-2}]
  - id: box
    value: 3
    name: Box
    kind: detection
    geometry: [box3d]
  - {id: target, name: Target, kind: measurement, link_to: mass}
study_form:
  - id: quality
    type: enum
    required: true
    values: [{id: good}, {id: limited}, {id: bad}]
  - id: reason
    type: multi
    show_if: "quality != 'good'"
    required_if: "quality == 'bad'"
    values: [{id: motion}, {id: noise}]
  - {id: risk, type: enum, values: [{id: hcc}, {id: none}]}
  - id: lungrads
    type: enum
    ordinal: true
    values: [{id: "0"}, {id: "1"}, {id: "4A", code: {scheme: 99HL, code: "L4A", meaning: Lung-RADS 4A}}]
    order: ["1", "4A"]
  - {id: comment, type: text, max: 2000, phi_check: true}
reading:
  roles: [radiologist, adjudicator, lead]
  stages:
    - id: blinded
      role: radiologist
      readers: 3
      blinding: {other_readers: true, ai_output: true, prior_report: true, clinical_outcome: true, draft: true}
      repeat: {fraction: 0.1, min: 5, washout_days: 14}
    - {id: review, role: radiologist, enabled: false, show: {other_readers: anonymous}}
    - {id: adjudication, role: adjudicator, adjudicator_must_not_be_reader: true, trigger: disagreement}
resolution:
  default: {labels: majority, tie: adjudicate}
  classes:
    liver: {method: majority, min_readers: 3, adjudicate_if: "min_pair_dice < 0.90 or min_pair_nsd < 0.90"}
    mass:
      match: {criterion: iou3d, threshold: 0.1, assignment: hungarian}
      presence: {rule: 2 of 3, singletons: adjudicate}
      mask: {method: sba, threshold: 0}
  forms:
    lungrads: {rule: majority, no_majority: adjudicate, max_spread: 1}
    quality: {rule: worst}
  measurements:
    target: {rule: median, adjudicate_if: "rel_range > 0.20"}
metrics:
  confidence: 0.95
  bootstrap: {replicates: 2000, unit: patient, method: percentile, seed: 1}
  labels: {lungrads: [weighted_kappa_quadratic]}
  segments: {liver: {primary: [dice, nsd], nsd_tolerance_mm: 2.0}}
  detection: {box: {froc_fp_rates: [0.125, 1, 8], jafroc: true}}
  surface_definition: surfel_area
  gates:
    - {metric: dice, class: liver, stat: median, min: 0.95, use: estimate}
`

func TestAWholeFileReadsAndWritesBack(t *testing.T) {
	d, err := ParseTemplate(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	if d.RequiredReads() != 3 || !d.MayOverlap("mass", "liver") || d.MayOverlap("box", "liver") || d.Classes[1].Colour != project.Palette[1] {
		t.Errorf("%+v", d)
	}
	d.Readers = []project.Reader{person(1, project.Lead)}
	again, err := Parse(strings.NewReader(text(t, d)))
	if err != nil || !reflect.DeepEqual(again, d) {
		t.Errorf("%v\ngot  %+v\nwant %+v", err, again, d)
	}
	d.CaseKey = make([]byte, 32)
	b, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	if signed, err := project.ParseDefinition(b); err != nil || !reflect.DeepEqual(signed, d) {
		t.Errorf("the signed form: %v", err)
	}
}

func TestSchemaErrorsNameLineAndField(t *testing.T) {
	for name, c := range map[string]struct{ old, new, want string }{
		"a value that is taken":               {"value: 2", "value: 1", "line 14: classes.mass: the value 1 is taken by liver"},
		"an unknown class around":             {"must_be_inside: liver", "must_be_inside: lever", `line 17: classes.mass.must_be_inside: there is no class "lever"`},
		"an unknown class beside":             {"allow_with: [mass]", "allow_with: [mess]", `line 13: classes.liver.overlap: there is no class "mess"`},
		"each inside the other":               {"instances: {min: 1, max: 1}", "must_be_inside: mass", "line 12: classes.liver.must_be_inside: goes in a circle: liver, mass, liver"},
		"more at least than at most":          {"{min: 1, max: 1}", "{min: 2, max: 1}", "line 12: classes.liver.instances"},
		"a code of a scheme not declared":     {"{scheme: SCT,", "{scheme: SRT,", "line 11: classes.liver.type: the scheme SRT is not among coding_schemes"},
		"a code without its meaning":          {`code: "10200004", meaning: Liver`, `code: "10200004", meaning: ""`, "line 11: classes.liver.type: a code is"},
		"a private scheme with a public name": {"99HL: {uid: 2.25.1, name: private, private: true}", "HL: {uid: 2.25.1, name: private, private: true}", "line 5: coding_schemes.HL: a private scheme"},
		"a scheme with another's UID":         {"uid: 2.16.840.1.113883.6.96,", "uid: 2.16.840.1.113883.6.8,", "line 4: coding_schemes.SCT.uid: SCT is"},
		"an order beyond the values":          {`order: ["1", "4A"]`, `order: ["1", "4B"]`, `line 48: study_form.lungrads.order: "4B" is not among the values`},
		"an order with a value twice":         {`order: ["1", "4A"]`, `order: ["1", "1"]`, `line 48: study_form.lungrads.order: "1" occurs twice`},
		"an order of what has none":           {"    ordinal: true\n    values: [{id: \"0\"}", "    values: [{id: \"0\"}", "line 47: study_form.lungrads.order: only an ordinal"},
		"an id twice":                         {"id: risk,", "id: quality,", "line 34: study_form.quality: the id quality occurs twice"},
		"a word of conditions as id":          {"id: comment", "id: has", "line 49: study_form.has: has is a word of conditions"},
		"a value twice":                       {"{id: noise}", "{id: motion}", "line 42: study_form.reason.values.motion"},
		"a condition with a typing error":     {"quality != 'good'", "qality != 'good'", `line 40: study_form.reason.show_if: column 1: there is no field "qality"`},
		"a condition on a value that is not":  {"quality == 'bad'", "quality == 'worse'", `line 41: study_form.reason.required_if: column 12: "worse" is not among`},
		"a condition that does not parse":     {"quality == 'bad'", "quality = 'bad'", "line 41: study_form.reason.required_if: column 9: a character"},
		"a class asks another's attribute":    {"study.risk == 'hcc'", "quality == 'good'", `line 25: classes.mass.attributes.lirads.show_if: column 1: there is no field "quality"`},
		"a gate on a number that is not":      {"min_pair_dice < 0.90", "min_dice < 0.90", `line 63: resolution.classes.liver.adjudicate_if: column 1: there is no field "min_dice"`},
		"a rule for no class":                 {"    liver: {method", "    lever: {method", `line 63: resolution.classes.lever: there is no class "lever"`},
		"a rule for no question":              {"quality: {rule: worst}", "qualty: {rule: worst}", `line 70: resolution.forms.qualty: the study form has no question`},
		"a rule that is not":                  {"rule: worst", "rule: best", "line 70: resolution.forms.quality.rule"},
		"a median of what has no order":       {"rule: worst", "rule: median", "line 70: resolution.forms.quality: quality is not ordinal"},
		"a mask method that is not":           {"method: sba", "method: average", "line 67: resolution.classes.mass.mask.method"},
		"votes of more than there are":        {"rule: 2 of 3", "rule: 4 of 3", "line 66: resolution.classes.mass.presence.rule"},
		"presence without matching":           {"      match: {criterion: iou3d, threshold: 0.1, assignment: hungarian}\n", "", "line 64: resolution.classes.mass: match and presence"},
		"a class measured that is not":        {"segments: {liver:", "segments: {lever:", `line 77: metrics.segments.lever: there is no segment`},
		"rates that fall":                     {"[0.125, 1, 8]", "[0.125, 8, 1]", "line 78: metrics.detection.box.froc_fp_rates"},
		"a gate for nothing":                  {"class: liver, stat", "stat", "line 81: metrics.gates.1: dice: a gate is for"},
		"readers who see each other":          {"other_readers: true", "other_readers: false", "line 56: reading.stages.blinded.blinding.other_readers: must be true"},
		"a judge of their own read":           {"must_not_be_reader: true", "must_not_be_reader: false", "line 59: reading.stages.adjudication.adjudicator_must_not_be_reader"},
		"a second look":                       {"enabled: false, show", "readers: 1, show", "line 58: reading.stages.review.show: readers see nothing"},
		"an unknown field":                    {"tolerance_mm: 2.0", "tolerance: 2.0", "line 18, column 5"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(whole, c.old) {
				t.Fatalf("the file has no %q", c.old)
			}
			_, err := ParseTemplate(strings.NewReader(strings.Replace(whole, c.old, c.new, 1)))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestConditionsInACircleAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ form, want string }{
		"two that ask each other": {`
  - {id: a, type: enum, values: [{id: x}], show_if: "has(b)"}
  - {id: b, type: enum, values: [{id: x}], required_if: "a == 'x'"}`, "study_form.a.show_if: the conditions go in a circle: study_form.a asks study_form.b asks study_form.a"},
		"one that asks itself":         {"\n  - {id: a, type: text, show_if: \"has(a)\"}", "study_form.a.show_if: the conditions go in a circle: study_form.a asks study_form.a"},
		"itself by its other name":     {"\n  - {id: a, type: text, required_if: \"has(study.a)\"}", "study_form.a.required_if: the conditions go in a circle"},
		"a circle behind another name": {"\n  - {id: a, type: text, show_if: \"has(b)\"}\n  - {id: b, type: text, show_if: \"has(c)\"}\n  - {id: c, type: text, show_if: \"has(b)\"}", "study_form.b.show_if: the conditions go in a circle"},
	} {
		file := "schema: hotlight.project/1\nproject: {id: x, title: X, version: 1}\nclasses: [{id: liver, value: 1, name: L}]\nstudy_form:" + c.form + "\n"
		if _, err := ParseTemplate(strings.NewReader(file)); err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "line ") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func TestTheFormHidesRequiresAndForgets(t *testing.T) {
	d, err := ParseTemplate(strings.NewReader(whole))
	if err != nil {
		t.Fatal(err)
	}
	f, err := StudyForm(d)
	if err != nil {
		t.Fatal(err)
	}
	state := func(answers map[string]expr.Value) map[string]Asked {
		t.Helper()
		list, err := f.State("CT", answers, nil)
		if err != nil {
			t.Fatal(err)
		}
		out := map[string]Asked{}
		for _, a := range list {
			out[a.Question.ID] = a
		}
		return out
	}
	if a := state(nil)["reason"]; a.Shown != expr.Unknown || a.Required != expr.False {
		t.Errorf("before quality is answered: %+v", a)
	}
	stale := expr.ListOf("motion")
	if a := state(map[string]expr.Value{"quality": expr.TextOf("good"), "reason": stale})["reason"]; a.Shown != expr.False || a.Answer.Type != "" {
		t.Errorf("a hidden answer is kept: %+v", a)
	}
	if a := state(map[string]expr.Value{"quality": expr.TextOf("limited"), "reason": stale})["reason"]; a.Shown != expr.True || a.Required != expr.False || a.Answer.Type != expr.List {
		t.Errorf("limited: %+v", a)
	}
	if a := state(map[string]expr.Value{"quality": expr.TextOf("bad")})["reason"]; a.Required != expr.True {
		t.Errorf("bad: %+v", a)
	}
	mass, err := ClassForm(d, "mass")
	if err != nil {
		t.Fatal(err)
	}
	answers := map[string]expr.Value{"margin": expr.TextOf("irregular")}
	for risk, want := range map[string]expr.Answer{"hcc": expr.True, "none": expr.False, "": expr.Unknown} {
		study := map[string]expr.Value{}
		if risk != "" {
			study["risk"] = expr.TextOf(risk)
		}
		list, err := mass.State("CT", answers, study)
		if err != nil || list[2].Shown != want {
			t.Errorf("risk %q: %v, %v", risk, list[2].Shown, err)
		}
	}
}

func TestExamplesLoadAndCodesAreOfKnownSchemes(t *testing.T) {
	names := assets.DefinitionNames()
	if len(names) != 5 {
		t.Errorf("%v", names)
	}
	for _, name := range names {
		d, err := ParseTemplate(bytes.NewReader(assets.Definition(name)))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if d.Schemes == nil || d.Resolution == nil || d.Reading == nil || d.Metrics == nil || len(d.StudyForm) == 0 {
			t.Errorf("%s: a section is missing", name)
		}
		d.Readers = []project.Reader{person(1, project.Lead)}
		if again, err := Parse(strings.NewReader(text(t, d))); err != nil || !reflect.DeepEqual(again, d) {
			t.Errorf("%s does not write back: %v", name, err)
		}
	}
}
