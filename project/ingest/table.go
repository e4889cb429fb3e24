package ingest

import (
	"encoding/binary"

	"hotlight/project"
	"hotlight/project/dcm"
)

// modalityTable maps stored values to values where no line does (PS3.3 C.11.1). Values outside take the end entries.
type modalityTable struct {
	first   int
	entries []float32
}

func readModalityTable(d *dcm.DataSet) (*modalityTable, error) {
	entries, first, err := readTable(d.Item(dcm.ModalityLUTSequence), dcm.LUTDescriptor, dcm.LUTData)
	if err != nil {
		return nil, err
	}
	t := &modalityTable{first: first, entries: make([]float32, len(entries))}
	for n, v := range entries {
		t.entries[n] = float32(v)
	}
	return t, nil
}

func (t *modalityTable) at(stored float64) float32 {
	return t.entries[max(0, min(int(stored)-t.first, len(t.entries)-1))]
}

// readTable reads a lookup table: its entries and the stored value of the first of them. The descriptor is count (0 means 65536), first and bits
// an entry; entries of 8 bits may be packed two to a word or have a word each.
func readTable(d *dcm.DataSet, descriptor, data dcm.Tag) (entries []uint16, first int, err error) {
	desc, raw := d.Ints(descriptor), []byte(nil)
	if b, ok := d.Bytes(data); ok {
		raw = b
	}
	if len(desc) != 3 || desc[2] < 1 || desc[2] > 16 {
		return nil, 0, project.Errorf(project.Invalid, "a lookup table has no usable description")
	}
	count := desc[0] & 0xFFFF
	if count == 0 {
		count = 1 << 16
	}
	if first = desc[1]; first > 1<<15 && signedPixels(d) {
		first -= 1 << 16
	}
	switch {
	case len(raw) >= 2*count:
		entries = make([]uint16, count)
		for n := range entries {
			entries[n] = binary.LittleEndian.Uint16(raw[2*n:])
		}
	case len(raw) >= count && desc[2] <= 8:
		entries = make([]uint16, count)
		for n := range entries {
			entries[n] = uint16(raw[n])
		}
	default:
		return nil, 0, project.Errorf(project.Invalid, "a lookup table is cut short: %d bytes for %d entries", len(raw), count)
	}
	return entries, first, nil
}

func signedPixels(d *dcm.DataSet) bool {
	v, _ := d.Int(dcm.PixelRepresentation)
	return v == 1
}
