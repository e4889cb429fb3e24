package main

import (
	"fmt"
	"path/filepath"
	"strconv"

	"hotlight/project/metrics"
	"hotlight/project/panel"
	"hotlight/project/segmentation"
)

// agreeTasks: what the report and the panel compute.
func agreeTasks(d *data, p *peers, size, spacing string) []task {
	masks := []string{d.mask("a"), d.mask("b"), d.mask("c")}
	raw := func(n int) string { return masks[n] + ".raw" }
	return []task{
		{name: "Hausdorff + HD95 + ASSD + NSD, by surface elements", ours: ours("surfaces", size, spacing, string(metrics.SurfelArea), masks[0], masks[1]), same: 1e-5, warmups: 1,
			rivals: []rival{p.script(surfaceDistance, 0.2, "surface_distance", raw(0), raw(1))}},
		{name: "Hausdorff + HD95 + ASSD + NSD, by border voxels", ours: ours("surfaces", size, spacing, string(metrics.VoxelFace), masks[0], masks[1]), same: 1e-5, warmups: 1,
			rivals: []rival{p.script(scipy, 0.2, "scipy", raw(0), raw(1))}},
		{name: "STAPLE, three readers", ours: ours("staple", size, masks[0], masks[1], masks[2]), same: 1e-5, warmups: 1,
			rivals: []rival{p.program(itkStaple, 0.02, raw(0), raw(1), raw(2))}},
		{name: "bootstrap interval of an AUC, 10 k cases, 2000 draws", ours: ours("bootstrap"), same: 0.004, warmups: 1, // drawn apart: the ends differ a little
			rivals: []rival{p.script(sklearn, 0.1, "bootstrap")}},
	}
}

// tolerance of the normalised surface distance, as in the peers' scripts.
const toleranceMM = 2

func surfaces(args []string) (operation, error) {
	size, spacing, err := gridOf(args[0], args[1])
	if err != nil {
		return nil, err
	}
	masks, err := readMasks(args[3:], size)
	if err != nil {
		return nil, err
	}
	pair := metrics.Pair{Reference: masks[0], Test: masks[1], Space: metrics.Space{SpacingMM: spacing}, Surface: metrics.Surface(args[2]), ToleranceMM: toleranceMM}
	return func() ([]float64, string, error) {
		var got map[string]metrics.Result
		seconds, err := timed(1, func() (err error) {
			got, err = pair.Masks("hausdorff", "hd95", "assd", "nsd")
			return err
		})
		return seconds, fmt.Sprintf("%.6f %.6f %.6f %.6f", got["hausdorff"].Value, got["hd95"].Value, got["assd"].Value, got["nsd"].Value), err
	}, nil
}

func staple(args []string) (operation, error) {
	size, _, err := gridOf(args[0], "1x1x1")
	if err != nil {
		return nil, err
	}
	masks, err := readMasks(args[1:], size)
	if err != nil {
		return nil, err
	}
	return func() ([]float64, string, error) {
		var s *panel.Staple
		seconds, err := timed(1, func() (err error) {
			if s, err = panel.EstimateStaple(masks, [3]int{}, [3]int{size[0] - 1, size[1] - 1, size[2] - 1}); err == nil {
				s.Mask(masks, 0.5)
			}
			return err
		})
		if err != nil {
			return nil, "", err
		}
		return seconds, fmt.Sprintf("%.6f %.6f %.6f", s.Sensitivity[0], s.Sensitivity[1], s.Sensitivity[2]), nil
	}, nil
}

// bootstrap draws from scores that the peer makes by the same formula.
func bootstrap([]string) (operation, error) {
	var s metrics.Scored
	for n := range 10_000 {
		score := float64(n*7919%10007) / 10007
		if n%2 == 0 {
			s.Negative = append(s.Negative, score)
		} else {
			s.Positive = append(s.Positive, score+0.35)
		}
	}
	return func() ([]float64, string, error) {
		var i metrics.Interval
		seconds, err := timed(1, func() (err error) {
			i, err = metrics.BootstrapAUC(s, metrics.Bootstrap{Replicates: 2000, Seed: 1})
			return err
		})
		return seconds, strconv.FormatFloat(i.Low, 'f', 5, 64) + " " + strconv.FormatFloat(i.High, 'f', 5, 64), err
	}, nil
}

func readMasks(paths []string, size [3]int) ([]*segmentation.Mask, error) {
	var out []*segmentation.Mask
	for _, path := range paths {
		m, err := readMask(path+".mask", size)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", filepath.Base(path), err)
		}
		out = append(out, m)
	}
	return out, nil
}
