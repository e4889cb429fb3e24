package ingest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// program makes headers of a fuzzer's bytes: each byte is a choice, and when they run out the choice is 0.
type program struct{ bytes []byte }

func (p *program) next(of int) int {
	if len(p.bytes) == 0 {
		return 0
	}
	b := p.bytes[0]
	p.bytes = p.bytes[1:]
	return int(b) % of
}

// number is sometimes one that no scanner writes.
func (p *program) number() float64 {
	return []float64{0, 1, 2, 2.5, -3, 0.0004, 1e-9, 1e7, 40, math.NaN(), math.Inf(1), 100.25}[p.next(12)]
}

func (p *program) numbers(of int) (out []float64) {
	for range of {
		out = append(out, p.number())
	}
	return out
}

func (p *program) counts(of int) (out []int) {
	for range of {
		out = append(out, p.next(4))
	}
	return out
}

// groups returns the functional groups of one frame.
func (p *program) groups() *dcm.DataSet {
	d := dcm.NewDataSet()
	if p.next(4) > 0 { // mostly as a scanner writes it
		for _, e := range []edit{planeAt(float64(p.next(5))), axial(), pixelMeasures()} {
			e(d)
		}
	}
	for range p.next(6) {
		switch p.next(12) {
		case 0:
			within(dcm.PlanePositionSequence, set(dcm.ImagePositionPatient, dcm.FD, p.numbers(3)))(d)
		case 1:
			planeAt(float64(p.next(5)))(d)
		case 2:
			axial()(d)
		case 3:
			within(dcm.PlaneOrientationSequence, set(dcm.ImageOrientationPatient, dcm.FD, p.numbers(6)))(d)
		case 4:
			within(dcm.PixelMeasuresSequence, set(dcm.PixelSpacing, dcm.FD, p.numbers(2)))(d)
		case 5:
			content(set(dcm.TemporalPositionIndex, dcm.UL, p.next(3)), set(dcm.StackID, dcm.SH, fmt.Sprint(p.next(3))), set(dcm.DimensionIndexValues, dcm.UL, p.counts(p.next(4))))(d)
		case 6:
			within(dcm.MRDiffusionSequence, set(dcm.DiffusionBValue, dcm.FD, p.number()))(d)
		case 7:
			within(dcm.PixelValueTransformationSequence, set(dcm.RescaleSlope, dcm.FD, p.number()), set(dcm.RescaleIntercept, dcm.FD, p.number()))(d)
		case 8:
			within(dcm.FrameVOILUTSequence, set(dcm.WindowCenter, dcm.FD, p.numbers(2)), set(dcm.WindowWidth, dcm.FD, p.numbers(2)))(d)
		case 9:
			within(tagTriggerSequence, set(dcm.NominalCardiacTriggerDelayTime, dcm.FD, p.number()))(d)
		case 10:
			within(tagTemporalPositionSequence, set(dcm.TemporalPositionTimeOffset, dcm.FD, p.number()))(d)
		case 11:
			content(set(tagFrameReferenceDateTime, dcm.DT, fmt.Sprintf("2024010112%02d00.%d", p.next(60), p.next(9))))(d)
		}
	}
	return d
}

// file returns a file of one to four frames.
func (p *program) file(n int) *dcm.DataSet {
	frames := 1 + p.next(4)
	d := multi(frames, number(n), set(dcm.Modality, dcm.CS, []string{"CT", "MR", "NM", "US", "XA", "MG", "PT", "OT"}[p.next(8)]))
	if p.next(4) > 0 {
		at(float64(p.next(5)))(d)
		set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0)(d)
	}
	for range p.next(8) {
		switch p.next(16) {
		case 0:
			at(float64(p.next(5)))(d)
			set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0)(d)
		case 1:
			set(dcm.ImagePositionPatient, dcm.FD, p.numbers(3))(d)
		case 2:
			set(dcm.ImageOrientationPatient, dcm.FD, p.numbers(6))(d)
		case 3:
			set([]dcm.Tag{dcm.PixelSpacing, dcm.ImagerPixelSpacing, dcm.NominalScannedPixelSpacing}[p.next(3)], dcm.FD, p.numbers(2))(d)
		case 4:
			set(dcm.EstimatedRadiographicMagnificationFactor, dcm.FD, p.number())(d)
		case 5:
			set([]dcm.Tag{dcm.EchoTime, dcm.TriggerTime, dcm.FrameTime, dcm.SpacingBetweenSlices}[p.next(4)], dcm.FD, p.number())(d)
		case 6:
			set([]dcm.Tag{dcm.FrameTimeVector, dcm.GridFrameOffsetVector}[p.next(2)], dcm.FD, p.numbers(p.next(5)))(d)
		case 7:
			set([]dcm.Tag{tagDetectorVector, tagPhaseVector, tagSliceVector, tagTimeSlotVector, tagTimeSliceVector}[p.next(5)], dcm.US, p.counts(p.next(5)))(d)
		case 8:
			set(dcm.FrameIncrementPointer, dcm.AT, []dcm.Tag{dcm.FrameTime, dcm.FrameTimeVector, tagSliceVector, tagTimeSliceVector}[p.next(4)])(d)
		case 9:
			set(tagConcatenationUID, dcm.UI, fmt.Sprintf("2.25.%d", p.next(3)))(d)
			set(tagInConcatenationNumber, dcm.US, p.next(4))(d)
			set(tagConcatenationFrameOffset, dcm.UL, p.next(6))(d)
		case 10:
			set(dcm.SharedFunctionalGroupsSequence, dcm.SQ, p.groups())(d)
		case 11:
			var own []*dcm.DataSet
			for range max(1, frames-p.next(2)) {
				own = append(own, p.groups())
			}
			set(dcm.PerFrameFunctionalGroupsSequence, dcm.SQ, own)(d)
		case 12:
			corners := p.counts(4)
			set(dcm.SequenceOfUltrasoundRegions, dcm.SQ, region(p.next(7), p.next(20), p.next(4), [4]int(corners), p.next(14), p.next(14), p.number(), p.number()))(d)
		case 13:
			set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", []string{"AXIAL", "LOCALIZER", "RECON TOMO", "MOSAIC"}[p.next(4)])(d)
		case 14:
			set(tagDetectorInformation, dcm.SQ, item(set(dcm.ImagePositionPatient, dcm.FD, p.numbers(3)), set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0)))(d)
		case 15:
			set(dcm.AcquisitionNumber, dcm.IS, p.next(3))(d)
		}
	}
	return d
}

// readFrom reads a file in memory as a scan reads one on disk; nil where it is refused.
func readFrom(t testing.TB, raw []byte, path string) *instance {
	f, err := dcm.Read(bytes.NewReader(raw), int64(len(raw)), dcm.Options{HeaderOnly: true})
	if err != nil || isDirectory(f.Data) {
		return nil
	}
	x, err := readInstance(path, int64(len(raw)), f)
	if err != nil {
		if project.KindOf(err) == project.Other {
			t.Errorf("a reason without a kind: %v", err)
		}
		return nil
	}
	return x
}

// checkResult holds for whatever files there are: nothing is shown twice, every slice is a frame of its file, and all of it can be written.
func checkResult(t testing.TB, all []*instance) {
	frames := map[string]int{}
	for _, x := range all {
		for _, f := range x.frames {
			frames[fmt.Sprint(x.path, " ", f.number, " ", f.tileNumber())]++
		}
	}
	r := &Result{Studies: arrange(all)}
	for _, study := range r.Studies {
		for _, s := range study.Series {
			labels := map[string]bool{}
			for _, m := range s.Volumes {
				if labels[m.Label] {
					t.Errorf("two images of a series are called %q", m.Label)
				}
				labels[m.Label] = true
				if len(m.Slices) == 0 || len(m.Slices) != m.Geometry.Size[2] || m.Geometry.IsStack() && len(m.Geometry.PlaneOrigins) != len(m.Slices) {
					t.Errorf("%d slices in a grid of %v", len(m.Slices), m.Geometry.Size)
				}
				if len(m.FrameTimes) > 0 && len(m.FrameTimes) != len(m.Slices) || len(m.FrameStarts) > 0 && len(m.FrameStarts) != len(m.Slices) {
					t.Errorf("%d times, %d starts for %d slices", len(m.FrameTimes), len(m.FrameStarts), len(m.Slices))
				}
				for k, slice := range m.Slices {
					key := fmt.Sprint(slice.Path, " ", slice.Frame, " ", slice.Tile)
					if frames[key]--; frames[key] < 0 {
						t.Errorf("frame %q is shown twice, or is none of its file", key)
					}
					m.Region(k, 1, 1)
				}
			}
		}
	}
	if _, err := json.Marshal(Report(r)); err != nil { // not a number, or infinite
		t.Errorf("the report: %v", err)
	}
	if err := Print(io.Discard, r); err != nil {
		t.Error(err)
	}
}

// Series of any headers come out as something that holds together.
func FuzzGrouping(f *testing.F) {
	for seed := range 24 {
		raw := make([]byte, 60)
		for n := range raw {
			raw[n] = byte(n*n*7 + seed*31 + n*seed*5)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p := &program{raw}
		var all []*instance
		for n := range 1 + p.next(10) {
			var b bytes.Buffer
			if err := dcm.Write(&b, p.file(n+1), dcm.ExplicitLittleEndian); err != nil {
				continue // what cannot be written is not what this looks for
			}
			if x := readFrom(t, b.Bytes(), fmt.Sprint("file ", n)); x != nil {
				all = append(all, x)
			}
		}
		checkResult(t, all)
	})
}

// Whatever is done to a multi-frame file, it is refused or comes out as something that holds together.
func FuzzScanOfMultiFrameFiles(f *testing.F) {
	shared := item(axial(), pixelMeasures())
	dynamic := nuclear(4, "DYNAMIC", tagDetectorVector, []int{1, 2, 1, 2}, tagTimeSliceVector, []int{1, 1, 2, 2})
	for _, d := range []*dcm.DataSet{
		enhanced(shared, item(planeAt(0), content(set(dcm.TemporalPositionIndex, dcm.UL, 1))), item(planeAt(0), content(set(dcm.TemporalPositionIndex, dcm.UL, 2))), item(planeAt(3)), item(planeAt(5))),
		dynamic, mosaic(slicesHeader("3", "0.0", "0.0", "1.0")),
		part(multi(3, set(dcm.Modality, dcm.CS, "XA"), set(dcm.FrameTimeVector, dcm.DS, 0, 30, 40)), "2.25.9", 1, 2, 0),
		ultrasound(region(3, 3, 0, [4]int{20, 15, 39, 29}, 4, 7, 0.005, -2)),
	} {
		f.Add(encode(f, d))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if x := readFrom(t, raw, "file"); x != nil {
			checkResult(t, []*instance{x})
		}
	})
}
