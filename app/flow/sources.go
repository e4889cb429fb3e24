package flow

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"slices"

	"hotlight/project"
	"hotlight/project/ingest"
	"hotlight/project/store"
)

// presence is what is known of a source file now.
type presence int

const (
	here    presence = iota // at its place, with the bytes that the item was made from
	changed                 // at its place, with other bytes of the same instance
	missing                 // not found
)

// source is one file of an item, however many slices it holds.
type source struct {
	store.Instance
	is     presence
	images []int // of the item
	series int   // Series Number
}

// sources are the files of an item in the order of its images.
type sources []*source

// sourcesOf lists the files of an item, each once.
func sourcesOf(item store.Item) sources {
	var out sources
	known := map[project.Hash]*source{}
	for n, image := range item.Images {
		for k, in := range image.Instances {
			s := known[in.SHA256]
			if s == nil {
				s = &source{Instance: in, series: cmp.Or(image.Number, n+1)}
				s.Number = cmp.Or(in.Number, k+1) // items of earlier versions have no numbers: places count
				known[in.SHA256] = s
				out = append(out, s)
			}
			if !slices.Contains(s.images, n) {
				s.images = append(s.images, n)
			}
		}
	}
	return out
}

// look says of each file whether it is here. One that looks as it did when its bytes were last compared (size and time) is taken for the same, until
// verify reads it; every other one is read now, and told of by progress.
func (all sources) look(ctx context.Context, progress Progress) error {
	var read sources
	for _, s := range all {
		info, err := os.Stat(s.Path)
		switch {
		case err != nil || !info.Mode().IsRegular():
			s.is = missing
		case s.Modified != 0 && s.Size == info.Size() && s.Modified == info.ModTime().UnixNano():
			s.is = here
		default:
			read = append(read, s)
		}
	}
	return read.compare(ctx, ingest.HashOptions{Progress: progress})
}

// compare reads every file and notes how it looks now. A file whose path another instance has taken is missing, not changed.
func (all sources) compare(ctx context.Context, o ingest.HashOptions) error {
	paths := make([]string, len(all))
	for n, s := range all {
		paths[n] = s.Path
	}
	sums, errs := ingest.HashEach(ctx, paths, o)
	if err := ctx.Err(); err != nil {
		return err
	}
	for n, s := range all {
		info, err := os.Stat(s.Path)
		switch {
		case errs[n] != nil || err != nil:
			s.is = missing
		case sums[n] == s.SHA256:
			s.is, s.Size, s.Modified = here, info.Size(), info.ModTime().UnixNano()
		case s.UID != "" && ingest.InstanceOf(s.Path) != s.UID:
			s.is = missing
		default:
			s.is = changed
		}
	}
	return nil
}

// of returns the files of image n.
func (all sources) of(n int) sources {
	var out sources
	for _, s := range all {
		if slices.Contains(s.images, n) {
			out = append(out, s)
		}
	}
	return out
}

// that returns the files of which p is known.
func (all sources) that(p presence) sources {
	var out sources
	for _, s := range all {
		if s.is == p {
			out = append(out, s)
		}
	}
	return out
}

// places are where the files are, for the store.
func (all sources) places() map[project.Hash]store.Place {
	out := map[project.Hash]store.Place{}
	for _, s := range all.that(here) {
		out[s.SHA256] = s.Place
	}
	return out
}

// names says which files these are in the words of a reader: "image 12 of series 3". Paths often hold the patient's name and are never said.
func (all sources) names() string {
	const most = 4
	slices.SortStableFunc(all, func(a, b *source) int {
		return cmp.Or(cmp.Compare(a.series, b.series), cmp.Compare(a.Number, b.Number))
	})
	text := ""
	for n, s := range all {
		switch {
		case n == most:
			return text + fmt.Sprintf(" and %d more", len(all)-n)
		case n > 0:
			text += ", "
		}
		text += fmt.Sprintf("image %d of series %d", s.Number, s.series)
	}
	return text
}
