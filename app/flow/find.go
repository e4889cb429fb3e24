package flow

import (
	"context"
	"os"
	"path/filepath"
	"slices"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/store"
)

// mostSearched ends a search that nobody pointed anywhere: so many files are listed in a second or two.
const mostSearched = 100_000

// Located says where the files of an item are.
type Located struct {
	Files   int    `json:"files"`
	Here    int    `json:"here"`  // at a known place, unchanged
	Moved   int    `json:"moved"` // of these, found at another place than before
	Changed int    `json:"changed"`
	Missing int    `json:"missing"`
	Names   string `json:"names,omitempty"` // which are changed or missing: "image 12 of series 3"
}

// Locate brings the index of an item's images up to date: files that are not at their place are looked for by content, first in places, which
// may be none, then near where they were and where other images of the project are. What was found is noted in the store. progress counts files found of
// those that are looked for.
func (p *Project) Locate(ctx context.Context, item project.ItemID, places []string, progress Progress) (Located, error) {
	it, err := p.Store.Item(item)
	if err != nil {
		return Located{}, err
	}
	if places, err = absolute(places); err != nil {
		return Located{}, err
	}
	all := sourcesOf(it)
	if err := all.look(ctx, nil); err != nil {
		return Located{}, err
	}
	moved, err := p.search(ctx, it, all, places, progress)
	if err != nil {
		return Located{}, err
	}
	wrong := append(all.that(changed), all.that(missing)...)
	return Located{Files: len(all), Here: len(all.that(here)), Moved: moved, Changed: len(all.that(changed)), Missing: len(all.that(missing)), Names: wrong.names()}, nil
}

// search looks for the files that are missing or changed: a changed one may be a copy, and the right one elsewhere. It returns how many were found.
func (p *Project) search(ctx context.Context, it store.Item, all sources, places []string, progress Progress) (moved int, err error) {
	steps := []struct {
		places func(lost sources) []string
		most   int
	}{
		{func(sources) []string { return places }, 0},
		{near, mostSearched},
		{func(sources) []string { return p.elsewhere(it) }, mostSearched},
	}
	for _, step := range steps {
		lost := append(all.that(missing), all.that(changed)...)
		if len(lost) == 0 {
			break
		}
		known := moved
		found, err := find(ctx, step.places(lost), lost, ingest.FindOptions{MostFiles: step.most, Progress: func(n, of int) {
			if progress != nil {
				progress(known+n, known+of)
			}
		}})
		if err != nil {
			return 0, err
		}
		moved += found
	}
	return moved, p.Store.NoteFiles(it.ID, all.places())
}

// find takes the files that were found as here.
func find(ctx context.Context, places []string, lost sources, o ingest.FindOptions) (int, error) {
	if len(places) == 0 {
		return 0, nil
	}
	var wanted []ingest.Wanted
	for _, s := range lost {
		wanted = append(wanted, ingest.Wanted{Instance: s.UID, SHA256: s.SHA256, Size: s.Size})
	}
	found, err := ingest.Find(ctx, places, wanted, o)
	if err != nil {
		return 0, err
	}
	for _, s := range lost {
		if f, ok := found[s.SHA256]; ok {
			s.is, s.Place = here, store.Place(f)
		}
	}
	return len(found), nil
}

// near returns the folders around those that the files were in: the folder itself, in which they may have other names, and the nearest one above it
// that is still there, in which the folder may have another name. The root of the file system is nobody's neighbourhood.
func near(lost sources) []string {
	var same, above []string
	for _, s := range lost {
		dir := filepath.Dir(s.Path)
		if slices.Contains(same, dir) {
			continue
		}
		same = append(same, dir)
		up := filepath.Dir(dir)
		for !isFolder(up) && up != filepath.Dir(up) {
			up = filepath.Dir(up)
		}
		if up != string(filepath.Separator) && !slices.Contains(above, up) {
			above = append(above, up)
		}
	}
	return append(same, above...)
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// otherItems is of how many other items, the newest first, the folders are searched.
const otherItems = 50

// elsewhere returns the folders that were opened lately and those around the project's other items.
func (p *Project) elsewhere(it store.Item) []string {
	var out []string
	if p.Lately != nil {
		out = p.Lately()
	}
	items, err := p.Store.Items()
	if err != nil { // what cannot be listed is not searched; opening the item says what is wrong with the store
		return out
	}
	slices.Reverse(items)
	for _, other := range items[:min(len(items), otherItems)] {
		whole, err := p.Store.Item(other.ID)
		if err != nil || other.ID == it.ID {
			continue
		}
		for _, s := range sourcesOf(whole) {
			if up := filepath.Dir(filepath.Dir(s.Path)); up != filepath.Dir(up) && !slices.Contains(out, up) {
				out = append(out, up)
			}
		}
	}
	return out
}
