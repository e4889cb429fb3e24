package measure

import (
	"math"
	"slices"
	"time"

	"hotlight/project"
)

// PET is what a positron emission image says about its values and the dose, for the standardised uptake value.
type PET struct {
	Units           string   // (0054,1001): BQML, CNTS, GML ...
	SUVType         string   // (0054,1006), of GML: BW, or another such as LBM; empty means BW
	Corrected       []string // (0028,0051): ATTN and DECY must be among them
	DecayCorrection string   // (0054,1102): START, ADMIN
	WeightKG        float64
	DoseBq          float64 // injected, at the time of injection
	HalfLife        time.Duration
	// Elapsed is the time from injection to that to which the image is decay corrected; it counts for START only.
	Elapsed time.Duration
	// PhilipsSUV and PhilipsBqML turn rescaled counts (CNTS) into SUV by body weight and into Bq/ml; 0 where there are none.
	PhilipsSUV, PhilipsBqML float64
}

// LongestDecay is how many half-lives may lie between injection and image: beyond that nothing is left to measure, and a date is wrong.
const LongestDecay = 10

// SUVBodyWeight returns the factor from rescaled values, in Units, to SUV by body weight (g/ml, one gram of tissue taken as one millilitre).
// What is missing is refused, never guessed: Unsupported, with the condition as a clause.
//
// Source: QIBA, FDG-PET/CT profile (vendor-neutral pseudo-code for SUV), and DICOM PS3.3 C.8.9.1.1: with START the image is corrected to the
// start of the series, to which the dose has decayed; with ADMIN both are at the time of injection.
func (p PET) SUVBodyWeight() (factor float64, err error) {
	switch p.Units {
	case "GML":
		if p.SUVType != "" && p.SUVType != "BW" {
			return refused("the values are SUV by another measure than body weight (%q)", p.SUVType)
		}
		return 1, nil
	case "CNTS":
		if usable(p.PhilipsSUV) {
			return p.PhilipsSUV, nil
		}
		if !usable(p.PhilipsBqML) {
			return refused("the values are counts, and nothing says what one is worth")
		}
		perBq, err := p.perBqML()
		return perBq * p.PhilipsBqML, err
	case "BQML":
		return p.perBqML()
	case "":
		return refused("the file names no unit")
	}
	return refused("the values are in %q, not in Bq/ml", p.Units)
}

// perBqML is the factor of values in Bq/ml.
func (p PET) perBqML() (float64, error) {
	switch {
	case !slices.Contains(p.Corrected, "ATTN"):
		return refused("the images are not corrected for attenuation")
	case !slices.Contains(p.Corrected, "DECY"):
		return refused("the images are not corrected for decay")
	case !usable(p.WeightKG):
		return refused("the patient's weight is missing")
	case !usable(p.DoseBq):
		return refused("the injected dose is missing")
	}
	dose := p.DoseBq
	switch p.DecayCorrection {
	case "ADMIN":
	case "START":
		switch {
		case p.HalfLife <= 0:
			return refused("the half-life is missing")
		case p.Elapsed < 0:
			return refused("the injection lies after the scan")
		case p.Elapsed > LongestDecay*p.HalfLife:
			return refused("the injection lies more than %d half-lives before the scan", LongestDecay)
		}
		dose *= math.Exp2(-float64(p.Elapsed) / float64(p.HalfLife))
	case "":
		return refused("the file does not say to what time decay is corrected")
	default:
		return refused("decay is corrected to neither the start nor the injection (%q)", p.DecayCorrection)
	}
	return p.WeightKG * 1000 / dose, nil
}

func usable(v float64) bool { return v > 0 && !math.IsInf(v, 0) }

func refused(format string, args ...any) (float64, error) {
	return math.NaN(), project.Errorf(project.Unsupported, format, args...)
}
