package ingest

import (
	"encoding/binary"
	"math/bits"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// readLUT reads a lookup table (PS3.3 C.11.1.1, C.11.2.1.1, C.11.6.1, C.7.6.3.1.5). negative says whether the values that are looked up can be
// below 0.
//
// The descriptor is count (0 means 65536), first value mapped, and bits of an entry. Its traps, as other readers take them: the first value is
// two bytes of which only the range of the input says whether they are signed; count is unsigned even where its representation is SS. Entries
// of 8 bits may be packed two to a word or have a word each. Entries larger than declared are settled and
// come back as a note in words, empty for none; fewer entries than declared are an error, since nobody knows what the rest should be.
func readLUT(d *dcm.DataSet, descriptor, data dcm.Tag, negative bool) (l *volume.LUT, note string, err error) {
	desc := d.Ints(descriptor)
	raw, _ := d.Bytes(data)
	if len(desc) != 3 || len(raw) == 0 {
		return nil, "", project.Errorf(project.Invalid, "a lookup table has no usable description, or no entries")
	}
	count := desc[0] & 0xFFFF
	if count == 0 {
		count = 1 << 16
	}
	l = &volume.LUT{First: desc[1] & 0xFFFF, Bits: desc[2]}
	if negative {
		l.First = int(int16(l.First))
	}
	l.Entries = entriesOf(raw, count, desc[2])
	if len(l.Entries) < count {
		return nil, "", project.Errorf(project.Invalid, "a lookup table is cut short: %d bytes for %d entries", len(raw), count)
	}
	most := uint16(0)
	for _, v := range l.Entries {
		most = max(most, v)
	}
	if need := bits.Len16(most); l.Bits < 1 || l.Bits > 16 || need > l.Bits {
		l.Bits = max(8, need)
		note = "declares other bits than its entries have"
	}
	return l, note, nil
}

// entriesOf returns the entries in raw, count at most: a word each, or a byte each where there are no more bytes than that.
func entriesOf(raw []byte, count, depth int) []uint16 {
	if packed := len(raw) < 2*count && len(raw) >= count && (depth <= 8 || len(raw) <= count+1); packed {
		out := make([]uint16, count)
		for n := range out {
			out[n] = uint16(raw[n])
		}
		return out
	}
	out := make([]uint16, min(count, len(raw)/2))
	for n := range out {
		out[n] = binary.LittleEndian.Uint16(raw[2*n:])
	}
	return out
}
