package flow

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/phantom"
	"hotlight/project/store"
)

// files are the source files of the cast's item, in slice order.
func (c *cast) files(t *testing.T) sources {
	t.Helper()
	it, err := c.anns.Store.Item(c.item)
	must(t, err)
	return sourcesOf(it)
}

// flip changes the last byte of a file, which is a pixel's.
func flip(t *testing.T, path string) {
	t.Helper()
	b, err := os.ReadFile(path)
	must(t, err)
	b[len(b)-1] ^= 1
	must(t, os.WriteFile(path, b, 0o600))
}

// quietly changes a file so that nobody sees it from outside.
func quietly(t *testing.T, path string, change func(t *testing.T, path string)) {
	t.Helper()
	before, err := os.Stat(path)
	must(t, err)
	change(t, path)
	must(t, os.Chtimes(path, before.ModTime(), before.ModTime()))
}

// retitle gives a file's header another series description.
func retitle(t *testing.T, path string) {
	t.Helper()
	f, err := dcm.Open(path, dcm.Options{})
	must(t, err)
	defer f.Close()
	b, err := os.ReadFile(path)
	must(t, err)
	title, _ := f.Data.String(dcm.SeriesDescription)
	if title == "" || !strings.Contains(string(b), title) {
		t.Fatal("the file has no title to change")
	}
	must(t, os.WriteFile(path, []byte(strings.Replace(string(b), title, strings.Repeat("x", len(title)), 1)), 0o600))
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	b, err := os.ReadFile(from)
	must(t, err)
	must(t, os.MkdirAll(filepath.Dir(to), 0o700))
	must(t, os.WriteFile(to, b, 0o600))
}

// TestWhatBecameOfTheFiles opens the case after each thing that happens to files, with something drawn on it.
func TestWhatBecameOfTheFiles(t *testing.T) {
	for name, s := range map[string]struct {
		happen                    func(t *testing.T, c *cast, files sources)
		absent, changed, atVerify string // what is said; "" is nothing
	}{
		"nothing": {happen: func(*testing.T, *cast, sources) {}},
		"the folder has another name": {happen: func(t *testing.T, c *cast, _ sources) {
			must(t, os.Rename(c.images, filepath.Join(c.base, "Doe^Jane, copy")))
		}},
		"the folder lies deeper": {happen: func(t *testing.T, c *cast, _ sources) {
			must(t, os.MkdirAll(filepath.Join(c.base, "archive", "2026"), 0o700))
			must(t, os.Rename(c.images, filepath.Join(c.base, "archive", "2026", "images")))
		}},
		"the files have other names": {happen: func(t *testing.T, c *cast, files sources) {
			for _, s := range files {
				must(t, os.Rename(s.Path, filepath.Join(c.images, s.SHA256.String())))
			}
		}},
		"names were exchanged": {happen: func(t *testing.T, c *cast, files sources) {
			must(t, os.Rename(files[0].Path, files[0].Path+".x"))
			must(t, os.Rename(files[1].Path, files[0].Path))
			must(t, os.Rename(files[0].Path+".x", files[1].Path))
			for n, s := range files[:2] { // as if both had been written in one moment
				must(t, os.Chtimes(s.Path, time.Unix(0, files[n].Modified), time.Unix(0, files[n].Modified)))
			}
		}},
		"a pixel was changed": {happen: func(t *testing.T, _ *cast, files sources) { flip(t, files[3].Path) },
			changed: "Image 4 of series 1 was changed since the case was made."},
		"two pixels were changed": {happen: func(t *testing.T, _ *cast, files sources) { flip(t, files[3].Path); flip(t, files[5].Path) },
			changed: "Image 4 of series 1, image 6 of series 1 were changed"},
		"a pixel was changed quietly": {happen: func(t *testing.T, _ *cast, files sources) { quietly(t, files[3].Path, flip) },
			atVerify: "Image 4 of series 1 was changed since the case was made."},
		"a header was changed": {happen: func(t *testing.T, _ *cast, files sources) { retitle(t, files[2].Path) },
			changed: "Image 3 of series 1 was changed"},
		"a changed file with the right one beside it": {happen: func(t *testing.T, c *cast, files sources) {
			copyFile(t, files[3].Path, filepath.Join(c.base, "backup", "x"))
			flip(t, files[3].Path)
		}},
		"a file is missing": {happen: func(t *testing.T, _ *cast, files sources) { must(t, os.Remove(files[7].Path)) },
			absent: "Images not here: image 8 of series 1. Add the folder"},
		"a file is cut short": {happen: func(t *testing.T, _ *cast, files sources) { must(t, os.Truncate(files[7].Path, 900)) },
			absent: "image 8 of series 1 was changed, and they no longer fit together."},
		"another image took a file's name": {happen: func(t *testing.T, _ *cast, files sources) { copyFile(t, files[1].Path, files[0].Path) },
			absent: "Images not here: image 1 of series 1."},
		"all are gone": {happen: func(t *testing.T, c *cast, _ sources) { must(t, os.RemoveAll(c.images)) },
			absent: "Images not here. Add the folder"},
		"other files came": {happen: func(t *testing.T, c *cast, files sources) {
			copyFile(t, files[0].Path, filepath.Join(c.images, "copy"))
			must(t, os.WriteFile(filepath.Join(c.images, "letter.pdf"), []byte("%PDF"), 0o600))
		}},
		"the folder was copied and the first one deleted": {happen: func(t *testing.T, c *cast, _ sources) {
			must(t, os.CopyFS(filepath.Join(c.base, "one"), os.DirFS(c.images)))
			must(t, os.CopyFS(filepath.Join(c.base, "two"), os.DirFS(c.images)))
			must(t, os.RemoveAll(c.images))
		}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCast(t)
			d := NewDesk(c.anns)
			draw(t, d, c.item)
			s.happen(t, c, c.files(t))
			laid, err := d.Open(context.Background(), c.item, nil)
			must(t, err)
			defer laid.Close()
			m := &laid.Images[0]
			wantText(t, "absent", m.Absent, s.absent)
			wantText(t, "changed", m.Changed, s.changed)
			if s.absent != "" {
				return
			}
			verified, err := m.Verify(context.Background())
			must(t, err)
			wantText(t, "verify", verified, s.changed+s.atVerify)
			paintOn(t, laid, s.changed+s.atVerify)
			loaded, err := m.Load(context.Background(), 0, nil)
			must(t, err)
			must(t, loaded.Wait())
			if strings.Contains(m.Changed+m.Absent+verified, c.base) {
				t.Error("a path is said")
			}
		})
	}
}

// draw paints something and closes the case.
func draw(t *testing.T, d *Desk, item project.ItemID) {
	t.Helper()
	laid, err := d.Open(context.Background(), item, nil)
	must(t, err)
	_, err = laid.Read.History().Do(brush("liver", 0, 0, 0, 30))
	must(t, err)
	must(t, laid.Close())
}

// paintOn sees that painting works, or is refused with the sentence.
func paintOn(t *testing.T, laid desk.Case, refused string) {
	t.Helper()
	before := laid.Read.History().Set()
	_, err := laid.Read.History().Do(brush("liver", 30, 0, 0, 30))
	if refused == "" {
		must(t, err)
		return
	}
	if err == nil || !strings.Contains(err.Error(), refused) || laid.Read.History().Set() != before {
		t.Errorf("painting on other images than those that were read: %v", err)
	}
	if _, err := laid.Read.History().Undo(); err == nil {
		t.Error("what was drawn on the images as they were could be undone unseen")
	}
	if _, err := laid.Read.Record(context.Background(), project.Authorship, nil); project.KindOf(err) != project.Conflict {
		t.Errorf("signing for other images: %v", err)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if want == "" && got != "" || !strings.Contains(got, want) {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestASearchIsCancelledAndNotRepeated(t *testing.T) {
	c := newCast(t)
	d := NewDesk(c.anns)
	must(t, os.RemoveAll(c.images))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := d.Open(ctx, c.item, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	laid, err := d.Open(context.Background(), c.item, nil) // the case was not left open
	must(t, err)
	must(t, laid.Close())
	if !d.searched[c.item] {
		t.Error("a search that found nothing would be repeated at every opening")
	}
}

func TestLocateFindsWhatItIsPointedAt(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	far := filepath.Join(t.TempDir(), "far")
	must(t, os.Rename(c.images, far))
	got, err := c.anns.Locate(ctx, c.item, nil, nil)
	must(t, err)
	if got.Files != 10 || got.Missing != 10 || got.Moved != 0 || !strings.HasPrefix(got.Names, "image 1 of series 1, image 2 of series 1") || !strings.HasSuffix(got.Names, "and 6 more") {
		t.Errorf("%+v", got)
	}
	flip(t, filepath.Join(far, filepath.Base(c.files(t)[9].Path)))
	last := 0
	t.Chdir(filepath.Dir(far))
	got, err = c.anns.Locate(ctx, c.item, []string{"far"}, func(done, total int) {
		if done != last+1 || total != 10 {
			t.Errorf("%d of %d after %d", done, total, last)
		}
		last = done
	})
	must(t, err)
	if got.Here != 9 || got.Moved != 9 || got.Missing != 1 || got.Names != "image 10 of series 1" || last != 9 {
		t.Errorf("%+v, progress %d", got, last)
	}
	if at := c.files(t)[0].Path; !filepath.IsAbs(at) {
		t.Errorf("the place is kept as %q, which holds from one folder only", at)
	}
	if problems, err := c.anns.Check(ctx); err != nil || len(problems) > 0 {
		t.Errorf("%v %v", problems, err)
	}
	c.anns.Lately = func() []string { return []string{far} }
	flip(t, filepath.Join(far, filepath.Base(c.files(t)[9].Path)))
	if got, err = c.anns.Locate(ctx, c.item, nil, nil); err != nil || got.Here != 10 || got.Moved != 1 {
		t.Errorf("the last one, in a folder that was open lately: %+v %v", got, err)
	}
}

func TestAddingAgainNamesWhatChangedAndLeavesOutWhatIsNew(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	files := c.files(t)
	flip(t, files[3].Path)
	_, err := c.anns.AddImages(ctx, []string{c.images}, nil)
	wantKind(t, "a changed file", err, project.Conflict)
	if want := "image 4 of series 1 is not what the item of this study was made from"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v", err)
	}
	flip(t, files[3].Path)
	// The same study with two slices more, as it came from the scanner in the end.
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{40, 40, 12}, SpacingMM: [3]float64{9, 9, 12}}, nil)
	must(t, err)
	more := filepath.Join(c.base, "more")
	must(t, phantom.WriteDICOM(ctx, more, v, phantom.StudyOptions{}))
	paths, err := filepath.Glob(filepath.Join(more, "*"))
	must(t, err)
	for _, p := range paths[:10] {
		must(t, os.Remove(p))
	}
	var bar []int
	added, err := c.anns.AddImages(ctx, []string{c.images, more}, func(done, total int) {
		if total != 2*12 {
			t.Errorf("of %d", total)
		}
		bar = append(bar, done)
	})
	must(t, err)
	if added.New != 0 || added.Further != 2 || !slices.IsSorted(bar) || bar[len(bar)-1] != 2*12 {
		t.Errorf("%+v, bar %v", added, bar)
	}
}

// TestItemsOfEarlierVersions have neither sizes, times nor numbers: they are read whole when first opened, and then have them.
func TestItemsOfEarlierVersions(t *testing.T) {
	c := newCast(t)
	old := map[project.Hash]store.Place{}
	for _, s := range c.files(t) {
		old[s.SHA256] = store.Place{Path: s.Path}
	}
	must(t, c.anns.Store.NoteFiles(c.item, old))
	d := NewDesk(c.anns)
	for n := range 2 {
		laid, err := d.Open(context.Background(), c.item, nil)
		must(t, err)
		wantText(t, "absent", laid.Images[0].Absent, "")
		must(t, laid.Close())
		if s := c.files(t)[0]; s.Size == 0 || s.Modified == 0 {
			t.Errorf("after opening %d: %+v", n+1, s.Place)
		}
	}
	must(t, filepath.WalkDir(c.images, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			quietly(t, path, flip) // all bytes are others, and nobody looks until verify
		}
		return err
	}))
	laid, err := d.Open(context.Background(), c.item, nil)
	must(t, err)
	defer laid.Close()
	wantText(t, "changed", laid.Images[0].Changed, "")
	got, err := laid.Images[0].Verify(context.Background())
	must(t, err)
	wantText(t, "verify", got, "and 6 more were changed")
}
