package hanging

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/volume"
)

// Facing is the way a viewport looks at a grid.
type Facing string

// The facings. Acquired shows planes as stored, without turning them.
const (
	Axial    Facing = "axial"
	Coronal  Facing = "coronal"
	Sagittal Facing = "sagittal"
	Acquired Facing = "acquired"
)

// Title is what the screen calls it.
func (f Facing) Title() string {
	switch f {
	case Axial:
		return "Axial"
	case Coronal:
		return "Coronal"
	case Sagittal:
		return "Sagittal"
	}
	return "As acquired"
}

// Path is a way through the planes of a grid: the picture's axes, and the grid axis that scrolling moves along.
type Path struct {
	Right, Down mgl64.Vec3
	Axis        int // 0, 1 or 2: i, j or k
	Count       int // planes
	// Sign is +1 when turning the wheel down moves to growing indices, -1 when it moves to falling ones. Down the wheel goes to the feet,
	// to the back, and to the patient's right.
	Sign int
}

// PathOf returns the path of facing f through grid g.
func PathOf(g *volume.Geometry, f Facing) Path {
	p := Path{Right: g.Axis(0), Down: g.Axis(1), Axis: 2}
	if f != Acquired {
		p = turned(g, f)
	}
	p.Count = g.Size[p.Axis]
	p.Sign = wheelSign(g, p.Axis)
	return p
}

// turned picks for the picture's right and down the grid axes nearest to those of the anatomical plane.
func turned(g *volume.Geometry, f Facing) Path {
	plane, err := volume.NewPlane(volume.Orientation(f), volume.Point{}, 1)
	if err != nil {
		panic("hanging: " + string(f) + " is no facing")
	}
	r, right := nearestAxis(g, plane.Right, -1)
	d, down := nearestAxis(g, plane.Down, r)
	return Path{Right: right, Down: down, Axis: 3 - r - d}
}

func nearestAxis(g *volume.Geometry, want mgl64.Vec3, not int) (n int, v mgl64.Vec3) {
	best := -1.0
	for a := range 3 {
		if a == not {
			continue
		}
		if dot := g.Axis(a).Dot(want); math.Abs(dot) > best {
			best, n, v = math.Abs(dot), a, g.Axis(a)
			if dot < 0 {
				v = v.Mul(-1)
			}
		}
	}
	return n, v
}

func wheelSign(g *volume.Geometry, axis int) int {
	if g.NoPosition {
		return 1
	}
	v := g.Axis(axis)
	toward := [3]float64{-1, 1, -1} // right, back, feet
	best := 0
	for c := range 3 {
		if math.Abs(v[c]) > math.Abs(v[best]) {
			best = c
		}
	}
	if v[best]*toward[best] < 0 {
		return -1
	}
	return 1
}

// AcquiredFacing names the anatomical plane nearest to the one that was acquired.
func AcquiredFacing(g *volume.Geometry) Facing {
	n := g.Axis(2)
	best := 0
	for c := range 3 {
		if math.Abs(n[c]) > math.Abs(n[best]) {
			best = c
		}
	}
	return [3]Facing{Sagittal, Coronal, Axial}[best]
}
