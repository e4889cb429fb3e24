package cli

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"hotlight/project/metrics"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

type compareCommand struct {
	A         string  `arg:"" help:"The reference: DICOM SEG (BINARY), NIfTI or NRRD label map."`
	B         string  `arg:"" help:"What is held against it."`
	Tolerance float64 `name:"tolerance-mm" default:"1" help:"Tolerance of the normalised surface distance, in millimetres."`
	Surface   string  `enum:"surfel_area,voxel_face,voxel_full" default:"surfel_area" help:"Definition of a surface: surfel_area, voxel_face or voxel_full."`
}

// comparison is the document of --json.
type comparison struct {
	Segments      []compared `json:"segments"`
	AnyForeground compared   `json:"any_foreground"`
	Surface       string     `json:"surface"` // the definition that the distances stand under
	HD95          string     `json:"hd95"`
	ToleranceMM   float64    `json:"tolerance_mm"`
	Warnings      []string   `json:"warnings,omitempty"`
}

// compared is one segment. What is undefined or infinite is null; the status says why.
type compared struct {
	Name      string      `json:"name"`
	Dice      *float64    `json:"dice"`
	Jaccard   *float64    `json:"jaccard"`
	Voxels    [2]int64    `json:"voxels"`
	VolumeML  [2]*float64 `json:"volume_ml"`
	Hausdorff *float64    `json:"hausdorff_mm"`
	HD95      *float64    `json:"hd95_mm"`
	ASSD      *float64    `json:"assd_mm"`
	NSD       *float64    `json:"nsd"`
	Status    string      `json:"status"`
}

func (c *compareCommand) Run(s *session) error {
	if !(c.Tolerance >= 0) || math.IsInf(c.Tolerance, 0) {
		return usage("--tolerance-mm is a number of millimetres from 0 up")
	}
	a, err := readMasks(c.A)
	if err != nil {
		return fmt.Errorf("the first mask: %w", err)
	}
	b, err := readMasks(c.B)
	if err != nil {
		return fmt.Errorf("the second mask: %w", err)
	}
	a.nameLike(b)
	b.nameLike(a)
	note, err := align(a, b)
	if err != nil {
		return err
	}
	out, err := c.compare(s, a, b)
	if err != nil {
		return err
	}
	if note != "" {
		out.Warnings = append(out.Warnings, note)
	}
	if s.json {
		return s.printJSON(out)
	}
	return s.printComparison(out)
}

// compare measures every segment that either has, by name, and all of them together.
func (c *compareCommand) compare(s *session, a, b *masks) (*comparison, error) {
	out := &comparison{Segments: []compared{}, Surface: c.Surface, HD95: "greater of the directed 95th percentiles", ToleranceMM: c.Tolerance}
	space, err := metrics.SpaceOf(&a.geometry)
	measured := err == nil
	if err != nil {
		out.Warnings = append(out.Warnings, err.Error())
	}
	one := func(name string, x, y *segmentation.Mask) (compared, error) {
		row, err := overlapOf(name, x, y, &a.geometry)
		if err != nil || !measured {
			return row, err
		}
		d, err := metrics.Surfaces(x, y, space, metrics.Surface(c.Surface))
		if err != nil {
			return row, err
		}
		row.Hausdorff, row.HD95 = defined(d.Hausdorff()), defined(d.HausdorffPercentile(95))
		row.ASSD, row.NSD = defined(d.ASSD()), defined(d.NSD(c.Tolerance))
		return row, nil
	}
	for _, name := range namesOf(a, b) {
		if err := s.ctx.Err(); err != nil {
			return nil, err
		}
		row, err := one(name, a.mask(name), b.mask(name))
		if err != nil {
			return nil, err
		}
		out.Segments = append(out.Segments, row)
	}
	x, errA := a.union()
	y, errB := b.union()
	if err := errors.Join(errA, errB); err != nil {
		return nil, err
	}
	out.AnyForeground, err = one("any foreground", x, y)
	return out, err
}

// overlapOf is what needs no millimetres.
func overlapOf(name string, a, b *segmentation.Mask, g *volume.Geometry) (compared, error) {
	o, err := metrics.Count(a, b)
	if err != nil {
		return compared{}, err
	}
	row := compared{Name: name, Dice: defined(o.Dice()), Jaccard: defined(o.Jaccard()), Voxels: [2]int64{o.Reference, o.Test}, Status: string(o.Status())}
	if ml, ok := g.VoxelML(); ok {
		for n, voxels := range row.Voxels {
			v := float64(voxels) * ml
			row.VolumeML[n] = &v
		}
	}
	return row, nil
}

func defined(r metrics.Result) *float64 {
	if math.IsNaN(r.Value) || math.IsInf(r.Value, 0) {
		return nil
	}
	return &r.Value
}

func (s *session) printComparison(c *comparison) error {
	for _, w := range c.Warnings {
		s.note("%s", w)
	}
	if _, err := fmt.Fprintf(s.Out, "%-16s %8s %8s %10s %10s %9s %9s %9s %8s  %s\n", "segment", "dice", "jaccard", "ml", "ml", "HD mm", "HD95 mm", "ASSD mm", "NSD", "status"); err != nil {
		return err
	}
	for _, row := range append(c.Segments, c.AnyForeground) {
		if _, err := fmt.Fprintf(s.Out, "%-16s %8s %8s %10s %10s %9s %9s %9s %8s  %s\n", row.Name, cell(row.Dice, 4), cell(row.Jaccard, 4), cell(row.VolumeML[0], 3),
			cell(row.VolumeML[1], 3), cell(row.Hausdorff, 3), cell(row.HD95, 3), cell(row.ASSD, 3), cell(row.NSD, 4), row.Status); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(s.Out, "surfaces: %s; HD95: %s; NSD within %g mm\n", c.Surface, c.HD95, c.ToleranceMM)
	return err
}

// cell is empty for what is undefined.
func cell(v *float64, digits int) string {
	if v == nil {
		return ""
	}
	return strconv.FormatFloat(*v, 'f', digits, 64)
}
