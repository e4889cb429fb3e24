package overlay

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"

	"hotlight/assets"
)

// Style is a size in device pixels and a weight.
type Style struct {
	Px   float64
	Bold bool
}

// DrawText draws s with its baseline's left end at (x, y) and returns its advance in pixels. Characters that the font lacks show as its
// own box. Drawn texts are kept, so repeating one costs a copy.
func DrawText(dst *image.RGBA, s string, x, y int, st Style, c color.NRGBA) int {
	t := drawnText(s, st)
	r := t.mask.Rect.Add(image.Pt(x, y))
	draw.DrawMask(dst, r, image.NewUniform(c), image.Point{}, t.mask, t.mask.Rect.Min, draw.Over)
	return t.advance
}

// MeasureText returns the advance of s and the height of a line, both in device pixels.
func MeasureText(s string, st Style) (width, height int) {
	t := drawnText(s, st)
	return t.advance, t.height
}

// text is a drawn text: coverage relative to the baseline's left end.
type text struct {
	mask            *image.Alpha
	advance, height int
	ascent          int
}

type textKey struct {
	s  string
	st Style
}

// keptTexts bounds the memory of drawn texts: some 10 kB each.
const keptTexts = 512

// typesetter holds the parsed fonts and what they drew. Faces are not safe for several goroutines, hence the lock.
var typesetter struct {
	sync.Mutex
	fonts [2]*opentype.Font // regular, semibold
	faces map[Style]font.Face
	texts map[textKey]*text
}

func drawnText(s string, st Style) *text {
	t := &typesetter
	t.Lock()
	defer t.Unlock()
	key := textKey{s, st}
	if kept, ok := t.texts[key]; ok {
		return kept
	}
	if len(t.texts) >= keptTexts || t.texts == nil {
		t.texts = map[textKey]*text{}
	}
	made := setText(face(st), s)
	t.texts[key] = made
	return made
}

func setText(f font.Face, s string) *text {
	bounds, advance := font.BoundString(f, s)
	r := image.Rect(bounds.Min.X.Floor(), bounds.Min.Y.Floor(), bounds.Max.X.Ceil(), bounds.Max.Y.Ceil())
	mask := image.NewAlpha(r)
	d := font.Drawer{Dst: mask, Src: image.Opaque, Face: f, Dot: fixed.Point26_6{}}
	d.DrawString(s)
	m := f.Metrics()
	return &text{mask: mask, advance: advance.Ceil(), height: m.Height.Ceil(), ascent: m.Ascent.Ceil()}
}

// face is called with the lock held.
func face(st Style) font.Face {
	t := &typesetter
	if f, ok := t.faces[st]; ok {
		return f
	}
	if t.faces == nil {
		t.faces = map[Style]font.Face{}
		t.fonts = [2]*opentype.Font{mustParse(assets.PlexRegular()), mustParse(assets.PlexSemiBold())}
	}
	weight := 0
	if st.Bold {
		weight = 1
	}
	f, err := opentype.NewFace(t.fonts[weight], &opentype.FaceOptions{Size: st.Px, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		panic(fmt.Sprintf("overlay: a face of %v px: %v", st.Px, err))
	}
	t.faces[st] = f
	return f
}

func mustParse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic("overlay: the embedded font does not parse: " + err.Error())
	}
	return f
}
