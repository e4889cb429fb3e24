package dcm

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/rle"
)

// seeds are small files of every kind that the reader knows.
func seeds(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "*.dcm"))
	if err != nil || len(files) == 0 {
		t.Fatal("no testdata", err)
	}
	out := map[string][]byte{}
	for _, path := range files {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[filepath.Base(path)] = b
	}
	return out
}

// FuzzRead: no bytes panic, take memory or time out of proportion, or give an error of several lines.
func FuzzRead(f *testing.F) {
	for _, b := range seeds(f) {
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) { exercise(t, b) })
}

// FuzzFrame: pixel data of any form and content, under any header, give a frame in canonical form or an error.
func FuzzFrame(f *testing.F) {
	packed, err := rle.Encode(nil, []byte(u16(1, 2, 3, 4)), rle.Shape{Pixels: 4, Samples: 1, Bytes: 2}, 2)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed, uint16(2), uint16(2), byte(1), byte(16), byte(12), byte(11), byte(1), byte(0))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, uint16(2), uint16(2), byte(1), byte(16), byte(12), byte(15), byte(3), byte(1))
	f.Add([]byte{1, 2, 3, 4, 5, 6, 7, 8}, uint16(2), uint16(2), byte(3), byte(8), byte(8), byte(7), byte(0), byte(2))
	f.Add([]byte{0x55}, uint16(2), uint16(3), byte(1), byte(1), byte(1), byte(0), byte(0), byte(3))
	for n, path := range []string{"jpeg/testdata/ybr8-420-restart.jpg", "jpeg/testdata/grey12-progressive.jpg", "jpegll/testdata/grey16-sv6.ljpeg", "jpegls/testdata/rgb8-lines.jls"} {
		b, rows, columns, samples, allocated := stream(f, path), uint16(21), uint16(35), byte(1), byte(16)
		if n > 1 {
			rows, columns = 13, 17
		}
		if n%3 == 0 {
			samples, allocated = 3, 8
		}
		f.Add(b, rows, columns, samples, allocated, allocated, allocated-1, byte(0), byte(8+16*n))
	}
	for n, style := range []encode.Style{0, encode.HighThroughput} {
		m := wave(12+4*n, n == 1, 1)
		b, _ := coded(f, m, encode.Options{Coding: encode.Coding{Levels: 2, Style: style}}, 2)
		f.Add(b, uint16(13), uint16(17), byte(1), byte(16), byte(12+4*n), byte(11+4*n), byte(n), byte(72))
	}
	photometrics := []string{"MONOCHROME2", "RGB", "YBR_FULL_422", "PALETTE COLOR"}
	f.Fuzz(func(t *testing.T, b []byte, rows, columns uint16, samples, allocated, stored, high, flags, form byte) {
		file := &File{Syntax: ExplicitLittleEndian, src: newMemorySource(b), Data: NewDataSet().
			Set(Rows, US, int(rows)).Set(Columns, US, int(columns)).Set(SamplesPerPixel, US, int(samples)).
			Set(BitsAllocated, US, int(allocated)).Set(BitsStored, US, int(stored)).Set(HighBit, US, int(high)).
			Set(PixelRepresentation, US, int(flags&1)).Set(PlanarConfiguration, US, int(flags>>1&1)).
			Set(NumberOfFrames, IS, 1+int(flags>>2&3)).Set(PhotometricInterpretation, CS, photometrics[form>>1&3])}
		file.pixels = pixelElement{found: true, tag: PixelData, vr: OW, length: int64(len(b)), declared: int64(len(b)), big: flags>>4&1 == 1}
		if form&1 == 0 {
			file.Syntax = RLELossless
			if form>>3&1 == 1 {
				file.Syntax = []string{JPEGBaseline, JPEGProgressive, JPEGLossless, JPEGLSNear}[form>>4&3]
				if form>>6&1 == 1 {
					file.Syntax = JPEG2000
				}
			}
			file.pixels.enclosed = true
			half := uint32(len(b) / 2)
			file.pixels.fragments = &fragments{list: []fragment{{0, half}, {int64(half), uint32(len(b)) - half}}, table: []uint32{0, half}}
		}
		p, err := file.PixelFormat()
		if err != nil || p.FrameBytes() > 1<<22 {
			return
		}
		frame := make([]byte, p.FrameBytes())
		for n := range p.Frames {
			if file.DecodeFrame(n, frame) == nil {
				checkCanonical(t, frame, p)
			}
		}
	})
}

// checkCanonical fails when a sample has bits beyond Bits Stored that are not its sign.
func checkCanonical(t *testing.T, frame []byte, p PixelFormat) {
	for ; len(frame) > 0; frame = frame[p.SampleBytes():] {
		var v int64
		switch p.SampleBytes() {
		case 1:
			v = int64(int8(frame[0]))
		case 2:
			v = int64(int16(binary.LittleEndian.Uint16(frame)))
		case 4:
			v = int64(int32(binary.LittleEndian.Uint32(frame)))
		}
		rest := v >> p.BitsStored
		if p.Signed && p.BitsAllocated > 1 {
			rest = v >> (p.BitsStored - 1)
		}
		if p.BitsStored < 8*p.SampleBytes() && rest != 0 && !(p.Signed && rest == -1) {
			t.Fatalf("sample %x has bits beyond %d, format %+v", v, p.BitsStored, p)
		}
	}
}

// TestTestdata keeps the files of testdata as this package writes them; run with HOTLIGHT_UPDATE=1 after a change of the writer.
func TestTestdata(t *testing.T) {
	want := testdataFiles(t)
	for name, b := range want {
		path := filepath.Join("testdata", name)
		if os.Getenv("HOTLIGHT_UPDATE") == "1" {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, b) {
			t.Errorf("%s differs from what is written now (%v)", name, err)
		}
		if _, err := readBytes(t, b, Options{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTestdataDigests(t *testing.T) {
	for name, b := range seeds(t) {
		f := mustRead(t, b)
		if f.CanDecode() != nil || name == "fragments.dcm" || name == "jpeg.dcm" { // whose fragments are not what they should be
			continue
		}
		s, err := f.WriteSamples(nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if want, known := testdataDigests[name]; !known || s.SHA256.String()[:16] != want {
			t.Errorf("%s: digest %q is not the one in the table", name, s.SHA256.String()[:16])
		}
	}
}

// testdataDigests begin the SHA-256 of the decoded pixels. pydicom 2.3.1 gives the same, for JPEG the references of the codecs: see testdata/README.md.
var testdataDigests = map[string]string{
	"explicit.dcm": "43ae89f58eaa953d", "implicit.dcm": "43ae89f58eaa953d", "rle.dcm": "43ae89f58eaa953d", "signed-12.dcm": "1314977f386f909b",
	"bits.dcm": "3d72d34064478b01", "rgb.dcm": "e96d3a35ea027932", "rgb-rle.dcm": "e96d3a35ea027932", "rgb-planar.dcm": "e96d3a35ea027932",
	"ybr-422.dcm": "673f67eac0b03016", "nested.dcm": "2921a11f25dadaa2", "strange.dcm": "ea99f710d9d0b8ba", "big-endian.dcm": "780283a67cd89898",
	"deflated.dcm": "ea99f710d9d0b8ba", "jpeg-422.dcm": "293a3d9f864a8b6d", "jpeg-lossless.dcm": "8e7c52836db2380a", "jpeg-ls.dcm": "fa5b79cba1a25797",
}
