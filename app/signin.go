//go:build !nogui

package main

import (
	"context"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// askUnlock asks for the passphrase on a screen of its own: nothing of the work is in sight while the keys are away.
// why is what is said above the field; then is what happens once the vault is open.
func (w *window) askUnlock(why string, then func()) {
	p, ok := w.house.Person()
	if !ok {
		w.askNewPerson()
		return
	}
	title, text := "Unlock your key", "It opens what is sealed for you and signs your reads."
	if why != "" {
		title, text = why, "Work is saved. It opens where you left it."
	}
	field := control.NewSecret("Passphrase", 320)
	wrong := control.NewProse("", look.Body, look.ErrorText, 420)
	var open func()
	button := control.NewButton("Unlock", "lock-open", control.Main, func() { open() }).Tall()
	open = func() { w.unlock(field, wrong, button, then) }
	field.OnSubmitted = func(string) { open() }
	field.OnChanged = func(string) { wrong.SetText("") }
	card := control.Column(look.Gap12, control.Even(28, look.Gap24),
		control.Row(look.Gap12, control.Insets{}, control.Picture(look.Icon("lock", look.Text), 24), look.Strong(title, look.Message, look.Text)),
		control.NewProse(text, look.Body, look.Text2, 420),
		look.Words("Passphrase of "+p.Name, look.Body, look.Text2),
		control.FillRow(look.Gap12, control.Insets{}, control.Fixed(320, 44, field), button), wrong)
	w.show(w.frame("", "Hotlight", nil, middle(card), look.Words("Locked", look.Body, look.Text2)))
	w.win.Canvas().Focus(field)
}

func (w *window) unlock(field *control.Field, wrong *control.Prose, button *control.Button, then func()) {
	secret := []byte(field.Text)
	field.SetText("")
	button.SetOff(true)
	go func() {
		err := w.house.Unlock(context.Background(), secret)
		clear(secret)
		fyne.Do(func() {
			button.SetOff(false)
			if err != nil {
				wrong.SetText(sentence(err) + " Try again, or use the recovery key on the command line.")
				w.win.Canvas().Focus(field)
				return
			}
			then()
		})
	}()
}

// lockNow forgets the keys; locked is what the screen does then, also after the idle time.
func (w *window) lockNow() {
	w.house.Lock()
	w.lockScreen("Locked")
}

func (w *window) locked() {
	if w.behind == nil {
		w.lockScreen("Locked after some time without input")
	}
}

func (w *window) lockScreen(why string) {
	if w.behind == nil {
		w.behind = w.stack.Objects[1]
	}
	for o := w.win.Canvas().Overlays().Top(); o != nil; o = w.win.Canvas().Overlays().Top() {
		w.win.Canvas().Overlays().Remove(o)
	}
	w.askUnlock(why, func() {
		screen := w.behind
		w.behind = nil
		if w.reading == nil {
			w.home()
			return
		}
		w.show(screen)
	})
}

// roles are what a new person can be, in the order of the choice.
var roles = []project.Role{project.Radiologist, project.Annotator, project.Adjudicator, project.Lead}

// leastPassphrase is what the form asks for; the vault has its own rule.
const leastPassphrase = 10

// askNewPerson makes the key of the person whose computer this is.
func (w *window) askNewPerson() {
	name := control.NewField("Printed name, as it stands in signatures", 420)
	role := control.NewSegmented([]string{"Radiologist", "Annotator", "Adjudicator", "Lead"}, nil).Stretched()
	first, again := control.NewSecret("At least 10 characters", 420), control.NewSecret("The same again", 420)
	wrong := control.NewProse("", look.Body, look.ErrorText, 420)
	make := control.NewButton("Make the key", "key", control.Main, nil).Tall()
	make.OnTap = func() {
		if why := checkNewPerson(name.Text, first.Text, again.Text); why != "" {
			wrong.SetText(why)
			return
		}
		w.makePerson(strings.TrimSpace(name.Text), roles[role.Chosen()], []byte(first.Text), wrong)
	}
	again.OnSubmitted = func(string) { make.OnTap() }
	label := func(s string) fyne.CanvasObject { return look.Words(s, look.Body, look.Text2) }
	card := control.Column(look.Gap8, control.Even(28, look.Gap24),
		look.Strong("Your key", look.Title, look.Text),
		control.NewProse("It is made on this computer and never leaves it. Without the passphrase or the recovery key nobody can open your work, not even we.", look.Body, look.Text2, 460),
		control.Strut(1, look.Gap4), label("Name"), name, label("Role in the project"), role, label("Passphrase"), first, again, wrong, control.Strut(1, look.Gap4),
		control.Row(look.Gap8, control.Insets{}, control.NewButton("Back", "", control.Outlined, w.showStart).Tall(), control.Spring(), make))
	w.show(w.frame("", "Hotlight", nil, middle(card)))
	w.win.Canvas().Focus(name)
}

func checkNewPerson(name, first, again string) string {
	switch {
	case strings.TrimSpace(name) == "":
		return "The name is empty. It will stand in every signature."
	case len([]rune(first)) < leastPassphrase:
		return "The passphrase is short. Four or five words are easy to keep and hard to guess."
	case first != again:
		return "The two passphrases differ."
	}
	return ""
}

func (w *window) makePerson(name string, role project.Role, secret []byte, wrong *control.Prose) {
	var recovery string
	w.work("Making the key", func(ctx context.Context, _ desk.Progress) (err error) {
		recovery, err = w.house.NewPerson(ctx, name, role, secret)
		clear(secret)
		return err
	}, func(err error) {
		if err != nil {
			wrong.SetText(sentence(err))
			return
		}
		w.showRecovery(recovery)
	})
}

// showRecovery shows the recovery key this once.
func (w *window) showRecovery(key string) {
	ground := canvas.NewRectangle(look.Base)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = look.Edge, 1, look.Radius
	text := control.NewProse(key, look.Message, look.Text, 460).Mono()
	card := control.Column(look.Gap12, control.Even(28, look.Gap24),
		look.Strong("Write down the recovery key", look.Title, look.Text),
		control.NewProse("It opens your work when the passphrase is lost. It is shown this once and kept nowhere: copy it onto paper and lock the paper away.", look.Body, look.Text2, 460),
		container.NewStack(ground, control.Column(0, control.Even(look.Gap16, look.Gap12), text)),
		control.Row(0, control.Insets{}, control.Spring(), control.NewButton("It is on paper", "check", control.Main, w.showStart).Tall()))
	w.show(w.frame("", "Hotlight", nil, middle(card)))
}

// middle puts a card into the middle of the screen.
func middle(card fyne.CanvasObject) fyne.CanvasObject {
	ground := canvas.NewRectangle(look.Panel)
	ground.StrokeColor, ground.StrokeWidth, ground.CornerRadius = look.Line, 1, look.DialogRadius
	return container.NewCenter(container.NewStack(ground, control.Fixed(540, 0, card)))
}
