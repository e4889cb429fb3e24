package look

import (
	"bytes"
	"fmt"
	"image/color"
	"sync"

	"fyne.io/fyne/v2"

	"hotlight/assets"
)

type iconKey struct {
	name   string
	colour color.NRGBA
}

var (
	iconLock  sync.Mutex
	iconCache = map[iconKey]fyne.Resource{}
)

// Icon returns a Tabler icon drawn in one colour. Fyne recolours fills only and these icons are strokes, so currentColor is replaced before
// Fyne sees the picture. The same arguments give the same resource, which keeps Fyne's texture cache warm.
func Icon(name string, c color.NRGBA) fyne.Resource {
	iconLock.Lock()
	defer iconLock.Unlock()
	key := iconKey{name, c}
	if r, ok := iconCache[key]; ok {
		return r
	}
	hex := fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B)
	svg := bytes.ReplaceAll(assets.Icon(name), []byte("currentColor"), []byte(hex))
	r := fyne.NewStaticResource(name+"-"+hex[1:]+".svg", svg)
	iconCache[key] = r
	return r
}

// App returns the application's own picture.
func App() fyne.Resource {
	_, png := assets.AppIcon()
	return fyne.NewStaticResource("hotlight.png", png)
}
