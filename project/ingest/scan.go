package ingest

import (
	"cmp"
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"hotlight/project"
	"hotlight/project/dcm"
)

// ScanOptions say how a scan reports.
type ScanOptions struct {
	// Progress is called from one goroutine at a time with the number of files that are done and of all; files are counted before the first is read.
	Progress func(done, total int)
	// Workers is the number of goroutines; 0 chooses. Headers wait for the disk more than for the processor.
	Workers int
}

// Scan reads the headers of all files at and below paths, any depth and any name, and arranges what they hold. Links are followed once. A file that
// cannot be used is in Skipped with its reason and stops nothing. Scan fails only when a path does not exist (NotFound) or ctx ends.
func Scan(ctx context.Context, paths []string, o ScanOptions) (*Result, error) {
	w, err := walk(ctx, paths)
	if err != nil {
		return nil, err
	}
	read, err := readHeaders(ctx, w.files, o)
	if err != nil {
		return nil, err
	}
	r := &Result{Skipped: w.skipped}
	var usable []*instance
	var media []*medium
	for n, h := range read {
		switch {
		case h.medium != nil:
			media = append(media, h.medium)
		case h.reason != "":
			r.skip(w.files[n].path, h.reason)
			if isMediaName(filepath.Base(w.files[n].path)) {
				r.warn(project.WarnMedia, "The directory of a disc cannot be read; what is on the disc was read.")
			}
		default:
			usable = append(usable, h.instance)
		}
	}
	compareMedia(media, w.files, read, r)
	usable = withoutCopies(ctx, usable, r)
	linkMappings(usable)
	r.Studies = arrange(usable)
	slices.SortFunc(r.Skipped, func(a, b Skipped) int { return strings.Compare(a.Path, b.Path) })
	return r, ctx.Err()
}

// headerRead is what came of one file: an instance, a medium's directory, or the reason why it is neither.
type headerRead struct {
	instance *instance
	medium   *medium
	reason   string
}

// readHeaders reads the files in parallel; results are in the order of the files.
func readHeaders(ctx context.Context, all []found, o ScanOptions) ([]headerRead, error) {
	out := make([]headerRead, len(all))
	workers := o.Workers
	if workers <= 0 {
		workers = min(2*runtime.GOMAXPROCS(0), 16)
	}
	met := &twins{first: map[twin]*instance{}}
	var next atomic.Int64
	var progress sync.Mutex
	done := 0
	var group sync.WaitGroup
	for range min(workers, len(all)) {
		group.Go(func() {
			for ctx.Err() == nil {
				n := int(next.Add(1)) - 1
				if n >= len(all) {
					return
				}
				out[n] = readHeader(all[n])
				if out[n].instance != nil {
					met.meet(ctx, out[n].instance)
				}
				progress.Lock()
				if done++; o.Progress != nil && ctx.Err() == nil {
					o.Progress(done, len(all))
				}
				progress.Unlock()
			}
		})
	}
	group.Wait()
	return out, ctx.Err()
}

func readHeader(f found) headerRead {
	file, err := dcm.Open(f.path, dcm.Options{HeaderOnly: true, KeepOpen: true}) // open: some lookup tables are large
	if err != nil {
		return headerRead{reason: sentence(err)}
	}
	defer file.Close()
	if isDirectory(file.Data) {
		if f.disc || isMediaName(filepath.Base(f.path)) {
			return headerRead{medium: readMedium(f.path, file.Data)}
		}
		return headerRead{reason: "a directory of a disc under another name than DICOMDIR: the files were read, not the list"}
	}
	x, err := readInstance(f.path, f.size, file)
	if err != nil {
		return headerRead{reason: err.Error()}
	}
	return headerRead{instance: x}
}

// sentence is an error of opening as a reason in a list.
func sentence(err error) string {
	switch {
	case errors.Is(err, dcm.ErrNotDICOM):
		return "not a DICOM file"
	case project.KindOf(err) == project.Invalid:
		return "damaged or cut short: " + err.Error()
	}
	return err.Error()
}

// studyKey and seriesKey tell studies and series apart: by UID, or by folder where a file has none. Two pictures of a folder without any UID are of
// one series where they are of one modality and series number.
type studyKey struct {
	uid    project.StudyUID
	folder string
}

type seriesKey struct {
	study    studyKey
	uid      project.SeriesUID
	folder   string
	modality project.Modality
	number   int
}

func (x *instance) seriesKey() seriesKey {
	key := seriesKey{study: studyKey{uid: x.study}, uid: x.series}
	if x.study == "" {
		key.study.folder = x.folder
	}
	if x.series == "" {
		key.folder, key.modality, key.number = x.folder, x.modality, x.seriesNumber
	}
	return key
}

// arrange groups instances into studies and series, in order of study date, series number and UID.
func arrange(all []*instance) []Study {
	where := whereabouts(all)
	var order []seriesKey
	groups := map[seriesKey][]*instance{}
	for _, x := range all {
		key := x.seriesKey()
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], x)
	}
	index := map[studyKey]int{}
	var studies []Study
	for _, key := range order {
		n, seen := index[key.study]
		if !seen {
			n = len(studies)
			index[key.study] = n
			studies = append(studies, Study{UID: key.study.uid})
		}
		s := &studies[n]
		for _, x := range groups[key] {
			s.Description, s.Date = cmp.Or(s.Description, x.studyText), cmp.Or(s.Date, x.studyDate)
		}
		s.Series = append(s.Series, newSeries(key.uid, groups[key], where))
	}
	for _, s := range studies {
		slices.SortStableFunc(s.Series, func(a, b *Series) int { return cmp.Or(cmp.Compare(a.Number, b.Number), cmp.Compare(a.UID, b.UID)) })
	}
	slices.SortStableFunc(studies, func(a, b Study) int { return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.UID, b.UID)) })
	return studies
}

func newSeries(uid project.SeriesUID, all []*instance, where map[project.InstanceUID]referenceKey) *Series {
	sortInstances(all)
	s := &Series{UID: uid, Modality: all[0].modality, Instances: len(all), Kind: KindObject}
	var withPixels []*instance
	for _, x := range all {
		s.Number, s.Description = cmp.Or(s.Number, x.seriesNumber), cmp.Or(s.Description, x.seriesText)
		if x.object == nil {
			withPixels = append(withPixels, x)
			continue
		}
		x.object.resolve(where)
		s.Objects = append(s.Objects, x.object)
	}
	slices.SortFunc(s.Objects, func(a, b *Object) int { return strings.Compare(a.Path, b.Path) })
	s.Volumes = images(withPixels)
	most := 0
	for _, m := range s.Volumes {
		if n := m.Geometry.Voxels(); n > most {
			most, s.Kind = n, m.Kind
		}
	}
	return s
}
