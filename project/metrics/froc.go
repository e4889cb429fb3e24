package metrics

import (
	"math"
	"sort"

	"hotlight/project"
)

// Detections are one reader's marks over a set of images: the scores of the lesions that were found (the best mark's, if there are several), those
// of the false positives, and how many lesions and images there are.
type Detections struct {
	Hits, FalsePositives []float64
	Lesions, Images      int
}

// PointHits sorts marks by the lesion they lie in: lesion[n] is the number, from 1, of the lesion that mark n hits, or 0. Of several marks in one
// lesion the highest counts, the others are extra. perLesion has NaN for lesions without a mark.
func PointHits(score []float64, lesion []int, lesions int) (perLesion, falsePositives []float64, extra int, err error) {
	if len(score) != len(lesion) {
		return nil, nil, 0, project.Errorf(project.Invalid, "%d scores for %d marks", len(score), len(lesion))
	}
	perLesion = make([]float64, lesions)
	for n := range perLesion {
		perLesion[n] = math.NaN()
	}
	for n, l := range lesion {
		switch {
		case l < 0 || l > lesions || math.IsNaN(score[n]):
			return nil, nil, 0, project.Errorf(project.Invalid, "mark %d has no score or hits a lesion that does not exist", n+1)
		case l == 0:
			falsePositives = append(falsePositives, score[n])
		case math.IsNaN(perLesion[l-1]):
			perLesion[l-1] = score[n]
		default:
			perLesion[l-1] = max(perLesion[l-1], score[n])
			extra++
		}
	}
	return perLesion, falsePositives, extra, nil
}

// FROCPoint is one threshold: marks with score >= Threshold count.
type FROCPoint struct {
	Threshold, FalsePerImage, Sensitivity float64
}

// FROC returns the curve from no marks to all. Without lesions or images there is none: NotFound.
func FROC(d Detections) ([]FROCPoint, error) {
	if d.Lesions < 1 || d.Images < 1 {
		return nil, project.Errorf(project.NotFound, "no lesion or no image: there is no FROC curve")
	}
	if len(d.Hits) > d.Lesions {
		return nil, project.Errorf(project.Invalid, "%d lesions found of %d", len(d.Hits), d.Lesions)
	}
	hits, wrong := sorted(d.Hits), sorted(d.FalsePositives)
	thresholds := sorted(append(append([]float64(nil), hits...), wrong...))
	points := []FROCPoint{{math.Inf(1), 0, 0}}
	for n := len(thresholds) - 1; n >= 0; n-- {
		t := thresholds[n]
		if math.IsNaN(t) {
			return nil, project.Errorf(project.Invalid, "a score is not a number")
		}
		if n+1 < len(thresholds) && thresholds[n+1] == t {
			continue
		}
		found := len(hits) - sort.SearchFloat64s(hits, t)
		wrongly := len(wrong) - sort.SearchFloat64s(wrong, t)
		points = append(points, FROCPoint{t, float64(wrongly) / float64(d.Images), float64(found) / float64(d.Lesions)})
	}
	return points, nil
}

// FROCRates are the usual false positives per image of the score (LUNA16).
var FROCRates = []float64{0.125, 0.25, 0.5, 1, 2, 4, 8}

// FROCScore is the mean sensitivity at the given false positives per image, linear between points, the last point's sensitivity beyond it.
func FROCScore(d Detections, rates []float64) (Result, error) {
	points, err := FROC(d)
	if project.KindOf(err) == project.NotFound {
		return undefined(NoReference, d.Lesions, "FROC score"), nil
	}
	if err != nil {
		return Result{}, err
	}
	if len(rates) == 0 {
		return undefined(Undefined, d.Lesions, "FROC score"), nil
	}
	sum := 0.0
	for _, rate := range rates {
		if !(rate >= 0) || math.IsInf(rate, 1) {
			return Result{}, project.Errorf(project.Invalid, "a rate of false positives is 0 or more")
		}
		sum += sensitivityAt(points, rate)
	}
	return good(sum/float64(len(rates)), d.Lesions, "FROC score: mean sensitivity at false positives per image"), nil
}

func sensitivityAt(points []FROCPoint, rate float64) float64 {
	after := sort.Search(len(points), func(n int) bool { return points[n].FalsePerImage > rate })
	if after == len(points) {
		return points[len(points)-1].Sensitivity
	}
	if after == 0 {
		return 0
	}
	a, b := points[after-1], points[after]
	return a.Sensitivity + (b.Sensitivity-a.Sensitivity)*(rate-a.FalsePerImage)/(b.FalsePerImage-a.FalsePerImage)
}
