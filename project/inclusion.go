package project

import (
	"strconv"
	"strings"
)

// Inclusion is what a series must be to enter the project. It is asked when series are added; one that fails is listed with the reason, never dropped silently.
type Inclusion struct {
	Modalities []Modality      `json:"modalities,omitempty" yaml:"modalities,omitempty"` // empty: all
	Rules      []InclusionRule `json:"rules,omitempty" yaml:"rules,omitempty"`
}

// InclusionRule asks something of the series that If holds for. Both are in the language of package expr, over HeaderFields.
type InclusionRule struct {
	If      string   `json:"if,omitempty" yaml:"if,omitempty"` // empty: of every series
	Require []string `json:"require" yaml:"require"`
}

// HeaderType is how an inclusion rule sees an attribute.
type HeaderType string

// The types. A multi-valued text is a list, asked with contains.
const (
	HeaderNumber HeaderType = "number"
	HeaderText   HeaderType = "text"
	HeaderList   HeaderType = "list"
)

// HeaderFields are the attributes that inclusion rules may name, by DICOM keyword (PS3.6). Sequences can only be asked for with has. None of them names the
// patient: what a rule refuses is printed.
var HeaderFields = map[string]HeaderType{
	"Modality": HeaderText, "SOPClassUID": HeaderText, "Manufacturer": HeaderText, "ManufacturerModelName": HeaderText, "BodyPartExamined": HeaderText,
	"ProtocolName": HeaderText, "SeriesDescription": HeaderText, "StudyDescription": HeaderText, "ConvolutionKernel": HeaderText,
	"PresentationIntentType": HeaderText, "PhotometricInterpretation": HeaderText, "LossyImageCompression": HeaderText, "BurnedInAnnotation": HeaderText,
	"FrameOfReferenceUID": HeaderText, "ImageLaterality": HeaderText, "Laterality": HeaderText, "ViewPosition": HeaderText,
	"PatientPosition": HeaderText, "PatientSex": HeaderText, "SequenceName": HeaderText, "MRAcquisitionType": HeaderText, "PulseSequenceName": HeaderText,
	"ContrastBolusAgent": HeaderText, "Units": HeaderText, "DecayCorrection": HeaderText, "SeriesType": HeaderText, "RescaleType": HeaderText,
	"ImageType": HeaderList, "CorrectedImage": HeaderList, "ScanningSequence": HeaderList, "SequenceVariant": HeaderList, "ScanOptions": HeaderList,
	"ViewCodeSequence": HeaderList, "SequenceOfUltrasoundRegions": HeaderList, "RadiopharmaceuticalInformationSequence": HeaderList,
	"SliceThickness": HeaderNumber, "SpacingBetweenSlices": HeaderNumber, "PixelSpacing": HeaderList, "ImagerPixelSpacing": HeaderList,
	"Rows": HeaderNumber, "Columns": HeaderNumber, "NumberOfFrames": HeaderNumber, "BitsStored": HeaderNumber, "SamplesPerPixel": HeaderNumber,
	"KVP": HeaderNumber, "ExposureTime": HeaderNumber, "XRayTubeCurrent": HeaderNumber, "GantryDetectorTilt": HeaderNumber,
	"MagneticFieldStrength": HeaderNumber, "EchoTime": HeaderNumber, "RepetitionTime": HeaderNumber, "FlipAngle": HeaderNumber, "InversionTime": HeaderNumber,
	"PatientWeight": HeaderNumber, "PatientSize": HeaderNumber, "BodyPartThickness": HeaderNumber,
}

// check leaves the conditions to package definition.
func (in *Inclusion) check() error {
	if in == nil {
		return nil
	}
	if err := checkModalities("inclusion.modalities", in.Modalities); err != nil {
		return err
	}
	for n, r := range in.Rules {
		path := "inclusion.rules." + strconv.Itoa(n+1)
		if len(r.Require) == 0 {
			return Fieldf(Invalid, path, "a rule requires something")
		}
		for m, c := range r.Require {
			if c == "" {
				return Fieldf(Invalid, path+".require."+strconv.Itoa(m+1), "the condition is empty")
			}
		}
	}
	return nil
}

// checkModalities checks the form of PS3.3 C.7.3.1.1.1: capital letters and digits; a modality that this program never heard of may still be in a file.
func checkModalities(path string, list []Modality) error {
	seen := map[Modality]bool{}
	for _, m := range list {
		if !isModality(string(m)) {
			return Fieldf(Invalid, path, "%q is no modality: two to sixteen capital letters and digits", m)
		}
		if seen[m] {
			return Fieldf(Invalid, path, "%s occurs twice", m)
		}
		seen[m] = true
	}
	return nil
}

func isModality(s string) bool {
	return len(s) >= 2 && len(s) <= 16 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") == "" && s[0] >= 'A'
}
