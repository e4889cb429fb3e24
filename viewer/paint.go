package viewer

import (
	"hotlight/project"
	"hotlight/project/edit"
	"hotlight/project/segmentation"
	"hotlight/project/volume"
	"hotlight/viewer/control"
	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
	"hotlight/viewer/viewport"
)

// stroke is a painting drag on its way into the history.
type stroke struct {
	r    *Room
	drag *edit.Drag
}

var _ tool.Stroke = (*stroke)(nil)

// BeginStroke implements viewport.Room. Where painting is refused it says why over the images; nothing flashes.
func (r *Room) BeginStroke(p *viewport.Viewport, erase bool, at volume.Point) tool.Stroke {
	seg, ok := r.paintable()
	if !ok {
		return nil
	}
	n := p.Camera().Normal()
	if r.straight != nil && r.st.brush.Shape == tool.Disc && n.Cross(r.stack().Axis(2)).Len() > 0.0087 {
		r.say(warning, "A disc is painted on the acquired planes, which lie across this view. Paint with the sphere here, or with the disc in the first view.")
		return nil
	}
	op := edit.Op{Op: "brush", Segment: edit.Ref{Number: seg.Number}, Mode: "add", Shape: string(r.st.brush.Shape), RadiusMM: r.st.brush.RadiusMM}
	if erase {
		op.Mode = "erase"
	} else {
		op.Overwrite = pane.Overwrites[r.st.overwrite]
		if op.Overwrite == "visible" {
			op.Visible = r.visible()
		}
	}
	if r.st.brush.Shape == tool.Disc {
		normal := [3]float64(n)
		op.Normal = &normal
	}
	drag, err := r.study.Read.History.Begin(op)
	if err != nil {
		r.say(failure, capital(err.Error())+".")
		return nil
	}
	if r.st.hidden[seg.Number] {
		delete(r.st.hidden, seg.Number) // nobody paints what cannot be seen
		r.showSegments()
	}
	r.unsay()
	s := &stroke{r: r, drag: drag}
	r.stroke = s
	s.Extend(at)
	return s
}

// paintable returns the segment to paint, or says why there is none.
func (r *Room) paintable() (*segmentation.Segment, bool) {
	if r.study.Read == nil || r.volume == nil {
		return nil, false
	}
	if r.frozen != "" {
		r.say(warning, r.frozen)
		return nil, false
	}
	if changed := r.study.Images[r.st.image].Changed; changed != "" {
		r.say(failure, changed)
		return nil, false
	}
	if r.coarse() != nil {
		r.say(warning, "This is a first, coarse picture. The image itself can be painted on as soon as it is here.")
		return nil, false
	}
	seg, ok := r.set().Find(r.st.active)
	if !ok {
		r.say(warning, "There is no segment to paint. Add one with + on the right.")
		return nil, false
	}
	if seg.Image != r.st.image {
		m := &r.study.Images[seg.Image]
		r.say(warning, seg.Name+" lies on "+m.Title()+". It is painted there.", control.NewLink("Open it", func() { r.unsay(); r.open(seg.Image) }))
		return nil, false
	}
	if seg.Locked {
		r.say(warning, seg.Name+" is locked. Unlock it to paint.", control.NewLink("Unlock", func() { r.unsay(); r.toggleLock(seg.Number) }))
		return nil, false
	}
	return seg, true
}

func (r *Room) visible() (out []edit.Ref) {
	for _, s := range r.set().Segments() {
		if !r.st.hidden[s.Number] && s.Image == r.st.image {
			out = append(out, edit.Ref{Number: s.Number})
		}
	}
	return out
}

// Extend implements tool.Stroke.
func (s *stroke) Extend(at volume.Point) {
	if s.drag == nil {
		return
	}
	if err := s.drag.Extend(at); err != nil {
		s.r.say(failure, capital(err.Error())+".")
		s.Cancel()
		return
	}
	s.r.showMarks(true)
}

// Commit implements tool.Stroke.
func (s *stroke) Commit() {
	if s.drag == nil {
		return
	}
	_, err := s.drag.Commit()
	s.drag, s.r.stroke = nil, nil
	if err != nil {
		s.r.say(failure, capital(err.Error())+".")
	}
	s.r.showMarks(false)
	s.r.showSegments()
}

// Cancel implements tool.Stroke.
func (s *stroke) Cancel() {
	if s.drag == nil {
		return
	}
	s.drag.Cancel()
	s.drag, s.r.stroke = nil, nil
	s.r.showMarks(false)
}

func (r *Room) cancelStroke() {
	if r.stroke != nil {
		r.stroke.Cancel()
	}
}

// showMarks shows the views whose marks changed.
func (r *Room) showMarks(moving bool) {
	r.remark()
	for _, v := range r.views {
		r.show(v, moving)
	}
}

// happened is told by the history, under its lock and on any goroutine. While a stroke is drawn here the stroke itself shows it.
func (r *Room) happened(e edit.Event) {
	if e.Entry == nil || !r.pending.CompareAndSwap(false, true) {
		return
	}
	control.OnMain(func() {
		r.pending.Store(false)
		r.showMarks(false)
		r.showSegments()
	})
}

// change does one operation that is not a stroke.
func (r *Room) change(op edit.Op) bool {
	if r.study.Read == nil || r.frozen != "" {
		return false
	}
	if _, err := r.study.Read.History.Do(op); err != nil {
		r.say(failure, capital(err.Error())+".")
		return false
	}
	r.unsay()
	r.showMarks(false)
	r.showSegments()
	return true
}

func (r *Room) undo() { r.walk((*edit.History).Undo, (*edit.History).CanUndo) }
func (r *Room) redo() { r.walk((*edit.History).Redo, (*edit.History).CanRedo) }

func (r *Room) walk(do func(*edit.History) (edit.Entry, error), can func(*edit.History) bool) {
	if r.study.Read == nil || r.frozen != "" || r.stroke != nil || !can(r.study.Read.History) {
		return
	}
	if _, err := do(r.study.Read.History); err != nil && project.KindOf(err) != project.NotFound {
		r.say(failure, capital(err.Error())+".")
	}
	r.showMarks(false)
	if _, ok := r.set().Find(r.st.active); !ok {
		r.pickFirstSegment()
	}
	r.showSegments()
}

func (r *Room) toggleLock(number int) {
	seg, ok := r.set().Find(number)
	if !ok {
		return
	}
	op := edit.Op{Op: "lock", Segment: edit.Ref{Number: number}}
	if seg.Locked {
		op.Op = "unlock"
	}
	r.change(op)
}

// addSegment adds one of a class, or one that has only a number for its name.
func (r *Room) addSegment(class string) {
	op := edit.Op{Op: "add_segment", Class: class, Image: r.st.image}
	op.Name = r.freshName(class)
	before := r.set()
	if r.change(op) {
		for _, s := range r.set().Segments() {
			if _, had := before.Find(s.Number); !had {
				r.selectSegment(s.Number)
			}
		}
	}
}

// freshName is the class's name, with a number where it is taken.
func (r *Room) freshName(class string) string {
	name := "Segment"
	for _, c := range r.study.Read.Classes {
		if c.ID == class {
			name = c.Name
		}
	}
	if _, taken := r.set().ByName(name); !taken && class != "" {
		return name
	}
	for n := 1; ; n++ {
		if _, taken := r.set().ByName(name + " " + whole(n)); !taken && !(n == 1 && class != "") {
			return name + " " + whole(n)
		}
	}
}

func (r *Room) selectSegment(number int) {
	r.st.active = number
	r.unsay()
	if r.st.style == activeOnly {
		r.showMarks(false)
	}
	r.showSegments()
}

// pickFirstSegment chooses a segment when there is one and none is chosen; pickSegmentHere prefers one on the image on screen.
func (r *Room) pickFirstSegment() {
	r.st.active = 0
	r.pickSegmentHere()
	if set := r.set(); set != nil && r.st.active == 0 && len(set.Segments()) > 0 {
		r.st.active = set.Segments()[0].Number
	}
}

func (r *Room) pickSegmentHere() {
	set := r.set()
	if set == nil {
		return
	}
	if s, ok := set.Find(r.st.active); ok && s.Image == r.st.image {
		return
	}
	for _, s := range set.Segments() {
		if s.Image == r.st.image {
			r.st.active = s.Number
			return
		}
	}
}

// nextSegment goes through the list.
func (r *Room) nextSegment(by int) {
	set := r.set()
	if set == nil || len(set.Segments()) == 0 {
		return
	}
	all := set.Segments()
	at := 0
	for n, s := range all {
		if s.Number == r.st.active {
			at = n
		}
	}
	r.selectSegment(all[(at+by+len(all))%len(all)].Number)
}

func (r *Room) resizeBrush(steps int) {
	r.st.brush = r.st.brush.Resized(steps)
	r.brushChanged()
}

// brushChanged shows the brush's new size and form.
func (r *Room) brushChanged() {
	for _, v := range r.views {
		v.port.SetRing(r.ringRadius())
	}
	r.showOptions()
}
