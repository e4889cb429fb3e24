package metrics

import (
	"slices"
	"sort"
)

// BootstrapAUC returns the percentile interval of an AUC. Patients are drawn; a patient with several cases brings them all. Where every case is its
// own patient the draw is stratified: as many diseased and healthy cases as there are (pROC's default). Replicates with one class only count as lost. With fewer than two cases of a
// class there is no interval.
func BootstrapAUC(s Scored, b Bootstrap) (Interval, error) {
	if err := s.check(); err != nil {
		return Interval{}, err
	}
	if len(s.Negative) < 2 || len(s.Positive) < 2 || b.Replicates < 1 { // one case of a class never varies
		return Interval{}, nil
	}
	r := newResample(s)
	if s.Patient == nil {
		return r.stratified(len(s.Negative), len(s.Positive), b), nil
	}
	clusters := clustersOf(s.Patient)
	return b.Percentile(len(clusters), func(pick []int) float64 {
		r.clear()
		for _, c := range pick {
			for _, n := range clusters[c] {
				r.add(n)
			}
		}
		return r.auc()
	}), nil
}

// resample counts draws by the rank of their score, so that a replicate's AUC needs no sorting.
type resample struct {
	rank      []int // of each case, negatives first: the place of its score among the distinct ones
	negatives int
	below, at []int // drawn negatives and positives by rank
}

func newResample(s Scored) *resample {
	all := append(append([]float64(nil), s.Negative...), s.Positive...)
	distinct := append([]float64(nil), all...)
	sort.Float64s(distinct)
	distinct = slices.Compact(distinct)
	r := &resample{rank: make([]int, len(all)), negatives: len(s.Negative), below: make([]int, len(distinct)), at: make([]int, len(distinct))}
	for n, v := range all {
		r.rank[n] = sort.SearchFloat64s(distinct, v)
	}
	return r
}

func (r *resample) clear() {
	clear(r.below)
	clear(r.at)
}

func (r *resample) add(n int) {
	if n < r.negatives {
		r.below[r.rank[n]]++
	} else {
		r.at[r.rank[n]]++
	}
}

// auc of what was drawn, NaN if one class is missing.
func (r *resample) auc() float64 {
	twice, negatives, positives := 0, 0, 0 // twice the pairs won
	for k, n := range r.below {
		p := r.at[k]
		twice += p * (2*negatives + n)
		negatives += n
		positives += p
	}
	return float64(twice) / 2 / (float64(negatives) * float64(positives))
}

func (r *resample) stratified(negatives, positives int, b Bootstrap) Interval {
	draw := newDraw(b.Seed)
	values := make([]float64, b.Replicates)
	for n := range values {
		r.clear()
		for range negatives {
			r.below[r.rank[draw.below(negatives)]]++
		}
		for range positives {
			r.at[r.rank[negatives+draw.below(positives)]]++
		}
		values[n] = r.auc()
	}
	return b.interval(values, "cases, stratified by class")
}

// clustersOf lists the cases of each patient, in the order in which patients first occur.
func clustersOf(patient []int) [][]int {
	at := map[int]int{}
	var out [][]int
	for n, p := range patient {
		c, ok := at[p]
		if !ok {
			c = len(out)
			at[p], out = c, append(out, nil)
		}
		out[c] = append(out[c], n)
	}
	return out
}
