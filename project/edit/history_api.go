package edit

import (
	"iter"

	"hotlight/project"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Image is one image of the work item, by the index that segments use.
type Image struct {
	Geometry *volume.Geometry
	Volume   *volume.Volume // nil when the images are not here: a brush with a range is then refused
}

// ErrNothing is what Undo and Redo give when there is nothing to undo or redo.
var ErrNothing error = &project.Error{Kind: project.NotFound, Text: "there is nothing to undo or redo"}

// ErrDrawing is what changes give while a stroke is in progress.
var ErrDrawing error = &project.Error{Kind: project.Busy, Text: "a stroke is being drawn"}

// Kind is what an entry does.
type Kind string

// The kinds.
const (
	Do   Kind = "do"
	Undo Kind = "undo"
	Redo Kind = "redo"
)

// Entry is one record of the journal: everything that is needed to replay it, given the entries before.
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

// Method says how voxels came to be in or out of a segment.
type Method string

// The methods. The list grows with the tools.
const (
	ByHand      Method = "manual"       // drawn
	ByHandRange Method = "manual_range" // drawn, limited to a range of values
	NoVoxels    Method = ""             // the entry changes no voxels
)

// Row is a segment without its voxels, as the journal keeps it.
type Row struct {
	Number   int            `json:"number"`
	Image    int            `json:"image"`
	Class    string         `json:"class,omitempty"`
	Name     string         `json:"name"`
	Colour   project.Colour `json:"color"`
	Category project.Code   `json:"category,omitzero"`
	Type     project.Code   `json:"type,omitzero"`
	Locked   bool           `json:"locked,omitempty"`
}

// RowChange is one row of the segment list before and after; nil where it does not exist.
type RowChange struct {
	Before *Row `json:"before"`
	After  *Row `json:"after"`
}

// Event tells a subscriber what changed.
type Event struct {
	// Entry is the journal's new entry, to be saved. It is nil while a stroke is being drawn or was cancelled: there is nothing to save,
	// but pictures of Preview change.
	Entry    *Entry
	Image    int   // the image whose voxels or segments changed
	Segments []int // numbers of the segments that changed, were added or removed, ascending
	// Voxels is the box of voxels of Image to draw again, both ends inclusive; for a colour or a deletion all that the segment covers.
	Voxels segmentation.Bounds
}

// New returns the history of a read in which nothing was done. classes are the project's: they name and colour new segments.
func New(images []Image, classes []project.Class) *History { panic("edit: being written") }

// Replay returns the history after the given entries, which must be a whole journal from Seq 1 on. It verifies every hash.
func Replay(images []Image, classes []project.Class, entries iter.Seq2[Entry, error]) (*History, error) {
	panic("edit: being written")
}

// Restore returns the history from a state that MarshalState made and the entries after it. load returns an older entry by Seq when undo
// reaches it; it is called under the history's lock.
func Restore(images []Image, classes []project.Class, state []byte, tail iter.Seq2[Entry, error], load func(seq uint64) (Entry, error)) (*History, error) {
	panic("edit: being written")
}

// History is a read's segments and how they came about.
type History struct{}

// Do performs op, which may be undo or redo, and returns its entry.
func (h *History) Do(op Op) (Entry, error) { panic("edit: being written") }

// Undo takes the change at the cursor back.
func (h *History) Undo() (Entry, error) { panic("edit: being written") }

// Redo does the newest change made at the cursor again.
func (h *History) Redo() (Entry, error) { panic("edit: being written") }

// CanUndo reports whether there is a change to take back.
func (h *History) CanUndo() bool { panic("edit: being written") }

// CanRedo reports whether there is a change to do again.
func (h *History) CanRedo() bool { panic("edit: being written") }

// Set returns the segments as the journal has them, without a stroke in progress: what is saved, signed and exported.
func (h *History) Set() *segmentation.Set { panic("edit: being written") }

// Preview returns the segments with the stroke in progress, if there is one: what screens show.
func (h *History) Preview() *segmentation.Set { panic("edit: being written") }

// Seq returns the number of the newest entry, 0 for none.
func (h *History) Seq() uint64 { panic("edit: being written") }

// Subscribe has f called after each change, in order. The function it returns ends that.
func (h *History) Subscribe(f func(Event)) (cancel func()) { panic("edit: being written") }

// MarshalState returns the whole state: segments, cursor and what redo would do. It is a checkpoint for Restore.
func (h *History) MarshalState() []byte { panic("edit: being written") }

// Begin starts a stroke: op is a brush operation whose PointsMM may be empty. Until Commit or Cancel nothing else can be changed.
func (h *History) Begin(op Op) (*Drag, error) { panic("edit: being written") }

// Drag is a stroke in progress. It belongs to one goroutine.
type Drag struct{}

// Extend sweeps the brush on to the points and shows the result in Preview.
func (d *Drag) Extend(points ...volume.Point) error { panic("edit: being written") }

// Commit makes the stroke one entry of the journal.
func (d *Drag) Commit() (Entry, error) { panic("edit: being written") }

// Cancel takes the stroke back; nothing remains of it.
func (d *Drag) Cancel() { panic("edit: being written") }

// Marshal returns the entry's journal record: equal entries give equal bytes.
func (e *Entry) Marshal() []byte { panic("edit: being written") }

// ParseEntry reads what Marshal wrote.
func ParseEntry(b []byte) (Entry, error) { panic("edit: being written") }
