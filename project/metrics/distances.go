package metrics

import (
	"errors"
	"math"
	"slices"
	"sync"

	"hotlight/project"
	"hotlight/project/distance"
	"hotlight/project/segmentation"
)

// Surface names a definition of a mask's surface. Numbers under different definitions are not comparable; the name goes wherever the number goes.
type Surface string

// The definitions.
const (
	SurfelArea Surface = "surfel_area" // elements of a marching cubes surface on the half-voxel grid, weighted by area: the primary one
	VoxelFace  Surface = "voxel_face"  // voxels with a face neighbour outside, unweighted
	VoxelFull  Surface = "voxel_full"  // voxels with any of 26 (8) neighbours outside, unweighted
)

// Distances are those from every element of each of two surfaces to the nearest of the other, in millimetres.
type Distances struct {
	surface  Surface
	empty    Status // OK, or which mask has no surface
	fromRef  []element
	fromTest []element
}

type element struct{ mm, weight float64 }

// Surfaces measures the distances between the surfaces of two masks on one grid. Cost is proportional to the box around both, not to the volume.
//
// The semantics of SurfelArea are those of google-deepmind/surface-distance (Nikolov et al., arXiv:1809.04430); those of the voxel definitions are
// of MONAI, MedPy and Metrics Reloaded.
//
// Errors: segmentation.ErrGrid for different grids, Invalid for spacings that are none, Unsupported for a box beyond 32766 columns or rows.
func Surfaces(reference, test *segmentation.Mask, s Space, d Surface) (*Distances, error) {
	o, err := Count(reference, test)
	if err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	if s.Planar && reference.Size()[2] != 1 {
		return nil, project.Errorf(project.Invalid, "a mask of %d slices is not planar", reference.Size()[2])
	}
	out := &Distances{surface: d, empty: o.Status()}
	if out.empty == BothEmpty {
		return out, nil
	}
	lo, hi := box(reference, test)
	if hi[0]-lo[0] >= distance.MaxSide-1 || hi[1]-lo[1] >= distance.MaxSide-1 {
		return nil, project.Errorf(project.Unsupported, "the masks are more than %d voxels wide", distance.MaxSide-1)
	}
	ref, err := surfaceOf(distance.Crop(reference, lo, hi), s, d)
	if err != nil {
		return nil, err
	}
	tested, err := surfaceOf(distance.Crop(test, lo, hi), s, d)
	if err != nil {
		return nil, err
	}
	var errs [2]error
	var wait sync.WaitGroup
	wait.Go(func() { out.fromRef, errs[0] = ref.distancesTo(tested, s) })
	wait.Go(func() { out.fromTest, errs[1] = tested.distancesTo(ref, s) })
	wait.Wait()
	return out, errors.Join(errs[0], errs[1])
}

// box returns the box that holds the voxels of both masks, both ends inclusive. Either may be empty, not both.
func box(a, b *segmentation.Mask) (lo, hi [3]int) {
	lo, hi, any := a.Bounds()
	lo2, hi2, any2 := b.Bounds()
	switch {
	case !any:
		return lo2, hi2
	case !any2:
		return lo, hi
	}
	for n := range lo {
		lo[n], hi[n] = min(lo[n], lo2[n]), max(hi[n], hi2[n])
	}
	return lo, hi
}

// surface is the elements of one mask's surface; weights are in the order of Bits.Each, or nil for equal ones.
type surface struct {
	at      *distance.Bits
	weights []float64
}

func surfaceOf(m *distance.Bits, s Space, d Surface) (surface, error) {
	switch d {
	case SurfelArea:
		at, codes := surfels(m, s.Planar)
		table := surfaceAreas(s.SpacingMM)
		if s.Planar {
			table = contourLengths(s.SpacingMM)
		}
		weights := make([]float64, len(codes))
		for n, code := range codes {
			weights[n] = table[code]
		}
		return surface{at, weights}, nil
	case VoxelFace, VoxelFull:
		return surface{voxelBorder(m, d == VoxelFull, s.Planar), nil}, nil
	}
	return surface{}, project.Errorf(project.Invalid, "unknown definition of a surface %q", string(d))
}

// distancesTo returns the elements of f with their distance to the nearest of to, nearest first.
func (f surface) distancesTo(to surface, s Space) ([]element, error) {
	field, err := distance.NewField(to.at, s.SpacingMM, nil)
	if err != nil {
		return nil, err
	}
	out := make([]element, 0, max(len(f.weights), 1024))
	f.at.Each(func(i, j, k int) {
		e := element{mm: field.At(i, j, k), weight: 1}
		if f.weights != nil {
			e.weight = f.weights[len(out)]
		}
		out = append(out, e)
	})
	slices.SortFunc(out, func(a, b element) int {
		switch {
		case a.mm < b.mm:
			return -1
		case a.mm > b.mm:
			return 1
		}
		return 0
	})
	return out, nil
}

// Status is OK, or says which mask is empty.
func (d *Distances) Status() Status { return d.empty }

// Elements returns how many elements the surfaces of the reference and the test have.
func (d *Distances) Elements() (reference, test int) { return len(d.fromRef), len(d.fromTest) }

// result wraps a number in millimetres or a share under this definition.
func (d *Distances) result(value float64, method string) Result {
	r := Result{Value: value, Status: d.empty, N: len(d.fromRef) + len(d.fromTest), Method: method, Definition: string(d.surface)}
	if d.empty == OK && math.IsNaN(value) {
		r.Status = Undefined
	}
	return r
}

func totalWeight(e []element) (sum float64) {
	for _, x := range e {
		sum += x.weight
	}
	return sum
}

func weighted(e []element) (sum float64) {
	for _, x := range e {
		sum += x.mm * x.weight
	}
	return sum
}
