package selftest

import (
	"math"
	"strings"

	"hotlight/project"
	stat "hotlight/project/metrics"
)

// lesionHits sorts points by the label they lie on; unhit lesions have the probability 0 in these files.
func lesionHits(in input) (outputs, error) {
	prob, errP := numbers(in, "prob")
	points, errQ := take[[][2]int](in, "points_yx")
	labels, errL := take[[][]int](in, "label_mask")
	if err := errorOf(errP, errQ, errL); err != nil {
		return nil, err
	}
	lesions := 0
	for _, row := range labels {
		for _, l := range row {
			lesions = max(lesions, l)
		}
	}
	at := make([]int, len(points))
	for n, p := range points {
		if p[0] < 0 || p[0] >= len(labels) || p[1] < 0 || p[1] >= len(labels[p[0]]) {
			return nil, project.Errorf(project.Invalid, "point %d lies outside the mask", n+1)
		}
		at[n] = labels[p[0]][p[1]]
	}
	hits, wrong, _, err := stat.PointHits(prob, at, lesions)
	if err != nil {
		return nil, err
	}
	for n, v := range hits {
		if math.IsNaN(v) {
			hits[n] = 0
		}
	}
	return outputs{"fp_probs": wrong, "tp_probs": hits, "num_targets": lesions}, nil
}

// frocScore takes tp_probs in which 0 is a lesion that was not found.
func frocScore(in input) (outputs, error) {
	wrong, errW := numbers(in, "fp_probs")
	found, errF := numbers(in, "tp_probs")
	lesions, errL := take[int](in, "num_targets")
	images, errI := take[int](in, "num_images")
	if err := errorOf(errW, errF, errL, errI); err != nil {
		return nil, err
	}
	d := stat.Detections{FalsePositives: wrong, Lesions: lesions, Images: images}
	for _, p := range found {
		if p > 0 {
			d.Hits = append(d.Hits, p)
		}
	}
	r, err := stat.FROCScore(d, param(in, "fps_per_image", stat.FROCRates))
	return outputs{"score": r, "status": r.Status}, err
}

// jafroc has null for a lesion without a mark.
func jafroc(in input) (outputs, error) {
	normals, errN := take[[][]*float64](in, "normals")
	abnormals, errA := take[[]struct {
		NonLesions []*float64 `json:"nl"`
		Lesions    []*float64 `json:"lesions"`
		Weights    []float64  `json:"weights"`
	}](in, "abnormals")
	if err := errorOf(errN, errA); err != nil {
		return nil, err
	}
	var cases []stat.MarkedCase
	for _, marks := range normals {
		cases = append(cases, stat.MarkedCase{NonLesions: missing(marks, math.NaN())})
	}
	for _, c := range abnormals {
		if c.Weights != nil && param(in, "lesion_weights", "") == "equal within case" {
			return nil, project.Errorf(project.Unsupported, "lesions have weights, and the parameters say that they are equal")
		}
		cases = append(cases, stat.MarkedCase{NonLesions: missing(c.NonLesions, math.NaN()), Lesions: missing(c.Lesions, math.NaN()), Weights: c.Weights})
	}
	f, err := stat.FreeResponseFOM(cases)
	return outputs{"wAFROC": f.WAFROC, "wAFROC1": f.WAFROC1, "AFROC": f.AFROC, "AFROC1": f.AFROC1, "HrAuc": f.HrAUC, "HrSe": f.HrSe, "HrSp": f.HrSp,
		"MaxLLF": f.MaxLLF, "MaxNLF": f.MaxNLF, "MaxNLFAllCases": f.MaxNLFAllCases}, err
}

// boxes reads corners x0, y0, x1, y1 (or x0, y0, z0, x1, y1, z1) in the convention of the parameters.
func boxOf(in input, c []float64) (stat.Box, error) {
	inclusive := strings.HasPrefix(param(in, "box_convention", ""), "inclusive")
	var b stat.Box
	switch len(c) {
	case 4:
		b = stat.PlaneBox(c[0], c[1], c[2], c[3])
	case 6:
		b = stat.Box{Lo: [3]float64(c[:3]), Hi: [3]float64(c[3:])}
	default:
		return b, project.Errorf(project.Invalid, "a box has 4 or 6 corners, not %d", len(c))
	}
	if inclusive {
		for n := range len(c) / 2 {
			b.Hi[n]++
		}
	}
	return b, nil
}

func boxIoU(in input) (outputs, error) {
	a, errA := numbers(in, "a")
	b, errB := numbers(in, "b")
	if err := errorOf(errA, errB); err != nil {
		return nil, err
	}
	boxA, errA := boxOf(in, a)
	boxB, errB := boxOf(in, b)
	return outputs{"iou": stat.IoU(boxA, boxB)}, errorOf(errA, errB)
}

// boxIoUMatrix answers for keys matches_thresh_T too; fp and fn are those of the first such key, or of 0.1.
func boxIoUMatrix(in input) (outputs, error) {
	ref, errR := take[[][]float64](in, "ref")
	pred, errP := take[[][]float64](in, "pred")
	if err := errorOf(errR, errP); err != nil {
		return nil, err
	}
	iou := make([][]float64, len(pred))
	for i, p := range pred {
		for _, r := range ref {
			a, errA := boxOf(in, p)
			b, errB := boxOf(in, r)
			if err := errorOf(errA, errB); err != nil {
				return nil, err
			}
			iou[i] = append(iou[i], stat.IoU(a, b))
		}
	}
	out := outputs{"iou": iou}
	threshold := 0.1
	for _, key := range sortedKeys(in.Expected) {
		if suffix, found := strings.CutPrefix(key, "matches_thresh_"); found {
			t, err := parseNumber(suffix)
			if err != nil {
				continue
			}
			a, err := stat.Assign(iou, len(ref), t)
			if err != nil {
				return nil, err
			}
			out[key], threshold = append([][2]int{}, a.Pairs...), t
		}
	}
	a, err := stat.Assign(iou, len(ref), threshold)
	out["fp"], out["fn"], out["tp"] = len(a.FalsePositives)+len(a.Extra), len(a.Missed), len(a.Pairs)
	return out, err
}
