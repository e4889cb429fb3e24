package flow

import (
	"context"
	"fmt"
	"sync/atomic"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/volume"
)

// OpenFolder scans files and folders and lays out each study to be looked at, without a read.
func OpenFolder(ctx context.Context, paths []string, progress desk.Progress) (desk.Found, error) {
	found, err := ingest.Scan(ctx, paths, ingest.ScanOptions{Progress: progress})
	if err != nil {
		return desk.Found{}, err
	}
	var out desk.Found
	for _, s := range found.Skipped {
		out.Skipped = append(out.Skipped, desk.Skipped(s))
	}
	out.Files = len(found.Skipped)
	for n, study := range found.Studies {
		c := desk.Case{Name: fmt.Sprintf("Study %d", n+1), Close: func() error { return nil }}
		for _, series := range orderedSeries(study) {
			out.Files += series.Instances
			for v, image := range series.Volumes {
				c.Images = append(c.Images, layImage(series, v, image))
			}
		}
		if len(c.Images) > 0 {
			out.Cases = append(out.Cases, c)
		}
	}
	return out, nil
}

// layImage turns what a scan found into what the window shows.
func layImage(series *ingest.Series, n int, image *ingest.Image) desk.Image {
	image = asRead(image)
	out := desk.Image{
		Series: series.UID, Number: series.Number, Description: series.Description, Volume: n, Label: image.Label,
		Modality: series.Modality, Kind: desk.Kind(image.Kind), Instances: len(image.Slices), Unit: image.Unit, Geometry: &image.Geometry,
		Invert: image.Invert, Presentation: image.Presentation, Lengths: string(image.Calibration), FrameTimes: image.FrameTimes, Orientation: image.PatientOrientation, Warnings: image.Warnings,
	}
	for _, w := range image.Windows {
		out.Windows = append(out.Windows, desk.Window(w))
	}
	if err := image.CanLoad(); err != nil {
		out.Absent = err.Error()
		return out
	}
	out.Load = func(ctx context.Context, first int, progress desk.Progress) (*desk.Loading, error) {
		return load(ctx, image, first, progress)
	}
	return out
}

// asRead is an image in the unit that people read it in: PET as standardised uptake values where they can be had.
func asRead(image *ingest.Image) *ingest.Image {
	if suv, err := image.In(ingest.SUVUnit); err == nil {
		return suv
	}
	return image
}

func load(ctx context.Context, image *ingest.Image, first int, progress desk.Progress) (*desk.Loading, error) {
	var coarse atomic.Pointer[volume.Volume]
	options := ingest.LoadOptions{First: first}
	if progress != nil {
		options.Arrived = func(_, done, total int) { progress(done, total) }
		options.Coarse = func(v *volume.Volume) {
			coarse.Store(v)
			progress(0, 1)
		}
	}
	l, err := ingest.Load(ctx, image, options)
	if err != nil {
		return nil, err
	}
	return &desk.Loading{Volume: l.Volume(), Wait: l.Wait, Warnings: l.Warnings, Coarse: coarse.Load}, nil
}

// NeedVolumes loads every image of the item, for changes that depend on values. Images that are not here, or not those that the item was made from,
// stay away; a change that needs them then says so.
func (r *Reading) NeedVolumes(ctx context.Context) error {
	r.mu.Lock()
	loaded := r.loaded
	r.mu.Unlock()
	if loaded {
		return nil
	}
	files := sourcesOf(r.Item)
	if err := files.look(ctx, nil); err != nil {
		return err
	}
	found, _, err := r.p.locate(ctx, r.Item, files)
	if err != nil {
		return err
	}
	for n, image := range found {
		if image == nil || image.CanLoad() != nil || len(files.of(n).that(changed)) > 0 {
			continue
		}
		l, err := ingest.Load(ctx, asRead(image), ingest.LoadOptions{})
		if err != nil {
			return err
		}
		if err := l.Wait(); err != nil {
			return project.Errorf(project.KindOf(err), "load image %d: %w", n+1, err)
		}
		r.History.SetVolume(n, l.Volume())
	}
	r.mu.Lock()
	r.loaded = true
	r.mu.Unlock()
	return nil
}
