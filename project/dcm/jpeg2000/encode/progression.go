package encode

import (
	"cmp"
	"fmt"
	"slices"
)

// place is a packet's place in a tile.
type place struct{ layer, resolution, component, precinct, x, y int }

// places returns all packets of t, each with the position on the reference grid at which its precinct's turn comes (B.12.1.3 to 5).
func (t *tile) places(layers int) (out []place) {
	for c := range t.components {
		tc := &t.components[c]
		for r := range tc.resolutions {
			down := tc.coding.Levels - r
			for i, p := range tc.resolutions[r].precincts {
				x, y := max(t.area.x0, p.x*tc.dx<<down), max(t.area.y0, p.y*tc.dy<<down)
				for l := range layers {
					out = append(out, place{l, r, c, i, x, y})
				}
			}
		}
	}
	return out
}

// sorted returns places in the order of a progression.
func sorted(in []place, order Progression) []place {
	key := func(p place) [6]int {
		switch order {
		case LRCP:
			return [6]int{p.layer, p.resolution, p.component, p.precinct}
		case RLCP:
			return [6]int{p.resolution, p.layer, p.component, p.precinct}
		case RPCL:
			return [6]int{p.resolution, p.y, p.x, p.component, p.precinct, p.layer}
		case PCRL:
			return [6]int{p.y, p.x, p.component, p.resolution, p.precinct, p.layer}
		}
		return [6]int{p.component, p.y, p.x, p.resolution, p.precinct, p.layer}
	}
	out := slices.Clone(in)
	slices.SortStableFunc(out, func(a, b place) int {
		x, y := key(a), key(b)
		return slices.CompareFunc(x[:], y[:], cmp.Compare[int])
	})
	return out
}

// sequence returns all packets in the order in which they are written, through all progression changes.
func (t *tile) sequence(o *Options) ([]place, error) {
	all := t.places(o.layers())
	if len(o.Changes) == 0 {
		return sorted(all, o.Order), nil
	}
	var out []place
	done := map[place]bool{}
	for _, c := range o.Changes {
		for _, p := range sorted(all, c.Order) {
			if !done[p] && p.layer < c.LayerEnd && p.resolution >= c.Resolution && p.resolution < c.ResolutionEnd && p.component >= c.Component && p.component < c.ComponentEnd {
				done[p] = true
				out = append(out, p)
			}
		}
	}
	if len(out) != len(all) {
		return nil, fmt.Errorf("jpeg 2000: the progression changes leave out %d of %d packets", len(all)-len(out), len(all))
	}
	return out, nil
}

func (o *Options) layers() int { return max(o.Layers, 1) }

// packets makes the packets of t in their order.
func (t *tile) packets(o *Options) ([]packet, error) {
	order, err := t.sequence(o)
	if err != nil {
		return nil, err
	}
	var out []packet
	for _, p := range order {
		out = append(out, t.components[p.component].resolutions[p.resolution].precincts[p.precinct].write(p.layer))
	}
	return out, nil
}
