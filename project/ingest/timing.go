package ingest

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"hotlight/project/dcm"
)

// Elements that say when frames were taken (PS3.3 C.7.6.16.2.2, C.8.4.9 to C.8.4.11).
const (
	tagFrameReferenceDateTime   dcm.Tag = 0x00189151
	tagTemporalPositionSequence dcm.Tag = 0x00209310
)

// instant is when a frame was taken, from the first of its file, and how long it is shown when the run plays; known says which is said.
type instant struct {
	start, shown           time.Duration
	knownStart, knownShown bool
}

// slowest is the longest time for which a frame is shown in a run that plays: frames of a minute each are looked at one by one.
const slowest = 5 * time.Second

// readTimes gives the frames of a file their times. How long they are shown follows the rate that the file recommends, else their real times, else
// the rate at which they were taken.
func readTimes(d *dcm.DataSet, own []*dcm.DataSet, frames []frame) {
	if len(frames) < 2 {
		return
	}
	starts := vectorStarts(d, len(frames))
	if starts == nil {
		starts = groupStarts(own)
	}
	for n := range starts {
		frames[n].when.start, frames[n].when.knownStart = starts[n], true
	}
	shown := rateTimes(d, dcm.RecommendedDisplayFrameRate, len(frames))
	if shown == nil {
		shown = differences(starts)
	}
	if shown == nil {
		shown = rateTimes(d, dcm.CineRate, len(frames))
	}
	for n := range shown {
		frames[n].when.shown, frames[n].when.knownShown = shown[n], true
	}
}

// vectorStarts reads Frame Time Vector or Frame Time, the one that Frame Increment Pointer names first. The vector's entry n is the time from the
// frame before; its first is 0 and does not count.
func vectorStarts(d *dcm.DataSet, frames int) []time.Duration {
	increments := func(t dcm.Tag) []float64 {
		v := d.Floats(t)
		if t == dcm.FrameTime && len(v) == 1 {
			v = slices.Repeat(v, frames)
		}
		return v
	}
	order := []dcm.Tag{dcm.FrameTimeVector, dcm.FrameTime}
	if p := d.Ints(dcm.FrameIncrementPointer); slices.Contains(p, int(dcm.FrameTime)) {
		slices.Reverse(order)
	}
	for _, t := range order {
		if v := increments(t); len(v) == frames {
			if out := sum(v[1:]); out != nil {
				return out
			}
		}
	}
	return nil
}

// sum returns the times of frames whose distances in milliseconds are given, one more than these; nil where one is unusable.
func sum(distances []float64) []time.Duration {
	out := make([]time.Duration, 1, len(distances)+1)
	at := 0.0
	for _, ms := range distances {
		if !(ms > 0) || ms > 24*3600*1000 {
			return nil
		}
		at += ms
		out = append(out, milliseconds(at))
	}
	return out
}

// groupStarts reads the times of functional groups: the moment that a frame stands for, or when it was taken, or its offset or delay.
func groupStarts(own []*dcm.DataSet) []time.Duration {
	readers := []func(*dcm.DataSet) (time.Duration, bool){
		func(d *dcm.DataSet) (time.Duration, bool) {
			return momentOf(text(d.Item(dcm.FrameContentSequence), tagFrameReferenceDateTime))
		},
		func(d *dcm.DataSet) (time.Duration, bool) {
			return momentOf(text(d.Item(dcm.FrameContentSequence), tagFrameAcquisitionTime))
		},
		func(d *dcm.DataSet) (time.Duration, bool) {
			s, ok := d.Item(tagTemporalPositionSequence).Float(dcm.TemporalPositionTimeOffset)
			return time.Duration(s * 1e9), ok && math.Abs(s) < 1e6
		},
		func(d *dcm.DataSet) (time.Duration, bool) {
			ms, ok := d.Item(tagTriggerSequence).Float(dcm.NominalCardiacTriggerDelayTime)
			return time.Duration(ms * 1e6), ok && math.Abs(ms) < 1e6
		},
	}
	for _, read := range readers {
		var out []time.Duration
		for n, d := range own {
			t, ok := read(d)
			if !ok || n > 0 && t <= out[n-1] {
				out = nil
				break
			}
			out = append(out, t)
		}
		if len(out) > 1 {
			first := out[0]
			for n := range out {
				out[n] -= first
			}
			return out
		}
	}
	return nil
}

// momentOf reads a DICOM date and time (DT), with its offset from UTC where it has one, as the time since 1970.
func momentOf(dt string) (time.Duration, bool) {
	layout, zone := "20060102150405", ""
	if cut := strings.IndexAny(dt, "+-"); cut >= 0 {
		layout, zone, dt = layout+"-0700", dt[cut:], dt[:cut]
	}
	whole, fraction, _ := strings.Cut(dt, ".")
	t, err := time.Parse(layout, whole+zone)
	if err != nil {
		return 0, false
	}
	rest, err := strconv.ParseFloat("0."+fraction+"0", 64)
	if err != nil {
		return 0, false
	}
	return time.Duration(t.Unix())*time.Second + time.Duration(math.Round(rest*1e9)), t.Year() > 1900 && t.Year() < 2200
}

func milliseconds(ms float64) time.Duration { return time.Duration(math.Round(ms * 1e6)) }

func rateTimes(d *dcm.DataSet, t dcm.Tag, frames int) []time.Duration {
	rate, ok := d.Float(t)
	if !ok || !(rate > 0) || rate > 1000 {
		return nil
	}
	return slices.Repeat([]time.Duration{time.Duration(math.Round(1e9 / rate))}, frames)
}

// differences returns how long frames with these starts last; the last lasts as long as the one before it. nil where a frame would be shown for
// no time or too long.
func differences(starts []time.Duration) (out []time.Duration) {
	for n := 1; n < len(starts); n++ {
		out = append(out, starts[n]-starts[n-1])
	}
	if len(out) == 0 || slices.Min(out) <= 0 || slices.Max(out) > slowest {
		return nil
	}
	return append(out, out[len(out)-1])
}

// chooseTimes gives a run the times of its frames. Frames that were left out of it, or come from several files, keep the times that are theirs.
func (m *Image) chooseTimes() {
	var starts, shown []time.Duration
	for _, f := range m.frames {
		if f.when.knownStart && f.of == m.frames[0].of {
			starts = append(starts, f.when.start-m.frames[0].when.start)
		}
		if f.when.knownShown {
			shown = append(shown, f.when.shown)
		}
	}
	if len(starts) == len(m.frames) && slices.IsSorted(starts) {
		m.FrameStarts = starts
	}
	if len(shown) == len(m.frames) {
		m.FrameTimes = shown
	}
}
