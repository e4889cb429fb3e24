package report

import (
	"context"
	"io"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/volume"
)

// images notes where the pictures of the worst cases can be taken from.
func (l *loader) images(in *Input) error {
	for n := range in.Panel.Studies {
		s := &in.Panel.Studies[n]
		if s.Image == "" {
			continue
		}
		if err := inside(s.Image); err != nil {
			return project.Errorf(project.Invalid, "%s: studies[%d].image: %w", PanelName, n, err)
		}
		if isMissing(l.root, s.Image) {
			return project.Errorf(project.NotFound, "%s: studies[%d].image: is not there", PanelName, n)
		}
		folder := filepath.Join(l.dir, filepath.FromSlash(s.Image))
		s.Pixels = func(ctx context.Context) (*volume.Volume, error) { return loadVolume(ctx, folder) }
	}
	return nil
}

// loadVolume reads the one volume that a folder of DICOM files holds.
func loadVolume(ctx context.Context, folder string) (*volume.Volume, error) {
	found, err := ingest.Scan(ctx, []string{folder}, ingest.ScanOptions{})
	if err != nil {
		return nil, err
	}
	var only *ingest.Image
	for _, study := range found.Studies {
		for _, series := range study.Series {
			for i := range series.Volumes {
				if only != nil {
					return nil, project.Errorf(project.Invalid, "image: the folder holds more than one volume")
				}
				only = series.Volumes[i]
			}
		}
	}
	if only == nil {
		return nil, project.Errorf(project.NotFound, "image: the folder holds no image that can be read")
	}
	loading, err := ingest.Load(ctx, only, ingest.LoadOptions{})
	if err != nil {
		return nil, err
	}
	if err := loading.Wait(); err != nil {
		return nil, err
	}
	return loading.Volume(), nil
}

// readInside reads a file of the folder; no link leads out of it.
func readInside(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	f, err := root.Open(filepath.FromSlash(name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}
