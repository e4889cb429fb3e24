package cli

import (
	"fmt"
	"time"

	"hotlight/app/flow"
	"hotlight/project"
)

type signCommand struct {
	Dir     string `arg:"" help:"Project folder."`
	Item    string `required:"" placeholder:"ID"`
	Meaning string `required:"" enum:"authorship,review,approval,adjudication" help:"What the signature says: authorship, review, approval or adjudication."`
}

func (c *signCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		r, err := p.OpenRead(s.ctx, project.ItemID(c.Item))
		if err != nil {
			return err
		}
		defer r.Close()
		show, clear := s.progress("Checking the source files")
		record, err := r.Prepare(s.ctx, project.Meaning(c.Meaning), show)
		clear()
		if err != nil {
			return err
		}
		s.showRecord(record)
		passphrase, err := s.passphrase("Passphrase, to sign: ")
		if err != nil {
			return err
		}
		if err := r.Sign(record, passphrase); err != nil {
			return err
		}
		signed, err := p.SignedRead(r.ID())
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(signed)
		}
		_, err = fmt.Fprintf(s.Out, "Signed %s by %s, %s.\n", signed.Signature.SignedAt.Format(time.DateTime), signed.Signature.PrintedName, signed.Signature.Meaning)
		return err
	})
}

// showRecord prints what is about to be signed, as the dialog of the window shows it.
func (s *session) showRecord(r *flow.Record) {
	instances := 0
	for _, image := range r.Read.Series {
		instances += len(image.Instances)
	}
	s.note("Images: %d instances of %d volumes, each tied by its SHA-256", instances, len(r.Read.Series))
	for _, g := range r.Read.Segments {
		s.note("Segment: %s, %d voxels, %.2f ml", g.Name, g.Voxels, g.VolumeML)
	}
	s.note("Record: %d changes", r.Read.Journal.Changes)
	for _, w := range r.Warnings {
		s.note("Note: %s", w.Text)
	}
	s.note("%s", r.Read.Signature.Statement)
}

type auditCommand struct {
	Show   auditShowCommand   `cmd:"" help:"Who did what to which object, when."`
	Verify auditVerifyCommand `cmd:"" help:"Recompute the tree and compare it with every signed checkpoint."`
}

type auditShowCommand struct {
	Dir string `arg:"" help:"Project folder."`
}

func (c *auditShowCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		events := []any{}
		for e, err := range p.Store.Events(s.ctx) {
			if err != nil {
				return err
			}
			if s.json {
				events = append(events, e)
				continue
			}
			fmt.Fprintf(s.Out, "%d\t%s\t%s\t%s\t%s\n", e.Seq, e.Time.Format(time.RFC3339), project.ShortFingerprint(string(e.Actor)), e.Type, e.Object)
		}
		if s.json {
			return s.printJSON(map[string]any{"events": events})
		}
		return nil
	})
}

type auditVerifyCommand struct {
	Dir string `arg:"" help:"Project folder."`
}

func (c *auditVerifyCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		head, err := p.Store.VerifyAudit(s.ctx)
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(map[string]any{"ok": true, "size": head.Size, "root": head.Root})
		}
		_, err = fmt.Fprintf(s.Out, "%d events hold, root %s\n", head.Size, head.Root)
		return err
	})
}
