package report

import (
	"fmt"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// picturesAClass is how many of the worst studies are drawn.
const picturesAClass = 2

// worst is the section on the studies where readers agree least.
func (b *builder) worst(list []*studyFacts) error {
	s := b.section("worst", "Where readers agree least")
	any := false
	for n := range b.in.Definition.Classes {
		c := &b.in.Definition.Classes[n]
		if !c.Is(project.KindSegment) || len(b.pairs()) == 0 {
			continue
		}
		done, err := b.worstOf(s, c, list)
		if err != nil {
			return err
		}
		any = any || done
	}
	if !any {
		s.text("No two readers drew the same study.")
	}
	return nil
}

func (b *builder) worstOf(s *Section, c *project.Class, list []*studyFacts) (bool, error) {
	var each []series
	for _, p := range b.pairs() {
		each = append(each, seriesOf(list, c.ID, "dice", p[0]+":"+p[1]))
	}
	all := meanOfPairs(each)
	summary, err := metrics.Summarise(all.results, nil, true, metrics.Bootstrap{})
	if err != nil {
		return false, err
	}
	if len(summary.Worst) == 0 {
		return false, nil
	}
	s.head(c.Name)
	t := &Table{Caption: c.Name + ": the studies with the lowest mean Dice over pairs of readers (at most five)", Columns: []string{"Study", "Mean Dice"}}
	for _, p := range b.pairs() {
		t.Columns = append(t.Columns, p[0]+" : "+p[1])
	}
	for _, n := range summary.Worst {
		num := b.add(Number{Section: "worst", Subject: c.ID, Metric: "dice", Stat: "mean", Comparison: allPairs, Stratum: "study=" + all.studies[n].ID, Units: "studies", Patients: 1, Digits: 3, Result: all.results[n]})
		num.Method = "mean over pairs of readers"
		row := []Cell{strong(all.studies[n].ID), value(num)}
		for k := range each {
			r := each[k].results[n]
			text := strings.ReplaceAll(string(r.Status), "_", " ")
			if r.Defined() {
				text = shown(r.Value, 3)
			}
			row = append(row, Cell{Words: text})
		}
		t.row(row...)
	}
	s.table(t)
	for _, n := range summary.Worst[:min(picturesAClass, len(summary.Worst))] {
		figure, err := b.draw(c, all.studies[n])
		if err != nil {
			return true, err
		}
		if figure != nil {
			s.figure(figure)
		}
	}
	return true, nil
}

// draw draws the slice on which the readers differ most.
func (b *builder) draw(c *project.Class, st *study) (*Figure, error) {
	w := &work{builder: b, studyFacts: &studyFacts{study: st}, sources: map[string]*source{}}
	if err := w.draw(b.ctx); err != nil {
		return nil, err
	}
	if w.grid == nil {
		return nil, nil
	}
	var lines []outlined
	var masks []*segmentation.Mask
	var legend []string
	for n, r := range b.panel {
		src := w.sources[r.ID]
		if src == nil {
			continue
		}
		m, err := w.union(src, c.ID)
		if err != nil {
			return nil, err
		}
		masks = append(masks, m)
		style := styles[n%len(styles)]
		lines = append(lines, outlined{r.ID, m, style.colour, style.dash, 1.5})
		legend = append(legend, r.ID+" "+[]string{"solid blue", "dashed orange", "dotted green", "dash-dotted purple", "short-dashed teal", "long-dashed ochre"}[n%len(styles)])
	}
	k, differ, err := mostDifferent(masks)
	if err != nil || differ == 0 {
		return nil, err
	}
	if st.truth != nil {
		m, err := w.union(w.sources[st.truth.Reader], c.ID)
		if err != nil {
			return nil, err
		}
		lines = append([]outlined{{"reference", m, "#E6C200", "", 2.4}}, lines...)
		legend = append(legend, "reference thick yellow")
	}
	image := "no image was given: outlines alone"
	var picture string
	title := fmt.Sprintf("%s, study %s, slice %d of %d: outlines of %s", c.Name, st.ID, k+1, w.grid.Size[2], strings.Join(legend, ", "))
	if st.Pixels != nil {
		v, err := st.Pixels(b.ctx)
		if err != nil {
			return nil, project.Errorf(project.KindOf(err), "study %s: image: %w", st.ID, err)
		}
		grid := *w.grid
		image = "grey levels from the 2nd to the 98th percentile of the crop"
		if grid.FrameOfReference == "" {
			grid.FrameOfReference = v.Geometry.FrameOfReference
			image += "; that image and masks share a frame of reference is taken on trust"
		}
		if !v.Geometry.SameGrid(&grid, gridToleranceMM) {
			image = "the image lies on another grid than the masks: outlines alone"
		}
		picture = slicePicture(&grid, v, k, lines, title)
	} else {
		picture = slicePicture(w.grid, nil, k, lines, title)
	}
	caption := fmt.Sprintf("%s, study %s, slice %d of %d, where the readers differ most (%d voxels that some and not all drew). %s; %s.", c.Name, st.ID, k+1, w.grid.Size[2], differ, strings.Join(legend, ", "), image)
	return &Figure{Caption: caption, Alt: title, SVG: picture, Half: true}, nil
}

// mostDifferent returns the slice with the most voxels that some readers drew and others did not.
func mostDifferent(masks []*segmentation.Mask) (k int, voxels int64, err error) {
	if len(masks) < 2 {
		return 0, 0, nil
	}
	union, err := panel.Union(masks)
	if err != nil {
		return 0, 0, err
	}
	all, err := panel.Intersection(masks)
	if err != nil {
		return 0, 0, err
	}
	differ, err := segmentation.Subtract(union, all)
	if err != nil {
		return 0, 0, err
	}
	lo, hi, ok := differ.Bounds()
	if !ok {
		return 0, 0, nil
	}
	row := make([]uint64, (differ.Size()[0]+63)/64)
	best := make([]int64, hi[2]+1)
	for z := lo[2]; z <= hi[2]; z++ {
		for j := lo[1]; j <= hi[1]; j++ {
			if differ.Row(j, z, row) {
				best[z] += ones(row)
			}
		}
	}
	k = slices.Index(best, slices.Max(best))
	return k, best[k], nil
}
