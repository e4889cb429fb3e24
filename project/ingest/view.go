package ingest

import (
	"cmp"
	"strings"

	"hotlight/project/dcm"
)

const (
	tagAnatomicalOrientationType dcm.Tag = 0x00102210
	tagViewCodeSequence          dcm.Tag = 0x00540220
)

// readView returns side and view of a projection as radiologists write them: "R MLO".
func readView(x *instance, d *dcm.DataSet) string {
	if !x.isProjection() {
		return ""
	}
	view := cmp.Or(text(d, dcm.ViewPosition), text(d.Item(tagViewCodeSequence), dcm.CodeMeaning))
	return strings.TrimSpace(cmp.Or(text(d, dcm.ImageLaterality), text(d, dcm.Laterality)) + " " + view)
}
