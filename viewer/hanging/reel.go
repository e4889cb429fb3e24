package hanging

import (
	"sort"
	"time"
)

// StepTime is how long a plane is shown when planes are played that were not acquired over time: ten a second.
const StepTime = 100 * time.Millisecond

// Reel says when each frame of a run is due while it plays in a loop.
type Reel struct{ ends []time.Duration } // ends[k] is when frame k gives way, counted from the start of frame 0; ascending

// NewReel makes the reel of so many frames, at least one. times is how long each is shown, as the file has it; where it does not cover the
// frames, or says nothing usable (zero, negative), each is shown for StepTime.
func NewReel(frames int, times []time.Duration) Reel {
	r := Reel{ends: make([]time.Duration, max(1, frames))}
	usable := len(times) == len(r.ends)
	for _, t := range times {
		usable = usable && t > 0
	}
	at := time.Duration(0)
	for k := range r.ends {
		step := StepTime
		if usable {
			step = times[k]
		}
		at += step
		r.ends[k] = at
	}
	return r
}

// Length is how long the run takes once.
func (r Reel) Length() time.Duration { return r.ends[len(r.ends)-1] }

// Rate is the mean number of frames a second.
func (r Reel) Rate() float64 { return float64(len(r.ends)) / r.Length().Seconds() }

// Start is when frame k appears. k must be a frame of the run.
func (r Reel) Start(k int) time.Duration {
	if k == 0 {
		return 0
	}
	return r.ends[k-1]
}

// At is the frame that is due at t, after as many rounds as t is long. t is not negative.
func (r Reel) At(t time.Duration) int {
	t %= r.Length()
	return sort.Search(len(r.ends), func(k int) bool { return r.ends[k] > t })
}
