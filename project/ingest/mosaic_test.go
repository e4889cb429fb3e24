package ingest

import (
	"context"
	"encoding/binary"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// csa encodes Siemens' own header in its second form; elements come as name, value, value ...
func csa(elements ...[]string) []byte {
	b := append([]byte("SV10\x04\x03\x02\x01"), binary.LittleEndian.AppendUint32(nil, uint32(len(elements)))...)
	b = binary.LittleEndian.AppendUint32(b, 77)
	for _, e := range elements {
		name := make([]byte, 64)
		copy(name, e[0])
		b = append(b, name...)
		for _, n := range []int{len(e) - 1, int('F') | int('D')<<8, 4, len(e) - 1 + 1, 77} { // one item more than values, as the scanners write
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
		for _, value := range append(e[1:len(e):len(e)], "") {
			for _, n := range []int{len(value), len(value), 77, len(value)} {
				b = binary.LittleEndian.AppendUint32(b, uint32(n))
			}
			b = append(b, value...)
			b = append(b, make([]byte, (4-len(value)%4)%4)...)
		}
	}
	return b
}

// mosaic returns three slices of 2 x 2 in a picture of 4 x 4 whose stored values are 0 to 15; the pixel is 0.5 mm wide and 1 mm high.
func mosaic(header []byte, edits ...edit) *dcm.DataSet {
	pixels := make([]byte, 32)
	for n := range 16 {
		pixels[2*n] = byte(n)
	}
	return picture(append([]edit{set(dcm.Modality, dcm.CS, "MR"), set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "M", "ND", "MOSAIC"), set(dcm.Rows, dcm.US, 4), set(dcm.Columns, dcm.US, 4),
		set(dcm.PixelSpacing, dcm.DS, 1, 0.5), set(dcm.SpacingBetweenSlices, dcm.DS, 3), set(dcm.PixelData, dcm.OW, pixels), without(dcm.RescaleSlope, dcm.RescaleIntercept),
		set(0x00290010, dcm.LO, "SIEMENS CSA HEADER"), set(0x00291010, dcm.OB, header)}, edits...)...)
}

func slicesHeader(count string, normal ...string) []byte {
	return csa([]string{"EchoLinePosition", "32"}, []string{"NumberOfImagesInMosaic", count}, append([]string{"SliceNormalVector"}, normal...))
}

func TestAMosaicIsTheVolumeThatItHolds(t *testing.T) {
	m := one(t, mosaic(slicesHeader("3", "0.0", "0.0", "1.0")))
	// The position in the file is that of a picture of 4 x 4 round the same centre: half of the difference of 2 pixels inwards.
	if m.Kind != KindVolume || m.Geometry.Size != [3]int{2, 2, 3} || m.Geometry.Origin != (volume.Point{-9.5, -19, 0}) || m.Geometry.Spacing != (mgl64.Vec3{0.5, 1, 3}) {
		t.Fatalf("%s %+v %+v", m.Kind, m.Geometry, m.Warnings)
	}
	stored := func(m *Image) (out []float64) {
		l, err := Load(context.Background(), m, LoadOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := l.Wait(); err != nil || len(l.Failed()) > 0 {
			t.Fatal(err, l.Failed())
		}
		for n := range l.Volume().Voxels() {
			out = append(out, l.Volume().StoredAt(n))
		}
		return out
	}
	if got := fmt.Sprint(stored(m)); got != "[0 1 4 5 2 3 6 7 8 9 12 13]" {
		t.Errorf("tiles row by row: %s", got)
	}
	// Slices that go towards the feet are put in order of growing position, like all slices.
	m = one(t, mosaic(slicesHeader("3", "0.0", "0.0", "-1.0")))
	if m.Kind != KindVolume || m.Geometry.Origin != (volume.Point{-9.5, -19, -6}) || m.Slices[0].Tile != 3 || m.Slices[2].Tile != 1 {
		t.Errorf("reversed: %+v %+v", m.Geometry, m.Slices)
	}
	if got := fmt.Sprint(stored(m)); got != "[8 9 12 13 2 3 6 7 0 1 4 5]" {
		t.Errorf("reversed: %s", got)
	}
	// A time series of mosaics: one volume each.
	again := func(n int) edit {
		return func(d *dcm.DataSet) { number(n)(d); d.Set(dcm.AcquisitionNumber, dcm.IS, n) }
	}
	if got := labels(imagesOf(t, mosaic(slicesHeader("3", "0.0", "0.0", "1.0"), again(1)), mosaic(slicesHeader("3", "0.0", "0.0", "1.0"), again(2)))); got != "acquisition 1: 3; acquisition 2: 3" {
		t.Errorf("two mosaics: %s", got)
	}
	sums, err := HashSources(context.Background(), m, nil)
	if err != nil || len(sums) != 1 {
		t.Errorf("%d files for one mosaic, %v", len(sums), err)
	}
}

func TestMosaicsThatDoNotSayEnoughStayPictures(t *testing.T) {
	good := slicesHeader("3", "0.0", "0.0", "1.0")
	for name, d := range map[string]*dcm.DataSet{
		"no header":                     mosaic(nil),
		"a header of another form":      mosaic(append([]byte("XX"), good...)),
		"no number":                     mosaic(slicesHeader("0", "0.0", "0.0", "1.0")),
		"a number that does not fit":    mosaic(slicesHeader("9", "0.0", "0.0", "1.0")),
		"a number beyond reason":        mosaic(slicesHeader("999999999", "0.0", "0.0", "1.0")),
		"no direction":                  mosaic(slicesHeader("3")),
		"a direction along the rows":    mosaic(slicesHeader("3", "1.0", "0.0", "0.0")),
		"a direction that is no unit":   mosaic(slicesHeader("3", "0.0", "0.0", "2.0")),
		"no spacing":                    mosaic(good, without(dcm.SpacingBetweenSlices)),
		"no position":                   mosaic(good, without(dcm.ImagePositionPatient)),
		"no pixel size":                 mosaic(good, without(dcm.PixelSpacing)),
		"a header that is cut":          mosaic(good[:len(good)-70]),
		"nothing says that it is a one": mosaic(slicesHeader("1", "0.0", "0.0", "1.0")),
	} {
		m := one(t, d)
		if m.Kind != KindImage || m.Geometry.Size != [3]int{4, 4, 1} || !m.Geometry.NoPosition || !hasCode(m, project.WarnNoGeometry) {
			t.Errorf("%s: %s %+v", name, m.Kind, m.Geometry)
		}
	}
}

// dcm2niix's result for the same file: 64 x 64 x 36, its affine turned to LPS and to the first row; project/export compares every voxel.
func TestTheMosaicOfTheTestImages(t *testing.T) {
	m := onlySeries(t, scan(t, filepath.Join(sharedData(t), "enh", "mr-mosaic.dcm"))).Volumes[0]
	g := &m.Geometry
	if m.Kind != KindVolume || g.Size != [3]int{64, 64, 36} || !near(g.Origin[:], []float64{-102.5, -128.871376, -48.637108}) || !near(g.Spacing[:], []float64{3.203125, 3.203125, 3.6}) {
		t.Errorf("%s %+v", m.Kind, g)
	}
	if !near([]float64{g.Direction.At(1, 2), g.Direction.At(2, 2)}, []float64{0.1236014784, 0.9923319377}) {
		t.Errorf("direction %v", g.Direction)
	}
}

// A foreign header can break nothing, and what is read of it are finite numbers.
func FuzzCSAHeader(f *testing.F) {
	f.Add(slicesHeader("3", "0.0", "0.0", "1.0"))
	f.Add([]byte("SV10\x04\x03\x02\x01\xff\xff\xff\xff\x4d\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		d := dcm.NewDataSet().Set(0x00290010, dcm.LO, "SIEMENS CSA HEADER").Set(0x00291010, dcm.OB, raw)
		for name, values := range csaHeader(d) {
			if len(name) > 64 || !finite(values) {
				t.Errorf("%q: %v", name, values)
			}
		}
	})
}
