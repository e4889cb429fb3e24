package dcm

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// benchSlice writes one slice of a CT to memory, as the benchmarks read it.
func benchSlice(b testing.TB, syntax string) []byte {
	var out bytes.Buffer
	if err := Write(&out, testSlice(512, 512), syntax); err != nil {
		b.Fatal(err)
	}
	return out.Bytes()
}

func BenchmarkHeader(b *testing.B) {
	for _, c := range []struct{ name, syntax string }{{"explicit", ExplicitLittleEndian}, {"implicit", ImplicitLittleEndian}} {
		b.Run(c.name, func(b *testing.B) {
			file := benchSlice(b, c.syntax)
			r := bytes.NewReader(file)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Read(r, int64(len(file)), Options{HeaderOnly: true}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("file", func(b *testing.B) {
		path := filepath.Join(b.TempDir(), "slice.dcm")
		if err := os.WriteFile(path, benchSlice(b, ExplicitLittleEndian), 0o600); err != nil {
			b.Fatal(err)
		}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := Open(path, Options{HeaderOnly: true}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkDecode400 opens 400 files and decodes them into one volume that is used again, as ingest does on one core.
func BenchmarkDecode400(b *testing.B) {
	const slices, pixels = 400, 512 * 512
	for _, c := range []struct{ name, syntax string }{{"explicit", ExplicitLittleEndian}, {"implicit", ImplicitLittleEndian}, {"rle", RLELossless}} {
		b.Run(c.name, func(b *testing.B) {
			path := filepath.Join(b.TempDir(), "slice.dcm")
			if err := os.WriteFile(path, benchSlice(b, c.syntax), 0o600); err != nil {
				b.Fatal(err)
			}
			volume := make([]int16, slices*pixels)
			b.SetBytes(2 * slices * pixels)
			for b.Loop() {
				for k := range slices {
					f, err := Open(path, Options{})
					if err != nil {
						b.Fatal(err)
					}
					if err := f.DecodeInt16(0, volume[k*pixels:(k+1)*pixels]); err != nil {
						b.Fatal(err)
					}
					f.Close()
				}
			}
		})
	}
}

func BenchmarkCanonical(b *testing.B) {
	for _, c := range []struct {
		name string
		p    PixelFormat
	}{
		{"12 bits signed", PixelFormat{BitsAllocated: 16, BitsStored: 12, HighBit: 11, Signed: true}},
		{"12 bits unsigned", PixelFormat{BitsAllocated: 16, BitsStored: 12, HighBit: 11}},
	} {
		b.Run(c.name, func(b *testing.B) {
			frame := make([]byte, 512*512*2)
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				canonical(frame, c.p)
			}
		})
	}
}

func BenchmarkWrite(b *testing.B) {
	d := testSlice(512, 512)
	var out bytes.Buffer
	b.ReportAllocs()
	for b.Loop() {
		out.Reset()
		if err := Write(&out, d, ExplicitLittleEndian); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCodecs decodes the first frames of real files, one of each kind, on one core. MB are decoded bytes.
func BenchmarkCodecs(b *testing.B) {
	data := sharedData(b)
	for _, c := range []struct{ name, file string }{
		{"JPEG 8 bit grey", "2d/xa-cine-96.dcm"}, {"JPEG 8 bit colour 420", "2d/examples_ybr_color.dcm"}, {"JPEG 8 bit colour 422", "ts/testpattern/TestPattern_JPEG-Baseline_YBR422.dcm"},
		{"JPEG 12 bit", "ts/pylibjpeg/RG2_JPLY_fixed.dcm"}, {"JPEG 12 bit progressive", "ts/ctimage/JPEGProcess10_12_1.2.840.10008.1.2.4.55.dcm"},
		{"JPEG lossless 16 bit CT", "ts/ctimage/JPEGProcess14SV1_1.2.840.10008.1.2.4.70.dcm"}, {"JPEG lossless 12 bit MG", "2d/mg-ge.dcm"},
		{"JPEG lossless predictor 6", "ts/ctimage/JPEGProcess14_1.2.840.10008.1.2.4.57.dcm"}, {"JPEG lossless colour", "ts/testpattern/TestPattern_JPEG-Lossless_RGB.dcm"},
		{"JPEG-LS 16 bit CT", "ts/ctimage/JPEGLSLossless_1.2.840.10008.1.2.4.80.dcm"}, {"JPEG-LS 10 bit CR", "2d/cr-chest-covid.dcm"},
		{"JPEG-LS near 16 bit CT", "ts/ctimage/JPEGLSLossy_1.2.840.10008.1.2.4.81.dcm"}, {"JPEG-LS colour by pixel", "ts/pydicom/JLSL_RGB_ILV2.dcm"},
		{"JPEG 2000 16 bit CT", "ts/ctimage/JPEG2000LosslessOnly_1.2.840.10008.1.2.4.90.dcm"}, {"JPEG 2000 10 bit CR", "2d/cr-rg3-j2k.dcm"},
		{"JPEG 2000 16 bit CT with loss", "ts/ctimage/JPEG2000_1.2.840.10008.1.2.4.91.dcm"}, {"JPEG 2000 colour", "ts/pydicom/US1_J2KR.dcm"},
		{"HTJ2K colour", "ts/pydicom/HTJ2KLossless_08_RGB.dcm"}, {"HTJ2K colour with loss", "ts/pydicom/HTJ2K_08_RGB.dcm"},
	} {
		b.Run(c.name, func(b *testing.B) {
			f, err := Open(filepath.Join(data, c.file), Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer f.Close()
			p, err := f.PixelFormat()
			if err != nil {
				b.Fatal(err)
			}
			frame := make([]byte, p.FrameBytes())
			b.SetBytes(int64(len(frame)))
			for b.Loop() {
				if err := f.DecodeFrame(0, frame); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
