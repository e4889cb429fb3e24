package assets

import (
	"bytes"
	"encoding/xml"
	"image/png"
	"testing"

	"golang.org/x/image/font/sfnt"
)

func TestEveryIconIsWellFormedAndCanBeRecoloured(t *testing.T) {
	names := IconNames()
	if len(names) < 72 {
		t.Errorf("%d icons, the design lists 72", len(names))
	}
	for _, name := range names {
		svg := Icon(name)
		if err := xml.Unmarshal(svg, new(struct{})); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if !bytes.Contains(svg, []byte("currentColor")) || !bytes.Contains(svg, []byte(`stroke-width="1.75"`)) {
			t.Errorf("%s: the stroke is not currentColor at 1.75", name)
		}
	}
}

func TestFontsHaveTheCharactersOfOurTexts(t *testing.T) {
	const wanted = "ABCabc0123456789 .,:;·×°−≤≥→µκ²³…–“”‘’äöüßéñÅøŁ"
	for name, ttf := range map[string][]byte{"regular": PlexRegular(), "semibold": PlexSemiBold()} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, r := range wanted {
			if g, err := f.GlyphIndex(nil, r); err != nil || g == 0 {
				t.Errorf("%s has no glyph for %q", name, r)
			}
		}
	}
}

func TestAppIconIsAPicture(t *testing.T) {
	_, b := AppIcon()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil || img.Bounds().Dx() != 512 {
		t.Fatalf("icon.png: %v", err)
	}
}
