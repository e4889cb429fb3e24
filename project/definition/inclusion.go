package definition

import (
	"slices"
	"strconv"

	"hotlight/project"
	"hotlight/project/expr"
)

// headerFields are project.HeaderFields as conditions see them.
func headerFields() map[string]expr.Field {
	types := map[project.HeaderType]expr.Type{project.HeaderNumber: expr.Number, project.HeaderText: expr.Text, project.HeaderList: expr.List}
	out := map[string]expr.Field{}
	for name, t := range project.HeaderFields {
		out[name] = expr.Field{Type: types[t]}
	}
	return out
}

func checkInclusion(d *project.Definition) error {
	_, err := newInclusion(d)
	return err
}

// Inclusion is the rules of a definition, ready to be asked. The zero value includes everything.
type Inclusion struct {
	modalities []project.Modality
	rules      []inclusionRule
}

type inclusionRule struct {
	when    *expr.Node // nil: always
	require []*expr.Node
}

// InclusionOf prepares the inclusion rules of a checked definition.
func InclusionOf(d *project.Definition) (*Inclusion, error) { return newInclusion(d) }

func newInclusion(d *project.Definition) (*Inclusion, error) {
	out := &Inclusion{}
	if d.Inclusion == nil {
		return out, nil
	}
	out.modalities = d.Inclusion.Modalities
	fields := headerFields()
	for n, r := range d.Inclusion.Rules {
		path := "inclusion.rules." + strconv.Itoa(n+1)
		var rule inclusionRule
		var err error
		if r.If != "" {
			if rule.when, err = condition(path+".if", r.If, fields); err != nil {
				return nil, err
			}
		}
		for m, source := range r.Require {
			tree, err := condition(path+".require."+strconv.Itoa(m+1), source, fields)
			if err != nil {
				return nil, err
			}
			rule.require = append(rule.require, tree)
		}
		out.rules = append(out.rules, rule)
	}
	return out, nil
}

// Exclusion is a reason why a series does not enter a project.
type Exclusion struct {
	Rule    int      // from 1; 0: the list of modalities
	Failed  string   // the condition that does not hold, as it is written
	Missing []string // attributes that it asks and the series does not have; it may be for this alone that it does not hold
}

// Ask returns why a series is excluded, nil if it is not. attribute returns what the series has under a keyword of project.HeaderFields, the zero Value if nothing. A
// condition that cannot be answered for lack of an attribute is not met; a rule whose if cannot be answered applies.
func (in *Inclusion) Ask(modality project.Modality, attribute func(keyword string) expr.Value) ([]Exclusion, error) {
	var out []Exclusion
	if len(in.modalities) > 0 && !slices.Contains(in.modalities, modality) {
		out = append(out, Exclusion{Failed: "the modality is not among those of the project"})
	}
	for n, r := range in.rules {
		if r.when != nil {
			applies, _, err := r.when.Eval(attribute)
			if err != nil {
				return nil, err
			}
			if applies == expr.False {
				continue
			}
		}
		for _, tree := range r.require {
			holds, missing, err := tree.Eval(attribute)
			if err != nil {
				return nil, err
			}
			if holds != expr.True {
				out = append(out, Exclusion{Rule: n + 1, Failed: tree.String(), Missing: missing})
			}
		}
	}
	return out, nil
}
