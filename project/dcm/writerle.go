package dcm

import (
	"github.com/suyashkumar/dicom"
	"github.com/suyashkumar/dicom/pkg/frame"
	"github.com/suyashkumar/dicom/pkg/tag"

	"hotlight/project"
	"hotlight/project/dcm/rle"
)

// encodePixels replaces the native pixel data in body by RLE fragments, one a frame, with an offset table.
func encodePixels(d *DataSet, body []*dicom.Element) error {
	native, ok := d.Bytes(PixelData)
	if !ok {
		return project.Errorf(project.NotFound, "there are no pixel data to encode")
	}
	f := &File{Data: d, Syntax: ExplicitLittleEndian, src: newMemorySource(nil)}
	f.pixels = pixelElement{found: true, tag: PixelData, length: int64(len(native)), declared: int64(len(native))}
	p, err := f.PixelFormat()
	if err != nil {
		return err
	}
	if p.Planar == 1 || p.BitsAllocated == 1 || len(native) < p.Frames*p.FrameBytes() {
		return project.Errorf(project.Unsupported, "these pixel data cannot be encoded as RLE: colour by plane, single bits, or too short")
	}
	info := dicom.PixelDataInfo{IsEncapsulated: true}
	offset := uint32(0)
	for n := range p.Frames {
		shape := rle.Shape{Pixels: p.Rows * p.Columns, Samples: p.Samples, Bytes: p.SampleBytes()}
		b, err := rle.Encode(nil, native[n*p.FrameBytes():(n+1)*p.FrameBytes()], shape, p.Rows)
		if err != nil {
			return project.Errorf(project.Invalid, "frame %d: %w", n, err)
		}
		info.Offsets = append(info.Offsets, offset)
		offset += uint32(len(b)) + 8
		info.Frames = append(info.Frames, &frame.Frame{Encapsulated: true, EncapsulatedData: frame.EncapsulatedFrame{Data: b}})
	}
	value, err := dicom.NewValue(info)
	if err != nil {
		return project.Errorf(project.Invalid, "pixel data: %w", err)
	}
	for _, e := range body {
		if e.Tag == tag.PixelData {
			e.Value, e.ValueLength, e.RawValueRepresentation = value, tag.VLUndefinedLength, "OB"
		}
	}
	return nil
}
