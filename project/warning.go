package project

// Warning is what a reader must know about images or data. It is shown, exported and printed; it is not a log line.
type Warning struct {
	Code WarningCode `json:"code"`
	Text string      `json:"text"` // one or two sentences for a radiologist, without patient data
}

// WarningCode is the stable name of a warning. The list only grows.
type WarningCode string

// The codes of CLI.md and those added since.
const (
	WarnGap               WarningCode = "gap"                // slices are missing
	WarnUnevenSpacing     WarningCode = "uneven_spacing"     // distances along the normal differ
	WarnGantryTilt        WarningCode = "gantry_tilt"        // positions shift within the plane
	WarnDuplicatePosition WarningCode = "duplicate_position" // two images at one place, nothing to tell them apart
	WarnNoGeometry        WarningCode = "no_geometry"        // no position or orientation in the file
	WarnLossy             WarningCode = "lossy"              // the source was compressed with loss
	WarnUncalibrated      WarningCode = "uncalibrated"       // no pixel size: lengths are in pixels
	WarnBadOrientation    WarningCode = "bad_orientation"    // the orientation's vectors are not unit or not perpendicular
	WarnBadSpacing        WarningCode = "bad_spacing"        // pixel spacing zero, negative or not a number
	WarnMixedOrientation  WarningCode = "mixed_orientation"  // one series holds several orientations
	WarnMixedSize         WarningCode = "mixed_size"         // one series holds several matrix sizes
	WarnRescaleVaries     WarningCode = "rescale_varies"     // slope and intercept differ between slices
	WarnMixedFrame        WarningCode = "mixed_frame"        // one series names several frames of reference
	WarnNotDecoded        WarningCode = "not_decoded"        // the pixels cannot be decoded here; the reason names the transfer syntax
	WarnNoIdentity        WarningCode = "no_identity"        // a UID is missing: it can be looked at, but nothing can refer to it
	WarnMissingPart       WarningCode = "missing_part"       // an image in several files, not all of which are here
	WarnMedia             WarningCode = "media"              // a disc's directory and its files disagree
	WarnNoSUV             WarningCode = "no_suv"             // PET values stay in the unit of the file; the text says which condition is missing
	WarnRead              WarningCode = "read"               // a file was read in spite of an error in it
	WarnResampled         WarningCode = "resampled"          // computed between the acquired planes, not acquired
)
