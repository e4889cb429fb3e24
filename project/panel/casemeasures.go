package panel

import (
	"cmp"
	"slices"
	"strings"

	"hotlight/project"
)

// measured is what the numbers of one thing have in common.
type measured struct {
	class, name string
	image, in   int // the instance that was measured; -1: of none
}

// measurements resolves the numbers. Those of a class that is linked to another belong together when the marks they were taken of are one instance there.
func (w *Work) measurements(out *CaseResult) error {
	groups := map[measured][]Answer{}
	units := map[measured][]string{}
	for _, r := range w.Reads {
		for _, m := range r.Measurements {
			key := measured{m.Class, m.Name, -1, -1}
			if c, _ := w.Definition.Class(m.Class); c.LinkTo != "" && m.Of != 0 {
				var ok bool
				if key.image, key.in, ok = out.find(c.LinkTo, Source{r.Read, m.Of}); !ok {
					return project.Errorf(project.Invalid, "classes.%s: a read measures mark %d of %s, which it does not have", m.Class, m.Of, c.LinkTo)
				}
			}
			value := m.Value
			groups[key] = append(groups[key], Answer{Read: r.Read, Number: &value, Given: true})
			if !slices.Contains(units[key], m.Unit) {
				units[key] = append(units[key], m.Unit)
			}
		}
	}
	keys := make([]measured, 0, len(groups))
	for key := range groups {
		keys = append(keys, key)
	}
	slices.SortFunc(keys, func(a, b measured) int {
		return cmp.Or(strings.Compare(a.class, b.class), cmp.Compare(a.image, b.image), cmp.Compare(a.in, b.in), strings.Compare(a.name, b.name))
	})
	for _, key := range keys {
		if err := w.measurement(out, key, groups[key], units[key]); err != nil {
			return err
		}
	}
	return nil
}

// find returns the instance that a mark became part of.
func (r *CaseResult) find(class string, mark Source) (image, instance int, ok bool) {
	for _, c := range r.Classes {
		for n, in := range c.Instances {
			if c.Class == class && slices.Contains(in.From, mark) {
				return c.Image, n, true
			}
		}
	}
	return 0, 0, false
}

func (w *Work) measurement(out *CaseResult, key measured, answers []Answer, units []string) error {
	rule := w.Definition.MeasureRule(key.class)
	once, twice := oneEach(answers)
	resolved, err := ResolveMeasurement(w.Hash, key.class, rule, once, w.Expected)
	if err != nil {
		return err
	}
	result := MeasureResult{Class: key.class, Name: key.name, FormResult: *resolved}
	if key.in >= 0 {
		c, _ := w.Definition.Class(key.class)
		result.Of = &Thing{Class: c.LinkTo, Image: key.image, Instance: key.in}
	}
	if all := w.measurers(out, result.Of); result.N < all {
		result.dispute("%d of %d readers measured it", result.N, all)
	}
	switch {
	case twice:
		result.undecide("a read measured several, and nothing says which belong together")
	case len(units) > 1:
		slices.Sort(units)
		result.undecide("the readers measured in different units: " + strings.Join(units, ", "))
	default:
		result.Unit = units[0]
	}
	out.Measurements = append(out.Measurements, result)
	if !result.Agreed {
		out.open(Open{Subject: "measurements." + key.class, Image: key.image, Instance: key.in + 1, Reasons: result.Reasons})
	}
	return nil
}

// measurers is how many readers could have measured a thing: those who marked it, or all.
func (w *Work) measurers(out *CaseResult, of *Thing) int {
	if of != nil {
		for _, c := range out.Classes {
			if c.Class == of.Class && c.Image == of.Image {
				return len(c.Instances[of.Instance].From)
			}
		}
	}
	return len(w.Reads)
}

// undecide takes the number back: it would be one of different things.
func (r *MeasureResult) undecide(reason string) {
	r.Decided, r.Number = false, 0
	r.dispute("%s", reason)
}

// oneEach keeps the first answer of each read, and says whether there were more.
func oneEach(answers []Answer) (once []Answer, twice bool) {
	for _, a := range answers {
		if slices.ContainsFunc(once, func(b Answer) bool { return a.Read == b.Read }) {
			twice = true
			continue
		}
		once = append(once, a)
	}
	return once, twice
}
