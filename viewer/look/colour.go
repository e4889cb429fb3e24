package look

import (
	"image/color"

	"hotlight/project"
)

// The colours of the chrome, from the darkest up. All are opaque: what is drawn flat is drawn in one pass.
var (
	Image     = rgb(0x000000) // viewport, outside the volume
	Base      = rgb(0x0F0F10) // window, inputs
	Panel     = rgb(0x161617) // bars, rails, panes
	DialogBG  = rgb(0x1A1A1B) // dialogs
	Divide    = rgb(0x1B1B1D) // between viewports
	Raised    = rgb(0x1F1F21) // chips, group heads
	Control   = rgb(0x2A2A2D) // buttons, hover
	ControlUp = rgb(0x343438) // a hovered button
	Line      = rgb(0x2C2C2F) // separators, never the only cue
	DialogRim = rgb(0x3C3C40)
	Outline   = rgb(0x4A4A4E) // outlined buttons, segmented choices
	Edge      = rgb(0x6A6A6E) // outlines that must be seen
)

// The colours of words. Nothing is whiter than Text.
var (
	Text    = rgb(0xD8D6D0)
	Text2   = rgb(0xA9A7A2) // labels, units
	Text3   = rgb(0x8B8985) // placeholders, key letters
	TextOff = rgb(0x77756F) // disabled, with the reason in words beside it
	Icons   = rgb(0xB9B7B1) // tool icons at rest
)

// The accent and its grounds.
var (
	Accent       = rgb(0xDDA75B)
	AccentUp     = rgb(0xE3B473) // 8 % lighter
	AccentDown   = rgb(0xC39350) // 12 % darker
	OnAccent     = rgb(0x17120A)
	AccentGround = rgb(0x2E2416)
	AccentEdge   = rgb(0x8F6C3C) // round the active viewport
)

// The two kinds of plates.
var (
	WarnIcon, WarnText, WarnGround, WarnEdge     = rgb(0xF2D14B), rgb(0xEFDF9C), rgb(0x2A2612), rgb(0x6E6125)
	ErrorIcon, ErrorText, ErrorGround, ErrorEdge = rgb(0xF4877B), rgb(0xF3C1BB), rgb(0x2E1614), rgb(0x7A3831)
)

// Behind dialogs, and behind words on the image.
var (
	Shade      = color.NRGBA{A: 168} // black at 66 %
	PlateOnImg = color.NRGBA{A: 184} // black at 72 %
)

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 255}
}

// Colour returns a segment's colour as Fyne wants it.
func Colour(c project.Colour) color.NRGBA { return color.NRGBA{R: c.R, G: c.G, B: c.B, A: 255} }

// Tint returns c mixed with the panel: strength 0 is the panel, 1 is c.
func Tint(c color.NRGBA, strength float64) color.NRGBA {
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-strength) + float64(b)*strength + 0.5) }
	return color.NRGBA{R: mix(Panel.R, c.R), G: mix(Panel.G, c.G), B: mix(Panel.B, c.B), A: 255}
}
