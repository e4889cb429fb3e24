package hanging

import (
	"math"
	"testing"
	"time"
)

func TestReelPlaysEachFrameForItsTime(t *testing.T) {
	const ms = time.Millisecond
	r := NewReel(3, []time.Duration{40 * ms, 10 * ms, 50 * ms})
	for at, want := range map[time.Duration]int{0: 0, 39 * ms: 0, 40 * ms: 1, 49 * ms: 1, 50 * ms: 2, 99 * ms: 2, 100 * ms: 0, 145 * ms: 1} {
		if got := r.At(at); got != want {
			t.Errorf("after %v frame %d is due, want %d", at, got, want)
		}
	}
	for k := range 3 {
		if got := r.At(r.Start(k)); got != k {
			t.Errorf("frame %d starts with frame %d", k, got)
		}
	}
	if r.Length() != 100*ms || math.Abs(r.Rate()-30) > 1e-9 {
		t.Errorf("%v, %v a second", r.Length(), r.Rate())
	}
}

func TestReelWithoutUsableTimesShowsTenASecond(t *testing.T) {
	for name, times := range map[string][]time.Duration{
		"none": nil, "too few": {time.Second}, "too many": make([]time.Duration, 9), "zero": {time.Second, 0, time.Second}, "negative": {1, -1, 1},
	} {
		if r := NewReel(3, times); r.Length() != 3*StepTime {
			t.Errorf("%s: a round takes %v", name, r.Length())
		}
	}
	if r := NewReel(1, nil); r.At(time.Hour) != 0 {
		t.Error("one frame is always due")
	}
}
