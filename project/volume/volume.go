package volume

import (
	"fmt"
	"math"
	"sync/atomic"

	"hotlight/project"
)

// Pixel is the type of a stored voxel.
type Pixel uint8

// The pixel types. RGB8 is three bytes a voxel, interleaved: a stack of pictures rather than a volume of values.
const (
	Uint8 Pixel = iota + 1
	Int16
	Uint16
	Float32
	RGB8
)

var pixelNames = map[Pixel]string{Uint8: "uint8", Int16: "int16", Uint16: "uint16", Float32: "float32", RGB8: "rgb8"}

func (p Pixel) String() string { return pixelNames[p] }

// Bytes returns the size of one voxel.
func (p Pixel) Bytes() int {
	switch p {
	case Uint8:
		return 1
	case Int16, Uint16:
		return 2
	case RGB8:
		return 3
	case Float32:
		return 4
	}
	return 0
}

// Volume holds one value a voxel: stored integers with one Slope and Intercept, or float32 already rescaled (Slope 1, Intercept 0).
// Exactly one of the slices is set, the one that Pixel names, with Size[0]*Size[1]*Size[2] entries (three times that for RGB8), column
// fastest, then row, then slice. Rescaled CT values are Hounsfield units.
//
// While it loads, slices arrive in any order: a slice may be read once Arrived says so and is never written again after that. A complete
// Volume is read-only. Both may be shared between goroutines.
type Volume struct {
	Geometry
	Pixel            Pixel
	Uint8            []uint8
	Int16            []int16
	Uint16           []uint16
	Float32          []float32
	RGB              []uint8
	Slope, Intercept float64
	Unit             string // "HU", "BQML", "SUVbw" ..., empty when the file names none
	Modality         project.Modality
	// Padding is the range of stored values that mean "no measurement" (Pixel Padding Value and Range Limit), drawn black and left out of
	// statistics. HasPadding says whether there is one.
	Padding    [2]float64
	HasPadding bool
	// Resampled says that the voxels were computed between acquired planes: see Resample. Nothing is painted on such a grid.
	Resampled bool

	overlays [][]Overlay // of each slice
	arrived  []atomic.Bool
	missing  atomic.Int64 // slices that have not arrived
}

// New allocates an empty volume: every voxel 0, every slice still to arrive. Slope is 1. A volume that memory cannot hold is refused (project.Full).
// The memory of a large volume is used again once nothing refers to it any more; nobody has to give it back.
func New(g Geometry, p Pixel) (*Volume, error) {
	for n, size := range g.Size {
		if size < 1 || size > 1<<20 {
			return nil, project.Errorf(project.Invalid, "axis %d has %d voxels", n, size)
		}
	}
	v := &Volume{Geometry: g, Pixel: p, Slope: 1, arrived: make([]atomic.Bool, g.Size[2]), overlays: make([][]Overlay, g.Size[2])}
	v.missing.Store(int64(g.Size[2]))
	if !p.valid() {
		return nil, project.Errorf(project.Invalid, "pixel type %d is unknown", p)
	}
	if err := v.allocate(); err != nil {
		return nil, err
	}
	return v, nil
}

func (p Pixel) valid() bool { return p.Bytes() > 0 }

func (v *Volume) allocate() (err error) {
	count := v.Voxels()
	switch v.Pixel {
	case Uint8:
		v.Uint8, err = allocate[uint8](count)
	case Int16:
		v.Int16, err = allocate[int16](count)
	case Uint16:
		v.Uint16, err = allocate[uint16](count)
	case Float32:
		v.Float32, err = allocate[float32](count)
	case RGB8:
		v.RGB, err = allocate[uint8](3 * count)
	}
	return err
}

// Arrive publishes slice k: whoever wrote it is done with it. Calling it twice for one slice changes nothing.
func (v *Volume) Arrive(k int) {
	if !v.arrived[k].Swap(true) {
		v.missing.Add(-1)
	}
}

// ArriveAll publishes every slice: for volumes that are computed in one go.
func (v *Volume) ArriveAll() {
	for k := range v.arrived {
		v.Arrive(k)
	}
}

// Arrived reports whether slice k may be read.
func (v *Volume) Arrived(k int) bool { return v.arrived[k].Load() }

// Complete reports whether every slice has arrived.
func (v *Volume) Complete() bool { return v.missing.Load() == 0 }

// ArrivedSlices returns which slices may be read now, or nil when all may. It is a snapshot: take it once for one picture.
func (v *Volume) ArrivedSlices() []bool {
	if v.Complete() {
		return nil
	}
	out := make([]bool, len(v.arrived))
	for k := range out {
		out[k] = v.arrived[k].Load()
	}
	return out
}

// Offset returns the position of voxel (i, j, k) in the stored slice; times three for RGB.
func (v *Volume) Offset(i, j, k int) int { return (k*v.Size[1]+j)*v.Size[0] + i }

// StoredAt returns the stored value at offset n as float64. It panics for RGB8, which has no single value.
func (v *Volume) StoredAt(n int) float64 {
	switch v.Pixel {
	case Uint8:
		return float64(v.Uint8[n])
	case Int16:
		return float64(v.Int16[n])
	case Uint16:
		return float64(v.Uint16[n])
	case Float32:
		return float64(v.Float32[n])
	}
	panic(fmt.Sprintf("volume: %s has no single value a voxel", v.Pixel))
}

// Rescale turns a stored value into the volume's unit.
func (v *Volume) Rescale(stored float64) float64 { return stored*v.Slope + v.Intercept }

// Value returns the rescaled value of the voxel that holds x. ok is false outside the grid, for a slice that has not arrived, for padding,
// for a value that is not a number, and for colour.
func (v *Volume) Value(x Index) (value float64, ok bool) {
	if !v.Contains(x) || v.Pixel == RGB8 {
		return 0, false
	}
	at := x.Voxel()
	if !v.Arrived(at[2]) {
		return 0, false
	}
	stored := v.StoredAt(v.Offset(at[0], at[1], at[2]))
	if v.HasPadding && stored >= v.Padding[0] && stored <= v.Padding[1] || math.IsNaN(stored) {
		return 0, false
	}
	return v.Rescale(stored), true
}
