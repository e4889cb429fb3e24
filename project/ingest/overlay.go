package ingest

import (
	"slices"

	"hotlight/project"
	"hotlight/project/dcm"
	"hotlight/project/volume"
)

// Overlay names an overlay plane that slices of an image have.
type Overlay struct {
	Group       uint16 // 0x6000 to 0x60FE
	Region      bool   // a region of interest; otherwise graphics
	Label       string // as in the file, may be empty
	Description string
}

// overlayPlane is what the header of one file says of one overlay (PS3.3 C.9.2).
type overlayPlane struct {
	Overlay
	rows, columns int
	row, column   int // zero-based, of its first pixel in the picture
	frames        int // of its own
	from          int // zero-based, the first frame of the image that has it
	bit           int // of the pixel cell that holds it, -1 for bits of its own
}

// Elements of the overlay groups, for group 6000.
const (
	tagOverlayFrames      dcm.Tag = 0x60000015
	tagOverlayDescription dcm.Tag = 0x60000022
	tagOverlayType        dcm.Tag = 0x60000040
	tagOverlayOrigin      dcm.Tag = 0x60000050
	tagOverlayFirstFrame  dcm.Tag = 0x60000051
	tagOverlayBits        dcm.Tag = 0x60000100
	tagOverlayBitPosition dcm.Tag = 0x60000102
	tagOverlayLabel       dcm.Tag = 0x60001500
)

// overlayGroups is how many groups there may be: 6000, 6002 ... 601E, and what old files use up to 60FE.
const overlayGroups = 128

// readOverlays describes the overlays of x; what cannot be used is told. f is the file that d belongs to.
func (x *instance) readOverlays(d *dcm.DataSet, f *dcm.File) {
	if !d.HasBetween(dcm.OverlayRows, dcm.OverlayRows|(2*overlayGroups-1)<<16) {
		return // as nearly every file
	}
	for n := range overlayGroups {
		group := dcm.Tag(2*n) << 16
		if !d.Has(group|dcm.OverlayRows) || !d.Has(group|dcm.OverlayColumns) {
			continue
		}
		o := overlayPlane{bit: -1, frames: 1}
		o.Group = uint16(0x6000 + 2*n)
		o.rows, _ = d.Int(group | dcm.OverlayRows)
		o.columns, _ = d.Int(group | dcm.OverlayColumns)
		o.Region = text(d, group|tagOverlayType) == "R"
		o.Label, o.Description = text(d, group|tagOverlayLabel), text(d, group|tagOverlayDescription)
		if v := d.Ints(group | tagOverlayOrigin); len(v) == 2 {
			o.row, o.column = v[0]-1, v[1]-1
		}
		if v, ok := d.Int(group | tagOverlayFrames); ok && v > 1 {
			o.frames = v
		}
		if v, ok := d.Int(group | tagOverlayFirstFrame); ok && v > 1 {
			o.from = v - 1
		}
		if x.usableOverlay(&o, d, f) {
			x.overlays = append(x.overlays, o)
		}
	}
}

// usableOverlay finds where the bits of o are. Without data of its own an overlay is in a bit of the pixel cells, beside those of the pixel.
func (x *instance) usableOverlay(o *overlayPlane, d *dcm.DataSet, f *dcm.File) bool {
	group := dcm.Tag(o.Group-0x6000) << 16
	if o.rows < 1 || o.columns < 1 || o.rows > 1<<16 || o.columns > 1<<16 {
		x.warn(project.WarnRead, "An overlay has no size and is not shown.")
		return false
	}
	if d.Has(group | dcm.OverlayData) {
		raw, _ := d.Bytes(group | dcm.OverlayData)
		switch have, need := int64(len(raw))*8, int64(o.rows)*int64(o.columns)*int64(o.frames); {
		case have < need/2:
			x.warn(project.WarnRead, "An overlay is cut short and is not shown.")
			return false
		case have <= need-8: // what is less lay in a last byte that was rounded down
			x.warn(project.WarnRead, "An overlay lacks the last %d of its %d pixels.", need-have, need)
		}
		return true
	}
	p := x.format
	bit, hasBit := d.Int(group | tagOverlayBitPosition)
	allocated, _ := d.Int(group | tagOverlayBits)
	switch {
	case !hasBit || allocated < 8: // neither data nor a bit: a header without an overlay
		return false
	case p.Samples != 1 || p.Float || bit < 0 || bit >= p.BitsAllocated || bit <= p.HighBit && bit > p.HighBit-p.BitsStored:
		x.warn(project.WarnRead, "An overlay is said to be in bits that are the pixel's own, and is not shown.")
		return false
	case !f.HasCells():
		x.warn(project.WarnRead, "An overlay was in bits that the compression has left out, and is not shown.")
		return false
	}
	o.bit, o.row, o.column = bit, 0, 0
	o.rows, o.columns, o.frames, o.from = p.Rows, p.Columns, 1, 0
	return true
}

// overlaysOf returns the overlays of a frame, read from the open file.
func (o *opened) overlaysOf(f *frame) (out []volume.Overlay, err error) {
	var cells []byte
	for _, plane := range f.of.overlays {
		at := f.number - plane.from
		if at < 0 || plane.frames > 1 && at >= plane.frames {
			continue
		}
		v := volume.Overlay{Group: plane.Group, Region: plane.Region, Label: plane.Label, Column: plane.column, Row: plane.row, Columns: plane.columns, Rows: plane.rows}
		switch {
		case plane.bit >= 0:
			if cells == nil {
				cells = make([]byte, f.of.format.FrameBytes())
				if err := o.file.DecodeCells(f.number, cells); err != nil {
					return nil, err
				}
			}
			v.Bits = bitOf(cells, f.of.format.SampleBytes(), plane.bit)
		case plane.frames > 1:
			raw, _ := o.file.Data.Bytes(plane.tag())
			v.Bits = bitsFrom(raw, at*plane.rows*plane.columns, plane.rows*plane.columns)
		default:
			if v.Bits, err = o.sharedBits(plane); err != nil {
				return nil, err
			}
		}
		out = append(out, v)
	}
	return out, nil
}

func (p *overlayPlane) tag() dcm.Tag { return dcm.Tag(p.Group-0x6000)<<16 | dcm.OverlayData }

// sharedBits are the bits of an overlay that all frames show: one copy for all of them.
func (o *opened) sharedBits(p overlayPlane) ([]byte, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if b, ok := o.bits[p.Group]; ok {
		return b, nil
	}
	raw, ok := o.file.Data.Bytes(p.tag())
	if !ok {
		return nil, project.Errorf(project.Conflict, "the file has changed since it was scanned")
	}
	if o.bits == nil {
		o.bits = map[uint16][]byte{}
	}
	o.bits[p.Group] = bitsFrom(raw, 0, p.rows*p.columns)
	return o.bits[p.Group], nil
}

// bitsFrom copies count bits from bit first on; those that are not there are 0.
func bitsFrom(raw []byte, first, count int) []byte {
	out := make([]byte, (count+7)/8)
	shift := first & 7
	for n := range out {
		at := first>>3 + n
		if at < len(raw) {
			out[n] = raw[at] >> shift
		}
		if shift > 0 && at+1 < len(raw) {
			out[n] |= raw[at+1] << (8 - shift)
		}
	}
	return out
}

// bitOf gathers one bit of each cell.
func bitOf(cells []byte, width, bit int) []byte {
	count := len(cells) / width
	out := make([]byte, (count+7)/8)
	for n := range count {
		out[n>>3] |= cells[n*width+bit>>3] >> (bit & 7) & 1 << (n & 7)
	}
	return out
}

// findOverlays lists the overlays that any slice has, in the order of their groups.
func (m *Image) findOverlays() {
	for _, f := range m.frames {
		for _, o := range f.of.overlays {
			if !slices.ContainsFunc(m.Overlays, func(have Overlay) bool { return have.Group == o.Group }) {
				m.Overlays = append(m.Overlays, o.Overlay)
			}
		}
	}
	slices.SortFunc(m.Overlays, func(a, b Overlay) int { return int(a.Group) - int(b.Group) })
}
