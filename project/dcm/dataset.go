package dcm

import (
	"cmp"
	"slices"
)

// DataSet is the elements of an object or of one item of a sequence, sorted by tag. The zero value is empty.
//
// A data set that was read is read-only and may be used by several goroutines. Accessors never fail: a value that is absent, empty or not
// of the kind asked for is reported by ok = false or an empty list.
type DataSet struct {
	elements []element
	parent   *DataSet // for the character set and for Pixel Representation; nil at the top
	chars    *charset // nil: the parent's
}

// element is one entry. Exactly one of value and sub is used: sub holds items, fragments, or where a large value lies in the file.
type element struct {
	value []byte // little endian; aliases the read buffer
	sub   *sub
	tag   Tag
	vr    VR
	// signedByPixels: the VR was not in the file; Pixel Representation decides between US and SS.
	signedByPixels bool
}

// sub is what an element holds that is not simply its value in memory.
type sub struct {
	fragments *fragments
	items     []*DataSet
	lazy      *lazyValue
}

// lazyValue is a value that stays in the file until somebody asks.
type lazyValue struct {
	src    *source
	offset int64
	length int64
	unit   int // bytes of one number where the file is big endian, else 1
}

// load reads the value. A fresh copy each time: the caller may keep it.
func (l *lazyValue) load() ([]byte, bool) {
	if l.offset < 0 || l.length < 0 || l.offset+l.length > l.src.size {
		return nil, false
	}
	b := make([]byte, l.length)
	if err := l.src.readFull(b, l.offset); err != nil {
		return nil, false
	}
	swapWords(b, l.unit)
	return b, true
}

// find returns the element t or nil.
func (d *DataSet) find(t Tag) *element {
	if d == nil {
		return nil
	}
	n, ok := slices.BinarySearchFunc(d.elements, t, func(e element, t Tag) int {
		return cmp.Compare(e.tag, t)
	})
	if !ok {
		return nil
	}
	return &d.elements[n]
}

// Len returns the number of elements, those of items not counted.
func (d *DataSet) Len() int {
	if d == nil {
		return 0
	}
	return len(d.elements)
}

// Tags returns the tags in ascending order.
func (d *DataSet) Tags() []Tag {
	if d == nil {
		return nil
	}
	out := make([]Tag, len(d.elements))
	for n := range d.elements {
		out[n] = d.elements[n].tag
	}
	return out
}

// Has reports whether the element t is there, be it empty.
func (d *DataSet) Has(t Tag) bool { return d.find(t) != nil }

// HasBetween reports whether there is any element from the tag first to the tag last, both included.
func (d *DataSet) HasBetween(first, last Tag) bool {
	if d == nil {
		return false
	}
	n, found := slices.BinarySearchFunc(d.elements, first, func(e element, t Tag) int { return cmp.Compare(e.tag, t) })
	return found || n < len(d.elements) && d.elements[n].tag <= last
}

// VR returns the value representation of t: the file's, or the dictionary's for implicit encoding; 0 when t is absent.
func (d *DataSet) VR(t Tag) VR {
	if e := d.find(t); e != nil {
		return e.vr
	}
	return 0
}

// Bytes returns the raw value of t, little endian, padding included. ok is false when t is absent, is a sequence, or was left in a file that
// is closed (values over 64 KiB). The bytes are read-only: they may alias the read buffer.
func (d *DataSet) Bytes(t Tag) (value []byte, ok bool) {
	e := d.find(t)
	if e == nil {
		return nil, false
	}
	return e.bytes()
}

func (e *element) bytes() ([]byte, bool) {
	if e.sub == nil {
		return e.value, true
	}
	if e.sub.lazy == nil {
		return nil, false
	}
	return e.sub.lazy.load()
}

// Items returns the items of the sequence t; none when t is absent or not a sequence.
func (d *DataSet) Items(t Tag) []*DataSet {
	if e := d.find(t); e != nil && e.sub != nil {
		return e.sub.items
	}
	return nil
}

// Item returns the first item of the sequence t, or an empty data set, so that paths into nested sequences need no checks on the way.
func (d *DataSet) Item(t Tag) *DataSet {
	if items := d.Items(t); len(items) > 0 {
		return items[0]
	}
	return &DataSet{}
}

// Private returns the tag of a private element: the block that creator reserved in group, and the element's last two digits.
// ok is false when creator has no block there (PS3.5 7.8.1).
func (d *DataSet) Private(group uint16, creator string, element uint8) (t Tag, ok bool) {
	for block := Tag(0x10); block <= 0xFF; block++ {
		if name, found := d.String(Tag(group)<<16 | block); found && name == creator {
			return Tag(group)<<16 | block<<8 | Tag(element), true
		}
	}
	return 0, false
}

// root returns the data set of the whole object.
func (d *DataSet) root() *DataSet {
	for d.parent != nil {
		d = d.parent
	}
	return d
}
