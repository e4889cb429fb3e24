package definition

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/expr"
)

// example is the project file that fixes the schema. It is not changed for our convenience.
func exampleFile(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("testdata", "project-example.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestTheExampleLoadsAsItIs(t *testing.T) {
	d, err := ParseTemplate(strings.NewReader(exampleFile(t)))
	if err != nil {
		t.Fatal(err)
	}
	blinded := d.Reading.Stages[1]
	birads, _ := d.Question("birads")
	for what, ok := range map[string]bool{
		"owner":                  d.Project.Owner.Name == "Imaging Core" && d.Project.Owner.Contact == "core@example.org",
		"guideline":              d.Project.Guideline.File == "guideline_v3.pdf" && d.Project.Guideline.MustAcknowledge,
		"changes":                len(d.Project.Changes) == 1 && d.Project.Changes[0].Author == "adj1",
		"inclusion":              len(d.Inclusion.Modalities) == 7 && len(d.Inclusion.Rules) == 3 && d.Inclusion.Rules[2].Require[1] == "contains(CorrectedImage,'ATTN')",
		"presets":                len(d.Display.Presets["CT"]) == 6 && d.Display.Presets["CT"][0] == project.Preset{Name: "lung", Width: 1500, Level: -600},
		"hanging":                reflect.DeepEqual(d.Display.Hanging["MG"], project.Hanging{Rows: [][]string{{"R-CC", "L-CC"}, {"R-MLO", "L-MLO"}}, ChestWall: "center"}),
		"hanging by a list":      reflect.DeepEqual(d.Display.Hanging["MR_prostate"].Rows, [][]string{{"T2_AX", "ADC", "DWI_HIGHB", "DCE"}}),
		"linked":                 *d.Display.Linked == project.Linked{By: "FrameOfReferenceUID", Cursor: true, Scroll: true, Fallback: "manual_offset"},
		"a drawn seed is stored": *blinded.Order == project.Order{Randomize: "per_reader", Seed: "random", Stored: true},
		"assignment":             d.Reading.Assignment.Policy == "balanced_incomplete_block" && !d.Reading.Assignment.Exclude.SameSite,
		"lock":                   d.Reading.Lock.OnSubmit && d.Reading.Lock.Reopen.Role == project.Lead,
		"a meaning is filled in": birads.Values[3].Code == project.Code{Scheme: "SCT", Value: "397143007", Meaning: "3 - Probably Benign"},
		"effort":                 d.Effort.IdleTimeoutS == 60 && d.Effort.Rates[project.Radiologist] == 180 && d.Effort.Currency == "EUR",
		"export":                 len(d.Export.DICOM) == 5 && len(d.Export.Research) == 8 && d.Export.Deidentify.UID == "keyed_hmac" && d.Export.Sign.Bundle == "ed25519",
		"reads":                  d.RequiredReads() == 3,
	} {
		if !ok {
			t.Errorf("%s: not as it stands in the file", what)
		}
	}
	d.Readers = []project.Reader{person(1, project.Lead)}
	if err := d.Check(); err == nil || !strings.Contains(err.Error(), "project.guideline.sha256") {
		t.Errorf("a guideline without its digest can be signed: %v", err)
	}
	d.Project.Guideline.SHA256 = strings.Repeat("a1", 32)
	again, err := Parse(strings.NewReader(text(t, d)))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := mustJSON(t, again), mustJSON(t, d); !bytes.Equal(got, want) {
		t.Errorf("it does not write back\ngot  %s\nwant %s", got, want)
	}
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// Every section of the example refuses what it does not mean, at the line where it stands.
func TestErrorsInTheExampleNameLineAndField(t *testing.T) {
	file := exampleFile(t)
	lineOf := func(part string) string {
		return "line " + strconv.Itoa(1+strings.Count(file[:strings.Index(file, part)], "\n")) + ": "
	}
	for name, c := range map[string]struct{ old, new, at, want string }{
		"an owner without a name":               {`owner: {name: "Imaging Core"`, `owner: {name: ""`, "owner:", "project.owner: the name is empty"},
		"a guideline's digest":                  {`sha256: "<64 hex>"`, `sha256: "abc"`, "guideline:", "project.guideline.sha256: must be 64"},
		"a guideline without a file":            {`file: "guideline_v3.pdf"`, `file: ""`, "guideline:", "project.guideline: the file must be named"},
		"a change of the future":                {"- {version: 3, date", "- {version: 4, date", "- {version: 3, date", "project.changes.1.version: versions of changes ascend to at most 3"},
		"a change on no day":                    {`"2026-01-10", author`, `"10.1.2026", author`, "- {version: 3, date", "project.changes.1.date: must be a day"},
		"a change by nobody":                    {`author: "adj1"`, `author: ""`, "- {version: 3, date", "project.changes.1: a change has an author"},
		"a migration that is not":               {"migration: none", "migration: all", "- {version: 3, date", `project.changes.1.migration: "all" is not known here`},
		"a modality that is none":               {"[CT, MR, DX, CR, MG, US, PT]", "[CT, mr, DX, CR, MG, US, PT]", "modalities: [CT, MR, DX", `inclusion.modalities: "mr" is no modality`},
		"a modality twice":                      {"[CT, MR, DX, CR, MG, US, PT]", "[CT, CT, DX, CR, MG, US, PT]", "modalities: [CT, MR, DX", "inclusion.modalities: CT occurs twice"},
		"an attribute that cannot be asked":     {"SliceThickness <= 3.0", "PatientName == 'x'", "- {if: \"Modality == 'CT'\"", `inclusion.rules.1.require.1: column 1: there is no field "PatientName"`},
		"a number compared with a text":         {"SliceThickness <= 3.0", "SliceThickness == 'thin'", "- {if: \"Modality == 'CT'\"", "inclusion.rules.1.require.1: column"},
		"a rule for nothing":                    {"if: \"Modality == 'MG'\"", "if: \"Modalty == 'MG'\"", "- {if: \"Modality == 'MG'\"", `inclusion.rules.2.if: column 1: there is no field "Modalty"`},
		"contains of one text":                  {"contains(CorrectedImage,'DECY')", "contains(Units,'DECY')", "- {if: \"Modality == 'PT'\"", "inclusion.rules.3.require.3: column 1: contains asks a field with several answers"},
		"a rule that requires nothing":          {"require: [\"has(ImageLaterality)\", \"has(ViewPosition) or has(ViewCodeSequence)\"]", "require: []", "- {if: \"Modality == 'MG'\"", "inclusion.rules.2: a rule requires something"},
		"a preset without width":                {"{name: lung, width: 1500", "{name: lung, width: 0", "CT: [{name: lung", "display.presets.CT.1.width: must be a number above 0"},
		"a preset twice":                        {"{name: brain,", "{name: lung,", "{name: brain", "display.presets.CT.4.name: lung occurs twice"},
		"presets for no modality":               {"    CT: [{name: lung", "    ct: [{name: lung", "    CT: [{name: lung", `display.presets.ct: "ct" is no modality`},
		"a hanging for no modality":             {"    MR_prostate:", "    mr_prostate:", "    MR_prostate:", "display.hanging.mr_prostate: is for a modality"},
		"a view twice":                          {"[R-MLO, L-MLO]", "[R-MLO, L-CC]", "    MG: {rows", "display.hanging.MG: the view L-CC occurs twice"},
		"a chest wall elsewhere":                {"chest_wall: center", "chest_wall: top", "    MG: {rows", `display.hanging.MG.chest_wall: "top" is not known here`},
		"linked by something else":              {"by: FrameOfReferenceUID", "by: StudyInstanceUID", "linked: {by", "display.linked.by: views are linked by FrameOfReferenceUID"},
		"a fallback that is not":                {"fallback: manual_offset", "fallback: guess", "linked: {by", `display.linked.fallback: "guess" is not known here`},
		"a policy that is not":                  {"policy: balanced_incomplete_block", "policy: random", "assignment: {policy", `reading.assignment.policy: "random" is not known here`},
		"sites that the roster does not have":   {"same_site: false", "same_site: true", "assignment: {policy", "reading.assignment.exclude.same_site: the roster has no sites"},
		"a conflict of one":                     {"conflicts: []", "conflicts: [{readers: [a]}]", "assignment: {policy", "reading.assignment.exclude.conflicts.1.readers: a conflict is between two"},
		"a read that stays open":                {"on_submit: true", "on_submit: false", "lock: {on_submit", "reading.lock.on_submit: must be true"},
		"a reopening by a reader":               {"reopen: {role: lead", "reopen: {role: radiologist", "lock: {on_submit", "reading.lock.reopen.role: only the lead"},
		"a reopening without reason":            {"reason_required: true, creates", "reason_required: false, creates", "lock: {on_submit", "reading.lock.reopen.reason_required: must be true"},
		"a reopening that overwrites":           {"creates_new_revision: true", "creates_new_revision: false", "lock: {on_submit", "reading.lock.reopen.creates_new_revision: must be true"},
		"a seed that is not":                    {"seed: random, stored,", "stored,", "order: {randomize", "reading.stages.blinded.order.stored: there is no seed"},
		"a code that nobody knows":              {`code: "397143007"`, `code: "397143008"`, `- {id: "3", code: {scheme: SCT`, "study_form.birads.values.3: a code is scheme, code and meaning"},
		"a metric that is not":                  {"krippendorff_ordinal, gwet_ac2_quadratic]", "krippendorf_ordinal, gwet_ac2_quadratic]", "    lungrads: [percent", `metrics.labels.lungrads: "krippendorf_ordinal" is not known here; there are: percent_agreement`},
		"a metric that needs an order":          {"    birads:   [percent_agreement", "    diagnostic_quality: [weighted_kappa_linear]\n    birads:   [percent_agreement", "    birads:   [percent", "metrics.labels.diagnostic_quality: weighted_kappa_linear needs an order"},
		"a metric that needs numbers":           {"    birads:   [percent_agreement", "    birads:   [icc_2_1", "    birads:   [percent", "metrics.labels.birads: icc_2_1 needs numbers"},
		"a metric of masks that is not":         {"secondary: [hd95, assd, volume_diff_ml]", "secondary: [hd96, assd, volume_diff_ml]", "    liver: {primary", `metrics.segments.liver.secondary: "hd96" is not known for a segment`},
		"a surface distance of no tolerance":    {"    tolerance_mm: 2.0                      # NSD tolerance for this class\n", "", "    mass:  {primary", "metrics.segments.mass.primary: nsd needs tolerance_mm"},
		"a gate on a metric that is not":        {"{metric: dice, class: liver", "{metric: dise, class: liver", "- {metric: dice", `metrics.gates.2.metric: "dise" is not known for a segment`},
		"a gate on a form's metric that is not": {"{metric: weighted_kappa_quadratic, form", "{metric: kappa, form", "- {metric: weighted_kappa_quadratic", `metrics.gates.1.metric: "kappa" is not known here`},
		"another confidence":                    {"confidence: 0.95", "confidence: 0.9", "confidence: 0.95", "metrics.confidence: every interval of this program is one of 0.95"},
		"an unknown thing to track":             {"[study, series, slice, finding, organ]", "[study, keystrokes]", "effort: {track", `effort.track: "keystrokes" is not known here`},
		"a currency that is none":               {"currency: EUR", "currency: euro", "effort: {track", "effort.currency: must be three capital letters"},
		"a rate below nothing":                  {"radiologist: 180", "radiologist: -1", "effort: {track", "effort.rates.radiologist: must be an amount"},
		"a rate for no role":                    {"annotator: 40", "assistant: 40", "effort: {track", `effort.rates.assistant: "assistant" is not a role`},
		"an idle time below nothing":            {"idle_timeout_s: 60", "idle_timeout_s: -1", "effort: {track", "effort.idle_timeout_s: must be seconds"},
		"a DICOM form that is not":              {"SEG_BINARY, SR", "SEG_FRACTIONAL, SR", "dicom: [SEG", `export.dicom: "SEG_FRACTIONAL" is not known here`},
		"a research form that is not":           {"[nifti, nrrd,", "[nifti, mha,", "research: [nifti", `export.research: "mha" is not known here`},
		"a form twice":                          {"[nifti, nrrd,", "[nifti, nifti,", "research: [nifti", "export.research: nifti occurs twice"},
		"a profile that is not":                 {`profile: "PS3.15 E basic"`, `profile: "HIPAA"`, "deidentify: {profile", `export.deidentify.profile: "HIPAA" is not known here`},
		"an option that is not":                 {"CleanDescriptors]", "CleanEverything]", "deidentify: {profile", `export.deidentify.options: "CleanEverything" is not known here`},
		"UIDs by other means":                   {"uid: keyed_hmac", "uid: counter", "deidentify: {profile", `export.deidentify.uid: "counter" is not known here`},
		"a signature that is not":               {"bundle: ed25519", "bundle: rsa", "sign: {bundle", `export.sign.bundle: "rsa" is not known here`},
		"a gate on the surface of a box":        {"box: median_corners}", "box: median_corners, adjudicate_if: \"min_pair_nsd < 0.5\"}", "box: median_corners", "resolution.classes.nodule_box.adjudicate_if: min_pair_nsd is of masks"},
		"a gate without tolerance":              {"tolerance_mm: 2.0                      #", "tolerance_mm: 0 #", "adjudicate_if: \"min_pair_dice < 0.70\"", "resolution.classes.mass.adjudicate_if: min_pair_nsd needs tolerance_mm"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(file, c.old, c.new, 1)
			if name == "a gate without tolerance" {
				changed = strings.Replace(changed, "min_pair_dice < 0.70", "min_pair_nsd < 0.70", 1)
			}
			if changed == file {
				t.Fatalf("the file has no %q", c.old)
			}
			want := lineOf(c.at) + c.want
			if strings.HasPrefix(c.new, "    diagnostic_quality: [") { // it stands there itself
				want = lineOf(c.at) + c.want
			}
			_, err := ParseTemplate(strings.NewReader(changed))
			if name == "a surface distance of no tolerance" { // a line less before it
				if err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("got %v", err)
				}
				return
			}
			if err == nil || !strings.HasPrefix(err.Error(), want) {
				t.Errorf("got  %v\nwant %s", err, want)
			}
		})
	}
}

func TestConflictsAreBetweenPeopleOfTheRoster(t *testing.T) {
	d := example()
	a, b := d.Readers[1].ID, d.Readers[2].ID
	d.Reading = &project.Reading{Assignment: &project.Assignment{Exclude: &project.Exclude{Conflicts: []project.ConflictOfInterest{{Readers: []project.ReaderID{a, b}}}}}}
	back, err := Parse(strings.NewReader(text(t, d)))
	if err != nil || back.MayReadTogether(a, b) || !back.MayReadTogether(a, d.Readers[0].ID) || back.MayReadTogether(a, a) {
		t.Errorf("%v", err)
	}
	d.Reading.Assignment.Exclude.Conflicts[0].Readers[1] = person(77, project.Radiologist).ID
	if _, err := Parse(strings.NewReader(text(t, d))); err == nil || !strings.Contains(err.Error(), "conflicts.1.readers") {
		t.Errorf("somebody unknown: %v", err)
	}
}

// A signed definition is held to the same rules as a file: conditions, names of metrics and inclusion rules.
func TestOpeningASignedDefinitionChecksItWhole(t *testing.T) {
	lead := signer{seed: 1}
	for name, c := range map[string]struct {
		change func(*project.Definition)
		want   string
	}{
		"a good one":                      {func(*project.Definition) {}, ""},
		"a condition that does not parse": {func(d *project.Definition) { d.StudyForm[0].ShowIf = "study.x = 1" }, "study_form.q.show_if"},
		"a condition in a circle":         {func(d *project.Definition) { d.StudyForm[0].ShowIf = "has(q)" }, "in a circle"},
		"a metric that is not":            {func(d *project.Definition) { d.Metrics = &project.Plan{Labels: map[string][]string{"q": {"kappa"}}} }, "metrics.labels.q"},
		"an inclusion rule on nothing": {func(d *project.Definition) {
			d.Inclusion = &project.Inclusion{Rules: []project.InclusionRule{{Require: []string{"x == 1"}}}}
		}, "inclusion.rules.1.require.1"},
	} {
		d := example()
		d.StudyForm = []project.Question{{ID: "q", Type: project.AnswerText}}
		if name == "a metric that is not" {
			d.StudyForm = []project.Question{{ID: "q", Type: project.AnswerEnum, Values: []project.Choice{{ID: "a"}}}}
		}
		d.CaseKey = bytes.Repeat([]byte{1}, 32)
		c.change(d)
		b, err := d.Marshal()
		if err != nil {
			t.Fatal(err)
		}
		e, err := project.SignEnvelope(project.DefinitionType, b, lead)
		if err != nil {
			t.Fatal(err)
		}
		_, hash, err := Open(e)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && hash != project.HashOf(b) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestInclusionListsWhatFails(t *testing.T) {
	d, err := ParseTemplate(strings.NewReader(exampleFile(t)))
	if err != nil {
		t.Fatal(err)
	}
	rules, err := InclusionOf(d)
	if err != nil {
		t.Fatal(err)
	}
	text := func(v string) expr.Value { return expr.TextOf(v) }
	for name, c := range map[string]struct {
		modality project.Modality
		has      map[string]expr.Value
		want     string
	}{
		"a thin CT":                   {"CT", map[string]expr.Value{"Modality": text("CT"), "SliceThickness": expr.NumberOf(3), "FrameOfReferenceUID": text("1.2")}, ""},
		"a thick CT":                  {"CT", map[string]expr.Value{"Modality": text("CT"), "SliceThickness": expr.NumberOf(5), "FrameOfReferenceUID": text("1.2")}, "1 SliceThickness <= 3 []"},
		"a CT that does not say":      {"CT", map[string]expr.Value{"Modality": text("CT"), "FrameOfReferenceUID": text("1.2")}, "1 SliceThickness <= 3 [SliceThickness]"},
		"a CT without a frame":        {"CT", map[string]expr.Value{"Modality": text("CT"), "SliceThickness": expr.NumberOf(1)}, "1 has(FrameOfReferenceUID) []"},
		"a mammogram with codes":      {"MG", map[string]expr.Value{"Modality": text("MG"), "ImageLaterality": text("L"), "ViewCodeSequence": expr.ListOf("x")}, ""},
		"a PET":                       {"PT", map[string]expr.Value{"Modality": text("PT"), "Units": text("BQML"), "CorrectedImage": expr.ListOf("DECY", "ATTN")}, ""},
		"a PET without attenuation":   {"PT", map[string]expr.Value{"Modality": text("PT"), "Units": text("BQML"), "CorrectedImage": expr.ListOf("DECY")}, "3 contains(CorrectedImage, 'ATTN') []"},
		"a modality not in the study": {"NM", map[string]expr.Value{"Modality": text("NM")}, "0 the modality is not among those of the project []"},
		"a series that says nothing":  {"CT", nil, "1 SliceThickness <= 3 [SliceThickness]; 1 has(FrameOfReferenceUID) []; 2 has(ImageLaterality) []; 2 has(ViewPosition) or has(ViewCodeSequence) []; 3 Units == 'BQML' [Units]; 3 contains(CorrectedImage, 'ATTN') [CorrectedImage]; 3 contains(CorrectedImage, 'DECY') [CorrectedImage]"},
	} {
		got, err := rules.Ask(c.modality, func(keyword string) expr.Value { return c.has[keyword] })
		if err != nil {
			t.Fatal(err)
		}
		var words []string
		for _, e := range got {
			words = append(words, strconv.Itoa(e.Rule)+" "+e.Failed+" ["+strings.Join(e.Missing, " ")+"]")
		}
		if strings.Join(words, "; ") != c.want {
			t.Errorf("%s: %q, want %q", name, strings.Join(words, "; "), c.want)
		}
	}
	if all, err := (&Inclusion{}).Ask("NM", nil); err != nil || all != nil {
		t.Errorf("no rules: %v, %v", all, err)
	}
}

// signer is the person of the same number.
type signer struct{ seed byte }

func (s signer) key() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{s.seed}, ed25519.SeedSize))
}

func (s signer) KeyID() string { return string(person(s.seed, project.Lead).ID) }

func (s signer) Sign(payloadType string, body []byte) ([]byte, error) {
	return ed25519.Sign(s.key(), project.PAE(payloadType, body)), nil
}
