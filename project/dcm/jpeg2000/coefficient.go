package jpeg2000

import (
	"math"
	"unsafe"
)

// Block decoders give a coefficient as magnitude and sign. The magnitude's lowest bit is half a quantisation step: of the last bit plane that was decoded it
// has the bit below set, so that what is lost of a coefficient is replaced by half of what it can be (r = 0.5 in T.800 E.1.1.2). A coefficient of which all
// planes are there has the lowest bit set and is exact without it.
//
// Samples of reversible components are int32 from then on; those of irreversible ones are float32 in the same memory.

// stepSize returns the quantisation step of a subband (T.800 E.1.1.1), halved for the lowest bit of a magnitude, and with the scaling of the wavelet (T.800
// F.3.8.2, K) for this and all higher resolutions in it: the filters are linear, so it need not be done sample by sample.
func (c *component) stepSize(r, orient int, s step, precision int) float32 {
	const k = 1.230174104914001
	gain := orient&1 + orient>>1 // how many of the two filters are high-pass
	size := math.Ldexp(1+float64(s.mantissa)/2048, precision+gain-int(s.exponent)-1)
	for level := max(r, 1); level <= c.top; level++ {
		at := c.resolutions[level].rect
		for axis, length := range [2]int{at.width(), at.height()} {
			switch {
			case length == 1: // not filtered
			case level == r && orient>>axis&1 == 1:
				size /= k
			default:
				size *= k
			}
		}
	}
	return float32(size)
}

// store writes the coefficients of a code-block, whose first one is x, y in the subband, to their places between those of the other subbands.
func (b *block[T]) store(c *component, res *resolution, sub *band, x, y int) {
	raster, step := c.raster(res), 1
	if sub.orient != bandLL || res != &c.resolutions[0] {
		step = 2
	}
	if c.shift > 0 {
		b.unshift(c.shift)
	}
	for v := range b.high {
		if y+v < sub.window.y0 || y+v >= sub.window.y1 {
			continue
		}
		from, to := max(0, sub.window.x0-x), min(b.wide, sub.window.x1-x)
		if from >= to {
			continue
		}
		at := raster.index(place(x+from, sub.orient&1, step), place(y+v, sub.orient>>1, step))
		switch i := (v/4+1)*b.stride + 1; {
		case c.deep:
			storeExact(b, c.deepSamples[at:], i+from, i+to, v&3, step)
		case c.reversible:
			storeExact(b, c.samples[at:], i+from, i+to, v&3, step)
		default:
			b.storeFloat(floats(c.samples[at:]), i+from, i+to, v&3, step, sub.delta)
		}
	}
}

// place returns where coefficient u of a subband lies on an axis of its resolution: step 2 for subbands that are interleaved, high for those that are high-pass
// along the axis.
func place(u, high, step int) int { return u*step + high }

// storeExact writes row r of the stripe's columns from to to, as integers, each step after the one before.
func storeExact[T uint32 | uint64, S int32 | int64](b *block[T], out []S, from, to, r, step int) {
	values, flags := b.values[from:to], b.flags[from:to]
	sign, at := uint(3*r+4+flagSigns), 0
	for n := range values {
		minus := S(flags[n] >> (sign & 63) & 1)
		out[at] = S(values[n][r&3]>>1) ^ -minus + minus
		at += step
	}
}

// storeFloat writes row r of the stripe's columns from to to, times delta. Signs are put in without a branch, which could not be foreseen.
func (b *block[T]) storeFloat(out []float32, from, to, r, step int, delta float32) {
	values, flags := b.values[from:to], b.flags[from:to]
	sign, at := uint(3*r+4+flagSigns), 0
	for n := range values {
		f := math.Float32bits(float32(values[n][r&3]) * delta)
		out[at] = math.Float32frombits(f ^ uint32(flags[n]>>(sign&63))<<31)
		at += step
	}
}

// unshift does so for all coefficients.
func (b *block[T]) unshift(shift int) {
	for n := range b.values {
		for r, v := range b.values[n] {
			b.values[n][r] = unshift(v, shift)
		}
	}
}

// unshift undoes the maximum shift of a region of interest: what is large enough lies in the region (T.800 H.1). If the half step below the last bit plane falls
// out, all planes of the coefficient were decoded, and its half step is the lowest bit again.
func unshift[T uint32 | uint64](v T, shift int) T {
	if v>>1>>shift == 0 {
		return v
	}
	if v&(1<<shift-1) != 0 {
		return v>>shift | 1
	}
	return v >> shift
}

// floats returns the same memory as float32.
func floats(s []int32) []float32 {
	return unsafe.Slice((*float32)(unsafe.Pointer(unsafe.SliceData(s))), len(s))
}

// storePlain writes the coefficients of a code-block of Part 15, plain, raised by shift in a region of interest.
func storePlain[P int32 | int64](plain []P, shift int, c *component, res *resolution, j *job) {
	raster, step := c.raster(res), 1
	if j.band.orient != bandLL || res != &c.resolutions[0] {
		step = 2
	}
	area := rect{j.x, j.y, j.x + j.wide, j.y + j.high}.intersect(j.band.window)
	for y := area.y0; y < area.y1; y++ {
		row := plain[(y-j.y)*j.wide+area.x0-j.x:][:area.width()]
		if shift > 0 {
			for i, v := range row {
				row[i] = unshiftSigned(v, shift)
			}
		}
		at := raster.index(place(area.x0, j.band.orient&1, step), place(y, j.band.orient>>1, step))
		switch {
		case c.deep:
			storeHalves(c.deepSamples[at:], row, step)
		case c.reversible:
			storeHalves(c.samples[at:], row, step)
		default:
			out := floats(c.samples[at:])
			for i, v := range row {
				out[i*step] = float32(v) * j.band.delta
			}
		}
	}
}

// storeHalves writes the numbers of row without their lowest bit.
func storeHalves[S, P int32 | int64](out []S, row []P, step int) {
	for i, v := range row {
		out[i*step] = S(v / 2)
	}
}

func unshiftSigned[P int32 | int64](v P, shift int) P {
	if v < 0 {
		return -P(unshift(uint64(-v), shift))
	}
	return P(unshift(uint64(v), shift))
}
