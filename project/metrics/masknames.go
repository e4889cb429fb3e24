package metrics

import (
	"slices"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// MaskNames lists the metrics of two masks. LesionNames are those of marks matched with lesions, MeasurementNames those of two readers' numbers. Names are
// exported; the lists only grow.
func MaskNames() []string {
	return []string{"dice", "jaccard", "volume_diff_ml", "relative_volume_diff", "hausdorff", "hd95", "hd95_pooled", "assd", "masd", "nsd"}
}

// LesionNames lists the metrics of marks matched with lesions.
func LesionNames() []string {
	return []string{"lesion_sensitivity", "lesion_precision", "lesion_f1", "fp_per_study", "panoptic_quality"}
}

// MeasurementNames lists the metrics of measurements.
func MeasurementNames() []string {
	return []string{"bland_altman", "ccc", "icc_1_1", "icc_2_1", "icc_3_1"}
}

// HigherIsBetter reports whether more of a mask's metric is better: it is for overlaps, not for distances and differences.
func HigherIsBetter(name string) bool {
	return slices.Contains([]string{"dice", "jaccard", "nsd"}, name)
}

// Pair is two masks with how to measure them.
type Pair struct {
	Reference, Test *segmentation.Mask
	Space           Space
	Surface         Surface // empty: SurfelArea
	ToleranceMM     float64 // of nsd
}

// Masks computes metrics of a pair by their names. The surfaces are measured once, and only if a name asks for it. An unknown name is Unsupported; nsd without a
// tolerance is Invalid.
func (p Pair) Masks(names ...string) (map[string]Result, error) {
	o, err := Count(p.Reference, p.Test)
	if err != nil {
		return nil, err
	}
	out := map[string]Result{}
	var d *Distances
	for _, name := range names {
		switch name {
		case "dice":
			out[name] = o.Dice()
		case "jaccard":
			out[name] = o.Jaccard()
		case "relative_volume_diff":
			out[name] = o.VolumeDifference()
		case "volume_diff_ml":
			if out[name], err = o.VolumeDifferenceML(p.Space); err != nil {
				return nil, err
			}
		default:
			if d == nil {
				if d, err = p.surfaces(); err != nil {
					return nil, err
				}
			}
			if out[name], err = p.distance(d, name); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

func (p Pair) surfaces() (*Distances, error) {
	if p.Surface == "" {
		p.Surface = SurfelArea
	}
	return Surfaces(p.Reference, p.Test, p.Space, p.Surface)
}

func (p Pair) distance(d *Distances, name string) (Result, error) {
	switch name {
	case "hausdorff":
		return d.Hausdorff(), nil
	case "hd95":
		return d.HausdorffPercentile(95), nil
	case "hd95_pooled":
		return d.PooledPercentile(95), nil
	case "assd":
		return d.ASSD(), nil
	case "masd":
		return d.MASD(), nil
	case "nsd":
		if !(p.ToleranceMM > 0) {
			return Result{}, project.Errorf(project.Invalid, "the normalised surface distance needs a tolerance above 0 mm")
		}
		return d.NSD(p.ToleranceMM), nil
	}
	return Result{}, project.Errorf(project.Unsupported, "unknown metric of masks %q", name)
}
