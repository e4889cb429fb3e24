package ingest

import "hotlight/project/dcm"

// Tags that only ingest needs. The last word says where the standard describes them.
const (
	tagComplexImageComponent          dcm.Tag = 0x00089208 // MR frame type
	tagReferencedSOPSequence          dcm.Tag = 0x00081199 // hierarchical references of reports
	tagSequenceName                   dcm.Tag = 0x00180024 // MR image
	tagFrameAcquisitionTime           dcm.Tag = 0x00189074 // frame content
	tagGradientSequence               dcm.Tag = 0x00189076 // MR diffusion
	tagTriggerSequence                dcm.Tag = 0x00189118 // cardiac synchronization
	tagMRFrameTypeSequence            dcm.Tag = 0x00189226
	tagCTFrameTypeSequence            dcm.Tag = 0x00189329
	tagPixelPresentation              dcm.Tag = 0x00089205
	tagDecayCorrectionDateTime        dcm.Tag = 0x00189701 // enhanced PET
	tagDecayCorrected                 dcm.Tag = 0x00189758
	tagAttenuationCorrected           dcm.Tag = 0x00189759
	tagFrameReferenceTime             dcm.Tag = 0x00541300 // PET image
	tagReferencedImageRealWorldValues dcm.Tag = 0x00409094
	tagFloatPadding                   dcm.Tag = 0x00280122
	tagDoublePadding                  dcm.Tag = 0x00280123
	tagFloatPaddingLimit              dcm.Tag = 0x00280124
	tagDoublePaddingLimit             dcm.Tag = 0x00280125
	tagSegmentedRedPalette            dcm.Tag = 0x00281221
	tagSegmentedGreenPalette          dcm.Tag = 0x00281222
	tagSegmentedBluePalette           dcm.Tag = 0x00281223
	tagDoubleLastValueMapped          dcm.Tag = 0x00409213 // real world value mapping
	tagDoubleFirstValueMapped         dcm.Tag = 0x00409214
	tagRealWorldLUTData               dcm.Tag = 0x00409212
	tagPresentationLUTSequence        dcm.Tag = 0x20500010
	tagDocumentTitle                  dcm.Tag = 0x00420010 // encapsulated document
	tagDoseUnits                      dcm.Tag = 0x30040002
	tagStructureSetLabel              dcm.Tag = 0x30060002
	tagPlanLabel                      dcm.Tag = 0x300A0002

	// What is referred to here says where an object comes from, not what it is about.
	tagReferencedStudySequence   dcm.Tag = 0x00081110
	tagReferencedStepSequence    dcm.Tag = 0x00081111
	tagReferencedPatientSequence dcm.Tag = 0x00081120
	tagRelatedSeriesSequence     dcm.Tag = 0x00081250
	tagReferencedRequestSequence dcm.Tag = 0x0040A370
	tagRequestAttributesSequence dcm.Tag = 0x00400275
)
