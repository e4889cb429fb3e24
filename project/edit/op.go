package edit

import (
	"encoding/json"

	"hotlight/project/volume"
)

// Op is one operation, as one JSON object on a line of a script. Which fields an operation takes and needs is the table in check.go.
//
//	{"op":"brush","segment":"liver","mode":"add","shape":"disc","plane":"axial","radius_mm":6,"points_mm":[[x,y,z]],"range":[-50,150]}
//	{"op":"undo"}  {"op":"redo"}
//	{"op":"add_segment","name":"Lesion 1","class":"lesion","color":"#ff4f17","image":0}
//	{"op":"rename","segment":2,"name":"Lesion, segment 7"}  {"op":"color","segment":2,"color":"#ff4f17"}
//	{"op":"lock","segment":2}  {"op":"unlock","segment":2}  {"op":"delete_segment","segment":2}
type Op struct {
	Op       string         `json:"op"`
	Segment  Ref            `json:"segment,omitzero"`
	Mode     string         `json:"mode,omitempty"`      // add (when empty) or erase
	Shape    string         `json:"shape,omitempty"`     // disc (when empty) or sphere
	Plane    string         `json:"plane,omitempty"`     // of a disc: axial, coronal, sagittal or acquired (when empty and no Normal)
	Normal   *[3]float64    `json:"normal,omitempty"`    // of a disc in any other plane; instead of Plane
	RadiusMM float64        `json:"radius_mm,omitempty"` //
	PointsMM []volume.Point `json:"points_mm,omitempty"` // patient mm
	Range    *[2]float64    `json:"range,omitempty"`     // rescaled values, both ends inclusive
	// Overwrite is none (when empty), visible or all; Visible names the segments that are shown, for "visible"; Overlap names those that
	// may overlap all the same.
	Overwrite string `json:"overwrite,omitempty"`
	Visible   []Ref  `json:"visible,omitempty"`
	Overlap   []Ref  `json:"overlap,omitempty"`
	Name      string `json:"name,omitempty"`
	Class     string `json:"class,omitempty"` // id or name of a class
	Color     string `json:"color,omitempty"` // #rrggbb
	Image     int    `json:"image,omitempty"` // index of the image a new segment lies on
	// Samples is how many points a stroke had. It stands in journal entries, which leave the points out; scripts do not give it.
	Samples int `json:"samples,omitempty"`
}

// Ref names a segment: by its number, or else by its name, the id of its class or the name of its class, tried in this order. A class names
// a segment only where it has one on the image. In JSON it is a number or a string.
type Ref struct {
	Number int
	Name   string
}

// IsZero reports whether r names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// MarshalJSON implements json.Marshaler.
func (r Ref) MarshalJSON() ([]byte, error) {
	if r.Number != 0 {
		return json.Marshal(r.Number)
	}
	return json.Marshal(r.Name)
}

// UnmarshalJSON implements json.Unmarshaler.
func (r *Ref) UnmarshalJSON(b []byte) error {
	*r = Ref{}
	if len(b) > 0 && b[0] == '"' {
		return json.Unmarshal(b, &r.Name)
	}
	return json.Unmarshal(b, &r.Number)
}

// The names of the operations.
const (
	opBrush  = "brush"
	opUndo   = "undo"
	opRedo   = "redo"
	opAdd    = "add_segment"
	opRename = "rename"
	opColor  = "color"
	opLock   = "lock"
	opUnlock = "unlock"
	opDelete = "delete_segment"
)
