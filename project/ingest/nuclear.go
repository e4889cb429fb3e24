package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// The vectors of nuclear medicine (PS3.3 C.8.4.8): each says for every frame which energy window, detector ... it is of.
const (
	tagEnergyWindowVector dcm.Tag = 0x00540010
	tagDetectorVector     dcm.Tag = 0x00540020
	tagPhaseVector        dcm.Tag = 0x00540030
	tagRotationVector     dcm.Tag = 0x00540050
	tagRRIntervalVector   dcm.Tag = 0x00540060
	tagTimeSlotVector     dcm.Tag = 0x00540070
	tagSliceVector        dcm.Tag = 0x00540080
	tagAngularViewVector  dcm.Tag = 0x00540090
	tagTimeSliceVector    dcm.Tag = 0x00540100

	tagEnergyWindowInformation dcm.Tag = 0x00540012
	tagEnergyWindowName        dcm.Tag = 0x00540018
	tagDetectorInformation     dcm.Tag = 0x00540022
	tagPhaseInformation        dcm.Tag = 0x00540032
)

// nuclearAxis is one vector. Frames run along the last running axis of a file; what differs otherwise is another picture or another run.
type nuclearAxis struct {
	tag     dcm.Tag
	label   string
	running bool
	values  []int
}

var nuclearAxes = []nuclearAxis{
	{tag: tagEnergyWindowVector, label: "energy window"}, {tag: tagDetectorVector, label: "detector"}, {tag: tagPhaseVector, label: "phase"},
	{tag: tagRotationVector, label: "rotation"}, {tag: tagRRIntervalVector, label: "R-R interval"}, {tag: tagTimeSlotVector, label: "time slot", running: true},
	{tag: tagTimeSliceVector, label: "time slice", running: true}, {tag: tagAngularViewVector, label: "view", running: true},
	{tag: tagSliceVector, label: "slice", running: true},
}

// readNuclear tells the frames of a multi-frame NM file apart by its vectors, places the slices of a reconstruction, and gives dynamic frames
// their times.
func readNuclear(d *dcm.DataSet, frames []frame) {
	axes := varyingAxes(d, len(frames))
	run := -1
	pointers := d.Ints(dcm.FrameIncrementPointer)
	for n, a := range axes {
		if a.running && (run < 0 || slices.Index(pointers, int(a.tag)) >= slices.Index(pointers, int(axes[run].tag))) {
			run = n
		}
	}
	for n := range frames {
		var words []string
		for k, a := range axes {
			if k != run {
				words = append(words, a.words(d, n))
			}
		}
		frames[n].run = strings.Join(words, ", ")
		frames[n].phase[phaseOfRun] = frames[n].run
	}
	placeReconstruction(d, frames)
	phaseTimes(d, frames)
}

// varyingAxes returns the vectors that tell frames apart. One that does not have a value for every frame says nothing.
func varyingAxes(d *dcm.DataSet, frames int) (out []nuclearAxis) {
	for _, a := range nuclearAxes {
		a.values = d.Ints(a.tag)
		if len(a.values) == frames && slices.Min(a.values) != slices.Max(a.values) {
			out = append(out, a)
		}
	}
	return out
}

// words names frame n along an axis: "detector 2 (posterior)".
func (a nuclearAxis) words(d *dcm.DataSet, n int) string {
	value := a.values[n]
	out := fmt.Sprintf("%s %d", a.label, value)
	name := ""
	switch a.tag {
	case tagEnergyWindowVector:
		name = text(nth(d, tagEnergyWindowInformation, value), tagEnergyWindowName)
	case tagDetectorVector:
		name = text(nth(d, tagDetectorInformation, value).Item(tagViewCodeSequence), dcm.CodeMeaning)
	}
	if name != "" {
		out += " (" + name + ")"
	}
	return out
}

// nth returns item n of a sequence, counted from 1, or an empty data set.
func nth(d *dcm.DataSet, sequence dcm.Tag, n int) *dcm.DataSet {
	items := d.Items(sequence)
	if n < 1 || n > len(items) {
		return &dcm.DataSet{}
	}
	return items[n-1]
}

// placeReconstruction places the slices of a reconstruction. The detector's position is that of the first frame; the others follow along the normal,
// behind it where Spacing Between Slices is positive (PS3.3 C.8.4.15).
func placeReconstruction(d *dcm.DataSet, frames []frame) {
	slice := d.Ints(tagSliceVector)
	kind := d.Strings(dcm.ImageType)
	if len(slice) != len(frames) || len(kind) < 3 || !strings.HasPrefix(kind[2], "RECON") {
		return
	}
	detector := d.Item(tagDetectorInformation)
	spacing, ok := d.Float(dcm.SpacingBetweenSlices)
	var first frame
	first.of = frames[0].of
	first.placeAt(detector.Floats(dcm.ImagePositionPatient), detector.Floats(dcm.ImageOrientationPatient))
	if !first.placed || !ok || math.Abs(spacing) < samePositionMM || math.Abs(spacing) > 1000 {
		return
	}
	normal := first.row.Cross(first.column)
	for n := range frames {
		f := &frames[n]
		f.placed, f.row, f.column = true, first.row, first.column
		f.position = volume.Point(mgl64.Vec3(first.position).Add(normal.Mul(float64(slice[n]-slice[0]) * spacing)))
	}
}

// phaseTimes gives the frames of a dynamic study their times: each phase has a duration for its frames.
func phaseTimes(d *dcm.DataSet, frames []frame) {
	phase, slice := d.Ints(tagPhaseVector), d.Ints(tagTimeSliceVector)
	if len(phase) != len(frames) || len(slice) != len(frames) {
		return
	}
	for n := range frames {
		ms, ok := nth(d, tagPhaseInformation, phase[n]).Float(dcm.ActualFrameDuration)
		if !ok || !(ms > 0) || ms > 24*3600*1000 || slice[n] < 1 {
			continue
		}
		when := &frames[n].when
		when.start, when.knownStart = milliseconds(ms*float64(slice[n]-1)), true
		when.shown, when.knownShown = milliseconds(ms), milliseconds(ms) <= slowest
	}
}
