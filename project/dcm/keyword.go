package dcm

// The tags that Hotlight uses, under the keywords of PS3.6.
const (
	FileMetaInformationGroupLength Tag = 0x00020000
	FileMetaInformationVersion     Tag = 0x00020001
	MediaStorageSOPClassUID        Tag = 0x00020002
	MediaStorageSOPInstanceUID     Tag = 0x00020003
	TransferSyntaxUID              Tag = 0x00020010
	ImplementationClassUID         Tag = 0x00020012
	ImplementationVersionName      Tag = 0x00020013
	SourceApplicationEntityTitle   Tag = 0x00020016

	DirectoryRecordSequence Tag = 0x00041220
	DirectoryRecordType     Tag = 0x00041430
	ReferencedFileID        Tag = 0x00041500

	SpecificCharacterSet        Tag = 0x00080005
	ImageType                   Tag = 0x00080008
	InstanceCreationDate        Tag = 0x00080012
	InstanceCreationTime        Tag = 0x00080013
	SOPClassUID                 Tag = 0x00080016
	SOPInstanceUID              Tag = 0x00080018
	StudyDate                   Tag = 0x00080020
	SeriesDate                  Tag = 0x00080021
	AcquisitionDate             Tag = 0x00080022
	ContentDate                 Tag = 0x00080023
	AcquisitionDateTime         Tag = 0x0008002A
	StudyTime                   Tag = 0x00080030
	SeriesTime                  Tag = 0x00080031
	AcquisitionTime             Tag = 0x00080032
	ContentTime                 Tag = 0x00080033
	AccessionNumber             Tag = 0x00080050
	Modality                    Tag = 0x00080060
	ModalitiesInStudy           Tag = 0x00080061
	ConversionType              Tag = 0x00080064
	Manufacturer                Tag = 0x00080070
	InstitutionName             Tag = 0x00080080
	ReferringPhysicianName      Tag = 0x00080090
	CodeValue                   Tag = 0x00080100
	CodingSchemeDesignator      Tag = 0x00080102
	CodingSchemeVersion         Tag = 0x00080103
	CodeMeaning                 Tag = 0x00080104
	LongCodeValue               Tag = 0x00080119
	URNCodeValue                Tag = 0x00080120
	TimezoneOffsetFromUTC       Tag = 0x00080201
	StationName                 Tag = 0x00081010
	StudyDescription            Tag = 0x00081030
	SeriesDescription           Tag = 0x0008103E
	ManufacturerModelName       Tag = 0x00081090
	ReferencedSeriesSequence    Tag = 0x00081115
	ReferencedImageSequence     Tag = 0x00081140
	ReferencedInstanceSequence  Tag = 0x0008114A
	ReferencedSOPClassUID       Tag = 0x00081150
	ReferencedSOPInstanceUID    Tag = 0x00081155
	ReferencedFrameNumber       Tag = 0x00081160
	DerivationDescription       Tag = 0x00082111
	SourceImageSequence         Tag = 0x00082112
	RecommendedDisplayFrameRate Tag = 0x00082144
	FrameType                   Tag = 0x00089007
	DerivationImageSequence     Tag = 0x00089124
	DerivationCodeSequence      Tag = 0x00089215

	PatientName      Tag = 0x00100010
	PatientID        Tag = 0x00100020
	PatientBirthDate Tag = 0x00100030
	PatientSex       Tag = 0x00100040
	PatientAge       Tag = 0x00101010
	PatientSize      Tag = 0x00101020
	PatientWeight    Tag = 0x00101030

	PatientIdentityRemoved Tag = 0x00120062
	DeidentificationMethod Tag = 0x00120063

	ContrastBolusAgent                       Tag = 0x00180010
	BodyPartExamined                         Tag = 0x00180015
	ScanningSequence                         Tag = 0x00180020
	SequenceVariant                          Tag = 0x00180021
	ScanOptions                              Tag = 0x00180022
	MRAcquisitionType                        Tag = 0x00180023
	CineRate                                 Tag = 0x00180040
	SliceThickness                           Tag = 0x00180050
	KVP                                      Tag = 0x00180060
	RepetitionTime                           Tag = 0x00180080
	EchoTime                                 Tag = 0x00180081
	InversionTime                            Tag = 0x00180082
	EchoNumbers                              Tag = 0x00180086
	MagneticFieldStrength                    Tag = 0x00180087
	SpacingBetweenSlices                     Tag = 0x00180088
	DataCollectionDiameter                   Tag = 0x00180090
	DeviceSerialNumber                       Tag = 0x00181000
	SoftwareVersions                         Tag = 0x00181020
	ProtocolName                             Tag = 0x00181030
	TriggerTime                              Tag = 0x00181060
	FrameTime                                Tag = 0x00181063
	FrameTimeVector                          Tag = 0x00181065
	RadiopharmaceuticalStartTime             Tag = 0x00181072
	RadionuclideTotalDose                    Tag = 0x00181074
	RadionuclideHalfLife                     Tag = 0x00181075
	RadiopharmaceuticalStartDateTime         Tag = 0x00181078
	HeartRate                                Tag = 0x00181088
	ReconstructionDiameter                   Tag = 0x00181100
	DistanceSourceToDetector                 Tag = 0x00181110
	DistanceSourceToPatient                  Tag = 0x00181111
	EstimatedRadiographicMagnificationFactor Tag = 0x00181114
	GantryDetectorTilt                       Tag = 0x00181120
	TableHeight                              Tag = 0x00181130
	ExposureTime                             Tag = 0x00181150
	XRayTubeCurrent                          Tag = 0x00181151
	Exposure                                 Tag = 0x00181152
	ImagerPixelSpacing                       Tag = 0x00181164
	ConvolutionKernel                        Tag = 0x00181210
	ActualFrameDuration                      Tag = 0x00181242
	FlipAngle                                Tag = 0x00181314
	NominalScannedPixelSpacing               Tag = 0x00182010
	PatientPosition                          Tag = 0x00185100
	ViewPosition                             Tag = 0x00185101
	SequenceOfUltrasoundRegions              Tag = 0x00186011
	RegionSpatialFormat                      Tag = 0x00186012
	RegionLocationMinX0                      Tag = 0x00186018
	RegionLocationMinY0                      Tag = 0x0018601A
	RegionLocationMaxX1                      Tag = 0x0018601C
	RegionLocationMaxY1                      Tag = 0x0018601E
	PhysicalUnitsXDirection                  Tag = 0x00186024
	PhysicalUnitsYDirection                  Tag = 0x00186026
	PhysicalDeltaX                           Tag = 0x0018602C
	PhysicalDeltaY                           Tag = 0x0018602E
	EffectiveEchoTime                        Tag = 0x00189082
	DiffusionBValue                          Tag = 0x00189087
	DiffusionGradientOrientation             Tag = 0x00189089
	MREchoSequence                           Tag = 0x00189114
	MRDiffusionSequence                      Tag = 0x00189117

	StudyInstanceUID               Tag = 0x0020000D
	SeriesInstanceUID              Tag = 0x0020000E
	StudyID                        Tag = 0x00200010
	SeriesNumber                   Tag = 0x00200011
	AcquisitionNumber              Tag = 0x00200012
	InstanceNumber                 Tag = 0x00200013
	PatientOrientation             Tag = 0x00200020
	ImagePositionPatient           Tag = 0x00200032
	ImageOrientationPatient        Tag = 0x00200037
	FrameOfReferenceUID            Tag = 0x00200052
	Laterality                     Tag = 0x00200060
	ImageLaterality                Tag = 0x00200062
	TemporalPositionIdentifier     Tag = 0x00200100
	NumberOfTemporalPositions      Tag = 0x00200105
	PositionReferenceIndicator     Tag = 0x00201040
	SliceLocation                  Tag = 0x00201041
	ImageComments                  Tag = 0x00204000
	StackID                        Tag = 0x00209056
	InStackPositionNumber          Tag = 0x00209057
	FrameLaterality                Tag = 0x00209072
	FrameContentSequence           Tag = 0x00209111
	PlanePositionSequence          Tag = 0x00209113
	PlaneOrientationSequence       Tag = 0x00209116
	TemporalPositionIndex          Tag = 0x00209128
	NominalCardiacTriggerDelayTime Tag = 0x00209153
	FrameAcquisitionNumber         Tag = 0x00209156
	DimensionIndexValues           Tag = 0x00209157
	DimensionOrganizationUID       Tag = 0x00209164
	DimensionIndexPointer          Tag = 0x00209165
	FunctionalGroupPointer         Tag = 0x00209167
	DimensionOrganizationSequence  Tag = 0x00209221
	DimensionIndexSequence         Tag = 0x00209222
	TemporalPositionTimeOffset     Tag = 0x0020930D
	DimensionOrganizationType      Tag = 0x00209311
	DimensionDescriptionLabel      Tag = 0x00209421

	SamplesPerPixel                        Tag = 0x00280002
	PhotometricInterpretation              Tag = 0x00280004
	PlanarConfiguration                    Tag = 0x00280006
	NumberOfFrames                         Tag = 0x00280008
	FrameIncrementPointer                  Tag = 0x00280009
	Rows                                   Tag = 0x00280010
	Columns                                Tag = 0x00280011
	Planes                                 Tag = 0x00280012
	PixelSpacing                           Tag = 0x00280030
	PixelAspectRatio                       Tag = 0x00280034
	CorrectedImage                         Tag = 0x00280051
	BitsAllocated                          Tag = 0x00280100
	BitsStored                             Tag = 0x00280101
	HighBit                                Tag = 0x00280102
	PixelRepresentation                    Tag = 0x00280103
	SmallestImagePixelValue                Tag = 0x00280106
	LargestImagePixelValue                 Tag = 0x00280107
	PixelPaddingValue                      Tag = 0x00280120
	PixelPaddingRangeLimit                 Tag = 0x00280121
	QualityControlImage                    Tag = 0x00280300
	BurnedInAnnotation                     Tag = 0x00280301
	PixelSpacingCalibrationType            Tag = 0x00280A02
	PixelSpacingCalibrationDescription     Tag = 0x00280A04
	PixelIntensityRelationship             Tag = 0x00281040
	PixelIntensityRelationshipSign         Tag = 0x00281041
	WindowCenter                           Tag = 0x00281050
	WindowWidth                            Tag = 0x00281051
	RescaleIntercept                       Tag = 0x00281052
	RescaleSlope                           Tag = 0x00281053
	RescaleType                            Tag = 0x00281054
	WindowCenterWidthExplanation           Tag = 0x00281055
	VOILUTFunction                         Tag = 0x00281056
	RedPaletteColorLookupTableDescriptor   Tag = 0x00281101
	GreenPaletteColorLookupTableDescriptor Tag = 0x00281102
	BluePaletteColorLookupTableDescriptor  Tag = 0x00281103
	RedPaletteColorLookupTableData         Tag = 0x00281201
	GreenPaletteColorLookupTableData       Tag = 0x00281202
	BluePaletteColorLookupTableData        Tag = 0x00281203
	LossyImageCompression                  Tag = 0x00282110
	LossyImageCompressionRatio             Tag = 0x00282112
	LossyImageCompressionMethod            Tag = 0x00282114
	ModalityLUTSequence                    Tag = 0x00283000
	LUTDescriptor                          Tag = 0x00283002
	LUTExplanation                         Tag = 0x00283003
	ModalityLUTType                        Tag = 0x00283004
	LUTData                                Tag = 0x00283006
	VOILUTSequence                         Tag = 0x00283010
	PixelMeasuresSequence                  Tag = 0x00289110
	FrameVOILUTSequence                    Tag = 0x00289132
	PixelValueTransformationSequence       Tag = 0x00289145

	MeasurementUnitsCodeSequence   Tag = 0x004008EA
	RealWorldValueMappingSequence  Tag = 0x00409096
	LUTLabel                       Tag = 0x00409210
	RealWorldValueLastValueMapped  Tag = 0x00409211
	RealWorldValueFirstValueMapped Tag = 0x00409216
	RealWorldValueIntercept        Tag = 0x00409224
	RealWorldValueSlope            Tag = 0x00409225
	ConceptNameCodeSequence        Tag = 0x0040A043
	ConceptCodeSequence            Tag = 0x0040A168
	PurposeOfReferenceCodeSequence Tag = 0x0040A170

	RadiopharmaceuticalInformationSequence Tag = 0x00540016
	NumberOfSlices                         Tag = 0x00540081
	NumberOfTimeSlices                     Tag = 0x00540101
	SeriesType                             Tag = 0x00541000
	Units                                  Tag = 0x00541001
	CountsSource                           Tag = 0x00541002
	SUVType                                Tag = 0x00541006
	DecayCorrection                        Tag = 0x00541102

	SegmentationType                      Tag = 0x00620001
	SegmentSequence                       Tag = 0x00620002
	SegmentedPropertyCategoryCodeSequence Tag = 0x00620003
	SegmentNumber                         Tag = 0x00620004
	SegmentLabel                          Tag = 0x00620005
	SegmentDescription                    Tag = 0x00620006
	SegmentAlgorithmType                  Tag = 0x00620008
	SegmentAlgorithmName                  Tag = 0x00620009
	SegmentIdentificationSequence         Tag = 0x0062000A
	ReferencedSegmentNumber               Tag = 0x0062000B
	RecommendedDisplayCIELabValue         Tag = 0x0062000D
	MaximumFractionalValue                Tag = 0x0062000E
	SegmentedPropertyTypeCodeSequence     Tag = 0x0062000F
	SegmentationFractionalType            Tag = 0x00620010
	SegmentsOverlap                       Tag = 0x00620013

	ContentLabel       Tag = 0x00700080
	ContentDescription Tag = 0x00700081
	ContentCreatorName Tag = 0x00700084

	IconImageSequence Tag = 0x00880200

	PresentationLUTShape Tag = 0x20500020

	GridFrameOffsetVector Tag = 0x3004000C
	DoseGridScaling       Tag = 0x3004000E

	ROIContourSequence Tag = 0x30060039

	SharedFunctionalGroupsSequence   Tag = 0x52009229
	PerFrameFunctionalGroupsSequence Tag = 0x52009230

	OverlayRows    Tag = 0x60000010
	OverlayColumns Tag = 0x60000011
	OverlayData    Tag = 0x60003000

	ExtendedOffsetTable        Tag = 0x7FE00001
	ExtendedOffsetTableLengths Tag = 0x7FE00002
	FloatPixelData             Tag = 0x7FE00008
	DoubleFloatPixelData       Tag = 0x7FE00009
	PixelData                  Tag = 0x7FE00010

	DataSetTrailingPadding Tag = 0xFFFCFFFC
)

// named returns the tag with its name, for messages.
func named(t Tag) string {
	if name := Keyword(t); name != "" {
		return t.String() + " " + name
	}
	return t.String()
}
