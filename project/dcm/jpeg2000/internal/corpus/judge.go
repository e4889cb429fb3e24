package corpus

import (
	"errors"
	"os/exec"

	"hotlight/project/dcm/jpeg2000/encode"
)

// Judge returns what OpenJPEG makes of a case, or nil samples without an error where OpenJPEG 2.5 errs or gives up:
//   - when the passes of an HT block lie in several layers it takes the second segment for more of the first;
//   - it refuses more than three passes of an HT block, a region of interest of HT blocks, and mixed code-blocks;
//   - with a region of interest it begins raw coding (Bypass) later than the standard says, counting bit planes without the shift, and puts
//     irreversible coefficients of the region at the lower end of their interval;
//   - in progressions by position it steps by the smallest precinct, and misses others when subsampling is by 3;
//   - it overwrites its own memory at some HT blocks of odd size, and is then stopped by the system;
//   - it refuses some tiles in which a component has no sample;
//   - with packed packet headers it refuses a tile without any coefficient, and takes those of interleaved tile parts for each other's. Such cases
//     are judged without packing.
func Judge(dir string, c Case, stream []byte, args ...string) ([][]int32, error) {
	if !c.all(func(k encode.Coding) bool {
		passes := k.Style&encode.Mixed == 0 && k.Placeholders == 0 && !k.HTTwice && (k.Style&encode.HighThroughput == 0 || k.HTPasses <= 1 || c.Options.Layers <= 1)
		return passes && (k.Shift == 0 || k.Style&(encode.Bypass|encode.HighThroughput) == 0 && !k.Irreversible)
	}) || c.byPosition() && c.oddSubsampling() || c.hollow() {
		return nil, nil
	}
	if c.Options.PPM && c.Options.Interleave {
		return unpacked(dir, c, args)
	}
	planes, err := OpenJPEG(dir, stream, args...)
	if stopped := (*exec.ExitError)(nil); errors.As(err, &stopped) && !stopped.Exited() {
		return nil, nil
	}
	if err != nil && (c.Options.PPM || c.Options.PPT) {
		return unpacked(dir, c, args)
	}
	return planes, err
}

func unpacked(dir string, c Case, args []string) ([][]int32, error) {
	c.Options.PPM, c.Options.PPT = false, false
	stream, err := encode.Encode(c.Image, c.Options)
	if err != nil {
		return nil, err
	}
	return OpenJPEG(dir, stream, args...)
}

func (c *Case) byPosition() bool {
	by := len(c.Options.Changes) == 0 && c.Options.Order > encode.RLCP
	for _, p := range c.Options.Changes {
		by = by || p.Order > encode.RLCP
	}
	return by
}

func (c *Case) oddSubsampling() bool {
	for _, k := range c.Image.Components {
		if k.DX == 3 || k.DY == 3 {
			return true
		}
	}
	return false
}

// hollow reports whether there is a tile without samples of a component.
func (c *Case) hollow() bool {
	m, o := c.Image, &c.Options
	w, h := o.TileWidth, o.TileHeight
	if w == 0 {
		w = m.X1
	}
	if h == 0 {
		h = m.Y1
	}
	for y := o.TileY; y < m.Y1; y += h {
		for x := o.TileX; x < m.X1; x += w {
			part := encode.Image{X0: max(x, m.X0), Y0: max(y, m.Y0), X1: min(x+w, m.X1), Y1: min(y+h, m.Y1), Components: m.Components}
			for k := range m.Components {
				if across, down := part.Size(k); across*down == 0 {
					return true
				}
			}
		}
	}
	return false
}
