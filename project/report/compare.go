package report

import (
	"context"
	"fmt"
	"math"
	"runtime"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

func workersOf(n int) int { return min(n, runtime.GOMAXPROCS(0)) }

// studyFacts is what was measured in one study, without its masks.
type studyFacts struct {
	study    *study
	overlaps map[string]map[string]overlap  // by class, by comparison "R1:R2"
	volumes  map[string]map[string]float64  // ml, by class and source; absent: no read
	founds   map[string]map[string]*found   // by class, by "reader:truth"
	matches  map[string]map[string]matching // by class, by "R1:R2"
	result   *panel.CaseResult              // what the project's rules make of the panel's reads
	record   project.Hash                   // of the result's record
	measured []measuredThing
	counts   map[string]map[string]int // instances that are not empty, by class and source
	staple   []stapleRow
	unspaced string // why there are no millimetres; empty: there are
}

// overlap is the comparison of all that two sources drew of one class.
type overlap struct {
	values map[string]metrics.Result // by metric
	status metrics.Status            // which mask is empty, if one is
}

// source is one holder of masks and marks: a reader's read, the reference, or the panel's gold.
type source struct {
	name  string
	read  *Read
	drawn *Drawn
}

// goldName and the separator of repeats; neither can be a reader's pseudonym.
const (
	goldName   = "(panel)"
	othersName = "(others)"
)

// compare measures one study.
func (b *builder) compare(ctx context.Context, s *study) (*studyFacts, error) {
	f := &studyFacts{study: s, overlaps: map[string]map[string]overlap{}, volumes: map[string]map[string]float64{}, founds: map[string]map[string]*found{},
		matches: map[string]map[string]matching{}, counts: map[string]map[string]int{}}
	w := &work{builder: b, studyFacts: f, sources: map[string]*source{}}
	if err := w.draw(ctx); err != nil {
		return nil, err
	}
	if err := w.resolve(); err != nil {
		return nil, project.Errorf(project.KindOf(err), "study %s: %w", s.ID, err)
	}
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if !asked(c.Modalities, s.Modality) || !c.Is(project.KindSegment) && !c.Is(project.KindDetection) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if err := w.class(c); err != nil {
			return nil, project.Errorf(project.KindOf(err), "study %s, class %s: %w", s.ID, c.ID, err)
		}
	}
	return f, nil
}

func asked(list []project.Modality, m project.Modality) bool {
	for _, one := range list {
		if one == m {
			return true
		}
	}
	return len(list) == 0
}

// work is one study while its masks are in memory.
type work struct {
	*builder
	*studyFacts
	sources map[string]*source
	order   []*source // panel readers, repeats, adjudicator, reference
	grid    *volume.Geometry
	space   metrics.Space
}

// draw reads the masks of every read of the study and checks that they lie on one grid.
func (w *work) draw(ctx context.Context) error {
	s := w.study
	var reads []*source
	for _, r := range w.panel {
		if read := s.reads[r.ID]; read != nil {
			reads = append(reads, &source{name: r.ID, read: read})
		}
		for _, again := range s.repeats[r.ID] {
			reads = append(reads, &source{name: repeatName(again), read: again})
		}
	}
	for _, read := range []*Read{s.judged, s.truth} {
		if read != nil {
			reads = append(reads, &source{name: read.Reader, read: read})
		}
	}
	first := ""
	for _, src := range reads {
		w.sources[src.name] = src
		w.order = append(w.order, src)
		if src.read.Draw == nil {
			continue
		}
		d, err := src.read.Draw(ctx)
		if err != nil {
			return err
		}
		src.drawn = d
		if w.grid == nil {
			w.grid, first = &d.Geometry, src.read.Name
		} else if !sameGrid(w.grid, &d.Geometry) {
			return project.Errorf(project.Invalid, "%s: masks: lie on another grid than those of %s; nothing is resampled to compare them", src.read.Name, first)
		}
	}
	if w.grid != nil {
		space, err := metrics.SpaceOf(w.grid)
		if err != nil {
			w.unspaced = err.Error()
		}
		w.space = space
	}
	return nil
}

func repeatName(r *Read) string { return fmt.Sprintf("%s (time %d)", r.Reader, r.Repeat+1) }

// union returns all that a source drew of a class: empty where it drew none, nil where there is no grid at all.
func (w *work) union(src *source, class string) (*segmentation.Mask, error) {
	if w.grid == nil {
		return nil, nil
	}
	all := segmentation.NewMask(w.grid.Size)
	if src.drawn == nil {
		return all, nil
	}
	for _, s := range src.drawn.Segments {
		if s.Class == class {
			var err error
			if all, err = segmentation.Union(all, s.Mask); err != nil {
				return nil, err
			}
		}
	}
	return all, nil
}

// class measures one class: overlaps of all that was drawn, marks one by one, and the panel's rule.
func (w *work) class(c *project.Class) error {
	w.overlaps[c.ID], w.volumes[c.ID] = map[string]overlap{}, map[string]float64{}
	w.founds[c.ID], w.matches[c.ID], w.counts[c.ID] = map[string]*found{}, map[string]matching{}, map[string]int{}
	for _, src := range w.order {
		w.counts[c.ID][src.name] = len(w.marks(src, c.ID))
	}
	gold, err := w.gold(c)
	if err != nil {
		return err
	}
	if c.Is(project.KindSegment) && w.grid != nil {
		if err := w.masks(c, gold); err != nil {
			return err
		}
	}
	if severalOf(w.in.Definition, c) || c.Is(project.KindDetection) {
		return w.instances(c, gold)
	}
	return nil
}

// masks compares the unions.
func (w *work) masks(c *project.Class, gold *goldOf) error {
	unions := map[string]*segmentation.Mask{}
	for _, src := range w.order {
		u, err := w.union(src, c.ID)
		if err != nil {
			return err
		}
		unions[src.name] = u
		if ml, ok := w.grid.VoxelML(); ok {
			w.volumes[c.ID][src.name] = float64(u.Count()) * ml
		}
	}
	if gold != nil && gold.mask != nil {
		unions[goldName] = gold.mask
	}
	for _, pair := range w.comparisons() {
		a, b := unions[pair[0]], unions[pair[1]]
		if a == nil || b == nil {
			continue
		}
		o, err := w.overlap(c, a, b)
		if err != nil {
			return err
		}
		w.overlaps[c.ID][pair[0]+":"+pair[1]] = o
	}
	return w.withoutThem(c, unions)
}

// comparisons lists who is compared with whom: all pairs of the panel, everybody with the reference, everybody with their own later read. The first is the one that is
// held against the second.
func (w *work) comparisons() (out [][2]string) {
	out = append(out, w.pairs()...)
	truth := w.truthName()
	for _, r := range w.panel {
		if truth != "" {
			out = append(out, [2]string{r.ID, truth})
		}
		for _, again := range w.study.repeats[r.ID] {
			out = append(out, [2]string{r.ID, repeatName(again)})
		}
	}
	if w.study.truth != nil {
		out = append(out, [2]string{goldName, w.study.truth.Reader})
	}
	return out
}

// truthName is the source that readers are held against.
func (w *work) truthName() string {
	if w.study.truth != nil {
		return w.study.truth.Reader
	}
	if w.reference == "" && len(w.builder.panel) > 1 {
		return goldName
	}
	return ""
}

// withoutThem compares each reader with the majority of the others, which their own vote does not flatter. It needs three reads: of two others, both must agree.
func (w *work) withoutThem(c *project.Class, unions map[string]*segmentation.Mask) error {
	for _, r := range w.panel {
		if w.study.reads[r.ID] == nil {
			continue
		}
		var others []*segmentation.Mask
		for _, o := range w.panel {
			if o.ID != r.ID && w.study.reads[o.ID] != nil {
				others = append(others, unions[o.ID])
			}
		}
		if len(others) < 2 {
			continue
		}
		m, _, err := panel.Majority(others)
		if err != nil {
			return err
		}
		o, err := w.overlap(c, unions[r.ID], m)
		if err != nil {
			return err
		}
		w.overlaps[c.ID][r.ID+":"+othersName] = o
	}
	return nil
}

// overlap compares test with reference: shares of voxels always, distances where there are millimetres.
func (w *work) overlap(c *project.Class, test, reference *segmentation.Mask) (overlap, error) {
	n, err := metrics.Count(reference, test)
	if err != nil {
		return overlap{}, err
	}
	out := overlap{values: map[string]metrics.Result{"dice": n.Dice(), "jaccard": n.Jaccard(), "volume_diff": n.VolumeDifference()}, status: n.Status()}
	if n.Status() == metrics.BothEmpty {
		out.values["volume_diff"] = none(metrics.BothEmpty)
	}
	out.values["volume_diff_ml"] = none(metrics.Undefined)
	if ml, ok := w.grid.VoxelML(); ok {
		out.values["volume_diff_ml"] = metrics.Result{Value: float64(n.Test-n.Reference) * ml, Status: metrics.OK, N: 1, Method: "volume of the first less that of the second"}
		if n.Status() == metrics.BothEmpty {
			out.values["volume_diff_ml"] = none(metrics.BothEmpty)
		}
	}
	for _, m := range []string{"nsd", "hausdorff", "hd95", "assd"} {
		out.values[m] = none(metrics.Undefined)
	}
	if w.unspaced != "" {
		return out, nil
	}
	d, err := metrics.Surfaces(reference, test, w.space, w.surface)
	if err != nil {
		return overlap{}, err
	}
	out.values["hausdorff"], out.values["hd95"], out.values["assd"] = d.Hausdorff(), d.HausdorffPercentile(95), d.ASSD()
	if mm := w.tolerance(c); mm > 0 {
		out.values["nsd"] = d.NSD(mm)
	}
	return out, nil
}

func none(why metrics.Status) metrics.Result { return metrics.Result{Value: math.NaN(), Status: why} }

// tolerance is that of the normalised surface distance: the plan's, else the class's; 0 where neither names one.
func (b *builder) tolerance(c *project.Class) float64 {
	if p := b.in.Definition.Metrics; p != nil && p.Segments[c.ID].ToleranceMM > 0 {
		return p.Segments[c.ID].ToleranceMM
	}
	return c.ToleranceMM
}
