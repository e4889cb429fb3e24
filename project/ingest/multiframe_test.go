package ingest

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/dcm"
)

// multi returns a file of so many frames without position; frame n has the stored values 12n to 12n+11.
func multi(frames int, edits ...edit) *dcm.DataSet {
	pixels := make([]byte, 24*frames)
	for n := range 12 * frames {
		pixels[2*n], pixels[2*n+1] = byte(n), byte(n>>8)
	}
	return picture(append([]edit{without(dcm.ImagePositionPatient, dcm.ImageOrientationPatient), set(dcm.NumberOfFrames, dcm.IS, frames), set(dcm.PixelData, dcm.OW, pixels)}, edits...)...)
}

func item(edits ...edit) *dcm.DataSet {
	d := dcm.NewDataSet()
	for _, e := range edits {
		e(d)
	}
	return d
}

// within puts elements into a sequence of one item.
func within(sequence dcm.Tag, edits ...edit) edit { return set(sequence, dcm.SQ, item(edits...)) }

// enhanced returns a file with functional groups: what all frames share, and what each has of its own.
func enhanced(shared *dcm.DataSet, own ...*dcm.DataSet) *dcm.DataSet {
	return multi(len(own), without(dcm.PixelSpacing, dcm.RescaleSlope, dcm.RescaleIntercept), set(dcm.Modality, dcm.CS, "MR"), set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.4.1"),
		set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, shared), set(dcm.PerFrameFunctionalGroupsSequence, dcm.SQ, own))
}

func axial() edit {
	return within(dcm.PlaneOrientationSequence, set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0))
}

func pixelMeasures() edit {
	return within(dcm.PixelMeasuresSequence, set(dcm.PixelSpacing, dcm.DS, 0.5, 0.25))
}

func planeAt(z float64) edit {
	return within(dcm.PlanePositionSequence, set(dcm.ImagePositionPatient, dcm.DS, 0, 0, z))
}

func content(edits ...edit) edit { return within(dcm.FrameContentSequence, edits...) }

// frameOrder writes which frame of the file each slice is, image by image.
func frameOrder(all []*Image) string {
	var out []string
	for _, m := range all {
		var frames []string
		for _, s := range m.Slices {
			frames = append(frames, fmt.Sprint(s.Frame))
		}
		out = append(out, fmt.Sprintf("%s %q: %s", m.Kind, m.Label, strings.Join(frames, " ")))
	}
	return strings.Join(out, "; ")
}

func TestFunctionalGroups(t *testing.T) {
	shared := item(axial(), pixelMeasures())
	for name, c := range map[string]struct {
		file *dcm.DataSet
		want string
	}{
		"in any order": {enhanced(shared, item(planeAt(2)), item(planeAt(0)), item(planeAt(1))), `volume "": 1 2 0`},
		"a group of its own is before the shared one": {enhanced(shared, item(planeAt(0)), item(planeAt(1)), item(planeAt(2), within(dcm.PlaneOrientationSequence,
			set(dcm.ImageOrientationPatient, dcm.DS, 0, 1, 0, 0, 0, -1)))), `volume "axial": 0 1; image "sagittal": 2`},
		"temporal positions": {enhanced(shared, item(planeAt(0), content(set(dcm.TemporalPositionIndex, dcm.UL, 2))), item(planeAt(0), content(set(dcm.TemporalPositionIndex, dcm.UL, 1))),
			item(planeAt(1), content(set(dcm.TemporalPositionIndex, dcm.UL, 2))), item(planeAt(1), content(set(dcm.TemporalPositionIndex, dcm.UL, 1)))), `volume "phase 1": 1 3; volume "phase 2": 0 2`},
		"b values": {enhanced(shared, item(planeAt(0), within(dcm.MRDiffusionSequence, set(dcm.DiffusionBValue, dcm.FD, 1000.0))), item(planeAt(1), within(dcm.MRDiffusionSequence, set(dcm.DiffusionBValue, dcm.FD, 1000.0))),
			item(planeAt(0), within(dcm.MRDiffusionSequence, set(dcm.DiffusionBValue, dcm.FD, 0.0))), item(planeAt(1), within(dcm.MRDiffusionSequence, set(dcm.DiffusionBValue, dcm.FD, 0.0)))),
			`volume "b 0": 2 3; volume "b 1000": 0 1`},
		"echoes": {enhanced(shared, item(planeAt(0), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 4.6))), item(planeAt(0), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 2.3)))),
			`image "TE 2.3": 1; image "TE 4.6": 0`},
		"inversion times": {enhanced(shared, item(planeAt(0), within(tagMRModifierSequence, set(tagInversionTimes, dcm.FD, 900.0))), item(planeAt(0), within(tagMRModifierSequence, set(tagInversionTimes, dcm.FD, 100.0)))),
			`image "TI 100": 1; image "TI 900": 0`},
		"flip angles": {enhanced(shared, item(planeAt(0), within(tagMRTimingSequence, set(dcm.FlipAngle, dcm.DS, 15))), item(planeAt(0), within(tagMRTimingSequence, set(dcm.FlipAngle, dcm.DS, 5)))),
			`image "flip angle 5": 1; image "flip angle 15": 0`},
		"labelled and control": {enhanced(shared, item(planeAt(0), within(tagLabellingSequence, set(tagLabellingContext, dcm.CS, "LABEL"))), item(planeAt(0), within(tagLabellingSequence, set(tagLabellingContext, dcm.CS, "CONTROL")))),
			`image "label": 0; image "control": 1`},
		"cardiac delays": {enhanced(shared, item(planeAt(0), within(tagTriggerSequence, set(dcm.NominalCardiacTriggerDelayTime, dcm.FD, 40.0))), item(planeAt(0), within(tagTriggerSequence, set(dcm.NominalCardiacTriggerDelayTime, dcm.FD, 0.0)))),
			`image "phase 1": 1; image "phase 2": 0`},
		"cardiac percentages": {enhanced(shared, item(planeAt(0), within(tagTriggerSequence, set(tagCardiacPercentage, dcm.FL, float32(75)))), item(planeAt(0), within(tagTriggerSequence, set(tagCardiacPercentage, dcm.FL, float32(40))))),
			`image "R-R 40 %": 1; image "R-R 75 %": 0`},
		"tube voltages": {enhanced(shared, item(planeAt(0), within(tagCTXRaySequence, set(dcm.KVP, dcm.DS, 140))), item(planeAt(0), within(tagCTXRaySequence, set(dcm.KVP, dcm.DS, 80)))), `image "kVp 80": 1; image "kVp 140": 0`},
		"stacks in different places": {enhanced(shared, item(planeAt(0), content(set(dcm.StackID, dcm.SH, "1"))), item(planeAt(1), content(set(dcm.StackID, dcm.SH, "1"))),
			item(planeAt(50), content(set(dcm.StackID, dcm.SH, "2"))), item(planeAt(51), content(set(dcm.StackID, dcm.SH, "2")))), `volume "stack 1": 0 1; volume "stack 2": 2 3`},
		"stacks in one place": {enhanced(shared, item(planeAt(0), content(set(dcm.StackID, dcm.SH, "A"))), item(planeAt(1), content(set(dcm.StackID, dcm.SH, "A"))),
			item(planeAt(0), content(set(dcm.StackID, dcm.SH, "B"))), item(planeAt(1), content(set(dcm.StackID, dcm.SH, "B")))), `volume "stack A": 0 1; volume "stack B": 2 3`},
		"stacks that are echoes": {enhanced(shared, item(planeAt(0), content(set(dcm.StackID, dcm.SH, "A")), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 2.0))),
			item(planeAt(1), content(set(dcm.StackID, dcm.SH, "A")), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 2.0))),
			item(planeAt(0), content(set(dcm.StackID, dcm.SH, "B")), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 4.0))),
			item(planeAt(1), content(set(dcm.StackID, dcm.SH, "B")), within(dcm.MREchoSequence, set(dcm.EffectiveEchoTime, dcm.FD, 4.0)))), `volume "TE 2": 0 1; volume "TE 4": 2 3`},
		"kinds of PET frames": {enhanced(shared, item(planeAt(0), within(tagPETFrameTypeSequence, set(dcm.FrameType, dcm.CS, "ORIGINAL", "PRIMARY", "GATED"))),
			item(planeAt(0), within(tagPETFrameTypeSequence, set(dcm.FrameType, dcm.CS, "ORIGINAL", "PRIMARY", "STATIC")))), `image "ORIGINAL PRIMARY GATED": 0; image "ORIGINAL PRIMARY STATIC": 1`},
		"a stack for each frame": {enhanced(shared, item(planeAt(0), content(set(dcm.StackID, dcm.SH, "1"))), item(planeAt(1), content(set(dcm.StackID, dcm.SH, "2")))), `volume "": 0 1`},
		"frames without a place": {enhanced(shared, item(planeAt(0)), item(), item(planeAt(1)), item()), `volume "1": 0 2; cine "2": 1 3`},
		"too few groups":         {enhanced(shared, item(planeAt(0)), item(planeAt(1))), ``},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "too few groups" {
				c.file.Set(dcm.PerFrameFunctionalGroupsSequence, dcm.SQ, item(planeAt(0)))
				m := one(t, c.file)
				if m.Kind != KindCine || !hasCode(m, project.WarnRead) {
					t.Errorf("%s %+v", m.Kind, m.Warnings)
				}
				return
			}
			if got := frameOrder(imagesOf(t, c.file)); got != c.want {
				t.Errorf("%s\nwant %s", got, c.want)
			}
		})
	}
}

// Where nothing with a name differs, the file's own dimensions tell frames apart, except for those that say where a frame lies.
func TestDimensionsAreTheLastResort(t *testing.T) {
	index := func(z float64, values ...int) *dcm.DataSet {
		return item(planeAt(z), content(set(dcm.DimensionIndexValues, dcm.UL, values)))
	}
	file := enhanced(item(axial(), pixelMeasures()), index(0, 1, 2), index(1, 2, 2), index(0, 1, 1), index(1, 2, 1))
	file.Set(dcm.DimensionIndexSequence, dcm.SQ, item(set(dcm.DimensionIndexPointer, dcm.AT, dcm.ImagePositionPatient)), item(set(dcm.DimensionIndexPointer, dcm.AT, dcm.Tag(0x00211034))))
	if got := frameOrder(imagesOf(t, file)); got != `volume "dimension 1": 2 3; volume "dimension 2": 0 1` {
		t.Error(got)
	}
}

func ms(v ...float64) (out []time.Duration) {
	for _, x := range v {
		out = append(out, time.Duration(math.Round(x*1e6)))
	}
	return out
}

func TestTimesOfACine(t *testing.T) {
	cines := func(edits ...edit) *dcm.DataSet {
		return multi(3, append([]edit{without(dcm.PixelSpacing), set(dcm.Modality, dcm.CS, "US")}, edits...)...)
	}
	frameTime, vector := set(dcm.FrameTime, dcm.DS, 40), set(dcm.FrameTimeVector, dcm.DS, 0, 30, 50)
	pointsTo := func(tags ...dcm.Tag) edit { return set(dcm.FrameIncrementPointer, dcm.AT, tagsAsAny(tags)...) }
	for name, c := range map[string]struct {
		file          *dcm.DataSet
		times, starts []time.Duration
	}{
		"frame time":                            {cines(frameTime, pointsTo(dcm.FrameTime)), ms(40, 40, 40), ms(0, 40, 80)},
		"a vector, its first entry not counted": {cines(set(dcm.FrameTimeVector, dcm.DS, 99, 30, 50), pointsTo(dcm.FrameTimeVector)), ms(30, 50, 50), ms(0, 30, 80)},
		"both, the pointer names the time":      {cines(frameTime, vector, pointsTo(dcm.FrameTime)), ms(40, 40, 40), ms(0, 40, 80)},
		"both, the pointer names the vector":    {cines(frameTime, vector, pointsTo(dcm.FrameTimeVector)), ms(30, 50, 50), ms(0, 30, 80)},
		"no pointer":                            {cines(frameTime), ms(40, 40, 40), ms(0, 40, 80)},
		"a vector of another length":            {cines(set(dcm.FrameTimeVector, dcm.DS, 0, 30), pointsTo(dcm.FrameTimeVector)), nil, nil},
		"a vector that stands still":            {cines(set(dcm.FrameTimeVector, dcm.DS, 0, 30, 0), pointsTo(dcm.FrameTimeVector)), nil, nil},
		"a negative time":                       {cines(set(dcm.FrameTime, dcm.DS, -40), pointsTo(dcm.FrameTime)), nil, nil},
		"the rate it was taken at":              {cines(set(dcm.CineRate, dcm.IS, 25)), ms(40, 40, 40), nil},
		"the rate it should be played at":       {cines(frameTime, pointsTo(dcm.FrameTime), set(dcm.CineRate, dcm.IS, 25), set(dcm.RecommendedDisplayFrameRate, dcm.IS, 10)), ms(100, 100, 100), ms(0, 40, 80)},
		"no rate":                               {cines(set(dcm.CineRate, dcm.IS, 0)), nil, nil},
		"a minute a frame is not played":        {cines(set(dcm.FrameTime, dcm.DS, 60000), pointsTo(dcm.FrameTime)), nil, ms(0, 60000, 120000)},
		"nothing":                               {cines(), nil, nil},
	} {
		m := one(t, c.file)
		if m.Kind != KindCine || !slices.Equal(m.FrameTimes, c.times) || !slices.Equal(m.FrameStarts, c.starts) {
			t.Errorf("%s: %s %v %v, want %v %v", name, m.Kind, m.FrameTimes, m.FrameStarts, c.times, c.starts)
		}
	}
}

func tagsAsAny(tags []dcm.Tag) (out []any) {
	for _, t := range tags {
		out = append(out, t)
	}
	return out
}

func TestTimesOfAnEnhancedRun(t *testing.T) {
	at := func(moment string) *dcm.DataSet { return item(content(set(tagFrameReferenceDateTime, dcm.DT, moment))) }
	run := func(own ...*dcm.DataSet) *dcm.DataSet {
		d := enhanced(item(), own...)
		d.Set(dcm.Modality, dcm.CS, "XA").Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.12.1.1")
		return d
	}
	for name, c := range map[string]struct {
		file *dcm.DataSet
		want []time.Duration
	}{
		"the moments of frames":     {run(at("20240101235959.9"), at("20240102000000.0"), at("20240102000000.25")), ms(0, 100, 350)},
		"with an offset from UTC":   {run(at("20240101235959.9+0100"), at("20240102000000.0+0100"), at("20240101230000.25+0000")), ms(0, 100, 350)},
		"moments that go backwards": {run(at("20240101120001"), at("20240101120000")), nil},
		"one moment is missing":     {run(at("20240101120001"), item()), nil},
		"what is no moment":         {run(at("2024"), at("2025")), nil},
	} {
		if m := one(t, c.file); !slices.Equal(m.FrameStarts, c.want) {
			t.Errorf("%s: %v, want %v", name, m.FrameStarts, c.want)
		}
	}
}

func TestTimesOfTheTestImages(t *testing.T) {
	data := sharedData(t)
	for name, want := range map[string]time.Duration{"US-PAL-8-10x-echo.dcm": ms(76)[0], "examples_ybr_color.dcm": ms(33.333)[0]} {
		m := onlySeries(t, scan(t, data+"/2d/"+name)).Volumes[0]
		if len(m.FrameTimes) != len(m.Slices) || m.FrameTimes[0] != want {
			t.Errorf("%s: %v, want %v", name, m.FrameTimes, want)
		}
	}
}

func TestLocalizersStandApart(t *testing.T) {
	overview := set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "LOCALIZER")
	all := imagesOf(t, picture(number(1), at(50), overview), picture(number(2), at(0)), picture(number(3), at(1)))
	if got := labels(all); got != "localizer: 1; : 2" || !all[0].Localizer || all[1].Localizer || all[0].Unit != "" || all[1].Unit != "HU" {
		t.Errorf("%s, units %q and %q", got, all[0].Unit, all[1].Unit)
	}
}
