package dcm

import (
	"encoding/binary"

	"hotlight/project"
)

// frameFragments returns the fragments of frame n of frames. The standard's rules come first: a fragment is a frame, one frame is all fragments, a table says
// where frames begin (PS3.5 A.4; the extended table serves where the basic one is empty). Without a table that fits, frames of JPEG are found by their own
// start marker, as DCMTK and GDCM do.
func (f *File) frameFragments(n, frames int) ([]fragment, error) {
	all := f.pixels.fragments
	switch {
	case len(all.list) == frames: // the table, right or wrong, adds nothing
		return all.list[n : n+1], nil
	case frames == 1 && len(all.list) > 0:
		return all.list, nil
	case len(all.list) < frames:
		if n < len(all.list) && len(all.table) <= len(all.list) {
			return all.list[n : n+1], nil
		}
		return nil, project.Errorf(project.Invalid, "the pixel data are cut short: frame %d is missing, %d fragments for %d frames", n, len(all.list), frames)
	}
	f.starts.Do(func() { f.startsAt, f.startsErr = f.findStarts(frames) })
	if f.startsErr != nil {
		return nil, f.startsErr
	}
	first, last := f.startsAt[n], len(all.list)
	if n+1 < frames {
		last = f.startsAt[n+1]
	}
	if last <= first {
		return nil, project.Errorf(project.Invalid, "the offset table is out of order at frame %d", n)
	}
	return all.list[first:last], nil
}

// findStarts returns the index of each frame's first fragment.
func (f *File) findStarts(frames int) ([]int, error) {
	all := f.pixels.fragments
	byTable, err := f.startsByTable(frames)
	if err == nil || codecs[f.Syntax].family != familyJPEG {
		return byTable, err
	}
	var starts []int
	for n, part := range all.list {
		var b [2]byte
		if part.length < 2 {
			continue
		}
		if err := f.src.readFull(b[:], part.offset); err != nil {
			return nil, err
		}
		if b == [2]byte{0xFF, 0xD8} {
			starts = append(starts, n)
		}
	}
	if len(starts) != frames {
		return nil, err
	}
	return starts, nil
}

// startsByTable looks up the frames' offsets.
func (f *File) startsByTable(frames int) ([]int, error) {
	all := f.pixels.fragments
	offsets := make([]uint64, 0, frames)
	for _, offset := range all.table {
		offsets = append(offsets, uint64(offset))
	}
	if extended, ok := f.Data.Bytes(ExtendedOffsetTable); ok && len(offsets) == 0 {
		for ; len(extended) >= 8; extended = extended[8:] {
			offsets = append(offsets, binary.LittleEndian.Uint64(extended))
		}
	}
	if len(offsets) != frames {
		return nil, project.Errorf(project.Invalid, "%d fragments for %d frames, and no table that says which is whose", len(all.list), frames)
	}
	starts := make([]int, frames)
	for n, offset := range offsets {
		at, ok := all.at(offset)
		if !ok {
			return nil, project.Errorf(project.Invalid, "the offset table names no fragment for frame %d", n)
		}
		starts[n] = at
	}
	return starts, nil
}

// at returns the index of the fragment whose item header lies at offset from the first one's.
func (f *fragments) at(offset uint64) (int, bool) {
	if offset > 1<<62 {
		return 0, false
	}
	want := f.start + int64(offset) + 8
	lo, hi := 0, len(f.list)
	for lo < hi {
		if mid := (lo + hi) / 2; f.list[mid].offset < want {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	return lo, lo < len(f.list) && f.list[lo].offset == want
}
