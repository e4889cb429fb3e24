package edit

import (
	"bytes"
	"encoding/binary"
	"encoding/json"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// Kind is what an entry does.
type Kind string

// The kinds.
const (
	Do   Kind = "do"
	Undo Kind = "undo"
	Redo Kind = "redo"
)

// Method says how voxels came to be in or out of a segment.
type Method string

// The methods. The list grows with the tools.
const (
	NoVoxels    Method = ""             // the entry changes no voxels, or moves the cursor
	ByHand      Method = "manual"       // drawn
	ByHandRange Method = "manual_range" // drawn, limited to a range of values
	Deleted     Method = "deleted"      // gone with their segment
)

// Entry is one record of the journal: everything that is needed to replay it, given the entries before. It is immutable: copies share
// what they point to.
type Entry struct {
	Seq    uint64 // from 1, without gaps
	Parent uint64 // the cursor before: the change this entry was made on, 0 for none
	// Cursor is the cursor after: Seq for a change, the undone change's parent after an undo, the redone change after a redo.
	// A change that changed nothing (an eraser on empty ground) leaves the cursor where it was, so that undo passes it by.
	Cursor  uint64
	Kind    Kind
	Op      Op                  // what was asked for; a brush's points are left out, their number is in Op.Samples
	Method  Method              // how the voxels came about
	Rows    []RowChange         // the segment list's changes, by number
	Delta   *segmentation.Delta // the voxels' change; nil for an undo or redo, whose change is that of the entry undone or redone
	Changed int64               // how many voxels changed, summed over the segments; for an undo and redo as well
}

// Effect reports whether the entry changed anything.
func (e *Entry) Effect() bool { return e.Cursor != e.Parent }

const (
	entryMagic = "HLJE"
	version    = 1
)

// entryHeader is an entry without its voxels. The JSON of encoding/json for it, without spaces, is the form in the journal.
type entryHeader struct {
	Seq     uint64      `json:"seq"`
	Parent  uint64      `json:"parent"`
	Cursor  uint64      `json:"cursor"`
	Kind    Kind        `json:"kind"`
	Op      Op          `json:"op"`
	Method  Method      `json:"method,omitempty"`
	Rows    []RowChange `json:"rows,omitempty"`
	Changed int64       `json:"changed"`
}

// Marshal returns the entry's journal record, whose form is in JOURNAL.md: equal entries give equal bytes.
func (e *Entry) Marshal() []byte {
	out := appendHeader(entryMagic, entryHeader{e.Seq, e.Parent, e.Cursor, e.Kind, e.Op, e.Method, e.Rows, e.Changed})
	if e.Delta != nil {
		out = append(out, e.Delta.Marshal()...)
	}
	return out
}

// appendHeader writes magic, version, and the JSON of header with its length before it.
func appendHeader(magic string, header any) []byte {
	j, err := json.Marshal(header)
	if err != nil {
		panic("edit: a record does not become JSON: " + err.Error()) // Op.check keeps out what JSON has no form for
	}
	out := append([]byte(magic), version)
	out = binary.AppendUvarint(out, uint64(len(j)))
	return append(out, j...)
}

// cutHeader reads what appendHeader wrote and returns the bytes behind it.
func cutHeader(b []byte, magic, what string, header any) ([]byte, error) {
	if len(b) < len(magic)+1 || string(b[:len(magic)]) != magic {
		return nil, corrupt("this is not %s", what)
	}
	if v := b[len(magic)]; v != version {
		return nil, project.Errorf(project.Unsupported, "%s of version %d; this program knows version %d", what, v, version)
	}
	b = b[len(magic)+1:]
	length, n := binary.Uvarint(b)
	if n <= 0 || length > uint64(len(b)-n) {
		return nil, corrupt("%s is cut short", what)
	}
	dec := json.NewDecoder(bytes.NewReader(b[n : n+int(length)]))
	dec.DisallowUnknownFields()
	if err := dec.Decode(header); err != nil {
		return nil, corrupt("%s has a header that cannot be read", what)
	}
	// encoding/json also takes other spellings of names and numbers; there is one form.
	if again, err := json.Marshal(header); err != nil || !bytes.Equal(again, b[n:n+int(length)]) {
		return nil, corrupt("%s has a header that is not in its one form", what)
	}
	return b[n+int(length):], nil
}

// ParseEntry reads what Marshal wrote, and only that: whatever parses re-encodes to the same bytes. An unknown version gives an Unsupported error,
// all else that is not an entry a Corrupt one.
func ParseEntry(b []byte) (Entry, error) {
	var h entryHeader
	rest, err := cutHeader(b, entryMagic, "a journal entry", &h)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{h.Seq, h.Parent, h.Cursor, h.Kind, h.Op, h.Method, h.Rows, nil, h.Changed}
	if e.Kind == Do {
		if e.Delta, err = segmentation.ParseDelta(rest); err != nil {
			return Entry{}, err
		}
	}
	if err := e.check(); err != nil {
		return Entry{}, err
	}
	if !bytes.Equal(e.Marshal(), b) {
		return Entry{}, corrupt("a journal entry is not written in its one form")
	}
	return e, nil
}

// check holds the entry to what History makes.
func (e *Entry) check() error {
	if err := e.Op.check(inJournal); err != nil {
		return corrupt("a journal entry has an operation that breaks its rules: %w", err)
	}
	moved := e.Op.Op == opUndo || e.Op.Op == opRedo
	switch {
	case e.Seq == 0 || e.Parent >= e.Seq || e.Changed < 0:
		return corrupt("a journal entry has impossible numbers")
	case (e.Kind == Do) != (e.Delta != nil):
		return corrupt("a journal entry has a change and should not, or the other way round")
	case e.Kind == Do:
		return e.checkChange(moved)
	case e.Kind == Undo && e.Op.Op == opUndo && e.Cursor < e.Parent, e.Kind == Redo && e.Op.Op == opRedo && e.Cursor > e.Parent && e.Cursor < e.Seq:
		if len(e.Rows) > 0 || e.Method != NoVoxels {
			return corrupt("an undo or redo has a change of its own")
		}
		return nil
	}
	return corrupt("a journal entry is of no known kind, or its cursor is impossible")
}

func (e *Entry) checkChange(moved bool) error {
	want := e.Parent
	if e.Changed > 0 || len(e.Rows) > 0 {
		want = e.Seq
	}
	switch e.Method {
	case NoVoxels, ByHand, ByHandRange, Deleted:
	default:
		return corrupt("a journal entry has an unknown method")
	}
	if moved || e.Cursor != want || e.Changed != e.Delta.Changed() || (e.Method == NoVoxels) != (e.Changed == 0) {
		return corrupt("a journal entry contradicts itself")
	}
	last := 0
	for _, c := range e.Rows {
		if err := c.check(); err != nil {
			return err
		}
		if c.number() <= last {
			return corrupt("rows are out of order")
		}
		last = c.number()
	}
	return nil
}
