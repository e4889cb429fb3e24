package tool

// brush paints, or erases, from the press to the release. Points closer than a quarter of a unit to the last are dropped: they change nothing
// and would only lengthen the journal. Gaps between samples are swept by whoever paints.
type brush struct {
	erase  bool
	stroke Stroke
	last   Pointer
}

func (t *brush) Press(h Host, p Pointer) {
	t.last = p
	t.stroke = h.BeginStroke(t.erase, p.At)
}

func (t *brush) Move(_ Host, p Pointer) {
	if t.stroke == nil {
		return
	}
	dx, dy := p.X-t.last.X, p.Y-t.last.Y
	if dx*dx+dy*dy < 1.0/16 {
		return
	}
	t.last = p
	t.stroke.Extend(p.At)
}

func (t *brush) Release(h Host, p Pointer) {
	if t.stroke == nil {
		return
	}
	t.Move(h, p)
	t.stroke.Commit()
	t.stroke = nil
}

func (t *brush) Cancel(Host) {
	if t.stroke != nil {
		t.stroke.Cancel()
		t.stroke = nil
	}
}

// Bounds of a brush's radius in millimetres.
const (
	LeastRadiusMM = 0.25
	MostRadiusMM  = 60
)

// Shape is the form of a brush.
type Shape string

// The shapes, as edit names them.
const (
	Disc   Shape = "disc"   // on the plane that is painted on, one voxel thick
	Sphere Shape = "sphere" // in all three directions
)

// Brush is how the brush is set.
type Brush struct {
	RadiusMM float64
	Shape    Shape
}

// Resized returns the brush grown by steps of ten per cent; negative steps shrink it.
func (b Brush) Resized(steps int) Brush {
	for range max(steps, -steps) {
		if steps > 0 {
			b.RadiusMM *= 1.1
		} else {
			b.RadiusMM /= 1.1
		}
	}
	b.RadiusMM = max(LeastRadiusMM, min(MostRadiusMM, b.RadiusMM))
	return b
}
