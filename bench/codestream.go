package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"hotlight/project/dcm"
	"hotlight/project/dcm/jpeg2000"
	"hotlight/project/dcm/jpeg2000/encode"
)

// codestream is one picture in JPEG 2000 without DICOM around it, written by our own encoder, for the rows beside OpenJPEG.
type codestream struct {
	name   string
	of     string // grey, grey12, grey8 or colour
	coding encode.Coding
	count  int // decodings a repeat
}

var codestreams = []codestream{
	{"8 bit, 5/3", "grey8", encode.Coding{}, 3},
	{"12 bit, 5/3", "grey12", encode.Coding{}, 2},
	{"16 bit, 5/3", "grey", encode.Coding{}, 2},
	{"colour, 5/3", "colour", encode.Coding{}, 2},
	{"8 bit, 9/7", "grey8", encode.Coding{Irreversible: true, Step: 1}, 4},
	{"12 bit, 9/7", "grey12", encode.Coding{Irreversible: true, Step: 4}, 4},
	{"16 bit, 9/7", "grey", encode.Coding{Irreversible: true, Step: 4}, 4},
	{"colour, 9/7", "colour", encode.Coding{Irreversible: true, Step: 1}, 2},
	{"8 bit, HT", "grey8", encode.Coding{Style: encode.HighThroughput}, 10},
	{"12 bit, HT", "grey12", encode.Coding{Style: encode.HighThroughput}, 10},
	{"16 bit, HT", "grey", encode.Coding{Style: encode.HighThroughput}, 10},
	{"colour, HT", "colour", encode.Coding{Style: encode.HighThroughput}, 5},
}

// codestreamTasks: JPEG 2000 on one core beside OpenJPEG, the same streams.
func codestreamTasks(d *data, p *peers) (list []task) {
	for n, c := range codestreams {
		file := filepath.Join(d.dir, "pictures", fmt.Sprintf("codestream-%d.j2k", n))
		bytes, same := d.size[0]*d.size[1]*2, exact
		switch c.of {
		case "grey8":
			bytes /= 2
		case "colour":
			bytes = bytes / 2 * 3
		}
		if c.coding.Irreversible {
			same = 0 // roundings may differ by one
		}
		peer := p.program(openjpeg, 1/0.8, "decode", file, fmt.Sprint(c.count))
		if peer.lacks == "" {
			peer.argv = onOneCore(peer.argv)
		}
		list = append(list, task{name: "decode: JPEG 2000 " + c.name, ours: onOneCore(ours("codestream", file, fmt.Sprint(c.count))), bytes: bytes,
			warmups: 1, same: same, prepare: func(context.Context) (string, error) { return "", d.writeCodestream(c, file) }, rivals: []rival{peer}})
	}
	return list
}

// writeCodestream writes the picture once.
func (d *data) writeCodestream(c codestream, to string) error {
	if _, err := os.Stat(to); err == nil {
		return nil
	}
	hu, err := d.middle()
	if err != nil {
		return err
	}
	m := &encode.Image{X1: d.size[0], Y1: d.size[1]}
	add := func(bits int, signed bool, at func(n int) int32) {
		samples := make([]int32, d.size[0]*d.size[1])
		for n := range samples {
			samples[n] = at(n)
		}
		m.Components = append(m.Components, encode.Component{Bits: bits, Signed: signed, Samples: samples})
	}
	switch word := binary.LittleEndian.Uint16; c.of {
	case "grey12":
		b := shifted(hu)
		add(12, false, func(n int) int32 { return int32(word(b[2*n:])) })
	case "grey":
		add(16, true, func(n int) int32 { return int32(int16(word(hu[2*n:]))) })
	default:
		b := coloured(hu)
		add(8, false, func(n int) int32 { return int32(b[3*n]) })
		if c.of == "colour" {
			add(8, false, func(n int) int32 { return int32(b[3*n+1]) })
			add(8, false, func(n int) int32 { return int32(b[3*n+2]) })
		}
	}
	c.coding.Levels = 5
	b, err := encode.Encode(m, encode.Options{Coding: c.coding, Transform: len(m.Components) == 3})
	if err != nil {
		return err
	}
	return errors.Join(os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, b, 0o644))
}

// decodeCodestream decodes a codestream that is in memory, count times.
func decodeCodestream(args []string) (operation, error) {
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	h, err := jpeg2000.ReadHeader(b)
	if err != nil {
		return nil, err
	}
	first := h.Components[0]
	shape := jpeg2000.Shape{Rows: h.Height, Columns: h.Width, Components: len(h.Components), Bytes: (first.Precision + 7) / 8}
	frame := make([]byte, shape.Rows*shape.Columns*shape.Components*shape.Bytes)
	return func() ([]float64, string, error) {
		seconds, err := timed(count, func() error {
			for range count {
				if _, err := jpeg2000.DecodeFrame(frame, b, shape, jpeg2000.Options{Workers: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		return seconds, fmt.Sprint(sumOf(frame, dcm.PixelFormat{BitsAllocated: 8 * shape.Bytes, Signed: first.Signed})), err
	}, nil
}
