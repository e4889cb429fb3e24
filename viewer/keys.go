package viewer

import (
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/driver/desktop"

	"hotlight/viewer/pane"
	"hotlight/viewer/tool"
)

// The room itself takes the keyboard: it is the root of the window's content, so a click on any control leaves the focus here, and single letters act on
// the active viewport from everywhere but a text field.
var (
	_ fyne.Focusable    = (*Room)(nil)
	_ fyne.Tabbable     = (*Room)(nil)
	_ fyne.Shortcutable = (*Room)(nil)
	_ desktop.Keyable   = (*Room)(nil)
)

var bound, boundRunes = index(Bindings())

type chord struct {
	key  fyne.KeyName
	mods fyne.KeyModifier
}

func index(table []Binding) (map[chord]func(*Room), map[rune]func(*Room)) {
	keys, runes := map[chord]func(*Room){}, map[rune]func(*Room){}
	for _, b := range table {
		if b.Rune != 0 {
			runes[b.Rune] = b.do
			continue
		}
		keys[chord{b.Key, b.Mods}] = b.do
	}
	return keys, runes
}

// TakeKeys implements viewport.Room: it gives the keyboard to the room.
func (r *Room) TakeKeys() {
	if c := fyne.CurrentApp().Driver().CanvasForObject(r); c != nil && c.Focused() != fyne.Focusable(r) && c.Overlays().Top() == nil {
		c.Focus(r)
	}
}

// FocusGained implements fyne.Focusable.
func (r *Room) FocusGained() {}

// FocusLost implements fyne.Focusable.
func (r *Room) FocusLost() { r.spaceUp() }

// AcceptsTab implements fyne.Tabbable: Tab goes to the next viewport.
func (r *Room) AcceptsTab() bool { return true }

// TypedRune implements fyne.Focusable.
func (r *Room) TypedRune(c rune) {
	if do := boundRunes[c]; do != nil {
		r.touch()
		do(r)
	}
}

// TypedKey implements fyne.Focusable: keys without modifiers, or with Shift.
func (r *Room) TypedKey(e *fyne.KeyEvent) { r.press(e.Name, modifiers()&shift) }

func (r *Room) press(key fyne.KeyName, mods fyne.KeyModifier) {
	if key == fyne.KeyEnter {
		key = fyne.KeyReturn
	}
	if do := bound[chord{key, mods}]; do != nil {
		r.touch()
		do(r)
	}
}

// TypedShortcut implements fyne.Shortcutable: what comes with Ctrl. Fyne names some of them itself.
func (r *Room) TypedShortcut(s fyne.Shortcut) {
	switch s := s.(type) {
	case *fyne.ShortcutUndo:
		r.press(fyne.KeyZ, ctrl)
	case *fyne.ShortcutRedo:
		r.press(fyne.KeyY, ctrl)
	case *desktop.CustomShortcut:
		r.press(s.KeyName, s.Modifier)
	}
}

// tapTime is the longest that a key can be down and still count as a tap.
const tapTime = 250 * time.Millisecond

// KeyDown implements desktop.Keyable: holding Space hides every mark.
func (r *Room) KeyDown(e *fyne.KeyEvent) {
	if e.Name == fyne.KeySpace && r.st.spaceHeld.IsZero() && !r.st.marksOff {
		r.st.spaceHeld = time.Now()
		r.showMarks(false)
	}
}

// KeyUp implements desktop.Keyable: a tap on Space swaps the last two tools.
func (r *Room) KeyUp(e *fyne.KeyEvent) {
	if e.Name != fyne.KeySpace {
		return
	}
	tapped := !r.st.spaceHeld.IsZero() && time.Since(r.st.spaceHeld) < tapTime
	r.spaceUp()
	if tapped {
		r.chooseTool(r.st.last)
	}
}

func (r *Room) spaceUp() {
	if !r.st.spaceHeld.IsZero() {
		r.st.spaceHeld = time.Time{}
		r.showMarks(false)
	}
}

func (r *Room) swapBrush() {
	if r.st.tool == tool.NameBrush {
		r.chooseTool(tool.NameEraser)
	} else {
		r.chooseTool(tool.NameBrush)
	}
}

func (r *Room) presetKey(key rune) {
	for _, p := range r.presets() {
		if p.Key == key {
			r.usePreset(p)
			return
		}
	}
}

func (r *Room) zoomBy(factor float64) {
	p := r.current().port
	if r.volume != nil {
		p.ZoomBy(factor, p.Middle())
	}
}

// scrollToEnd goes to the first (-1) or last plane in the order in which the wheel goes.
func (r *Room) scrollToEnd(end int) {
	v := r.current()
	k := 0
	if end*v.path.Sign > 0 {
		k = v.path.Count - 1
	}
	r.scrollTo(k)
}

func (r *Room) nextSeries(by int) {
	if n := r.st.image + by; n >= 0 && n < len(r.study.Images) {
		r.open(n)
	}
}

func (r *Room) nextView(by int) {
	n := len(r.views)
	r.activate((r.active + by + n) % n)
	if r.alone >= 0 {
		r.alone = r.active
		r.ports.Refresh()
		r.showAll(false)
	}
}

func (r *Room) toggleNearest() {
	r.st.nearest = !r.st.nearest
	r.showAll(false)
}

func (r *Room) toggleTexts() {
	r.st.textsOff = !r.st.textsOff
	r.showAll(false)
}

// escape takes back the drag in progress; else it shows all viewports again.
func (r *Room) escape() {
	for _, v := range r.views {
		if v.port.CancelDrag() {
			return
		}
	}
	if r.alone >= 0 {
		r.maximise(r.alone)
	}
	r.unsay()
}

// Interrupt takes back the drag in progress: the window is about to show something else.
func (r *Room) Interrupt() {
	for _, v := range r.views {
		v.port.CancelDrag()
	}
	r.spaceUp()
	r.stopPlay()
	r.sheet = nil // the window has taken it away, or will
}

// toggleSheet shows the sheet of keys, or takes it away.
func (r *Room) toggleSheet() {
	c := fyne.CurrentApp().Driver().CanvasForObject(r)
	if c == nil {
		return
	}
	if r.sheet != nil {
		c.Overlays().Remove(r.sheet)
		r.sheet = nil
		r.TakeKeys()
		return
	}
	keys := &sheetKeys{close: r.toggleSheet}
	keys.content = pane.Sheet(pane.NewKeys(KeyGroups(), r.toggleSheet))
	keys.ExtendBaseWidget(keys)
	r.sheet = keys
	c.Overlays().Add(keys)
	c.Focus(keys)
}
