package export

import (
	"fmt"
	"os"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// The SOP classes of DICOM segmentations: of bits, and of label maps.
const (
	segmentationStorage = "1.2.840.10008.5.1.4.1.1.66.4"
	labelMapStorage     = "1.2.840.10008.5.1.4.1.1.66.7"
)

// maxSegVoxels bounds the grid that a segmentation's positions may span.
const maxSegVoxels = 1 << 33

// Segmented is named masks on one grid.
type Segmented struct {
	Geometry volume.Geometry
	Segments []NamedMask
}

// NamedMask is one segment of a file.
type NamedMask struct {
	Number int
	Name   string
	Mask   *segmentation.Mask
}

// ReadSegmentation reads a DICOM segmentation of type BINARY. Its frames lie where their positions say: the grid reaches from the first to the last
// slice that has a frame, slices between without one being empty.
//
// Errors are Invalid (it breaks the format), or Unsupported (fractional or label map segmentations, frames without a position or on no uniform grid).
//
// Source: DICOM PS3.3 A.51, C.8.20.
func ReadSegmentation(path string) (*Segmented, error) {
	f, err := dcm.Open(path, dcm.Options{})
	if err != nil {
		return nil, fmt.Errorf("open the segmentation: %w", bare(err))
	}
	defer f.Close()
	switch class, _ := f.Data.String(dcm.SOPClassUID); class {
	case segmentationStorage:
	case labelMapStorage:
		return nil, project.Errorf(project.Unsupported, "the segmentation is a label map; only BINARY ones are read")
	default:
		return nil, project.Errorf(project.Unsupported, "the DICOM file is no segmentation")
	}
	if kind, _ := f.Data.String(dcm.SegmentationType); kind != "BINARY" {
		return nil, project.Errorf(project.Unsupported, "the segmentation is of type %q; only BINARY ones are read", kind)
	}
	format, err := f.PixelFormat()
	if err != nil {
		return nil, err
	}
	frames := f.Data.Items(dcm.PerFrameFunctionalGroupsSequence)
	if format.Samples != 1 || format.BitsAllocated != 1 || len(frames) != format.Frames {
		return nil, project.Errorf(project.Invalid, "the segmentation has %d frames and describes %d, of %d bits", format.Frames, len(frames), format.BitsAllocated)
	}
	g, slice, err := segGrid(f.Data, frames, format)
	if err != nil {
		return nil, err
	}
	return readSegments(f, frames, g, slice)
}

// readSegments decodes every frame into the mask of its segment.
func readSegments(f *dcm.File, frames []*dcm.DataSet, g volume.Geometry, slice []int) (*Segmented, error) {
	out := &Segmented{Geometry: g}
	build := map[int]*segmentation.Builder{}
	for n, item := range f.Data.Items(dcm.SegmentSequence) {
		number, ok := item.Int(dcm.SegmentNumber)
		if !ok || build[number] != nil {
			return nil, project.Errorf(project.Invalid, "segment %d has no number of its own", n+1)
		}
		label, _ := item.String(dcm.SegmentLabel)
		build[number] = segmentation.NewBuilder(segmentation.NewMask(g.Size))
		out.Segments = append(out.Segments, NamedMask{Number: number, Name: label})
	}
	pixels := make([]uint8, g.Size[0]*g.Size[1])
	for n, item := range frames {
		id := item.Item(dcm.SegmentIdentificationSequence)
		if id.Len() == 0 {
			id = f.Data.Item(dcm.SharedFunctionalGroupsSequence).Item(dcm.SegmentIdentificationSequence)
		}
		number, _ := id.Int(dcm.ReferencedSegmentNumber)
		b := build[number]
		if b == nil {
			return nil, project.Errorf(project.Invalid, "frame %d belongs to no segment", n+1)
		}
		if err := f.DecodeUint8(n, pixels); err != nil {
			return nil, err
		}
		addFrame(b, pixels, g.Size[0], slice[n])
	}
	for n := range out.Segments {
		out.Segments[n].Mask = build[out.Segments[n].Number].Mask()
	}
	return out, nil
}

// addFrame adds the pixels that are not 0 to slice k.
func addFrame(b *segmentation.Builder, pixels []uint8, columns, k int) {
	for j := 0; j*columns < len(pixels); j++ {
		row := pixels[j*columns : (j+1)*columns]
		for from := 0; from < len(row); from++ {
			if row[from] == 0 {
				continue
			}
			to := from
			for to+1 < len(row) && row[to+1] != 0 {
				to++
			}
			b.SetRow(from, to, j, k)
			from = to
		}
	}
}

// IsDICOM reports whether the file has DICOM's mark after its preamble.
func IsDICOM(path string) (bool, error) {
	f, err := os.Open(path)
	if err != nil {
		return false, fmt.Errorf("open the file: %w", bare(err))
	}
	defer f.Close()
	mark := make([]byte, 4)
	n, _ := f.ReadAt(mark, 128)
	return n == 4 && string(mark) == "DICM", nil
}
