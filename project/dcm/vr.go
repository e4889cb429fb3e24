package dcm

// VR is a value representation (PS3.5 6.2): two letters, the first in the upper byte.
type VR uint16

// The value representations of PS3.5.
const (
	AE VR = 'A'<<8 | 'E'
	AS VR = 'A'<<8 | 'S'
	AT VR = 'A'<<8 | 'T'
	CS VR = 'C'<<8 | 'S'
	DA VR = 'D'<<8 | 'A'
	DS VR = 'D'<<8 | 'S'
	DT VR = 'D'<<8 | 'T'
	FD VR = 'F'<<8 | 'D'
	FL VR = 'F'<<8 | 'L'
	IS VR = 'I'<<8 | 'S'
	LO VR = 'L'<<8 | 'O'
	LT VR = 'L'<<8 | 'T'
	OB VR = 'O'<<8 | 'B'
	OD VR = 'O'<<8 | 'D'
	OF VR = 'O'<<8 | 'F'
	OL VR = 'O'<<8 | 'L'
	OV VR = 'O'<<8 | 'V'
	OW VR = 'O'<<8 | 'W'
	PN VR = 'P'<<8 | 'N'
	SH VR = 'S'<<8 | 'H'
	SL VR = 'S'<<8 | 'L'
	SQ VR = 'S'<<8 | 'Q'
	SS VR = 'S'<<8 | 'S'
	ST VR = 'S'<<8 | 'T'
	SV VR = 'S'<<8 | 'V'
	TM VR = 'T'<<8 | 'M'
	UC VR = 'U'<<8 | 'C'
	UI VR = 'U'<<8 | 'I'
	UL VR = 'U'<<8 | 'L'
	UN VR = 'U'<<8 | 'N'
	UR VR = 'U'<<8 | 'R'
	US VR = 'U'<<8 | 'S'
	UT VR = 'U'<<8 | 'T'
	UV VR = 'U'<<8 | 'V'
)

// String returns the two letters, or "??" for the zero value.
func (v VR) String() string {
	if v == 0 {
		return "??"
	}
	return string([]byte{byte(v >> 8), byte(v)})
}

// vrTrait is what reading and writing need to know of a VR.
type vrTrait uint8

const (
	vrKnown    vrTrait = 1 << iota
	vrLong             // explicit encoding has two reserved bytes and a length of four
	vrText             // characters
	vrCharset          // characters under Specific Character Set
	vrWhole            // one value: a backslash is a character like others
	vrLeading          // leading spaces are part of the value
	vrInteger          // binary integers
	vrFloating         // binary floating point
)

// vrTraits is indexed by the two letters less 'A', 26 x 26: it is asked for every element of a file.
var vrTraits = func() (t [26 * 26]vrTrait) {
	set := func(trait vrTrait, vrs ...VR) {
		for _, v := range vrs {
			t[int(v>>8-'A')*26+int(v&0xFF-'A')] |= trait
		}
	}
	set(vrKnown, AE, AS, AT, CS, DA, DS, DT, FD, FL, IS, LO, LT, OB, OD, OF, OL, OV, OW, PN, SH, SL, SQ, SS, ST, SV, TM, UC, UI, UL, UN, UR, US, UT, UV)
	set(vrLong, OB, OD, OF, OL, OV, OW, SQ, SV, UC, UN, UR, UT, UV)
	set(vrText, AE, AS, CS, DA, DS, DT, IS, LO, LT, PN, SH, ST, TM, UC, UI, UR, UT)
	set(vrCharset, LO, LT, PN, SH, ST, UC, UT)
	set(vrWhole, LT, ST, UT, UR)
	set(vrLeading, LT, ST, UT, UC)
	set(vrInteger, SL, SS, SV, UL, US, UV)
	set(vrFloating, FD, FL)
	return t
}()

func (v VR) traits() vrTrait {
	a, b := uint(v>>8)-'A', uint(v&0xFF)-'A'
	if a >= 26 || b >= 26 {
		return 0
	}
	return vrTraits[a*26+b]
}

func (v VR) is(t vrTrait) bool { return v.traits()&t != 0 }

// upperCase reports whether v consists of two letters A to Z, whether known or not.
func (v VR) upperCase() bool { return uint(v>>8)-'A' < 26 && uint(v&0xFF)-'A' < 26 }

// unit returns the size in bytes of one number of a binary VR, 1 where the order of bytes does not matter.
func (v VR) unit() int {
	switch v {
	case US, SS, OW, AT: // AT is two numbers of two bytes
		return 2
	case UL, SL, FL, OF, OL:
		return 4
	case FD, OD, OV, SV, UV:
		return 8
	}
	return 1
}
