package jpeg

import (
	"bytes"
	"errors"
	"image"
	stdjpeg "image/jpeg"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

// fixture is a stream of testdata and what the reference decoder makes of it.
type fixture struct {
	name  string
	shape jpegstream.Shape
	want  Header
	src   []byte
	raw   []byte
}

func fixtures(t testing.TB) (out []fixture) {
	t.Helper()
	files, err := filepath.Glob("testdata/*.jpg")
	if err != nil || len(files) < 8 {
		t.Fatal(files, err)
	}
	for _, path := range files {
		f := fixture{name: strings.TrimSuffix(filepath.Base(path), ".jpg"), shape: jpegstream.Shape{Rows: 21, Columns: 35, Components: 1, Bytes: 1}}
		if strings.Contains(f.name, "12") {
			f.shape.Bytes = 2
		}
		if strings.HasPrefix(f.name, "ybr") {
			f.shape.Components = 3
		}
		f.want = Header{Header: jpegstream.Header{Rows: 21, Columns: 35, Components: f.shape.Components, Precision: 4 + 4*f.shape.Bytes}, Subsampled: strings.Contains(f.name, "42"),
			Progressive: strings.Contains(f.name, "progressive") || strings.Contains(f.name, "spectral"), Colour: ColourYCbCr}
		if f.shape.Bytes == 2 {
			f.want.Colour = ColourUnknown
		}
		if f.src, err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		if f.raw, err = os.ReadFile(strings.TrimSuffix(path, ".jpg") + ".raw"); err != nil {
			t.Fatal(err)
		}
		out = append(out, f)
	}
	return out
}

func TestStreamsAreDecodedAsTheReferenceDoes(t *testing.T) {
	for _, f := range fixtures(t) {
		t.Run(f.name, func(t *testing.T) {
			got := make([]byte, f.shape.Len())
			h, err := Decode(got, f.src, f.shape)
			if err != nil || !bytes.Equal(got, f.raw) {
				t.Fatalf("it differs: %v", err)
			}
			if f.want.Colour == ColourUnknown { // DCMTK writes a JFIF marker into 12-bit grey or not, by version
				h.Colour = ColourUnknown
			}
			if h != f.want {
				t.Errorf("the header is %+v, want %+v", h, f.want)
			}
			again, err := Inspect(f.src)
			if f.want.Colour == ColourUnknown {
				again.Colour = ColourUnknown
			}
			if err != nil || again != h {
				t.Errorf("Inspect says %+v, %v", again, err)
			}
		})
	}
}

// TestGreyAgreesWithTheStandardLibrary holds the transform against another one of the same accuracy.
func TestGreyAgreesWithTheStandardLibrary(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	r := rand.New(rand.NewPCG(seed, 1))
	for range 60 {
		img := image.NewGray(image.Rect(0, 0, 1+r.IntN(70), 1+r.IntN(70)))
		v := r.IntN(256)
		for i := range img.Pix {
			if v += r.IntN(31) - 15; r.IntN(9) == 0 {
				v = r.IntN(256)
			}
			img.Pix[i] = byte(max(0, min(v, 255)))
		}
		var src bytes.Buffer
		if err := stdjpeg.Encode(&src, img, &stdjpeg.Options{Quality: 1 + r.IntN(100)}); err != nil {
			t.Fatal(err)
		}
		shape := jpegstream.Shape{Rows: img.Rect.Dy(), Columns: img.Rect.Dx(), Components: 1, Bytes: 1}
		got := make([]byte, shape.Len())
		if _, err := Decode(got, src.Bytes(), shape); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		other, err := stdjpeg.Decode(&src)
		if err != nil {
			t.Fatal(err)
		}
		grey := other.(*image.Gray)
		for i, v := range got {
			if d := int(v) - int(grey.Pix[i/shape.Columns*grey.Stride+i%shape.Columns]); d > 2 || d < -2 {
				t.Fatalf("seed %d: sample %d differs by %d", seed, i, d)
			}
		}
	}
}

// with puts a segment behind the start of a stream.
func with(src, segment []byte) []byte {
	return append(append(bytes.Clone(src[:2]), segment...), src[2:]...)
}

func TestColourMarkers(t *testing.T) {
	plain := jpegtest.Segment(nil, jpegstream.SOF0, 8, 0, 8, 0, 8, 3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0)
	called := jpegtest.Segment(nil, jpegstream.SOF0, 8, 0, 8, 0, 8, 3, 'R', 0x11, 0, 'G', 0x11, 0, 'B', 0x11, 0)
	jfif := jpegtest.Segment(nil, jpegstream.APP0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00")...)
	adobe := func(transform byte) []byte {
		return jpegtest.Segment(nil, jpegstream.APP14, append([]byte("Adobe\x00\x64\x00\x00\x00\x00"), transform)...)
	}
	for _, c := range []struct {
		name string
		head [][]byte
		want Colour
	}{
		{"nothing", [][]byte{plain}, ColourUnknown},
		{"JFIF", [][]byte{jfif, plain}, ColourYCbCr},
		{"Adobe without a transform", [][]byte{adobe(0), plain}, ColourRGB},
		{"Adobe with one", [][]byte{adobe(1), plain}, ColourYCbCr},
		{"Adobe outweighs JFIF before it", [][]byte{jfif, adobe(0), plain}, ColourRGB},
		{"Adobe outweighs JFIF after it", [][]byte{adobe(0), jfif, plain}, ColourRGB},
		{"components called R, G, B", [][]byte{called}, ColourRGB},
	} {
		src := append(append([]byte{0xFF, jpegstream.SOI}, bytes.Join(c.head, nil)...), jpegtest.Segment(nil, jpegstream.SOS, 1, 1, 0, 0, 63, 0)...)
		if h, err := Inspect(src); err != nil || h.Colour != c.want {
			t.Errorf("%s: got %v %v, want %v", c.name, h.Colour, err, c.want)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	var good []byte
	for _, f := range fixtures(t) {
		if f.name == "grey8" {
			good = f.src
		}
	}
	shape := jpegstream.Shape{Rows: 21, Columns: 35, Components: 1, Bytes: 1}
	edit := func(change func(b []byte) []byte) []byte { return change(bytes.Clone(good)) }
	frameAt := bytes.Index(good, []byte{0xFF, jpegstream.SOF0})
	marker := func(m byte) []byte { return edit(func(b []byte) []byte { b[frameAt+1] = m; return b }) }
	without := func(m byte) []byte {
		return edit(func(b []byte) []byte {
			for at := bytes.Index(b, []byte{0xFF, m}); at >= 0; at = bytes.Index(b, []byte{0xFF, m}) {
				b = append(b[:at], b[at+2+int(b[at+2])<<8+int(b[at+3]):]...)
			}
			return b
		})
	}
	jpegtest.Refuses(t, name, decodeHeader, good, shape, []jpegtest.Refusal{
		{Name: "a cut segment", Src: good[:frameAt+5], Want: jpegstream.ErrHeader, Text: "segment C0 declares"},
		{Name: "cut data", Src: good[:len(good)-60], Want: jpegstream.ErrData, Text: "end early"},
		{Name: "no quantization table", Src: without(jpegstream.DQT), Want: jpegstream.ErrHeader, Text: "quantization table 0 is missing"},
		{Name: "no Huffman table", Src: without(jpegstream.DHT), Want: jpegstream.ErrHeader, Text: "Huffman table is missing"},
		{Name: "no frame", Src: without(jpegstream.SOF0), Want: jpegstream.ErrHeader, Text: "before the frame header"},
		{Name: "two frames", Src: with(good, jpegtest.Segment(nil, jpegstream.SOF0, good[frameAt+4:frameAt+13]...)), Want: jpegstream.ErrHeader, Text: "two frame headers"},
		{Name: "lossless", Src: marker(0xC3), Want: jpegstream.ErrUnsupported, Text: "lossless"},
		{Name: "arithmetic", Src: marker(0xC9), Want: jpegstream.ErrUnsupported, Text: "arithmetic"},
		{Name: "hierarchical", Src: marker(0xC5), Want: jpegstream.ErrUnsupported, Text: "hierarchical"},
		{Name: "baseline of 12 bits", Src: edit(func(b []byte) []byte { b[frameAt+4] = 12; return b }), Shape: jpegstream.Shape{Rows: 21, Columns: 35, Components: 1, Bytes: 2}, Want: jpegstream.ErrHeader, Text: "12 bits"},
		{Name: "a fraction of samples", Src: with(good, jpegtest.Segment(nil, jpegstream.SOF0, 8, 0, 21, 0, 35, 2, 1, 0x31, 0, 2, 0x21, 0)), Shape: jpegstream.Shape{Rows: 21, Columns: 35, Components: 2, Bytes: 1}, Want: jpegstream.ErrUnsupported, Text: "sampling factors"},
	})
}

// TestEveryCutIsNoticed cuts streams everywhere: nothing but the end marker and padding may be missing.
func TestEveryCutIsNoticed(t *testing.T) {
	for _, f := range fixtures(t) {
		body := bytes.LastIndex(f.src, []byte{0xFF, jpegstream.EOI})
		for n := range body - 2 { // the last byte of data may be all padding
			if _, err := Decode(make([]byte, f.shape.Len()), f.src[:n], f.shape); err == nil {
				t.Errorf("%s cut to %d of %d bytes was accepted", f.name, n, len(f.src))
				break
			}
		}
		got := make([]byte, f.shape.Len())
		if _, err := Decode(got, f.src[:body], f.shape); err != nil || !bytes.Equal(got, f.raw) {
			t.Errorf("%s without its end marker: %v", f.name, err)
		}
	}
}

// TestManyScansAreRefused: a scan of a few bytes goes over the whole picture, and ten thousand of them would take minutes.
func TestManyScansAreRefused(t *testing.T) {
	const size = 2048
	src := append([]byte{0xFF, jpegstream.SOI}, jpegtest.Segment(nil, jpegstream.DQT, append([]byte{0}, bytes.Repeat([]byte{1}, 64)...)...)...)
	src = append(src, jpegtest.Segment(nil, jpegstream.SOF2, 8, size>>8, 0, size>>8, 0, 1, 1, 0x11, 0)...)
	for class := range byte(2) { // one code of one bit: for the first coefficient a difference of 0, for the others 16384 blocks end
		src = append(src, jpegtest.Segment(nil, jpegstream.DHT, append([]byte{class << 4, 1}, append(make([]byte, 15), 0xE0*class)...)...)...)
	}
	src = append(append(src, jpegtest.Segment(nil, jpegstream.SOS, 1, 1, 0, 0, 0, 0)...), make([]byte, size*size/64/8)...)
	refinement := append(jpegtest.Segment(nil, jpegstream.SOS, 1, 1, 0, 1, 63, 0x10), make([]byte, 8)...)
	start := time.Now()
	_, err := Decode(make([]byte, size*size), append(src, bytes.Repeat(refinement, 10000)...), jpegstream.Shape{Rows: size, Columns: size, Components: 1, Bytes: 1})
	if took := time.Since(start); !errors.Is(err, jpegstream.ErrUnsupported) || !strings.Contains(err.Error(), "more scans") || took > 10*time.Second {
		t.Errorf("%v after %v", err, took)
	}
	if _, err := Decode(make([]byte, size*size), append(append(src, bytes.Repeat(refinement, 20)...), 0xFF, jpegstream.EOI), jpegstream.Shape{Rows: size, Columns: size, Components: 1, Bytes: 1}); err != nil {
		t.Errorf("twenty scans: %v", err)
	}
}

// decodeHeader is Decode without what only this codec says of a stream.
func decodeHeader(dst, src []byte, shape jpegstream.Shape) (jpegstream.Header, error) {
	h, err := Decode(dst, src, shape)
	return h.Header, err
}

func FuzzDecode(f *testing.F) {
	for _, x := range fixtures(f) {
		f.Add(x.src, x.shape.Rows, x.shape.Columns, x.shape.Components, x.shape.Bytes)
	}
	jpegtest.Fuzz(f, decodeHeader)
}

func BenchmarkDecode(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	bounds := image.Rect(0, 0, 512, 512)
	grey, colour := image.NewGray(bounds), image.NewYCbCr(bounds, image.YCbCrSubsampleRatio420)
	for _, plane := range [][]byte{grey.Pix, colour.Y, colour.Cb, colour.Cr} {
		v := 100
		for i := range plane {
			v += r.IntN(11) - 5
			plane[i] = byte(max(0, min(v, 255)))
		}
	}
	for _, c := range []struct {
		name       string
		img        image.Image
		components int
	}{{"grey", grey, 1}, {"colour 420", colour, 3}} {
		b.Run(c.name, func(b *testing.B) {
			var src bytes.Buffer
			if err := stdjpeg.Encode(&src, c.img, &stdjpeg.Options{Quality: 85}); err != nil {
				b.Fatal(err)
			}
			shape := jpegstream.Shape{Rows: 512, Columns: 512, Components: c.components, Bytes: 1}
			jpegtest.Benchmark(b, decodeHeader, src.Bytes(), shape)
		})
	}
}
