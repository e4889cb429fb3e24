package report

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/metrics"
)

// Four patients with 2 of 4, 4 of 4, 1 of 2 and 0 of 2 lesions found. By hand: p = 7/12; residuals h - p t are -1/3, 5/3, -1/6, -7/6, squares sum to 4.27778;
// var = 4/3 * 4.27778/144 = 0.0396091; binomial p(1-p)/12 = 0.0202546; design effect 1.95556.
func TestAShareRespectsPatients(t *testing.T) {
	c := group([]string{"a", "b", "c", "d"})
	r := c.share([]int{2, 4, 1, 0}, []int{4, 4, 2, 2}, "found")
	if math.Abs(r.Value-7.0/12) > 1e-15 || r.N != 12 || !strings.Contains(r.Interval.Method, "design effect of patients 1.96, t with 3 df") {
		t.Errorf("%+v", r)
	}
	// n/deff = 6.13636; times (t(11)/t(3))² = (2.200985/3.182446)² = 0.478313: 2.93510. Wilson of 0.583333 and 2.9351.
	z, n, p := 1.959963985, 6.136364*0.478313, 7.0/12
	centre, half := (p+z*z/(2*n))/(1+z*z/n), z/(1+z*z/n)*math.Sqrt(p*(1-p)/n+z*z/(4*n*n))
	if math.Abs(r.Interval.Low-(centre-half)) > 1e-5 || math.Abs(r.Interval.High-(centre+half)) > 1e-5 {
		t.Errorf("interval %v to %v, by hand %v to %v", r.Interval.Low, r.Interval.High, centre-half, centre+half)
	}
}

func TestAShareOfOneTrialAPatientIsWilsons(t *testing.T) {
	c := group([]string{"a", "b", "c", "d", "e"})
	got, want := c.share([]int{1, 1, 0, 1, 0}, []int{1, 1, 1, 1, 0}, "x"), metrics.Proportion(3, 4, metrics.Wilson)
	if got.Interval != want.Interval || got.N != 4 {
		t.Errorf("%+v, want %+v", got, want)
	}
}

// Everything found is not certainty: each patient counts once.
func TestAShareOfOneHasWidth(t *testing.T) {
	c := group([]string{"a", "b", "c"})
	r := c.share([]int{5, 5, 5}, []int{5, 5, 5}, "x")
	if r.Value != 1 || !(r.Interval.Low < 0.5) || r.Interval.High != 1 {
		t.Errorf("%+v", r)
	}
	if r := c.share([]int{0, 0, 0}, []int{0, 0, 0}, "x"); r.Status != metrics.NoReference || !math.IsNaN(r.Value) {
		t.Errorf("a share of nothing: %+v", r)
	}
}

func TestNoEventHasPoissonsLimit(t *testing.T) {
	r := group([]string{"a", "a", "b", "c"}).rate([]int{0, 0, 0, 0}, metrics.Bootstrap{Replicates: 100, Seed: 1}, "x")
	if r.Value != 0 || math.Abs(r.Interval.High-3.6888794541/3) > 1e-9 { // -ln(0.025) over three patients
		t.Errorf("%+v", r)
	}
}

func TestEqualValuesHaveNoInterval(t *testing.T) {
	one := metrics.Result{Value: 0.9, Status: metrics.OK}
	s, patients := describe([]metrics.Result{one, one, one, {Value: math.NaN(), Status: metrics.BothEmpty}}, []string{"a", "b", "b", "c"}, metrics.Bootstrap{Replicates: 200, Seed: 1})
	if patients != 2 || s.Median.N != 3 || s.Median.Interval.Level != 0 || !strings.HasPrefix(s.Median.Interval.Method, "none: ") {
		t.Errorf("%d patients, %+v", patients, s.Median)
	}
}

// Values on a coarse grid (a distance in whole voxels) tie: their median does not move, and is known.
func TestAMedianOfManyTiesHasAnInterval(t *testing.T) {
	var results []metrics.Result
	var owner []string
	for n := range 60 {
		v := 4.0
		if n%6 == 0 {
			v = 5
		}
		results, owner = append(results, metrics.Result{Value: v, Status: metrics.OK}), append(owner, string(rune('A'+n)))
	}
	s, _ := describe(results, owner, metrics.Bootstrap{Replicates: 200, Seed: 1})
	if i := s.Median.Interval; i.Low != 4 || i.High != 4 || !strings.HasSuffix(i.Method, "tied") {
		t.Errorf("%+v", i)
	}
}

// The fast quantile of replicates is the plain one: metrics.Summarise draws the same patients and sorts.
func TestQuantilesOfReplicatesAreThePlainOnes(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 1))
		var results []metrics.Result
		var owner []string
		var patient []int
		for range 5 + r.IntN(30) {
			p := r.IntN(12)
			results = append(results, metrics.Result{Value: math.Round(10*r.Float64()) / 10, Status: metrics.OK, N: 1})
			owner, patient = append(owner, string(rune('a'+p))), append(patient, p)
		}
		boot := metrics.Bootstrap{Replicates: 300, Seed: seed}
		got, _ := describe(results, owner, boot)
		want, err := metrics.Summarise(results, patient, true, boot)
		if err != nil {
			t.Fatal(err)
		}
		for _, pair := range [][2]metrics.Result{{got.Median, want.Median}, {got.Mean, want.Mean}} {
			if pair[0].Interval.Level == 0 {
				continue
			}
			if math.Abs(pair[0].Value-pair[1].Value) > 1e-12 || math.Abs(pair[0].Interval.Low-pair[1].Interval.Low) > 1e-12 || math.Abs(pair[0].Interval.High-pair[1].Interval.High) > 1e-12 {
				t.Errorf("seed %d: %+v, plain %+v", seed, pair[0], pair[1])
			}
		}
	}
}

// Simulated patients with several correlated lesions: the interval that respects them covers about as often as it says, the plain one does not.
func TestCoverageOfClusteredShares(t *testing.T) {
	const seed, rounds, patients, lesions, truth = 20260110, 400, 25, 6, 0.7
	r := rand.New(rand.NewPCG(seed, 0))
	ours, plain := 0, 0
	for range rounds {
		var hits, trials []int
		var owner []string
		x := 0
		for p := range patients {
			// A patient's lesions are seen or missed together half of the time.
			all := r.Float64() < truth
			h := 0
			for range lesions {
				seen := all
				if r.Float64() < 0.5 {
					seen = r.Float64() < truth
				}
				if seen {
					h++
				}
			}
			hits, trials, owner, x = append(hits, h), append(trials, lesions), append(owner, string(rune('A'+p))), x+h
		}
		if s := group(owner).share(hits, trials, "x"); s.Interval.Low <= truth && truth <= s.Interval.High {
			ours++
		}
		if w := metrics.Proportion(x, patients*lesions, metrics.Wilson); w.Interval.Low <= truth && truth <= w.Interval.High {
			plain++
		}
	}
	if ours < rounds*91/100 || plain > rounds*90/100 {
		t.Errorf("seed %d: of %d intervals %d cover the truth, of plain Wilson's %d", uint64(seed), rounds, ours, plain)
	}
}

func TestJudging(t *testing.T) {
	b := &builder{minCases: 10, in: &Input{Definition: &project.Definition{Metrics: &project.Plan{}}}, out: &Report{Verdicts: true}}
	number := func(value, low float64, patients int) {
		b.ledger = ledger{}
		b.add(Number{Section: "form", Subject: "q", Metric: "kappa", Comparison: allReaders, Patients: patients, Result: metrics.Result{Value: value, Status: metrics.OK, N: patients, Interval: metrics.Interval{Low: low, High: 1, Level: 0.95, Method: "m"}}})
	}
	for _, c := range []struct {
		value, low float64
		patients   int
		use, want  string
	}{
		{0.8, 0.75, 20, "ci_lower", Met}, {0.8, 0.65, 20, "ci_lower", NotShown}, {0.8, 0.65, 20, "estimate", Met}, {0.6, 0.5, 20, "estimate", NotMet}, {0.6, 0.5, 20, "ci_lower", NotMet}, {0.8, 0.75, 9, "ci_lower", NotJudged},
	} {
		number(c.value, c.low, c.patients)
		if got := b.judge(project.Gate{Metric: "kappa", Form: "q", Min: 0.7, Use: c.use}); got.Verdict != c.want {
			t.Errorf("%+v: %+v", c, got)
		}
	}
	number(math.NaN(), 0, 20)
	b.list[0].Status = metrics.SingleClass
	if got := b.judge(project.Gate{Metric: "kappa", Form: "q", Min: 0.7, Use: "estimate"}); got.Verdict != NotJudged {
		t.Errorf("an undefined number: %+v", got)
	}
	if got := b.judge(project.Gate{Metric: "other", Form: "q", Use: "estimate"}); got.Verdict != NotJudged {
		t.Errorf("a number that is not there: %+v", got)
	}
}
