package phantom

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project"
	"hotlight/project/volume"
)

// Options say which patient is scanned and how. The zero value is the demo study: 320 x 320 x 160 voxels of 1.2 x 1.2 x 2.5 mm, axial.
type Options struct {
	Size      [3]int       // columns, rows, slices; zero is 320, 320, 160
	SpacingMM [3]float64   // between columns, rows, slices; zero is what spreads Size over 384 x 384 x 400 mm
	Centre    volume.Point // the middle of the grid; the zero value is the middle of the trunk
	// Direction holds the unit vectors of the i, j and k axes in its columns, k = i x j; the zero value is axial (see Oblique).
	Direction mgl64.Mat3
	Seed      uint64 // of the anatomy's details and the noise
	// NoiseHU is the standard deviation of the noise in the middle of the liver; 0 is 13 HU, less than 0 is none.
	NoiseHU float64
}

const (
	fieldOfViewMM  = 384.0 // in plane, when no spacing is given
	coverageMM     = 400.0 // along the slices
	defaultNoiseHU = 13.0
	maxVoxels      = 1 << 31
)

// Oblique returns the direction of a grid turned from axial by three angles in degrees, in this order: tilt about the patient's left-right axis,
// yaw about the front-back axis, spin about the head-foot axis.
func Oblique(tilt, yaw, spin float64) mgl64.Mat3 {
	rad := func(degrees float64) float64 { return degrees * math.Pi / 180 }
	return mgl64.Rotate3DZ(rad(spin)).Mul3(mgl64.Rotate3DY(rad(yaw))).Mul3(mgl64.Rotate3DX(rad(tilt)))
}

// Geometry returns the grid that Compute would fill. It fails with Invalid for sizes or axes that no scanner has.
func (o Options) Geometry() (volume.Geometry, error) {
	o = o.withDefaults()
	var g volume.Geometry
	for n := range 3 {
		if o.Size[n] < 1 || o.Size[n] > 4096 || !(o.SpacingMM[n] > 0.01 && o.SpacingMM[n] < 100) {
			return g, project.Errorf(project.Invalid, "axis %d of the phantom has %d voxels of %g mm", n, o.Size[n], o.SpacingMM[n])
		}
	}
	if o.Size[0]*o.Size[1]*o.Size[2] > maxVoxels {
		return g, project.Errorf(project.Full, "the phantom would have more than %d voxels", maxVoxels)
	}
	i, j, k := o.Direction.Col(0), o.Direction.Col(1), o.Direction.Col(2)
	if math.Abs(i.Len()-1) > 1e-6 || math.Abs(j.Len()-1) > 1e-6 || i.Cross(j).Sub(k).Len() > 1e-6 {
		return g, project.Errorf(project.Invalid, "the phantom's axes are not perpendicular unit vectors with k = i x j")
	}
	g = volume.Geometry{Size: o.Size, Spacing: mgl64.Vec3(o.SpacingMM), Direction: o.Direction, FrameOfReference: project.FrameOfReference(uid(o.Seed, "frame"))}
	middle := volume.Index{float64(o.Size[0]-1) / 2, float64(o.Size[1]-1) / 2, float64(o.Size[2]-1) / 2}
	g.Origin = o.Centre.Add(g.ToPatient(middle).Sub(volume.Point{}).Mul(-1))
	return g, nil
}

func (o Options) withDefaults() Options {
	if o.Size == ([3]int{}) {
		o.Size = [3]int{320, 320, 160}
	}
	if o.SpacingMM == ([3]float64{}) {
		o.SpacingMM = [3]float64{fieldOfViewMM / float64(o.Size[0]), fieldOfViewMM / float64(o.Size[1]), coverageMM / float64(o.Size[2])}
	}
	if o.Direction == (mgl64.Mat3{}) {
		o.Direction = mgl64.Ident3()
	}
	if o.NoiseHU == 0 {
		o.NoiseHU = defaultNoiseHU
	}
	o.NoiseHU = max(o.NoiseHU, 0)
	return o
}
