package dcm

import (
	"hotlight/project"
	"hotlight/project/dcm/rle"
)

// decodeRLE reads frame n of RLE pixels.
func (f *File) decodeRLE(n int, dst []byte, p PixelFormat) error {
	parts, err := f.pixels.fragments.frame(n, p.Frames)
	if err != nil {
		return err
	}
	total := 0
	for _, part := range parts {
		total += int(part.length)
	}
	src, give := borrow(total)
	defer give()
	at := 0
	for _, part := range parts {
		if err := f.src.readFull(src[at:at+int(part.length)], part.offset); err != nil {
			return err
		}
		at += int(part.length)
	}
	shape := rle.Shape{Pixels: p.Rows * p.Columns, Samples: p.Samples, Bytes: p.SampleBytes()}
	if p.BitsAllocated == 1 {
		return decodePackedRLE(n, dst, src, p)
	}
	if err := rle.Decode(dst, src, shape); err != nil {
		return project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	return nil
}

// decodePackedRLE decodes single bits, eight to a byte.
func decodePackedRLE(n int, dst, src []byte, p PixelFormat) error {
	packed, give := borrow((len(dst) + 7) / 8)
	defer give()
	if err := rle.Decode(packed, src, rle.Shape{Pixels: len(packed), Samples: 1, Bytes: 1}); err != nil {
		return project.Errorf(project.Invalid, "frame %d: %w", n, err)
	}
	unpackBits(dst, packed, 0)
	return nil
}

// frame returns the fragments of frame n of frames.
func (f *fragments) frame(n, frames int) ([]fragment, error) {
	switch {
	case len(f.list) == frames: // the rule for RLE; the offset table, right or wrong, adds nothing
		return f.list[n : n+1], nil
	case frames == 1 && len(f.list) > 0:
		return f.list, nil
	case len(f.list) < frames:
		if n < len(f.list) && len(f.table) <= len(f.list) {
			return f.list[n : n+1], nil
		}
		return nil, project.Errorf(project.Invalid, "the pixel data are cut short: frame %d is missing, %d fragments for %d frames", n, len(f.list), frames)
	case len(f.table) != frames:
		return nil, project.Errorf(project.Invalid, "%d fragments for %d frames, and no table that says which is whose", len(f.list), frames)
	}
	first, err := f.at(n)
	if err != nil {
		return nil, err
	}
	last := len(f.list)
	if n+1 < frames {
		if last, err = f.at(n + 1); err != nil {
			return nil, err
		}
	}
	if last <= first {
		return nil, project.Errorf(project.Invalid, "the offset table is out of order at frame %d", n)
	}
	return f.list[first:last], nil
}

// at returns the index of the fragment where frame n starts according to the table.
func (f *fragments) at(n int) (int, error) {
	want := f.start + int64(f.table[n]) + 8
	lo, hi := 0, len(f.list)
	for lo < hi {
		if mid := (lo + hi) / 2; f.list[mid].offset < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == len(f.list) || f.list[lo].offset != want {
		return 0, project.Errorf(project.Invalid, "the offset table names no fragment for frame %d", n)
	}
	return lo, nil
}
