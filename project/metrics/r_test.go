package metrics

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// rounds is how many random studies are sent to a second opinion: a few always, many in long campaigns.
func rounds(few, many int) int {
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		return many
	}
	return few
}

// Kappa and its errors, ICC and its intervals, AUC with DeLong's variance and test, partial areas and McNemar's test are those of R's packages.
func TestAgreementAndROCAgreeWithR(t *testing.T) {
	tool, err := exec.LookPath("Rscript")
	if err != nil || exec.Command(tool, "-e", "library(vcd); library(psych); library(pROC)").Run() != nil {
		t.Skip("R with vcd, psych and pROC is not here, so there is no second opinion")
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	var asked bytes.Buffer
	var want [][]any // name, ours, tolerance
	for range rounds(8, 300) {
		for _, make := range []func(*testing.T, *rand.Rand) (string, []any){someKappa, someICC, someROC, someMcNemar} {
			line, ours := make(t, r)
			fmt.Fprintln(&asked, line)
			want = append(want, ours)
		}
	}
	run := exec.Command(tool, filepath.Join("testdata", "agree.R"))
	run.Stdin = &asked
	said, err := run.Output()
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	if len(lines) != len(want) {
		t.Fatalf("R answers %d of %d", len(lines), len(want))
	}
	for n, line := range lines {
		words := strings.Fields(line)
		if 2*len(words) != len(want[n]) {
			t.Fatalf("R says %d numbers: %s", len(words), line)
		}
		for k, word := range words {
			if word == "NaN" || word == "NA" { // equal rankings have no test
				continue
			}
			near(t, fmt.Sprintf("study %d, %s", n, want[n][2*k]), want[n][2*k+1].(float64), parsed(t, []byte(word)), 1e-7)
		}
	}
	t.Logf("%d studies compared with R", len(lines))
}

func someKappa(t *testing.T, r *rand.Rand) (string, []any) {
	q := 3 + r.IntN(3) // of two levels there are no weights
	table := newTable(q)
	line := fmt.Sprint("kappa ", q)
	for a := range table {
		for b := range table[a] {
			table[a][b] = 1 + r.IntN(6)
			if a == b {
				table[a][b] += r.IntN(30)
			}
			line += fmt.Sprint(" ", table[a][b])
		}
	}
	var ours []any
	for _, w := range []Weighting{Unweighted, Linear, Quadratic} {
		k, err := CohenKappa(table, w)
		if err != nil {
			t.Fatal(err)
		}
		ours = append(ours, string(w)+" kappa", k.Value, string(w)+" ASE", k.ASE)
	}
	return line, ours
}

func someICC(t *testing.T, r *rand.Rand) (string, []any) {
	units, readers := 4+r.IntN(20), 2+r.IntN(4)
	line := fmt.Sprint("icc ", readers)
	ratings := make(Ratings, units)
	for u := range ratings {
		thing := r.NormFloat64()
		for range readers {
			v := thing + r.NormFloat64()
			ratings[u] = append(ratings[u], v)
			line += fmt.Sprintf(" %.17g", v)
		}
	}
	c, err := IntraclassCorrelation(ratings)
	if err != nil {
		t.Fatal(err)
	}
	var ours []any
	forms := []Result{c.OneWay, c.Absolute, c.Consistency, c.OneWayMean, c.AbsoluteMean, c.ConsistencyMean}
	for _, f := range forms {
		ours = append(ours, f.Method, f.Value)
	}
	for _, f := range forms[:3] {
		ours = append(ours, f.Method+", low", f.Interval.Low)
	}
	for _, f := range forms[:3] {
		ours = append(ours, f.Method+", high", f.Interval.High)
	}
	return line, ours
}

func someROC(t *testing.T, r *rand.Rand) (string, []any) {
	n := 20 + r.IntN(60)
	positive, a, b := make([]bool, n), make([]float64, n), make([]float64, n)
	text := [3]string{}
	for c := range n {
		y := c % 2
		positive[c] = y == 1
		a[c], b[c] = float64(y+r.IntN(6)), float64(2*y+r.IntN(9))
		text[0], text[1], text[2] = text[0]+fmt.Sprint(" ", y), text[1]+fmt.Sprint(" ", a[c]), text[2]+fmt.Sprint(" ", b[c])
	}
	x, errA := Split(positive, a)
	y, errB := Split(positive, b)
	area, errC := AUC(x, DeLong)
	paired, errD := CompareAUC(x, y)
	points, errE := ROC(x)
	if err := errorOf(errA, errB, errC, errD, errE); err != nil {
		t.Fatal(err)
	}
	spec, specStandard := PartialAUC(points, 0.8, 1)
	sens, sensStandard := PartialAUCSensitivity(points, 0.7, 1)
	return fmt.Sprint("roc ", n, text[0], text[1], text[2]), []any{"AUC", area.Value, "DeLong variance", area.Variance, "AUC, low", area.Interval.Low, "AUC, high", area.Interval.High,
		"paired Z", paired.Z, "paired p", paired.P, "partial area", spec.Value, "partial area, McClish", specStandard.Value,
		"partial area over sensitivities", sens.Value, "the same, McClish", sensStandard.Value}
}

func someMcNemar(t *testing.T, r *rand.Rand) (string, []any) {
	b, c := r.IntN(12), r.IntN(12)
	first, second := make([]bool, 40), make([]bool, 40)
	for n := range b {
		first[n] = true
	}
	for n := range c {
		second[b+n] = true
	}
	p, err := CompareProportions(first, second)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint("mcnemar ", b, " ", c), []any{"exact McNemar", p.P}
}
