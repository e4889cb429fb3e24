package project

// ExportPlan is what leaves the project: in which forms, de-identified how, proven how.
type ExportPlan struct {
	DICOM      []string    `json:"dicom,omitempty" yaml:"dicom,omitempty"`
	Research   []string    `json:"research,omitempty" yaml:"research,omitempty"`
	Deidentify *Deidentify `json:"deidentify,omitempty" yaml:"deidentify,omitempty"`
	Sign       *SignPlan   `json:"sign,omitempty" yaml:"sign,omitempty"`
}

// The forms of exports that a project may ask for.
var (
	DICOMForms    = []string{"SEG_BINARY", "SEG_LABELMAP", "SR_TID1500", "RTSTRUCT", "GSPS", "KOS"}
	ResearchForms = []string{"nifti", "nrrd", "nnunet_v2", "coco", "monai_decathlon", "csv", "json", "parquet", "croissant"}
)

// DeidentifyProfile is the one profile there is: the Basic Application Level Confidentiality Profile of PS3.15 annex E.
const DeidentifyProfile = "PS3.15 E basic"

// DeidentifyOptions are the options of PS3.15 E.3, by their names without spaces.
var DeidentifyOptions = []string{"RetainSafePrivate", "RetainUIDs", "RetainDeviceIdentity", "RetainInstitutionIdentity", "RetainPatientCharacteristics",
	"RetainLongitudinalFullDates", "RetainLongitudinalModifiedDates", "CleanDescriptors", "CleanStructuredContent", "CleanGraphics", "CleanPixelData",
	"CleanRecognizableVisualFeatures"}

// Deidentify is how images are de-identified that leave with an export.
type Deidentify struct {
	Profile string   `json:"profile" yaml:"profile"`
	Options []string `json:"options,omitempty" yaml:"options,omitempty"`
	UID     string   `json:"uid,omitempty" yaml:"uid,omitempty"` // keyed_hmac (also if empty): new UIDs by a secret of the project, the same for the same old one
}

// SignPlan names how exports are proven. Both have one value each, which is what is done anyway.
type SignPlan struct {
	Bundle   string `json:"bundle,omitempty" yaml:"bundle,omitempty"`     // ed25519
	Manifest string `json:"manifest,omitempty" yaml:"manifest,omitempty"` // sha256
}

func (e *ExportPlan) check() error {
	if e == nil {
		return nil
	}
	if err := allOf("export.dicom", e.DICOM, DICOMForms...); err != nil {
		return err
	}
	if err := allOf("export.research", e.Research, ResearchForms...); err != nil {
		return err
	}
	if p := e.Deidentify; p != nil {
		if p.Profile != DeidentifyProfile {
			return Fieldf(Invalid, "export.deidentify.profile", "%q is not known here; there is: %s", p.Profile, DeidentifyProfile)
		}
		if err := p.checkOptions(); err != nil {
			return err
		}
	}
	if e.Sign == nil {
		return nil
	}
	if err := oneOf("export.sign.bundle", e.Sign.Bundle, "ed25519"); err != nil {
		return err
	}
	return oneOf("export.sign.manifest", e.Sign.Manifest, "sha256")
}

func (p *Deidentify) checkOptions() error {
	const path = "export.deidentify.options"
	if err := allOf(path, p.Options, DeidentifyOptions...); err != nil {
		return err
	}
	has := map[string]bool{}
	for _, o := range p.Options {
		has[o] = true
	}
	if has["RetainLongitudinalFullDates"] && has["RetainLongitudinalModifiedDates"] {
		return Fieldf(Invalid, path, "dates are either kept in full or modified")
	}
	if has["RetainUIDs"] && p.UID != "" {
		return Fieldf(Invalid, "export.deidentify.uid", "the options retain the UIDs")
	}
	return oneOf("export.deidentify.uid", p.UID, "keyed_hmac")
}
