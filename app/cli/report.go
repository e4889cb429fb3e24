package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/project/disk"
	concordance "hotlight/project/report"
)

type reportCommand struct {
	Dir    string `arg:"" help:"A folder of reads (see project/report/READS.md), or a lead's project."`
	Out    string `short:"o" required:"" placeholder:"OUTDIR" help:"Where the report goes; made if it is not there."`
	Format string `default:"html,csv,json" help:"What is written: html, csv, json, separated by commas."`
	Date   string `placeholder:"YYYY-MM-DD" help:"The day that the report prints as its own. Without it none is printed, and equal input gives equal files on any day."`
}

// reportJSON is the document of --json; the report's own JSON is the file that Files names.
type reportJSON struct {
	Files    []string             `json:"files"`
	InShort  string               `json:"in_short"`
	Verdicts bool                 `json:"verdicts"` // enough studies and patients to judge the gates
	Gates    []concordance.Judged `json:"gates"`
	SelfTest concordance.SelfTest `json:"selftest"`
	Studies  int                  `json:"studies"`
	Numbers  int                  `json:"numbers"`
}

// Run writes the report. It refuses where the self-test does not hold: numbers of a program that computes wrongly are not to leave it.
func (c *reportCommand) Run(s *session) error {
	formats := strings.Split(c.Format, ",")
	for _, f := range formats {
		if !slices.Contains(concordance.Formats, f) {
			return usage("--format is one or more of %s, separated by commas", strings.Join(concordance.Formats, ", "))
		}
	}
	if _, err := time.Parse(time.DateOnly, c.Date); c.Date != "" && err != nil {
		return usage("--date is a day as 2026-01-31")
	}
	in, err := c.input(s)
	if err != nil {
		return err
	}
	show, clear := s.progress("studies")
	r, err := concordance.Build(s.ctx, in, concordance.Options{Program: ProgramName(), Date: c.Date, Progress: show})
	clear()
	if err != nil {
		return err
	}
	if !r.SelfTestHeld() {
		return project.Errorf(project.Corrupt, "the self-test does not hold on this computer (%d of %d worked examples): no report is written", r.SelfTest.Passed, r.SelfTest.Vectors)
	}
	paths, err := r.Write(c.Out, formats)
	if err != nil {
		return fmt.Errorf("write the report: %w", disk.Explain(err)) // all of its files are gone
	}
	if s.json {
		gates := r.Gates
		if gates == nil {
			gates = []concordance.Judged{}
		}
		return s.printJSON(reportJSON{paths, r.Summary.InShort, r.Verdicts, gates, r.SelfTest, len(in.Panel.Studies), len(r.Numbers)})
	}
	s.note("%s", r.Summary.InShort)
	for _, p := range paths {
		if _, err := fmt.Fprintln(s.Out, p); err != nil {
			return err
		}
	}
	return nil
}

// input reads the folder of reads, or gathers what the lead's project holds.
func (c *reportCommand) input(s *session) (in *concordance.Input, err error) {
	if concordance.IsFolder(c.Dir) {
		show, clear := s.progress("reads")
		defer clear()
		return concordance.Load(s.ctx, c.Dir, show)
	}
	if !flow.IsProject(c.Dir) {
		return nil, project.Errorf(project.NotFound, "this folder is neither a folder of reads (with %s) nor a project", concordance.PanelName)
	}
	err = s.with(c.Dir, func(p *flow.Project) error {
		show, clear := s.progress("items")
		defer clear()
		in, err = p.ReportInput(s.ctx, show)
		return err
	})
	return in, err
}
