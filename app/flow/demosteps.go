package flow

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"hotlight/project"
	"hotlight/project/definition"
)

// demoDefinition has the two classes that the phantom has structures for.
func demoDefinition(id, title string) project.Definition {
	return project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: id, Title: title, Version: 1, IntendedUse: "To try Hotlight on a computed patient"},
		Classes: []project.Class{
			{ID: "liver", Value: 1, Name: "Liver", Colour: project.Palette[1],
				Category: project.Code{Value: "91723000", Scheme: "SCT", Meaning: "Anatomical Structure"},
				Type:     project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}},
			{ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[0],
				Category: project.Code{Value: "49755003", Scheme: "SCT", Meaning: "Morphologically Abnormal Structure"},
				Type:     project.Code{Value: "4147007", Scheme: "SCT", Meaning: "Mass"}},
		},
	}
}

// makeProjects lets the lead write and sign the project file, and everybody start from what the lead signed.
func (d *demo) makeProjects(ctx context.Context) error {
	def := demoDefinition("example.hotlight.demo", "Liver lesions, demo")
	def.Readers, def.Server = d.def.Readers, d.def.Server
	d.def = def
	var file bytes.Buffer
	if err := definition.Write(&file, &d.def); err != nil {
		return fmt.Errorf("write the project file: %w", err)
	}
	lead, err := NewProject(d.out.Lead.Project, &file, d.holders[d.out.Lead.Name], d.out.Lead.ID)
	if err != nil {
		return err
	}
	d.open[d.out.Lead.Name] = lead
	if err := d.admit(lead); err != nil {
		return err
	}
	for _, seat := range []Seat{d.out.First, d.out.Second} {
		if err := d.join(seat); err != nil {
			return err
		}
	}
	for _, seat := range []Seat{d.out.Lead, d.out.First, d.out.Second} {
		added, err := d.open[seat.Name].AddImages(ctx, []string{d.out.Images}, d.o.Progress)
		if err != nil {
			return err
		}
		d.out.Item = added.Items[0]
	}
	d.say("The lead signed the definition (two classes, two readers); each reader's project starts from it. The study is the work item %s.", d.out.Item)
	return nil
}

// admit registers the project with the server: the roster without names.
func (d *demo) admit(lead *Project) error {
	roster, err := lead.Roster()
	if err != nil {
		return err
	}
	return d.server.Admit(roster)
}

func (d *demo) join(seat Seat) error {
	signed, err := os.Open(filepath.Join(d.out.Lead.Project, DefinitionFile))
	if err != nil {
		return fmt.Errorf("open the signed definition: %w", pathFree(err))
	}
	defer signed.Close()
	p, err := NewProject(seat.Project, signed, d.holders[seat.Name], d.out.Lead.ID)
	if err != nil {
		return err
	}
	d.open[seat.Name] = p
	return nil
}

func (d *demo) readFirst(ctx context.Context) error  { return d.paint(ctx, d.out.First) }
func (d *demo) readSecond(ctx context.Context) error { return d.paint(ctx, d.out.Second) }

// paint draws liver and the largest lesion by script, undoes one stroke and redoes it, and closes the read.
func (d *demo) paint(ctx context.Context, seat Seat) error {
	r, err := d.open[seat.Name].OpenRead(ctx, d.out.Item)
	if err != nil {
		return err
	}
	defer r.Close()
	g := &r.Item.Images[0].Geometry
	ops, err := strokes("liver", d.truth, "liver", g)
	if err != nil {
		return err
	}
	lesion, err := strokes("lesion", d.truth, "lesion 1", g)
	if err != nil {
		return err
	}
	ops = append(ops, lesion...)
	for n, op := range ops {
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := r.History.Do(op); err != nil {
			return fmt.Errorf("stroke %d: %w", n+1, err)
		}
		if d.o.Progress != nil {
			d.o.Progress(n+1, len(ops))
		}
	}
	if _, err := r.History.Undo(); err != nil {
		return err
	}
	if _, err := r.History.Redo(); err != nil {
		return err
	}
	if err := r.WaitSaved(ctx); err != nil {
		return err
	}
	text := ""
	for _, s := range r.History.Set().Segments() {
		ml, _ := g.VoxelML()
		text += fmt.Sprintf(", %s %.1f ml", s.Name, ml*float64(s.Mask.Count()))
	}
	d.say("%s painted%s: %d changes, all on the disk.", seat.Name, text, r.Saved().Changes)
	return r.Close()
}

// sign freezes the first reader's read and seals it.
func (d *demo) sign(ctx context.Context) error {
	p := d.open[d.out.First.Name]
	r, err := p.OpenRead(ctx, d.out.Item)
	if err != nil {
		return err
	}
	defer r.Close()
	record, err := r.Prepare(ctx, project.Authorship, d.o.Progress)
	if err != nil {
		return err
	}
	if err := r.Sign(record, d.out.Passphrase); err != nil {
		return err
	}
	sealed, err := p.SealRead(ctx, d.out.Item)
	if err != nil {
		return err
	}
	d.say("%s signed: %q", d.out.First.Name, record.Read.Signature.Statement)
	d.say("Sealed to author, lead and recovery key: %d bytes, SHA-256 %s.", sealed.Size, sealed.Hash)
	return nil
}

// send syncs the reader until the receipt is here.
func (d *demo) send(ctx context.Context) error {
	report, err := d.open[d.out.First.Name].Sync(ctx, Way{})
	if err != nil {
		return err
	}
	if report.Sent != 1 || report.Waiting != 0 {
		return project.Errorf(project.Corrupt, "%d bundles were sent and %d wait, where 1 and 0 were expected", report.Sent, report.Waiting)
	}
	d.say("Sent over TLS with a pinned key; the server's receipt is verified and kept.")
	return nil
}

// fetch syncs the lead, verifies what came, and compares the masks with what was drawn.
func (d *demo) fetch(ctx context.Context) error {
	lead := d.open[d.out.Lead.Name]
	if _, err := lead.Sync(ctx, Way{}); err != nil {
		return err
	}
	reads, err := lead.Received(ctx, d.out.Item)
	if err != nil {
		return err
	}
	if len(reads) != 1 {
		return project.Errorf(project.Corrupt, "the lead received %d reads, one was sent", len(reads))
	}
	drawn, err := d.open[d.out.First.Name].OpenRead(ctx, d.out.Item)
	if err != nil {
		return err
	}
	defer drawn.Close()
	if err := sameSegments(reads[0].Segments, drawn.History.Set()); err != nil {
		return err
	}
	d.out.Record = reads[0].Record
	for _, seat := range []Seat{d.out.Lead, d.out.First, d.out.Second} {
		problems, err := d.open[seat.Name].Check(ctx)
		if err != nil {
			return err
		}
		if len(problems) > 0 {
			return project.Errorf(project.Corrupt, "the store of %s has %d problems, the first: %s", seat.Name, len(problems), problems[0].What)
		}
	}
	s := d.out.Record.Signature
	d.say("The lead fetched and verified it: signed by %s, %s; every voxel is the one that was drawn. All three stores check clean.",
		s.PrintedName, s.SignedAt.Format("2 Jan 2006 15:04:05 -0700"))
	return nil
}
