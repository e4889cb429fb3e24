package export

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

const (
	// squareTolerance is how far from 90 degrees two in-plane axes may be, as the cosine: what float32 and few digits explain.
	squareTolerance = 1e-3
	// shearTolerance is how far, in voxels, the last slice may stand off the normal before the grid is a stack.
	shearTolerance = 0.1
)

// geometry places the grid in the patient. reversed says that the slices must be put in the opposite order, because the file's k axis points
// against the cross product of its i and j axes.
func (h *niftiHeader) geometry() (g *volume.Geometry, reversed bool, err error) {
	a, ok := h.affine()
	size := [3]int{int(h.Dim[1]), int(h.Dim[2]), int(h.Dim[3])}
	if !ok {
		return nil, false, project.Errorf(project.Unsupported, "the NIfTI file has neither sform nor qform: where its voxels lie in the patient is unknown")
	}
	return labelGrid(a.flipLPS(), size)
}

// labelGrid places a label map's grid by the LPS millimetres of its steps and of its first voxel.
func labelGrid(a affine, size [3]int) (g *volume.Geometry, reversed bool, err error) {
	var spacing [3]float64
	var axis [3]mgl64.Vec3
	for n := range 3 {
		length := a.step.Col(n).Len()
		if !(length > 1e-6 && length < 1e6) {
			return nil, false, project.Errorf(project.Invalid, "axis %d of the label map has steps of %g mm", n, length)
		}
		spacing[n], axis[n] = length, a.step.Col(n).Mul(1/length)
	}
	if !finite(a.origin) {
		return nil, false, project.Errorf(project.Invalid, "the origin of the label map is not a number")
	}
	if math.Abs(axis[0].Dot(axis[1])) > squareTolerance {
		return nil, false, project.Errorf(project.Unsupported, "rows and columns of the label map are not perpendicular")
	}
	normal := axis[0].Cross(axis[1]).Normalize()
	step := a.step.Col(2)
	if reversed = step.Dot(normal) < 0; reversed {
		a.origin = a.origin.Add(step.Mul(float64(size[2] - 1)))
		step = step.Mul(-1)
	}
	along := step.Dot(normal)
	if along < 1e-6 {
		return nil, false, project.Errorf(project.Invalid, "the slices of the label map lie in their own plane")
	}
	g = &volume.Geometry{
		Size:      size,
		Spacing:   mgl64.Vec3{spacing[0], spacing[1], along},
		Origin:    volume.Point(a.origin),
		Direction: mgl64.Mat3FromCols(axis[0], axis[1], normal),
	}
	shift := step.Sub(normal.Mul(along)).Len() * float64(size[2]-1)
	if shift > shearTolerance*min(g.Spacing[0], g.Spacing[1]) {
		for k := range size[2] {
			g.PlaneOrigins = append(g.PlaneOrigins, g.Origin.Add(step.Mul(float64(k))))
		}
	}
	return g, reversed, nil
}

// affine returns the RAS affine of the header: sform before qform.
func (h *niftiHeader) affine() (a affine, ok bool) {
	if h.SformCode > 0 {
		for r := range 3 {
			for c := range 3 {
				a.step.Set(r, c, float64(h.Srow[r][c]))
			}
			a.origin[r] = float64(h.Srow[r][3])
		}
		return a, true
	}
	if h.QformCode <= 0 {
		return a, false
	}
	r := rotation(float64(h.Quatern[0]), float64(h.Quatern[1]), float64(h.Quatern[2]))
	qfac := 1.0
	if h.Pixdim[0] < 0 {
		qfac = -1
	}
	a.step = mgl64.Mat3FromCols(
		r.Col(0).Mul(float64(h.Pixdim[1])), r.Col(1).Mul(float64(h.Pixdim[2])), r.Col(2).Mul(qfac*float64(h.Pixdim[3])))
	a.origin = mgl64.Vec3{float64(h.Qoffset[0]), float64(h.Qoffset[1]), float64(h.Qoffset[2])}
	return a, true
}

func finite(v mgl64.Vec3) bool {
	return !math.IsNaN(v.Len()) && !math.IsInf(v.Len(), 0)
}
