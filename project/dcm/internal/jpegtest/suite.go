package jpegtest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hotlight/project/dcm/internal/jpegstream"
)

// Decode is a decoder: it decodes the frame src into dst, which has shape.Len() bytes, and returns what the stream says of itself.
type Decode func(dst, src []byte, shape jpegstream.Shape) (jpegstream.Header, error)

// Refusal is a stream and how it is refused.
type Refusal struct {
	Name  string
	Src   []byte
	Shape jpegstream.Shape // the zero value: that of the good stream
	Want  error            // nil: it is decoded all the same
	Text  string           // part of the error's text
}

// Refuses checks the cases, and what any decoder refuses. good is a stream of one component whose samples need all bytes that shape has for them; codec is the
// name before every error.
func Refuses(t *testing.T, codec string, decode Decode, good []byte, shape jpegstream.Shape, cases []Refusal) {
	t.Helper()
	higher, coloured, none := shape, shape, shape
	higher.Rows, coloured.Components, none.Columns = shape.Rows+1, 3, 0
	rows := fmt.Sprintf("it has %d x %d pixels, expected were %d x %d", shape.Columns, shape.Rows, shape.Columns, shape.Rows+1)
	cases = append([]Refusal{
		{Name: "nothing", Src: nil, Shape: shape, Want: jpegstream.ErrHeader, Text: "it does not begin with FFD8"},
		{Name: "other rows", Src: good, Shape: higher, Want: jpegstream.ErrShape, Text: rows},
		{Name: "other components", Src: good, Shape: coloured, Want: jpegstream.ErrShape, Text: "1 components, expected were 3"},
		{Name: "a shape that is none", Src: good, Shape: none, Want: jpegstream.ErrShape, Text: "do not fit"},
	}, cases...)
	if shape.Bytes == 2 {
		narrow := shape
		narrow.Bytes = 1
		cases = append(cases, Refusal{Name: "more bits than room", Src: good, Shape: narrow, Want: jpegstream.ErrShape, Text: "bits, there is room for 8"})
	}
	for _, c := range cases {
		if c.Shape == (jpegstream.Shape{}) {
			c.Shape = shape
		}
		t.Run(c.Name, func(t *testing.T) {
			_, err := decode(make([]byte, max(0, c.Shape.Len())), c.Src, c.Shape)
			if !errors.Is(err, c.Want) || err != nil && !(strings.HasPrefix(err.Error(), codec+": ") && strings.Contains(err.Error(), c.Text)) {
				t.Errorf("got %v, want %v with %q", err, c.Want, c.Text)
			}
		})
	}
	if _, err := decode(make([]byte, 3), good, shape); err == nil {
		t.Error("a buffer of the wrong length was accepted")
	}
}

// Fuzz decodes what the fuzzer makes of f's seeds: a stream, rows, columns, components and bytes of a sample. What is accepted must be what was announced, and the
// same when it is decoded again.
func Fuzz(f *testing.F, decode Decode) {
	f.Helper()
	f.Fuzz(func(t *testing.T, src []byte, rows, columns, components, width int) {
		if rows < 0 || rows > 256 || columns < 0 || columns > 256 || components < 0 || components > 5 || width < 0 || width > 3 {
			return
		}
		shape := jpegstream.Shape{Rows: rows, Columns: columns, Components: components, Bytes: width}
		a, b := make([]byte, shape.Len()), make([]byte, shape.Len())
		h, err := decode(a, src, shape)
		if err != nil {
			return
		}
		if h.Columns != columns || h.Components != components || h.Rows != rows {
			t.Fatalf("the header %+v was accepted for %+v", h, shape)
		}
		if _, err := decode(b, src, shape); err != nil || !bytes.Equal(a, b) {
			t.Fatalf("decoded again it differs: %v", err)
		}
	})
}

// Benchmark decodes src again and again into one buffer.
func Benchmark(b *testing.B, decode Decode, src []byte, shape jpegstream.Shape) {
	b.Helper()
	dst := make([]byte, shape.Len())
	b.SetBytes(int64(len(dst)))
	for b.Loop() {
		if _, err := decode(dst, src, shape); err != nil {
			b.Fatal(err)
		}
	}
}
