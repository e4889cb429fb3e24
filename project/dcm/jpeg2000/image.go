package jpeg2000

import (
	"fmt"
	"image"
)

// Decode decodes the picture in data, a codestream or JP2 file. data may have padding at its end. With Options.Partial an image may come with an error.
// Decode may be called by several goroutines.
func Decode(data []byte, options Options) (*Image, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	h, err := d.mainHeader(data, options)
	if err != nil {
		return nil, err
	}
	if err := d.start(&h, len(data)); err != nil {
		return nil, err
	}
	out := &Image{Header: h}
	for _, s := range d.stream.size.components {
		area := d.wanted(s)
		whole := d.whole(s)
		p := Plane{X: area.x0 - whole.x0, Y: area.y0 - whole.y0, Width: area.width(), Height: area.height(), Precision: int(s.precision), Signed: s.signed}
		if s.precision > narrowPrecision {
			p.Deep = make([]int64, area.area())
		} else {
			p.Samples = make([]int32, area.area())
		}
		out.Components = append(out.Components, p)
	}
	d.planes = out.Components
	err = d.picture(func(t *tile) {
		for i := range t.components {
			s := d.stream.size.components[i]
			out.Components[i].put(&t.components[i], s, d.wanted(s))
		}
	})
	if err != nil && !options.Partial {
		return nil, err
	}
	return out, err
}

// put writes the samples of a tile's component c into p, which covers area.
func (p *Plane) put(c *component, s sampling, area rect) {
	wide, high := c.need.width(), c.need.rows()
	at := func(y int) int { return (c.need.y0+y-area.y0)*p.Width + c.need.x0 - area.x0 }
	switch {
	case p.Deep != nil:
		for y := range high {
			c.deepRow(p.Deep[at(y):][:wide], y, levelOf[int64](s))
		}
	case wide*high > 0 && &c.memory[0] == &p.Samples[0]:
		p.spread(c, s, at)
	default:
		for y := range high {
			c.row(p.Samples[at(y):][:wide], y, levelOf[int32](s))
		}
	}
}

// spread writes the samples of c, which lie at the beginning of p's own, to their places, row y from at(y) on. No row is moved to where one before it lies, so
// that the last comes first. What lies between them is of other tiles and becomes zero.
func (p *Plane) spread(c *component, s sampling, at func(y int) int) {
	wide, l := c.need.width(), levelOf[int32](s)
	end := len(p.Samples)
	for y := c.need.height() - 1; y >= 0; y-- {
		row := p.Samples[y*wide:][:wide]
		c.row(row, y, l)
		to := at(y)
		copy(p.Samples[to:], row)
		clear(p.Samples[to+wide : end])
		end = to
	}
	clear(p.Samples[:end])
}

// wanted returns what is decoded of a component, in its coordinates at the wanted resolution.
func (d *decoder) wanted(s sampling) rect {
	return d.region.divided(s.dx, s.dy).halved(d.options.Reduce)
}

// whole returns where a component has samples, in its coordinates at the wanted resolution.
func (d *decoder) whole(s sampling) rect { return d.stream.size.area(s).halved(d.options.Reduce) }

// mainHeader reads the main header of data.
func (d *decoder) mainHeader(data []byte, options Options) (Header, error) {
	d.options, d.budget = options, roomFor(data)
	return d.stream.open(data, &d.budget)
}

// start checks what is asked for, before anything is allocated for samples, and takes the stream apart, which is in so many bytes.
func (d *decoder) start(h *Header, bytes int) error {
	options := &d.options
	if options.Reduce < 0 || options.Reduce >= h.Resolutions {
		return fmt.Errorf("%w: it has %d resolutions and cannot be reduced by %d", ErrShape, h.Resolutions, options.Reduce)
	}
	size := &d.stream.size
	d.region = rect{size.x0, size.y0, size.x1, size.y1}
	if r := options.Region; r != (image.Rectangle{}) {
		d.region = d.region.intersect(rect{size.x0 + r.Min.X, size.y0 + r.Min.Y, size.x0 + r.Max.X, size.y0 + r.Max.Y})
		if d.region.empty() {
			return fmt.Errorf("%w: nothing of it lies in the region", ErrShape)
		}
	}
	if err := d.limits(int64(bytes)); err != nil {
		return err
	}
	if !d.budget.take(len(h.Components) * headerBytes) {
		return errWork
	}
	d.layouts = 1<<14 + bytes
	err := d.stream.parse()
	if err != nil && options.Partial && len(d.stream.parts) > 0 {
		d.damage, err = err, nil
	}
	return err
}

// limits checks that the samples may be allocated.
func (d *decoder) limits(bytes int64) error {
	most := d.options.MaxSamples
	if most <= 0 {
		most = 1<<24 + 2048*bytes
	}
	var total int64
	for _, s := range d.stream.size.components {
		area := d.wanted(s)
		total += int64(area.area())
		if total > most || total < 0 {
			return fmt.Errorf("%w: it has more than %d samples", ErrLimit, most)
		}
		d.budget += budget(sampleBytes * area.grown(support97).intersect(d.whole(s)).area())
	}
	return nil
}
