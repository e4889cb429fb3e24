package ingest

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
)

// Elements of a concatenation (PS3.3 C.7.6.16).
const (
	tagConcatenationSource      dcm.Tag = 0x00200242
	tagConcatenationUID         dcm.Tag = 0x00209161
	tagInConcatenationNumber    dcm.Tag = 0x00209162
	tagInConcatenationTotal     dcm.Tag = 0x00209163
	tagConcatenationFrameOffset dcm.Tag = 0x00209228
)

// concatenation says which part of a larger image a file is. A multi-frame image may be stored in several files, each with an instance UID of its own.
type concatenation struct {
	uid    string // empty for a file that stands alone
	number int    // of the part, from 1; 0 where the file does not say
	total  int    // parts; 0 where the file does not say
	offset int    // frames before this part; -1 where the file does not say
	first  *instance
}

func readConcatenation(d *dcm.DataSet) concatenation {
	c := concatenation{uid: cmp.Or(text(d, tagConcatenationUID), text(d, tagConcatenationSource)), offset: -1}
	if n, ok := d.Int(tagInConcatenationNumber); ok && n > 0 && n <= 1<<16 {
		c.number = n
	}
	if n, ok := d.Int(tagInConcatenationTotal); ok && n > 0 {
		c.total = n
	}
	if n, ok := d.Int(tagConcatenationFrameOffset); ok && n >= 0 {
		c.offset = n
	}
	return c
}

// file returns the instance that stands for all parts of a file: the first of its concatenation, or itself.
func (x *instance) file() *instance {
	if x.part.first != nil {
		return x.part.first
	}
	return x
}

// joinConcatenations puts the parts of each concatenation one after the other, where its first stands, and warns of those that are missing.
func joinConcatenations(all []*instance) []*instance {
	parts := map[string][]*instance{}
	for _, x := range all {
		if x.part.uid != "" {
			parts[x.part.uid] = append(parts[x.part.uid], x)
		}
	}
	if len(parts) == 0 {
		return all
	}
	var out []*instance
	for _, x := range all {
		list := parts[x.part.uid]
		switch {
		case x.part.uid == "":
			out = append(out, x)
		case list != nil:
			join(list)
			out = append(out, list...)
			delete(parts, x.part.uid)
		}
	}
	return out
}

func join(parts []*instance) {
	slices.SortStableFunc(parts, func(a, b *instance) int {
		return cmp.Or(cmp.Compare(a.part.offset, b.part.offset), cmp.Compare(a.part.number, b.part.number))
	})
	missing := missingParts(parts)
	for _, x := range parts {
		x.part.first = parts[0]
		if missing != "" {
			x.warn(project.WarnMissingPart, "The image is stored in several files, of which %s.", missing)
		}
	}
}

// missingParts names the parts that are not here, by number where the files say it, else by the frames between those that are here.
func missingParts(parts []*instance) string {
	have, last := map[int]bool{}, 0
	numbered := true
	for _, x := range parts {
		have[x.part.number] = true
		numbered = numbered && x.part.number > 0
		last = max(last, x.part.number, min(x.part.total, 1<<16))
	}
	if numbered {
		var names []string
		for n := 1; n <= last; n++ {
			if !have[n] {
				names = append(names, strconv.Itoa(n))
			}
		}
		switch {
		case len(names) == 0:
		case len(names) == 1:
			return "number " + names[0] + " of " + strconv.Itoa(last) + " is missing"
		case len(names) <= 5:
			return "numbers " + strings.Join(names, ", ") + " of " + strconv.Itoa(last) + " are missing"
		default:
			return strconv.Itoa(len(names)) + " of " + strconv.Itoa(last) + " are missing"
		}
	}
	next := 0
	for _, x := range parts {
		if x.part.offset > next {
			return "some are missing: frames " + strconv.Itoa(next+1) + " to " + strconv.Itoa(x.part.offset) + " are not here"
		}
		if x.part.offset < 0 {
			return ""
		}
		next = x.part.offset + x.format.Frames
	}
	return ""
}
