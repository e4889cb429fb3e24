package measure

import (
	"math"
	"strings"
	"testing"
	"time"

	"hotlight/project"
)

func TestSUVBodyWeight(t *testing.T) {
	good := PET{Units: "BQML", Corrected: []string{"NORM", "ATTN", "DECY"}, DecayCorrection: "START", WeightKG: 70, DoseBq: 370e6,
		HalfLife: time.Duration(6586.2 * float64(time.Second)), Elapsed: time.Hour}
	with := func(change func(*PET)) PET {
		p := good
		change(&p)
		return p
	}
	for _, c := range []struct {
		name  string
		p     PET
		want  float64
		fails string
	}{
		{"one hour of F-18: 70 kg over what is left of 370 MBq", good, 70e3 / (370e6 * math.Exp2(-3600/6586.2)), ""},
		{"the published vector: 10000 Bq/ml are SUV 2.76", good, 2.7633668171764323e-4, ""},
		{"a half-life", with(func(p *PET) { p.Elapsed = p.HalfLife }), 2 * 70e3 / 370e6, ""},
		{"corrected to the injection: the dose has not decayed", with(func(p *PET) { p.DecayCorrection, p.Elapsed, p.HalfLife = "ADMIN", -1, 0 }), 70e3 / 370e6, ""},
		{"GML is SUV already", PET{Units: "GML"}, 1, ""},
		{"GML by body weight", PET{Units: "GML", SUVType: "BW"}, 1, ""},
		{"GML by lean mass", PET{Units: "GML", SUVType: "LBM"}, 0, "another measure"},
		{"Philips's SUV factor", PET{Units: "CNTS", PhilipsSUV: 0.000551}, 0.000551, ""},
		{"Philips's activity factor", with(func(p *PET) { p.Units, p.PhilipsBqML, p.DecayCorrection = "CNTS", 1.5, "ADMIN" }), 1.5 * 70e3 / 370e6, ""},
		{"Philips's activity factor without a weight", with(func(p *PET) { p.Units, p.PhilipsBqML, p.WeightKG = "CNTS", 1.5, 0 }), 0, "weight"},
		{"counts", with(func(p *PET) { p.Units = "CNTS" }), 0, "counts"},
		{"counts per second", with(func(p *PET) { p.Units = "PROPCPS" }), 0, "PROPCPS"},
		{"no unit", with(func(p *PET) { p.Units = "" }), 0, "no unit"},
		{"no attenuation correction", with(func(p *PET) { p.Corrected = []string{"DECY"} }), 0, "attenuation"},
		{"no decay correction", with(func(p *PET) { p.Corrected = []string{"ATTN"} }), 0, "for decay"},
		{"decay correction NONE", with(func(p *PET) { p.DecayCorrection = "NONE" }), 0, "NONE"},
		{"decay correction unsaid", with(func(p *PET) { p.DecayCorrection = "" }), 0, "to what time"},
		{"no weight", with(func(p *PET) { p.WeightKG = 0 }), 0, "weight"},
		{"an endless weight", with(func(p *PET) { p.WeightKG = math.Inf(1) }), 0, "weight"},
		{"no dose", with(func(p *PET) { p.DoseBq = math.NaN() }), 0, "dose"},
		{"no half-life", with(func(p *PET) { p.HalfLife = 0 }), 0, "half-life"},
		{"scanned before the injection", with(func(p *PET) { p.Elapsed = -time.Second }), 0, "after the scan"},
		{"a month", with(func(p *PET) { p.Elapsed = 30 * 24 * time.Hour }), 0, "10 half-lives"},
	} {
		got, err := c.p.SUVBodyWeight()
		switch {
		case c.fails != "":
			if project.KindOf(err) != project.Unsupported || !strings.Contains(err.Error(), c.fails) || !math.IsNaN(got) {
				t.Errorf("%s: %v, %v", c.name, got, err)
			}
		case err != nil || math.Abs(got/c.want-1) > 1e-12:
			t.Errorf("%s: got %v (%v), want %v", c.name, got, err, c.want)
		}
	}
}
