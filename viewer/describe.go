package viewer

import (
	"strings"

	"hotlight/project/volume"
)

// Describe says in one line what the active viewport shows and what the tool does: for those who cannot see it, and for tests.
func (r *Room) Describe() string {
	m := r.image()
	if m == nil {
		return r.study.Name + ", no images"
	}
	v := r.current()
	parts := []string{r.study.Name, m.Title()}
	if m.Absent != "" {
		return strings.Join(append(parts, m.Absent), ", ")
	}
	plane := "plane " + whole(planeOf(m.Geometry, v.path.Axis, r.st.cross)+1) + " of " + whole(v.path.Count)
	parts = append(parts, strings.TrimSpace(v.hang.Title+" "+plane))
	if r.volume != nil && r.volume.Pixel != volume.RGB8 {
		parts = append(parts, strings.TrimSpace(v.grey.name+" "+windowText(v.grey.voi)))
	}
	parts = append(parts, "zoom "+r.zoom(v, m))
	if r.straight != nil {
		parts = append(parts, "resampled")
	}
	if changed := r.study.Images[r.st.image].Changed; changed != "" {
		parts = append(parts, changed)
	}
	if r.alone >= 0 {
		parts = append(parts, "alone")
	}
	parts = append(parts, string(r.st.tool))
	if set := r.set(); set != nil && r.st.tool.Paints() {
		if s, ok := set.Find(r.st.active); ok {
			parts = append(parts, s.Name+" "+volumeOf(r.study.Images[s.Image].Geometry, s.Mask.Count()), fixed(r.st.brush.RadiusMM, 2)+" mm "+string(r.st.brush.Shape))
		}
	}
	if r.notice != nil {
		parts = append(parts, r.notice.text)
	}
	for n, v := range r.views {
		if r.share() < 1 || (r.alone < 0 || r.alone == n) && v.port.Picture() == nil {
			parts = append(parts, "loading")
			break
		}
	}
	return strings.Join(parts, ", ")
}
