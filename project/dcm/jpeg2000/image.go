package jpeg2000

import (
	"fmt"
	"image"
	"unsafe"
)

// Decode decodes the picture in data, a codestream or JP2 file. data may have padding at its end. With Options.Partial an image may come with an error.
// Decode may be called by several goroutines.
func Decode(data []byte, options Options) (*Image, error) {
	d := decoders.Get().(*decoder)
	defer d.release()
	return d.image(data, options)
}

// image is Decode with a decoder that has no picture.
func (d *decoder) image(data []byte, options Options) (*Image, error) {
	h, err := d.mainHeader(data, options)
	if err != nil {
		return nil, err
	}
	if err := d.start(&h, len(data)); err != nil {
		return nil, err
	}
	out := &Image{Header: h}
	if err = d.allocate(out); err != nil {
		return nil, err
	}
	d.planes = out.Components
	err = d.picture(func(t *tile) {
		for i := range t.components {
			s := d.stream.size.components[i]
			out.Components[i].put(&t.components[i], s, d.around(s))
		}
	})
	if err != nil && !options.Partial {
		return nil, err
	}
	for i, s := range d.stream.size.components {
		p := &out.Components[i]
		p.Samples, p.Deep = cut(p.Samples, d.around(s), d.wanted(s)), cut(p.Deep, d.around(s), d.wanted(s))
	}
	return out, err
}

const planeBytes = int(unsafe.Sizeof(Plane{})) // without its samples

// allocate makes the planes of m. Their samples are one piece of memory each for those of many bits and for the others; until all is decoded a plane has also
// what lies around the wanted part.
func (d *decoder) allocate(m *Image) error {
	components := d.stream.size.components
	narrow, deep := 0, 0
	for _, s := range components {
		if n := d.around(s).area(); s.precision > narrowPrecision {
			deep += n
		} else {
			narrow += n
		}
	}
	if !d.budget.take(len(components)*planeBytes + 4*narrow + 8*deep) {
		return fmt.Errorf("%w: %d samples of %d components", ErrLimit, narrow+deep, len(components))
	}
	samples, deepSamples := make([]int32, narrow), make([]int64, deep)
	m.Components = make([]Plane, len(components))
	for i, s := range components {
		area, whole, n := d.wanted(s), d.whole(s), d.around(s).area()
		p := &m.Components[i]
		*p = Plane{X: area.x0 - whole.x0, Y: area.y0 - whole.y0, Width: area.width(), Height: area.height(), Precision: int(s.precision), Signed: s.signed}
		if s.precision > narrowPrecision {
			p.Deep, deepSamples = deepSamples[:n], deepSamples[n:]
		} else {
			p.Samples, samples = samples[:n], samples[n:]
		}
	}
	return nil
}

// put writes the samples of a tile's component c into p, which covers around: to the rows where c was decoded, or from a buffer.
func (p *Plane) put(c *component, s sampling, around rect) {
	wide := c.need.width()
	for y := range c.need.rows() {
		at := (c.need.y0+y-around.y0)*around.width() + c.need.x0 - around.x0
		switch {
		case c.deep:
			levelOf[int64](s).exact(p.Deep[at:][:wide], wantedRow(c, c.deepSamples, y))
		case p.Deep != nil:
			levelOf[int64](s).rounded(p.Deep[at:][:wide], wantedRow(c, floats(c.samples), y))
		case c.reversible:
			levelOf[int32](s).exact(p.Samples[at:][:wide], wantedRow(c, c.samples, y))
		default:
			levelOf[int32](s).rounded(p.Samples[at:][:wide], wantedRow(c, floats(c.samples), y))
		}
	}
}

// cut leaves of the samples of around those of area.
func cut[T int32 | int64](samples []T, around, area rect) []T {
	if samples == nil {
		return nil
	}
	wide, n := area.width(), area.area()
	if around != area {
		for y := range area.rows() {
			from := (area.y0+y-around.y0)*around.width() + area.x0 - around.x0
			copy(samples[y*wide:][:wide], samples[from:])
		}
	}
	return samples[:n:n]
}

// wanted returns what is decoded of a component, in its coordinates at the wanted resolution.
func (d *decoder) wanted(s sampling) rect {
	return d.region.divided(s.dx, s.dy).halved(d.options.Reduce)
}

// whole returns where a component has samples, in its coordinates at the wanted resolution.
func (d *decoder) whole(s sampling) rect { return d.stream.size.area(s).halved(d.options.Reduce) }

// around returns what is decoded of a component so that what is wanted of it is right, at most: the wavelet needs some samples on each side.
func (d *decoder) around(s sampling) rect {
	area := d.wanted(s)
	if area.empty() {
		return area
	}
	return area.grown(support97).intersect(d.whole(s))
}

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
	most = min(most, 1<<40) // so that their bytes are an int
	var total int64
	for _, s := range d.stream.size.components {
		area := d.wanted(s)
		total += int64(area.area())
		if total > most || total < 0 {
			return fmt.Errorf("%w: it has more than %d samples", ErrLimit, most)
		}
		d.budget += budget(sampleBytes * d.around(s).area())
	}
	return nil
}
