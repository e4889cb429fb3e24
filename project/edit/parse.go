package edit

import (
	"bytes"
	"encoding/json"
	"io"
	"slices"
	"unicode/utf8"

	"hotlight/project"
	"hotlight/project/volume"
)

// MaxLine is the longest line that ParseOp reads: MaxPoints points of the longest numbers that make sense.
const MaxLine = 16 << 20

// ParseOp reads one line of a script: one JSON object, each field at most once and none that the operation does not take.
// Errors are Invalid or, for an operation that this package does not know, Unsupported, and name the field.
func ParseOp(line []byte) (Op, error) {
	var op Op
	if len(line) > MaxLine {
		return op, invalid("the line has more than %d bytes", MaxLine)
	}
	if !utf8.Valid(line) {
		return op, invalid("the line is not UTF-8")
	}
	given, err := members(line)
	if err != nil {
		return Op{}, err
	}
	for _, m := range given {
		if err := op.set(m.name, m.value); err != nil {
			return Op{}, err
		}
	}
	if _, known := takes[op.Op]; !known {
		if !slices.ContainsFunc(given, func(m member) bool { return m.name == "op" }) {
			return Op{}, invalid("op: must be given")
		}
		return Op{}, project.Errorf(project.Unsupported, "op: %q is not an operation that edits segments", op.Op)
	}
	// A field that is given with its zero value ("image":0) must still be one that the operation takes.
	f := takes[op.Op]
	for _, m := range given {
		if m.name != "op" && !slices.Contains(f.need, m.name) && !slices.Contains(f.may, m.name) {
			return Op{}, invalid("%s: does not belong to %s", m.name, op.Op)
		}
	}
	if err := op.check(asGiven); err != nil {
		return Op{}, err
	}
	return op, nil
}

type member struct {
	name  string
	value json.RawMessage
}

// members splits a JSON object, keeping the order and refusing a name that occurs twice.
func members(line []byte) ([]member, error) {
	dec := json.NewDecoder(bytes.NewReader(line))
	if t, err := dec.Token(); err != nil || t != json.Delim('{') {
		return nil, invalid("the line is not a JSON object")
	}
	var out []member
	for dec.More() {
		t, err := dec.Token()
		if err != nil {
			return nil, invalid("the line is not a JSON object")
		}
		m := member{name: t.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, invalid("%s: is not JSON", clip(m.name))
		}
		if slices.ContainsFunc(out, func(o member) bool { return o.name == m.name }) {
			return nil, invalid("%s: occurs twice", clip(m.name))
		}
		if len(out) > len(fieldNames) {
			return nil, invalid("%s: is one field too many", clip(m.name))
		}
		out = append(out, m)
	}
	if _, err := dec.Token(); err != nil {
		return nil, invalid("the line is not a whole JSON object")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, invalid("something follows the JSON object")
	}
	return out, nil
}

// clip keeps a foreign name short enough for a message.
func clip(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "…"
	}
	return s
}

// set fills one field.
func (op *Op) set(name string, v json.RawMessage) error {
	if string(v) == "null" {
		return invalid("%s: is null", clip(name))
	}
	switch name {
	case "op":
		return text(name, v, &op.Op)
	case "mode":
		return word(name, v, &op.Mode)
	case "shape":
		return word(name, v, &op.Shape)
	case "plane":
		return word(name, v, &op.Plane)
	case "overwrite":
		return word(name, v, &op.Overwrite)
	case "name":
		return word(name, v, &op.Name)
	case "class":
		return word(name, v, &op.Class)
	case "color":
		return word(name, v, &op.Color)
	case "segment":
		return ref(name, v, &op.Segment)
	case "visible":
		return refs(name, v, &op.Visible)
	case "overlap":
		return refs(name, v, &op.Overlap)
	case "radius_mm":
		return number(name, v, &op.RadiusMM)
	case "image":
		return number(name, v, &op.Image)
	case "normal":
		op.Normal = new([3]float64)
		return vector(name, v, op.Normal[:])
	case "range":
		op.Range = new([2]float64)
		return vector(name, v, op.Range[:])
	case "points_mm":
		return points(name, v, &op.PointsMM)
	}
	return invalid("%s: is not a field of an operation", clip(name))
}

func text(name string, v json.RawMessage, to *string) error {
	if json.Unmarshal(v, to) != nil {
		return invalid("%s: must be text", name)
	}
	return nil
}

// word is text that must not be empty.
func word(name string, v json.RawMessage, to *string) error {
	if err := text(name, v, to); err != nil {
		return err
	}
	if *to == "" {
		return invalid("%s: is empty", name)
	}
	return nil
}

func number[T int | float64](name string, v json.RawMessage, to *T) error {
	if json.Unmarshal(v, to) != nil {
		return invalid("%s: must be a number", name)
	}
	return nil
}

func ref(name string, v json.RawMessage, to *Ref) error {
	if json.Unmarshal(v, to) != nil || to.IsZero() {
		return invalid("%s: must be a segment's number, name or class", name)
	}
	return nil
}

func refs(name string, v json.RawMessage, to *[]Ref) error {
	var raw []json.RawMessage
	if json.Unmarshal(v, &raw) != nil || len(raw) > MaxRefs {
		return invalid("%s: must be a list of at most %d segments", name, MaxRefs)
	}
	*to = make([]Ref, len(raw))
	for n, r := range raw {
		if err := ref(name, r, &(*to)[n]); err != nil {
			return err
		}
	}
	return nil
}

// vector fills to with exactly as many numbers: encoding/json would pad or cut.
func vector(name string, v json.RawMessage, to []float64) error {
	var raw []*float64
	if json.Unmarshal(v, &raw) != nil || len(raw) != len(to) || slices.Contains(raw, nil) {
		return invalid("%s: must be %d numbers", name, len(to))
	}
	for n, x := range raw {
		to[n] = *x
	}
	return nil
}

func points(name string, v json.RawMessage, to *[]volume.Point) error {
	var raw []json.RawMessage
	if json.Unmarshal(v, &raw) != nil {
		return invalid("%s: must be a list of points [x,y,z]", name)
	}
	if len(raw) == 0 || len(raw) > MaxPoints {
		return invalid("%s: a stroke has 1 to %d points", name, MaxPoints)
	}
	*to = make([]volume.Point, len(raw))
	for n, r := range raw {
		if vector(name, r, (*to)[n][:]) != nil {
			return invalid("%s: point %d must be three numbers", name, n+1)
		}
	}
	return nil
}
