package selftest

import (
	"encoding/hex"
	"time"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/export"
	"hotlight/project/measure"
	"hotlight/project/volume"
)

func suvBodyWeight(in input) (outputs, error) {
	var n [6]float64
	for i, key := range []string{"stored", "slope", "intercept", "weight_kg", "dose_bq", "half_life_s"} {
		v, err := take[float64](in, key)
		if err != nil {
			return nil, err
		}
		n[i] = v
	}
	var text [4]string
	for i, key := range []string{"injection", "scan", "units", "decay"} {
		v, err := take[string](in, key)
		if err != nil {
			return nil, err
		}
		text[i] = v
	}
	injection, errI := time.Parse(time.TimeOnly, text[0])
	scan, errS := time.Parse(time.TimeOnly, text[1])
	if errorOf(errI, errS) != nil {
		return nil, project.Errorf(project.Invalid, "a time is not hh:mm:ss")
	}
	// The example presupposes an image that is corrected for attenuation and decay.
	p := measure.PET{Units: text[2], Corrected: []string{"ATTN", "DECY"}, DecayCorrection: text[3], WeightKG: n[3], DoseBq: n[4],
		HalfLife: time.Duration(n[5] * float64(time.Second)), Elapsed: scan.Sub(injection)}
	factor, err := p.SUVBodyWeight()
	return outputs{"suv": (n[0]*n[1] + n[2]) * factor}, err
}

func lengthMM(in input) (outputs, error) {
	a, errA := take[[2]float64](in, "p0_px")
	b, errB := take[[2]float64](in, "p1_px")
	spacing, errS := take[[2]float64](in, "pixel_spacing_row_col")
	if err := errorOf(errA, errB, errS); err != nil {
		return nil, err
	}
	g := volume.Geometry{Size: [3]int{1, 1, 1}, Spacing: mgl64.Vec3{spacing[1], spacing[0], 0}, Direction: mgl64.Ident3()}
	mm, err := measure.PixelLength(&g, volume.Index{a[0], a[1], 0}, volume.Index{b[0], b[1], 0})
	return outputs{"mm": mm}, err
}

func bitPack(in input) (outputs, error) {
	frames, err := take[[][][]int](in, "frames")
	if err != nil {
		return nil, err
	}
	m, err := stack(frames)
	if err != nil {
		return nil, err
	}
	b := export.PackBits(m)
	return outputs{"pixel_data_hex": hex.EncodeToString(b), "bytes": len(b)}, nil
}
