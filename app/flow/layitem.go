package flow

import (
	"context"
	"strings"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/store"
)

// locate builds the images of an item from the files that are at their places. An image whose files are gone, or do not make it any more, is nil.
// Where a header shows that files have taken each other's names (size and time alone may not), they are read and looked for, and files says so.
func (p *Project) locate(ctx context.Context, item store.Item, files sources) ([]*ingest.Image, []*ingest.Series, error) {
	found, err := scanSources(ctx, files)
	if err != nil {
		return nil, nil, err
	}
	if doubtful := files.misplaced(found); len(doubtful) > 0 {
		if err := doubtful.compare(ctx, ingest.HashOptions{}); err != nil {
			return nil, nil, err
		}
		if _, err := p.search(ctx, item, files, nil, nil); err != nil && project.KindOf(err) != project.Locked {
			return nil, nil, err
		}
		if found, err = scanSources(ctx, files); err != nil {
			return nil, nil, err
		}
	}
	out, series := make([]*ingest.Image, len(item.Images)), make([]*ingest.Series, len(item.Images))
	for n, image := range item.Images {
		for _, study := range found.Studies {
			for _, s := range study.Series {
				if s.UID == image.Series && image.Volume < len(s.Volumes) && sameImage(image, s.Volumes[image.Volume]) {
					out[n], series[n] = s.Volumes[image.Volume], s
				}
			}
		}
	}
	return out, series, nil
}

// scanSources reads the headers of the files that are at their places.
func scanSources(ctx context.Context, files sources) (*ingest.Result, error) {
	var paths []string
	for _, s := range files {
		if s.is != missing {
			paths = append(paths, s.Path)
		}
	}
	if len(paths) == 0 {
		return &ingest.Result{}, nil
	}
	return ingest.Scan(ctx, paths, ingest.ScanOptions{})
}

// misplaced returns the files at whose places a scan found other instances.
func (all sources) misplaced(found *ingest.Result) sources {
	at := map[string]project.InstanceUID{}
	for _, study := range found.Studies {
		for _, series := range study.Series {
			for _, image := range series.Volumes {
				for _, slice := range image.Slices {
					at[slice.Path] = slice.Instance
				}
			}
		}
	}
	var out sources
	for _, s := range all {
		if uid, seen := at[s.Path]; seen && s.is == here && uid != s.UID {
			out = append(out, s)
		}
	}
	return out
}

// sameImage compares the grid and the instances in slice order. Bytes are compared by digest, see sources.
func sameImage(known store.Image, seen *ingest.Image) bool {
	if len(known.Instances) != len(seen.Slices) || !known.Geometry.SameGrid(&seen.Geometry, 1e-3) {
		return false
	}
	for k, in := range known.Instances {
		if in.UID != seen.Slices[k].Instance || in.Frame != seen.Slices[k].Frame {
			return false
		}
	}
	return true
}

// layItem lays out image n of an item from what was found of it.
func (p *Project) layItem(item store.Item, n int, files sources, found *ingest.Image, series *ingest.Series) desk.Image {
	lost, other := files.that(missing), files.that(changed)
	switch {
	case len(lost) == len(files):
		return absent(item.Images[n], "Images not here. Add the folder that holds them; the read stays as it is.")
	case len(lost) > 0:
		return absent(item.Images[n], "Images not here: "+lost.names()+". Add the folder that holds them; the read stays as it is.")
	case found == nil && len(other) > 0:
		return absent(item.Images[n], "These are not the images that this case was made from: "+other.names()+isNot(other)+" changed, and they no longer fit together. The read stays as it is.")
	case found == nil:
		return absent(item.Images[n], "The files are here and unchanged, but this version of the program arranges them otherwise than the one that added them. The read stays as it is.")
	}
	out := layImage(series, item.Images[n].Volume, found)
	if len(other) > 0 {
		out.Changed = changedSentence(other)
	}
	out.Verify = func(ctx context.Context) (string, error) { return p.verify(ctx, item, n) }
	return out
}

func isNot(s sources) string {
	if len(s) == 1 {
		return " was"
	}
	return " were"
}

// changedSentence says why segments are kept away from images that are others than those that were read.
func changedSentence(other sources) string {
	return capital(other.names()) + isNot(other) + " changed since the case was made. What is drawn belongs to the images as they were: it is not shown on these, and nothing can be drawn here."
}

// capital begins a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// absent is what stands where an item's images cannot be shown.
func absent(it store.Image, why string) desk.Image {
	return desk.Image{Series: it.Series, Number: it.Number, Volume: it.Volume, Description: it.Description, Modality: it.Modality, Kind: desk.Volume,
		Instances: len(it.Instances), Geometry: &it.Geometry, Lengths: string(ingest.InPatient), Warnings: it.Warnings, Absent: why}
}

// verify reads every source file of image n and compares it with its digest, on one processor: nobody waits for it. It returns a sentence when any is
// another, and notes what the others look like, so that the next opening need not read them.
func (p *Project) verify(ctx context.Context, item store.Item, n int) (sentence string, err error) {
	files := sourcesOf(item).of(n)
	if now, err := p.Store.Item(item.ID); err == nil { // files may have been found elsewhere since
		files = sourcesOf(now).of(n)
	}
	if err := files.compare(ctx, ingest.HashOptions{Workers: 1}); err != nil {
		return "", err
	}
	if other := append(files.that(changed), files.that(missing)...); len(other) > 0 {
		return changedSentence(other), nil
	}
	if err := p.Store.NoteFiles(item.ID, files.places()); err != nil && project.KindOf(err) != project.Locked {
		return "", err
	}
	return "", nil
}
