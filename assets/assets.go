// Package assets embeds what the programs show but do not compute: fonts, icons, the application's own picture and example definitions.
//
// IBM Plex Sans (SIL Open Font License 1.1) is unpacked from the npm package @ibm/plex-sans 1.1.0 (WOFF to TrueType, nothing else changed).
// The icons are Tabler 3.31 outline (MIT). Their licences lie beside them and are embedded too, so that a binary carries them.
//
// The example definitions are project files without people (definition.ParseTemplate reads them). Their codes are either of a public scheme and
// verified, or of the private scheme 99HL, which marks a placeholder.
//
// It imports nothing of ours and decodes nothing: bytes out.
package assets

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"
)

//go:embed fonts icons icon.svg icon.png definitions
var files embed.FS

// PlexRegular returns IBM Plex Sans Regular as a TrueType font. The caller must not change the bytes.
func PlexRegular() []byte { return mustRead("fonts/IBMPlexSans-Regular.ttf") }

// PlexSemiBold returns IBM Plex Sans SemiBold as a TrueType font. The caller must not change the bytes.
func PlexSemiBold() []byte { return mustRead("fonts/IBMPlexSans-SemiBold.ttf") }

// AppIcon returns the application's icon as SVG and as a PNG of 512 x 512.
func AppIcon() (svg, png []byte) { return mustRead("icon.svg"), mustRead("icon.png") }

// Icon returns the SVG of a Tabler icon by its name without suffix, such as "brush". Strokes are "currentColor", 24 x 24, and 1.75 wide
// as our design asks (Tabler's are 2). A name that is not there panics: names are constants of our code.
func Icon(name string) []byte {
	svg := mustRead("icons/" + name + ".svg")
	return []byte(strings.Replace(string(svg), `stroke-width="2"`, `stroke-width="1.75"`, 1))
}

// IconNames lists the icons in alphabetical order.
func IconNames() []string { return namesIn("icons", ".svg") }

func namesIn(dir, suffix string) []string {
	entries, err := fs.ReadDir(files, dir)
	if err != nil {
		panic("assets: " + err.Error())
	}
	var names []string
	for _, e := range entries {
		if name, ok := strings.CutSuffix(e.Name(), suffix); ok {
			names = append(names, name)
		}
	}
	return names
}

// DefinitionNames lists the example definitions in alphabetical order.
func DefinitionNames() []string { return namesIn("definitions", ".yaml") }

// Definition returns an example project file by its name without suffix, such as "liver-lesions". A name that is not there panics.
func Definition(name string) []byte { return mustRead("definitions/" + name + ".yaml") }

// Licences returns the texts that must travel with the embedded files.
func Licences() string {
	return "IBM Plex Sans\n\n" + string(mustRead("fonts/LICENSE-OFL.txt")) + "\n\nTabler icons\n\n" + string(mustRead("icons/LICENSE"))
}

func mustRead(name string) []byte {
	b, err := files.ReadFile(name)
	if err != nil {
		panic(fmt.Sprintf("assets: %s is not embedded", name))
	}
	return b
}
