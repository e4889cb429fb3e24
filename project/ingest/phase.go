package ingest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/go-gl/mathgl/mgl64"
)

// split divides frames that share positions into phases, so that within each every position occurs once where anything tells them apart.
// What cannot be told apart stays together; volume.FromSlices then warns. markPlaces has to be called before.
func split(frames []*frame) []phase {
	out := splitBy(phase{frames: frames}, 0)
	for n := range out {
		out[n].label = strings.TrimPrefix(out[n].label, ", ")
	}
	return out
}

// phase is a set of frames and the words that tell it from the others.
type phase struct {
	label  string
	frames []*frame
}

func splitBy(p phase, from int) []phase {
	repeats, places := 0, map[int]int{}
	for _, f := range p.frames {
		places[f.place]++
		repeats = max(repeats, places[f.place])
	}
	if repeats < 2 {
		return []phase{p}
	}
	for key := from; key < phaseKeys; key++ {
		parts := byValue(p.frames, key)
		// More values than pictures at one place would tear slices of one volume apart: times that differ from slice to slice do that.
		if len(parts) < 2 || len(parts) > repeats || !fewerRepeats(len(p.frames)-len(places), parts) {
			continue
		}
		var out []phase
		for n, part := range parts {
			part.label = p.label + ", " + phases[key].words(n, part.label)
			out = append(out, splitBy(part, key+1)...)
		}
		return out
	}
	return splitByRank(p, positions(p.frames), repeats)
}

func (k phaseKey) words(n int, value string) string {
	if k.timed {
		return k.label + strconv.Itoa(n+1)
	}
	return k.label + value + k.unit
}

// markPlaces numbers the places of frames along the normal. Frames that are nearer to each other than samePositionMM share one.
func markPlaces(frames []*frame, normal mgl64.Vec3) {
	type placed struct {
		f     *frame
		along float64
	}
	sorted := make([]placed, len(frames))
	for n, f := range frames {
		sorted[n] = placed{f, mgl64.Vec3(f.position).Dot(normal)}
	}
	slices.SortStableFunc(sorted, func(a, b placed) int { return cmp.Compare(a.along, b.along) })
	place, start := -1, math.Inf(-1)
	for _, p := range sorted {
		if p.along-start >= samePositionMM {
			place, start = place+1, p.along
		}
		p.f.place = place
	}
}

// positions groups frames by their place, in order of it.
func positions(frames []*frame) [][]*frame {
	sorted := slices.Clone(frames)
	slices.SortStableFunc(sorted, func(a, b *frame) int { return cmp.Compare(a.place, b.place) })
	var out [][]*frame
	for _, f := range sorted {
		if n := len(out); n > 0 && f.place == out[n-1][0].place {
			out[n-1] = append(out[n-1], f)
			continue
		}
		out = append(out, []*frame{f})
	}
	return out
}

// placesOf counts the places of frames.
func placesOf(frames []*frame) int {
	seen := make(map[int]bool, len(frames))
	for _, f := range frames {
		seen[f.place] = true
	}
	return len(seen)
}

// samePositionMM is what volume.FromSlices takes for one position.
const samePositionMM = 0.001

// byValue groups frames by one key, in order of its value.
func byValue(frames []*frame, key int) []phase {
	index := map[string]int{}
	var out []phase
	for _, f := range frames {
		v := f.phase[key]
		n, seen := index[v]
		if !seen {
			n = len(out)
			index[v] = n
			out = append(out, phase{label: v})
		}
		out[n].frames = append(out[n].frames, f)
	}
	slices.SortStableFunc(out, func(a, b phase) int { return compareValues(a.label, b.label) })
	return out
}

// compareValues orders numbers as numbers and leaves everything else in the order in which it came.
func compareValues(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	if errX != nil || errY != nil {
		return 0
	}
	return cmp.Compare(x, y)
}

func fewerRepeats(before int, parts []phase) bool {
	after := 0
	for _, p := range parts {
		after += len(p.frames) - placesOf(p.frames)
	}
	return after < before
}

// splitByRank is for times that differ from slice to slice: where every position has the same number of pictures, the first at each make the
// first phase, and so on. Instance numbers count as a time only where they run through whole passes or through one position after the other.
func splitByRank(p phase, at [][]*frame, repeats int) []phase {
	for _, here := range at {
		if len(here) != repeats {
			return []phase{p}
		}
	}
	for key := range phaseKeys {
		if phases[key].timed && distinctAtEach(at, func(f *frame) string { return f.phase[key] }) {
			return ranked(p, at, repeats, func(a, b *frame) int { return compareTimes(a.phase[key], b.phase[key]) })
		}
	}
	number := func(a, b *frame) int {
		return cmp.Or(cmp.Compare(a.of.number, b.of.number), cmp.Compare(a.number, b.number))
	}
	if distinctAtEach(at, func(f *frame) string { return fmt.Sprint(f.of.number, f.number) }) && regularPasses(p.frames, at, number) {
		return ranked(p, at, repeats, number)
	}
	return []phase{p}
}

func compareTimes(a, b string) int {
	return cmp.Or(compareValues(a, b), strings.Compare(a, b))
}

func distinctAtEach(at [][]*frame, value func(*frame) string) bool {
	for _, here := range at {
		seen := map[string]bool{}
		for _, f := range here {
			v := value(f)
			if v == "" || seen[v] {
				return false
			}
			seen[v] = true
		}
	}
	return true
}

// regularPasses reports whether frames in order of number come as pass after pass over all positions, or as position after position.
func regularPasses(frames []*frame, at [][]*frame, number func(a, b *frame) int) bool {
	place := map[*frame]int{}
	for n, here := range at {
		for _, f := range here {
			place[f] = n
		}
	}
	sorted := slices.Clone(frames)
	slices.SortStableFunc(sorted, number)
	return runsOf(sorted, place, len(at), true) || runsOf(sorted, place, len(frames)/len(at), false)
}

// runsOf cuts frames into runs of length n and reports whether each run holds different positions only, or one only.
func runsOf(frames []*frame, place map[*frame]int, n int, different bool) bool {
	for run := range slices.Chunk(frames, n) {
		seen := map[int]bool{}
		for _, f := range run {
			seen[place[f]] = true
		}
		if different && len(seen) != len(run) || !different && len(seen) != 1 {
			return false
		}
	}
	return true
}

func ranked(p phase, at [][]*frame, repeats int, order func(a, b *frame) int) []phase {
	out := make([]phase, repeats)
	for n := range out {
		out[n].label = fmt.Sprintf("%s, phase %d", p.label, n+1)
	}
	for _, here := range at {
		sorted := slices.Clone(here)
		slices.SortStableFunc(sorted, order)
		for n, f := range sorted {
			out[n].frames = append(out[n].frames, f)
		}
	}
	return out
}
