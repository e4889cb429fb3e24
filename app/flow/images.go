package flow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/store"
)

// Progress is told how much of a long work is done; total is 0 while it is not known. It may be called from any goroutine.
type Progress func(done, total int)

// Added says what AddImages found.
type Added struct {
	Items   []project.ItemID // new and known ones, in the order of their studies
	New     int
	Files   int
	Skipped []ingest.Skipped
}

// AddImages scans files and folders, ties every instance to its SHA-256, and makes a work item of each study that has something to read.
// Images stay where they are. For a person who reads, a read is assigned with the item. A study that is there already keeps its item; where
// its files moved, the new place is noted.
func (p *Project) AddImages(ctx context.Context, paths []string, progress Progress) (Added, error) {
	var added Added
	found, err := ingest.Scan(ctx, paths, ingest.ScanOptions{Progress: progress})
	if err != nil {
		return added, err
	}
	added.Skipped = append(found.Skipped, unidentified(found)...)
	var conflict error
	for _, study := range found.Studies {
		item, err := p.describe(ctx, study, progress)
		if err != nil {
			return added, err
		}
		if len(item.Images) == 0 {
			continue
		}
		isNew, err := p.addItem(item)
		if project.KindOf(err) == project.Conflict { // one study that changed does not keep the others out
			conflict = err
			continue
		}
		if err != nil {
			return added, err
		}
		if isNew {
			added.New++
		}
		for _, image := range item.Images {
			added.Files += len(image.Instances)
		}
		added.Items = append(added.Items, item.ID)
	}
	if conflict != nil {
		return added, conflict
	}
	if len(added.Items) == 0 {
		return added, project.Errorf(project.NotFound, "no images to read were found: %d files were skipped", len(added.Skipped))
	}
	return added, nil
}

// describe turns a scanned study into an item, with the digest of every source file. Images whose files lack a UID are left out.
func (p *Project) describe(ctx context.Context, study ingest.Study, progress Progress) (store.Item, error) {
	item := store.Item{ID: project.NewItemID(p.Definition().CaseKey, study.UID), Study: study.UID, Added: time.Now()}
	for _, series := range orderedSeries(study) {
		for n, image := range series.Volumes {
			if image.Unidentified { // no read of it could name what was read
				continue
			}
			sources, err := ingest.HashSources(ctx, image, progress)
			if err != nil {
				return item, fmt.Errorf("read the source files: %w", err)
			}
			item.Images = append(item.Images, storeImage(series, n, image, sources))
		}
	}
	return item, nil
}

// unidentified lists the files of pictures that can be looked at, but that no annotation could refer to.
func unidentified(found *ingest.Result) (out []ingest.Skipped) {
	seen := map[string]bool{}
	for _, study := range found.Studies {
		for _, series := range study.Series {
			for _, image := range series.Volumes {
				for _, slice := range image.Slices {
					if image.Unidentified && !seen[slice.Path] {
						seen[slice.Path] = true
						out = append(out, ingest.Skipped{Path: slice.Path, Reason: "the Study, Series or SOP Instance UID is missing: annotations could not refer to it"})
					}
				}
			}
		}
	}
	return out
}

// orderedSeries sorts by Series Number, then UID, so that everybody's item has the same images in the same order.
func orderedSeries(study ingest.Study) []*ingest.Series {
	out := slices.Clone(study.Series)
	slices.SortFunc(out, func(a, b *ingest.Series) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.UID, b.UID))
	})
	return out
}

func storeImage(series *ingest.Series, n int, image *ingest.Image, sources []project.SignedInstance) store.Image {
	out := store.Image{Series: series.UID, Volume: n, Modality: series.Modality, Description: series.Description, Geometry: image.Geometry, Warnings: image.Warnings}
	digests := digestByPath(image, sources)
	for _, slice := range image.Slices {
		out.Instances = append(out.Instances, store.Instance{UID: slice.Instance, Class: slice.Class, SHA256: digests[slice.Path], Path: slice.Path, Frame: slice.Frame})
	}
	return out
}

// digestByPath says which digest is which file's: sources has one entry for each file, in the order in which slices first name them, and a
// multi-frame file has many slices.
func digestByPath(image *ingest.Image, sources []project.SignedInstance) map[string]project.Hash {
	out := make(map[string]project.Hash, len(sources))
	for _, slice := range image.Slices {
		if _, known := out[slice.Path]; !known {
			out[slice.Path] = sources[len(out)].SHA256
		}
	}
	return out
}

func (p *Project) addItem(item store.Item) (isNew bool, err error) {
	known, err := p.Store.Item(item.ID)
	if project.KindOf(err) == project.NotFound {
		if err := p.Store.AddItem(item); err != nil {
			return false, err
		}
		return true, p.assignMyself(item.ID)
	}
	if err != nil {
		return false, err
	}
	if err := p.moveImages(known, item); err != nil {
		return false, err
	}
	// The program may have been ended between the item and its read.
	if _, err := p.myRead(item.ID); project.KindOf(err) == project.NotFound {
		return false, p.assignMyself(item.ID)
	}
	return false, nil
}

// moveImages notes new places of known files, found by digest. A file that changed is named as a conflict: annotations are not silently
// applied to other bytes.
func (p *Project) moveImages(known, seen store.Item) error {
	places, wanted := map[project.Hash]string{}, map[project.Hash]bool{}
	for _, image := range known.Images {
		for _, in := range image.Instances {
			wanted[in.SHA256] = true
		}
	}
	changed := map[string]bool{}
	for _, image := range seen.Images {
		for _, in := range image.Instances {
			if !wanted[in.SHA256] {
				changed[in.Path] = true
			}
			places[in.SHA256] = in.Path
		}
	}
	if len(changed) > 0 {
		return project.Errorf(project.Conflict, "%d files of a study differ from those that its item was made from; that item was not changed", len(changed))
	}
	return p.Store.MovePaths(known.ID, places)
}

// assignMyself gives a person who reads a read of the item.
func (p *Project) assignMyself(item project.ItemID) error {
	me := p.Holder.Public()
	if !me.Role.Reads() {
		return nil
	}
	_, err := p.Store.AddRead(project.ReadSeat{Item: item, Reader: me.ID}, "")
	return err
}
