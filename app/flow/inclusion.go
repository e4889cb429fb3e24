package flow

import (
	"fmt"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/definition"
	"hotlight/project/expr"
	"hotlight/project/ingest"
)

// Excluded is a series that the project's inclusion rules keep out. It names the series by modality and number, never by its description, which may hold names.
type Excluded struct {
	Modality project.Modality `json:"modality"`
	Number   int              `json:"number"`
	Files    int              `json:"files"`
	Reasons  []string         `json:"reasons"` // conditions that do not hold, and what the files lack to answer them
}

// include takes out of what was found the series that the definition's rules keep out. The first file of a series answers for it.
func (p *Project) include(found *ingest.Result) ([]Excluded, error) {
	if p.Definition().Inclusion == nil {
		return nil, nil
	}
	rules, err := definition.InclusionOf(p.Definition())
	if err != nil {
		return nil, err
	}
	var out []Excluded
	for n := range found.Studies {
		var kept []*ingest.Series
		for _, series := range found.Studies[n].Series {
			reasons, err := exclusions(rules, series)
			if err != nil {
				return nil, err
			}
			if len(reasons) == 0 {
				kept = append(kept, series)
				continue
			}
			out = append(out, Excluded{Modality: series.Modality, Number: series.Number, Files: series.Instances, Reasons: reasons})
		}
		found.Studies[n].Series = kept
	}
	return out, nil
}

func exclusions(rules *definition.Inclusion, series *ingest.Series) (reasons []string, err error) {
	if len(series.Volumes) == 0 || len(series.Volumes[0].Slices) == 0 {
		return nil, nil // nothing to read in it: no rule is asked
	}
	file, err := dcm.Open(series.Volumes[0].Slices[0].Path, dcm.Options{HeaderOnly: true})
	if err != nil {
		return nil, fmt.Errorf("ask series %d for the project's inclusion rules: %w", series.Number, pathFree(err))
	}
	has := attributesOf(file.Data)
	failed, err := rules.Ask(series.Modality, func(keyword string) expr.Value { return has[keyword] })
	for _, f := range failed {
		reason := f.Failed
		if len(f.Missing) > 0 {
			reason += " (the files do not say " + strings.Join(f.Missing, ", ") + ")"
		}
		reasons = append(reasons, reason)
	}
	return reasons, err
}

// attributesOf returns what inclusion rules can ask of a header. Enhanced objects have much of it in their functional groups: those of all frames, and of the
// first.
func attributesOf(d *dcm.DataSet) map[string]expr.Value {
	out := map[string]expr.Value{}
	takeAttributes(out, d)
	for _, groups := range []dcm.Tag{dcm.SharedFunctionalGroupsSequence, dcm.PerFrameFunctionalGroupsSequence} {
		item := d.Item(groups)
		for _, group := range item.Tags() {
			takeAttributes(out, item.Item(group))
		}
	}
	return out
}

func takeAttributes(out map[string]expr.Value, d *dcm.DataSet) {
	for _, tag := range d.Tags() {
		keyword := dcm.Keyword(tag)
		if _, known := out[keyword]; known {
			continue
		}
		switch project.HeaderFields[keyword] {
		case project.HeaderNumber:
			if v, ok := d.Float(tag); ok {
				out[keyword] = expr.NumberOf(v)
			}
		case project.HeaderText:
			if v, ok := d.String(tag); ok {
				out[keyword] = expr.TextOf(v)
			}
		case project.HeaderList:
			if list := listOf(d, tag); len(list) > 0 {
				out[keyword] = expr.ListOf(list...)
			}
		}
	}
}

// listOf is the values of an attribute; of a sequence the codes of its items.
func listOf(d *dcm.DataSet, tag dcm.Tag) []string {
	if list := d.Strings(tag); len(list) > 0 {
		return list
	}
	var out []string
	for _, item := range d.Items(tag) {
		code, _ := item.String(dcm.CodeValue)
		out = append(out, code)
	}
	return out
}
