package selftest

import (
	"encoding/json"
	"math"
	"slices"
	"strings"

	"hotlight/project"
	stat "hotlight/project/metrics"
)

func diagnostic(in input) (outputs, error) {
	var c stat.Confusion
	for key, into := range map[string]*int{"tp": &c.TP, "fp": &c.FP, "fn": &c.FN, "tn": &c.TN} {
		v, err := take[int](in, key)
		if err != nil {
			return nil, err
		}
		if *into = v; v < 0 {
			return nil, project.Errorf(project.Invalid, "%s is below 0", key)
		}
	}
	return diagnosticOf(c), nil
}

func diagnosticOf(c stat.Confusion) outputs {
	out := outputs{"f1": c.F1(), "balanced_accuracy": c.BalancedAccuracy(), "youden": c.YoudenJ(), "youden_J": c.YoudenJ(), "mcc": c.MCC(), "kappa": c.Kappa().Result,
		"lr_pos": c.LRPositive(), "lr_neg": c.LRNegative(), "dor": c.DiagnosticOddsRatio(), "tp": c.TP, "fp": c.FP, "fn": c.FN, "tn": c.TN}
	for name, f := range map[string]func(stat.ProportionMethod) stat.Result{"sens": c.Sensitivity, "spec": c.Specificity, "ppv": c.PPV, "npv": c.NPV,
		"accuracy": c.Accuracy, "prevalence": c.Prevalence} {
		out[name] = f(stat.Wilson)
		out[name+"_ci_wilson"] = f(stat.Wilson).Interval
		out[name+"_ci_exact"] = f(stat.ClopperPearson).Interval
	}
	return out
}

func proportion(in input) (outputs, error) {
	x, errX := take[int](in, "x")
	n, errN := take[int](in, "n")
	w, e := stat.Proportion(x, n, stat.Wilson), stat.Proportion(x, n, stat.ClopperPearson)
	return outputs{"value": w, "wilson": w.Interval, "clopper_pearson": e.Interval, "status": w.Status}, errorOf(errX, errN)
}

// scored takes scores as labels y and scores, or apart as neg and pos.
func scored(in input, key string) (stat.Scored, error) {
	if in.has("neg") || in.has("pos") {
		neg, errN := numbers(in, "neg")
		pos, errP := numbers(in, "pos")
		return stat.Scored{Negative: neg, Positive: pos}, errorOf(errN, errP)
	}
	y, errY := take[[]int](in, "y")
	score, errS := numbers(in, key)
	if err := errorOf(errY, errS); err != nil {
		return stat.Scored{}, err
	}
	positive := make([]bool, len(y))
	for n, v := range y {
		if v != 0 && v != 1 {
			return stat.Scored{}, project.Errorf(project.Unsupported, "labels are 0 and 1, not %d", v)
		}
		positive[n] = v == 1
	}
	return stat.Split(positive, score)
}

func auc(in input) (outputs, error) {
	s, err := scored(in, "score")
	if err != nil {
		return nil, err
	}
	a, err := stat.AUC(s, stat.DeLong)
	if err != nil {
		return nil, err
	}
	logit, err := stat.AUC(s, stat.DeLongLogit)
	return outputs{"auc": a.Result, "var": a.Variance, "se": math.Sqrt(a.Variance), "ci95": a.Interval, "ci95_logit": logit.Interval, "status": a.Status}, err
}

func aucPaired(in input) (outputs, error) {
	a, errA := scored(in, "score1")
	b, errB := scored(in, "score2")
	if err := errorOf(errA, errB); err != nil {
		return nil, err
	}
	c, err := stat.CompareAUC(a, b)
	return outputs{"diff": c.Result, "z": c.Z, "p": c.P, "diff_ci95": c.Interval, "cov": c.Covariance, "status": c.Status}, err
}

// operatingPoints answers for the point with the greatest Youden index and for keys pauc_spec_HIGH_LOW.
func operatingPoints(in input) (outputs, error) {
	s, err := scored(in, "score")
	if err != nil {
		return nil, err
	}
	points, err := stat.ROC(s)
	if err != nil {
		return nil, err
	}
	out := bestOf(in, stat.BestYouden(points))
	area, err := stat.AUC(s, stat.DeLong)
	if err != nil {
		return nil, err
	}
	out["auc"] = area.Result
	out["pauc_spec_1_0.9"], out["pauc_corrected_McClish"] = stat.PartialAUC(points, 0.9, 1)
	for key := range in.Expected {
		bounds, found := strings.CutPrefix(key, "pauc_spec_")
		high, low, both := strings.Cut(bounds, "_")
		if !found || !both {
			continue
		}
		to, errTo := parseNumber(high)
		from, errFrom := parseNumber(low)
		if errorOf(errTo, errFrom) == nil {
			out[key], out["pauc_corrected_McClish"] = stat.PartialAUC(points, min(from, to), max(from, to))
		}
	}
	return out, nil
}

// bestOf answers for the threshold with the greatest Youden index. Where several have it, there is no one answer: a list of them, if a list is expected.
func bestOf(in input, best []stat.OperatingPoint) outputs {
	if len(best) == 1 {
		out := diagnosticOf(best[0].Confusion)
		out["youden_threshold"] = best[0].Threshold
		return out
	}
	out := outputs{"youden_J": best[0].YoudenJ(), "youden": best[0].YoudenJ()}
	var list []float64
	if json.Unmarshal(in.Expected["youden_threshold"], &list) == nil {
		all := make([]float64, len(best))
		for n, p := range best {
			all[n] = p.Threshold
		}
		slices.Sort(all)
		out["youden_threshold"] = all
	}
	return out
}

func blandAltman(in input) (outputs, error) {
	a, errA := numbers(in, "a")
	b, errB := numbers(in, "b")
	if err := errorOf(errA, errB); err != nil {
		return nil, err
	}
	out := outputs{}
	for suffix, multiplier := range map[string]float64{"_2sd": 2, "_196": 1.96} {
		m, err := stat.CompareMethods(a, b, multiplier)
		if err != nil {
			return nil, err
		}
		out["loa"+suffix] = []float64{m.Lower.Value, m.Upper.Value}
		out["loa_lower_ci95"+suffix], out["loa_upper_ci95"+suffix] = m.Lower.Interval, m.Upper.Interval
		out["bias"], out["sd"], out["bias_ci95"], out["status"] = m.Bias, m.SD, m.Bias.Interval, m.Bias.Status
		out["slope"], out["repeatability"] = m.Slope, m.Repeat
	}
	c, err := stat.LinCCC(a, b)
	out["ccc"], out["ccc_ci95"], out["pearson_r"] = c.Result, c.Interval, c.Pearson
	return out, err
}
