package cli

import (
	"fmt"
	"io"
	"os"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/sync/bundle"
)

type bundleCommand struct {
	Seal    bundleSealCommand    `cmd:"" help:"Seal a signed read for the lead."`
	Verify  bundleVerifyCommand  `cmd:"" help:"Verify a bundle without any private key."`
	Inspect bundleInspectCommand `cmd:"" help:"What a bundle's outside claims; nothing is verified."`
	Open    bundleOpenCommand    `cmd:"" help:"Verify, open and import a bundle into a project folder."`
}

type bundleSealCommand struct {
	Dir  string `arg:"" help:"Project folder."`
	Item string `required:"" placeholder:"ID"`
	Out  string `short:"o" required:"" placeholder:"FILE.hlb"`
}

func (c *bundleSealCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		out, err := p.SealRead(s.ctx, project.ItemID(c.Item))
		if err != nil {
			return err
		}
		data, err := p.Store.Bundle(out.Hash)
		if err != nil {
			return err
		}
		if err := writeWhole(c.Out, int64(len(data)), func(w io.Writer) error { _, err := w.Write(data); return err }); err != nil {
			return err
		}
		if s.json {
			return s.printJSON(map[string]any{"sha256": out.Hash, "size": out.Size, "author_seq": out.Seq})
		}
		_, err = fmt.Fprintf(s.Out, "sealed %s, %d bytes\n", out.Hash, out.Size)
		return err
	})
}

type bundleVerifyCommand struct {
	File  string `arg:"" help:"The bundle."`
	Trust string `placeholder:"FILE" help:"Signed definition or roster to verify against."`
}

func (c *bundleVerifyCommand) Run(s *session) error {
	if c.Trust == "" {
		return c.whole(s)
	}
	raw, err := os.ReadFile(c.Trust)
	if err != nil {
		return fmt.Errorf("trust: %w", err)
	}
	trust, err := bundle.ParseTrust(raw)
	if err != nil {
		return err
	}
	f, size, err := openSized(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	v, err := bundle.Verify(f, size, trust)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(map[string]any{"ok": true, "trusted": true, "sha256": v.Address, "size": v.Size, "route": v.Route, "role": v.Author.Role})
	}
	_, err = fmt.Fprintf(s.Out, "holds: a %s of %s (%s), sealed %s, %d bytes\n", v.Route.Kind, project.ShortFingerprint(string(v.Route.From)),
		v.Author.Role, v.Route.Created.Format("2006-01-02 15:04:05Z"), v.Size)
	return err
}

// whole checks what can be checked without the project's people: form, digests and both signatures. It says so, since anybody can sign with a
// key of their own: only --trust tells that this person may.
func (c *bundleVerifyCommand) whole(s *session) error {
	f, size, err := openSized(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	v, err := bundle.VerifySignatures(f, size)
	if err != nil {
		return err
	}
	s.note("Whether this person may send it was not checked: give --trust FILE, the signed definition or roster of the project.")
	if s.json {
		return s.printJSON(map[string]any{"ok": true, "trusted": false, "sha256": v.Address, "size": v.Size, "route": v.Route})
	}
	_, err = fmt.Fprintf(s.Out, "signatures hold: a %s by key %s, not compared with a roster, sealed %s, %d bytes\n", v.Route.Kind,
		project.ShortFingerprint(string(v.Route.From)), v.Route.Created.Format("2006-01-02 15:04:05Z"), v.Size)
	return err
}

type bundleInspectCommand struct {
	File string `arg:"" help:"The bundle."`
}

func (c *bundleInspectCommand) Run(s *session) error {
	f, size, err := openSized(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	claims, err := bundle.Inspect(f, size)
	if err != nil {
		return err
	}
	if s.json {
		return s.printJSON(claims)
	}
	_, err = fmt.Fprintf(s.Out, "claims (not verified): %+v\n", *claims)
	return err
}

type bundleOpenCommand struct {
	File string `arg:"" help:"The bundle."`
	Into string `required:"" placeholder:"DIR" help:"Project folder."`
}

func (c *bundleOpenCommand) Run(s *session) error {
	f, size, err := openSized(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.with(c.Into, func(p *flow.Project) error {
		in, err := p.Import(s.ctx, f, size)
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(map[string]any{"sha256": in.Hash, "from": in.From, "item": in.Item, "read": in.Read})
		}
		_, err = fmt.Fprintf(s.Out, "imported a bundle of %s, %d bytes\n", project.ShortFingerprint(string(in.From)), in.Size)
		return err
	})
}

func openSized(path string) (*os.File, int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, fmt.Errorf("open the bundle: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, 0, fmt.Errorf("open the bundle: %w", err)
	}
	return f, info.Size(), nil
}

type syncCommand struct {
	Run    syncRunCommand    `cmd:"" default:"withargs" help:"Send what waits and fetch what has arrived."`
	Status syncStatusCommand `cmd:"" help:"What waits to be sent and what was received."`
}

type syncRunCommand struct {
	Dir    string `arg:"" help:"Project folder."`
	Server string `placeholder:"URL" xor:"way" help:"Another address of the project's server; its pin and key stay."`
	Folder string `placeholder:"PATH" xor:"way" help:"Trade with a folder or a removable drive."`
}

func (c *syncRunCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		report, err := p.Sync(s.ctx, flow.Way{Server: c.Server, Folder: c.Folder})
		if err != nil {
			return err
		}
		for _, r := range report.Refused {
			s.note("The server refused bundle %s: %q. It waits still; tell the lead.", r.Bundle, r.Detail)
		}
		if s.json {
			return s.printJSON(map[string]int{"sent": report.Sent, "waiting": report.Waiting, "received": report.Received, "refused": len(report.Refused)})
		}
		_, err = fmt.Fprintf(s.Out, "%d sent, %d waiting, %d received\n", report.Sent, report.Waiting, report.Received)
		return err
	})
}

type syncStatusCommand struct {
	Dir string `arg:"" help:"Project folder."`
}

func (c *syncStatusCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		status, err := p.ExchangeStatus()
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(status)
		}
		for _, b := range status.Outbox {
			state := "waiting"
			if b.Receipt {
				state = "receipt here"
			}
			fmt.Fprintf(s.Out, "out\t%s\t%d bytes\t%s\n", b.Hash, b.Size, state)
		}
		for _, b := range status.Received {
			fmt.Fprintf(s.Out, "in\t%s\t%d bytes\tfrom %s\n", b.Hash, b.Size, project.ShortFingerprint(string(b.From)))
		}
		for _, b := range status.Refused {
			fmt.Fprintf(s.Out, "refused\t%s\tfrom %s\t%s\n", b.Hash, project.ShortFingerprint(string(b.From)), b.Why)
		}
		return nil
	})
}
