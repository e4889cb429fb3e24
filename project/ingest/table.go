package ingest

import (
	"encoding/binary"
	"math"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// readTable settles whether the values of x go through a Modality LUT (PS3.3 C.11.1), and whether that table can be used.
//
// A file may have either a table or a slope with an intercept. Where it has both, the table is used and the reader is told, as DCMTK and
// pydicom do. Angiography is the exception: with a Pixel Intensity Relationship of LOG or DISP its table leads back to the X-ray intensity and is
// not meant for display (PS3.3 C.8.7.1.1.2); dcm4che leaves it out too.
func (x *instance) readTable(d *dcm.DataSet) {
	if len(d.Items(dcm.ModalityLUTSequence)) == 0 || x.colour() || x.format.Float {
		return
	}
	if r := text(d, dcm.PixelIntensityRelationship); (x.modality == "XA" || x.modality == "RF") && (r == "LOG" || r == "DISP") {
		x.warn(project.WarnRead, "The file's modality table leads back to X-ray intensity and is not for display; the values are as stored.")
		return
	}
	x.table = true
	_, note, err := x.modalityLUT(d)
	switch {
	case err != nil && x.decode == nil:
		x.decode = err
	case note != "":
		x.warn(project.WarnRead, "The modality table %s.", note)
	}
	if d.Has(dcm.RescaleSlope) || d.Has(dcm.RescaleIntercept) {
		x.warn(project.WarnRead, "The file gives both a modality table and a rescale slope; values come from the table.")
	}
}

func (x *instance) modalityLUT(d *dcm.DataSet) (*volume.LUT, string, error) {
	return readLUT(d.Item(dcm.ModalityLUTSequence), dcm.LUTDescriptor, dcm.LUTData, x.format.Signed)
}

// tableUnit names the unit of a Modality LUT's output (0028,3004), empty for unspecified. OD is in thousandths of optical density.
func tableUnit(d *dcm.DataSet) string {
	switch u := text(d.Item(dcm.ModalityLUTSequence), dcm.ModalityLUTType); u {
	case "US":
		return ""
	case "OD":
		return "mOD"
	default:
		return u
	}
}

// lookUp writes the entries that canonical 8- or 16-bit samples src stand for.
func lookUp(dst []uint16, src []byte, l *volume.LUT, format dcm.PixelFormat) error {
	stored, err := storedInts(format)
	if err != nil {
		return err
	}
	last, width := len(l.Entries)-1, format.SampleBytes()
	for n := range dst {
		dst[n] = l.Entries[max(0, min(stored(src[n*width:])-l.First, last))]
	}
	return nil
}

// storedInts returns the function that reads one canonical integer sample of up to 32 bits.
func storedInts(p dcm.PixelFormat) (func([]byte) int, error) {
	order := binary.LittleEndian
	switch {
	case p.Float || p.BitsAllocated > 32:
		return nil, project.Errorf(project.Unsupported, "a table of whole numbers over pixels of %d bits", p.BitsAllocated)
	case p.BitsAllocated == 32 && p.Signed:
		return func(b []byte) int { return int(int32(order.Uint32(b))) }, nil
	case p.BitsAllocated == 32:
		return func(b []byte) int { return int(min(order.Uint32(b), math.MaxInt32)) }, nil // far beyond any table
	case p.BitsAllocated == 16 && p.Signed:
		return func(b []byte) int { return int(int16(order.Uint16(b))) }, nil
	case p.BitsAllocated == 16:
		return func(b []byte) int { return int(order.Uint16(b)) }, nil
	case p.Signed:
		return func(b []byte) int { return int(int8(b[0])) }, nil
	}
	return func(b []byte) int { return int(b[0]) }, nil
}
