package report

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"hotlight/project"
)

// checkPanel checks panel.json in itself and against the definition. Errors name the field.
func (in *Input) checkPanel() error {
	p := &in.Panel
	if p.Schema != PanelSchema {
		return project.Errorf(project.Unsupported, "schema: this program knows %s, the file says %q", PanelSchema, p.Schema)
	}
	for _, check := range []func() error{p.checkReaders, p.checkStudies, p.checkExcluded, in.checkAdjudications, in.checkROC, p.checkRest} {
		if err := check(); err != nil {
			return err
		}
	}
	return nil
}

// pseudonym refuses what may name a patient or is no plain word.
func pseudonym(field, id string) error {
	if id == "" || len(id) > 64 || strings.Trim(id, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-") != "" {
		return project.Errorf(project.Invalid, "%s: %q is not a pseudonym of letters, digits, . _ -", field, id)
	}
	if strings.Count(id, ".") > 2 && strings.Trim(id, "0123456789.") == "" {
		return project.Errorf(project.Invalid, "%s: is a dotted number, as DICOM UIDs are; a pseudonym is wanted", field)
	}
	return nil
}

func (p *Panel) checkReaders() error {
	seen, references := map[string]bool{}, 0
	for n, r := range p.Readers {
		field := fmt.Sprintf("readers[%d]", n)
		if err := pseudonym(field+".id", r.ID); err != nil {
			return err
		}
		if seen[r.ID] {
			return project.Errorf(project.Invalid, "%s.id: %s occurs twice; a person has one role", field, r.ID)
		}
		seen[r.ID] = true
		if r.Role == RoleReference {
			references++
		} else if !project.Role(r.Role).Valid() {
			return project.Errorf(project.Invalid, "%s.role: %q is not a role (annotator, radiologist, adjudicator, lead, reference)", field, r.Role)
		}
		if !(r.Years >= 0 && r.Years < 100) {
			return project.Errorf(project.Invalid, "%s.years: is 0 to 99", field)
		}
	}
	if references > 1 {
		return project.Errorf(project.Invalid, "readers: there is one reference at most")
	}
	return nil
}

func (p *Panel) checkStudies() error {
	if len(p.Studies) == 0 {
		return project.Errorf(project.Invalid, "studies: there is none")
	}
	seen := map[string]bool{}
	for n, s := range p.Studies {
		field := fmt.Sprintf("studies[%d]", n)
		if err := pseudonym(field+".id", s.ID); err != nil {
			return err
		}
		if s.Patient != "" {
			if err := pseudonym(field+".patient", s.Patient); err != nil {
				return err
			}
		}
		switch {
		case seen[s.ID]:
			return project.Errorf(project.Invalid, "%s.id: %s occurs twice", field, s.ID)
		case s.Modality == "":
			return project.Errorf(project.Invalid, "%s.modality: is missing", field)
		case s.Slices < 0:
			return project.Errorf(project.Invalid, "%s.slices: is 0 or more", field)
		case !(s.SliceMM >= 0) || math.IsInf(s.SliceMM, 0):
			return project.Errorf(project.Invalid, "%s.slice_mm: is 0 or more", field)
		}
		seen[s.ID] = true
	}
	return nil
}

func (p *Panel) checkExcluded() error {
	seen := map[string]bool{}
	for n, e := range p.Excluded {
		field := fmt.Sprintf("excluded[%d]", n)
		if err := pseudonym(field+".study", e.Study); err != nil {
			return err
		}
		known := slices.ContainsFunc(p.Studies, func(s Study) bool { return s.ID == e.Study })
		switch {
		case seen[e.Study]:
			return project.Errorf(project.Invalid, "%s.study: %s occurs twice", field, e.Study)
		case e.Reason == "":
			return project.Errorf(project.Invalid, "%s.reason: is missing", field)
		case e.Stage != "before_reading" && e.Stage != "after_reading":
			return project.Errorf(project.Invalid, "%s.stage: is before_reading or after_reading", field)
		case e.Stage == "after_reading" && !known:
			return project.Errorf(project.Invalid, "%s.study: was read, and is not among studies", field)
		case e.Stage == "before_reading" && known:
			return project.Errorf(project.Invalid, "%s.study: was not read, and is among studies", field)
		}
		seen[e.Study] = true
	}
	return nil
}

func (in *Input) checkAdjudications() error {
	for n, a := range in.Panel.Adjudications {
		field := fmt.Sprintf("adjudications[%d]", n)
		who, ok := in.Panel.reader(a.Adjudicator)
		_, class := in.Definition.Class(a.Subject)
		_, question := in.Definition.Question(a.Subject)
		switch {
		case !slices.ContainsFunc(in.Panel.Studies, func(s Study) bool { return s.ID == a.Study }):
			return project.Errorf(project.Invalid, "%s.study: is not among studies", field)
		case !class && !question:
			return project.Errorf(project.Invalid, "%s.subject: the definition has no class or question %q", field, a.Subject)
		case !ok || who.Role != Role(project.Adjudicator):
			return project.Errorf(project.Invalid, "%s.adjudicator: is not an adjudicator among readers", field)
		case a.Decision == "":
			return project.Errorf(project.Invalid, "%s.decision: is missing", field)
		case !(a.Seconds >= 0) || math.IsInf(a.Seconds, 0) || a.Instance < 0:
			return project.Errorf(project.Invalid, "%s: seconds and instance are 0 or more", field)
		}
	}
	return nil
}

func (in *Input) checkROC() error {
	for n, r := range in.Panel.ROC {
		field := fmt.Sprintf("roc[%d]", n)
		q, ok := in.Definition.Question(r.Question)
		if !ok || q.Type == project.AnswerMulti || q.Type == project.AnswerText || q.Type == project.AnswerEnum && !q.Ordinal {
			return project.Errorf(project.Invalid, "%s.question: the study form has no question %q with an order", field, r.Question)
		}
		if !slices.ContainsFunc(in.Panel.Studies, func(s Study) bool { _, has := s.Conditions[r.Condition]; return has }) {
			return project.Errorf(project.Invalid, "%s.condition: no study says whether it has %q", field, r.Condition)
		}
	}
	return nil
}

// checkRest checks what stands by itself.
func (p *Panel) checkRest() error {
	if p.Period != nil {
		for _, day := range []string{p.Period.From, p.Period.To} {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				return project.Errorf(project.Invalid, "period: %q is not a day as 2026-01-31", day)
			}
		}
		if p.Period.To < p.Period.From {
			return project.Errorf(project.Invalid, "period: ends before it begins")
		}
	}
	if p.Effort != nil {
		for _, role := range slices.Sorted(maps.Keys(p.Effort.Rates)) {
			if rate := p.Effort.Rates[role]; !role.Valid() || !(rate >= 0) || math.IsInf(rate, 0) {
				return project.Errorf(project.Invalid, "effort.rates.%s: is a role and money an hour", role)
			}
		}
	}
	for n, d := range p.Deviations {
		if d.Text == "" || d.Found != "" {
			return project.Errorf(project.Invalid, "deviations[%d].text: is missing, or found is given", n)
		}
	}
	return nil
}

// checkReads checks the reads against each other.
func (in *Input) checkReads() error {
	for n := 1; n < len(in.Reads); n++ {
		if byPlace(in.Reads[n-1], in.Reads[n]) == 0 {
			return project.Errorf(project.Invalid, "%s: %s holds the same study, reader, stage and repeat", in.Reads[n].Name, in.Reads[n-1].Name)
		}
	}
	rated := map[string]map[bool]string{} // of class and reader: whether marks are rated, and where
	for _, r := range in.Reads {
		note := func(class string, rating float64) error {
			key := class + " " + r.Reader
			if rated[key] == nil {
				rated[key] = map[bool]string{}
			}
			rated[key][!math.IsNaN(rating)] = r.Name
			if len(rated[key]) == 2 {
				return project.Errorf(project.Invalid, "%s: rating: %s has a rating on some marks of %s and none on others", r.Name, r.Reader, class)
			}
			return nil
		}
		for _, m := range r.Marks {
			if err := note(m.Class, m.Rating); err != nil {
				return err
			}
		}
		for _, s := range r.Segments {
			if err := note(s.Class, s.Rating); err != nil {
				return err
			}
		}
	}
	return nil
}
