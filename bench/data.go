package main

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/dcm"
	"hotlight/project/phantom"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// data is where the images lie that all programs read.
type data struct {
	dir     string
	size    [3]int
	spacing [3]float64
	quick   bool
}

// version changes when the images do.
const version = "2"

func (d *data) dicom() string             { return filepath.Join(d.dir, "dicom") }
func (d *data) rle() string               { return filepath.Join(d.dir, "rle") }
func (d *data) raw() string               { return filepath.Join(d.dir, "ct.raw") }        // int16 HU
func (d *data) mask(reader string) string { return filepath.Join(d.dir, "liver-"+reader) } // .raw: a byte a voxel; .mask: ours

// env tells the peers the grid.
func (d *data) env() []string {
	var out []string
	for n, axis := range "XYZ" {
		out = append(out, fmt.Sprintf("N%c=%d", axis, d.size[n]), fmt.Sprintf("S%c=%s", axis, strconv.FormatFloat(d.spacing[n], 'g', -1, 64)))
	}
	return out
}

// makeData scans the phantom once: 400 slices of 512 x 512, as DICOM files, as RLE, as bare numbers, and with two readers' masks of its liver.
func makeData(ctx context.Context, dir string, quick bool) (*data, error) {
	d := &data{size: [3]int{512, 512, 400}, spacing: [3]float64{0.75, 0.75, 1}, quick: quick}
	if quick {
		d.size, d.spacing = [3]int{256, 256, 200}, [3]float64{1.5, 1.5, 2}
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	d.dir = filepath.Join(dir, fmt.Sprintf("%dx%dx%d-v%s", d.size[0], d.size[1], d.size[2], version))
	if _, err := os.Stat(d.dir); err == nil {
		return d, d.third()
	} else if !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	finished := d.dir
	d.dir += ".part"
	if err := os.RemoveAll(d.dir); err != nil {
		return nil, err
	}
	if err := d.scan(ctx); err != nil {
		return nil, err
	}
	if err := os.Rename(d.dir, finished); err != nil {
		return nil, err
	}
	d.dir = finished
	return d, d.third()
}

// third makes the mask of a third reader, who is two columns off and one row.
func (d *data) third() error {
	if _, err := os.Stat(d.mask("c") + ".raw"); err == nil {
		return nil
	}
	first, err := readMask(d.mask("a")+".mask", d.size)
	if err != nil {
		return err
	}
	moved := segmentation.NewBuilder(segmentation.NewMask(d.size))
	for k := range d.size[2] {
		for j := 1; j < d.size[1]; j++ {
			for i := 2; i < d.size[0]; i++ {
				if first.At(i-2, j-1, k) {
					moved.Set(i, j, k)
				}
			}
		}
	}
	return d.writeMask("c", moved.Mask())
}

func (d *data) scan(ctx context.Context) error {
	fmt.Fprintf(os.Stderr, "scanning the phantom, %d slices ...", d.size[2])
	defer fmt.Fprintln(os.Stderr)
	v, truth, err := phantom.Compute(ctx, phantom.Options{Size: d.size, SpacingMM: d.spacing, Seed: 1}, func(done, total int) {
		if done%20 == 0 {
			fmt.Fprintf(os.Stderr, " %d", done)
		}
	})
	if err != nil {
		return err
	}
	if err := phantom.WriteDICOM(ctx, d.dicom(), v, phantom.StudyOptions{Seed: 1}); err != nil {
		return err
	}
	if err := phantom.WriteDICOM(ctx, d.rle(), v, phantom.StudyOptions{Seed: 1, SeriesNumber: 2, Syntax: dcm.RLELossless}); err != nil {
		return err
	}
	hu := make([]int16, len(v.Int16))
	for n, stored := range v.Int16 {
		hu[n] = stored + int16(v.Intercept)
	}
	if err := writeBinary(d.raw(), hu); err != nil {
		return err
	}
	liver, _ := truth.Shape("liver")
	second := v.Geometry // the other reader is 3 mm off
	second.Origin = second.Origin.Add(mgl64.Vec3{3, 0, 1})
	return errors.Join(d.writeMask("a", liver.Mask(&v.Geometry)), d.writeMask("b", liver.Mask(&second)))
}

func (d *data) writeMask(reader string, m *segmentation.Mask) error {
	if err := os.WriteFile(d.mask(reader)+".mask", m.Marshal(), 0o644); err != nil {
		return err
	}
	bytes := make([]byte, d.size[0]*d.size[1]*d.size[2])
	for n := range bytes {
		if m.At(n%d.size[0], n/d.size[0]%d.size[1], n/d.size[0]/d.size[1]) {
			bytes[n] = 1
		}
	}
	return os.WriteFile(d.mask(reader)+".raw", bytes, 0o644)
}

func writeBinary(path string, values any) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriterSize(f, 1<<20)
	return errors.Join(binary.Write(w, binary.LittleEndian, values), w.Flush(), f.Close())
}

// readMask reads what writeMask wrote.
func readMask(path string, size [3]int) (*segmentation.Mask, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return segmentation.ParseMask(b, size)
}

// emptyVolume is a grid of size without content, for what needs no images.
func emptyVolume(size [3]int, spacing [3]float64) (*volume.Volume, error) {
	v, err := volume.New(volume.Geometry{Size: size, Spacing: mgl64.Vec3(spacing), Direction: mgl64.Ident3()}, volume.Int16)
	if err != nil {
		return nil, err
	}
	v.Modality = "CT"
	v.ArriveAll()
	return v, nil
}
