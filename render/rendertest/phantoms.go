package rendertest

import (
	"math"

	"github.com/go-gl/mathgl/mgl64"

	"hotlight/project/segmentation"
	"hotlight/project/volume"
)

// newVolume allocates a complete volume and fills it with value(i, j, k).
func newVolume(g volume.Geometry, p volume.Pixel, value func(i, j, k int) float64) *volume.Volume {
	v, err := volume.New(g, p)
	if err != nil {
		panic("rendertest: " + err.Error())
	}
	n := 0
	for k := range g.Size[2] {
		for j := range g.Size[1] {
			for i := range g.Size[0] {
				x := value(i, j, k)
				switch p {
				case volume.Uint8:
					v.Uint8[n] = uint8(x)
				case volume.Int16:
					v.Int16[n] = int16(x)
				case volume.Uint16:
					v.Uint16[n] = uint16(x)
				case volume.Float32:
					v.Float32[n] = float32(x)
				}
				n++
			}
		}
	}
	v.ArriveAll()
	return v
}

// Ramp is 64 x 16 x 4 voxels whose value is the column, so that a window of 0 to 63 shows every grey once.
func Ramp(p volume.Pixel) *volume.Volume {
	g := volume.Geometry{Size: [3]int{64, 16, 4}, Spacing: mgl64.Vec3{1, 1, 2}, Direction: mgl64.Ident3()}
	return newVolume(g, p, func(i, _, _ int) float64 { return float64(i) })
}

// Grid is a volume of 0.8 x 1.3 x 3 mm voxels with planes of 1000 every 10 mm along each axis, one voxel thick, brighter by 500 every 50 mm, on a
// ground of -500.
func Grid() *volume.Volume {
	g := volume.Geometry{Size: [3]int{150, 90, 40}, Spacing: mgl64.Vec3{0.8, 1.3, 3}, Origin: volume.Point{-60, -58, -58}, Direction: mgl64.Ident3()}
	line := func(n int, spacing float64) float64 {
		mm := float64(n) * spacing
		near := math.Round(mm/10) * 10
		if math.Abs(mm-near) > spacing/2 {
			return -500
		}
		if math.Mod(near, 50) == 0 {
			return 1500
		}
		return 1000
	}
	return newVolume(g, volume.Int16, func(i, j, k int) float64 {
		return max(line(i, g.Spacing[0]), line(j, g.Spacing[1]), line(k, g.Spacing[2]))
	})
}

// glyphs are 5 x 7 letters, top row first.
var glyphs = map[byte][7]string{
	'L': {"#....", "#....", "#....", "#....", "#....", "#....", "#####"},
	'R': {"####.", "#...#", "#...#", "####.", "#.#..", "#..#.", "#...#"},
	'A': {".###.", "#...#", "#...#", "#####", "#...#", "#...#", "#...#"},
	'P': {"####.", "#...#", "#...#", "####.", "#....", "#....", "#...."},
	'S': {".####", "#....", "#....", ".###.", "....#", "....#", "####."},
	'I': {"#####", "..#..", "..#..", "..#..", "..#..", "..#..", "#####"},
}

// Orientation is an ellipsoid of 0 on -1000, 100 x 120 x 140 mm, with letters of 1000 that read upright in the plane through LettersAt for each
// orientation, each letter at the side that it names. Its grid is turned in the patient, so that its axes are nobody's.
func Orientation() *volume.Volume {
	direction := mgl64.Rotate3DZ(0.3).Mul3(mgl64.Rotate3DX(-0.2))
	g := volume.Geometry{Size: [3]int{130, 130, 90}, Spacing: mgl64.Vec3{1, 1.1, 1.8}, Direction: direction}
	g.Origin = volume.Point{}.Add(mgl64.Vec3(g.Centre()).Mul(-1))
	return newVolume(g, volume.Int16, func(i, j, k int) float64 {
		p := g.ToPatient(volume.Index{float64(i), float64(j), float64(k)})
		x, y, z := p[0]/50, p[1]/60, p[2]/70
		switch {
		case x*x+y*y+z*z > 1:
			return -1000
		case onLetter(p):
			return 1000
		}
		return 0
	})
}

// LettersAt is the point through which the three planes with letters pass.
var LettersAt = volume.Point{8, -9, 10}

// onLetter reports whether p lies on a letter of one of the three planes, 6 mm thick.
func onLetter(p volume.Point) bool {
	d := p.Sub(LettersAt)
	switch {
	case math.Abs(d[2]) <= 3 && letterAt(d[0], d[1], "LRPA", 30, 36, 14):
	case math.Abs(d[1]) <= 3 && letterAt(d[0], -d[2], "LRIS", 30, 42, -14):
	case math.Abs(d[0]) <= 3 && letterAt(d[1], -d[2], "PAIS", 36, 42, 14):
	default:
		return false
	}
	return true
}

// letterAt reports whether (right, down) lies on one of four letters: right, left, bottom and top of the plane, in this order. They stand aside
// by shift, so that the letters of one plane stay clear of the other two.
func letterAt(right, down float64, letters string, across, along, shift float64) bool {
	for n, centre := range [4][2]float64{{across, shift}, {-across, shift}, {shift, along}, {shift, -along}} {
		column, row := (right-centre[0])/2.4+2.5, (down-centre[1])/2.4+3.5
		if column >= 0 && column < 5 && row >= 0 && row < 7 && glyphs[letters[n]][int(row)][int(column)] == '#' {
			return true
		}
	}
	return false
}

// Ball is the mask of the voxels of g within r mm of c.
func Ball(g *volume.Geometry, c volume.Point, r float64) *segmentation.Mask {
	b := segmentation.NewBuilder(segmentation.NewMask(g.Size))
	for k := range g.Size[2] {
		for j := range g.Size[1] {
			for i := range g.Size[0] {
				if g.ToPatient(volume.Index{float64(i), float64(j), float64(k)}).Sub(c).Len() <= r {
					b.Set(i, j, k)
				}
			}
		}
	}
	return b.Mask()
}

// colourSeries is two pictures of 40 x 30 with a red, a green and a blue field.
func colourSeries() *volume.Volume {
	g := volume.Geometry{Size: [3]int{40, 30, 2}, Spacing: mgl64.Vec3{0.5, 0.5, 5}, Direction: mgl64.Ident3()}
	v, err := volume.New(g, volume.RGB8)
	if err != nil {
		panic("rendertest: " + err.Error())
	}
	for n := range g.Voxels() {
		v.RGB[3*n+n%40*3/40] = uint8(100 + 50*(n/1200) + n/40%30)
	}
	v.ArriveAll()
	return v
}
