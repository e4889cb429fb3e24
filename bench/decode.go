package main

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strconv"

	"hotlight/project/dcm"
)

// decodeFrame decodes the first frame of a file that is in memory, count times.
func decodeFrame(args []string) (operation, error) {
	count, err := strconv.Atoi(args[1])
	if err != nil {
		return nil, err
	}
	b, err := os.ReadFile(args[0])
	if err != nil {
		return nil, err
	}
	file, err := dcm.Read(bytes.NewReader(b), int64(len(b)), dcm.Options{})
	if err != nil {
		return nil, err
	}
	p, err := file.PixelFormat()
	if err != nil {
		return nil, err
	}
	frame := make([]byte, p.FrameBytes())
	return func() ([]float64, string, error) {
		seconds, err := timed(count, func() error {
			for range count {
				if err := file.DecodeFrame(0, frame); err != nil {
					return err
				}
			}
			return nil
		})
		return seconds, fmt.Sprint(sumOf(frame, p)), err
	}, nil
}

// sumOf adds up the samples: what every program must get.
func sumOf(frame []byte, p dcm.PixelFormat) (total int64) {
	if p.SampleBytes() == 1 {
		for _, v := range frame {
			total += int64(v)
		}
		return total
	}
	for ; len(frame) >= 2; frame = frame[2:] {
		if v := binary.LittleEndian.Uint16(frame); p.Signed {
			total += int64(int16(v))
		} else {
			total += int64(v)
		}
	}
	return total
}

// onOneCore runs argv on one processor, where there is a program for that: some libraries take all of them unasked.
func onOneCore(argv []string) []string {
	argv = append([]string{"env", "GOMAXPROCS=1", "THREADS=1"}, argv...)
	if path, err := exec.LookPath("taskset"); err == nil {
		return append([]string{path, "-c", "0"}, argv...)
	}
	return argv
}

// decodeTasks: one frame of each transfer syntax on one core.
func decodeTasks(d *data, p *peers) (list []task) {
	for _, picture := range pictures {
		count := fmt.Sprint(picture.count)
		file := d.picture(picture)
		samples := d.size[0] * d.size[1] * 2
		if picture.of == "colour" {
			samples = d.size[0] * d.size[1] * 3
		}
		// Colours may be converted by one program and not by another, so only sums of grey are compared; lossy ones may round differently.
		same := 0.0
		if picture.of != "colour" {
			same = exact
		}
		t := task{name: "decode: " + picture.name, ours: onOneCore(ours("decode", file, count)), bytes: samples, warmups: 1, same: same, prepare: d.makePicture(picture)}
		for _, name := range picture.rivals {
			r := p.decoder(name, file, count)
			if r.lacks == "" {
				r.argv = onOneCore(r.argv)
			}
			t.rivals = append(t.rivals, r)
		}
		list = append(list, t)
	}
	return list
}

// decoder is a rival in a row of decodeTasks.
func (p *peers) decoder(name, file, count string) rival {
	switch name {
	case "DCMTK":
		return p.program(dcmtk, 0, "decode", file, count)
	case "GDCM":
		return p.program(gdcm, 0, "decode", file, count)
	case "pylibjpeg":
		return p.script(pylibjpeg, 0, "decode", file, count)
	}
	return p.script(pydicom, 0, "decode", file, count)
}
