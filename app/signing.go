//go:build !nogui

package main

import (
	"context"
	"image"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// sign prepares the record and shows it: nothing is signed that was not on screen.
func (r *reading) sign() {
	if r.c.Read.State().Frozen() {
		return
	}
	var rec desk.Record
	r.w.work("Preparing the record: hashing the source files", func(ctx context.Context, p desk.Progress) (err error) {
		rec, err = r.c.Read.Record(ctx, project.Authorship, p)
		return err
	}, func(err error) {
		if r.gone {
			return
		}
		if err != nil {
			r.w.fail("The read cannot be signed yet", err)
			return
		}
		r.showRecord(rec)
	})
}

// signing is the dialog: what is signed, the sentence, the passphrase.
type signing struct {
	r       *reading
	rec     desk.Record
	close   func()
	secret  *control.Field
	wrong   *control.Prose
	buttons []*control.Button
}

func (r *reading) showRecord(rec desk.Record) {
	d := &signing{r: r, rec: rec, secret: control.NewSecret("", 300), wrong: control.NewProse("", look.Body, look.ErrorText, 400)}
	d.secret.OnSubmitted = func(string) { d.sign(d.r.nextItem() != nil) }
	d.secret.OnEscape = d.shut
	d.secret.OnChanged = func(string) { d.wrong.SetText("") }
	parts := []fyne.CanvasObject{d.facts()}
	for _, warn := range rec.Warnings {
		parts = append(parts, control.WrapStrip(control.Warning, warn.Text))
	}
	parts = append(parts, d.statement(), d.passphrase(), d.wrong)
	body := control.Column(look.Gap12, control.Even(look.Gap24, look.Gap16), parts...)
	d.close = r.w.sheet(control.Fixed(976, 0, control.Dock(dialogHead("signature", rec.Title, d.shut), d.foot(), nil, nil, body)))
	r.w.win.Canvas().Focus(d.secret)
}

// facts are the lines of the record, beside a picture of the segment in hand.
func (d *signing) facts() fyne.CanvasObject {
	lines := []fyne.CanvasObject{look.Strong("What is signed", look.Body, look.Text)}
	for _, f := range d.rec.Facts {
		text := control.NewProse(f.Text, look.Body, look.Text, 300)
		if f.Digest {
			text = control.NewProse(f.Text, look.Small, look.Text, 300).Mono()
		}
		lines = append(lines, container.New(&factLine{}, look.Words(f.Label, look.Body, look.Text2), text))
	}
	left := control.Column(10, control.Insets{}, lines...)
	shot, what := d.r.room.Picture(image.Pt(500, 376))
	if shot == nil {
		return left
	}
	picture := canvas.NewImageFromImage(shot)
	picture.FillMode = canvas.ImageFillContain
	picture.SetMinSize(fyne.NewSize(250, 188))
	right := control.Column(look.Gap4, control.Insets{}, picture, look.Words(what, look.Small, look.Text2))
	return control.Dock(nil, nil, nil, right, left)
}

// statement is the meaning and the sentence.
func (d *signing) statement() fyne.CanvasObject {
	frame := canvas.NewRectangle(look.Base)
	frame.StrokeColor, frame.StrokeWidth, frame.CornerRadius = look.Outline, 1, look.Radius
	meaning := control.Row(look.Gap8, control.Insets{}, look.Strong("Meaning of this signature", look.Body, look.Text), control.Strut(look.Gap8, 1),
		control.Picture(look.Icon("check", look.Accent), 18), look.Words(meaningWords(d.rec.Meaning), look.Body, look.Text))
	return control.Column(look.Gap8, control.Insets{}, meaning,
		container.NewStack(frame, control.Column(0, control.Even(look.Gap16, look.Gap12), control.NewProse(d.rec.Statement, look.Message, look.Text, 600))))
}

func meaningWords(m project.Meaning) string {
	switch m {
	case project.Authorship:
		return "Authorship: my own independent read"
	case project.Review:
		return "Review"
	case project.Approval:
		return "Approval"
	}
	return "Adjudication"
}

// passphrase is the field, with who signs, where and when beside it.
func (d *signing) passphrase() fyne.CanvasObject {
	who := control.Column(2, control.Insets{},
		look.Words("Key "+d.rec.Key+" · this computer "+d.rec.Device+" · "+time.Now().Format("2 Jan 2006 15:04 -07:00"), look.Small, look.Text2),
		look.Words("The signature carries your printed name, its own time and this statement.", look.Small, look.Text2))
	return control.Column(look.Gap4, control.Insets{}, look.Words("Passphrase of "+d.rec.Name, look.Body, look.Text2),
		control.Row(look.Gap16, control.Insets{}, control.Fixed(420, 44, d.secret), who))
}

func (d *signing) foot() fyne.CanvasObject {
	back := control.NewButton("Back to the images", "", control.Outlined, d.shut).Tall()
	one := control.NewButton("Sign", "signature", control.Main, func() { d.sign(false) }).Tall()
	d.buttons = []*control.Button{one}
	parts := []fyne.CanvasObject{back, control.Spring()}
	if d.r.nextItem() != nil {
		one = control.NewButton("Sign", "", control.Plain, func() { d.sign(false) }).Tall()
		both := control.NewButton("Sign and open next case", "signature", control.Main, func() { d.sign(true) }).Tall()
		d.buttons = []*control.Button{one, both}
		return dialogFoot(append(parts, one, both)...)
	}
	return dialogFoot(append(parts, one)...)
}

func (d *signing) shut() {
	d.secret.SetText("")
	d.close()
	d.r.w.show(d.r.room)
}

// sign checks the passphrase and signs; the dialog stays while it may be wrong.
func (d *signing) sign(openNext bool) {
	secret := []byte(d.secret.Text)
	d.secret.SetText("")
	for _, b := range d.buttons {
		b.SetOff(true)
	}
	go func() {
		_, err := d.r.c.Read.Sign(context.Background(), d.rec, secret)
		clear(secret)
		fyne.Do(func() {
			for _, b := range d.buttons {
				b.SetOff(false)
			}
			if err != nil && !d.r.c.Read.State().Frozen() {
				d.wrong.SetText(signWords(err))
				d.r.w.win.Canvas().Focus(d.secret)
				return
			}
			d.signed(openNext, err)
		})
	}()
}

// signWords says why nothing was signed.
func signWords(err error) string {
	if project.KindOf(err) == project.Conflict {
		return "The read changed since this record was made. Nothing was signed: go back and review it again."
	}
	return sentence(err) + " Nothing was signed."
}

func (d *signing) signed(openNext bool, err error) {
	next := d.r.nextItem()
	d.shut()
	d.r.tell()
	if err != nil { // signed, but something after that did not work
		d.r.w.fail("The read is signed", err)
		return
	}
	if openNext && next != nil {
		w := d.r.w
		w.leaveReading(func() { w.openCase(*next) })
	}
}

// nextItem is the next case of the list that waits to be read.
func (r *reading) nextItem() *project.ItemID {
	if r.w.desk == nil || r.item == nil {
		return nil
	}
	for _, i := range r.w.desk.Items() {
		if i.ID != *r.item && !i.Absent && (i.State == project.Assigned || i.State == project.InProgress) {
			return &i.ID
		}
	}
	return nil
}

// factLine is a label of fixed width and text that wraps.
type factLine struct{}

const factLabel = 190

func (factLine) MinSize(o []fyne.CanvasObject) fyne.Size {
	return fyne.NewSize(factLabel+300, max(20, o[1].MinSize().Height))
}

func (factLine) Layout(o []fyne.CanvasObject, size fyne.Size) {
	o[0].Move(fyne.Position{})
	o[0].Resize(fyne.NewSize(factLabel, 20))
	o[1].Move(fyne.NewPos(factLabel, 0))
	o[1].Resize(fyne.NewSize(size.Width-factLabel, size.Height))
}
