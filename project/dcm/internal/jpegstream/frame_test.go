package jpegstream

import (
	"errors"
	"strings"
	"testing"
)

func TestParseFrame(t *testing.T) {
	f, err := ParseFrame([]byte{12, 1, 2, 3, 4, 2, 7, 0x21, 3, 9, 0x11, 0})
	want := Frame{Header{Rows: 258, Columns: 772, Components: 2, Precision: 12}, [4]Component{{7, 2, 1, 3}, {9, 1, 1, 0}}}
	if err != nil || f != want {
		t.Fatalf("got %+v %v", f, err)
	}
	if !errors.Is(f.SameSize(), ErrUnsupported) {
		t.Error("components of two sizes pass for one")
	}
	f.Component[0].H = 1
	if f.SameSize() != nil {
		t.Error("components of one size are refused")
	}
	for _, b := range [][]byte{nil, {8, 0, 1, 0, 1}, {8, 0, 1, 0, 1, 0}, {8, 0, 1, 0, 1, 1, 1, 0x11}, {8, 0, 1, 0, 1, 1, 1, 0x11, 0, 0},
		append([]byte{8, 0, 1, 0, 1, 5}, make([]byte, 15)...)} {
		if _, err := ParseFrame(b); !errors.Is(err, ErrHeader) {
			t.Errorf("%X: %v", b, err)
		}
	}
}

func TestTake(t *testing.T) {
	f := Frame{Header{Components: 3}, [4]Component{{ID: 5}, {ID: 6}, {ID: 5}, {ID: 8}}}
	var taken [4]bool
	for _, c := range []struct {
		id   byte
		want int
	}{{6, 1}, {5, 0}, {5, 2}, {5, -1}, {6, -1}, {8, -1}} {
		n, err := f.Take(c.id, &taken)
		if c.want < 0 && !errors.Is(err, ErrHeader) || c.want >= 0 && (err != nil || n != c.want) {
			t.Errorf("component %d: got %d %v, want %d", c.id, n, err, c.want)
		}
	}
	if taken != [4]bool{true, true, true} {
		t.Error(taken)
	}
}

func TestParseScan(t *testing.T) {
	h := Header{Components: 2}
	s, err := h.ParseScan([]byte{2, 7, 0x21, 9, 0x10, 1, 2, 0x34})
	if want := (Scan{2, [4]byte{7, 9}, [4]byte{0x21, 0x10}, 1, 2, 0x34}); err != nil || s != want {
		t.Errorf("got %+v %v", s, err)
	}
	for _, b := range [][]byte{nil, {1, 7, 0, 1, 2}, {0, 1, 2, 3, 4, 5}, {1, 7, 0, 1, 2, 3, 4}, append([]byte{5}, make([]byte, 13)...)} {
		if _, err := h.ParseScan(b); !errors.Is(err, ErrHeader) {
			t.Errorf("%X: %v", b, err)
		}
	}
	if _, err := (Header{}).ParseScan([]byte{1, 7, 0, 1, 2, 3}); !errors.Is(err, ErrHeader) || !strings.Contains(err.Error(), "before the frame header") {
		t.Error(err)
	}
}

func TestShape(t *testing.T) {
	good := Shape{Rows: 3, Columns: 4, Components: 3, Bytes: 2}
	if err := good.Check(72); err != nil {
		t.Error(err)
	}
	if err := good.Check(71); err == nil {
		t.Error("a buffer of the wrong length was accepted")
	}
	for _, s := range []Shape{{}, {65536, 1, 1, 1}, {1, 65536, 1, 1}, {1, 1, 5, 1}, {1, 1, 1, 3}, {-1, -1, 1, 1}} {
		if err := s.Check(max(0, s.Len())); !errors.Is(err, ErrShape) {
			t.Errorf("%+v: %v", s, err)
		}
	}
	for _, c := range []struct {
		h    Header
		text string
	}{
		{Header{3, 4, 3, 16}, ""}, {Header{0, 4, 3, 8}, ""}, {Header{2, 4, 3, 16}, "4 x 2 pixels, expected were 4 x 3"}, {Header{3, 5, 3, 16}, "5 x 3 pixels"},
		{Header{3, 4, 1, 16}, "1 components"}, {Header{3, 4, 3, 17}, "17 bits, there is room for 16"},
	} {
		if err := good.Match(c.h); c.text == "" && err != nil || c.text != "" && (!errors.Is(err, ErrShape) || !strings.Contains(err.Error(), c.text)) {
			t.Errorf("%+v: got %v, want %q", c.h, err, c.text)
		}
	}
	if good.MatchDNL([]byte{0, 3}) != nil || good.MatchDNL([]byte{3}) != nil || !errors.Is(good.MatchDNL([]byte{0, 4}), ErrShape) {
		t.Error("the number of lines is not compared")
	}
}

func TestOf(t *testing.T) {
	if err := Of("jpeg", ErrEarlyEnd); err.Error() != "jpeg: the coded data are damaged: they end early" || !errors.Is(err, ErrData) || Of("jpeg", nil) != nil {
		t.Error(err)
	}
}
