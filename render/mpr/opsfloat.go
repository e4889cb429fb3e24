package mpr

// floats are the loops over float voxels. A line holds plain values.
type floats struct {
	data []float32
	job  *job
}

const toWeight = 1.0 / one

func (o *floats) padded(n int) bool {
	v := float64(o.data[n])
	return o.job.v.HasPadding && v >= o.job.v.Padding[0] && v <= o.job.v.Padding[1]
}

func (o *floats) hide(dst []guardState, at, stride int) bool {
	clear(dst)
	some := false
	for n := range dst {
		if o.padded(at) {
			dst[n], some = nothing, true
		}
		at += stride
	}
	return some
}

func (o *floats) finish(v float64) float32 { return float32(v) }

func (o *floats) line(dst []float32, at, stride, next int, f int32) {
	if f == 0 {
		for n := range dst {
			dst[n] = o.data[at]
			at += stride
		}
		return
	}
	weight := float32(f) * toWeight
	for n := range dst {
		v := o.data[at]
		dst[n] = v + weight*(o.data[at+next]-v)
		at += stride
	}
}

func (o *floats) blend(dst, a, b []float32, f int32) {
	a, b = a[:len(dst)], b[:len(dst)]
	weight := float32(f) * toWeight
	for n := range dst {
		dst[n] = a[n] + weight*(b[n]-a[n])
	}
}

func (o *floats) spread(out, line []float32, columns []column) {
	out = out[:len(columns)]
	for n, c := range columns {
		a := line[c.at]
		if c.weight == 0 { // a neighbour without weight may not be a number
			out[n] = a
			continue
		}
		out[n] = a + float32(c.weight)*toWeight*(line[c.at+1]-a)
	}
}

func (o *floats) pick(out, line []float32, columns []column) {
	out = out[:len(columns)]
	for n, c := range columns {
		out[n] = line[c.near]
	}
}

func (o *floats) oblique(out []float32, base int, p, d [3]int64, stride [3]int) {
	const scale = 1.0 / (1 << 32)
	data, sx, sy, sz := o.data, stride[0], stride[1], stride[2]
	x, y, z := p[0], p[1], p[2]
	for n := range out {
		at := base + int(x>>32)*sx + int(y>>32)*sy + int(z>>32)*sz
		fx, fy, fz := float32(uint32(x))*scale, float32(uint32(y))*scale, float32(uint32(z))*scale
		a, b := data[at:at+sy+sx+1], data[at+sz:at+sz+sy+sx+1]
		a0 := a[0] + fx*(a[sx]-a[0])
		a1 := a[sy] + fx*(a[sy+sx]-a[sy])
		b0 := b[0] + fx*(b[sx]-b[0])
		b1 := b[sy] + fx*(b[sy+sx]-b[sy])
		front := a0 + fy*(a1-a0)
		back := b0 + fy*(b1-b0)
		out[n] = front + fz*(back-front)
		x, y, z = x+d[0], y+d[1], z+d[2]
	}
}

func (o *floats) nearest(out []float32, p, d [3]int64, stride [3]int) {
	const half = 1 << 31
	x, y, z := p[0]+half, p[1]+half, p[2]+half
	for n := range out {
		out[n] = o.data[int(x>>32)*stride[0]+int(y>>32)*stride[1]+int(z>>32)*stride[2]]
		x, y, z = x+d[0], y+d[1], z+d[2]
	}
}
