package dcm

import (
	"encoding/binary"
	"fmt"
	"math"
)

// testSlice returns a complete CT image: a disc of noise in air, with the elements of a scanner's header.
func testSlice(rows, columns int) *DataSet {
	pixels := make([]byte, 2*rows*columns)
	seed := uint32(1)
	for n := range rows * columns {
		seed = seed*1664525 + 1013904223
		x, y := float64(n%columns)/float64(columns)-0.5, float64(n/columns)/float64(rows)-0.5
		v := int16(-1000)
		if math.Hypot(x, y) < 0.4 {
			v = int16(40 + int(seed>>27))
		}
		binary.LittleEndian.PutUint16(pixels[2*n:], uint16(v))
	}
	d := testHeader(rows, columns)
	return d.Set(PixelData, OW, pixels)
}

func testHeader(rows, columns int) *DataSet {
	d := NewDataSet().
		Set(ImageType, CS, "ORIGINAL", "PRIMARY", "AXIAL").
		Set(SOPClassUID, UI, "1.2.840.10008.5.1.4.1.1.2").Set(SOPInstanceUID, UI, "2.25.1234567890.1").
		Set(StudyDate, DA, "20240102").Set(ContentDate, DA, "20240102").Set(StudyTime, TM, "101112").Set(ContentTime, TM, "101112").
		Set(AccessionNumber, SH).Set(Modality, CS, "CT").Set(Manufacturer, LO, "Hotlight").Set(ReferringPhysicianName, PN).
		Set(StudyDescription, LO, "Trunk").Set(SeriesDescription, LO, "Axial 2.5").
		Set(PatientName, PN, "Phantom^Test").Set(PatientID, LO, "P1").Set(PatientBirthDate, DA, "19700101").Set(PatientSex, CS, "O").
		Set(SliceThickness, DS, 2.5).Set(KVP, DS, 120).Set(GantryDetectorTilt, DS, 0).Set(ConvolutionKernel, SH, "B30f").
		Set(PatientPosition, CS, "HFS").Set(Laterality, CS).
		Set(StudyInstanceUID, UI, "2.25.1234567890.2").Set(SeriesInstanceUID, UI, "2.25.1234567890.3").Set(StudyID, SH, "1").
		Set(SeriesNumber, IS, 2).Set(AcquisitionNumber, IS, 1).Set(InstanceNumber, IS, 7).
		Set(ImagePositionPatient, DS, -180.0, -175.5, 12.5).Set(ImageOrientationPatient, DS, 1, 0, 0, 0, 1, 0).
		Set(FrameOfReferenceUID, UI, "2.25.1234567890.4").Set(PositionReferenceIndicator, LO).
		Set(SamplesPerPixel, US, 1).Set(PhotometricInterpretation, CS, "MONOCHROME2").Set(Rows, US, rows).Set(Columns, US, columns).
		Set(PixelSpacing, DS, 0.703125, 0.703125).Set(BitsAllocated, US, 16).Set(BitsStored, US, 16).Set(HighBit, US, 15).Set(PixelRepresentation, US, 1).
		Set(WindowCenter, DS, 40).Set(WindowWidth, DS, 400).Set(RescaleIntercept, DS, 0).Set(RescaleSlope, DS, 1).Set(RescaleType, LO, "HU")
	d.Set(0x00081140, SQ, NewDataSet().Set(ReferencedSOPClassUID, UI, "1.2.840.10008.5.1.4.1.1.2").Set(ReferencedSOPInstanceUID, UI, "2.25.9"))
	d.Set(0x00290010, LO, "HOTLIGHT TEST")
	for n := range 40 { // scanners write many private elements
		d.Set(Tag(0x00291001+n), LO, fmt.Sprintf("private value %d", n))
	}
	return d
}
