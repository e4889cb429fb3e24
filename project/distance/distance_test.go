package distance

import (
	"math"
	"math/rand/v2"
	"testing"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// The transform is the definition: the least distance over all cells of the set, on uneven planes too, asked cell by cell or sheet by sheet.
func TestDistancesAreExact(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 4))
	for n := range 60 {
		size := [3]int{1 + r.IntN(140), 1 + r.IntN(12), 1 + r.IntN(7)}
		spacing := [3]float64{0.2 + 3*r.Float64(), 0.2 + 3*r.Float64(), 0.2 + 3*r.Float64()}
		var planes, given []float64
		z := -20.0
		for k := range size[2] {
			planes = append(planes, float64(k)*spacing[2])
			if n%2 == 0 {
				z += 0.1 + 4*r.Float64()
				planes[k] = z
			}
		}
		if n%2 == 0 {
			given = planes
		}
		set := NewBits(size)
		var all [][3]int
		for range r.IntN(12) {
			at := [3]int{r.IntN(size[0]), r.IntN(size[1]), r.IntN(size[2])}
			set.Row(at[1], at[2])[at[0]/64] |= 1 << (at[0] % 64)
			all = append(all, at)
		}
		field, err := NewField(set, spacing, given)
		if err != nil {
			t.Fatal(err)
		}
		sheets, sheet := field.Sheets(), make([]float64, size[0]*size[2])
		for range 50 {
			q := [3]int{r.IntN(size[0]), r.IntN(size[1]), r.IntN(size[2])}
			want := math.Inf(1)
			for _, at := range all {
				x, y := float64(at[0]-q[0])*spacing[0], float64(at[1]-q[1])*spacing[1]
				want = min(want, math.Sqrt(x*x+y*y+math.Pow(planes[at[2]]-planes[q[2]], 2)))
			}
			sheets.At(q[1], sheet)
			for how, got := range map[string]float64{"asked once": field.At(q[0], q[1], q[2]), "by sheets": sheet[q[2]*size[0]+q[0]]} {
				if got != want && math.Abs(got-want) > 1e-9 {
					t.Fatalf("%s: size %v, spacing %v, planes %v, set %v: %v is %v away, want %v", how, size, spacing, planes, all, q, got, want)
				}
			}
		}
	}
}

func TestACropIsTheMaskInTheBox(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 5))
	for range 40 {
		size := [3]int{1 + r.IntN(200), 1 + r.IntN(10), 1 + r.IntN(10)}
		b := segmentation.NewBuilder(segmentation.NewMask(size))
		for range 60 {
			b.Set(r.IntN(size[0]), r.IntN(size[1]), r.IntN(size[2]))
		}
		m, lo, hi := b.Mask(), [3]int{}, [3]int{}
		for a := range lo {
			lo[a] = r.IntN(size[a]+4) - 2
			hi[a] = lo[a] + r.IntN(size[a]+3)
		}
		got := Crop(m, lo, hi)
		other := got.Complement()
		for k := range got.Size[2] {
			for j := range got.Size[1] {
				for i := range got.Words * 64 {
					x, y, z := lo[0]+i, lo[1]+j, lo[2]+k
					in := i < got.Size[0] && x >= 0 && y >= 0 && z >= 0 && x < size[0] && y < size[1] && z < size[2] && m.At(x, y, z)
					if has := got.Row(j, k)[i/64]>>(i%64)&1 == 1; has != in {
						t.Fatalf("size %v, box %v %v: cell %d %d %d is %v", size, lo, hi, i, j, k, has)
					}
					if has := other.Row(j, k)[i/64]>>(i%64)&1 == 1; has != (i < got.Size[0] && !in) {
						t.Fatalf("size %v, box %v %v: the complement at %d %d %d is %v", size, lo, hi, i, j, k, has)
					}
				}
			}
		}
	}
}

func TestWhatHasNoDistances(t *testing.T) {
	one := NewBits([3]int{2, 2, 2})
	for name, c := range map[string]struct {
		set     *Bits
		spacing [3]float64
		planes  []float64
		want    project.Kind
	}{
		"no spacing":             {one, [3]float64{0, 1, 1}, nil, project.Invalid},
		"a spacing that is NaN":  {one, [3]float64{1, math.NaN(), 1}, nil, project.Invalid},
		"no slice spacing":       {one, [3]float64{1, 1, 0}, nil, project.Invalid},
		"a negative one":         {one, [3]float64{1, 1, -2}, nil, project.Invalid},
		"an endless one":         {one, [3]float64{math.Inf(1), 1, 1}, nil, project.Invalid},
		"planes that fall":       {one, [3]float64{1, 1, 1}, []float64{1, 0}, project.Invalid},
		"planes in one place":    {one, [3]float64{1, 1, 1}, []float64{1, 1}, project.Invalid},
		"fewer planes":           {one, [3]float64{1, 1, 1}, []float64{1}, project.Invalid},
		"planes that are NaN":    {one, [3]float64{1, 1, 1}, []float64{math.NaN(), 1}, project.Invalid},
		"a row beyond the limit": {NewBits([3]int{MaxSide + 1, 1, 1}), [3]float64{1, 1, 1}, nil, project.Unsupported},
	} {
		if _, err := NewField(c.set, c.spacing, c.planes); project.KindOf(err) != c.want {
			t.Errorf("%s: %v", name, err)
		}
	}
	field, err := NewField(one, [3]float64{1, 1, 1}, nil)
	if err != nil || !math.IsInf(field.At(0, 0, 0), 1) {
		t.Errorf("an empty set: %v", err)
	}
}
