package measure

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// Length returns the millimetres between two points of the patient. Both must be places of one frame of reference.
func Length(a, b volume.Point) float64 { return mgl64.Vec3(a).Sub(mgl64.Vec3(b)).Len() }

// PixelLength returns the length between two places of one grid. In the plane x counts columns (PixelSpacing[1] apart) and y rows (PixelSpacing[0]);
// geometries keep them in this order. Uncalibrated pixels have no millimetres: Unsupported; places that are nowhere have no length: Invalid.
func PixelLength(g *volume.Geometry, a, b volume.Index) (mm float64, err error) {
	if g.Uncalibrated {
		return math.NaN(), project.Errorf(project.Unsupported, "the pixels have no size in millimetres")
	}
	mm = Length(g.ToPatient(a), g.ToPatient(b))
	if math.IsNaN(mm) || math.IsInf(mm, 0) {
		return math.NaN(), project.Errorf(project.Invalid, "the length has no ends")
	}
	return mm, nil
}
