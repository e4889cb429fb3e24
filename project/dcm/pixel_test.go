package dcm

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/dcm/rle"
)

// pixelFile is an object with the given pixel module; later Sets override the defaults of testHeader.
func pixelFile(t testing.TB, syntax string, rows, columns int, pixels []byte, change func(d *DataSet)) *File {
	t.Helper()
	d := testHeader(rows, columns).Set(PixelData, OW, pixels)
	if change != nil {
		change(d)
	}
	var out bytes.Buffer
	if err := Write(&out, d, syntax); err != nil {
		t.Fatal(err)
	}
	return mustRead(t, out.Bytes())
}

func bits(allocated, stored, high, sign int) func(d *DataSet) {
	return func(d *DataSet) {
		d.Set(BitsAllocated, US, allocated).Set(BitsStored, US, stored).Set(HighBit, US, high).Set(PixelRepresentation, US, sign)
	}
}

func colour(photometric string, planar int) func(d *DataSet) {
	return func(d *DataSet) {
		bits(8, 8, 7, 0)(d)
		d.Set(SamplesPerPixel, US, 3).Set(PhotometricInterpretation, CS, photometric).Set(PlanarConfiguration, US, planar)
	}
}

func TestStoredValues(t *testing.T) {
	le16 := func(v ...uint16) []byte { return []byte(u16(v...)) }
	for _, c := range []struct {
		name          string
		rows, columns int
		pixels        []byte
		change        func(d *DataSet)
		want          []byte
	}{
		{"16 bits as they are", 1, 2, le16(0xFFFE, 0x7FFF), bits(16, 16, 15, 1), le16(0xFFFE, 0x7FFF)},
		{"12 of 16 bits unsigned: rubbish above is cut", 1, 2, le16(0xF123, 0x0FFF), bits(16, 12, 11, 0), le16(0x0123, 0x0FFF)},
		{"12 of 16 bits signed: extended", 1, 5, le16(0x0FFF, 0x0800, 0x07FF, 0xF001, 0x0000), bits(16, 12, 11, 1), le16(0xFFFF, 0xF800, 0x07FF, 0x0001, 0)},
		{"12 bits in the upper part: shifted", 1, 2, le16(0x1230, 0xFFF5), bits(16, 12, 15, 0), le16(0x0123, 0x0FFF)},
		{"12 bits in the upper part, signed", 1, 2, le16(0x8000, 0x7FF5), bits(16, 12, 15, 1), le16(0xF800, 0x07FF)},
		{"1 stored bit of 16, signed", 1, 2, le16(1, 2), bits(16, 1, 0, 1), le16(0xFFFF, 0)},
		{"7 of 8 bits signed", 1, 2, []byte{0x40, 0xBF}, bits(8, 7, 6, 1), []byte{0xC0, 0x3F}},
		{"4 of 8 bits in the upper part", 1, 2, []byte{0xAB, 0x5F}, bits(8, 4, 7, 0), []byte{0x0A, 0x05}},
		{"32 bits", 1, 1, []byte{1, 2, 3, 4}, bits(32, 32, 31, 0), []byte{1, 2, 3, 4}},
		{"24 of 32 bits signed", 1, 1, []byte{0, 0, 0x80, 0x55}, bits(32, 24, 23, 1), []byte{0, 0, 0x80, 0xFF}},
		{"single bits, the least significant first", 2, 5, []byte{0b10000101, 0b10}, bits(1, 1, 0, 0), []byte{1, 0, 1, 0, 0, 0, 0, 1, 0, 1}},
		{"colour by pixel", 1, 2, []byte{1, 2, 3, 4, 5, 6}, colour("RGB", 0), []byte{1, 2, 3, 4, 5, 6}},
		{"colour by plane", 1, 2, []byte{1, 4, 2, 5, 3, 6}, colour("RGB", 1), []byte{1, 2, 3, 4, 5, 6}},
		{"half the colours: widened, not converted", 1, 4, []byte{10, 11, 128, 129, 12, 13, 130, 131}, colour("YBR_FULL_422", 0),
			[]byte{10, 128, 129, 11, 128, 129, 12, 130, 131, 13, 130, 131}},
		{"says half the colours and has all", 1, 2, []byte{1, 2, 3, 4, 5, 6}, colour("YBR_FULL_422", 0), []byte{1, 2, 3, 4, 5, 6}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pixelFile(t, ExplicitLittleEndian, c.rows, c.columns, c.pixels, c.change)
			p, err := f.PixelFormat()
			if err != nil {
				t.Fatal(err)
			}
			got := make([]byte, p.FrameBytes())
			if err := f.DecodeFrame(0, got); err != nil || !bytes.Equal(got, c.want) {
				t.Errorf("got % x %v, want % x", got, err, c.want)
			}
		})
	}
}

func TestFloatingPointPixels(t *testing.T) {
	d := testHeader(1, 2)
	bits(32, 32, 31, 0)(d)
	d.Set(FloatPixelData, OF, []float64{1.5, -2})
	var out bytes.Buffer
	if err := Write(&out, d, ExplicitLittleEndian); err != nil {
		t.Fatal(err)
	}
	s, err := mustRead(t, out.Bytes()).WriteSamples(nil)
	if err != nil || !s.Format.Float || s.Min != -2 || s.Max != 1.5 || s.Bytes != 8 {
		t.Errorf("%+v %v", s, err)
	}
}

func TestFramesOfSingleBitsAreNotPadded(t *testing.T) {
	f := pixelFile(t, ExplicitLittleEndian, 1, 3, []byte{0b11010101, 0b1}, func(d *DataSet) {
		bits(1, 1, 0, 0)(d)
		d.Set(NumberOfFrames, IS, 3)
	})
	for n, want := range [][]byte{{1, 0, 1}, {0, 1, 0}, {1, 1, 1}} {
		got := make([]byte, 3)
		if err := f.DecodeFrame(n, got); err != nil || !bytes.Equal(got, want) {
			t.Errorf("frame %d is %v %v, want %v", n, got, err, want)
		}
	}
}

// reference16 is the rule of the standard, a bit at a time.
func reference16(v uint16, stored, high int, signed bool) uint16 {
	out := uint16(0)
	for b := range stored {
		out |= v >> (high + 1 - stored + b) & 1 << b
	}
	if signed && out>>(stored-1)&1 == 1 {
		for b := stored; b < 16; b++ {
			out |= 1 << b
		}
	}
	return out
}

func TestSixteenBitsFourAtATime(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 3))
	for range 300 {
		stored := 1 + r.IntN(16)
		high := stored - 1 + r.IntN(17-stored)
		signed := r.IntN(2) == 1
		in := make([]byte, 2*(1+r.IntN(30)))
		for n := range in {
			in[n] = byte(r.Uint32())
		}
		got := bytes.Clone(in)
		canonical(got, PixelFormat{BitsAllocated: 16, BitsStored: stored, HighBit: high, Signed: signed})
		for n := 0; n < len(in); n += 2 {
			v := binary.LittleEndian.Uint16(in[n:])
			if want := reference16(v, stored, high, signed); binary.LittleEndian.Uint16(got[n:]) != want {
				t.Fatalf("seed %d: %04x with %d bits below %d, signed %v: got %04x, want %04x", seed, v, stored, high, signed, binary.LittleEndian.Uint16(got[n:]), want)
			}
		}
	}
}

func TestTruncatedPixelsSayWhatIsMissing(t *testing.T) {
	whole := part10(ExplicitLittleEndian, explicitEl(NumberOfFrames, "IS", "2 "), pixelHeader(2, 2), explicitLen(PixelData, "OW", 16, u16(1, 2, 3, 4, 5)))
	f := mustRead(t, whole)
	if !warned(f, "declare 16 bytes, 10 are there") {
		t.Errorf("warnings are %v", f.Warnings)
	}
	dst := make([]byte, 8)
	if err := f.DecodeFrame(0, dst); err != nil {
		t.Errorf("the complete frame: %v", err)
	}
	if err := f.DecodeFrame(1, dst); err == nil || !strings.Contains(err.Error(), "frame 1 lacks 6 of 8 bytes") {
		t.Errorf("the cut frame: %v", err)
	}
	if err := f.DecodeFrame(2, dst); project.KindOf(err) != project.NotFound {
		t.Errorf("a frame that does not exist: %v", err)
	}
	if err := f.DecodeFrame(0, dst[:7]); project.KindOf(err) != project.Invalid {
		t.Errorf("a short buffer: %v", err)
	}
}

// TestPixelsOfOldGE: the data set is little endian, its pixels are not.
func TestPixelsOfOldGE(t *testing.T) {
	f := mustRead(t, part10(geBigEndianPixels, implicitEl(SamplesPerPixel, u16(1)), implicitEl(PhotometricInterpretation, "MONOCHROME2 "), implicitEl(Rows, u16(1)), implicitEl(Columns, u16(3)),
		implicitEl(BitsAllocated, u16(16)), implicitEl(BitsStored, u16(16)), implicitEl(HighBit, u16(15)), implicitEl(PixelRepresentation, u16(1)),
		implicitEl(PixelData, "\x00\x01\xFF\xFE\x12\x34")))
	got := make([]byte, 6)
	if err := f.DecodeFrame(0, got); err != nil || string(got) != u16(1, 0xFFFE, 0x1234) {
		t.Errorf("% x %v", got, err)
	}
	if b, _ := f.Data.Bytes(PixelData); string(b) != string(got) {
		t.Errorf("the element has % x", b)
	}
}

func TestPixelFormatRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(d *DataSet)
		want   string
	}{
		{"no rows", func(d *DataSet) { d.Delete(Rows) }, "(0028,0010) Rows is missing"},
		{"no row", func(d *DataSet) { d.Set(Rows, US, 0) }, "Rows is 0"},
		{"two samples beyond the standard", func(d *DataSet) { d.Set(SamplesPerPixel, US, 9) }, "SamplesPerPixel is 9"},
		{"12 bits allocated", bits(12, 12, 11, 0), "BitsAllocated is 12"},
		{"more stored than allocated", bits(16, 20, 19, 0), "BitsStored is 20, more than the 16"},
		{"a high bit below the stored bits", bits(16, 12, 5, 0), "HighBit is 5"},
		{"a picture the file cannot hold", func(d *DataSet) { d.Set(Rows, US, 65535).Set(Columns, US, 65535) }, "cannot hold"},
		{"frames the file cannot hold", func(d *DataSet) { d.Set(NumberOfFrames, IS, 2147483647) }, "cannot hold"},
		{"frames that would be small", func(d *DataSet) { d.Set(NumberOfFrames, IS, 5000).Set(Rows, US, 1).Set(Columns, US, 1) }, "5000 frames, the file of"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := pixelFile(t, ExplicitLittleEndian, 2, 2, make([]byte, 8), c.change)
			if _, err := f.PixelFormat(); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %q", err, c.want)
			}
			if f.CanDecode() == nil {
				t.Error("CanDecode says nothing")
			}
		})
	}
}

func TestUnknownSyntaxesAreNamed(t *testing.T) {
	for syntax, want := range map[string]string{
		"1.2.840.10008.1.2.4.92": "JPEG 2000 Part 2", "1.2.840.10008.1.2.4.93": "JPEG 2000 Part 2", "1.2.840.10008.1.2.4.100": "MPEG2", "1.2.3.4": "unknown transfer syntax (1.2.3.4)",
	} {
		f := mustRead(t, part10(syntax, modality, pixelHeader(2, 2), explicitLen(PixelData, "OB", unknownLength, ""), itemOf(), itemOf([]byte("abcd")), endOfSequence))
		err := f.CanDecode()
		if project.KindOf(err) != project.Unsupported || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", syntax, err)
		}
		if m, _ := f.Data.String(Modality); m != "CT" {
			t.Errorf("%s: the header was not read", syntax)
		}
	}
	if err := mustRead(t, part10(ExplicitLittleEndian, modality)).CanDecode(); project.KindOf(err) != project.NotFound {
		t.Errorf("no pixels: %v", err)
	}
}

// rleFile is an RLE file of 2 x 2 pixels of 16 bits whose pixel data are given by hand.
func rleFile(frames int, table string, fragments ...[]byte) []byte {
	pixels := cat(explicitLen(PixelData, "OB", unknownLength, ""), itemOf([]byte(table)))
	for _, f := range fragments {
		pixels = append(pixels, itemOf(f)...)
	}
	return part10(RLELossless, explicitEl(NumberOfFrames, "IS", fmt.Sprintf("%2d", frames)), pixelHeader(2, 2), pixels, endOfSequence)
}

func TestFragments(t *testing.T) {
	frames := make([][]byte, 3)
	for n := range frames {
		frames[n], _ = rle.Encode(nil, []byte(u16(uint16(n), 100, 200, 300)), rle.Shape{Pixels: 4, Samples: 1, Bytes: 2}, 2)
	}
	a, b, c := frames[0], frames[1], frames[2]
	offset := func(parts ...[]byte) string { // of what follows parts
		n := 0
		for _, p := range parts {
			n += len(p) + 8
		}
		return u32(uint32(n))
	}
	for _, e := range []struct {
		name string
		file []byte
		fail string
	}{
		{"a fragment a frame, empty table", rleFile(3, "", a, b, c), ""},
		{"a fragment a frame, right table", rleFile(3, u32(0)+offset(a)+offset(a, b), a, b, c), ""},
		{"a fragment a frame, wrong table", rleFile(3, u32(0)+u32(1)+u32(2), a, b, c), ""},
		{"two fragments a frame by the table", rleFile(3, u32(0)+offset(a[:64], a[64:])+offset(a[:64], a[64:], b[:64], b[64:]), a[:64], a[64:], b[:64], b[64:], c[:64], c[64:]), ""},
		{"two fragments a frame without a table", rleFile(3, "", a[:64], a[64:], b[:64], b[64:], c), "no table"},
		{"a table that names no fragment", rleFile(3, u32(0)+u32(2)+u32(4), a[:64], a[64:], b, c), "names no fragment"},
		{"too few fragments", rleFile(3, "", a, b), "frame 2 is missing"},
		{"damaged frame", rleFile(3, "", a, b, c[:66]), "segment"},
	} {
		t.Run(e.name, func(t *testing.T) {
			f := mustRead(t, e.file)
			var failed error
			for n := range 3 {
				got := make([]byte, 8)
				if err := f.DecodeFrame(n, got); err != nil {
					failed = err
				} else if want := u16(uint16(n), 100, 200, 300); string(got) != want {
					t.Errorf("frame %d is % x, want % x", n, got, want)
				}
			}
			if e.fail == "" && failed != nil || e.fail != "" && (failed == nil || !strings.Contains(failed.Error(), e.fail)) {
				t.Errorf("error is %v, want %q", failed, e.fail)
			}
		})
	}
	t.Run("one frame in three fragments", func(t *testing.T) {
		f := mustRead(t, rleFile(1, "", a[:10], a[10:64], a[64:]))
		if err := f.DecodeFrame(0, make([]byte, 8)); err != nil {
			t.Error(err)
		}
	})
	t.Run("a file cut in the last fragment still gives the first frames", func(t *testing.T) {
		file := rleFile(3, "", a, b, c)
		f := mustRead(t, file[:len(file)-20])
		if err := f.DecodeFrame(1, make([]byte, 8)); err != nil || !warned(f, "last fragment") {
			t.Error(err, f.Warnings)
		}
		if f.DecodeFrame(2, make([]byte, 8)) == nil {
			t.Error("the cut frame was decoded")
		}
	})
}

func TestDecodeStraightIntoNumbers(t *testing.T) {
	f := pixelFile(t, ExplicitLittleEndian, 1, 3, []byte(u16(0xFFFF, 5, 0x8000)), nil)
	got := make([]int16, 3)
	if err := f.DecodeInt16(0, got); err != nil || got[0] != -1 || got[1] != 5 || got[2] != -32768 {
		t.Errorf("%v %v", got, err)
	}
	if err := f.DecodeUint16(0, make([]uint16, 3)); err == nil || !strings.Contains(err.Error(), "signed 16 bit") {
		t.Errorf("signed into unsigned: %v", err)
	}
	if err := f.DecodeInt16(0, got[:2]); err == nil {
		t.Error("a short slice was accepted")
	}
	if err := f.DecodeUint8(0, make([]uint8, 3)); err == nil {
		t.Error("16 bits were decoded as 8")
	}
	u := pixelFile(t, RLELossless, 1, 3, []byte(u16(0xFFFF, 5, 6)), bits(16, 12, 11, 0))
	unsigned := make([]uint16, 3)
	if err := u.DecodeUint16(0, unsigned); err != nil || unsigned[0] != 0xFFF || unsigned[2] != 6 {
		t.Errorf("%v %v", unsigned, err)
	}
}

func TestFramesAreDecodedBySeveralGoroutines(t *testing.T) {
	const frames = 40
	var pixels []byte
	for n := range frames {
		pixels = append(pixels, u16(uint16(n), 0xFFFF, uint16(n), 7)...)
	}
	for _, syntax := range []string{ExplicitLittleEndian, RLELossless} {
		f := pixelFile(t, syntax, 2, 2, pixels, func(d *DataSet) { d.Set(NumberOfFrames, IS, frames) })
		var wait sync.WaitGroup
		for n := range frames {
			wait.Go(func() {
				got := make([]int16, 4)
				if err := f.DecodeInt16(n, got); err != nil || got[0] != int16(n) || got[1] != -1 {
					t.Errorf("frame %d is %v %v", n, got, err)
				}
				if s, _ := f.Data.String(Modality); s != "CT" {
					t.Errorf("modality is %q", s)
				}
			})
		}
		wait.Wait()
	}
}

func TestWriteSamples(t *testing.T) {
	f := pixelFile(t, ExplicitLittleEndian, 1, 2, []byte(u16(1, 2, 3, 0xFFFC)), func(d *DataSet) { d.Set(NumberOfFrames, IS, 2) })
	var out bytes.Buffer
	s, err := f.WriteSamples(&out)
	if err != nil || s.Min != -4 || s.Max != 3 || s.SamplesAre != "MONOCHROME2" || s.SHA256 != project.HashOf(out.Bytes()) || s.Bytes != 8 {
		t.Errorf("%+v %v", s, err)
	}
	out.Reset()
	if s, err = f.WriteSamples(&out, 1); err != nil || out.String() != u16(3, 0xFFFC) || s.Max != 3 || s.Bytes != 4 {
		t.Errorf("one frame: %+v %v", s, err)
	}
	if _, err := f.WriteSamples(nil, 2); project.KindOf(err) != project.NotFound {
		t.Errorf("a frame that does not exist: %v", err)
	}
}
