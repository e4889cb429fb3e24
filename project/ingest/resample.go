package ingest

import (
	"context"
	"slices"

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
	warnings, err := m.Geometry.ResampledWarnings(m.Warnings)
	if err != nil {
		return nil, nil, err
	}
	r := *m
	r.Kind, r.Geometry, r.Pixel, r.Resampled = KindVolume, out.Geometry, out.Pixel, true
	r.Slope, r.Intercept, r.HasPadding, r.Padding = out.Slope, out.Intercept, false, [2]float64{}
	r.Warnings = warnings
	r.Slices, r.frames = slices.Clone(m.Slices), nil // the sources stay named; none of them is a slice of the grid
	r.notDecoded = project.Errorf(project.Unsupported, "a resampled volume is computed, not loaded")
	return &r, out, nil
}
