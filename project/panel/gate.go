package panel

import (
	"math"
	"slices"

	"hotlight/project"
	"hotlight/project/segmentation"
)

// stapleRatio is how far STAPLE's volume may be from the majority's before a person looks, whatever the project's own gates say: one reader who drew little can
// swell it by half.
var stapleRatio = [2]float64{0.9, 1.1}

// gate measures how far the readers of one thing agree and applies the rule's condition. Readers who marked nothing count: as one who drew nothing.
func (t Task) gate(in *Instance, marked []*segmentation.Mask, readers int) error {
	all := slices.Clone(marked)
	if t.Rule.Match == nil {
		for len(all) < readers {
			all = append(all, segmentation.NewMask(marked[0].Size()))
		}
	}
	facts := map[string]float64{"readers": float64(len(all)), "rel_volume_range": relativeRange(all), "majority_volume_ratio": math.NaN()}
	if err := t.pairs(facts, all); err != nil {
		return err
	}
	majority, _, err := Majority(marked)
	if err != nil {
		return err
	}
	if in.Mask != nil && majority.Count() > 0 {
		facts["majority_volume_ratio"] = float64(in.Mask.Count()) / float64(majority.Count())
	}
	in.Facts = facts
	if ratio := facts["majority_volume_ratio"]; t.Rule.MaskRule().Method == project.MaskSTAPLE && !(ratio >= stapleRatio[0] && ratio <= stapleRatio[1]) {
		in.dispute("STAPLE's volume is %.3g of the majority's", ratio)
	}
	d := Decision{Agreed: true}
	d.gate(t.Rule.AdjudicateIf, facts)
	if !d.Agreed {
		in.Agreed = false
		in.Reasons = append(in.Reasons, d.Reasons...)
	}
	return t.fit(in, marked)
}

// gateBoxes is gate for boxes. Their Dice is that of volumes; boxes without one, such as points, have none, and there are no surfaces. Without matching, a reader
// who marked nothing counts as a box that meets no other.
func (t Task) gateBoxes(in *Instance, marked []Box, readers int) {
	nan := math.NaN()
	facts := map[string]float64{"readers": float64(len(marked)), "min_pair_nsd": nan, "mean_pair_nsd": nan, "majority_volume_ratio": nan}
	var dices, sizes []float64
	known := true
	for n, a := range marked {
		sizes = append(sizes, a.size())
		for _, b := range marked[n+1:] {
			total := a.size() + b.size()
			known = known && total > 0
			dices = append(dices, 2*a.common(b)/total)
		}
	}
	if missing := readers - len(marked); t.Rule.Match == nil && missing > 0 {
		facts["readers"] = float64(readers)
		dices = append(dices, make([]float64, missing*len(marked))...)
		sizes = append(sizes, make([]float64, missing)...)
	}
	if !known {
		dices = nil
	}
	facts["min_pair_dice"], facts["mean_pair_dice"] = leastAndMean(dices)
	facts["rel_volume_range"] = relativeSpread(sizes)
	in.Facts = facts
	d := Decision{Agreed: true}
	d.gate(t.Rule.AdjudicateIf, facts)
	if !d.Agreed {
		in.Agreed = false
		in.Reasons = append(in.Reasons, d.Reasons...)
	}
}

// pairs enters the least and the mean of Dice and surface distance over all pairs of readers. Two who both drew nothing agree and say nothing of a border: they are left out. A single
// reader has no pair, and so no number.
func (t Task) pairs(facts map[string]float64, masks []*segmentation.Mask) error {
	var dices, surfaces []float64
	known := t.Surface != nil
	for i, a := range masks {
		for _, b := range masks[i+1:] {
			d, ok, err := dice(a, b)
			if err != nil {
				return err
			}
			if !ok {
				continue
			}
			dices = append(dices, d)
			if t.Surface == nil {
				continue
			}
			nsd, ok := t.Surface(a, b)
			known = known && ok
			surfaces = append(surfaces, nsd)
		}
	}
	if !known {
		surfaces = nil
	}
	facts["min_pair_dice"], facts["mean_pair_dice"] = leastAndMean(dices)
	facts["min_pair_nsd"], facts["mean_pair_nsd"] = leastAndMean(surfaces)
	return nil
}

func leastAndMean(v []float64) (least, mean float64) {
	if len(v) == 0 {
		return math.NaN(), math.NaN()
	}
	slices.Sort(v) // sums in one order, whatever that of the readers
	for _, x := range v {
		mean += x / float64(len(v))
	}
	return v[0], mean
}

// relativeRange is the largest less the smallest volume, relative to the median.
func relativeRange(masks []*segmentation.Mask) float64 {
	var v []float64
	for _, m := range masks {
		v = append(v, float64(m.Count()))
	}
	return relativeSpread(v)
}

func relativeSpread(v []float64) float64 {
	slices.Sort(v)
	median := (v[(len(v)-1)/2] + v[len(v)/2]) / 2
	if median == 0 {
		return math.NaN()
	}
	return (v[len(v)-1] - v[0]) / median
}

// fit measures each reader against the consensus, and against the others.
func (t Task) fit(in *Instance, marked []*segmentation.Mask) error {
	if in.Mask == nil {
		return nil
	}
	for r, m := range marked {
		f := Fit{Dice: math.NaN(), WithoutThem: math.NaN(), NSD: math.NaN()}
		d, ok, err := dice(m, in.Mask)
		if err != nil {
			return err
		}
		if ok {
			f.Dice = d
			if t.Surface != nil && t.FitSurface {
				if nsd, ok := t.Surface(in.Mask, m); ok {
					f.NSD = nsd
				}
			}
		}
		if others := slices.Delete(slices.Clone(marked), r, r+1); len(others) > 0 {
			rest, _, err := Majority(others)
			if err != nil {
				return err
			}
			if d, ok, _ := dice(m, rest); ok {
				f.WithoutThem = d
			}
		}
		in.Fit = append(in.Fit, f)
	}
	return nil
}
