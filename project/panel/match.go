package panel

import (
	"bytes"
	"cmp"
	"math"
	"slices"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/metrics"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// Mark is one instance that one reader drew: a mask, or a box.
type Mark struct {
	Read   project.Hash // digest of the signed read
	Number int          // of the segment or mark within the read
	Mask   *segmentation.Mask
	Box    *Box // in place of Mask
	// Attributes are the answers to the class's questions about this mark, by Question.ID; their Read need not be filled in.
	Attributes map[string]Answer
}

// Box is a box along the patient's axes in mm, half-open: Max is the first place outside. A point has Max equal to Min.
type Box struct{ Min, Max volume.Point }

// Cluster is the marks that are the same thing, at most one a reader, by read and number.
type Cluster []Mark

// Match finds which marks of different readers are the same thing. Every pair of readers is matched by the Hungarian method on the score of the rule's
// criterion; the pairs so found are joined from the best score down, unless that would put two marks of one reader into one cluster. Marks that match
// nothing are clusters of one. g is needed for masks where the rule measures millimetres. The order of marks changes nothing.
func Match(rule project.MatchRule, marks []Mark, g *volume.Geometry) ([]Cluster, error) {
	marks = slices.Clone(marks)
	slices.SortFunc(marks, byRead)
	for n := 1; n < len(marks); n++ {
		if byRead(marks[n-1], marks[n]) == 0 {
			return nil, project.Errorf(project.Invalid, "a read has two marks of number %d", marks[n].Number)
		}
	}
	var reads [][]int // marks of each read
	for n, m := range marks {
		if n == 0 || marks[n-1].Read != m.Read {
			reads = append(reads, nil)
		}
		reads[len(reads)-1] = append(reads[len(reads)-1], n)
	}
	var links []link
	for a := range reads {
		for b := a + 1; b < len(reads); b++ {
			found, err := pair(rule, marks, reads[a], reads[b], g)
			if err != nil {
				return nil, err
			}
			links = append(links, found...)
		}
	}
	slices.SortStableFunc(links, func(x, y link) int { return cmp.Compare(y.score, x.score) })
	return join(marks, links), nil
}

func byRead(a, b Mark) int {
	return cmp.Or(bytes.Compare(a.Read[:], b.Read[:]), cmp.Compare(a.Number, b.Number))
}

// link says that two marks are the same thing.
type link struct {
	a, b  int
	score float64
}

func pair(rule project.MatchRule, marks []Mark, a, b []int, g *volume.Geometry) ([]link, error) {
	score := make([][]float64, len(a))
	for i, x := range a {
		for _, y := range b {
			s, err := similarity(rule, marks[x], marks[y], g)
			if err != nil {
				return nil, err
			}
			score[i] = append(score[i], s)
		}
	}
	matched, err := metrics.Assign(score, len(b), 0)
	if err != nil {
		return nil, err
	}
	var out []link
	for _, p := range matched.Pairs {
		out = append(out, link{a[p[0]], b[p[1]], score[p[0]][p[1]]})
	}
	return out, nil
}

// join makes clusters of the links, best first.
func join(marks []Mark, links []link) []Cluster {
	home := make([]int, len(marks))
	members := make([][]int, len(marks))
	for n := range marks {
		home[n], members[n] = n, []int{n}
	}
	for _, l := range links {
		x, y := home[l.a], home[l.b]
		if x == y || shareRead(marks, members[x], members[y]) {
			continue
		}
		for _, n := range members[y] {
			home[n] = x
		}
		members[x], members[y] = append(members[x], members[y]...), nil
	}
	var out []Cluster
	for _, list := range members {
		if list == nil {
			continue
		}
		slices.Sort(list)
		var c Cluster
		for _, n := range list {
			c = append(c, marks[n])
		}
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Cluster) int { return byRead(a[0], b[0]) })
	return out
}

func shareRead(marks []Mark, x, y []int) bool {
	for _, n := range x {
		if slices.ContainsFunc(y, func(m int) bool { return marks[m].Read == marks[n].Read }) {
			return true
		}
	}
	return false
}

// similarity is the score of two marks, 0 when the rule does not call them the same. For iou2d and iou3d it is the overlap; for center_mm 1/(1+mm); for
// center_in_box_or_iou the overlap plus that.
func similarity(rule project.MatchRule, a, b Mark, g *volume.Geometry) (float64, error) {
	switch rule.Criterion {
	case "iou2d", "iou3d":
		iou, err := overlap(a, b, rule.Criterion == "iou2d")
		if err != nil || iou < rule.Threshold {
			return 0, err
		}
		return iou, nil
	}
	ca, err := centre(a, g)
	if err != nil {
		return 0, err
	}
	cb, err := centre(b, g)
	if err != nil {
		return 0, err
	}
	mm := cb.Sub(ca).Len()
	near := 1 / (1 + mm)
	if rule.Criterion == "center_mm" {
		if mm > rule.MaxCenterMM {
			return 0, nil
		}
		return near, nil
	}
	iou, err := overlap(a, b, false)
	if err != nil {
		return 0, err
	}
	held := (holds(a, cb, g) || holds(b, ca, g)) && (rule.MaxCenterMM == 0 || mm <= rule.MaxCenterMM)
	if !held && iou < rule.IoU {
		return 0, nil
	}
	return iou + near, nil
}

// overlap is |A∩B| / |A∪B| of two masks or two boxes; flat leaves the third axis of boxes out.
func overlap(a, b Mark, flat bool) (float64, error) {
	if a.Mask != nil && b.Mask != nil {
		both, err := segmentation.CountBoth(a.Mask, b.Mask)
		if err != nil || both == 0 {
			return 0, err
		}
		return float64(both) / float64(a.Mask.Count()+b.Mask.Count()-both), nil
	}
	if a.Box == nil || b.Box == nil {
		return 0, project.Errorf(project.Invalid, "a mask and a box cannot be matched")
	}
	x, y := *a.Box, *b.Box
	if flat {
		x.Min[2], x.Max[2], y.Min[2], y.Max[2] = 0, 1, 0, 1
	}
	both := x.common(y)
	if both == 0 {
		return 0, nil
	}
	return both / (x.size() + y.size() - both), nil
}

// size is the volume of a box in mm³.
func (b Box) size() float64 { return b.common(b) }

// common is the volume that two boxes share, in mm³.
func (b Box) common(o Box) float64 {
	v := 1.0
	for n := range b.Min {
		v *= max(0, min(b.Max[n], o.Max[n])-max(b.Min[n], o.Min[n]))
	}
	return v
}

// centre is the middle of a box, or the mean of a mask's voxel centres.
func centre(m Mark, g *volume.Geometry) (volume.Point, error) {
	if m.Box != nil {
		return m.Box.Min.Add(m.Box.Max.Sub(m.Box.Min).Mul(0.5)), nil
	}
	if m.Mask == nil || m.Mask.Count() == 0 {
		return volume.Point{}, project.Errorf(project.Invalid, "an empty mark has no centre")
	}
	if g == nil || g.Size != m.Mask.Size() || g.Uncalibrated {
		return volume.Point{}, project.Errorf(project.Invalid, "the centre of a mask needs the calibrated geometry of its grid")
	}
	var sum mgl64.Vec3
	eachWord([]*segmentation.Mask{m.Mask}, func(i, j, k int, words []uint64) {
		for c := range segmentation.BrickColumns {
			if words[0]>>c&1 == 1 {
				sum = sum.Add(mgl64.Vec3(g.ToPatient(volume.Index{float64(i + c), float64(j), float64(k)})))
			}
		}
	})
	return volume.Point(sum.Mul(1 / float64(m.Mask.Count()))), nil
}

// holds reports whether p lies in the mark. A point holds nothing.
func holds(m Mark, p volume.Point, g *volume.Geometry) bool {
	if m.Mask != nil {
		at := g.ToIndex(p).Voxel()
		return m.Mask.At(at[0], at[1], at[2])
	}
	for n := range p {
		if !(p[n] >= m.Box.Min[n] && p[n] < m.Box.Max[n]) {
			return false
		}
	}
	return true
}

// MedianBox takes the median of each corner coordinate; of an even number the mean of the two in the middle.
func MedianBox(boxes []Box) Box {
	var out Box
	for n := range 3 {
		out.Min[n] = medianOf(boxes, func(b Box) float64 { return b.Min[n] })
		out.Max[n] = medianOf(boxes, func(b Box) float64 { return b.Max[n] })
	}
	return out
}

func medianOf(boxes []Box, of func(Box) float64) float64 {
	if len(boxes) == 0 {
		return math.NaN()
	}
	var v []float64
	for _, b := range boxes {
		v = append(v, of(b))
	}
	slices.Sort(v)
	return (v[(len(v)-1)/2] + v[len(v)/2]) / 2
}
