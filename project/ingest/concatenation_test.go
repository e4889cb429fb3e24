package ingest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// part returns part n of an image in several files, with frames after offset others; number and total may be 0 for nothing said.
func part(file *dcm.DataSet, uid string, n, total, offset int) *dcm.DataSet {
	number(n)(file)
	file.Set(dcm.InstanceNumber, dcm.IS, 1).Set(tagConcatenationUID, dcm.UI, uid).Set(tagConcatenationFrameOffset, dcm.UL, offset)
	file.Set(dcm.SOPInstanceUID, dcm.UI, fmt.Sprintf("2.25.77.%d", 100-n)) // so that UIDs are in another order
	if total > 0 {
		file.Set(tagInConcatenationNumber, dcm.US, n).Set(tagInConcatenationTotal, dcm.US, total)
	}
	return file
}

func TestTheFilesOfAConcatenationAreOneImage(t *testing.T) {
	run := func(frames int) *dcm.DataSet {
		return multi(frames, set(dcm.Modality, dcm.CS, "XA"), without(dcm.PixelSpacing, dcm.RescaleSlope, dcm.RescaleIntercept), set(dcm.FrameTime, dcm.DS, 40))
	}
	m := one(t, part(run(2), "2.25.9", 3, 3, 5), part(run(3), "2.25.9", 1, 3, 0), part(run(2), "2.25.9", 2, 3, 3))
	if got := frameOrder([]*Image{m}); got != `cine "": 0 1 2 0 1 0 1` || len(m.FrameTimes) != 7 || hasCode(m, project.WarnMissingPart) {
		t.Errorf("%s, times %v, %+v", got, m.FrameTimes, m.Warnings)
	}
	if m.Slices[0].Instance != "2.25.77.99" || m.Slices[3].Instance != "2.25.77.98" || m.Slices[6].Instance != "2.25.77.97" {
		t.Errorf("%+v", m.Slices)
	}
	l, err := Load(context.Background(), m, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Wait(); err != nil || l.Volume().StoredAt(12) != 12 || l.Volume().StoredAt(3*12) != 0 {
		t.Errorf("loaded: %v", err)
	}

	groups := func(z ...float64) *dcm.DataSet {
		var own []*dcm.DataSet
		for _, z := range z {
			own = append(own, item(planeAt(z)))
		}
		return enhanced(item(axial(), pixelMeasures()), own...)
	}
	m = one(t, part(groups(2, 3), "2.25.9", 2, 2, 2), part(groups(0, 1), "2.25.9", 1, 2, 0))
	if m.Kind != KindVolume || m.Geometry.Size[2] != 4 || hasCode(m, project.WarnMissingPart) {
		t.Errorf("%s %v %+v", m.Kind, m.Geometry.Size, m.Warnings)
	}
	two := imagesOf(t, part(run(2), "2.25.9", 1, 1, 0), part(run(2), "2.25.10", 2, 0, 0))
	if len(two) != 2 {
		t.Errorf("two concatenations are two images, not %d", len(two))
	}
}

func TestMissingPartsAreNamed(t *testing.T) {
	run := func() *dcm.DataSet { return multi(2, set(dcm.Modality, dcm.CS, "XA"), without(dcm.PixelSpacing)) }
	for want, parts := range map[string][]*dcm.DataSet{
		"number 2 of 3 is missing":                     {part(run(), "2.25.9", 1, 3, 0), part(run(), "2.25.9", 3, 3, 4)},
		"numbers 1, 3 of 3 are missing":                {part(run(), "2.25.9", 2, 3, 2)},
		"7 of 9 are missing":                           {part(run(), "2.25.9", 2, 9, 2), part(run(), "2.25.9", 9, 9, 16)},
		"some are missing: frames 3 to 6 are not here": {part(run(), "2.25.9", 1, 0, 0), part(run(), "2.25.9", 2, 0, 6)},
		"some are missing: frames 1 to 2 are not here": {part(run(), "2.25.9", 1, 0, 2), part(run(), "2.25.9", 2, 0, 4)},
	} {
		m := one(t, parts...)
		if !strings.Contains(texts(m.Warnings), "missing_part: The image is stored in several files, of which "+want+".") {
			t.Errorf("%s: %s", want, texts(m.Warnings))
		}
	}
}
