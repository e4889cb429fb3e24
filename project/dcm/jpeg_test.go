package dcm

import (
	"bytes"
	"compress/flate"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
)

// stream reads a stream of one of the codecs' own testdata.
func stream(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// form is the image pixel module of a file made by hand.
type form struct {
	rows, columns, samples           int
	photometric                      string
	allocated, stored, high, signing int
}

func (m form) header(frames int) []byte {
	us := func(t Tag, v int) []byte { return explicitEl(t, "US", u16(uint16(v))) }
	photometric := m.photometric
	if len(photometric)%2 == 1 {
		photometric += " "
	}
	return cat(us(SamplesPerPixel, m.samples), explicitEl(PhotometricInterpretation, "CS", photometric),
		explicitEl(NumberOfFrames, "IS", fmt.Sprintf("%2d", frames)), us(Rows, m.rows), us(Columns, m.columns),
		us(BitsAllocated, m.allocated), us(BitsStored, m.stored), us(HighBit, m.high), us(PixelRepresentation, m.signing))
}

// compressedFile is a file of frames whose pixel data are given by hand; table and extended are the offset tables.
func compressedFile(syntax string, m form, frames int, table, extended string, fragments ...[]byte) []byte {
	tables := []byte(nil)
	if extended != "" {
		tables = cat(explicitEl(ExtendedOffsetTable, "OV", extended))
	}
	pixels := cat(explicitLen(PixelData, "OB", unknownLength, ""), itemOf([]byte(table)))
	for _, f := range fragments {
		if len(f)%2 == 1 {
			f = append(bytes.Clone(f), 0)
		}
		pixels = append(pixels, itemOf(f)...)
	}
	return part10(syntax, m.header(frames), tables, pixels, endOfSequence)
}

var (
	grey12  = form{13, 17, 1, "MONOCHROME2", 16, 12, 11, 0}
	colour8 = form{21, 35, 3, "YBR_FULL_422", 8, 8, 7, 0}
)

func TestSyntaxesOfJPEG(t *testing.T) {
	cosine12 := form{21, 35, 1, "MONOCHROME2", 16, 12, 11, 0}
	rgb := form{13, 17, 3, "RGB", 8, 8, 7, 0}
	for _, c := range []struct {
		syntax, stream, raw string
		form                form
	}{
		{JPEGBaseline, "jpeg/testdata/ybr8-422.jpg", "jpeg/testdata/ybr8-422.raw", colour8},
		{JPEGBaseline, "jpeg/testdata/grey8.jpg", "jpeg/testdata/grey8.raw", form{21, 35, 1, "MONOCHROME2", 8, 8, 7, 0}},
		{JPEGExtended, "jpeg/testdata/grey12-extended.jpg", "jpeg/testdata/grey12-extended.raw", cosine12},
		{JPEGSpectral, "jpeg/testdata/grey12-spectral.jpg", "jpeg/testdata/grey12-spectral.raw", cosine12},
		{JPEGProgressive, "jpeg/testdata/grey12-progressive.jpg", "jpeg/testdata/grey12-progressive.raw", cosine12},
		{JPEGLossless, "jpegll/testdata/grey12-sv4.ljpeg", "jpegll/testdata/grey12.raw", grey12},
		{JPEGLosslessFirst, "jpegll/testdata/grey12-sv1.ljpeg", "jpegll/testdata/grey12.raw", grey12},
		{JPEGLosslessFirst, "jpegll/testdata/rgb8-sv1.ljpeg", "jpegll/testdata/rgb8.raw", rgb},
		{JPEGLSLossless, "jpegls/testdata/grey12.jls", "jpegls/testdata/grey12.raw", grey12},
		{JPEGLSNear, "jpegls/testdata/rgb8-pixels-near2.jls", "jpegls/testdata/rgb8-pixels-near2.raw", rgb},
		{JPEGLossless, "jpegls/testdata/grey12.jls", "jpegls/testdata/grey12.raw", grey12}, // the stream says what it is
	} {
		t.Run(SyntaxName(c.syntax)+" "+filepath.Base(c.stream), func(t *testing.T) {
			f := mustRead(t, compressedFile(c.syntax, c.form, 1, "", "", stream(t, c.stream)))
			p, err := f.PixelFormat()
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, p.FrameBytes())
			if err := f.DecodeFrame(0, got); err != nil || !bytes.Equal(got, stream(t, c.raw)) || !warned(f, "") {
				t.Errorf("it differs: %v, %v", err, f.Warnings)
			}
			if c.form.allocated == 16 {
				numbers := make([]uint16, len(got)/2)
				if err := f.DecodeUint16(0, numbers); err != nil || numbers[5] != binary.LittleEndian.Uint16(got[10:]) {
					t.Errorf("as numbers: %v", err)
				}
			}
		})
	}
}

// TestStreamAndDataSetDisagree is the rule of jpeg.go.
func TestStreamAndDataSetDisagree(t *testing.T) {
	lossless, raw := stream(t, "jpegll/testdata/grey16-sv6.ljpeg"), stream(t, "jpegll/testdata/grey16.raw")
	each := func(b []byte, change func(v uint16) uint16) []byte {
		out := bytes.Clone(b)
		for n := 0; n+2 <= len(out); n += 2 {
			binary.LittleEndian.PutUint16(out[n:], change(binary.LittleEndian.Uint16(out[n:])))
		}
		return out
	}
	cosine, cosineRaw := stream(t, "jpeg/testdata/grey12-extended.jpg"), stream(t, "jpeg/testdata/grey12-extended.raw")
	half, halfRaw := stream(t, "jpeg/testdata/ybr8-422.jpg"), bytes.Clone(stream(t, "jpeg/testdata/ybr8-422.raw"))
	asRGB := bytes.Clone(halfRaw)
	RGBFromYBR(asRGB)
	adobe := func(b []byte, transform byte) []byte {
		return cat(b[:2], []byte("\xff\xee\x00\x0eAdobe\x00\x64\x00\x00\x00\x00"), []byte{transform}, b[2:])
	}
	full, fullRaw := stream(t, "jpeg/testdata/ybr8-444-progressive.jpg"), stream(t, "jpeg/testdata/ybr8-444-progressive.raw")
	fullAsRGB, fullAsYBR := bytes.Clone(fullRaw), bytes.Clone(fullRaw)
	RGBFromYBR(fullAsRGB)
	ybrFromRGB(fullAsYBR)
	with := func(m form, change func(m *form)) form { change(&m); return m }
	rgb := with(colour8, func(m *form) { m.photometric = "RGB" })
	grey16 := with(grey12, func(m *form) { m.stored, m.high = 16, 15 })
	for _, c := range []struct {
		name   string
		syntax string
		stream []byte
		form   form
		want   []byte // nil: refused
		text   string // of the error or of a warning
	}{
		{"equal", JPEGLossless, lossless, grey16, raw, ""},
		{"more bits in the stream than stored: cut", JPEGLossless, lossless, grey12, each(raw, func(v uint16) uint16 { return v & 0xFFF }), ""},
		{"stored in the upper bits: shifted", JPEGLossless, lossless, with(grey12, func(m *form) { m.high = 15 }), each(raw, func(v uint16) uint16 { return v >> 4 }), ""},
		{"a high bit that the stream does not have", JPEGLSLossless, stream(t, "jpegls/testdata/grey12.jls"), with(grey12, func(m *form) { m.high = 15 }),
			stream(t, "jpegls/testdata/grey12.raw"), ""},
		{"more bits from a cosine transform: stopped at the largest", JPEGExtended, cosine, form{21, 35, 1, "MONOCHROME2", 16, 11, 10, 0},
			each(cosineRaw, func(v uint16) uint16 { return min(v, 0x7FF) }), ""},
		{"other rows", JPEGLossless, lossless, with(grey16, func(m *form) { m.rows = 14 }), nil, "17 x 13 pixels, expected were 17 x 14"},
		{"other components", JPEGLossless, lossless, with(grey16, func(m *form) { m.samples, m.photometric = 3, "RGB" }), nil, "1 components, expected were 3"},
		{"more bits than allocated", JPEGLossless, lossless, form{13, 17, 1, "MONOCHROME2", 8, 8, 7, 0}, nil, "16 bits, there is room for 8"},
		{"32 bits allocated", JPEGLossless, lossless, form{13, 17, 1, "MONOCHROME2", 32, 32, 31, 0}, nil, "BitsAllocated is 32"},
		{"loss in a lossless syntax", JPEGLosslessFirst, cosine, form{21, 35, 1, "MONOCHROME2", 16, 12, 11, 0}, cosineRaw, "coded with loss"},
		{"a sign and fewer bits than stored", JPEGLSLossless, stream(t, "jpegls/testdata/grey12.jls"), with(grey16, func(m *form) { m.signing = 1 }),
			stream(t, "jpegls/testdata/grey12.raw"), "negative values cannot be told"},
		{"near-lossless in a lossless syntax", JPEGLSLossless, stream(t, "jpegls/testdata/grey16-near3.jls"), grey16, stream(t, "jpegls/testdata/grey16-near3.raw"), "coded with loss"},
		{"RGB with half the chroma", JPEGBaseline, half, rgb, asRGB, "not RGB as the data set says"},
		{"RGB with an Adobe marker that says YCbCr", JPEGBaseline, adobe(full, 1), rgb, fullAsRGB, "not RGB as the data set says"},
		{"RGB with a JFIF marker alone", JPEGBaseline, full, rgb, fullRaw, ""},
		{"RGB with an Adobe marker that says RGB", JPEGBaseline, adobe(full, 0), rgb, fullRaw, ""},
		{"YBR_FULL with an Adobe marker that says RGB", JPEGBaseline, adobe(full, 0), with(colour8, func(m *form) { m.photometric = "YBR_FULL" }), fullAsYBR, "not YBR_FULL as"},
		{"YBR_FULL with an Adobe marker that says YCbCr", JPEGBaseline, adobe(full, 1), with(colour8, func(m *form) { m.photometric = "YBR_FULL" }), fullRaw, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustRead(t, compressedFile(c.syntax, c.form, 1, "", "", c.stream))
			p, err := f.PixelFormat()
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, p.FrameBytes())
			err = f.DecodeFrame(0, got)
			if c.want == nil {
				if err == nil || !strings.Contains(err.Error(), c.text) {
					t.Errorf("got %v, want %q", err, c.text)
				}
				return
			}
			if err != nil || !bytes.Equal(got, c.want) {
				t.Errorf("it differs: %v", err)
			}
			if !warned(f, c.text) {
				t.Errorf("warnings %v, want %q", f.Warnings, c.text)
			}
		})
	}
}

func TestRefusedProcessesAreNamed(t *testing.T) {
	src := bytes.Clone(stream(t, "jpeg/testdata/grey8.jpg"))
	src[bytes.Index(src, []byte{0xFF, 0xC0})+1] = 0xC9
	f := mustRead(t, compressedFile(JPEGExtended, form{21, 35, 1, "MONOCHROME2", 8, 8, 7, 0}, 1, "", "", src))
	if err := f.DecodeFrame(0, make([]byte, 735)); project.KindOf(err) != project.Unsupported || !strings.Contains(err.Error(), "arithmetic") {
		t.Errorf("%v", err)
	}
}

func TestFragmentsOfJPEG(t *testing.T) {
	a, b, want := stream(t, "jpegll/testdata/grey12-sv1.ljpeg"), stream(t, "jpegll/testdata/grey12-sv4.ljpeg"), stream(t, "jpegll/testdata/grey12.raw")
	u64 := func(v ...uint64) (s string) {
		for _, v := range v {
			s += string(binary.LittleEndian.AppendUint64(nil, v))
		}
		return s
	}
	second := 100 + 8 + len(a) - 100 + 8 // where b starts, after two fragments of even length
	for _, c := range []struct {
		name            string
		table, extended string
		fragments       [][]byte
		fail            string
	}{
		{"a fragment a frame", "", "", [][]byte{a, b}, ""},
		{"two fragments a frame, basic table", u32(0) + u32(uint32(second)), "", [][]byte{a[:100], a[100:], b[:50], b[50:]}, ""},
		{"two fragments a frame, extended table", "", u64(0, uint64(second)), [][]byte{a[:100], a[100:], b[:50], b[50:]}, ""},
		{"two fragments a frame, no table", "", "", [][]byte{a[:100], a[100:], b[:50], b[50:]}, ""},
		{"two fragments a frame, a wrong table", u32(0) + u32(3), "", [][]byte{a[:100], a[100:], b[:50], b[50:]}, ""},
		{"two fragments a frame, an extended table of rubbish", "", u64(1<<63, 5), [][]byte{a[:100], a[100:], b}, ""},
		{"an empty fragment at the end", "", "", [][]byte{a, b, nil}, ""},
		{"three starts for two frames", "", "", [][]byte{a, b, a}, "3 fragments for 2 frames, and no table"},
		{"one fragment for two frames", "", "", [][]byte{a}, "frame 1 is missing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := mustRead(t, compressedFile(JPEGLossless, grey12, 2, c.table, c.extended, c.fragments...))
			var failed error
			for n := range 2 {
				got := make([]byte, len(want))
				if err := f.DecodeFrame(n, got); err != nil {
					failed = err
				} else if !bytes.Equal(got, want) {
					t.Errorf("frame %d differs", n)
				}
			}
			if c.fail == "" && failed != nil || c.fail != "" && (failed == nil || !strings.Contains(failed.Error(), c.fail)) {
				t.Errorf("error is %v, want %q", failed, c.fail)
			}
		})
	}
}

// TestRealLossyFramesAreNearTheReference compares with ref/, the first frames of files coded with loss. HOTLIGHT_TABLE=1 prints them.
func TestRealLossyFramesAreNearTheReference(t *testing.T) {
	data, count := sharedData(t), 0
	for _, ref := range references(t) {
		packed, err := os.Open(filepath.Join(data, "ref", fmt.Sprintf("%s.frame1.%sx%sx%s.%s.raw.gz", strings.ReplaceAll(ref["file"], "/", "__"), ref["rows"], ref["cols"],
			ref["spp"], strings.TrimPrefix(ref["dtype"], "<"))))
		if err != nil || codecs[ref["ts"]].family == 0 {
			continue
		}
		unpacked, err := gzip.NewReader(packed)
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(unpacked)
		packed.Close()
		if err != nil {
			t.Fatal(err)
		}
		f, err := Open(filepath.Join(data, ref["file"]), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := make([]byte, len(want))
		if err := f.DecodeFrame(0, got); err != nil {
			t.Errorf("%s: %v", ref["file"], err)
			continue
		}
		p, _ := f.PixelFormat()
		worst, allowed := largestDifference(got, want, p), 2
		if p.BitsStored >= 12 {
			allowed = 4
		}
		if worst > allowed {
			t.Errorf("%s: a sample differs by %d, %d is allowed", ref["file"], worst, allowed)
		}
		if os.Getenv("HOTLIGHT_TABLE") == "1" {
			t.Logf("%s\tlargest difference %d", ref["file"], worst)
		}
		count++
		f.Close()
	}
	if count < 14 {
		t.Errorf("only %d files were compared", count)
	}
}

func largestDifference(a, b []byte, p PixelFormat) (worst int) {
	for n := 0; n < len(a); n += p.SampleBytes() {
		var d int
		switch {
		case p.SampleBytes() == 1:
			d = int(a[n]) - int(b[n])
		case p.Signed:
			d = int(int16(binary.LittleEndian.Uint16(a[n:]))) - int(int16(binary.LittleEndian.Uint16(b[n:])))
		default:
			d = int(binary.LittleEndian.Uint16(a[n:])) - int(binary.LittleEndian.Uint16(b[n:]))
		}
		worst = max(worst, d, -d)
	}
	return worst
}

func TestDeflatedFrames(t *testing.T) {
	pack := func(b ...byte) []byte {
		var out bytes.Buffer
		w, err := flate.NewWriter(&out, flate.BestCompression)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(b)
		w.Close()
		return out.Bytes()
	}
	grey := form{1, 3, 1, "MONOCHROME2", 16, 12, 11, 1}
	f := mustRead(t, compressedFile(DeflatedFrame, grey, 2, "", "", pack(1, 0, 0xFF, 0x0F, 3, 0), pack(4, 0, 5, 0, 6, 0)))
	got := make([]int16, 3)
	if err := f.DecodeInt16(0, got); err != nil || got[0] != 1 || got[1] != -1 || got[2] != 3 {
		t.Errorf("the first frame: %v %v", got, err)
	}
	if err := f.DecodeInt16(1, got); err != nil || got[2] != 6 {
		t.Errorf("the second frame: %v %v", got, err)
	}
	f = mustRead(t, compressedFile(DeflatedFrame, grey, 1, "", "", pack(1, 0, 2, 0)))
	if err := f.DecodeInt16(0, got); err == nil || !strings.Contains(err.Error(), "end after 4 of 6 bytes") {
		t.Errorf("a short frame: %v", err)
	}
	f = mustRead(t, compressedFile(DeflatedFrame, form{1, 11, 1, "MONOCHROME2", 1, 1, 0, 0}, 1, "", "", pack(0x05, 0x04)))
	bits := make([]byte, 11)
	if err := f.DecodeFrame(0, bits); err != nil || !bytes.Equal(bits, []byte{1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1}) {
		t.Errorf("single bits: %v %v", bits, err)
	}
}
