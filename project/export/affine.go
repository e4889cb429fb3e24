package export

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// affine is the linear part and the origin of a grid, index to millimetres. Its columns are the steps of i, j and k.
type affine struct {
	step   mgl64.Mat3
	origin mgl64.Vec3
}

// lpsAffine returns the affine of g in patient coordinates. A tilted stack gets its true, sheared k step; in an uneven one that is the mean,
// exact for the first and the last plane only.
func lpsAffine(g *volume.Geometry) affine {
	k := g.Axis(2).Mul(stepOf(g))
	if n := len(g.PlaneOrigins); n > 1 {
		k = g.PlaneOrigins[n-1].Sub(g.PlaneOrigins[0]).Mul(1 / float64(n-1))
	}
	return affine{
		step:   mgl64.Mat3FromCols(g.Axis(0).Mul(g.Spacing[0]), g.Axis(1).Mul(g.Spacing[1]), k),
		origin: mgl64.Vec3(g.PlaneOrigin(0)),
	}
}

// stepOf is the k spacing; a single slice has none and is written 1 mm thick, since a zero would make the affine singular.
func stepOf(g *volume.Geometry) float64 {
	if g.Spacing[2] == 0 {
		return 1
	}
	return g.Spacing[2]
}

// flipLPS turns left-posterior-superior into the right-anterior-superior of NIfTI, or back. It is the only place where that is done.
func (a affine) flipLPS() affine {
	flip := mgl64.Diag3(mgl64.Vec3{-1, -1, 1})
	return affine{step: flip.Mul3(a.step), origin: flip.Mul3x1(a.origin)}
}

// quaternion returns (b, c, d) of the rotation whose columns are m's, scaled to units. The rotation must be proper (determinant 1).
// The first component is the root of what is missing to 1, so near a half turn the format itself is coarse: the sform is the exact one.
//
// Source: nifti1.h, "QUATERNION REPRESENTATION OF ROTATION MATRIX", and nifti_mat44_to_quatern.
func quaternion(m mgl64.Mat3) [3]float32 {
	q := mgl64.Mat4ToQuat(mgl64.Mat3FromCols(m.Col(0).Normalize(), m.Col(1).Normalize(), m.Col(2).Normalize()).Mat4()).Normalize()
	if q.W < 0 {
		q = q.Scale(-1) // the format keeps b, c, d and takes a as the positive root
	}
	out := [3]float32{float32(q.V[0]), float32(q.V[1]), float32(q.V[2])}
	if q.W < 1e-5 {
		return roundHalfTurn(out)
	}
	return out
}

// roundHalfTurn makes (b, c, d) no shorter than 1. Half turns are the common case of axial and sagittal series; rounded to float32 they would
// leave 1e-8 for the square of a, so 1e-4 for a: an angle of 0.01 degrees that is not there. Readers take a slightly negative rest as 0.
func roundHalfTurn(q [3]float32) [3]float32 {
	largest := 0
	for n := range q {
		if math.Abs(float64(q[n])) > math.Abs(float64(q[largest])) {
			largest = n
		}
	}
	for float64(q[0])*float64(q[0])+float64(q[1])*float64(q[1])+float64(q[2])*float64(q[2]) < 1 {
		q[largest] = math.Nextafter32(q[largest], float32(math.Copysign(2, float64(q[largest]))))
	}
	return q
}

// rotation is the inverse of quaternion.
func rotation(b, c, d float64) mgl64.Mat3 {
	a := math.Sqrt(max(0, 1-b*b-c*c-d*d))
	return mgl64.Quat{W: a, V: mgl64.Vec3{b, c, d}}.Normalize().Mat4().Mat3()
}
