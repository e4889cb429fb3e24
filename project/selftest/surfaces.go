package selftest

import (
	"strings"

	stat "hotlight/project/metrics"
	"hotlight/project/segmentation"
)

// surfaceArea answers in the terms of google-deepmind/surface-distance.
func surfaceArea(in input) (outputs, error) {
	g, ref, test, err := maskPair(in)
	if err != nil {
		return nil, err
	}
	out, err := surfaceWith(in, "", g, ref, test, stat.SurfelArea)
	if err != nil {
		return nil, err
	}
	return out, addOverlap(out, g, ref, test)
}

// surfaceVoxels answers for both neighbourhoods.
func surfaceVoxels(in input) (outputs, error) {
	g, ref, test, err := maskPair(in)
	if err != nil {
		return nil, err
	}
	out := outputs{}
	for part, definition := range map[string]stat.Surface{"conn_face": stat.VoxelFace, "conn_full": stat.VoxelFull} {
		if out[part], err = surfaceWith(in, part, g, ref, test, definition); err != nil {
			return nil, err
		}
	}
	return out, addOverlap(out, g, ref, test)
}

func surfaceWith(in input, part string, g grid, ref, test *segmentation.Mask, definition stat.Surface) (outputs, error) {
	d, err := stat.Surfaces(ref, test, g.space, definition)
	if err != nil {
		return nil, err
	}
	refToTest, testToRef := d.MeanDirected()
	nRef, nTest := d.Elements()
	out := outputs{"asd_ref_to_test": refToTest, "asd_test_to_ref": testToRef, "assd": d.ASSD(), "assd_pooled": d.ASSD(), "masd": d.MASD(), "hd": d.Hausdorff(),
		"hd95_max_of_directed": d.HausdorffPercentile(95), "hd95_pooled": d.PooledPercentile(95), "n_ref": nRef, "n_test": nTest, "status": d.Status()}
	for _, key := range wanted(in, part) {
		if mm, ok := millimetres(key, "nsd_"); ok {
			out[key] = d.NSD(mm)
		}
		if mm, ok := millimetres(key, "overlap_"); ok {
			a, b := d.Within(mm)
			out[key] = []float64{a.Value, b.Value}
		}
		if text, ok := strings.CutPrefix(key, "hd"); ok {
			if p, err := parseNumber(text); err == nil && p > 0 && p <= 100 {
				out[key] = d.HausdorffPercentile(p)
			}
		}
	}
	return out, nil
}

func addOverlap(out outputs, g grid, ref, test *segmentation.Mask) error {
	o, err := stat.Count(ref, test)
	if err != nil {
		return err
	}
	for key, v := range overlapOf(o) {
		out[key] = v
	}
	out["rel_vol_diff"] = o.VolumeDifference()
	out["vol_ref_mm3"], out["vol_test_mm3"] = g.space.VolumeMM3(o.Reference), g.space.VolumeMM3(o.Test)
	return nil
}

func overlapOf(o stat.Overlap) outputs {
	return outputs{"dice": o.Dice(), "jaccard": o.Jaccard(), "volume_similarity": o.VolumeSimilarity(), "fn_error": o.FalseNegative(),
		"fp_discovery": o.FalseDiscovery(), "ravd": o.VolumeDifference(), "status": o.Status()}
}

func overlap(in input) (outputs, error) {
	ref, errR := take[int64](in, "ref_voxels")
	test, errT := take[int64](in, "test_voxels")
	both, errB := take[int64](in, "intersection")
	return overlapOf(stat.Overlap{Reference: ref, Test: test, Both: both}), errorOf(errR, errT, errB)
}

func volumeDifference(in input) (outputs, error) {
	ref, errR := take[int64](in, "ref_voxels")
	test, errT := take[int64](in, "test_voxels")
	o := stat.Overlap{Reference: ref, Test: test}
	return outputs{"ravd": o.VolumeDifference(), "status": o.VolumeDifference().Status}, errorOf(errR, errT)
}

// overlapLabels answers for each label (labelN_...) and for all of them pooled.
func overlapLabels(in input) (outputs, error) {
	labels, err := take[map[string]struct {
		Ref, Test, Intersection int64
	}](in, "per_label")
	if err != nil {
		return nil, err
	}
	out := outputs{}
	var all []stat.Overlap
	for name, l := range labels {
		o := stat.Overlap{Reference: l.Ref, Test: l.Test, Both: l.Intersection}
		all = append(all, o)
		prefix := "label" + name + "_"
		out[prefix+"dice"], out[prefix+"jaccard"] = o.Dice(), o.Jaccard()
		out[prefix+"fdr"], out[prefix+"fnr"] = o.FalseDiscovery(), o.FalseNegative()
		out[prefix+"volume_similarity"] = o.VolumeSimilarity()
	}
	pooled := stat.Pool(all...)
	out["mean_dice_pooled"], out["union_overlap"] = pooled.Dice(), pooled.Jaccard()
	out["total_overlap"] = 1 - pooled.FalseNegative().Value
	return out, nil
}
