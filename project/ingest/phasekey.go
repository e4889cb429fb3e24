package ingest

import (
	"cmp"
	"strconv"
	"strings"

	"hotlight/project/dcm"
)

// phaseKey is one thing that may tell two frames at one position apart, in the order in which they are tried: first what names a different
// picture, then what names a time.
type phaseKey struct {
	label string // words before the value; the value alone where it ends in no space
	timed bool   // the value is a moment: phases are counted, not named
	unit  string // after the value
	read  func(s source) string
}

// Functional groups that only phases need (PS3.3 C.7.6.16, C.8.13.5, C.8.15.3) and what they hold.
const (
	tagPETFrameTypeSequence        dcm.Tag = 0x00189751
	tagParametricFrameTypeSequence dcm.Tag = 0x00409092
	tagUSImageDescriptionSequence  dcm.Tag = 0x00189806
	tagLabellingSequence           dcm.Tag = 0x00189251
	tagLabellingContext            dcm.Tag = 0x00189257
	tagMRModifierSequence          dcm.Tag = 0x00189115
	tagInversionTimes              dcm.Tag = 0x00189079
	tagDiffusionDirectionality     dcm.Tag = 0x00189075
	tagVelocitySequence            dcm.Tag = 0x00189197
	tagVelocityDirection           dcm.Tag = 0x00189090
	tagMRTimingSequence            dcm.Tag = 0x00189112
	tagCTReconstructionSequence    dcm.Tag = 0x00189314
	tagCTXRaySequence              dcm.Tag = 0x00189325
	tagRespiratorySequence         dcm.Tag = 0x00209253
	tagRespiratoryPercentage       dcm.Tag = 0x00209245
	tagCardiacPercentage           dcm.Tag = 0x00209241
)

// phases in the order in which they are tried. Elements of functional groups come first; files of one frame have some of them at the top.
var phases = [...]phaseKey{
	{label: "frame of reference ", timed: true, read: func(s source) string { return text(s.top, dcm.FrameOfReferenceUID) }},
	{label: "", read: frameTypeOf},
	{label: "", read: func(s source) string { return text(s.group(tagMRFrameTypeSequence), tagComplexImageComponent) }},
	{label: "", read: func(s source) string {
		return strings.ToLower(text(s.group(tagLabellingSequence), tagLabellingContext))
	}},
	{label: "echo ", read: func(s source) string { return numberText(s.top, dcm.EchoNumbers) }},
	{label: "TE ", read: func(s source) string {
		return cmp.Or(numberText(s.group(dcm.MREchoSequence), dcm.EffectiveEchoTime), numberText(s.top, dcm.EchoTime))
	}},
	{label: "TI ", read: func(s source) string {
		return cmp.Or(numberText(s.group(tagMRModifierSequence), tagInversionTimes), numberText(s.top, dcm.InversionTime))
	}},
	{label: "b ", read: bValue},
	{label: "", read: func(s source) string {
		return strings.ToLower(text(s.group(dcm.MRDiffusionSequence), tagDiffusionDirectionality))
	}},
	{label: "direction ", read: gradient},
	{label: "velocity ", read: func(s source) string { return floatsText(s.group(tagVelocitySequence), tagVelocityDirection) }},
	{label: "flip angle ", read: func(s source) string { return numberText(s.group(tagMRTimingSequence), dcm.FlipAngle) }},
	{label: "TR ", read: func(s source) string { return numberText(s.group(tagMRTimingSequence), dcm.RepetitionTime) }},
	{label: "", read: func(s source) string { return text(s.top, tagSequenceName) }},
	{label: "kernel ", read: func(s source) string { return text(s.group(tagCTReconstructionSequence), dcm.ConvolutionKernel) }},
	{label: "kVp ", read: func(s source) string { return numberText(s.group(tagCTXRaySequence), dcm.KVP) }},
	{label: "thickness ", read: func(s source) string { return numberText(s.group(dcm.PixelMeasuresSequence), dcm.SliceThickness) }},
	phaseOfRun:   {label: "", read: func(source) string { return "" }}, // filled in by readNuclear
	phaseOfStack: {label: "stack ", read: func(s source) string { return text(s.group(dcm.FrameContentSequence), dcm.StackID) }},
	{label: "phase ", timed: true, read: func(s source) string {
		return cmp.Or(numberText(s.group(dcm.FrameContentSequence), dcm.TemporalPositionIndex), numberText(s.top, dcm.TemporalPositionIdentifier))
	}},
	{label: "phase ", timed: true, read: func(s source) string {
		return cmp.Or(numberText(s.group(tagTriggerSequence), dcm.NominalCardiacTriggerDelayTime), numberText(s.top, dcm.TriggerTime))
	}},
	{label: "R-R ", unit: " %", read: func(s source) string { return numberText(s.group(tagTriggerSequence), tagCardiacPercentage) }},
	{label: "breath ", unit: " %", read: func(s source) string { return numberText(s.group(tagRespiratorySequence), tagRespiratoryPercentage) }},
	{label: "phase ", timed: true, read: func(s source) string {
		return numberText(s.group(tagTemporalPositionSequence), dcm.TemporalPositionTimeOffset)
	}},
	{label: "phase ", timed: true, read: func(s source) string { return numberText(s.top, tagFrameReferenceTime) }},
	{label: "acquisition ", timed: true, read: func(s source) string {
		return cmp.Or(numberText(s.group(dcm.FrameContentSequence), dcm.FrameAcquisitionNumber), numberText(s.top, dcm.AcquisitionNumber))
	}},
	{label: "time ", timed: true, read: func(s source) string {
		return cmp.Or(text(s.own.Item(dcm.FrameContentSequence), tagFrameAcquisitionTime), text(s.top, dcm.AcquisitionDateTime),
			text(s.top, dcm.AcquisitionDate)+text(s.top, dcm.AcquisitionTime))
	}},
	{label: "time ", timed: true, read: func(s source) string { return text(s.top, dcm.ContentDate) + text(s.top, dcm.ContentTime) }},
	{label: "dimension ", read: dimensions},
}

// phaseOfRun is the key that readNuclear fills, phaseOfStack what byStack asks for; phaseKeys is how many there are.
const (
	phaseOfRun   = 17
	phaseOfStack = 18
	phaseKeys    = len(phases)
)

func readPhase(s source) (out [phaseKeys]string) {
	for n := range phases {
		out[n] = phases[n].read(s)
	}
	return out
}

// frameTypeSequences hold the kind of a frame, one for each kind of enhanced object.
var frameTypeSequences = []dcm.Tag{tagMRFrameTypeSequence, tagCTFrameTypeSequence, tagPETFrameTypeSequence, tagFramePixelDataSequence, tagParametricFrameTypeSequence,
	tagUSImageDescriptionSequence}

func frameTypeOf(s source) string {
	for _, macro := range frameTypeSequences {
		if d := s.group(macro); d != s.top {
			return strings.Join(d.Strings(dcm.FrameType), " ")
		}
	}
	return strings.Join(s.top.Strings(dcm.ImageType), " ")
}

// dimensions returns the indices by which an enhanced file itself tells its frames apart, places left out: the last resort, for what has no key
// of its own.
func dimensions(s source) string {
	index := s.own.Item(dcm.FrameContentSequence).Ints(dcm.DimensionIndexValues)
	items := s.top.Items(dcm.DimensionIndexSequence)
	if len(index) == 0 || len(index) != len(items) {
		return ""
	}
	var parts []string
	for n, item := range items {
		switch p, _ := item.Int(dcm.DimensionIndexPointer); dcm.Tag(p) {
		case dcm.InStackPositionNumber, dcm.ImagePositionPatient, dcm.StackID:
		default:
			parts = append(parts, strconv.Itoa(index[n]))
		}
	}
	return strings.Join(parts, ".")
}

// numberText returns the first number of t in one spelling: "5", "5.0" and "05" are the same echo.
func numberText(d *dcm.DataSet, t dcm.Tag) string {
	if v, ok := d.Float(t); ok {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}
