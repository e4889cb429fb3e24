package jpeg2000

import (
	"fmt"
	"image"
	"math"
)

// Decode decodes the picture in data, a codestream or JP2 file. data may have padding at its end. With Options.Partial an image may come with an error.
// Decode may be called by several goroutines.
func Decode(data []byte, options Options) (*Image, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	h, err := d.start(data, options)
	if err != nil {
		return nil, err
	}
	out := &Image{Header: h}
	for _, s := range d.stream.size.components {
		area := d.wanted(s)
		whole := d.stream.size.area(s).halved(options.Reduce)
		p := Plane{X: area.x0 - whole.x0, Y: area.y0 - whole.y0, Width: area.width(), Height: area.height(), Precision: s.precision, Signed: s.signed}
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
			c, p, s := &t.components[i], &out.Components[i], d.stream.size.components[i]
			area := d.wanted(s)
			for y := range c.need.rows() {
				at := (c.need.y0+y-area.y0)*p.Width + c.need.x0 - area.x0
				if p.Deep != nil {
					c.deepRow(p.Deep[at:][:c.need.width()], y, levelOf[int64](s))
				} else {
					c.row(p.Samples[at:][:c.need.width()], y, levelOf[int32](s))
				}
			}
		}
	})
	if err != nil && !options.Partial {
		return nil, err
	}
	return out, err
}

// wanted returns what is decoded of a component, in its coordinates at the wanted resolution.
func (d *decoder) wanted(s sampling) rect {
	return d.region.divided(s.dx, s.dy).halved(d.options.Reduce)
}

// start takes data apart and checks what is asked for, before anything is allocated for samples.
func (d *decoder) start(data []byte, options Options) (Header, error) {
	box, b, err := unwrap(data)
	if err != nil {
		return Header{}, err
	}
	d.options = options
	if _, err := d.stream.mainHeader(b); err != nil {
		return Header{}, err
	}
	h := d.stream.header(box)
	if options.Reduce < 0 || options.Reduce >= h.Resolutions {
		return h, fmt.Errorf("%w: it has %d resolutions and cannot be reduced by %d", ErrShape, h.Resolutions, options.Reduce)
	}
	size := &d.stream.size
	d.region = rect{size.x0, size.y0, size.x1, size.y1}
	if r := options.Region; r != (image.Rectangle{}) {
		d.region = d.region.intersect(rect{size.x0 + r.Min.X, size.y0 + r.Min.Y, size.x0 + r.Max.X, size.y0 + r.Max.Y})
		if d.region.empty() {
			return h, fmt.Errorf("%w: nothing of it lies in the region", ErrShape)
		}
	}
	if err := d.limits(int64(len(data))); err != nil {
		return h, err
	}
	if int64(len(data)) > math.MaxUint32 {
		return h, fmt.Errorf("%w: a stream of more than 4 GB", ErrUnsupported)
	}
	d.layouts = 1<<14 + len(data)
	d.stream = stream{}
	if err = d.stream.parse(b); err != nil && options.Partial && len(d.stream.order) > 0 {
		d.damage, err = err, nil
	}
	return h, err
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
	}
	return nil
}
