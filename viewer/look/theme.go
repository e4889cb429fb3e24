package look

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"hotlight/assets"
)

var (
	regular  = fyne.NewStaticResource("IBMPlexSans-Regular.ttf", assets.PlexRegular())
	semiBold = fyne.NewStaticResource("IBMPlexSans-SemiBold.ttf", assets.PlexSemiBold())
)

// Theme is the dark room for Fyne's own widgets: inputs, scrollers, file dialogs. It has one variant.
type Theme struct{}

var _ fyne.Theme = Theme{}

var themeColours = map[fyne.ThemeColorName]color.Color{
	theme.ColorNameBackground:          Base,
	theme.ColorNameInputBackground:     Base,
	theme.ColorNameHeaderBackground:    Panel,
	theme.ColorNameMenuBackground:      Raised, // one step above the panes it opens over
	theme.ColorNameDisabledButton:      Raised,
	theme.ColorNameButton:              Control,
	theme.ColorNameHover:               Control,
	theme.ColorNameOverlayBackground:   DialogBG,
	theme.ColorNameSeparator:           Line,
	theme.ColorNameInputBorder:         Edge,
	theme.ColorNameForeground:          Text,
	theme.ColorNamePlaceHolder:         Text3,
	theme.ColorNameDisabled:            TextOff,
	theme.ColorNamePrimary:             Accent,
	theme.ColorNameFocus:               AccentGround, // the ground under a menu line; rims are Primary
	theme.ColorNameHyperlink:           Accent,
	theme.ColorNameForegroundOnPrimary: OnAccent,
	theme.ColorNameSelection:           AccentGround,
	theme.ColorNamePressed:             AccentGround,
	theme.ColorNameWarning:             WarnIcon,
	theme.ColorNameForegroundOnWarning: WarnGround,
	theme.ColorNameError:               ErrorIcon,
	theme.ColorNameForegroundOnError:   ErrorGround,
	theme.ColorNameSuccess:             Text,
	theme.ColorNameForegroundOnSuccess: Base,
	theme.ColorNameShadow:              color.Transparent,
	theme.ColorNameScrollBar:           Edge,
	theme.ColorNameScrollBarBackground: color.Transparent,
}

// Color returns the colour for name; the variant of the system is ignored.
func (Theme) Color(name fyne.ThemeColorName, _ fyne.ThemeVariant) color.Color {
	if c, ok := themeColours[name]; ok {
		return c
	}
	return theme.DefaultTheme().Color(name, theme.VariantDark)
}

// Font returns Plex; digests stay in the fixed-width face that Fyne bundles.
func (Theme) Font(style fyne.TextStyle) fyne.Resource {
	switch {
	case style.Monospace, style.Symbol:
		return theme.DefaultTheme().Font(style)
	case style.Bold:
		return semiBold
	}
	return regular
}

// Icon returns Fyne's own icons, which only its own dialogs use.
func (Theme) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

var themeSizes = map[fyne.ThemeSizeName]float32{
	theme.SizeNameText:               Body,
	theme.SizeNameCaptionText:        Small,
	theme.SizeNameSubHeadingText:     Message,
	theme.SizeNameHeadingText:        Title,
	theme.SizeNamePadding:            Gap4,
	theme.SizeNameInnerPadding:       Gap8,
	theme.SizeNameInputRadius:        Radius,
	theme.SizeNameSelectionRadius:    Radius,
	theme.SizeNameButtonRadius:       Radius,
	theme.SizeNameCardRadius:         Radius,
	theme.SizeNameDialogRadius:       DialogRadius,
	theme.SizeNameModalBlurRadius:    0,
	theme.SizeNameScrollBar:          10,
	theme.SizeNameScrollBarSmall:     4,
	theme.SizeNameSeparatorThickness: 1,
	theme.SizeNameInlineIcon:         20,
}

// Size returns the size for name.
func (Theme) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := themeSizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}
