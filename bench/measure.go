package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// task is one thing that is measured.
type task struct {
	name    string
	ours    []string // command line
	goal    goal     // of ours alone; zero is none
	rivals  []rival
	same    float64 // how far the numbers in the notes may differ; 0: they are not compared
	times   int     // repeats a round, 0 is 1
	scratch string  // a folder that is empty before and gone after
	warmups int     // rounds that do not count
	atMost  int     // rounds, where a peer takes long; 0: as many as are asked for
	bytes   int     // what a repeat decodes, to print a rate
	// prepare makes what the task needs. It returns what to install where it cannot.
	prepare func(ctx context.Context) (lacks string, err error)
}

// exact is the tolerance for numbers that must be equal.
const exact = 1e-9

// goal is a time at a percentile.
type goal struct {
	limit      time.Duration
	percentile float64 // of all figures; 0 is the median
	memoryMiB  float64 // instead: the most memory
}

// rival is a peer in a task.
type rival struct {
	name   string
	argv   []string
	lacks  string  // what to install, if it cannot run
	driven bool    // a process of ours runs it: the memory that is seen is not its own
	goal   float64 // ours over theirs; 0 is none
}

// result is what a task gave.
type result struct {
	Task   string   `json:"task"`
	Lacks  string   `json:"not_installed,omitempty"` // what the task's data need
	Bytes  int      `json:"bytes,omitempty"`
	Ours   figures  `json:"ours"`
	Goal   string   `json:"goal,omitempty"`
	Held   *bool    `json:"held,omitempty"`
	Rivals []judged `json:"peers"`
}

type figures struct {
	Median  float64 `json:"median_s"`
	Min     float64 `json:"min_s"`
	P95     float64 `json:"p95_s"`
	P99     float64 `json:"p99_s"`
	Count   int     `json:"n"`
	PeakMiB float64 `json:"peak_mib"`
	Note    string  `json:"note,omitempty"`
}

type judged struct {
	Name  string   `json:"name"`
	Lacks string   `json:"not_installed,omitempty"`
	Fails string   `json:"failed,omitempty"`
	Of    *figures `json:"figures,omitempty"`
	Ratio float64  `json:"ratio,omitempty"`
	Goal  float64  `json:"goal,omitempty"`
	Held  *bool    `json:"held,omitempty"`
	Other bool     `json:"computed_something_else,omitempty"`
}

// measure lets ours and the rivals take turns, a different one first in each round. A rival that fails is left out and says so.
func measure(ctx context.Context, t task, rounds int) (result, error) {
	if t.prepare != nil {
		if lacks, err := t.prepare(ctx); lacks != "" || err != nil {
			return result{Task: t.name, Lacks: lacks}, err
		}
	}
	if t.atMost > 0 {
		rounds = min(rounds, t.atMost)
	}
	rounds *= max(t.times, 1)
	if t.scratch != "" {
		if err := errors.Join(os.RemoveAll(t.scratch), os.MkdirAll(t.scratch, 0o755)); err != nil {
			return result{}, err
		}
		defer os.RemoveAll(t.scratch)
	}
	ctx, cancel := context.WithCancel(ctx) // whoever still runs at the end is ended
	defer cancel()
	self, err := start(ctx, t.ours)
	if err != nil {
		return result{}, err
	}
	r := result{Task: t.name, Bytes: t.bytes, Rivals: make([]judged, len(t.rivals))}
	running, of := r.invite(ctx, self, t.rivals)
	for round := -t.warmups; round < rounds; round++ {
		for n := range running {
			p := running[(n+max(round, 0))%len(running)]
			if p.failure != nil {
				continue
			}
			seconds, err := p.repeat()
			if err != nil {
				p.failure = err
			} else if round >= 0 {
				p.seconds = append(p.seconds, seconds...)
			}
		}
	}
	for _, p := range running {
		if p.failure == nil {
			p.failure = p.stop()
		}
	}
	if self.failure != nil {
		return result{}, self.failure
	}
	r.judge(t, self, running[1:], of)
	return r, nil
}

// invite starts the rivals that are installed; of tells which is which.
func (r *result) invite(ctx context.Context, self *participant, rivals []rival) (running []*participant, of map[*participant]int) {
	running, of = []*participant{self}, map[*participant]int{}
	for n, v := range rivals {
		r.Rivals[n] = judged{Name: v.name, Lacks: v.lacks, Goal: v.goal}
		if v.lacks != "" {
			continue
		}
		p, err := start(ctx, v.argv)
		if err != nil {
			r.Rivals[n].Fails = err.Error()
			continue
		}
		p.driven = v.driven
		of[p] = n
		running = append(running, p)
	}
	return running, of
}

func (r *result) judge(t task, self *participant, others []*participant, of map[*participant]int) {
	r.Ours = self.figures()
	if t.goal != (goal{}) {
		r.Goal = t.goal.String()
		held := t.goal.holds(self)
		r.Held = &held
	}
	for _, p := range others {
		j := &r.Rivals[of[p]]
		if p.failure != nil {
			j.Fails = p.failure.Error()
			continue
		}
		f := p.figures()
		j.Of, j.Ratio = &f, r.Ours.Median/f.Median
		j.Other = t.same > 0 && !alike(p.note, self.note, t.same)
		if j.Goal > 0 {
			held := j.Ratio <= j.Goal
			j.Held = &held
		}
	}
}

func (p *participant) figures() figures {
	s := slices.Sorted(slices.Values(p.seconds))
	if p.driven {
		p.peakMiB = 0
	}
	return figures{Median: quantile(s, 50), Min: quantile(s, 0), P95: quantile(s, 95), P99: quantile(s, 99), Count: len(s), PeakMiB: p.peakMiB, Note: p.note}
}

// alike reports whether two notes hold the same numbers, each within tolerance.
func alike(a, b string, tolerance float64) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	if len(x) != len(y) {
		return false
	}
	for n := range x {
		p, err1 := strconv.ParseFloat(x[n], 64)
		q, err2 := strconv.ParseFloat(y[n], 64)
		if err1 != nil || err2 != nil || math.Abs(p-q) > tolerance {
			return false
		}
	}
	return true
}

// quantile of sorted figures: the least that percent of them do not exceed (nearest rank); the median of an even count is the mean of the middle two.
func quantile(sorted []float64, percent float64) float64 {
	n := len(sorted)
	if n == 0 {
		return math.NaN()
	}
	if percent == 50 {
		return (sorted[(n-1)/2] + sorted[n/2]) / 2
	}
	return sorted[max(int(math.Ceil(percent/100*float64(n)))-1, 0)]
}

func (g goal) holds(p *participant) bool {
	if g.memoryMiB > 0 {
		return p.peakMiB <= g.memoryMiB
	}
	percentile := g.percentile
	if percentile == 0 {
		percentile = 50
	}
	return quantile(slices.Sorted(slices.Values(p.seconds)), percentile) <= g.limit.Seconds()
}

func (g goal) String() string {
	switch {
	case g.memoryMiB > 0:
		return fmt.Sprintf("at most %.0f MiB", g.memoryMiB)
	case g.percentile > 0:
		return fmt.Sprintf("%v at the %gth percentile", g.limit, g.percentile)
	}
	return g.limit.String()
}

// verdicts counts the goals that hold and those that were judged.
func (r *result) verdicts() (held, all int) {
	count := func(h *bool) {
		if h != nil {
			all++
			if *h {
				held++
			}
		}
	}
	count(r.Held)
	for _, j := range r.Rivals {
		count(j.Held)
	}
	return held, all
}

func (r *result) print(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", r.Task)
	if r.Lacks != "" {
		fmt.Fprintf(w, "  not measured; its images need: %s\n", r.Lacks)
		return
	}
	line := fmt.Sprintf("  %-28s %10s%s", "hotlight", duration(r.Ours.Median), rate(r.Bytes, r.Ours.Median))
	if r.Ours.Count > 20 {
		line += fmt.Sprintf("   95%% %s, 99%% %s", duration(r.Ours.P95), duration(r.Ours.P99))
	}
	if r.Goal != "" {
		line += fmt.Sprintf("   goal %s: %s", r.Goal, verdict(r.Held))
	}
	if r.Ours.PeakMiB > 0 {
		line += fmt.Sprintf("   (%.0f MiB)", r.Ours.PeakMiB)
	}
	if strings.ContainsFunc(r.Ours.Note, unicode.IsLetter) { // more than the numbers that are compared
		line += "   " + r.Ours.Note
	}
	fmt.Fprintln(w, line)
	for _, j := range r.Rivals {
		fmt.Fprintln(w, strings.TrimRight(j.line(r.Ours.Note, r.Bytes), " "))
	}
}

func (j *judged) line(ours string, bytes int) string {
	switch {
	case j.Lacks != "":
		return fmt.Sprintf("  %-28s not installed: %s", j.Name, j.Lacks)
	case j.Fails != "":
		return fmt.Sprintf("  %-28s %s", j.Name, j.Fails)
	}
	line := fmt.Sprintf("  %-28s %10s%s   ratio %.3g", j.Name, duration(j.Of.Median), rate(bytes, j.Of.Median), j.Ratio)
	if j.Goal > 0 {
		line += fmt.Sprintf("   goal %.3g: %s", j.Goal, verdict(j.Held))
	}
	if j.Other {
		line += "   (computed something else: " + j.Of.Note + ", ours: " + ours + ")"
	}
	if j.Of.PeakMiB > 0 {
		line += fmt.Sprintf("   (%.0f MiB)", j.Of.PeakMiB)
	}
	return line
}

func verdict(held *bool) string {
	if *held {
		return "held"
	}
	return "MISSED"
}

// rate prints megabytes of decoded pixels a second.
func rate(bytes int, seconds float64) string {
	if bytes == 0 {
		return ""
	}
	return fmt.Sprintf(" %6.0f MB/s", float64(bytes)/seconds/1e6)
}

// duration prints three digits with a fitting unit.
func duration(s float64) string {
	switch {
	case s >= 1:
		return fmt.Sprintf("%.3g s", s)
	case s >= 1e-3:
		return fmt.Sprintf("%.3g ms", s*1e3)
	}
	return fmt.Sprintf("%.3g us", s*1e6)
}
