package metrics

import (
	"math"
	"math/rand/v2"
	"testing"
)

var nan = math.NaN()

func levels(t testing.TB, v ...float64) Scale {
	t.Helper()
	s, err := NewScale(v...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func rate(t testing.TB, r Ratings, s Scale) *Rated {
	t.Helper()
	out, err := Rate(r, s)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// Half agreement observed, half expected by chance.
func TestKappaByHand(t *testing.T) {
	k, err := CohenKappa(Table{{2, 1}, {1, 2}}, Unweighted)
	if err != nil {
		t.Fatal(err)
	}
	near(t, "observed", k.Observed, 4.0/6, 1e-15)
	near(t, "expected", k.Expected, 0.5, 1e-15)
	near(t, "kappa", k.Value, 1.0/3, 1e-15)
}

// The declared scale counts, not the levels that occur: two levels apart on a scale of three weigh more than on the two that were used.
func TestWeightedKappaUsesTheDeclaredScale(t *testing.T) {
	a, b := []float64{1, 1, 1, 3, 3, 4}, []float64{1, 1, 3, 3, 1, 4}
	declared, _, err := CrossTable(a, b, levels(t, 1, 2, 3, 4))
	if err != nil {
		t.Fatal(err)
	}
	compact, _, err := CrossTable(a, b, Observed(a, b))
	if err != nil {
		t.Fatal(err)
	}
	k, err := CohenKappa(declared, Quadratic)
	if err != nil {
		t.Fatal(err)
	}
	c, err := CohenKappa(compact, Quadratic)
	if err != nil {
		t.Fatal(err)
	}
	if k.Value == c.Value {
		t.Errorf("both scales give %v", k.Value)
	}
	near(t, "kappa", k.Value, 1-8.0/(6*2*variance(a)), 1e-12) // equal marginals: 1 - sum d² / (n * 2 var)
}

func variance(v []float64) float64 {
	mean, sd := meanSD(v)
	_ = mean
	return sd * sd * float64(len(v)-1) / float64(len(v))
}

func TestRatingsOffTheScaleAreCountedNotUsed(t *testing.T) {
	table, out, err := CrossTable([]float64{0, 1, 2, nan, 2}, []float64{1, 1, 2, 1, nan}, levels(t, 1, 2))
	if err != nil {
		t.Fatal(err)
	}
	if table[0][0] != 1 || table[1][1] != 1 {
		t.Errorf("the table is %v", table)
	}
	if len(out) != 2 || out[0] != (Exclusion{"rating missing", 2}) || out[1] != (Exclusion{"rating off the scale", 1}) {
		t.Errorf("left out: %v", out)
	}
	r := rate(t, Ratings{{0, 1, 1}, {7, 9, 2}}, levels(t, 1, 2))
	if r.OffScale != 3 {
		t.Errorf("%d ratings off the scale, want 3", r.OffScale)
	}
}

func TestOneLevelOnlyIsUndefined(t *testing.T) {
	same := Ratings{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}
	r := rate(t, same, levels(t, 1, 2, 3))
	k, err := CohenKappa(Table{{9, 0}, {0, 0}}, Linear)
	if err != nil {
		t.Fatal(err)
	}
	f, err := FleissKappa(r, Unweighted)
	if err != nil {
		t.Fatal(err)
	}
	light, err := LightKappa(r, Unweighted)
	if err != nil {
		t.Fatal(err)
	}
	alpha, err := KrippendorffAlpha(same, NominalLevel, Bootstrap{Replicates: 10, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string]Result{"Cohen": k.Result, "Fleiss": f.Result, "Light": light, "alpha": alpha} {
		if got.Status != SingleClass || !math.IsNaN(got.Value) {
			t.Errorf("%s: %v, %s", name, got.Value, got.Status)
		}
	}
	g, err := GwetAC(r, Unweighted)
	if err != nil {
		t.Fatal(err)
	}
	if g.Value != 1 || g.Status != OneClassOnly {
		t.Errorf("AC1: %v, %s", g.Value, g.Status)
	}
	near(t, "free-marginal kappa", f.FreeMarginal.Value, 1, 1e-15)
}

func TestTooLittleToRate(t *testing.T) {
	s := levels(t, 1, 2)
	for name, r := range map[string]Ratings{"no units": {}, "one reader": {{1}, {2}}, "nobody twice": {{1, nan}, {nan, 2}}} {
		f, err := FleissKappa(rate(t, r, s), Unweighted)
		if err != nil || f.Status != TooFew {
			t.Errorf("%s: Fleiss %v, %v", name, f.Status, err)
		}
		g, err := GwetAC(rate(t, r, s), Unweighted)
		if err != nil || g.Status != TooFew {
			t.Errorf("%s: AC1 %v, %v", name, g.Status, err)
		}
		a, err := KrippendorffAlpha(r, IntervalLevel, Bootstrap{})
		if err != nil || a.Status != TooFew {
			t.Errorf("%s: alpha %v, %v", name, a.Status, err)
		}
		c, err := IntraclassCorrelation(r)
		if err != nil || c.Absolute.Status != TooFew || !math.IsNaN(c.F) {
			t.Errorf("%s: ICC %v, %v", name, c.Absolute.Status, err)
		}
		p, err := Percent(r, 0)
		if err != nil || p.All.Status != TooFew || p.Pairwise.Status != TooFew {
			t.Errorf("%s: percent %v, %v", name, p.All.Status, err)
		}
	}
}

func TestBadRatingsAreErrors(t *testing.T) {
	for name, r := range map[string]Ratings{"ragged": {{1, 2}, {1}}, "infinite": {{1, math.Inf(1)}}} {
		if _, err := Rate(r, Scale{1, 2}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if _, err := IntraclassCorrelation(r); err == nil {
			t.Errorf("%s: no error from ICC", name)
		}
	}
	if _, err := KrippendorffAlpha(Ratings{{-1, 1}}, RatioLevel, Bootstrap{}); err == nil {
		t.Error("a negative rating on a ratio scale gives no error")
	}
	if _, err := (Table{{1 << 30}}).Rated(); err == nil {
		t.Error("a table beyond memory gives no error")
	}
	for name, table := range map[string]Table{"not square": {{1, 2}}, "negative": {{-1}}} {
		if _, err := CohenKappa(table, Unweighted); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := CohenKappa(Table{{1}}, "by feeling"); err == nil {
		t.Error("an unknown weighting gives no error")
	}
	for name, s := range map[string][]float64{"none": {}, "falling": {2, 1}, "twice": {1, 1}, "not a number": {nan}} {
		if _, err := NewScale(s...); err == nil {
			t.Errorf("a scale of levels %s gives no error", name)
		}
	}
}

// Three units, two readers: everything by hand.
func TestAlphaByHand(t *testing.T) {
	a, err := KrippendorffAlpha(Ratings{{1, 1}, {1, 3}, {3, 3}, {2, nan}}, IntervalLevel, Bootstrap{})
	if err != nil {
		t.Fatal(err)
	}
	// observed: one pair 2 apart, both orders: 8/6; expected: 3 ones, 3 threes: 2*9*4/(6*5) = 72/30
	near(t, "alpha", a.Value, 1-(8.0/6)/(72.0/30), 1e-12)
	if a.N != 3 || len(a.Excluded) != 1 || a.Excluded[0].N != 1 {
		t.Errorf("%d units, left out %v", a.N, a.Excluded)
	}
}

// Three units, two readers who differ by one throughout.
func TestICCByHand(t *testing.T) {
	c, err := IntraclassCorrelation(Ratings{{1, 2}, {3, 4}, {5, 6}, {nan, 1}})
	if err != nil {
		t.Fatal(err)
	}
	near(t, "MS between", c.MSBetween, 8, 1e-12)
	near(t, "MS readers", c.MSReaders, 1.5, 1e-12)
	near(t, "MS error", c.MSError, 0, 1e-12)
	near(t, "ICC(3,1): the readers differ by a constant", c.Consistency.Value, 1, 1e-12)
	near(t, "ICC(2,1)", c.Absolute.Value, 8/(8+2*1.5/3), 1e-12)
	if c.Absolute.Excluded[0].N != 1 {
		t.Errorf("left out: %v", c.Absolute.Excluded)
	}
}

func TestAgreementDoesNotDependOnOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	s := levels(t, 1, 2, 3, 4)
	for range 50 {
		ratings := make(Ratings, 6+r.IntN(20))
		for u := range ratings {
			for range 3 {
				v := float64(1 + r.IntN(4))
				if r.IntN(8) == 0 {
					v = nan
				}
				ratings[u] = append(ratings[u], v)
			}
		}
		shuffled := append(Ratings(nil), ratings...)
		r.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		for u, row := range shuffled {
			shuffled[u] = []float64{row[2], row[0], row[1]}
		}
		for _, w := range []Weighting{Unweighted, Linear, Quadratic, Radical, Ordinal} {
			a, b := rate(t, ratings, s), rate(t, shuffled, s)
			fa, _ := FleissKappa(a, w)
			fb, _ := FleissKappa(b, w)
			near(t, "Fleiss "+string(w), fb.Value, fa.Value, 1e-12)
			near(t, "Conger "+string(w), fb.Conger.Value, fa.Conger.Value, 1e-12)
			ga, _ := GwetAC(a, w)
			gb, _ := GwetAC(b, w)
			near(t, "Gwet "+string(w), gb.Value, ga.Value, 1e-12)
			if fa.Value > 1+1e-12 || ga.Value > 1+1e-12 {
				t.Errorf("a coefficient above 1: %v, %v", fa.Value, ga.Value)
			}
		}
		whole, _ := KrippendorffAlpha(ratings, NominalLevel, Bootstrap{})
		near(t, "nominal alpha from counts", NominalAlpha(rate(t, ratings, s)).Value, whole.Value, 1e-12)
		for _, l := range []Level{NominalLevel, OrdinalLevel, IntervalLevel, RatioLevel} {
			x, _ := KrippendorffAlpha(ratings, l, Bootstrap{})
			y, _ := KrippendorffAlpha(shuffled, l, Bootstrap{})
			near(t, "alpha "+string(l), y.Value, x.Value, 1e-12)
		}
	}
}

func TestEqualSeedsGiveEqualIntervals(t *testing.T) {
	ratings := Ratings{{1, 1}, {2, 2}, {1, 2}, {3, 3}, {3, 2}, {1, 1}}
	run := func(seed uint64) Interval {
		a, err := KrippendorffAlpha(ratings, OrdinalLevel, Bootstrap{Replicates: 200, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return a.Interval
	}
	if run(7) != run(7) {
		t.Error("one seed, two intervals")
	}
	if run(7) == run(8) {
		t.Error("two seeds, one interval")
	}
	if v := run(7); !(v.Low <= v.High && v.High <= 1) || v.Level != 0.95 {
		t.Errorf("interval %v", v)
	}
}
