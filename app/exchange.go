//go:build !nogui

package main

import (
	"context"
	"fmt"
	"time"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/dialog"

	"hotlight/app/desk"
	"hotlight/viewer/control"
	"hotlight/viewer/look"
)

// exchangeWords is the chip in the top bar.
func exchangeWords(e desk.Exchange) (icon, text, tip string) {
	switch {
	case e.Waiting > 0:
		return "refresh", fmt.Sprintf("%d to send", e.Waiting), waitingWords(e)
	case e.Server == "":
		return "usb", "By folder", "Exchange\nThis project trades by folder or USB drive."
	case e.Err != nil || e.Last.IsZero():
		return "plug-connected-x", "Offline", "Exchange\nNothing is sent or fetched unless you ask for it."
	}
	return "refresh", "Exchanged " + when(e.Last, time.Now()), "Exchange\n" + e.Server
}

// waitingWords says that signed reads wait.
func waitingWords(e desk.Exchange) string {
	if e.Waiting == 1 {
		return "1 signed read waits to be sent."
	}
	return fmt.Sprintf("%d signed reads wait to be sent.", e.Waiting)
}

// showExchange is the dialog in which the person asks for an exchange; nothing goes over the network without it.
func (w *window) showExchange() {
	if w.desk == nil {
		return
	}
	if w.house.Locked() {
		w.askUnlock("", w.home)
		return
	}
	e := w.desk.Exchange()
	var close func()
	lines := []fyne.CanvasObject{}
	fact := func(label, text string) {
		lines = append(lines, control.Row(look.Gap12, control.Insets{}, control.Fixed(120, 0, look.Words(label, look.Body, look.Text2)), look.Words(text, look.Body, look.Text)))
	}
	server := e.Server
	if server == "" {
		server = "none: this project trades by folder"
	}
	fact("Server", server)
	last := "never"
	if !e.Last.IsZero() {
		last = when(e.Last, time.Now())
	}
	fact("Last exchange", last)
	if e.Waiting > 0 {
		fact("Waiting", waitingWords(e))
	} else {
		fact("Waiting", "nothing")
	}
	if e.Err != nil {
		lines = append(lines, control.WrapStrip(control.Warning, sentence(e.Err)))
	}
	buttons := []fyne.CanvasObject{control.NewButton("Folder or USB drive", "usb", control.Outlined, func() { close(); w.syncFolder() }).Tall(), control.Spring()}
	if e.Server != "" {
		buttons = append(buttons, control.NewButton("Send and fetch", "refresh", control.Main, func() { close(); w.sync() }).Tall())
	}
	body := control.Column(look.Gap12, control.Even(look.Gap24, look.Gap16), lines...)
	close = w.sheet(control.Fixed(600, 0, control.Column(0, control.Insets{}, dialogHead("refresh", "Exchange", func() { close() }), body, dialogFoot(buttons...))))
}

func (w *window) sync() {
	w.trade("Sending and fetching", w.desk.Sync)
}

func (w *window) syncFolder() {
	dialog.ShowFolderOpen(func(u fyne.ListableURI, err error) {
		if err != nil || u == nil || w.desk == nil {
			return
		}
		d := w.desk
		w.trade("Trading with the folder", func(ctx context.Context, p desk.Progress) (string, error) { return d.SyncFolder(ctx, u.Path(), p) })
	}, w.win)
}

// trade runs an exchange and says what was done where the person is.
func (w *window) trade(title string, do func(context.Context, desk.Progress) (string, error)) {
	var told string
	w.work(title, func(ctx context.Context, p desk.Progress) (err error) {
		told, err = do(ctx, p)
		return err
	}, func(err error) {
		switch {
		case err != nil:
			w.fail("The exchange did not finish; nothing is lost", err)
		case w.reading != nil:
			w.reading.room.Say(control.Note, told)
			w.reading.tell()
			w.reading.showExchange()
		default:
			w.tellList("Exchanged", told)
		}
	})
}
