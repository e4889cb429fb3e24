package definition

import (
	"slices"
	"strconv"
	"strings"

	"hotlight/project"
	"hotlight/project/metrics"
)

// checkNames checks the analysis plan against the metrics that are computed.
func checkNames(d *project.Definition) error {
	p := d.Metrics
	if p == nil {
		return nil
	}
	for _, q := range d.StudyForm {
		for _, name := range p.Labels[q.ID] {
			if err := checkLabelName("metrics.labels."+q.ID, name, &q); err != nil {
				return err
			}
		}
	}
	for _, c := range d.Classes {
		plan, ok := p.Segments[c.ID]
		if !ok {
			continue
		}
		for _, list := range []struct {
			field string
			names []string
		}{{".primary", plan.Primary}, {".secondary", plan.Secondary}} {
			for _, name := range list.names {
				if err := checkClassName(d, "metrics.segments."+c.ID+list.field, name, &c); err != nil {
					return err
				}
			}
		}
	}
	for n, g := range p.Gates {
		path := "metrics.gates." + strconv.Itoa(n+1)
		if q, ok := d.Question(g.Form); ok {
			if err := checkLabelName(path+".metric", g.Metric, &q); err != nil {
				return err
			}
			continue
		}
		c, _ := d.Class(g.Class)
		if err := checkClassName(d, path+".metric", g.Metric, &c); err != nil {
			return err
		}
	}
	return nil
}

// checkLabelName checks that a metric of agreement exists, and that the question has the scale it needs.
func checkLabelName(path, name string, q *project.Question) error {
	m, ok := metrics.FindAgreement(name)
	if !ok {
		return project.Fieldf(project.Invalid, path, "%q is not known here; there are: %s", name, strings.Join(metrics.AgreementNames(), ", "))
	}
	numeric := q.Type == project.AnswerScale || q.Type == project.AnswerNumber
	switch {
	case q.Type == project.AnswerText:
		return project.Fieldf(project.Invalid, path, "free text has no agreement")
	case m.NeedsOrder && !numeric && !q.Ordinal:
		return project.Fieldf(project.Invalid, path, "%s needs an order, and %s is not ordinal", name, q.ID)
	case m.NeedsNumbers && !numeric:
		return project.Fieldf(project.Invalid, path, "%s needs numbers, and %s is a choice", name, q.ID)
	case m.NeedsLevels && q.Type == project.AnswerNumber:
		return project.Fieldf(project.Invalid, path, "%s counts levels, and %s is any number", name, q.ID)
	}
	return nil
}

// checkClassName checks that a metric of masks or marks exists, for this kind of class, and that a surface distance has its tolerance.
func checkClassName(d *project.Definition, path, name string, c *project.Class) error {
	var known []string
	switch {
	case c.Is(project.KindSegment):
		known = append(metrics.MaskNames(), metrics.LesionNames()...)
	case c.Is(project.KindDetection):
		known = metrics.LesionNames()
	case c.Is(project.KindMeasurement):
		known = metrics.MeasurementNames()
	}
	if !slices.Contains(known, name) {
		return project.Fieldf(project.Invalid, path, "%q is not known for a %s; there are: %s", name, kindOf(c), strings.Join(known, ", "))
	}
	if name == "nsd" && c.ToleranceMM == 0 && d.Metrics.Segments[c.ID].ToleranceMM == 0 {
		return project.Fieldf(project.Invalid, path, "nsd needs tolerance_mm of the class, or nsd_tolerance_mm here")
	}
	return nil
}

func kindOf(c *project.Class) project.ClassKind {
	if c.Kind == "" {
		return project.KindSegment
	}
	return c.Kind
}
