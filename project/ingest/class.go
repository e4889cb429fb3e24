package ingest

import (
	"strings"

	"hotlight/project/dcm"
)

const mediaDirectory = "1.2.840.10008.1.3.10"

// objectClasses hold no pixels that are shown as an image, by the beginning of their UIDs (PS3.4 B.5): they refer to images, or are no
// images at all. A class ends in a dot where the whole family is meant.
var objectClasses = []string{
	"1.2.840.10008.5.1.4.1.1.4.2",   // MR spectra
	"1.2.840.10008.5.1.4.1.1.9.",    // waveforms
	"1.2.840.10008.5.1.4.1.1.11.",   // presentation states
	"1.2.840.10008.5.1.4.1.1.66",    // raw data, registrations, segmentations, real world value mappings
	"1.2.840.10008.5.1.4.1.1.67",    // real world value mapping
	"1.2.840.10008.5.1.4.1.1.68.",   // surface scans
	"1.2.840.10008.5.1.4.1.1.88.",   // structured reports, key objects
	"1.2.840.10008.5.1.4.1.1.104.",  // encapsulated documents
	"1.2.840.10008.5.1.4.1.1.481.3", // RT structure set
	"1.2.840.10008.5.1.4.1.1.481.5", // RT plan
	"1.2.840.10008.5.1.4.1.1.481.8", // RT ion plan
	"1.2.840.10008.5.1.4.34.",       // procedure steps
	"1.2.840.10008.5.1.4.38.",       // hanging protocols
}

// isObject reports whether the file is of one of the classes above. Any other file without pixels is of KindObject too.
func (x *instance) isObject() bool {
	for _, c := range objectClasses {
		if string(x.class) == c || strings.HasPrefix(string(x.class), strings.TrimSuffix(c, ".")+".") {
			return true
		}
	}
	return false
}

// lossySyntaxes lose something whatever the file says.
var lossySyntaxes = map[string]bool{
	"1.2.840.10008.1.2.4.50": true, "1.2.840.10008.1.2.4.51": true, "1.2.840.10008.1.2.4.53": true, "1.2.840.10008.1.2.4.55": true,
}

// Tags that only ingest needs.
const (
	tagSequenceName          dcm.Tag = 0x00180024
	tagComplexImageComponent dcm.Tag = 0x00089208
	tagGradientSequence      dcm.Tag = 0x00189076
	tagTriggerSequence       dcm.Tag = 0x00189118
	tagMRFrameTypeSequence   dcm.Tag = 0x00189226
	tagCTFrameTypeSequence   dcm.Tag = 0x00189329
	tagFrameAcquisitionTime  dcm.Tag = 0x00189074
	tagDoseUnits             dcm.Tag = 0x30040002
	tagSegmentedRedPalette   dcm.Tag = 0x00281221
)
