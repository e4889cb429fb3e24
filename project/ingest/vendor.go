package ingest

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"hotlight/project/dcm"
)

// bValue returns the diffusion weighting in s/mm², from the standard or from where each vendor keeps it.
func bValue(s source) string {
	if v := numberText(s.group(dcm.MRDiffusionSequence), dcm.DiffusionBValue); v != "" {
		return v
	}
	if text(s.top, dcm.Modality) != "MR" {
		return ""
	}
	for _, vendor := range []func(*dcm.DataSet) string{geBValue, siemensBValue, philipsBValue} {
		if v := vendor(s.top); v != "" {
			return v
		}
	}
	return ""
}

// geBValue: the first of the integers in (0043,xx39); some versions add 1e9. See vol/mr-dti-repeated-positions.
func geBValue(d *dcm.DataSet) string {
	v := d.Floats(gePrivateTag(d, 0x0043, "GEMS_PARM_01", 0x39))
	if len(v) == 0 {
		return ""
	}
	return strconv.FormatFloat(math.Mod(v[0], 1e9), 'g', -1, 64)
}

func siemensBValue(d *dcm.DataSet) string {
	return numberText(d, privateTag(d, 0x0019, "SIEMENS MR HEADER", 0x0c))
}

func philipsBValue(d *dcm.DataSet) string {
	return numberText(d, privateTag(d, 0x2001, "Philips Imaging DD 001", 0x03))
}

// gradient returns the diffusion direction as text, to tell directions apart; its frame of reference does not matter for that.
func gradient(s source) string {
	if v := floatsText(s.group(dcm.MRDiffusionSequence).Item(tagGradientSequence), dcm.DiffusionGradientOrientation); v != "" {
		return v
	}
	if v := floatsText(s.top, dcm.DiffusionGradientOrientation); v != "" {
		return v
	}
	if text(s.top, dcm.Modality) != "MR" {
		return ""
	}
	if v := floatsText(s.top, privateTag(s.top, 0x0019, "SIEMENS MR HEADER", 0x0e)); v != "" {
		return v
	}
	return geGradient(s.top)
}

// geGradient: three elements, one for each component.
func geGradient(d *dcm.DataSet) string {
	var parts []string
	for _, element := range []uint8{0xbb, 0xbc, 0xbd} {
		v := numberText(d, gePrivateTag(d, 0x0019, "GEMS_ACQU_01", element))
		if v == "" {
			return ""
		}
		parts = append(parts, v)
	}
	return strings.Join(parts, " ")
}

func floatsText(d *dcm.DataSet, t dcm.Tag) string {
	v := d.Floats(t)
	if len(v) == 0 {
		return ""
	}
	return strings.Trim(fmt.Sprint(v), "[]")
}

// noTag is an element that no data set has: an item delimiter.
const noTag dcm.Tag = 0xFFFEE00D

// privateTag returns where creator keeps element in group, or noTag.
func privateTag(d *dcm.DataSet, group uint16, creator string, element uint8) dcm.Tag {
	if !d.Has(dcm.Tag(group)<<16|0x10) && !d.Has(dcm.Tag(group)<<16|0x11) {
		return noTag // no blocks: looking through all 240 places would be most of a scan
	}
	if t, ok := d.Private(group, creator, element); ok {
		return t
	}
	return noTag
}

// gePrivateTag also finds elements whose creator was lost in de-identification: GE's are then where they usually are.
func gePrivateTag(d *dcm.DataSet, group uint16, creator string, element uint8) dcm.Tag {
	if t := privateTag(d, group, creator, element); t != noTag {
		return t
	}
	if d.Has(dcm.Tag(group)<<16 | 0x10) {
		return noTag // the block is somebody else's
	}
	return dcm.Tag(group)<<16 | 0x1000 | dcm.Tag(element)
}
