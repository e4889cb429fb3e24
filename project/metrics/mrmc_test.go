package metrics

import (
	"testing"
)

// vanDyke are the ratings 1 to 5 of Van Dyke and others (1993), 2 modalities by 5 readers: 69 healthy cases, then 45 with an aortic dissection.
// The data of RJafroc's dataset02 and of MRMCaov.
var vanDyke = [2][5][2]string{
	{
		{"122151111111411111111131311214111113121211233131133111111221111332111", "555545554555434245555555154454553555115554451"},
		{"232222222322522232222222422223222222222222222222222222222432232222222", "535555542555442225555555243354552425225555352"},
		{"222235112242422232221232411322112224121412112222223211211221151421212", "545555555555542355555555252255552555225555552"},
		{"111111311111111111112111211112111111111111111111331111111111111311111", "555555555555555155555555554544553555125555555"},
		{"351211112221211122113221111211211231221113332111211111111341231212113", "525255551545452235555554144322151515115553552"},
	},
	{
		{"333222223213122222211111421312214323123122233111333113412421241442111", "535555554555544335555555355355554455535555551"},
		{"322222223222222122221222322222212212222231223222222222322322222222122", "535555552555344245455545252355532425525555552"},
		{"242222322211132222121121411512112122212221132111233113221232341242121", "525555555555354145555555253355543555534555551"},
		{"221111312111122111211111321212111122112111112121212211111212111323211", "545555554555455555555555455445555555535555555"},
		{"223122221222111222122212322321212222112121132122332122221222231233111", "525455555455343335555555251332532545533555553"},
	},
}

func vanDykeScores() [][]Scored {
	digits := func(text string) (out []float64) {
		for _, c := range text {
			out = append(out, float64(c-'0'))
		}
		return out
	}
	var all [][]Scored
	for _, modality := range vanDyke {
		var row []Scored
		for _, reader := range modality {
			row = append(row, Scored{Negative: digits(reader[0]), Positive: digits(reader[1])})
		}
		all = append(all, row)
	}
	return all
}

// The numbers are those that MRMCaov prints in its article (Smith and Hillis, docs/jss), to the digits printed.
func TestVanDykeAgreesWithMRMCaov(t *testing.T) {
	jack, err := CompareModalities(vanDykeScores(), JackknifeCovariance)
	if err != nil {
		t.Fatal(err)
	}
	delong, err := CompareModalities(vanDykeScores(), DeLongCovariance)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name              string
		got, want, within float64
	}{
		{"MS(T)", delong.MSModality, 0.004796171, 5e-10},
		{"MS(T:R)", delong.MSBoth, 0.0005510306, 5e-11},
		{"DeLong error", delong.Variance, 0.0007921325, 5e-11},
		{"DeLong Cov1", delong.Cov1, 0.0003420090, 5e-11},
		{"DeLong Cov2", delong.Cov2, 0.0003395265, 5e-11},
		{"DeLong Cov3", delong.Cov3, 0.0002358497, 5e-11},
		{"DeLong F", delong.Random.F, 4.484854, 5e-7},
		{"DeLong df", delong.Random.DF2, 15.06611, 5e-6},
		{"DeLong p", delong.Random.P, 0.05123303, 5e-9},
		{"difference", delong.Random.Differences[0].Value, -0.04380032, 5e-9},
		{"difference, low", delong.Random.Differences[0].Interval.Low, -0.0878671960, 5e-10},
		{"difference, high", delong.Random.Differences[0].Interval.High, 0.0002665519, 5e-10},
		{"modality 1", delong.Mean[0].Value, 0.8970370, 5e-8},
		{"modality 1, low", delong.Mean[0].Interval.Low, 0.8253461, 5e-8},
		{"modality 2, high", delong.Mean[1].Interval.High, 0.9874592, 5e-8},
		{"jackknife error", jack.Variance, 0.0008022883, 5e-11},
		{"jackknife Cov1", jack.Cov1, 0.0003466137, 5e-11},
		{"jackknife Cov2", jack.Cov2, 0.0003440748, 5e-11},
		{"jackknife Cov3", jack.Cov3, 0.0002390284, 5e-11},
		{"readers fixed, chi square", jack.FixedReaders.F, 5.475953, 5e-7},
		{"readers fixed, p", jack.FixedReaders.P, 0.01927984, 5e-9},
		{"readers fixed, low", jack.FixedReaders.Differences[0].Interval.Low, -0.08048591, 5e-9},
		{"cases fixed, F", jack.FixedCases.F, 8.704, 5e-4},
		{"cases fixed, p", jack.FixedCases.P, 0.04195875, 5e-9},
		{"cases fixed, high", jack.FixedCases.Differences[0].Interval.High, -0.00258042, 5e-9},
	} {
		near(t, c.name, c.got, c.want, c.within)
	}
}

// The jackknife in closed form is the jackknife.
func TestJackknifeLeavesOutOneCase(t *testing.T) {
	s := vanDykeScores()
	a, b := s[0][0], s[1][3]
	var x, y []float64
	for n := range a.Negative {
		x, y = append(x, aucOf(t, without(a.Negative, n), a.Positive)), append(y, aucOf(t, without(b.Negative, n), b.Positive))
	}
	for n := range a.Positive {
		x, y = append(x, aucOf(t, a.Negative, without(a.Positive, n))), append(y, aucOf(t, b.Negative, without(b.Positive, n)))
	}
	meanX, _ := meanSD(x)
	meanY, _ := meanSD(y)
	want := 0.0
	for n := range x {
		want += (x[n] - meanX) * (y[n] - meanY) * float64(len(x)-1) / float64(len(x))
	}
	near(t, "covariance", jackknife(placements(a), placements(b)), want, 1e-15)
}

func without(v []float64, n int) []float64 {
	return append(append([]float64(nil), v[:n]...), v[n+1:]...)
}

func aucOf(t *testing.T, negative, positive []float64) float64 {
	t.Helper()
	a, err := AUC(Scored{Negative: negative, Positive: positive}, DeLong)
	if err != nil {
		t.Fatal(err)
	}
	return a.Value
}

func TestModalitiesThatCannotBeCompared(t *testing.T) {
	s := vanDykeScores()
	other := vanDykeScores()
	other[1][2].Positive = other[1][2].Positive[1:]
	for name, data := range map[string][][]Scored{
		"one modality":            s[:1],
		"one reader":              {s[0][:1], s[1][:1]},
		"a reader is missing":     {s[0], s[1][:4]},
		"a case is missing":       other,
		"one case of a class":     {{one(s[0][0]), one(s[0][1])}, {one(s[1][0]), one(s[1][1])}},
		"an estimator is unknown": nil,
	} {
		estimator := JackknifeCovariance
		if data == nil {
			data, estimator = s, "guess"
		}
		if _, err := CompareModalities(data, estimator); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func one(s Scored) Scored { return Scored{Negative: s.Negative, Positive: s.Positive[:1]} }
