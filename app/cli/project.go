package cli

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/project/definition"
)

type projectCommand struct {
	New    projectNewCommand    `cmd:"" help:"Make a project folder from a definition: a lead's project file, signed now, or the signed definition from a lead."`
	Add    projectAddCommand    `cmd:"" help:"Index images in place and make a work item of each study."`
	Locate projectLocateCommand `cmd:"" help:"Find images that are gone from their places, by content, and say which changed or are missing."`
	Roster projectRosterCommand `cmd:"" help:"The project's people."`
	Assign projectAssignCommand `cmd:"" help:"Give an item to a reader."`
	Status projectStatusCommand `cmd:"" help:"Items, reads, and their states."`
	Check  projectCheckCommand  `cmd:"" help:"Walk the whole store and say what is wrong with it."`
}

// open opens a project folder for the acting person.
func (s *session) open(dir string) (*flow.Project, error) {
	h, err := s.holder()
	if err != nil {
		return nil, err
	}
	p, err := flow.OpenProject(dir, h)
	if err == nil && p.Notice() != "" {
		s.note("%s", p.Notice())
	}
	if err == nil && p.Room() != "" {
		s.note("Warning: %s", p.Room())
	}
	return p, err
}

// with opens the project, runs do, and gives the folder back.
func (s *session) with(dir string, do func(p *flow.Project) error) error {
	p, err := s.open(dir)
	if err != nil {
		return err
	}
	err = do(p)
	if closing := p.Close(); err == nil {
		err = closing
	}
	return err
}

type projectNewCommand struct {
	Dir        string `arg:"" help:"The folder to make."`
	Definition string `required:"" placeholder:"FILE" help:"Project file (YAML), or signed definition (.hld)."`
	Lead       string `placeholder:"FP" help:"Refuse a definition that another lead signed."`
}

func (c *projectNewCommand) Run(s *session) error {
	f, err := os.Open(c.Definition)
	if err != nil {
		return fmt.Errorf("definition: %w", err)
	}
	defer f.Close()
	h, err := s.holder()
	if err != nil {
		return err
	}
	p, err := flow.NewProject(c.Dir, f, h, project.ReaderID(c.Lead))
	if err != nil {
		return err
	}
	lead := p.Definition().Lead()
	if err := p.Close(); err != nil {
		return err
	}
	if s.json {
		return s.printJSON(map[string]any{"id": p.Definition().Project.ID, "title": p.Definition().Project.Title, "version": p.Definition().Project.Version,
			"sha256": p.Hash(), "lead": lead.ID, "me": h.ReaderID()})
	}
	_, err = fmt.Fprintf(s.Out, "%s, version %d, signed by lead %s (compare this with the lead)\n",
		p.Definition().Project.Title, p.Definition().Project.Version, project.ShortFingerprint(string(lead.ID)))
	return err
}

type projectAddCommand struct {
	Dir   string   `arg:"" help:"Project folder."`
	Paths []string `arg:"" name:"path" help:"Files and folders with images."`
}

func (c *projectAddCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		show, clear := s.progress("Reading images")
		added, err := p.AddImages(s.ctx, c.Paths, show)
		clear()
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(map[string]any{"items": added.Items, "new": added.New, "files": added.Files, "skipped": len(added.Skipped), "excluded": append([]flow.Excluded{}, added.Excluded...)})
		}
		for _, id := range added.Items {
			name, err := p.CaseName(id)
			if err != nil {
				return err
			}
			fmt.Fprintf(s.Out, "%s\t%s\n", id, name)
		}
		for _, e := range added.Excluded {
			s.note("%s series %d is kept out by the project: %s.", e.Modality, e.Number, strings.Join(e.Reasons, "; "))
		}
		s.note("%d items (%d new) from %d images; %d files skipped.", len(added.Items), added.New, added.Files, len(added.Skipped))
		return nil
	})
}

type projectLocateCommand struct {
	Dir   string   `arg:"" help:"Project folder."`
	Paths []string `arg:"" optional:"" name:"path" help:"Where to look first; near the old places and in the project's other folders it is looked in any case."`
	Item  string   `placeholder:"ID" help:"Only this item."`
}

// located is an item's line.
type located struct {
	Item project.ItemID `json:"item"`
	flow.Located
}

// Run fails when a file is changed or missing, after all items were looked at.
func (c *projectLocateCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		items, err := p.Store.Items()
		if err != nil {
			return err
		}
		all, wrong := []located{}, 0
		for _, it := range items {
			if c.Item != "" && it.ID != project.ItemID(c.Item) {
				continue
			}
			show, clear := s.progress("Looking for images")
			at, err := p.Locate(s.ctx, it.ID, c.Paths, show)
			clear()
			if err != nil {
				return err
			}
			all = append(all, located{it.ID, at})
			wrong += at.Changed + at.Missing
		}
		if c.Item != "" && len(all) == 0 {
			return project.Errorf(project.NotFound, "the project has no item by that name")
		}
		if err := c.print(s, all); err != nil {
			return err
		}
		if wrong > 0 {
			return project.Errorf(project.NotFound, "%d source files are changed or not here", wrong)
		}
		return nil
	})
}

func (c *projectLocateCommand) print(s *session, all []located) error {
	if s.json {
		return s.printJSON(map[string]any{"items": all})
	}
	for _, at := range all {
		if _, err := fmt.Fprintf(s.Out, "%s\t%d of %d here, %d of them moved, %d changed, %d missing\n", at.Item, at.Here, at.Files, at.Moved, at.Changed, at.Missing); err != nil {
			return err
		}
		if at.Names != "" {
			fmt.Fprintf(s.Out, "\t%s\n", at.Names)
		}
	}
	return nil
}

type projectRosterCommand struct {
	Dir    string `arg:"" help:"Project folder."`
	Action string `arg:"" enum:"add,revoke,list,export" help:"add FILE, revoke FP, list, or export FILE (the roster for a server)."`
	What   string `arg:"" optional:"" help:"A public record as 'key show' prints it, a fingerprint, or a file to write."`
}

func (c *projectRosterCommand) Run(s *session) error {
	if wanted := map[string]string{"add": "a public record as 'key show' prints it", "revoke": "a fingerprint", "export": "a file to write"}[c.Action]; wanted != "" && c.What == "" {
		return usage("roster %s needs %s", c.Action, wanted)
	}
	return s.with(c.Dir, func(p *flow.Project) error {
		var err error
		switch c.Action {
		case "add":
			err = c.add(p)
		case "revoke":
			err = p.ChangeRoster(func(all []project.Reader) ([]project.Reader, error) { return revoke(all, project.ReaderID(c.What)) })
		case "export":
			err = exportRoster(p, c.What)
		}
		if err != nil || c.Action != "list" && !s.json {
			return err
		}
		return listRoster(s, p)
	})
}

func (c *projectRosterCommand) add(p *flow.Project) error {
	raw, err := os.ReadFile(c.What)
	if err != nil {
		return fmt.Errorf("public record: %w", err)
	}
	added, err := definition.ParseReaders(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	return p.ChangeRoster(func(all []project.Reader) ([]project.Reader, error) { return append(all, added...), nil })
}

func revoke(all []project.Reader, id project.ReaderID) ([]project.Reader, error) {
	for n := range all {
		if all[n].ID == id {
			all[n].Revoked = true
			return all, nil
		}
	}
	return nil, project.Errorf(project.NotFound, "the roster has no such fingerprint")
}

func exportRoster(p *flow.Project, path string) error {
	e, err := p.Roster()
	if err != nil {
		return err
	}
	return writeWhole(path, 0, func(w io.Writer) error { _, err := w.Write(e.Marshal()); return err })
}

func listRoster(s *session, p *flow.Project) error {
	if s.json {
		var out []keyReport
		for _, r := range p.Definition().Readers {
			out = append(out, reportKey(r))
		}
		return s.printJSON(map[string]any{"version": p.Definition().Project.Version, "readers": out})
	}
	for _, r := range p.Definition().Readers {
		state := ""
		if r.Revoked {
			state = "\trevoked"
		}
		fmt.Fprintf(s.Out, "%s\t%s\t%s%s\n", r.ID, r.Role, r.Name, state)
	}
	return nil
}

type projectAssignCommand struct {
	Dir    string `arg:"" help:"Project folder."`
	Item   string `required:"" placeholder:"ID"`
	Reader string `required:"" placeholder:"FP"`
}

func (c *projectAssignCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		if err := p.Assign(project.ItemID(c.Item), project.ReaderID(c.Reader)); err != nil || !s.json {
			return err
		}
		return s.printJSON(map[string]string{"item": c.Item, "reader": c.Reader})
	})
}

type projectStatusCommand struct {
	Dir string `arg:"" help:"Project folder."`
}

func (c *projectStatusCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		status, err := p.Status()
		if err != nil {
			return err
		}
		if s.json {
			return s.printJSON(status)
		}
		fmt.Fprintf(s.Out, "%s, version %d\n", status.Title, status.Version)
		for _, item := range status.Items {
			fmt.Fprintf(s.Out, "%s\t%s\t%d images\n", item.ID, item.Name, item.Images)
			for _, r := range item.Reads {
				fmt.Fprintf(s.Out, "\t%s\t%s\t%d changes\n", project.ShortFingerprint(string(r.Reader)), r.State, r.Changes)
			}
		}
		return nil
	})
}

type projectCheckCommand struct {
	Dir string `arg:"" help:"Project folder."`
}

func (c *projectCheckCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		problems, err := p.Check(s.ctx)
		if err != nil {
			return err
		}
		if s.json {
			list := []map[string]string{}
			for _, q := range problems {
				list = append(list, map[string]string{"where": q.Where, "what": q.What})
			}
			if err := s.printJSON(map[string]any{"ok": len(problems) == 0, "problems": list}); err != nil {
				return err
			}
		} else {
			for _, q := range problems {
				fmt.Fprintf(s.Out, "%s: %s\n", q.Where, q.What)
			}
		}
		if len(problems) > 0 {
			return project.Errorf(project.Corrupt, "the store has %d problems", len(problems))
		}
		if !s.json {
			fmt.Fprintln(s.Out, "clean")
		}
		return nil
	})
}
