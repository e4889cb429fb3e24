package measure

import (
	"math"
	"time"

	"hotlight/project"
)

// PET is what a positron emission image says about the dose, for the standardised uptake value.
type PET struct {
	Units           string // (0054,1001); BQML is the only one understood
	DecayCorrection string // (0054,1102): START, ADMIN
	WeightKG        float64
	DoseBq          float64 // injected, at the time of injection
	HalfLife        time.Duration
	// Elapsed is the time from injection to the start of the series; it counts for START only.
	Elapsed time.Duration
}

// SUVBodyWeight returns the factor from rescaled values (Bq/ml) to SUV by body weight (g/ml, one gram of tissue taken as one millilitre).
// What is missing is refused, never guessed: Unsupported.
//
// Source: QIBA, FDG-PET/CT profile, and DICOM PS3.3 C.8.9.1.1: with START the image is corrected to the start of the series, to which the dose
// has decayed; with ADMIN both are at the time of injection.
func (p PET) SUVBodyWeight() (factor float64, err error) {
	switch {
	case p.Units != "BQML":
		return math.NaN(), project.Errorf(project.Unsupported, "SUV needs values in Bq/ml; these are in %q", p.Units)
	case !(p.WeightKG > 0) || !(p.DoseBq > 0) || math.IsInf(p.WeightKG, 0) || math.IsInf(p.DoseBq, 0):
		return math.NaN(), project.Errorf(project.Unsupported, "SUV needs the patient's weight and the injected dose")
	}
	dose := p.DoseBq
	switch p.DecayCorrection {
	case "ADMIN":
	case "START":
		if p.HalfLife <= 0 || p.Elapsed < 0 {
			return math.NaN(), project.Errorf(project.Unsupported, "SUV needs the half-life and a series that starts after the injection")
		}
		dose *= math.Exp2(-float64(p.Elapsed) / float64(p.HalfLife))
	default:
		return math.NaN(), project.Errorf(project.Unsupported, "SUV needs a decay correction to the start or to the injection; this is %q", p.DecayCorrection)
	}
	return p.WeightKG * 1000 / dose, nil
}
