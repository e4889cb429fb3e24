package dcm

import (
	"bytes"
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// wave is a picture of 17 x 13 pixels whose samples cover the range of so many bits.
func wave(bits int, signed bool, components int) *encode.Image {
	m := &encode.Image{X1: 17, Y1: 13}
	for c := range components {
		k := encode.Component{Bits: bits, Signed: signed}
		for n := range 17 * 13 {
			v := int64(n*n*(c+3)*37) << max(0, bits-24) & (1<<bits - 1)
			if signed {
				v -= 1 << (bits - 1)
			}
			if bits > 26 {
				k.Deep = append(k.Deep, v+int64(n&1))
			} else {
				k.Samples = append(k.Samples, int32(v))
			}
		}
		m.Components = append(m.Components, k)
	}
	return m
}

// coded returns m as a stream, and as the bytes of a frame of so many bytes a sample.
func coded(t testing.TB, m *encode.Image, o encode.Options, width int) (stream, raw []byte) {
	t.Helper()
	stream, err := encode.Encode(m, o)
	if err != nil {
		t.Fatal(err)
	}
	for n := range (m.X1 - m.X0) * (m.Y1 - m.Y0) {
		for _, c := range m.Components {
			v := uint32(0)
			if c.Deep != nil {
				v = uint32(c.Deep[n])
			} else {
				v = uint32(c.Samples[n])
			}
			raw = append(raw, binary.LittleEndian.AppendUint32(nil, v)[:width]...)
		}
	}
	return stream, raw
}

func TestSyntaxesOfJPEG2000(t *testing.T) {
	ht := encode.Options{Coding: encode.Coding{Levels: 2, Style: encode.HighThroughput}}
	rpcl := ht
	rpcl.Order = encode.RPCL
	colour := encode.Options{Coding: encode.Coding{Levels: 1}, Transform: true}
	deep, deepHT, deepColour := encode.Options{Guard: 6}, ht, rpcl // more guard bits, since exponents end at 31
	deepHT.Guard, deepColour.Guard, deepColour.Transform = 6, 7, true
	for _, c := range []struct {
		name, syntax string
		m            *encode.Image
		o            encode.Options
		form         form
	}{
		{"12 bits", JPEG2000Lossless, wave(12, false, 1), encode.Options{}, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 0}},
		{"16 bits signed", JPEG2000, wave(16, true, 1), encode.Options{}, form{13, 17, 1, "MONOCHROME2", 16, 16, 15, 1}},
		{"12 bits signed", JPEG2000Lossless, wave(12, true, 1), encode.Options{}, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 1}},
		{"8 bits", HTJ2KLossless, wave(8, false, 1), ht, form{13, 17, 1, "MONOCHROME2", 8, 8, 7, 0}},
		{"16 bits", HTJ2KLosslessRPCL, wave(16, false, 1), rpcl, form{13, 17, 1, "MONOCHROME2", 16, 16, 15, 0}},
		{"without loss where it may be", HTJ2K, wave(12, true, 1), ht, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 1}},
		{"colour", JPEG2000Lossless, wave(8, false, 3), colour, form{13, 17, 3, "YBR_RCT", 8, 8, 7, 0}},
		{"colour of 16 bits", JPEG2000Lossless, wave(16, false, 3), colour, form{13, 17, 3, "RGB", 16, 16, 15, 0}},
		{"one bit", JPEG2000Lossless, wave(1, false, 1), encode.Options{}, form{13, 17, 1, "MONOCHROME2", 1, 1, 0, 0}},
		{"24 bits", JPEG2000Lossless, wave(24, false, 1), encode.Options{}, form{13, 17, 1, "MONOCHROME2", 32, 24, 23, 0}},
		{"32 bits", JPEG2000Lossless, wave(32, false, 1), deep, form{13, 17, 1, "MONOCHROME2", 32, 32, 31, 0}},
		{"32 bits", HTJ2KLossless, wave(32, false, 1), deepHT, form{13, 17, 1, "MONOCHROME2", 32, 32, 31, 0}},
		{"32 bits signed", HTJ2K, wave(32, true, 1), deepHT, form{13, 17, 1, "MONOCHROME2", 32, 32, 31, 1}},
		{"28 of 32 bits", HTJ2KLossless, wave(28, false, 1), deepHT, form{13, 17, 1, "MONOCHROME2", 32, 28, 27, 0}},
		{"colour of 32 bits", HTJ2KLosslessRPCL, wave(32, false, 3), deepColour, form{13, 17, 3, "YBR_RCT", 32, 32, 31, 0}},
	} {
		t.Run(SyntaxName(c.syntax)+" "+c.name, func(t *testing.T) {
			stream, raw := coded(t, c.m, c.o, max(1, c.form.allocated/8))
			half := len(stream) / 4 * 2
			f := mustRead(t, compressedFile(c.syntax, c.form, 1, "", "", stream[:half], stream[half:]))
			got := make([]byte, len(raw))
			if err := f.DecodeFrame(0, got); err != nil || !bytes.Equal(got, raw) {
				t.Errorf("it differs: %v", err)
			}
			if len(f.Warnings) > 0 {
				t.Errorf("warnings %v", f.Warnings)
			}
		})
	}
}

// TestJPEG2000AndDataSetDisagree is the rule of jpeg2000.go.
func TestJPEG2000AndDataSetDisagree(t *testing.T) {
	grey16 := form{13, 17, 1, "MONOCHROME2", 16, 16, 15, 0}
	with := func(m form, change func(m *form)) form { change(&m); return m }
	unsigned, rawUnsigned := coded(t, wave(16, false, 1), encode.Options{}, 2)
	signed, rawSigned := coded(t, wave(16, true, 1), encode.Options{}, 2)
	twelve, rawTwelve := coded(t, wave(12, false, 1), encode.Options{}, 2)
	lossy, _ := coded(t, wave(16, false, 1), encode.Options{Coding: encode.Coding{Irreversible: true, Levels: 2}}, 2)
	each := func(b []byte, change func(v uint16) uint16) []byte {
		out := bytes.Clone(b)
		for n := 0; n+2 <= len(out); n += 2 {
			binary.LittleEndian.PutUint16(out[n:], change(binary.LittleEndian.Uint16(out[n:])))
		}
		return out
	}
	cut := func(v uint16) uint16 { return v & 0xFFF }
	extend := func(v uint16) uint16 { return uint16(int16(v<<4) >> 4) }
	for _, c := range []struct {
		name   string
		syntax string
		stream []byte
		form   form
		want   []byte // nil: refused; empty: not compared
		text   string // of the error or of a warning
	}{
		{"equal", JPEG2000Lossless, unsigned, grey16, rawUnsigned, ""},
		{"a sign that the stream does not have", JPEG2000Lossless, unsigned, with(grey16, func(m *form) { m.signing = 1 }), rawUnsigned, "another sign"},
		{"a sign that only the stream has", JPEG2000Lossless, signed, grey16, rawSigned, "another sign"},
		{"12 bits with a sign that the stream does not have", JPEG2000Lossless, twelve, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 1}, each(rawTwelve, extend), "another sign"},
		{"a sign and fewer bits than stored", JPEG2000Lossless, twelve, with(grey16, func(m *form) { m.signing = 1 }), rawTwelve, "negative values cannot be told"},
		{"whole words in the stream", JPEG2000Lossless, unsigned, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 0}, each(rawUnsigned, cut), ""},
		{"more bits in the stream than stored: cut", JPEG2000Lossless, twelve, form{13, 17, 1, "MONOCHROME2", 16, 11, 10, 0},
			each(rawTwelve, func(v uint16) uint16 { return v & 0x7FF }), "the upper ones are cut"},
		{"stored in the upper bits: shifted", JPEG2000Lossless, unsigned, form{13, 17, 1, "MONOCHROME2", 16, 12, 15, 0}, each(rawUnsigned, func(v uint16) uint16 { return v >> 4 }), ""},
		{"a high bit that the stream does not have", JPEG2000Lossless, twelve, form{13, 17, 1, "MONOCHROME2", 16, 12, 15, 0}, rawTwelve, ""},
		{"more bits from a lossy stream: stopped at the largest", JPEG2000, lossy, form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 0}, []byte{}, "coded with loss"},
		{"loss in a lossless syntax", JPEG2000Lossless, lossy, grey16, []byte{}, "coded with loss"},
		{"loss that the data set does not tell", JPEG2000, lossy, grey16, []byte{}, "coded with loss, which"},
		{"other rows", JPEG2000Lossless, unsigned, with(grey16, func(m *form) { m.rows = 14 }), nil, "17 x 13 pixels, expected were 17 x 14"},
		{"other components", JPEG2000, unsigned, with(grey16, func(m *form) { m.samples, m.photometric = 3, "RGB" }), nil, "1 components, expected were 3"},
		{"more bits than allocated", JPEG2000, unsigned, form{13, 17, 1, "MONOCHROME2", 8, 8, 7, 0}, nil, "16 bits, there is room for 8"},
		{"cut", JPEG2000, unsigned[:len(unsigned)/2], grey16, nil, "the stream ends early"},
		{"something else", JPEG2000, []byte("not a stream"), grey16, nil, "does not start with SOC"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustRead(t, compressedFile(c.syntax, c.form, 1, "", "", c.stream))
			p, err := f.PixelFormat()
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, p.FrameBytes())
			err = f.DecodeFrame(0, got)
			switch {
			case c.want == nil && (err == nil || !strings.Contains(err.Error(), c.text)):
				t.Errorf("got %v, want %q", err, c.text)
			case c.want == nil:
			case err != nil || len(c.want) > 0 && !bytes.Equal(got, c.want):
				t.Errorf("it differs: %v", err)
			case !warned(f, c.text):
				t.Errorf("warnings %v, want %q", f.Warnings, c.text)
			}
			if err == nil {
				checkCanonical(t, got, p)
			}
		})
	}
}

func TestReducedFrames(t *testing.T) {
	stream, raw := coded(t, wave(16, true, 1), encode.Options{Coding: encode.Coding{Levels: 3}}, 2)
	f := mustRead(t, compressedFile(JPEG2000, form{13, 17, 1, "MONOCHROME2", 16, 16, 15, 1}, 1, "", "", stream))
	if n, err := f.Reductions(0); n != 3 || err != nil {
		t.Errorf("%d reductions, %v", n, err)
	}
	for reduce, want := range [][2]int{{13, 17}, {7, 9}, {4, 5}, {2, 3}} {
		dst := make([]byte, len(raw))
		p, err := f.DecodeFrameReduced(0, reduce, dst)
		if err != nil || p.Rows != want[0] || p.Columns != want[1] {
			t.Fatalf("reduced by %d: %d x %d, %v", reduce, p.Columns, p.Rows, err)
		}
		img, err := jpeg2000.Decode(stream, jpeg2000.Options{Reduce: reduce})
		if err != nil {
			t.Fatal(err)
		}
		for n, v := range img.Components[0].Samples {
			if got := int16(binary.LittleEndian.Uint16(dst[2*n:])); int32(got) != v {
				t.Fatalf("reduced by %d: sample %d is %d, want %d", reduce, n, got, v)
			}
		}
	}
	if _, err := f.DecodeFrameReduced(0, 4, make([]byte, 100)); project.KindOf(err) != project.Invalid {
		t.Errorf("more often than it can: %v", err)
	}
	if _, err := f.DecodeFrameReduced(0, 1, make([]byte, 7*9*2-1)); project.KindOf(err) != project.Invalid {
		t.Errorf("no room: %v", err)
	}
	if _, err := f.DecodeFrameReduced(1, 1, make([]byte, 1000)); project.KindOf(err) != project.NotFound {
		t.Errorf("no such frame: %v", err)
	}
	native := mustRead(t, part10(ExplicitLittleEndian, modality, pixelHeader(2, 2), explicitEl(PixelData, "OW", "12345678")))
	if _, err := native.DecodeFrameReduced(0, 1, make([]byte, 8)); project.KindOf(err) != project.Unsupported {
		t.Errorf("uncompressed: %v", err)
	}
	if n, err := native.Reductions(0); n != 0 || err != nil {
		t.Errorf("uncompressed has %d reductions, %v", n, err)
	}
}

// TestTwinsOfJPEG2000 compares real files with the same picture in another transfer syntax.
func TestTwinsOfJPEG2000(t *testing.T) {
	data := sharedData(t)
	for _, c := range []struct{ a, b string }{
		{"ts/ctimage/JPEG2000LosslessOnly_1.2.840.10008.1.2.4.90.dcm", "ts/ctimage/original.dcm"}, {"ts/pydicom/US1_J2KR.dcm", "ts/pydicom/US1_UNCR.dcm"},
		{"vol/mr-4slice-j2k/IM-0001-0001-0001.dcm", "vol/mr-4slice-native/IM-0001-0001-0001.dcm"}, {"enh/emri_small_jpeg_2k_lossless.dcm", "enh/emri_small.dcm"},
		{"ts/pydicom/liver_j2k.dcm", "obj/seg/liver.dcm"},
	} {
		var digests [2]project.Hash
		for n, name := range []string{c.a, c.b} {
			if _, err := os.Stat(filepath.Join(data, name)); err != nil {
				t.Skip("the file is not here")
			}
			f, err := Open(filepath.Join(data, name), Options{})
			if err != nil {
				t.Fatal(err)
			}
			s, err := f.WriteSamples(nil)
			f.Close()
			if err != nil {
				t.Fatal(err)
			}
			digests[n] = s.SHA256
		}
		if digests[0] != digests[1] {
			t.Errorf("%s is not %s", c.a, c.b)
		}
	}
}

// BenchmarkFirstPicture reads a mammogram of 4096 x 3328 pixels at an eighth of its size, and in full.
func BenchmarkFirstPicture(b *testing.B) {
	const rows, columns = 4096, 3328
	m := encode.Grey(columns, rows, 12, false, make([]int32, rows*columns))
	for n := range m.Components[0].Samples {
		x, y := n%columns-columns/3, n/columns-rows/2
		m.Components[0].Samples[n] = int32(max(0, 3500-(x*x+y*y)/1200)) + int32(uint32(n*2654435761)>>28)
	}
	stream, err := encode.Encode(m, encode.Options{Coding: encode.Coding{Levels: 5}})
	if err != nil {
		b.Fatal(err)
	}
	f := mustRead(b, compressedFile(JPEG2000Lossless, form{rows, columns, 1, "MONOCHROME2", 16, 12, 11, 0}, 1, "", "", stream))
	dst := make([]byte, rows*columns*2)
	for _, reduce := range []int{3, 2, 0} {
		b.Run([]string{"full", "half", "quarter", "eighth"}[reduce], func(b *testing.B) {
			for b.Loop() {
				if _, err := f.DecodeFrameReduced(0, reduce, dst); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
