package encode

import (
	"bytes"
	"encoding/binary"
)

// Markers (table A.2, and 15444-15 for CAP).
const (
	mSOC = 0xFF4F
	mCAP = 0xFF50
	mSIZ = 0xFF51
	mCOD = 0xFF52
	mCOC = 0xFF53
	mTLM = 0xFF55
	mPLT = 0xFF58
	mQCD = 0xFF5C
	mQCC = 0xFF5D
	mRGN = 0xFF5E
	mPOC = 0xFF5F
	mPPM = 0xFF60
	mPPT = 0xFF61
	mCOM = 0xFF64
	mSOT = 0xFF90
	mSOP = 0xFF91
	mEPH = 0xFF92
	mSOD = 0xFF93
	mEOC = 0xFFD9
)

var be = binary.BigEndian

// appendSegment appends a marker segment.
func appendSegment(out []byte, marker uint16, body []byte) []byte {
	out = be.AppendUint16(out, marker)
	out = be.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

// chunks appends body in as many segments as it takes; they are numbered from first on.
func chunks(out []byte, marker uint16, body []byte, first int) []byte {
	const most = 65535 - 3
	for n := first; n == first || len(body) > 0; n++ {
		part := body[:min(most, len(body))]
		out = appendSegment(out, marker, append([]byte{byte(n)}, part...))
		body = body[len(part):]
	}
	return out
}

// mainHeader writes SOC to what comes before the first tile part, but TLM and PPM.
func (k *maker) mainHeader() []byte {
	out := be.AppendUint16(nil, mSOC)
	out = appendSegment(out, mSIZ, k.siz())
	if body := k.capabilities(); body != nil {
		out = appendSegment(out, mCAP, body)
	}
	if k.o.InTiles {
		other := Options{Coding: Coding{Levels: 1, BlockWidth: 4, BlockHeight: 8}, SOP: k.o.SOP, EPH: k.o.EPH, Layers: k.o.Layers%7 + 1, Order: (k.o.Order + 1) % 5}
		liar := maker{m: k.m, o: &other}
		out = liar.coding(out)
	} else {
		out = k.coding(out)
	}
	if k.o.Comment != "" {
		out = appendSegment(out, mCOM, append([]byte{0, 1}, k.o.Comment...))
	}
	return out
}

// coding appends the markers that say how tiles are coded.
func (k *maker) coding(out []byte) []byte {
	coding := k.o.coding(-1)
	cod := []byte{coding.scod() | flag(k.o.SOP)<<1 | flag(k.o.EPH)<<2, byte(k.o.Order)}
	cod = append(be.AppendUint16(cod, uint16(k.o.layers())), flag(k.o.Transform))
	out = appendSegment(out, mCOD, append(cod, coding.spcod()...))
	usual := quantisationOf(coding, k.m.Components[0].Bits, k.o.guard(), k.o.Transform)
	out = appendSegment(out, mQCD, usual.write())
	for c := range k.q {
		own := k.o.coding(c)
		if own.scod() != coding.scod() || !bytes.Equal(own.spcod(), coding.spcod()) {
			out = appendSegment(out, mCOC, append(append(k.component(c), own.scod()), own.spcod()...))
		}
		if !bytes.Equal(k.q[c].write(), usual.write()) {
			out = appendSegment(out, mQCC, append(k.component(c), k.q[c].write()...))
		}
		if k.q[c].shift > 0 {
			out = appendSegment(out, mRGN, append(k.component(c), 0, byte(k.q[c].shift)))
		}
	}
	if len(k.o.Changes) == 0 {
		return out
	}
	var body []byte
	for _, p := range k.o.Changes {
		body = append(append(body, byte(p.Resolution)), k.component(p.Component)...)
		body = append(be.AppendUint16(body, uint16(p.LayerEnd)), byte(p.ResolutionEnd))
		body = append(append(body, k.component(p.ComponentEnd)...), byte(p.Order))
	}
	return appendSegment(out, mPOC, body)
}

func (o *Options) guard() int {
	if o.Guard == 0 {
		return 2
	}
	return o.Guard
}

func flag(v bool) byte {
	if v {
		return 1
	}
	return 0
}

// component writes a component's number in one byte or in two.
func (k *maker) component(c int) []byte {
	if len(k.m.Components) < 257 {
		return []byte{byte(c)}
	}
	return be.AppendUint16(nil, uint16(c))
}

func (k *maker) siz() []byte {
	rsiz := 0
	if k.highThroughput() > 0 {
		rsiz = 1 << 14
	}
	out := be.AppendUint16(nil, uint16(rsiz))
	w, h := k.o.tileSize(k.m)
	for _, v := range []int{k.m.X1, k.m.Y1, k.m.X0, k.m.Y0, w, h, k.o.TileX, k.o.TileY} {
		out = be.AppendUint32(out, uint32(v))
	}
	out = be.AppendUint16(out, uint16(len(k.m.Components)))
	for _, c := range k.m.Components {
		out = append(out, flag(c.Signed)<<7|byte(c.Bits-1), byte(max(c.DX, 1)), byte(max(c.DY, 1)))
	}
	return out
}

func (o *Options) tileSize(m *Image) (w, h int) {
	w, h = o.TileWidth, o.TileHeight
	if w == 0 {
		w = m.X1 - o.TileX
	}
	if h == 0 {
		h = m.Y1 - o.TileY
	}
	return w, h
}

// highThroughput returns how many components use the HT block coder.
func (k *maker) highThroughput() (n int) {
	for c := range k.m.Components {
		if k.o.coding(c).Style&HighThroughput != 0 {
			n++
		}
	}
	return n
}

// capabilities is CAP (15444-15 A.3), or nil for a stream that needs none.
func (k *maker) capabilities() []byte {
	n := k.highThroughput()
	if n == 0 {
		return nil
	}
	ccap, most := uint16(0), 0
	if n < len(k.m.Components) {
		ccap |= 2 << 14 // HTDECLARED: some components are not
	}
	for c := range k.q {
		if k.o.coding(c).Style&Mixed != 0 {
			ccap |= 3 << 14 // MIXED
		}
		if k.o.coding(c).HTTwice {
			ccap |= 1 << 13
		}
		if k.q[c].shift > 0 {
			ccap |= 1 << 12
		}
		if !k.q[c].reversible {
			ccap |= 1 << 5
		}
		most = max(most, k.q[c].deepest()+k.q[c].shift)
	}
	if k.o.InTiles {
		ccap |= 1 << 11 // HETEROGENEOUS
	}
	switch { // MAGB
	case most <= 8:
	case most < 28:
		ccap |= uint16(most - 8)
	default:
		ccap |= uint16(13 + most>>2)
	}
	return be.AppendUint16(be.AppendUint32(nil, 1<<17), ccap)
}

func (c *Coding) scod() byte { return flag(len(c.Precincts) > 0) }

func (c *Coding) spcod() []byte {
	out := []byte{byte(c.Levels), byte(log2(c.BlockWidth) - 2), byte(log2(c.BlockHeight) - 2), byte(c.Style), 1 - flag(c.Irreversible)}
	if len(c.Precincts) > 0 {
		for r := range c.Levels + 1 {
			w, h := c.precinct(r)
			out = append(out, byte(log2(h)<<4|log2(w)))
		}
	}
	return out
}
