package ingest

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/volume"
)

// Resampled computes m, whose pixels v holds, on the regular grid of volume.Resample, and returns it as an image that says so: Resampled is set and
// a warning comes first. The warnings of the stack stay, since they say why. It fails as volume.Resample does.
func Resampled(ctx context.Context, m *Image, v *volume.Volume, progress func(done, total int)) (*Image, *volume.Volume, error) {
	out, err := volume.Resample(ctx, v, progress)
	if err != nil {
		return nil, nil, err
	}
	w, err := ResampledWarning(&m.Geometry)
	if err != nil {
		return nil, nil, err
	}
	r := *m
	r.Kind, r.Geometry, r.Pixel, r.Resampled = KindVolume, out.Geometry, out.Pixel, true
	r.Slope, r.Intercept, r.HasPadding, r.Padding = out.Slope, out.Intercept, false, [2]float64{}
	r.Warnings = append([]project.Warning{w}, aboutAcquisition(m.Warnings)...)
	r.Slices, r.frames = slices.Clone(m.Slices), nil // the sources stay named; none of them is a slice of the grid
	r.notDecoded = project.Errorf(project.Unsupported, "a resampled volume is computed, not loaded")
	return &r, out, nil
}

// aboutAcquisition leaves out how a tilted or uneven stack would be shown plane by plane: it is not, here.
func aboutAcquisition(all []project.Warning) []project.Warning {
	out := slices.Clone(all)
	for n, w := range out {
		if fact, _, ok := strings.Cut(w.Text, ". "); ok && (w.Code == project.WarnGantryTilt || w.Code == project.WarnUnevenSpacing) {
			out[n].Text = fact + "."
		}
	}
	return out
}

// ResampledWarning is what a reader must know of the regular grid over the stack g.
func ResampledWarning(g *volume.Geometry) (project.Warning, error) {
	grid, empty, err := g.Regular()
	if err != nil {
		return project.Warning{}, err
	}
	text := fmt.Sprintf("Resampled: computed between the acquired planes on a regular grid of %.4g x %.4g x %.4g mm. These are not the acquired pixels; segments lie on the acquired planes.",
		grid.Spacing[0], grid.Spacing[1], grid.Spacing[2])
	switch {
	case empty == 1:
		text += " One gap where slices are missing stays empty."
	case empty > 1:
		text += fmt.Sprintf(" %d gaps where slices are missing stay empty.", empty)
	}
	return project.Warning{Code: project.WarnResampled, Text: text}, nil
}
