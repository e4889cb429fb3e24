package project

// Code is a coded term: value, scheme and meaning, always the three together (PS3.3 8.8).
type Code struct {
	Value   string `json:"value" yaml:"code"`
	Scheme  string `json:"scheme" yaml:"scheme"`
	Meaning string `json:"meaning" yaml:"meaning"`
}

// IsZero reports whether nothing is set.
func (c Code) IsZero() bool { return c == Code{} }

// Colour is an sRGB colour of a segment; its text form is #rrggbb.
type Colour struct{ R, G, B uint8 }

const hexDigits = "0123456789abcdef"

func (c Colour) String() string {
	b := []byte{'#', 0, 0, 0, 0, 0, 0}
	for i, v := range [3]uint8{c.R, c.G, c.B} {
		b[1+2*i], b[2+2*i] = hexDigits[v>>4], hexDigits[v&15]
	}
	return string(b)
}

// ParseColour reads #rrggbb in either case.
func ParseColour(s string) (Colour, error) {
	if len(s) != 7 || s[0] != '#' {
		return Colour{}, Errorf(Invalid, "a colour is written #rrggbb")
	}
	var v [6]uint8
	for i := range v {
		switch d := s[1+i]; {
		case d >= '0' && d <= '9':
			v[i] = d - '0'
		case d >= 'a' && d <= 'f':
			v[i] = d - 'a' + 10
		case d >= 'A' && d <= 'F':
			v[i] = d - 'A' + 10
		default:
			return Colour{}, Errorf(Invalid, "a colour is written #rrggbb")
		}
	}
	return Colour{v[0]<<4 | v[1], v[2]<<4 | v[3], v[4]<<4 | v[5]}, nil
}

// MarshalText implements encoding.TextMarshaler.
func (c Colour) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText implements encoding.TextUnmarshaler.
func (c *Colour) UnmarshalText(b []byte) error {
	v, err := ParseColour(string(b))
	if err != nil {
		return err
	}
	*c = v
	return nil
}

// Palette is the order of segment colours where a project fixes none, found by search for the largest least distance under normal
// sight and under protanopia, deuteranopia and tritanopia. Past its end it repeats.
var Palette = [12]Colour{
	{0xFF, 0x4F, 0x17}, // vermilion
	{0x3A, 0x99, 0xBA}, // steel blue
	{0xA3, 0xF7, 0xCD}, // mint
	{0xE5, 0xDF, 0x00}, // yellow
	{0xEA, 0x97, 0x99}, // rose
	{0xAD, 0xA3, 0xFF}, // lavender
	{0xCC, 0xF1, 0x90}, // lime
	{0xF9, 0xC1, 0xFD}, // pink
	{0x71, 0x9A, 0x5B}, // moss
	{0xB7, 0x66, 0xFD}, // violet
	{0xB7, 0xB6, 0x69}, // khaki
	{0x57, 0xC5, 0xC8}, // teal
}
