package main

import (
	"context"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// fake is a participant that answers every turn with the same line.
func fake(t *testing.T, answer string) []string {
	t.Helper()
	if _, err := exec.LookPath("sh"); err != nil || runtime.GOOS == "windows" {
		t.Skip("there is no shell to play the other programs")
	}
	return []string{"sh", "-c", "echo ready; while read turn; do echo '" + answer + "'; done"}
}

func TestOursIsJudgedBesideThePeers(t *testing.T) {
	r, err := measure(context.Background(), task{
		name: "a task", ours: fake(t, "T 0.2 0.4 0.6 | 7 1.0"), same: 0.1, warmups: 1, goal: goal{limit: 500 * time.Millisecond},
		rivals: []rival{
			{name: "slow", argv: fake(t, "T 0.8 | 7 1.05"), goal: 0.6},
			{name: "fast", argv: fake(t, "T 0.5 | 7 1.0"), goal: 0.6},
			{name: "other", argv: fake(t, "T 0.5 | 8 1.0")},
			{name: "absent", lacks: "apt-get install it"},
			{name: "broken", argv: fake(t, "no idea"), goal: 0.6},
			{name: "gone", argv: []string{"/there/is/no/such/program"}},
		},
	}, 4)
	if err != nil {
		t.Fatal(err)
	}
	if r.Ours.Count != 12 || r.Ours.Median != 0.4 || r.Ours.Min != 0.2 {
		t.Errorf("four rounds of three figures each give %+v", r.Ours)
	}
	if held, all := r.verdicts(); held != 2 || all != 3 {
		t.Errorf("%d of %d goals held, want 2 of 3: the limit and one ratio", held, all)
	}
	var out strings.Builder
	r.print(&out)
	for _, want := range []string{"goal 500ms: held", "ratio 0.5   goal 0.6: held", "ratio 0.8   goal 0.6: MISSED", "computed something else: 8 1.0, ours: 7 1.0",
		"absent                       not installed: apt-get install it", "no idea"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not printed:\n%s", want, out.String())
		}
	}
	if strings.Count(out.String(), "something else") != 1 {
		t.Errorf("a difference within the tolerance is printed:\n%s", out.String())
	}
}

func TestATaskOfOursThatFailsIsAnError(t *testing.T) {
	if _, err := measure(context.Background(), task{ours: fake(t, "sorry")}, 1); err == nil || !strings.Contains(err.Error(), "sorry") {
		t.Errorf("got %v, want what the process said", err)
	}
}

func TestQuantilesAreNearestRanks(t *testing.T) {
	for _, c := range []struct {
		sorted        []float64
		percent, want float64
	}{
		{[]float64{3}, 50, 3}, {[]float64{1, 2}, 50, 1.5}, {[]float64{1, 2, 9}, 50, 2}, {[]float64{1, 2, 3, 4}, 95, 4}, {[]float64{1, 2, 3, 4}, 0, 1},
		{[]float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20}, 95, 19},
	} {
		if got := quantile(c.sorted, c.percent); got != c.want {
			t.Errorf("quantile %g of %v is %g, want %g", c.percent, c.sorted, got, c.want)
		}
	}
}

func TestEveryTaskNamesAnOperationOfOurs(t *testing.T) {
	d := &data{dir: t.TempDir(), size: [3]int{16, 16, 8}, spacing: [3]float64{1, 1, 1}}
	seen := map[string]bool{}
	for _, task := range tasks(d, &peers{data: d, found: map[string]string{"DCMTK": "", "ITK": "", "GDCM": ""}}) {
		at := slices.Index(task.ours, "worker") + 1 // others may run it
		if operations[task.ours[at]] == nil {
			t.Errorf("%s: there is no operation %q", task.name, task.ours[at])
		}
		if seen[task.name] {
			t.Errorf("two tasks are called %q", task.name)
		}
		seen[task.name] = true
	}
}
