package phantom

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strconv"
	"sync"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

const ctImageStorage = "1.2.840.10008.5.1.4.1.1.2"

// StudyOptions say how a volume is filed. The zero value files it as series 1 of the study of seed 0, in explicit little endian.
type StudyOptions struct {
	Seed              uint64 // of the patient: equal seeds give one patient, one study and one frame of reference
	SeriesNumber      int    // 0 is 1
	SeriesDescription string // empty: the slice spacing and a word for the tissue window
	Syntax            string // a transfer syntax that dcm.Write can write; empty is explicit little endian
}

// WriteDICOM writes one CT Image Storage file a slice into dir, which is made if need be: IM0001.dcm and on, the first slice first. v is a volume of
// Compute. Dates are fixed and the patient's name says that there is none, so the same volume gives the same bytes.
//
// On failure the files it wrote are removed.
func WriteDICOM(ctx context.Context, dir string, v *volume.Volume, o StudyOptions) error {
	if v.Pixel != volume.Int16 || v.IsStack() {
		return project.Errorf(project.Invalid, "only a regular volume of int16 is filed as a phantom")
	}
	o = o.withDefaults(v)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the study's folder: %w", err)
	}
	var mu sync.Mutex
	var failed error
	var written []string
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	share(inner, v.Size[2], func(k int) {
		path := filepath.Join(dir, fmt.Sprintf("IM%04d.dcm", k+1))
		err := writeSlice(path, v, k, o)
		mu.Lock()
		defer mu.Unlock()
		if !errors.Is(err, os.ErrExist) {
			written = append(written, path)
		}
		if err != nil && failed == nil {
			failed = err
			cancel()
		}
	})
	if failed == nil {
		failed = ctx.Err()
	}
	if failed != nil {
		for _, path := range written {
			os.Remove(path)
		}
	}
	return failed
}

func (o StudyOptions) withDefaults(v *volume.Volume) StudyOptions {
	if o.SeriesNumber == 0 {
		o.SeriesNumber = 1
	}
	if o.SeriesDescription == "" {
		o.SeriesDescription = fmt.Sprintf("Trunk %.3g mm portal venous", v.Spacing[2])
	}
	if o.Syntax == "" {
		o.Syntax = dcm.ExplicitLittleEndian
	}
	return o
}

// writeSlice refuses to replace a file.
func writeSlice(path string, v *volume.Volume, k int, o StudyOptions) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return project.Errorf(project.Conflict, "the study's folder already holds a slice of that number: %w", os.ErrExist)
	}
	if err != nil {
		return fmt.Errorf("write slice %d: %w", k+1, err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	w := bufio.NewWriterSize(f, 1<<16)
	if err := dcm.Write(w, header(v, k, o), o.Syntax); err != nil {
		return fmt.Errorf("write slice %d: %w", k+1, err)
	}
	return w.Flush()
}

// header returns slice k as a data set, pixels included.
func header(v *volume.Volume, k int, o StudyOptions) *dcm.DataSet {
	d := dcm.NewDataSet()
	setStudy(d, v, k, o)
	setImage(d, v, k)
	return d
}

// The day on which every phantom was scanned.
const scanDate, scanTime = "20260105", "101500"

func setStudy(d *dcm.DataSet, v *volume.Volume, k int, o StudyOptions) {
	number := strconv.Itoa(o.SeriesNumber)
	d.Set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "AXIAL")
	d.Set(dcm.SOPClassUID, dcm.UI, ctImageStorage)
	series := fmt.Sprintf("series %s %v %v %v %v", number, v.Size, v.Spacing, v.Origin, v.Direction)
	d.Set(dcm.SOPInstanceUID, dcm.UI, uid(o.Seed, fmt.Sprintf("%s instance %d %x", series, k, sha256.Sum256(pixels(v, k)))))
	for _, t := range []dcm.Tag{dcm.StudyDate, dcm.SeriesDate, dcm.AcquisitionDate, dcm.ContentDate} {
		d.Set(t, dcm.DA, scanDate)
	}
	for _, t := range []dcm.Tag{dcm.StudyTime, dcm.SeriesTime, dcm.AcquisitionTime, dcm.ContentTime} {
		d.Set(t, dcm.TM, scanTime)
	}
	d.Set(dcm.AccessionNumber, dcm.SH)
	d.Set(dcm.Modality, dcm.CS, "CT")
	d.Set(dcm.Manufacturer, dcm.LO, "Hotlight")
	d.Set(dcm.ManufacturerModelName, dcm.LO, "computed phantom")
	d.Set(dcm.ReferringPhysicianName, dcm.PN)
	d.Set(dcm.StudyDescription, dcm.LO, "Computed phantom, no patient")
	d.Set(dcm.SeriesDescription, dcm.LO, o.SeriesDescription)
	d.Set(dcm.PatientName, dcm.PN, "PHANTOM^HOTLIGHT")
	d.Set(dcm.PatientID, dcm.LO, fmt.Sprintf("PHANTOM-%d", o.Seed))
	d.Set(dcm.PatientBirthDate, dcm.DA)
	d.Set(dcm.PatientSex, dcm.CS, "O")
	d.Set(dcm.PatientIdentityRemoved, dcm.CS, "YES")
	d.Set(dcm.DeidentificationMethod, dcm.LO, "Computed; there was never a patient")
	d.Set(dcm.ContrastBolusAgent, dcm.LO, "computed")
	d.Set(dcm.BodyPartExamined, dcm.CS, "CHESTABDOMEN")
	d.Set(dcm.PatientPosition, dcm.CS, "HFS")
	d.Set(dcm.StudyInstanceUID, dcm.UI, uid(o.Seed, "study"))
	d.Set(dcm.SeriesInstanceUID, dcm.UI, uid(o.Seed, series))
	d.Set(dcm.StudyID, dcm.SH, "1")
	d.Set(dcm.SeriesNumber, dcm.IS, o.SeriesNumber)
	d.Set(dcm.AcquisitionNumber, dcm.IS, 1)
	d.Set(dcm.InstanceNumber, dcm.IS, k+1)
	d.Set(dcm.FrameOfReferenceUID, dcm.UI, string(v.FrameOfReference))
	d.Set(dcm.PositionReferenceIndicator, dcm.LO)
}

func setImage(d *dcm.DataSet, v *volume.Volume, k int) {
	origin, row, column := v.PlaneOrigin(k), v.Axis(0), v.Axis(1)
	d.Set(dcm.KVP, dcm.DS, 120)
	d.Set(dcm.SliceThickness, dcm.DS, v.Spacing[2])
	d.Set(dcm.SpacingBetweenSlices, dcm.DS, v.Spacing[2])
	d.Set(dcm.ImagePositionPatient, dcm.DS, origin[:])
	d.Set(dcm.ImageOrientationPatient, dcm.DS, []float64{row[0], row[1], row[2], column[0], column[1], column[2]})
	d.Set(dcm.PixelSpacing, dcm.DS, v.Spacing[1], v.Spacing[0])
	d.Set(dcm.SamplesPerPixel, dcm.US, 1)
	d.Set(dcm.PhotometricInterpretation, dcm.CS, "MONOCHROME2")
	d.Set(dcm.Rows, dcm.US, v.Size[1])
	d.Set(dcm.Columns, dcm.US, v.Size[0])
	d.Set(dcm.BitsAllocated, dcm.US, 16)
	d.Set(dcm.BitsStored, dcm.US, 16)
	d.Set(dcm.HighBit, dcm.US, 15)
	d.Set(dcm.PixelRepresentation, dcm.US, 1)
	d.Set(dcm.WindowCenter, dcm.DS, 40, -600)
	d.Set(dcm.WindowWidth, dcm.DS, 400, 1500)
	d.Set(dcm.WindowCenterWidthExplanation, dcm.LO, "Soft tissue", "Lung")
	d.Set(dcm.RescaleIntercept, dcm.DS, v.Intercept)
	d.Set(dcm.RescaleSlope, dcm.DS, v.Slope)
	d.Set(dcm.RescaleType, dcm.LO, "HU")
	d.Set(dcm.PixelData, dcm.OW, pixels(v, k))
}

// pixels returns slice k as little-endian bytes.
func pixels(v *volume.Volume, k int) []byte {
	n := v.Size[0] * v.Size[1]
	out := make([]byte, 0, 2*n)
	for _, value := range v.Int16[k*n : (k+1)*n] {
		out = binary.LittleEndian.AppendUint16(out, uint16(value))
	}
	return out
}

// uid returns a UID under 2.25 that depends on seed and name only: a UUID of version 8 as a decimal number.
//
// Source: DICOM PS3.5 B.2; RFC 9562 section 5.8.
func uid(seed uint64, name string) string {
	sum := sha256.Sum256(fmt.Appendf(nil, "hotlight phantom %d %s", seed, name))
	b := sum[:16]
	b[6] = b[6]&0x0f | 0x80
	b[8] = b[8]&0x3f | 0x80
	return "2.25." + new(big.Int).SetBytes(b).String()
}
