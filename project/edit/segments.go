package edit

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// listChange makes the changes of the segment list.
func (h *History) listChange(op Op) (change, error) {
	if op.Op == opAdd {
		return h.addSegment(op)
	}
	g, err := h.find("segment", op.Segment, op.Image)
	if err != nil {
		return change{}, err
	}
	to := *rowOf(g)
	switch op.Op {
	case opRename:
		if other, taken := h.set.ByName(op.Name); taken && other.Number != g.Number {
			return change{}, project.Errorf(project.Conflict, "name: another segment is called %s", op.Name)
		}
		to.Name = op.Name
	case opColor:
		to.Colour, _ = project.ParseColour(op.Color) // checked with the operation
	case opLock, opUnlock:
		to.Locked = op.Op == opLock
	case opDelete:
		if g.Locked {
			return change{}, &project.Error{Kind: project.NotPermitted, Text: "segment: " + g.Name + " is locked", Err: segmentation.ErrLocked}
		}
		rows := []RowChange{{Before: rowOf(g)}}
		return change{op: op, rows: rows, after: h.set.Without(g.Number), method: Deleted}, nil
	}
	if to == *rowOf(g) {
		return change{op: op, after: h.set}, nil
	}
	return change{op: op, rows: []RowChange{{rowOf(g), &to}}, after: h.set.With(to.segment(g.Mask))}, nil
}

func (h *History) addSegment(op Op) (change, error) {
	var class project.Class
	if op.Class != "" {
		var ok bool
		if class, ok = h.class(op.Class); !ok {
			return change{}, project.Errorf(project.NotFound, "class: the project has no class %s", op.Class)
		}
	}
	row, err := h.newRow(class, op.Image)
	if err != nil {
		return change{}, err
	}
	if op.Name != "" {
		if _, taken := h.set.ByName(op.Name); taken {
			return change{}, project.Errorf(project.Conflict, "name: another segment is called %s", op.Name)
		}
		row.Name = op.Name
	}
	if op.Color != "" {
		row.Colour, _ = project.ParseColour(op.Color) // checked with the operation
	}
	mask := segmentation.NewMask(h.images[row.Image].Geometry.Size)
	return change{op: op, rows: []RowChange{{After: row}}, after: h.set.With(row.segment(mask))}, nil
}

// newRow returns the row of a new segment: the class's name, colour and codes, or for no class a colour of the palette.
func (h *History) newRow(class project.Class, image int) (*Row, error) {
	if image >= len(h.images) {
		return nil, project.Errorf(project.NotFound, "image: there is no image %d", image)
	}
	if h.next > MaxSegments {
		return nil, project.Errorf(project.Full, "segment: a read has at most %d segments", MaxSegments)
	}
	row := &Row{Number: h.next, Image: image, Class: class.ID, Name: h.freeName(class.Name), Colour: class.Colour, Category: class.Category, Type: class.Type}
	if class.ID == "" {
		row.Name = "" // the caller names it
		row.Colour = project.Palette[(h.next-1)%len(project.Palette)]
	}
	return row, nil
}

// freeName returns a class's name as a segment may have it, with a number behind it if it is taken.
func (h *History) freeName(name string) string {
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\\' {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, "?"))
	if r := []rune(name); len(r) > MaxNameLetters-6 {
		name = string(r[:MaxNameLetters-6])
	}
	name = strings.TrimSpace(name)
	free := name
	for n := 2; ; n++ {
		if _, taken := h.set.ByName(free); !taken {
			return free
		}
		free = fmt.Sprintf("%s %d", name, n)
	}
}

// class finds a class by its id, or else by its name.
func (h *History) class(ref string) (project.Class, bool) {
	for _, same := range []func(c project.Class) bool{
		func(c project.Class) bool { return c.ID == ref },
		func(c project.Class) bool { return c.Name == ref },
	} {
		if n := slices.IndexFunc(h.classes, same); n >= 0 {
			return h.classes[n], true
		}
	}
	return project.Class{}, false
}

// find returns the segment that a reference names: by number, by name, or as the only one of its class on the image.
func (h *History) find(field string, r Ref, image int) (*segmentation.Segment, error) {
	if r.Number != 0 {
		if g, ok := h.set.Find(r.Number); ok {
			return g, nil
		}
		return nil, project.Errorf(project.NotFound, "%s: there is no segment %d", field, r.Number)
	}
	if g, ok := h.set.ByName(r.Name); ok {
		return g, nil
	}
	if class, ok := h.class(r.Name); ok {
		all := slices.DeleteFunc(h.set.OfClass(class.ID), func(g *segmentation.Segment) bool { return g.Image != image })
		switch len(all) {
		case 0:
			return nil, project.Errorf(project.NotFound, "%s: there is no segment of class %s yet", field, r.Name)
		case 1:
			return all[0], nil
		}
		return nil, project.Errorf(project.Conflict, "%s: %s names %d segments; say which one by its name or number", field, r.Name, len(all))
	}
	return nil, project.Errorf(project.NotFound, "%s: there is no segment and no class %s", field, r.Name)
}
