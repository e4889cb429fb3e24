package ingest

import (
	"bytes"
	"path/filepath"
	"testing"

	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// TestCompressedFilesLoad loads real JPEG and JPEG-LS files and compares every slice with what dcm decodes of it.
func TestCompressedFilesLoad(t *testing.T) {
	data := sharedData(t)
	for _, c := range []struct {
		file  string
		pixel volume.Pixel
	}{
		{"2d/examples_ybr_color.dcm", volume.RGB8}, // YBR_FULL_422 with chroma of half the resolution both ways, 30 frames
		{"ts/testpattern/TestPattern_JPEG-Baseline_YBRFull.dcm", volume.RGB8},
		{"ts/testpattern/TestPattern_JPEG-Lossless_RGB.dcm", volume.RGB8},
		{"ts/ctimage/JPEGProcess14SV1_1.2.840.10008.1.2.4.70.dcm", volume.Int16},
		{"ts/fragments-multiframe/CT0012.fragmented_no_bot_jpeg_lossless.57.dcm", volume.Uint16},
		{"enh/emri_small_jpeg_ls_lossless.dcm", volume.Uint16},
		{"2d/mg-ge.dcm", volume.Uint16},
	} {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			path := filepath.Join(data, c.file)
			series := onlySeries(t, scan(t, path))
			m := series.Volumes[0]
			if m.Pixel != c.pixel {
				t.Fatalf("the volume holds %v, want %v; warnings %v", m.Pixel, c.pixel, m.Warnings)
			}
			v := load(t, m)
			f, err := dcm.Open(path, dcm.Options{})
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			p, err := f.PixelFormat()
			if err != nil {
				t.Fatal(err)
			}
			frame, plane := make([]byte, p.FrameBytes()), v.Size[0]*v.Size[1]
			for k := range v.Size[2] {
				if err := f.DecodeFrame(m.frames[k].number, frame); err != nil {
					t.Fatal(err)
				}
				if p.Photometric != "RGB" && p.Samples == 3 {
					dcm.RGBFromYBR(frame)
				}
				if !bytes.Equal(sliceBytes(v, k*plane, plane), frame) {
					t.Errorf("slice %d differs", k)
				}
			}
		})
	}
}
