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
