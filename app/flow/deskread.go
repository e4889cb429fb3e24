package flow

import (
	"context"
	"fmt"
	"strings"

	"hotlight/app/desk"
	"hotlight/project"
	"hotlight/project/edit"
)

// deskRead is a Reading as the window sees it. It implements desk.Read.
type deskRead struct {
	*Reading
	desk *Desk
}

// History implements desk.Read.
func (r *deskRead) History() *edit.History { return r.Reading.History }

// Classes implements desk.Read.
func (r *deskRead) Classes() []project.Class { return r.p.Definition().Classes }

// Complete implements desk.Read.
func (r *deskRead) Complete() error { return r.Move(project.EventComplete) }

// Reopen implements desk.Read.
func (r *deskRead) Reopen() error { return r.Move(project.EventReopen) }

// giveVolume lets the history know the values of image n once they are asked for, so that a range brush works.
func (r *deskRead) giveVolume(image *desk.Image, n int) {
	inner := image.Load
	if inner == nil {
		return
	}
	image.Load = func(ctx context.Context, first int, progress desk.Progress) (*desk.Loading, error) {
		l, err := inner(ctx, first, progress)
		if err == nil && image.Changed == "" {
			r.Reading.History.SetVolume(n, l.Volume)
		}
		return l, err
	}
}

// guard keeps the read's segments on image n as they are while its files are not those that were read, found out now or when they are read again.
func (r *deskRead) guard(image *desk.Image, n int) {
	withhold := func(sentence string) {
		r.Reading.History.Withhold(n, &project.Error{Kind: project.Conflict, Text: sentence})
		r.Reading.History.SetVolume(n, nil)
	}
	if image.Changed != "" {
		withhold(image.Changed)
	}
	inner := image.Verify
	if inner == nil {
		return
	}
	image.Verify = func(ctx context.Context) (string, error) {
		sentence, err := inner(ctx)
		if sentence != "" {
			withhold(sentence)
		}
		return sentence, err
	}
}

// Record implements desk.Read.
func (r *deskRead) Record(ctx context.Context, meaning project.Meaning, progress desk.Progress) (desk.Record, error) {
	rec, err := r.Prepare(ctx, meaning, Progress(progress))
	if err != nil {
		return desk.Record{}, err
	}
	m := rec.Read.Signature
	return desk.Record{
		Title: "Sign your read of " + inSentence(r.Name), Facts: rec.facts(r.p.Definition()), Warnings: rec.Warnings,
		Meaning: meaning, Statement: m.Statement, Name: m.PrintedName,
		Key: project.ShortFingerprint(string(m.Reader)), Device: project.ShortFingerprint(string(m.Device)), Token: rec,
	}, nil
}

// facts are the lines of the signing dialog.
func (rec *Record) facts(def *project.Definition) []desk.Fact {
	instances := 0
	for _, image := range rec.Read.Series {
		instances += len(image.Instances)
	}
	var segments []string
	for _, g := range rec.Read.Segments {
		text := fmt.Sprintf("%s %d voxels", g.Name, g.Voxels)
		if g.VolumeML > 0 {
			text = fmt.Sprintf("%s %.2f ml", g.Name, g.VolumeML)
		}
		segments = append(segments, text)
	}
	if len(segments) == 0 {
		segments = []string{"none"}
	}
	d := rec.Read.Signature.Content.String()
	return []desk.Fact{
		{Label: "Images", Text: fmt.Sprintf("%s of %s, each tied by its SHA-256", count(instances, "instance"), count(len(rec.Read.Series), "volume"))},
		{Label: "Segments", Text: strings.Join(segments, ", ")},
		{Label: "Record", Text: fmt.Sprintf("%d changes", rec.Read.Journal.Changes)},
		{Label: "Project", Text: fmt.Sprintf("%s, version %d", def.Project.Title, def.Project.Version)},
		{Label: "Digest", Text: fmt.Sprintf("%s %s %s %s … %s", d[:4], d[4:8], d[8:12], d[12:16], d[60:]), Digest: true},
	}
}

// Sign implements desk.Read. A signed read is sealed at once, so that it waits in the outbox whatever happens next.
func (r *deskRead) Sign(ctx context.Context, rec desk.Record, passphrase []byte) (desk.Signature, error) {
	record, ok := rec.Token.(*Record)
	if !ok {
		return desk.Signature{}, project.Errorf(project.Invalid, "this record was not made here")
	}
	if err := r.Reading.Sign(record, passphrase); err != nil {
		return desk.Signature{}, err
	}
	s, _ := r.Signature()
	if _, err := r.p.SealRead(ctx, r.Item.ID); err != nil {
		return s, fmt.Errorf("signed, but not sealed yet: %w", err)
	}
	r.desk.tell()
	return s, nil
}

// Signature implements desk.Read.
func (r *deskRead) Signature() (desk.Signature, bool) {
	if !r.State().Frozen() {
		return desk.Signature{}, false
	}
	signed, err := r.p.SignedRead(r.ID())
	if err != nil {
		return desk.Signature{}, false
	}
	return signatureOf(signed, r.State()), true
}

func signatureOf(signed *project.SignedRead, state project.ReadState) desk.Signature {
	m := signed.Signature
	return desk.Signature{Name: m.PrintedName, Meaning: m.Meaning, At: m.SignedAt, Sent: state == project.Committed}
}

// count writes a number with its noun: "1 volume", "40 instances".
func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
