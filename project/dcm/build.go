package dcm

import (
	"cmp"
	"fmt"
	"slices"
)

// NewDataSet returns an empty data set to be filled with Set.
func NewDataSet() *DataSet { return &DataSet{} }

// Set gives the element t the values and returns d. An element that is there is replaced; no values make it empty.
//
// A value is a string (or []string) for text, an integer or float of any size (or []int, []float64) for numbers in binary or in text (DS, IS), a
// Tag for AT, []byte for the raw little-endian value of any VR, a *DataSet (or []*DataSet) for an item of SQ. A value of a Go type that does not
// suit the VR is a mistake in the program and panics; text that is too long or malformed is found by Write.
//
// Bytes and items are not copied: the caller gives them away.
func (d *DataSet) Set(t Tag, vr VR, values ...any) *DataSet {
	e := element{tag: t, vr: vr}
	if vr == SQ {
		e.sub = &sub{items: itemsOf(t, values)}
	} else {
		e.value = encodeValues(t, vr, values)
	}
	n, found := slices.BinarySearchFunc(d.elements, t, func(e element, t Tag) int { return cmp.Compare(e.tag, t) })
	if found {
		d.elements[n] = e
	} else {
		d.elements = slices.Insert(d.elements, n, e)
	}
	if t == SpecificCharacterSet {
		d.chars = parseCharset(e.value)
	}
	return d
}

// Delete removes the element t, if it is there.
func (d *DataSet) Delete(t Tag) {
	d.elements = slices.DeleteFunc(d.elements, func(e element) bool { return e.tag == t })
}

func itemsOf(t Tag, values []any) []*DataSet {
	var items []*DataSet
	for _, v := range values {
		switch v := v.(type) {
		case *DataSet:
			items = append(items, v)
		case []*DataSet:
			items = append(items, v...)
		default:
			panic(fmt.Sprintf("dcm: %v SQ cannot hold a %T", t, v))
		}
	}
	return items
}
