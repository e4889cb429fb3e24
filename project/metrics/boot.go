package metrics

import (
	"fmt"
	"math"
	"math/bits"
	"math/rand/v2"
	"sort"

	"hotlight/project"
)

// Bootstrap asks for a percentile interval by resampling. The unit drawn is the patient: whoever has several studies of one patient gives them as
// one cluster. Equal seeds give equal intervals. The zero value asks for none.
type Bootstrap struct {
	Replicates int // 2000 is usual
	Seed       uint64
	Patient    []int // of each unit, for statistics over units; nil: every unit is a patient of its own
}

// units resamples n units by their patients: statistic gets the units that were drawn, a patient's all together.
func (b Bootstrap) units(n int, statistic func(pick []int) float64) (Interval, error) {
	if b.Patient == nil {
		return b.Percentile(n, statistic), nil
	}
	if len(b.Patient) != n {
		return Interval{}, project.Errorf(project.Invalid, "%d patients for %d units", len(b.Patient), n)
	}
	clusters := clustersOf(b.Patient)
	drawn := make([]int, 0, n)
	return b.Percentile(len(clusters), func(pick []int) float64 {
		drawn = drawn[:0]
		for _, c := range pick {
			drawn = append(drawn, clusters[c]...)
		}
		return statistic(drawn)
	}), nil
}

// Percentile draws n of n clusters with replacement, Replicates times, and returns the 2.5th and 97.5th percentile of the statistic.
// Replicates where the statistic is NaN are left out and counted in the method's text; if more than half are, there is no interval.
func (b Bootstrap) Percentile(n int, statistic func(pick []int) float64) Interval {
	if b.Replicates < 1 || n < 2 {
		return Interval{}
	}
	draw := newDraw(b.Seed)
	pick := make([]int, n)
	values := make([]float64, 0, b.Replicates)
	for range b.Replicates {
		for i := range pick {
			pick[i] = draw.below(n)
		}
		if v := statistic(pick); !math.IsNaN(v) {
			values = append(values, v)
		}
	}
	return b.interval(values, "patients")
}

// interval is the percentile interval of what the replicates gave.
func (b Bootstrap) interval(values []float64, unit string) Interval {
	if 2*len(values) < b.Replicates {
		return Interval{}
	}
	sort.Float64s(values)
	method := fmt.Sprintf("percentile bootstrap of %s, %d replicates, seed %d", unit, b.Replicates, b.Seed)
	if lost := b.Replicates - len(values); lost > 0 {
		method += fmt.Sprintf(", %d of them undefined", lost)
	}
	return Interval{Low: Quantile(values, 0.025), High: Quantile(values, 0.975), Level: level, Method: method}
}

// draw is a stream of random integers that no library version changes: PCG-DXSM and Lemire's multiplication.
type draw struct{ source *rand.PCG }

func newDraw(seed uint64) draw { return draw{rand.NewPCG(seed, 0x9e3779b97f4a7c15)} }

// below returns an integer in [0, n). Its bias, below n/2^64, is far under what any statistic shows.
func (d draw) below(n int) int {
	high, _ := bits.Mul64(d.source.Uint64(), uint64(n))
	return int(high)
}

// Quantile returns the p-quantile of sorted values, linearly interpolated between order statistics (type 7: numpy's and R's default).
// NaN for no values, or a p that is not in [0, 1].
func Quantile(sorted []float64, p float64) float64 {
	if len(sorted) == 0 || !(p >= 0 && p <= 1) {
		return math.NaN()
	}
	at := p * float64(len(sorted)-1)
	low := int(math.Floor(at))
	if low >= len(sorted)-1 {
		return sorted[len(sorted)-1]
	}
	if sorted[low] == sorted[low+1] {
		return sorted[low] // equal infinities have no difference
	}
	return sorted[low] + (at-float64(low))*(sorted[low+1]-sorted[low])
}
