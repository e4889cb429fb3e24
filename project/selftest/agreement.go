package selftest

import (
	"strings"

	"hotlight/project"
	stat "hotlight/project/metrics"
)

// kappa answers for Cohen's kappa with and without weights; kappa_linear and kappa_quadratic are always there too.
func kappa(in input) (outputs, error) {
	table, err := kappaTable(in)
	if err != nil {
		return nil, err
	}
	out := outputs{}
	for suffix, w := range map[string]stat.Weighting{"": weighting(in), "_unweighted": stat.Unweighted, "_linear": stat.Linear, "_quadratic": stat.Quadratic} {
		k, err := stat.CohenKappa(table, w)
		if err != nil {
			return nil, err
		}
		out["kappa"+suffix], out["ase"+suffix], out["ase0"+suffix] = k.Result, k.ASE, k.ASE0
		out["ci95"+suffix], out["status"+suffix], out["p"+suffix] = k.Interval, k.Status, k.P
		out["z"+suffix], out["z_h0"+suffix] = k.Z, k.Z
		if suffix == "_unweighted" {
			out["percent_agreement"] = k.Observed
		}
	}
	if len(table) == 2 {
		out["mcc"] = stat.Confusion{TP: table[0][0], FN: table[0][1], FP: table[1][0], TN: table[1][1]}.MCC()
	}
	return out, nil
}

func kappaTable(in input) (stat.Table, error) {
	if in.has("table") {
		return take[stat.Table](in, "table")
	}
	a, errA := numbers(in, "rater1")
	b, errB := numbers(in, "rater2")
	s, errS := scale(in, a, b)
	if err := errorOf(errA, errB, errS); err != nil {
		return nil, err
	}
	table, _, err := stat.CrossTable(a, b, s)
	return table, err
}

// rated takes the ratings of several readers in any of the three forms.
func rated(in input) (*stat.Rated, error) {
	switch {
	case in.has("table"):
		table, err := take[stat.Table](in, "table")
		if err != nil {
			return nil, err
		}
		return table.Rated()
	case in.has("counts"):
		counts, err := take[[][]int](in, "counts")
		if err != nil {
			return nil, err
		}
		return stat.RateCounts(counts)
	}
	r, err := ratings(in)
	if err != nil {
		return nil, err
	}
	s, err := scale(in, r...)
	if err != nil {
		return nil, err
	}
	return stat.Rate(r, s)
}

func fleiss(in input) (outputs, error) {
	r, err := rated(in)
	if err != nil {
		return nil, err
	}
	f, err := stat.FleissKappa(r, weighting(in))
	if err != nil {
		return nil, err
	}
	light, err := stat.LightKappa(r, weighting(in))
	if err != nil {
		return nil, err
	}
	return outputs{"kappa": f.Result, "se": f.SE, "ci95": f.Interval, "z": f.Z, "status": f.Status, "per_category": f.PerCategory,
		"free_marginal": f.FreeMarginal, "conger_exact": f.Conger, "light": light}, nil
}

func krippendorff(in input) (outputs, error) {
	r, err := ratings(in)
	if err != nil {
		return nil, err
	}
	a, err := stat.KrippendorffAlpha(r, stat.Level(param(in, "level", string(stat.NominalLevel))), stat.Bootstrap{})
	return outputs{"alpha": a, "status": a.Status, "n": float64(a.N)}, err
}

func gwet(in input) (outputs, error) {
	r, err := rated(in)
	if err != nil {
		return nil, err
	}
	out := outputs{}
	for suffix, w := range map[string]stat.Weighting{"": weighting(in), "_unweighted": stat.Unweighted, "_linear": stat.Linear, "_quadratic": stat.Quadratic} {
		if err := gwetWith(out, r, w, suffix); err != nil {
			return nil, err
		}
	}
	if in.has("table") {
		k, err := kappa(in)
		if err != nil {
			return nil, err
		}
		for key, v := range k {
			if strings.HasPrefix(key, "kappa") {
				out[key] = v
			}
		}
		out["scott_pi"] = out["fleiss"]
		out["kappa_se"] = k["ase"]
		for key, v := range out { // irrCAC's functions for tables divide by n
			if se, ok := v.(float64); ok && strings.HasSuffix(key, "_se") && key != "kappa_se" {
				out[key] = stat.LargeSample(se, len(r.Counts))
			}
		}
	}
	return out, nil
}

func gwetWith(out outputs, r *stat.Rated, w stat.Weighting, suffix string) error {
	g, err := stat.GwetAC(r, w)
	if err != nil {
		return err
	}
	f, err := stat.FleissKappa(r, w)
	if err != nil {
		return err
	}
	out["coeff"+suffix], out["se"+suffix], out["ci95"+suffix], out["status"+suffix] = g.Result, g.SE, g.Interval, g.Status
	ac := "ac2" + suffix
	if w == stat.Unweighted || w == "" {
		ac = "ac1" + suffix
	}
	out[ac], out[ac+"_se"] = g.Result, g.SE
	out["percent_agreement"+suffix], out["percent_agreement"+suffix+"_se"] = g.Agreement, g.AgreementSE
	out["fleiss"+suffix], out["fleiss"+suffix+"_se"] = f.Result, f.SE
	out["fleiss_general"+suffix], out["fleiss_general"+suffix+"_se"] = f.Result, f.SE
	out["conger"+suffix], out["brennan_prediger"+suffix] = f.Conger, f.FreeMarginal
	if suffix == "" {
		out["krippendorff_nominal"] = stat.NominalAlpha(r)
	}
	return nil
}

func icc(in input) (outputs, error) {
	r, err := ratings(in)
	if err != nil {
		return nil, err
	}
	c, err := stat.IntraclassCorrelation(r)
	return outputs{"icc11": c.OneWay, "icc21": c.Absolute, "icc31": c.Consistency, "icc1k": c.OneWayMean, "icc2k": c.AbsoluteMean, "icc3k": c.ConsistencyMean,
		"icc11_ci95": c.OneWay.Interval, "icc21_ci95": c.Absolute.Interval, "icc31_ci95": c.Consistency.Interval,
		"F31": c.F, "msb": c.MSBetween, "msj": c.MSReaders, "mse": c.MSError, "msw": c.MSWithin, "status": c.Absolute.Status}, err
}

// percent answers keys all_raters_exact, all_raters_tolK and pairwise_exact, pairwise_tolK.
func percent(in input) (outputs, error) {
	r, err := ratings(in)
	if err != nil {
		return nil, err
	}
	out := outputs{}
	for key := range in.Expected {
		tolerance := 0.0
		name, suffix, found := strings.Cut(key, "_tol")
		if found {
			if tolerance, err = parseNumber(suffix); err != nil {
				continue
			}
		} else {
			name = strings.TrimSuffix(key, "_exact")
		}
		p, err := stat.Percent(r, tolerance)
		if err != nil {
			return nil, err
		}
		switch name {
		case "all_raters":
			out[key] = p.All
		case "pairwise":
			out[key] = p.Pairwise
		}
	}
	if len(out) == 0 {
		return nil, project.Errorf(project.Unsupported, "no known key")
	}
	return out, nil
}
