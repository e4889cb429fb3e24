package encode

import (
	"cmp"
	"slices"
)

// Encode writes m as a codestream. It neither keeps nor changes m.
func Encode(m *Image, o Options) ([]byte, error) {
	if err := m.check(); err != nil {
		return nil, err
	}
	if err := o.check(m); err != nil {
		return nil, err
	}
	k := &maker{m: m, o: &o}
	for c := range m.Components {
		k.q = append(k.q, quantisationOf(o.coding(c), m.Components[c].Bits, o.guard(), o.Transform && c < 3))
	}
	parts, err := k.parts()
	if err != nil {
		return nil, err
	}
	out := k.mainHeader()
	if o.TLM {
		out = appendTLM(out, parts)
	}
	if o.PPM {
		var all []byte
		for _, p := range parts {
			all = append(be.AppendUint32(all, uint32(len(p.headers))), p.headers...)
		}
		out = chunks(out, mPPM, all, 0)
	}
	for i, p := range parts {
		if o.OpenLengths && i == len(parts)-1 {
			clear(p.bytes[6:10]) // Psot
		}
		out = append(out, p.bytes...)
	}
	return be.AppendUint16(out, mEOC), nil
}

// part is a tile part.
type part struct {
	tile, index int
	bytes       []byte // from its marker SOT on
	headers     []byte // of its packets, if they go into the main header
}

// parts makes all tile parts in the order in which they are written.
func (k *maker) parts() ([]part, error) {
	var out []part
	for n, area := range k.tiles() {
		t, err := k.tile(n, area)
		if err != nil {
			return nil, err
		}
		packets, err := t.packets(k.o)
		if err != nil {
			return nil, err
		}
		out = append(out, k.divide(n, packets)...)
	}
	if k.o.Interleave {
		slices.SortStableFunc(out, func(a, b part) int { return cmp.Compare(a.index, b.index) })
	}
	return out, nil
}

// tiles returns where each tile lies on the reference grid.
func (k *maker) tiles() (out []rect) {
	w, h := k.o.tileSize(k.m)
	all := rect{k.m.X0, k.m.Y0, k.m.X1, k.m.Y1}
	for y := k.o.TileY; y < k.m.Y1; y += h {
		for x := k.o.TileX; x < k.m.X1; x += w {
			out = append(out, rect{x, y, x + w, y + h}.and(all))
		}
	}
	return out
}

// divide brings the packets of a tile into tile parts.
func (k *maker) divide(tile int, packets []packet) (out []part) {
	size := k.o.TilePartPackets
	if size <= 0 || len(packets)/size > 200 {
		size = max(len(packets), 1)
	}
	total := max(1, ceil(len(packets), size))
	for i := range total {
		own := packets[min(i*size, len(packets)):min((i+1)*size, len(packets))]
		out = append(out, k.part(tile, i, total, i*size, own))
	}
	return out
}

// part writes a tile part; first is the number of its first packet.
func (k *maker) part(tile, index, total, first int, packets []packet) part {
	var headers, data, lengths []byte
	for i, p := range packets {
		header := p.header
		if k.o.EPH {
			header = be.AppendUint16(slices.Clone(header), mEPH)
		}
		n := len(data)
		if k.o.SOP {
			data = appendSegment(data, mSOP, be.AppendUint16(nil, uint16(first+i)))
		}
		if k.o.PPM || k.o.PPT {
			headers = append(headers, header...)
		} else {
			data = append(data, header...)
		}
		data = append(data, p.body...)
		lengths = appendLength(lengths, len(data)-n)
	}
	var markers []byte
	if k.o.InTiles && index == 0 {
		markers = k.coding(markers)
	}
	if k.o.PLT {
		markers = chunksOfLengths(markers, lengths)
	}
	if k.o.PPT {
		markers = chunks(markers, mPPT, headers, index) // OpenJPEG wants numbers that are unique in the tile
		headers = nil
	}
	if k.o.OpenLengths && index < total-1 {
		total = 0
	}
	head := be.AppendUint16(nil, uint16(tile))
	head = be.AppendUint32(head, uint32(12+len(markers)+2+len(data)))
	out := appendSegment(nil, mSOT, append(head, byte(index), byte(total)))
	out = be.AppendUint16(append(out, markers...), mSOD)
	return part{tile, index, append(out, data...), headers}
}

// appendLength writes a packet's length in groups of seven bits (A.7.3).
func appendLength(out []byte, n int) []byte {
	groups := []byte{byte(n & 0x7F)}
	for n >>= 7; n > 0; n >>= 7 {
		groups = append(groups, byte(n&0x7F|0x80))
	}
	slices.Reverse(groups)
	return append(out, groups...)
}

// chunksOfLengths appends PLT; no length is divided between two.
func chunksOfLengths(out, lengths []byte) []byte {
	for n := 0; n == 0 || len(lengths) > 0; n++ {
		end := min(65000, len(lengths))
		for end > 0 && lengths[end-1]&0x80 != 0 {
			end--
		}
		out = appendSegment(out, mPLT, append([]byte{byte(n)}, lengths[:end]...))
		lengths = lengths[end:]
	}
	return out
}

// appendTLM writes the lengths of all tile parts, each with its tile in two bytes (A.7.1).
func appendTLM(out []byte, parts []part) []byte {
	for n := 0; len(parts) > 0; n++ {
		own := parts[:min(10000, len(parts))]
		body := []byte{byte(n), 0x60}
		for _, p := range own {
			body = be.AppendUint32(be.AppendUint16(body, uint16(p.tile)), uint32(len(p.bytes)))
		}
		out = appendSegment(out, mTLM, body)
		parts = parts[len(own):]
	}
	return out
}
