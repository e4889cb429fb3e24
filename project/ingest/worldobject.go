package ingest

import (
	"slices"

	"hotlight/project"
	"hotlight/project/dcm"
)

// mappingObject is the class of files that give other files their real world values (PS3.3 A.46).
const mappingObject = "1.2.840.10008.5.1.4.1.1.67"

// linkMappings gives the frames that a Real World Value Mapping object names the quantities that it describes, where its images are here too.
func linkMappings(all []*instance) {
	byUID := map[project.InstanceUID][]*instance{}
	for _, x := range all {
		if x.class == mappingObject {
			for _, y := range all {
				byUID[y.uid] = append(byUID[y.uid], y)
			}
			break // nearly always there is none
		}
	}
	for _, x := range all {
		for _, item := range x.mappings {
			for _, reference := range item.Items(dcm.ReferencedImageSequence) {
				numbers := reference.Ints(dcm.ReferencedFrameNumber)
				for _, y := range byUID[project.InstanceUID(text(reference, dcm.ReferencedSOPInstanceUID))] {
					y.take(item, numbers)
				}
			}
		}
		x.mappings = nil
	}
}

// take adds the quantities of item to the frames with these numbers, counted from 1; to all of them where none is named.
func (x *instance) take(item *dcm.DataSet, numbers []int) {
	worlds := readMappings(source{top: item}, x.format.Signed)
	for _, w := range worlds {
		w.elsewhere = true
	}
	for n := range x.frames {
		if len(numbers) == 0 || slices.Contains(numbers, n+1) {
			x.frames[n].worlds = append(slices.Clip(x.frames[n].worlds), worlds...)
		}
	}
}
