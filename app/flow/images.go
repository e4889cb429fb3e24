package flow

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
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
	Further int // images of a known study that its item was made without; they are left out
	Skipped []ingest.Skipped
	// Excluded are the series that the definition's inclusion rules keep out; their files are not read further.
	Excluded []Excluded
}

// AddImages scans files and folders, ties every instance to its SHA-256, and makes a work item of each study that has something to read.
// Images stay where they are. For a person who reads, a read is assigned with the item. A study that is there already keeps its item; where
// its files moved, the new place is noted. Files that differ from those of a known item are a Conflict, which names them by series and number.
// progress counts the whole work once: each file for its header and for its digest.
func (p *Project) AddImages(ctx context.Context, paths []string, progress Progress) (Added, error) {
	var added Added
	paths, err := absolute(paths)
	if err != nil {
		return added, err
	}
	steps := twoSteps{progress: progress}
	found, err := ingest.Scan(ctx, paths, ingest.ScanOptions{Progress: steps.first})
	if err != nil {
		return added, err
	}
	added.Skipped = found.Skipped
	if added.Excluded, err = p.include(found); err != nil {
		return added, err
	}
	if err := p.roomForItems(found); err != nil {
		return added, err
	}
	seen, err := readSources(ctx, found, steps.second)
	if err != nil {
		return added, err
	}
	var conflict error
	for _, study := range found.Studies {
		item := p.describe(study, seen)
		if len(item.Images) == 0 {
			continue
		}
		isNew, further, err := p.addItem(item)
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
		added.Further += further
		added.Items = append(added.Items, item.ID)
	}
	if conflict != nil {
		return added, conflict
	}
	if n := len(added.Excluded); len(added.Items) == 0 && n > 0 {
		return added, project.Errorf(project.NotFound, "nothing that the project includes was found: %d series are kept out, the first because: %s", n, added.Excluded[0].Reasons[0])
	}
	if len(added.Items) == 0 {
		return added, project.Errorf(project.NotFound, "no images to read were found: %d files were skipped", len(added.Skipped))
	}
	return added, nil
}

// absolute makes paths that hold wherever the program is started the next time.
func absolute(paths []string) ([]string, error) {
	out := make([]string, len(paths))
	for n, path := range paths {
		var err error
		if out[n], err = filepath.Abs(path); err != nil {
			return nil, fmt.Errorf("path %d of %d: %w", n+1, len(paths), pathFree(err))
		}
	}
	return out, nil
}

// twoSteps makes one bar of two works that follow each other: each thing of the first counts twice, once for each, so that the bar goes on where it was. A
// first work that had nothing to do counts for nothing. The zero value of progress tells nobody.
type twoSteps struct {
	progress Progress
	things   atomic.Int64 // of the first work
}

func (t *twoSteps) first(done, total int) {
	t.things.Store(int64(total))
	if t.progress != nil {
		t.progress(done, 2*total)
	}
}

func (t *twoSteps) second(done, total int) {
	n := int(t.things.Load())
	switch {
	case t.progress == nil:
	case n == 0:
		t.progress(done, total)
	default:
		t.progress(n+done*n/max(total, 1), 2*n)
	}
}

// seenFile is a source file as it was read now.
type seenFile struct {
	sum project.Hash
	store.Place
}

// readSources reads every file of the images found, once.
func readSources(ctx context.Context, found *ingest.Result, progress func(done, total int)) (map[string]seenFile, error) {
	var paths []string
	out := map[string]seenFile{}
	for _, study := range found.Studies {
		for _, series := range study.Series {
			for _, image := range series.Volumes {
				for _, slice := range image.Slices {
					if _, known := out[slice.Path]; !known {
						out[slice.Path] = seenFile{}
						paths = append(paths, slice.Path)
					}
				}
			}
		}
	}
	sums, err := ingest.HashFiles(ctx, paths, ingest.HashOptions{Progress: progress})
	if err != nil {
		return nil, fmt.Errorf("read the source files: %w", err)
	}
	for n, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("read the source files: %w", pathFree(err))
		}
		out[path] = seenFile{sums[n], store.Place{Path: path, Size: info.Size(), Modified: info.ModTime().UnixNano()}}
	}
	return out, nil
}

// describe turns a scanned study into an item, with the digest of every source file.
func (p *Project) describe(study ingest.Study, seen map[string]seenFile) store.Item {
	item := store.Item{ID: project.NewItemID(p.Definition().CaseKey, study.UID), Study: study.UID, Added: time.Now()}
	for _, series := range orderedSeries(study) {
		for n, image := range series.Volumes {
			item.Images = append(item.Images, storeImage(series, n, image, seen))
		}
	}
	return item
}

// orderedSeries sorts by Series Number, then UID, so that everybody's item has the same images in the same order.
func orderedSeries(study ingest.Study) []*ingest.Series {
	out := slices.Clone(study.Series)
	slices.SortFunc(out, func(a, b *ingest.Series) int {
		return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.UID, b.UID))
	})
	return out
}

func storeImage(series *ingest.Series, n int, image *ingest.Image, seen map[string]seenFile) store.Image {
	out := store.Image{Series: series.UID, Number: series.Number, Volume: n, Modality: series.Modality, Description: series.Description,
		Geometry: image.Geometry, Warnings: image.Warnings}
	for _, slice := range image.Slices {
		file := seen[slice.Path]
		out.Instances = append(out.Instances, store.Instance{UID: slice.Instance, Class: slice.Class, Number: slice.Number, SHA256: file.sum, Place: file.Place, Frame: slice.Frame})
	}
	return out
}

// addItem returns also how many images of a known item's study the item was made without.
func (p *Project) addItem(item store.Item) (isNew bool, further int, err error) {
	known, err := p.Store.Item(item.ID)
	if project.KindOf(err) == project.NotFound {
		if err := p.Store.AddItem(item); err != nil {
			return false, 0, err
		}
		return true, 0, p.assignMyself(item.ID)
	}
	if err != nil {
		return false, 0, err
	}
	if further, err = p.moveImages(known, item); err != nil {
		return false, further, err
	}
	// The program may have been ended between the item and its read.
	if _, err := p.myRead(item.ID); project.KindOf(err) == project.NotFound {
		return false, further, p.assignMyself(item.ID)
	}
	return false, further, nil
}

// moveImages notes new places of known files, found by digest, and counts files of instances that the item does not have. A file that changed is
// named as a conflict: annotations are not silently applied to other bytes.
func (p *Project) moveImages(known, seen store.Item) (further int, err error) {
	wanted, instances := map[project.Hash]bool{}, map[project.InstanceUID]bool{}
	for _, s := range sourcesOf(known) {
		wanted[s.SHA256], instances[s.UID] = true, true
	}
	places, right := map[project.Hash]store.Place{}, map[project.InstanceUID]bool{}
	var others sources
	for _, s := range sourcesOf(seen) {
		switch {
		case wanted[s.SHA256]:
			places[s.SHA256], right[s.UID] = s.Place, true
		case instances[s.UID]:
			others = append(others, s)
		default:
			further++
		}
	}
	if err := p.Store.NoteFiles(known.ID, places); err != nil {
		return further, err
	}
	// Beside the right file a changed copy does no harm.
	others = slices.DeleteFunc(others, func(s *source) bool { return right[s.UID] })
	if len(others) > 0 {
		return further, project.Errorf(project.Conflict, "%s %s not what the item of this study was made from; the item was not changed", others.names(), isAre(len(others)))
	}
	return further, nil
}

func isAre(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
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
