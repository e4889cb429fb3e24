package cli

import (
	"context"
	"fmt"
	"io"
	"math"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/export"
	"hotlight/project/ingest"
	"hotlight/project/volume"
)

type scanCommand struct {
	Paths []string `arg:"" name:"path" help:"Files and folders."`
}

func (c *scanCommand) Run(s *session) error {
	found, err := s.scan(c.Paths)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(ingest.Report(found))
	}
	return ingest.Print(s.Out, found)
}

func (s *session) scan(paths []string) (*ingest.Result, error) {
	show, clear := s.progress("Scanning")
	defer clear()
	return ingest.Scan(s.ctx, paths, ingest.ScanOptions{Progress: show})
}

// pick names a volume among what a path holds.
type pick struct {
	Path   string `arg:"" help:"File or folder with images."`
	Series string `placeholder:"UID" help:"Series Instance UID; may be left out where there is one series."`
	Volume int    `default:"0" help:"Which volume of the series, from 0."`
	Unit   string `placeholder:"NAME" help:"The unit of the values: SUVbw, or a real world value that the file offers ('scan --json' lists them). Default: the file's own."`
}

// find scans and returns the chosen image.
func (p pick) find(s *session) (*ingest.Series, *ingest.Image, error) {
	found, err := s.scan([]string{p.Path})
	if err != nil {
		return nil, nil, err
	}
	var matches []*ingest.Series
	for _, study := range found.Studies {
		for _, series := range study.Series {
			if len(series.Volumes) > 0 && (p.Series == "" || string(series.UID) == p.Series) {
				matches = append(matches, series)
			}
		}
	}
	switch {
	case len(matches) == 0 && len(found.Skipped) > 0:
		return nil, nil, project.Errorf(project.NotFound, "no such series with images here; %d files were skipped, the first because: %s", len(found.Skipped), found.Skipped[0].Reason)
	case len(matches) == 0:
		return nil, nil, project.Errorf(project.NotFound, "no such series with images here")
	case len(matches) > 1:
		return nil, nil, usage("there are %d series with images: say which with --series", len(matches))
	}
	series := matches[0]
	if p.Volume < 0 || p.Volume >= len(series.Volumes) {
		return nil, nil, project.Errorf(project.NotFound, "the series has %d volumes, counted from 0", len(series.Volumes))
	}
	return series, series.Volumes[p.Volume], nil
}

// resample is the wish for a regular grid.
type resample struct {
	Resample bool `help:"Tilted or unevenly spaced planes on a regular grid along their axes, linear between them and marked as resampled; a regular volume stays as it is."`
}

// load finds and loads the chosen volume whole, on a regular grid where that is asked for.
func (p pick) load(s *session, r resample) (*ingest.Image, *volume.Volume, error) {
	_, image, err := p.find(s)
	if err == nil && p.Unit != "" {
		image, err = image.In(p.Unit)
	}
	if err != nil {
		return nil, nil, err
	}
	return r.load(s, image)
}

// load loads image whole, on a regular grid where that is asked for.
func (r resample) load(s *session, image *ingest.Image) (*ingest.Image, *volume.Volume, error) {
	v, err := loadWhole(s.ctx, s, image)
	if err != nil || !r.Resample || image.Kind == ingest.KindVolume {
		return image, v, err
	}
	show, clear := s.progress("Resampling")
	defer clear()
	return ingest.Resampled(s.ctx, image, v, show)
}

func loadWhole(ctx context.Context, s *session, image *ingest.Image) (*volume.Volume, error) {
	show, clear := s.progress("Loading")
	defer clear()
	loading, err := ingest.Load(ctx, image, ingest.LoadOptions{Arrived: func(_, done, total int) { show(done, total) }})
	if err != nil {
		return nil, err
	}
	if err := loading.Wait(); err != nil {
		return nil, err
	}
	if !loading.Volume().Complete() {
		return nil, project.Errorf(project.Corrupt, "not every slice could be decoded; 'scan' says which")
	}
	return loading.Volume(), nil
}

type decodeCommand struct {
	File  string `arg:"" help:"A DICOM file."`
	Frame *int   `help:"Only this frame, from 0."`
	Out   string `short:"o" placeholder:"OUT.raw" help:"Write the samples, little-endian at the width of Bits Allocated."`
}

func (c *decodeCommand) Run(s *session) error {
	f, err := dcm.Open(c.File, dcm.Options{})
	if err != nil {
		return err
	}
	defer f.Close()
	var frames []int
	if c.Frame != nil {
		frames = []int{*c.Frame}
	}
	var got dcm.Samples
	decode := func(w io.Writer) error {
		got, err = f.WriteSamples(w, frames...)
		return err
	}
	if c.Out == "" {
		err = decode(io.Discard)
	} else {
		err = writeWhole(c.Out, c.need(f), decode)
	}
	if err != nil {
		return err
	}
	for _, w := range f.Warnings {
		s.note("Warning: %s", w.Text)
	}
	r := reportSamples(f.Syntax, got)
	if s.json {
		return s.printJSON(r)
	}
	_, err = fmt.Fprintf(s.Out, "%d x %d, %d frames, %d samples of %d bits, %s, %s to %s\n%s\n", r.Columns, r.Rows, r.Frames, r.Samples,
		r.BitsAllocated, r.SamplesAre, number(r.Min), number(r.Max), r.SHA256)
	return err
}

// need is how many bytes the samples take; 0 where the header does not say, which decoding tells better.
func (c *decodeCommand) need(f *dcm.File) int64 {
	p, err := f.PixelFormat()
	if err != nil {
		return 0
	}
	frames := p.Frames
	if c.Frame != nil {
		frames = 1
	}
	return int64(frames) * int64(p.FrameBytes())
}

type samplesReport struct {
	Rows           int          `json:"rows"`
	Columns        int          `json:"columns"`
	Frames         int          `json:"frames"`
	Samples        int          `json:"samples"`
	BitsAllocated  int          `json:"bits_allocated"`
	BitsStored     int          `json:"bits_stored"`
	Signed         bool         `json:"signed"`
	Photometric    string       `json:"photometric"`
	TransferSyntax string       `json:"transfer_syntax"`
	SamplesAre     string       `json:"samples_are"`
	Min            float64      `json:"min"`
	Max            float64      `json:"max"`
	SHA256         project.Hash `json:"sha256"`
}

func reportSamples(syntax string, s dcm.Samples) samplesReport {
	f := s.Format
	return samplesReport{f.Rows, f.Columns, f.Frames, f.Samples, f.BitsAllocated, f.BitsStored, f.Signed, f.Photometric, syntax, s.SamplesAre, finite(s.Min), finite(s.Max), s.SHA256}
}

// finite keeps JSON possible: it has no infinities.
func finite(v float64) float64 {
	if math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}

func number(v float64) string { return strings.TrimSuffix(fmt.Sprintf("%.6g", v), ".0") }

type convertCommand struct {
	pick     `embed:""`
	resample `embed:""`
	Out      string `short:"o" required:"" placeholder:"OUT.nii.gz|.nrrd" help:"The name decides the format."`
}

func (c *convertCommand) Run(s *session) error {
	var write func(string, *volume.Volume, export.Options) error
	switch {
	case strings.HasSuffix(c.Out, ".nii.gz") || strings.HasSuffix(c.Out, ".nii"):
		write = export.WriteNIfTI
	case strings.HasSuffix(c.Out, ".nrrd"):
		write = export.WriteNRRD
	default:
		return usage("the output's name must end in .nii.gz, .nii or .nrrd")
	}
	image, v, err := c.pick.load(s, c.resample)
	if err != nil {
		return err
	}
	for _, w := range image.Warnings {
		s.note("Note: %s", w.Text)
	}
	if err := write(c.Out, v, export.Options{Warnings: image.Warnings}); err != nil || !s.json {
		return err
	}
	warnings := append([]project.Warning{}, image.Warnings...)
	return s.printJSON(map[string]any{"size": v.Size, "spacing_mm": v.Spacing, "resampled": v.Resampled, "warnings": warnings})
}
