package definition

import (
	"errors"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/expr"
)

// A condition of the study form names its other questions (also as study.ID) and modality; one of a class's attribute names the other attributes of the
// class, study.ID and modality; one of a resolution names project.ClassGateFields or project.MeasureGateFields.

// node is one question, with the questions that its conditions ask.
type node struct {
	path  string // of the question
	field string // of the condition that asks first: show_if, required_if
	asks  []string
}

// checkConditions checks that every condition parses, names fields and values that exist, and that no question waits for itself.
func checkConditions(d *project.Definition) error {
	nodes := map[string]*node{}
	study := fieldsOf("study.", d.StudyForm)
	study["modality"] = expr.Field{Type: expr.Text}
	plain := fieldsOf("", d.StudyForm)
	for name, f := range study {
		plain[name] = f
	}
	if err := checkForm(nodes, "study_form", d.StudyForm, plain, "study_form."); err != nil {
		return err
	}
	for i := range d.Classes {
		c := &d.Classes[i]
		path := "classes." + c.ID + ".attributes"
		fields := fieldsOf("", c.Attributes)
		for name, f := range study {
			fields[name] = f
		}
		if err := checkForm(nodes, path, c.Attributes, fields, path+"."); err != nil {
			return err
		}
	}
	if err := checkCycles(nodes); err != nil {
		return err
	}
	return checkGates(d)
}

// fieldsOf declares questions as fields, their names after prefix.
func fieldsOf(prefix string, questions []project.Question) map[string]expr.Field {
	out := map[string]expr.Field{}
	for _, q := range questions {
		f := expr.Field{Type: expr.Text}
		switch q.Type {
		case project.AnswerScale, project.AnswerNumber:
			f.Type = expr.Number
		case project.AnswerMulti:
			f.Type, f.Values = expr.List, q.IDs()
		case project.AnswerEnum:
			f.Values = q.IDs()
		}
		out[prefix+q.ID] = f
	}
	return out
}

// checkForm checks the conditions of one form and notes in nodes who asks whom. own is the path that a name without "study." stands for.
func checkForm(nodes map[string]*node, path string, questions []project.Question, fields map[string]expr.Field, own string) error {
	for _, q := range questions {
		n := &node{path: path + "." + q.ID}
		nodes[n.path] = n
		for _, c := range []struct{ field, source string }{{"show_if", q.ShowIf}, {"required_if", q.RequiredIf}} {
			if c.source == "" {
				continue
			}
			tree, err := condition(n.path+"."+c.field, c.source, fields)
			if err != nil {
				return err
			}
			if n.field == "" {
				n.field = c.field
			}
			for _, field := range tree.Fields() {
				if id, ok := strings.CutPrefix(field, "study."); ok {
					n.asks = append(n.asks, "study_form."+id)
				} else if field != "modality" {
					n.asks = append(n.asks, own+field)
				}
			}
		}
	}
	return nil
}

// condition parses and checks one condition; its errors name the field.
func condition(path, source string, fields map[string]expr.Field) (*expr.Node, error) {
	tree, err := expr.Parse(source)
	if err == nil {
		err = tree.Check(fields)
	}
	if err != nil {
		text := err.Error()
		var at *expr.SyntaxError
		if errors.As(err, &at) {
			text = at.Error()
		}
		return nil, project.Fieldf(project.Invalid, path, "%s", text)
	}
	return tree, nil
}

// checkCycles finds a question that waits for itself, by whatever way round. Paths are taken in order, so that the same file gives the same error.
func checkCycles(nodes map[string]*node) error {
	var paths []string
	for path := range nodes {
		paths = append(paths, path)
	}
	slices.Sort(paths)
	done := map[string]bool{}
	for _, path := range paths {
		if err := follow(nodes, path, nil, done); err != nil {
			return err
		}
	}
	return nil
}

func follow(nodes map[string]*node, path string, way []string, done map[string]bool) error {
	if done[path] {
		return nil
	}
	if start := slices.Index(way, path); start >= 0 {
		n := nodes[path]
		return project.Fieldf(project.Invalid, n.path+"."+n.field, "the conditions go in a circle: %s", strings.Join(append(way[start:], path), " asks "))
	}
	way = append(way, path)
	for _, next := range nodes[path].asks {
		if err := follow(nodes, next, way, done); err != nil {
			return err
		}
	}
	done[path] = true
	return nil
}

func checkGates(d *project.Definition) error {
	if d.Resolution == nil {
		return nil
	}
	numbers := func(names []string) map[string]expr.Field {
		out := map[string]expr.Field{}
		for _, name := range names {
			out[name] = expr.Field{Type: expr.Number}
		}
		return out
	}
	gates := map[string]string{}
	for id, r := range d.Resolution.Classes {
		gates["resolution.classes."+id+".adjudicate_if"] = r.AdjudicateIf
	}
	for id, r := range d.Resolution.Measurements {
		gates["resolution.measurements."+id+".adjudicate_if"] = r.AdjudicateIf
	}
	var paths []string
	for path, source := range gates {
		if source != "" {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	for _, path := range paths {
		names := project.ClassGateFields
		if strings.HasPrefix(path, "resolution.measurements.") {
			names = project.MeasureGateFields
		}
		tree, err := condition(path, gates[path], numbers(names))
		if err != nil {
			return err
		}
		if err := checkSurfaces(d, path, tree); err != nil {
			return err
		}
	}
	return nil
}

// checkSurfaces refuses a gate that could never be answered, and would dispute every case: on a surface distance for a class without a tolerance, or on masks
// for a class of boxes.
func checkSurfaces(d *project.Definition, path string, tree *expr.Node) error {
	id, ok := strings.CutSuffix(strings.TrimPrefix(path, "resolution.classes."), ".adjudicate_if")
	c, known := d.Class(id)
	if !ok || !known {
		return nil
	}
	for _, field := range tree.Fields() {
		if c.Is(project.KindDetection) && (strings.HasSuffix(field, "_nsd") || field == "majority_volume_ratio") {
			return project.Fieldf(project.Invalid, path, "%s is of masks, and %s is marked by boxes or points", field, id)
		}
		if strings.HasSuffix(field, "_nsd") && c.ToleranceMM == 0 && (d.Metrics == nil || d.Metrics.Segments[id].ToleranceMM == 0) {
			return project.Fieldf(project.Invalid, path, "%s needs tolerance_mm of the class, or nsd_tolerance_mm of the plan", field)
		}
	}
	return nil
}
