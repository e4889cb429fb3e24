package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"

	"hotlight/project/dcm"
)

// packer is a program that compresses the images: what others write is what hospitals have.
type packer struct {
	program, flags, install string
}

// packers of the series, by the folder they fill.
var packers = map[string]packer{
	"jpeg-lossless": {"dcmcjpeg", "+e1", "apt-get install dcmtk"},
	"jpeg-ls":       {"dcmcjpls", "+el", "apt-get install dcmtk"},
	"jpeg2000":      {"gdcmconv", "--j2k", "apt-get install libgdcm-tools"},
}

// packed is the folder of a compressed series.
func (d *data) packed(kind string) string { return filepath.Join(d.dir, kind) }

// makePacked compresses the series once. It returns what to install where the program is missing.
func (d *data) makePacked(kind string) func(ctx context.Context) (lacks string, err error) {
	return func(ctx context.Context) (string, error) {
		p := packers[kind]
		if _, err := os.Stat(d.packed(kind)); err == nil {
			return "", nil
		}
		if _, err := exec.LookPath(p.program); err != nil {
			return p.install, nil
		}
		files, err := filepath.Glob(filepath.Join(d.dicom(), "*"))
		if err != nil {
			return "", err
		}
		part := d.packed(kind) + ".part"
		if err := errors.Join(os.RemoveAll(part), os.MkdirAll(part, 0o755)); err != nil {
			return "", err
		}
		fmt.Fprintf(os.Stderr, "%s makes %s of %d slices ...\n", p.program, kind, len(files))
		if err := inParallel(len(files), func(n int) error {
			return p.run(ctx, files[n], filepath.Join(part, filepath.Base(files[n])))
		}); err != nil {
			return "", err
		}
		return "", os.Rename(part, d.packed(kind))
	}
}

func (p packer) run(ctx context.Context, from, to string) error {
	out, err := exec.CommandContext(ctx, p.program, append(strings.Fields(p.flags), from, to)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w: %s", p.program, err, strings.TrimSpace(string(out)))
	}
	return nil
}

// inParallel calls f with 0 to count-1, as many at a time as there are processors, and returns the first error.
func inParallel(count int, f func(n int) error) error {
	var group sync.WaitGroup
	next, failed := make(chan int), make(chan error, count)
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for n := range next {
				if err := f(n); err != nil {
					failed <- err
				}
			}
		})
	}
	for n := range count {
		next <- n
	}
	close(next)
	group.Wait()
	close(failed)
	return <-failed
}

// picture is one frame in a transfer syntax, for the rows of the codecs.
type picture struct {
	name   string // as printed
	file   string
	of     string // grey, grey12 or colour: the uncompressed file it is made of
	by     packer // no program: it is written here, in syntax
	syntax string
	rivals []string // of DCMTK, GDCM, pydicom, pylibjpeg
	count  int      // decodings a repeat
}

const fromDCMTK, fromGDCM = "apt-get install dcmtk", "apt-get install libgdcm-tools"

var pictures = []picture{
	{"uncompressed 16 bit", "native", "grey", packer{}, dcm.ExplicitLittleEndian, []string{"DCMTK", "GDCM", "pydicom"}, 200},
	{"RLE 16 bit", "rle", "grey", packer{}, dcm.RLELossless, []string{"DCMTK", "GDCM", "pydicom"}, 40},
	{"JPEG lossless, predictor 1, 16 bit", "jpegll-1", "grey", packer{"dcmcjpeg", "+e1", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 10},
	{"JPEG lossless, predictor 6, 16 bit", "jpegll-6", "grey", packer{"dcmcjpeg", "+el +sv 6", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 10},
	{"JPEG lossless, colour", "jpegll-colour", "colour", packer{"dcmcjpeg", "+e1", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 10},
	{"JPEG-LS 16 bit", "jpegls", "grey", packer{"dcmcjpls", "+el", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 5},
	{"JPEG-LS near-lossless 12 bit", "jpegls-near", "grey12", packer{"dcmcjpls", "+en +md 2", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 5},
	{"JPEG-LS colour", "jpegls-colour", "colour", packer{"dcmcjpls", "+el", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 5},
	{"JPEG baseline, colour 4:2:2", "jpeg-colour", "colour", packer{"dcmcjpeg", "+eb", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 10},
	{"JPEG extended 12 bit", "jpeg-12", "grey12", packer{"dcmcjpeg", "+ee +bt", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 10},
	{"JPEG progressive 12 bit", "jpeg-progressive", "grey12", packer{"dcmcjpeg", "+ep +bt", fromDCMTK}, "", []string{"DCMTK", "GDCM", "pylibjpeg"}, 5},
	{"JPEG 2000 lossless 16 bit", "jpeg2000", "grey", packer{"gdcmconv", "--j2k", fromGDCM}, "", []string{"GDCM", "pylibjpeg"}, 2},
	{"JPEG 2000 lossy 16 bit", "jpeg2000-lossy", "grey", packer{"gdcmconv", "--j2k --lossy -r 10", fromGDCM}, "", []string{"GDCM", "pylibjpeg"}, 2},
	{"JPEG 2000 lossless, colour", "jpeg2000-colour", "colour", packer{"gdcmconv", "--j2k", fromGDCM}, "", []string{"GDCM", "pylibjpeg"}, 2},
}

func (d *data) picture(p picture) string { return filepath.Join(d.dir, "pictures", p.file+".dcm") }

// makePicture writes the picture once, and before it the uncompressed one.
func (d *data) makePicture(p picture) func(ctx context.Context) (lacks string, err error) {
	return func(ctx context.Context) (string, error) {
		to := d.picture(p)
		if _, err := os.Stat(to); err == nil {
			return "", nil
		}
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			return "", err
		}
		if p.by.program == "" {
			return "", d.writePicture(p.of, p.syntax, to)
		}
		if _, err := exec.LookPath(p.by.program); err != nil {
			return p.by.install, nil
		}
		original := filepath.Join(filepath.Dir(to), "original-"+p.of+".dcm")
		if err := d.writePicture(p.of, dcm.ExplicitLittleEndian, original); err != nil {
			return "", err
		}
		return "", p.by.run(ctx, original, to)
	}
}

// middle is the middle slice, 16 bits a voxel, signed.
func (d *data) middle() ([]byte, error) {
	raw, err := os.Open(d.raw())
	if err != nil {
		return nil, err
	}
	defer raw.Close()
	hu := make([]byte, 2*d.size[0]*d.size[1])
	_, err = raw.ReadAt(hu, int64(d.size[2]/2)*int64(len(hu)))
	return hu, err
}

// writePicture writes the middle slice as grey (16 bits, signed), grey12 (12 bits, unsigned) or colour (three of 8 bits).
func (d *data) writePicture(of, syntax, to string) error {
	side := d.size[0] * d.size[1]
	hu, err := d.middle()
	if err != nil {
		return err
	}
	set := dcm.NewDataSet().Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.7").Set(dcm.SOPInstanceUID, dcm.UI, "2.25.1.2.3").
		Set(dcm.StudyInstanceUID, dcm.UI, "2.25.1.2.4").Set(dcm.SeriesInstanceUID, dcm.UI, "2.25.1.2.5").Set(dcm.Modality, dcm.CS, "OT").
		Set(dcm.Rows, dcm.US, d.size[1]).Set(dcm.Columns, dcm.US, d.size[0])
	stored, sign, samples, photometric, pixels := 16, 1, 1, "MONOCHROME2", hu
	switch of {
	case "grey12":
		stored, sign, pixels = 12, 0, shifted(hu)
	case "colour":
		stored, sign, samples, photometric, pixels = 8, 0, 3, "RGB", coloured(hu)
		set.Set(dcm.PlanarConfiguration, dcm.US, 0)
	}
	allocated := 8 * len(pixels) / side / samples
	set.Set(dcm.SamplesPerPixel, dcm.US, samples).Set(dcm.PhotometricInterpretation, dcm.CS, photometric).Set(dcm.BitsAllocated, dcm.US, allocated).
		Set(dcm.BitsStored, dcm.US, stored).Set(dcm.HighBit, dcm.US, stored-1).Set(dcm.PixelRepresentation, dcm.US, sign).Set(dcm.PixelData, dcm.OW, pixels)
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	return errors.Join(dcm.Write(f, set, syntax), f.Close())
}

// shifted is hu without a sign, in 12 bits.
func shifted(hu []byte) []byte {
	out := make([]byte, len(hu))
	for n := 0; n < len(hu); n += 2 {
		v := max(0, min(int(int16(uint16(hu[n])|uint16(hu[n+1])<<8))+1024, 4095))
		out[n], out[n+1] = byte(v), byte(v>>8)
	}
	return out
}

// coloured is hu through three windows.
func coloured(hu []byte) []byte {
	out := make([]byte, 0, len(hu)/2*3)
	for n := 0; n < len(hu); n += 2 {
		v := int(int16(uint16(hu[n]) | uint16(hu[n+1])<<8))
		for _, w := range [3][2]int{{40, 400}, {-600, 1500}, {300, 1500}} {
			out = append(out, byte(max(0, min((v-w[0])*255/w[1]+128, 255))))
		}
	}
	return out
}
