package ingest

import (
	"cmp"
	"strings"

	"hotlight/project/dcm"
)

const (
	tagAnatomicalOrientationType dcm.Tag = 0x00102210
	tagFrameAnatomySequence      dcm.Tag = 0x00209071
	tagViewCodeSequence          dcm.Tag = 0x00540220
)

// readView returns side and view of a projection, or of the slices of a tomosynthesis, as radiologists write them: "R MLO".
func readView(x *instance, d *dcm.DataSet) string {
	if !projections[x.modality] {
		return ""
	}
	anatomy := d.Item(dcm.SharedFunctionalGroupsSequence).Item(tagFrameAnatomySequence)
	view := cmp.Or(text(d, dcm.ViewPosition), text(d.Item(tagViewCodeSequence), dcm.CodeMeaning))
	return strings.TrimSpace(cmp.Or(text(d, dcm.ImageLaterality), text(anatomy, dcm.FrameLaterality), text(d, dcm.Laterality)) + " " + view)
}

// dateOf returns a date as YYYYMMDD; the standard's forerunner wrote it with dots.
func dateOf(s string) string {
	if len(s) == 10 && s[4] == '.' && s[7] == '.' {
		return s[:4] + s[5:7] + s[8:]
	}
	return s
}
