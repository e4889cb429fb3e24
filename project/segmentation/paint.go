package segmentation

import (
	"math"
	"slices"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// Paint paints a whole stroke. It adds to the target's segment (or takes out of it) every voxel that the stroke takes and the rule allows to change,
// and returns the new set with the delta from the old one; the delta is empty, not nil, when nothing changed.
// Cost is proportional to the voxels touched, not to the volume.
//
// Errors: ErrLocked, naming the segment; Invalid for a stroke that breaks its limits, NotFound for an unknown segment or a range without images,
// Busy for a range where slices are still loading. After an error nothing is changed.
func Paint(t Target, s Stroke, r Rule) (*Set, *Delta, error) {
	p, err := NewPainter(t, s, r)
	if err != nil {
		return nil, nil, err
	}
	if _, err := p.Extend(s.Points...); err != nil {
		return nil, nil, err
	}
	d, err := Diff(t.Set, p.Set())
	return p.Set(), d, err
}

// Painter paints a stroke as it is drawn. It belongs to one goroutine; the sets it publishes may be read by any.
type Painter struct {
	set     *Set
	segment int
	l       *lattice
	brush   Stroke
	normal  mgl64.Vec3 // of a disc, unit
	values  *valueRange
	builder *Builder    // of the segment
	victims []victim    // other segments that lose what is painted
	walls   []*Mask     // locked others that keep what they have
	tip     *mgl64.Vec3 // where the brush is; nil before the first point
	box     Bounds      // changed by the running Extend
	rows    []rowSpan   // of the brick row being painted
	words   [brickWords]uint64
	err     error
}

type victim struct {
	segment int
	builder *Builder
}

// NewPainter starts a stroke. brush.Points is not looked at.
func NewPainter(t Target, brush Stroke, r Rule) (*Painter, error) {
	g, ok := t.Set.Find(t.Segment)
	switch {
	case !ok:
		return nil, project.Errorf(project.NotFound, "segment: there is no segment %d", t.Segment)
	case g.Locked:
		return nil, lockedError(g)
	case t.Geometry == nil || t.Geometry.Size != g.Mask.size:
		return nil, project.Errorf(project.Invalid, "segment: %s lies on another image", g.Name)
	}
	l, err := newLattice(t.Geometry)
	if err != nil {
		return nil, err
	}
	p := &Painter{set: t.Set, segment: t.Segment, l: l, brush: brush, builder: NewBuilder(g.Mask), rows: make([]rowSpan, 0, brickWords)}
	if err := p.checkBrush(); err != nil {
		return nil, err
	}
	if brush.Range != nil {
		if p.values, err = newValueRange(t.Volume, *brush.Range, g.Mask.size); err != nil {
			return nil, err
		}
	}
	if !brush.Erase {
		p.sortOthers(g, r)
	}
	return p, nil
}

func (p *Painter) checkBrush() error {
	if !(p.brush.RadiusMM > 0 && p.brush.RadiusMM <= MaxRadiusMM) {
		return project.Errorf(project.Invalid, "radius_mm: must be above 0 and at most %g", MaxRadiusMM)
	}
	if p.brush.Shape == Sphere {
		return nil
	}
	length := p.brush.Normal.Len()
	if !(length > 1e-9) || math.IsInf(length, 0) {
		return project.Errorf(project.Invalid, "normal: a disc's plane needs a normal that is not zero")
	}
	p.normal = p.brush.Normal.Mul(1 / length)
	// Half a degree: a plane across a stack's own would mean a resampled picture, which a stack has none of.
	if p.l.planes != nil && p.normal.Cross(p.l.normal).Len() > 0.0087 {
		return project.Errorf(project.Invalid, "plane: the slices of this image are tilted or unevenly apart; a disc is painted on their own planes only (acquired)")
	}
	return nil
}

// sortOthers finds what the rule means for each other segment of the image.
func (p *Painter) sortOthers(target *Segment, r Rule) {
	if r.Overwrite == OverwriteNone {
		return
	}
	for _, g := range p.set.segments {
		switch {
		case g == target, g.Image != target.Image, slices.Contains(r.Overlap, g.Number):
		case r.Overwrite == OverwriteVisible && !slices.Contains(r.Visible, g.Number):
		case g.Locked:
			p.walls = append(p.walls, g.Mask)
		default:
			p.victims = append(p.victims, victim{g.Number, NewBuilder(g.Mask)})
		}
	}
}

// Set returns the set with all that was painted so far.
func (p *Painter) Set() *Set { return p.set }

// Extend sweeps the brush to each of the points in turn, publishes the result, and returns the box of the voxels that changed. The first point of a
// stroke is a click. After an error the set is what it was before the call.
func (p *Painter) Extend(points ...volume.Point) (Bounds, error) {
	for _, q := range points {
		for _, x := range q {
			if !(math.Abs(x) <= MaxCoordinateMM) {
				return Bounds{}, project.Errorf(project.Invalid, "points_mm: a coordinate is not a number or beyond %g mm", MaxCoordinateMM)
			}
		}
	}
	p.box, p.err = Bounds{}, nil
	tip := p.tip
	for _, q := range points {
		p.moveTo(mgl64.Vec3(q))
	}
	if p.err != nil {
		p.tip = tip
		p.builder.discard()
		for _, v := range p.victims {
			v.builder.discard()
		}
		return Bounds{}, p.err
	}
	if p.box.Any {
		p.set = p.set.WithMask(p.segment, p.builder.Mask())
		for _, v := range p.victims {
			p.set = p.set.WithMask(v.segment, v.builder.Mask())
		}
	}
	return p.box, nil
}

// moveTo paints the way from the tip to q.
func (p *Painter) moveTo(q mgl64.Vec3) {
	from, line := q, mgl64.Vec3{}
	if p.tip != nil {
		from, line = *p.tip, q.Sub(*p.tip)
	}
	p.tip = &q
	radius := p.brush.RadiusMM
	var plane *sheet
	var drift float64
	switch {
	case p.brush.Shape == Sphere:
		s, lo, hi := newBall(p.l, from, line, radius)
		p.sweep(&s, lo, hi)
	case p.l.planes != nil:
		patches(p.l, from, line, func(k int, t0, t1 float64) {
			s := newPatch(p.l, from, line, t0, t1, radius)
			p.sweep(&s, k, k)
		})
	default:
		s, lo, hi := newDisc(p.l, from, line, p.normal, radius)
		plane, drift = s.sheet, s.drift
		p.sweep(&s, lo, hi)
	}
	if p.tiny() {
		crossed(p.l, from, line, plane, drift, p.voxel)
	}
}

// tiny reports whether the brush may miss the centre of a voxel that its tip is in. Above this it cannot, so looking again would be wasted.
func (p *Painter) tiny() bool {
	return p.brush.RadiusMM < 1.5*(p.l.step[0].Len()+p.l.step[1].Len()+p.l.step[2].Len())
}

// sweep paints slices kLo to kHi, one row of bricks after another.
func (p *Painter) sweep(s *sweep, kLo, kHi int) {
	for bk := kLo / BrickSlices; kLo <= kHi && bk <= kHi/BrickSlices; bk++ {
		var layers [BrickSlices]sliceRows
		used := layers[:0]
		jLo, jHi := p.l.size[1], -1
		for k := max(kLo, bk*BrickSlices); k <= min(kHi, bk*BrickSlices+BrickSlices-1); k++ {
			if r := s.rows(k); r.lo <= r.hi {
				used = append(used, r)
				jLo, jHi = min(jLo, r.lo), max(jHi, r.hi)
			}
		}
		for bj := jLo / BrickRows; jLo <= jHi && bj <= jHi/BrickRows; bj++ {
			p.brickRow(s, used, bj, bk)
		}
	}
}

// brickRow paints what lies in one row of bricks.
func (p *Painter) brickRow(s *sweep, layers []sliceRows, bj, bk int) {
	p.rows = p.rows[:0]
	for n := range layers {
		r := &layers[n]
		p.rows = s.spans(p.rows, r, max(r.lo, bj*BrickRows), min(r.hi, bj*BrickRows+BrickRows-1))
	}
	iLo, iHi := p.l.size[0], -1
	for _, r := range p.rows {
		iLo, iHi = min(iLo, r.lo), max(iHi, r.hi)
	}
	for bi := iLo / BrickColumns; iLo <= iHi && bi <= iHi/BrickColumns; bi++ {
		p.brick(bi, bj, bk)
	}
}

// voxel paints one voxel.
func (p *Painter) voxel(i, j, k int) {
	p.rows = append(p.rows[:0], rowSpan{k%BrickSlices*BrickRows + j%BrickRows, i, i})
	p.brick(i/BrickColumns, j/BrickRows, k/BrickSlices)
}

// brick paints p.rows within one brick: range, locks and overwrite rule are applied here and nowhere else.
func (p *Painter) brick(bi, bj, bk int) {
	words, at := p.words[:len(p.rows)], [3]int{bi, bj, bk}
	for n, r := range p.rows {
		words[n] = rowWord(r.lo, r.hi, bi)
	}
	for _, wall := range p.walls {
		if b := wall.Brick(bi, bj, bk); b != nil {
			for n, r := range p.rows {
				words[n] &^= b[r.word]
			}
		}
	}
	if p.values != nil {
		for n, r := range p.rows {
			if words[n] == 0 {
				continue
			}
			kept, err := p.values.keep(words[n], bi*BrickColumns, bj*BrickRows+r.word%BrickRows, bk*BrickSlices+r.word/BrickRows)
			if err != nil {
				p.err = err
				return
			}
			words[n] = kept
		}
	}
	p.box.Include(p.builder.write(at, p.rows, words, p.brush.Erase))
	for _, v := range p.victims {
		p.box.Include(v.builder.write(at, p.rows, words, true))
	}
}

// Segments returns the numbers of the segments that the stroke may change, ascending.
func (p *Painter) Segments() []int {
	out := []int{p.segment}
	for _, v := range p.victims {
		out = append(out, v.segment)
	}
	slices.Sort(out)
	return out
}
