package dcm

import (
	"sync/atomic"

	"github.com/suyashkumar/dicom/pkg/tag"
)

// dictionaryEntry is what implicit encoding leaves out.
type dictionaryEntry struct {
	vr VR // UN where the standard knows no such tag
	// signedByPixels: US or SS, decided by Pixel Representation (PS3.5 A.1).
	signedByPixels bool
}

// dictionaryCache keeps answers of the library's dictionary, whose lookup costs more than reading the element. Each word holds tag, flag and VR;
// a word that another tag has taken is asked again.
var dictionaryCache [4096]atomic.Uint64

const dictionaryFilled = 1 << 63

func lookup(t Tag) dictionaryEntry {
	slot := &dictionaryCache[(uint32(t)*2654435761)>>20]
	if w := slot.Load(); w&dictionaryFilled != 0 && Tag(w>>16&0xFFFFFFFF) == t {
		return dictionaryEntry{vr: VR(w), signedByPixels: w>>48&1 == 1}
	}
	e := lookupSlow(t)
	w := dictionaryFilled | uint64(t)<<16 | uint64(e.vr)
	if e.signedByPixels {
		w |= 1 << 48
	}
	slot.Store(w)
	return e
}

func lookupSlow(t Tag) dictionaryEntry {
	if t.Element() == 0 {
		return dictionaryEntry{vr: UL} // group length
	}
	if t.IsPrivate() {
		if e := t.Element(); e >= 0x10 && e <= 0xFF {
			return dictionaryEntry{vr: LO} // private creator
		}
		return dictionaryEntry{vr: UN}
	}
	switch t.Group() & 0xFF00 {
	case 0x5000, 0x6000: // curves and overlays: one group each, 60xx
		t &= 0xFF00FFFF
	}
	info, err := tag.Find(tag.Tag{Group: t.Group(), Element: t.Element()})
	if err != nil || len(info.VRs) == 0 || len(info.VRs[0]) != 2 {
		return dictionaryEntry{vr: UN}
	}
	has := func(vr string) bool {
		for _, v := range info.VRs {
			if v == vr {
				return true
			}
		}
		return false
	}
	if has("OW") {
		return dictionaryEntry{vr: OW} // PS3.5 A.1: implicit encoding has OW where OB or OW are possible
	}
	first := VR(info.VRs[0][0])<<8 | VR(info.VRs[0][1])
	return dictionaryEntry{vr: first, signedByPixels: has("US") && has("SS")}
}

// Keyword returns the standard's keyword for t, such as "PixelData", or "" when it knows none.
func Keyword(t Tag) string {
	info, err := tag.Find(tag.Tag{Group: t.Group(), Element: t.Element()})
	if err != nil {
		return ""
	}
	return info.Keyword
}
