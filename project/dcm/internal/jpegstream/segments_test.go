package jpegstream_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"hotlight/project/dcm/internal/jpegstream"
	"hotlight/project/dcm/internal/jpegtest"
)

func TestNext(t *testing.T) {
	comment := jpegtest.Segment(nil, 0xFE, 'a', 'b')
	for _, c := range []struct {
		name   string
		src    []byte
		least  byte
		marker byte
		body   string
		at     int // behind it
		text   string
	}{
		{"a segment", comment, 0, 0xFE, "ab", 6, ""},
		{"an empty segment", jpegtest.Segment(nil, jpegstream.DHT), 0, jpegstream.DHT, "", 4, ""},
		{"a marker alone", []byte{0xFF, jpegstream.EOI, 1, 2}, 0, jpegstream.EOI, "", 2, ""},
		{"a restart marker has no length", []byte{0xFF, jpegstream.RST0 + 7, 0}, 0, jpegstream.RST0 + 7, "", 2, ""},
		{"nor has TEM", []byte{0xFF, 1, 9}, 0, 1, "", 2, ""},
		{"fill bytes", append([]byte{0xFF, 0xFF}, comment...), 0, 0xFE, "ab", 8, ""},
		{"coded data before it", append([]byte{1, 0xFF, 0, 0xFF, 0, 2}, comment...), 0, 0xFE, "ab", 12, ""},
		{"coded data of JPEG-LS before it", append([]byte{1, 0xFF, 0x7F, 2}, comment...), 0x80, 0xFE, "ab", 10, ""},
		{"the least marker of JPEG-LS", jpegtest.Segment(nil, 0x80, 'a'), 0x80, 0x80, "a", 5, ""},
		{"nothing", nil, 0, 0, "", 0, "it ends after 0 bytes without its last scan"},
		{"no marker", []byte{1, 2, 0xFF}, 0, 0, "", 2, "it ends after 3 bytes without its last scan"},
		{"a marker at the end", []byte{0xFF, jpegstream.DHT, 0}, 0, 0, "", 2, "segment C4 is cut short"},
		{"a length that is too long", comment[:5], 0, 0, "", 2, "segment FE declares 4 bytes, 3 are left"},
		{"a length that is none", []byte{0xFF, jpegstream.DHT, 0, 1, 0}, 0, 0, "", 2, "segment C4 declares 1 bytes, 3 are left"},
	} {
		s := jpegstream.Segments{Src: c.src, Least: c.least}
		marker, body, err := s.Next()
		switch {
		case c.text != "" && (!errors.Is(err, jpegstream.ErrHeader) || !strings.Contains(err.Error(), c.text)):
			t.Errorf("%s: got %v, want %q", c.name, err, c.text)
		case c.text == "" && (err != nil || marker != c.marker || string(body) != c.body || s.At != c.at):
			t.Errorf("%s: got %02X %q %v at %d, want %02X %q at %d", c.name, marker, body, err, s.At, c.marker, c.body, c.at)
		}
	}
}

func TestStart(t *testing.T) {
	for _, src := range []string{"", "\xFF", "\xFF\xD8\xFF", "\xFF\xD9\xFF\xD9", "\x00\xFF\xD8\xFF\xD9"} {
		if s := (jpegstream.Segments{Src: []byte(src)}); !errors.Is(s.Start(), jpegstream.ErrHeader) {
			t.Errorf("%X is taken for a stream", src)
		}
	}
	if s := (jpegstream.Segments{Src: []byte("\xFF\xD8\xFF\xD9")}); s.Start() != nil || s.At != 2 {
		t.Error("a stream is not taken for one")
	}
}

func TestSkipRestart(t *testing.T) {
	src := []byte{7, 0xFF, jpegstream.RST0, 0xFF, jpegstream.RST0 + 7}
	for _, c := range []struct{ at, n, want int }{{1, 1, 3}, {1, 9, 3}, {3, 8, 5}, {3, 1, -1}, {0, 1, -1}, {4, 1, -1}, {5, 1, -1}} {
		at, err := jpegstream.SkipRestart(src, c.at, c.n)
		if c.want < 0 && !errors.Is(err, jpegstream.ErrData) || c.want >= 0 && (err != nil || at != c.want) {
			t.Errorf("interval %d at %d: got %d %v, want %d", c.n, c.at, at, err, c.want)
		}
	}
}

func TestParseDRI(t *testing.T) {
	for _, c := range []struct {
		body       string
		most, want int
	}{{"\x01\x02", 2, 258}, {"\x00\x00", 4, 0}, {"\x01\x02\x03\x04", 4, 0x01020304}, {"\x01\x02\x03", 2, -1}, {"\x01", 4, -1}, {"\x01\x02\x03\x04\x05", 4, -1}} {
		n, err := jpegstream.ParseDRI([]byte(c.body), c.most)
		if c.want < 0 && !errors.Is(err, jpegstream.ErrHeader) || c.want >= 0 && (err != nil || n != c.want) {
			t.Errorf("%X: got %d %v, want %d", c.body, n, err, c.want)
		}
	}
}

// TestOtherProcess: every process of T.81 table B.1 has a name, and no other marker does.
func TestOtherProcess(t *testing.T) {
	refused := 0
	for m := range 256 {
		if err := jpegstream.OtherProcess(byte(m)); errors.Is(err, jpegstream.ErrUnsupported) {
			refused++
		} else if err != nil || m >= jpegstream.SOF0 && m <= jpegstream.SOF15 && m != jpegstream.DHT && m != jpegstream.JPG {
			t.Errorf("marker %02X: %v", m, err)
		}
	}
	if refused != 14+2+1 { // SOF0 to SOF15 but DHT and JPG, DAC among them; DHP and EXP; JPEG-LS
		t.Errorf("%d markers are refused", refused)
	}
}

func FuzzSegments(f *testing.F) {
	f.Add(jpegtest.Segment([]byte{0xFF, jpegstream.SOI}, jpegstream.SOF0, 8, 0, 1, 0, 1, 1, 1, 0x11, 0), byte(0))
	f.Add(jpegtest.Segment([]byte{0xFF, jpegstream.SOI, 0xFF, 0x7F, 0xFF}, jpegstream.SOS, 1, 1, 0, 0, 63, 0), byte(0x80))
	f.Fuzz(func(t *testing.T, src []byte, least byte) {
		s := jpegstream.Segments{Src: src, Least: least}
		for before := -1; ; before = s.At {
			marker, body, err := s.Next()
			if err != nil {
				return
			}
			if s.At <= before || s.At > len(src) || marker == 0 || marker == 0xFF || marker < least || !bytes.HasSuffix(src[:s.At], body) {
				t.Fatalf("from %d to %d: marker %02X and %d bytes", before, s.At, marker, len(body))
			}
			if frame, err := jpegstream.ParseFrame(body); err == nil {
				_, _ = frame.ParseScan(body)
			}
		}
	})
}
