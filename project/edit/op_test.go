package edit

import (
	"encoding/json"
	"strings"
	"testing"

	"hotlight/project"
)

func TestOperationsParse(t *testing.T) {
	for _, line := range []string{
		`{"op":"brush","segment":"liver","mode":"add","shape":"disc","plane":"axial","radius_mm":6,"points_mm":[[1,2,3],[4,5,6]],"range":[-50,150]}`,
		`{"op":"brush","segment":2,"radius_mm":0.5,"points_mm":[[1,2,3]],"normal":[0,0.6,0.8]}`,
		`{"op":"brush","segment":"Lesion, segment 7","mode":"erase","shape":"sphere","radius_mm":6,"points_mm":[[1,2,3]],"overwrite":"visible","visible":[1,"liver"],"overlap":["liver"],"image":0}`,
		`{"op":"undo"}`, ` {"op":"redo"} `,
		`{"op":"add_segment","name":"Lesion 1","class":"lesion","color":"#ff4f17","image":0}`,
		`{"op":"rename","segment":2,"name":"Läsion"}`, `{"op":"color","segment":2,"color":"#FF4F17"}`,
		`{"op":"lock","segment":2}`, `{"op":"unlock","segment":"x"}`, `{"op":"delete_segment","segment":2}`,
	} {
		op, err := ParseOp([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		b, err := json.Marshal(op)
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseOp(b)
		if err != nil {
			t.Fatalf("%s became %s: %v", line, b, err)
		}
		if c, _ := json.Marshal(again); string(c) != string(b) {
			t.Fatalf("%s became %s", b, c)
		}
	}
}

func TestErrorsNameTheField(t *testing.T) {
	brush := func(more string) string {
		return `{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[1,2,3]]` + more + `}`
	}
	for _, c := range []struct{ line, want string }{
		{``, "the line is not a JSON object"},
		{`[]`, "the line is not a JSON object"},
		{`{"op":"undo"`, "the line is not a whole JSON object"},
		{`{"op":"undo"} {}`, "something follows the JSON object"},
		{`{}`, "op: must be given"},
		{`{"op":7}`, "op: must be text"},
		{`{"op":"length","points_mm":[[1,2,3]]}`, `op: "length" is not an operation that edits segments`},
		{`{"op":"undo","segment":1}`, "segment: does not belong to undo"},
		{`{"op":"lock","segment":1,"image":0}`, "image: does not belong to lock"},
		{`{"op":"undo","op":"redo"}`, "op: occurs twice"},
		{`{"op":"brush"}`, "segment: must be given for brush"},
		{`{"op":"brush","segment":1,"points_mm":[[1,2,3]]}`, "radius_mm: must be given for brush"},
		{`{"op":"brush","segment":1,"radius_mm":3}`, "points_mm: must be given for brush"},
		{brush(`,"Mode":"add"`), "Mode: is not a field of an operation"},
		{brush(`,"samples":2`), "samples: is not a field of an operation"},
		{brush(`,"mode":"paint"`), `mode: "paint" is none of add, erase`},
		{brush(`,"mode":null`), "mode: is null"},
		{brush(`,"mode":""`), "mode: is empty"},
		{brush(`,"shape":"cube"`), `shape: "cube" is none of disc, sphere`},
		{brush(`,"plane":"oblique"`), `plane: "oblique" is none of axial, coronal, sagittal, acquired`},
		{brush(`,"plane":"axial","normal":[0,0,1]`), "normal: stands instead of plane, not beside it"},
		{brush(`,"shape":"sphere","plane":"axial"`), "plane: a sphere has none"},
		{brush(`,"normal":[0,0,0]`), "normal: must be a vector of some length"},
		{brush(`,"normal":[0,0]`), "normal: must be 3 numbers"},
		{brush(`,"range":[3,2]`), "range: must be two numbers, the lower one first"},
		{brush(`,"range":[3,null]`), "range: must be 2 numbers"},
		{brush(`,"overwrite":"some"`), `overwrite: "some" is none of none, visible, all`},
		{brush(`,"visible":[0]`), "visible: must be a segment's number, name or class"},
		{brush(`,"image":-1`), "image: there is no image -1"},
		{brush(`,"image":0.5`), "image: must be a number"},
		{`{"op":"brush","segment":-4,"radius_mm":6,"points_mm":[[1,2,3]]}`, "segment: a segment is a number from 1 to 65535, or a name"},
		{`{"op":"brush","segment":"liver","radius_mm":-6,"points_mm":[[1,2,3]]}`, "radius_mm: must be above 0 and at most 1000"},
		{`{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[]}`, "points_mm: a stroke has 1 to 100000 points"},
		{`{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[1,2]]}`, "points_mm: point 1 must be three numbers"},
		{`{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[1,2,3],[1,2,3,4]]}`, "points_mm: point 2 must be three numbers"},
		{`{"op":"brush","segment":"liver","radius_mm":6,"points_mm":[[1,2,1e9]]}`, "points_mm: point 1 is not within 100000 mm"},
		{`{"op":"add_segment"}`, "name: a new segment needs a name or a class"},
		{`{"op":"add_segment","name":" x"}`, "name: starts or ends with a space"},
		{`{"op":"add_segment","name":"a\\b"}`, "name: must be text without control characters and backslashes"},
		{`{"op":"add_segment","name":"` + strings.Repeat("ä", 65) + `"}`, "name: has more than 64 letters"},
		{`{"op":"color","segment":1,"color":"red"}`, "color: a colour is written #rrggbb"},
	} {
		_, err := ParseOp([]byte(c.line))
		if err == nil || err.Error() != c.want {
			t.Errorf("%s\n got %v\nwant %s", c.line, err, c.want)
		}
		if k := project.KindOf(err); k != project.Invalid && k != project.Unsupported {
			t.Errorf("%s: kind %s", c.line, k)
		}
	}
}
