package jpeg2000_test

import (
	"encoding/base64"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
	"hotlight/project/dcm/jpeg2000/internal/corpus"
)

// TestMixedStreamsAreAsFFmpegHasThem holds streams made here against what FFmpeg made of them once. With HOTLIGHT_MIXED_STREAMS it writes the
// streams into the file of that name instead, for testdata/ffmpeg.mjs to make the table anew.
func TestMixedStreamsAreAsFFmpegHasThem(t *testing.T) {
	if name := os.Getenv("HOTLIGHT_MIXED_STREAMS"); name != "" {
		if err := os.WriteFile(name, mixedStreams(t), 0o600); err != nil {
			t.Fatal(err)
		}
		t.Skip("the streams were written into " + name)
	}
	for _, s := range pinnedStreams(t, "testdata/ffmpeg.tsv") {
		m, err := jpeg2000.Decode(s.stream, jpeg2000.Options{})
		if err == nil {
			err = s.compare(m)
		}
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
		}
	}
}

// mixedStreams returns lines of a name, columns, rows, components, bits, whether the stream is reversible (0 or 1), and the stream in base64. Left out is
// what FFmpeg 8.1 refuses, a second set of HT passes, and what it decodes to something else than the source: a region of interest of HT blocks, and mixed ones
// of Part 1 with several segments.
func mixedStreams(t *testing.T) (out []byte) {
	r := rand.New(rand.NewPCG(2026, 15))
	add := func(name string, bits, components int, o encode.Options) {
		m := &encode.Image{X1: 20 + r.IntN(12), Y1: 20 + r.IntN(8)}
		if o.Irreversible {
			m.X1, m.Y1 = 16, 12
		}
		o.Style |= encode.HighThroughput | encode.Mixed
		o.Mix, o.BlockWidth, o.BlockHeight = r.Uint64(), 4<<r.IntN(3), 4<<r.IntN(3)
		for c := range components {
			m.Components = append(m.Components, encode.Component{Bits: bits})
			corpus.Fill(r, m, c)
		}
		stream, err := encode.Encode(m, o)
		if err != nil {
			t.Fatal(err)
		}
		reversible := 1
		if o.Irreversible {
			reversible = 0
		}
		out = fmt.Appendf(out, "%s\t%d\t%d\t%d\t%d\t%d\t%s\n", name, m.X1, m.Y1, components, bits, reversible, base64.StdEncoding.EncodeToString(stream))
	}
	usual := func() encode.Options { return encode.Options{Coding: encode.Coding{Levels: 2}, Layers: 1 + r.IntN(3)} }
	for _, bits := range []int{8, 10, 12, 14, 16} {
		add(fmt.Sprintf("%d bits", bits), bits, 1, usual())
	}
	for _, s := range []encode.Style{encode.Reset, encode.Causal, encode.PredictableTermination, encode.SegmentationSymbols, 0x3A} {
		o := usual()
		o.Style = s
		add(fmt.Sprintf("style %02x", int(s)), 12, 1, o)
	}
	for n := 1; n <= 4; n++ {
		o := usual()
		o.Layers = n
		add(fmt.Sprintf("%d layers", n), 12, 1, o)
		o.Placeholders = n
		add(fmt.Sprintf("%d placeholders, %d layers", n, n), 12, 1, o)
		o.Placeholders, o.Late, o.Layers = 0, 2*n, 2+n
		add(fmt.Sprintf("%d late passes, %d layers", o.Late, o.Layers), 12, 1, o)
		o.Placeholders, o.HTPasses = 1, 2+n%2
		add(fmt.Sprintf("%d late passes, %d layers, a placeholder and %d passes", o.Late, o.Layers, o.HTPasses), 12, 1, o)
	}
	o := usual()
	o.TileWidth, o.TileHeight, o.Order = 13, 11, encode.RPCL
	add("tiles", 8, 1, o)
	o = usual()
	o.Transform = true
	add("colours", 8, 3, o)
	o = usual()
	o.Irreversible = true
	add("irreversible", 12, 1, o)
	return out
}
