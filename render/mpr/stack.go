package mpr

import (
	"math"

	"hotlight/project/volume"
)

// ownPlaneMM is how far a plane may lie from a stack's own and still be it: rounding, not resampling.
const ownPlaneMM = 0.01

// ownPlaneTilt is the sine of the greatest angle between them: 0.01 degrees, as for slices of one series.
const ownPlaneTilt = 1.75e-4

// PlanewiseOnly reports whether a volume can be cut on its own planes only: a stack, or colour.
func PlanewiseOnly(v *volume.Volume) bool { return v.IsStack() || v.Pixel == volume.RGB8 }

// SnapToStack returns p moved along the grid's normal onto the nearest of its own planes, and which one that is. ok is false if p is not
// parallel to them; p is then returned as it is. It works for regular grids as well.
func SnapToStack(g *volume.Geometry, p volume.Plane) (snapped volume.Plane, k int, ok bool) {
	n := g.Axis(2)
	if math.Abs(p.Right.Dot(n)) > ownPlaneTilt || math.Abs(p.Down.Dot(n)) > ownPlaneTilt {
		return p, 0, false
	}
	at := g.ToIndex(p.Centre)
	k = min(max(int(math.Floor(at[2]+0.5)), 0), g.Size[2]-1)
	p.Centre = p.Centre.Add(n.Mul(g.PlaneOrigin(k).Sub(p.Centre).Dot(n)))
	return p, k, true
}

// ownPlane returns the plane of the grid that p is, or ok false.
func ownPlane(g *volume.Geometry, p volume.Plane) (k int, ok bool) {
	snapped, k, ok := SnapToStack(g, p)
	return k, ok && snapped.Centre.Sub(p.Centre).Len() <= ownPlaneMM
}
