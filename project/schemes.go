package project

import "strings"

// Scheme is a coding scheme that a definition's codes may name.
type Scheme struct {
	UID     string `json:"uid" yaml:"uid"`
	Name    string `json:"name" yaml:"name"`
	Private bool   `json:"private,omitempty" yaml:"private,omitempty"` // its designator starts with 99 (PS3.3 8.2), and so do only private ones
}

// KnownSchemes are those that a definition which declares none may name: UIDs of PS3.16 8 and RadLex, and the private one of Hotlight, for placeholders.
var KnownSchemes = map[string]Scheme{
	"SCT":    {UID: "2.16.840.1.113883.6.96", Name: "SNOMED CT"},
	"DCM":    {UID: "1.2.840.10008.2.16.4", Name: "DICOM Controlled Terminology"},
	"RADLEX": {UID: "2.16.840.1.113883.6.256", Name: "RadLex"},
	"UCUM":   {UID: "2.16.840.1.113883.6.8", Name: "UCUM"},
}

// checkSchemes checks the declared schemes, and that every code names one of them. A definition without the section is not held to it: those
// of before it existed stay valid.
func (d *Definition) checkSchemes() error {
	if d.Schemes == nil {
		return nil
	}
	for _, name := range sortedKeys(d.Schemes) {
		s, path := d.Schemes[name], "coding_schemes."+name
		switch {
		case name == "" || len(name) > 16:
			return Fieldf(Invalid, "coding_schemes", "the designator %q must have 1 to 16 characters", name)
		case s.Private != strings.HasPrefix(name, "99"):
			return Fieldf(Invalid, path, "a private scheme, and no other, has a designator that starts with 99")
		case !validUID(s.UID):
			return Fieldf(Invalid, path+".uid", "must be a UID: digits and dots, at most 64")
		case KnownSchemes[name].UID != "" && KnownSchemes[name].UID != s.UID:
			return Fieldf(Invalid, path+".uid", "%s is %s", name, KnownSchemes[name].UID)
		}
	}
	return d.eachCode(func(path string, c Code) error {
		if c.IsZero() {
			return nil
		}
		if c.Value == "" || c.Scheme == "" || c.Meaning == "" {
			return Fieldf(Invalid, path, "a code is scheme, code and meaning, always the three together")
		}
		if _, ok := d.Schemes[c.Scheme]; !ok {
			return Fieldf(Invalid, path, "the scheme %s is not among coding_schemes", c.Scheme)
		}
		return nil
	})
}

// eachCode calls visit for every code of the definition, with the path of its field.
func (d *Definition) eachCode(visit func(path string, c Code) error) error {
	for i := range d.Classes {
		c := &d.Classes[i]
		path := "classes." + c.ID
		for _, f := range []struct {
			name string
			code Code
		}{{".category", c.Category}, {".type", c.Type}, {".anatomic_region", c.Region}} {
			if err := visit(path+f.name, f.code); err != nil {
				return err
			}
		}
		if err := eachQuestionCode(path+".attributes", c.Attributes, visit); err != nil {
			return err
		}
	}
	return eachQuestionCode("study_form", d.StudyForm, visit)
}

func eachQuestionCode(path string, questions []Question, visit func(string, Code) error) error {
	for _, q := range questions {
		at := path + "." + q.ID
		if err := visit(at+".concept", q.Concept); err != nil {
			return err
		}
		for _, v := range q.Values {
			if err := visit(at+".values."+v.ID, v.Code); err != nil {
				return err
			}
		}
	}
	return nil
}

// validUID checks the form of PS3.5 9.1.
func validUID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, part := range strings.Split(s, ".") {
		if part == "" || strings.Trim(part, "0123456789") != "" || len(part) > 1 && part[0] == '0' {
			return false
		}
	}
	return true
}
