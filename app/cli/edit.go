package cli

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/project/edit"
)

// byteOrderMark begins the text files of some programs.
var byteOrderMark = []byte("\xef\xbb\xbf")

// maxLine bounds one line of a script, in bytes: a stroke of 100,000 points fits.
const maxLine = 16 << 20

type editCommand struct {
	Dir    string `arg:"" help:"Project folder."`
	Item   string `required:"" placeholder:"ID"`
	Script string `required:"" placeholder:"FILE|-" help:"One JSON object a line; - reads standard input."`
}

type editAnswer struct {
	Seq     uint64 `json:"seq"`
	Durable bool   `json:"durable"`
	Changed int64  `json:"changed_voxels"`
}

func (c *editCommand) Run(s *session) error {
	in := s.In
	if c.Script != "-" {
		f, err := os.Open(c.Script)
		if err != nil {
			return fmt.Errorf("script: %w", err)
		}
		defer f.Close()
		in = f
	}
	return s.with(c.Dir, func(p *flow.Project) error {
		r, err := p.OpenRead(s.ctx, project.ItemID(c.Item))
		if err != nil {
			return err
		}
		err = c.apply(s, r, in)
		if closing := r.Close(); err == nil {
			err = closing
		}
		return err
	})
}

// apply does one line after the other and answers each once it is on the disk. The first line that fails ends the script; what was answered
// stays.
func (c *editCommand) apply(s *session, r *flow.Reading, in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 0, 64<<10), maxLine)
	answers := json.NewEncoder(s.Out)
	n := 1
	for ; lines.Scan(); n++ {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), byteOrderMark))
		if len(line) == 0 {
			continue
		}
		entry, err := applyLine(s, r, line)
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		if err := r.WaitSaved(s.ctx); err != nil {
			return fmt.Errorf("line %d: not saved: %w", n, err)
		}
		if err := answers.Encode(editAnswer{entry.Seq, true, entry.Changed}); err != nil {
			return err
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return project.Errorf(project.Full, "line %d: is longer than %d MB", n, maxLine>>20)
	case err != nil:
		return fmt.Errorf("script: %w", err)
	}
	return nil
}

func applyLine(s *session, r *flow.Reading, line []byte) (edit.Entry, error) {
	op, err := edit.ParseOp(line)
	if err != nil {
		return edit.Entry{}, err
	}
	if op.Range != nil {
		if err := r.NeedVolumes(s.ctx); err != nil {
			return edit.Entry{}, err
		}
	}
	return r.History.Do(op)
}

type segmentsCommand struct {
	Dir  string `arg:"" help:"Project folder."`
	Item string `required:"" placeholder:"ID"`
}

type segmentReport struct {
	Number   int            `json:"number"`
	Name     string         `json:"name"`
	Class    string         `json:"class"`
	Code     *codeReport    `json:"code"`
	Color    project.Colour `json:"color"`
	Locked   bool           `json:"locked"`
	Image    int            `json:"image"`
	Voxels   int64          `json:"voxels"`
	VolumeML *float64       `json:"volume_ml"` // null where it cannot be known: uncalibrated pixels, or planes that are not evenly apart
	SHA256   project.Hash   `json:"sha256"`
}

type codeReport struct {
	Value   string `json:"value"`
	Scheme  string `json:"scheme"`
	Meaning string `json:"meaning"`
}

func (c *segmentsCommand) Run(s *session) error {
	return s.with(c.Dir, func(p *flow.Project) error {
		r, err := p.OpenRead(s.ctx, project.ItemID(c.Item))
		if err != nil {
			return err
		}
		defer r.Close()
		out := []segmentReport{}
		for _, g := range r.History.Set().Segments() {
			report := segmentReport{Number: g.Number, Name: g.Name, Class: g.Class, Color: g.Colour, Locked: g.Locked, Image: g.Image, Voxels: g.Mask.Count(), SHA256: g.Mask.SHA256()}
			if !g.Type.IsZero() {
				report.Code = &codeReport{g.Type.Value, g.Type.Scheme, g.Type.Meaning}
			}
			if ml, ok := r.Item.Images[g.Image].Geometry.VoxelML(); ok {
				ml *= float64(report.Voxels)
				report.VolumeML = &ml
			}
			out = append(out, report)
		}
		if s.json {
			return s.printJSON(map[string]any{"item": r.Item.ID, "state": r.State(), "segments": out})
		}
		for _, g := range out {
			volume := "-"
			if g.VolumeML != nil {
				volume = fmt.Sprintf("%.3f ml", *g.VolumeML)
			}
			fmt.Fprintf(s.Out, "%d\t%s\t%s\t%d voxels\t%s\t%s\n", g.Number, g.Name, g.Class, g.Voxels, volume, g.SHA256)
		}
		return nil
	})
}
