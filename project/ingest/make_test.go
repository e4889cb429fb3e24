package ingest

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// Edits of a test image.
type edit func(d *dcm.DataSet)

func set(t dcm.Tag, vr dcm.VR, values ...any) edit {
	return func(d *dcm.DataSet) { d.Set(t, vr, values...) }
}

func without(tags ...dcm.Tag) edit {
	return func(d *dcm.DataSet) {
		for _, t := range tags {
			d.Delete(t)
		}
	}
}

// at places an axial slice at height z.
func at(z float64) edit { return set(dcm.ImagePositionPatient, dcm.DS, -10.0, -20.0, z) }

// number gives the slice an Instance Number and a UID of its own.
func number(n int) edit {
	return func(d *dcm.DataSet) {
		d.Set(dcm.InstanceNumber, dcm.IS, n).Set(dcm.SOPInstanceUID, dcm.UI, fmt.Sprintf("2.25.77.%d", n))
	}
}

// picture returns a 4 x 3 CT slice whose stored values are 0 to 11, changed by edits.
func picture(edits ...edit) *dcm.DataSet {
	pixels := make([]byte, 24)
	for n := range 12 {
		binary.LittleEndian.PutUint16(pixels[2*n:], uint16(n))
	}
	d := dcm.NewDataSet().
		Set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "AXIAL").
		Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.2").Set(dcm.SOPInstanceUID, dcm.UI, "2.25.77.1").
		Set(dcm.StudyDate, dcm.DA, "20240102").Set(dcm.Modality, dcm.CS, "CT").
		Set(dcm.StudyDescription, dcm.LO, "Trunk").Set(dcm.SeriesDescription, dcm.LO, "Axial").
		Set(dcm.StudyInstanceUID, dcm.UI, "2.25.77.100").Set(dcm.SeriesInstanceUID, dcm.UI, "2.25.77.200").
		Set(dcm.SeriesNumber, dcm.IS, 2).Set(dcm.InstanceNumber, dcm.IS, 1).
		Set(dcm.ImagePositionPatient, dcm.DS, -10.0, -20.0, 0.0).Set(dcm.ImageOrientationPatient, dcm.DS, 1, 0, 0, 0, 1, 0).
		Set(dcm.FrameOfReferenceUID, dcm.UI, "2.25.77.300").
		Set(dcm.SamplesPerPixel, dcm.US, 1).Set(dcm.PhotometricInterpretation, dcm.CS, "MONOCHROME2").Set(dcm.Rows, dcm.US, 3).Set(dcm.Columns, dcm.US, 4).
		Set(dcm.PixelSpacing, dcm.DS, 0.5, 0.25). // 0.5 mm between rows, 0.25 mm between columns
		Set(dcm.BitsAllocated, dcm.US, 16).Set(dcm.BitsStored, dcm.US, 16).Set(dcm.HighBit, dcm.US, 15).Set(dcm.PixelRepresentation, dcm.US, 1).
		Set(dcm.RescaleIntercept, dcm.DS, -1024).Set(dcm.RescaleSlope, dcm.DS, 1).
		Set(dcm.PixelData, dcm.OW, pixels)
	for _, e := range edits {
		e(d)
	}
	return d
}

// encode returns the file of d in explicit little endian.
func encode(t testing.TB, d *dcm.DataSet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := dcm.Write(&b, d, dcm.ExplicitLittleEndian); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func save(t testing.TB, path string, raw []byte) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, raw, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// folder writes the pictures to a new folder, named so that path order is not slice order.
func folder(t testing.TB, pictures ...*dcm.DataSet) string {
	t.Helper()
	dir := t.TempDir()
	for n, d := range pictures {
		save(t, filepath.Join(dir, fmt.Sprintf("%03d", (n*37)%1000)), encode(t, d))
	}
	return dir
}

// imagesOf scans pictures, which make one series, and returns its images.
func imagesOf(t testing.TB, pictures ...*dcm.DataSet) []*Image {
	t.Helper()
	return onlySeries(t, scan(t, folder(t, pictures...))).Volumes
}

// one returns the only image of the pictures.
func one(t testing.TB, pictures ...*dcm.DataSet) *Image {
	t.Helper()
	all := imagesOf(t, pictures...)
	if len(all) != 1 {
		t.Fatalf("%d images, want 1", len(all))
	}
	return all[0]
}

func hasCode(m *Image, code project.WarningCode) bool {
	for _, w := range m.Warnings {
		if w.Code == code {
			return true
		}
	}
	return false
}
