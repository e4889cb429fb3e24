package project

import (
	"encoding/json"
	"strings"
	"testing"
)

// rich is a locked definition with something in every part that growth is about.
func rich() *Definition {
	d := grown()
	low, high, spread := 1.0, 5.0, 1.0
	d.Project.Changes = []Change{{Version: 1, Date: "2026-01-10", Author: "a", Text: "made"}}
	d.Classes[0].Laterality, d.Classes[0].ToleranceMM, d.Classes[0].Modalities = "optional", 2, []Modality{"CT"}
	d.Classes[0].Instances = &Count{Min: 1, Max: 2}
	d.Classes = append(d.Classes,
		Class{ID: "mass", Value: 2, Name: "M", Inside: "liver", Tracking: true, Overlap: &Overlap{AllowWith: []string{"liver"}}},
		Class{ID: "box", Value: 3, Name: "B", Kind: KindDetection, Geometry: []string{"box3d"}},
		Class{ID: "target", Name: "T", Kind: KindMeasurement, Tool: "bidirectional", LinkTo: "mass", Limits: &TargetLimits{MaxTargets: 5}})
	d.StudyForm[0].ShowIf, d.StudyForm[0].Modalities = "has(size)", []Modality{"CT"}
	d.StudyForm = append(d.StudyForm, Question{ID: "size", Type: AnswerNumber, Min: &low, Max: &high, Unit: "mm"}, Question{ID: "note", Type: AnswerText})
	d.Inclusion = &Inclusion{Modalities: []Modality{"CT"}, Rules: []InclusionRule{{Require: []string{"Rows > 10"}}}}
	d.Reading = &Reading{Roles: []Role{Radiologist}, Stages: []Stage{{ID: "blinded", Role: Radiologist, Readers: 3}}, Assignment: &Assignment{Policy: "all"}}
	d.Resolution = &Resolution{Default: DefaultRule{Labels: RuleMajority}, Classes: map[string]ClassRule{"liver": {Method: MaskUnion}},
		Forms: map[string]LabelRule{"grade": {Rule: RuleMedian, MaxSpread: &spread}}, Measurements: map[string]MeasureRule{"target": {Rule: RuleMedian}}}
	d.Metrics = &Plan{Confidence: 0.95, Bootstrap: &Bootstrap{Replicates: 2000, Unit: "patient", Method: "percentile", Seed: 1}, Strata: []string{"class"},
		Labels: map[string][]string{"grade": {"cohen_kappa"}}, Segments: map[string]SegmentPlan{"liver": {Primary: []string{"dice"}, ToleranceMM: 2}},
		Detection: map[string]DetectionPlan{"box": {FROCRates: []float64{1, 2}, JAFROC: true}}, SurfaceDefinition: "surfel_area",
		Gates: []Gate{{Metric: "dice", Class: "liver", Min: 0.9, Use: "estimate"}}, MinCases: 10}
	d.Export = &ExportPlan{DICOM: []string{"SEG_BINARY"}, Deidentify: &Deidentify{Profile: DeidentifyProfile}}
	return d
}

func TestWhatWasFixedBeforeReadingStays(t *testing.T) {
	narrow := 4.0
	for name, c := range map[string]struct {
		change func(*Definition)
		want   string // the field; empty: allowed
	}{
		"nothing but the version":   {func(d *Definition) {}, ""},
		"another title and contact": {func(d *Definition) { d.Project.Title, d.Project.Owner = "Q", &Owner{Name: "N"} }, ""},
		"a longer history": {func(d *Definition) {
			d.Project.Changes = append(d.Project.Changes, Change{Version: 2, Date: "2026-02-01", Author: "a", Text: "more"})
		}, ""},
		"a history forgotten":        {func(d *Definition) { d.Project.Changes = nil }, "project.changes"},
		"a history rewritten":        {func(d *Definition) { d.Project.Changes[0].Text = "else" }, "project.changes"},
		"a class less":               {func(d *Definition) { d.Classes = d.Classes[:3] }, "classes.target"},
		"another value":              {func(d *Definition) { d.Classes[1].Value = 9 }, "classes.mass"},
		"another region":             {func(d *Definition) { d.Classes[1].Region = Code{Value: "1", Scheme: "SCT", Meaning: "x"} }, "classes.mass"},
		"sides required":             {func(d *Definition) { d.Classes[0].Laterality = "required" }, "classes.liver.laterality"},
		"another tolerance":          {func(d *Definition) { d.Classes[0].ToleranceMM = 3 }, "classes.liver.tolerance_mm"},
		"a tolerance at last":        {func(d *Definition) { d.Classes[1].ToleranceMM = 3 }, ""},
		"a modality more":            {func(d *Definition) { d.Classes[0].Modalities = []Modality{"MR", "CT"} }, ""},
		"all modalities":             {func(d *Definition) { d.Classes[0].Modalities = nil }, ""},
		"another modality":           {func(d *Definition) { d.Classes[0].Modalities = []Modality{"MR"} }, "classes.liver.modalities"},
		"only one modality":          {func(d *Definition) { d.Classes[1].Modalities = []Modality{"MR"} }, "classes.mass.modalities"},
		"more instances":             {func(d *Definition) { d.Classes[0].Instances = &Count{Min: 0, Max: 9} }, ""},
		"any number of instances":    {func(d *Definition) { d.Classes[0].Instances = nil }, ""},
		"fewer instances":            {func(d *Definition) { d.Classes[0].Instances = &Count{Min: 1, Max: 1} }, "classes.liver.instances"},
		"instances limited":          {func(d *Definition) { d.Classes[1].Instances = &Count{Min: 0, Max: 9} }, "classes.mass.instances"},
		"free of its organ":          {func(d *Definition) { d.Classes[1].Inside = "" }, "classes.mass.must_be_inside"},
		"no overlap any more":        {func(d *Definition) { d.Classes[1].Overlap = nil }, "classes.mass.overlap"},
		"no tracking any more":       {func(d *Definition) { d.Classes[1].Tracking = false }, "classes.mass.instance_tracking"},
		"another geometry":           {func(d *Definition) { d.Classes[2].Geometry = []string{"point"} }, "classes.box.geometry"},
		"a geometry more":            {func(d *Definition) { d.Classes[2].Geometry = []string{"box3d", "point"} }, ""},
		"another tool to measure":    {func(d *Definition) { d.Classes[3].Tool = "length" }, "classes.target.tool"},
		"measured on something else": {func(d *Definition) { d.Classes[3].LinkTo = "liver" }, "classes.target.link_to"},
		"other targets":              {func(d *Definition) { d.Classes[3].Limits.MaxTargets = 2 }, "classes.target.limits"},
		"other tools and checks":     {func(d *Definition) { d.Classes[0].Tools, d.Classes[0].Quality = []string{"brush"}, &Quality{} }, ""},
		"asked of others":            {func(d *Definition) { d.StudyForm[0].ShowIf = "" }, "study_form.grade.show_if"},
		"asked of fewer modalities":  {func(d *Definition) { d.StudyForm[0].Modalities = []Modality{"MR"} }, "study_form.grade.modalities"},
		"a narrower number":          {func(d *Definition) { d.StudyForm[1].Max = &narrow }, "study_form.size"},
		"a number without end":       {func(d *Definition) { d.StudyForm[1].Max = nil }, ""},
		"a limit where none was":     {func(d *Definition) { d.StudyForm[2].Max = &narrow }, "study_form.note"},
		"another unit":               {func(d *Definition) { d.StudyForm[1].Unit = "cm" }, "study_form.size"},
		"required from now on":       {func(d *Definition) { d.StudyForm[1].Required = true }, ""},
		"an inclusion rule more": {func(d *Definition) {
			d.Inclusion.Rules = append(d.Inclusion.Rules, InclusionRule{Require: []string{"x"}})
		}, ""},
		"an inclusion rule less":    {func(d *Definition) { d.Inclusion.Rules = nil }, "inclusion.rules"},
		"no inclusion rules":        {func(d *Definition) { d.Inclusion = nil }, "inclusion.rules"},
		"an inclusion rule changed": {func(d *Definition) { d.Inclusion.Rules[0].Require[0] = "Rows > 1" }, "inclusion.rules"},
		"fewer modalities included": {func(d *Definition) { d.Inclusion.Modalities = []Modality{"MR"} }, "inclusion.modalities"},
		"fewer readers":             {func(d *Definition) { d.Reading.Stages[0].Readers = 2 }, "reading.stages.blinded"},
		"weaker blinding":           {func(d *Definition) { d.Reading.Stages[0].Blinding = &Blinding{OtherReaders: true} }, "reading.stages.blinded"},
		"a stage less":              {func(d *Definition) { d.Reading.Stages = nil }, "reading.stages.blinded"},
		"no protocol":               {func(d *Definition) { d.Reading = nil }, "reading"},
		"an adjudication more":      {func(d *Definition) { d.Reading.Stages = append(d.Reading.Stages, Stage{ID: "adj", Role: Adjudicator}) }, ""},
		"other reads a study": {func(d *Definition) {
			d.Reading.Stages = append(d.Reading.Stages, Stage{ID: "b", Role: Annotator, Readers: 2})
		}, "reading.stages"},
		"another assignment":           {func(d *Definition) { d.Reading.Assignment.Policy = "manual" }, "reading.assignment"},
		"a role less":                  {func(d *Definition) { d.Reading.Roles = []Role{Lead} }, "reading.roles"},
		"another rule for a form":      {func(d *Definition) { d.Resolution.Forms["grade"] = LabelRule{Rule: RuleMajority} }, "resolution.forms.grade"},
		"another default":              {func(d *Definition) { d.Resolution.Default.Labels = RuleUnanimous }, "resolution.forms.size"},
		"another rule for a class":     {func(d *Definition) { d.Resolution.Classes["liver"] = ClassRule{Method: MaskMajority} }, "resolution.classes.liver"},
		"a rule where the default was": {func(d *Definition) { d.Resolution.Classes["mass"] = ClassRule{Method: MaskSTAPLE} }, "resolution.classes.mass"},
		"another rule for a length": {func(d *Definition) {
			d.Resolution.Measurements["target"] = MeasureRule{Rule: RuleMedian, AdjudicateIf: "abs_range > 9"}
		}, "resolution.measurements.target"},
		"no rules": {func(d *Definition) { d.Resolution = nil }, "resolution.forms.grade"},
		"a rule for what is new": {func(d *Definition) {
			d.Classes = append(d.Classes, Class{ID: "cyst", Value: 7, Name: "C"})
			d.Resolution.Classes["cyst"] = ClassRule{Method: MaskUnion}
			d.Classes[0].Attributes = append(d.Classes[0].Attributes, Question{ID: "fat", Type: AnswerText})
			d.Resolution.Classes["liver"] = ClassRule{Method: MaskUnion, Attributes: map[string]LabelRule{"fat": {Rule: RuleMajority}}}
		}, ""},
		"a rule for an old attribute": {func(d *Definition) {
			d.Resolution.Classes["liver"] = ClassRule{Method: MaskUnion, Attributes: map[string]LabelRule{"confidence": {Rule: RuleMedian}}}
		}, "resolution.classes.liver"},
		"no plan":                   {func(d *Definition) { d.Metrics = nil }, "metrics"},
		"another seed":              {func(d *Definition) { d.Metrics.Bootstrap.Seed = 2 }, "metrics.bootstrap"},
		"another surface":           {func(d *Definition) { d.Metrics.SurfaceDefinition = "voxel_face" }, "metrics.surface_definition"},
		"fewer cases for a verdict": {func(d *Definition) { d.Metrics.MinCases = 3 }, "metrics.min_cases_for_ci"},
		"a lower gate":              {func(d *Definition) { d.Metrics.Gates[0].Min = 0.5 }, "metrics.gates"},
		"a gate more": {func(d *Definition) {
			d.Metrics.Gates = append(d.Metrics.Gates, Gate{Metric: "dice", Class: "mass", Use: "estimate"})
		}, ""},
		"a stratum less":          {func(d *Definition) { d.Metrics.Strata = nil }, "metrics.strata"},
		"a number of a form less": {func(d *Definition) { d.Metrics.Labels = nil }, "metrics.labels.grade"},
		"a number of a class less": {func(d *Definition) {
			d.Metrics.Segments["liver"] = SegmentPlan{Primary: []string{"hd95"}, ToleranceMM: 2}
		}, "metrics.segments.liver"},
		"a number of a class more": {func(d *Definition) {
			d.Metrics.Segments["liver"] = SegmentPlan{Primary: []string{"hd95", "dice"}, ToleranceMM: 2}
		}, ""},
		"another tolerance of the plan": {func(d *Definition) {
			d.Metrics.Segments["liver"] = SegmentPlan{Primary: []string{"dice"}, ToleranceMM: 3}
		}, "metrics.segments.liver.nsd_tolerance_mm"},
		"other rates":                {func(d *Definition) { d.Metrics.Detection["box"] = DetectionPlan{FROCRates: []float64{1}, JAFROC: true} }, "metrics.detection.box"},
		"weaker de-identification":   {func(d *Definition) { d.Export.Deidentify.Options = []string{"RetainUIDs"} }, "export.deidentify"},
		"no export":                  {func(d *Definition) { d.Export = nil }, "export.deidentify"},
		"a form of export more":      {func(d *Definition) { d.Export.DICOM = append(d.Export.DICOM, "KOS") }, ""},
		"another display and effort": {func(d *Definition) { d.Display, d.Effort = &Display{}, &Effort{} }, ""},
	} {
		next := rich()
		next.Project.Version = 2
		c.change(next)
		err := rich().Succeeds(next)
		if (err == nil) != (c.want == "") || err != nil && (!strings.HasPrefix(err.Error(), c.want+":") || KindOf(err) != Conflict) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
		if c.want == "reading" {
			bare := rich()
			bare.Reading, next = nil, rich()
			next.Project.Version = 2
			if err := bare.Succeeds(next); err == nil || !strings.HasPrefix(err.Error(), "reading:") {
				t.Errorf("a protocol where none was: %v", err)
			}
		}
	}
}

// What is signed can be read back with every section there is.
func TestASignedDefinitionHoldsEverySection(t *testing.T) {
	d := rich()
	d.Display = &Display{Presets: map[Modality][]Preset{"CT": {{"lung", 1500, -600}}}, Hanging: map[string]Hanging{"MG": {Rows: [][]string{{"R-CC", "L-CC"}}}}, Linked: &Linked{By: "FrameOfReferenceUID"}}
	d.Effort = &Effort{Track: []string{"study"}, Currency: "EUR", Rates: map[Role]float64{Radiologist: 1}}
	d.Resolution.Measurements["target"] = MeasureRule{Rule: RuleMedian}
	b, err := d.Marshal()
	if err != nil {
		t.Fatal(err)
	}
	var back Definition
	if err := json.Unmarshal(b, &back); err != nil {
		t.Fatal(err)
	}
	if err := back.CheckSchema(); err != nil {
		t.Error(err)
	}
	again, err := json.Marshal(&back)
	if err != nil || string(again) != string(b) {
		t.Errorf("%v\ngot  %s\nwant %s", err, again, b)
	}
}
