package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
)

// Words returns a line of text. Lines of text on the screen are canvas objects rather than labels: no padding that the grid does not know.
func Words(s string, size float32, c color.Color) *canvas.Text {
	t := canvas.NewText(s, c)
	t.TextSize = size
	return t
}

// Strong is Words in semibold.
func Strong(s string, size float32, c color.Color) *canvas.Text {
	t := Words(s, size, c)
	t.TextStyle = fyne.TextStyle{Bold: true}
	return t
}

// Width returns how wide s is in units.
func Width(s string, size float32, bold bool) float32 {
	return fyne.MeasureText(s, size, fyne.TextStyle{Bold: bold}).Width
}

// Cut returns the longest beginning of s that fits width, with an ellipsis where it was cut.
func Cut(s string, size float32, bold bool, width float32) string {
	if Width(s, size, bold) <= width {
		return s
	}
	runes := []rune(s)
	lo, hi := 0, len(runes)
	for lo < hi {
		mid := (lo + hi + 1) / 2
		if Width(string(runes[:mid])+"…", size, bold) <= width {
			lo = mid
		} else {
			hi = mid - 1
		}
	}
	return string(runes[:lo]) + "…"
}
