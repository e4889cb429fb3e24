package cli

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/selftest"
)

type selftestCommand struct {
	Vectors string `placeholder:"FILE" help:"Worked examples in a file of the same form as those that ship with the program."`
}

// selftestJSON is the document of --json.
type selftestJSON struct {
	Program string             `json:"program"`
	Vectors []selftest.Outcome `json:"vectors"`
	Passed  int                `json:"passed"`
	Values  int                `json:"values"` // expected numbers and texts, all vectors together
}

// Run repeats the vectors and fails unless every one passes: unsupported is not a pass.
func (c *selftestCommand) Run(s *session) error {
	vectors := selftest.Shipped()
	if c.Vectors != "" {
		f, err := os.Open(c.Vectors)
		if err != nil {
			return fmt.Errorf("vectors: %w", err)
		}
		defer f.Close()
		if vectors, err = selftest.Read(f); err != nil {
			return err
		}
	}
	show, clear := s.progress("self-test")
	outcomes, err := selftest.Run(s.ctx, vectors, show)
	clear()
	if err != nil {
		return err
	}
	verdicts, values := selftest.Count(outcomes)
	if s.json {
		err = s.printJSON(selftestJSON{ProgramName(), outcomes, verdicts[selftest.Pass], values})
	} else {
		err = s.printOutcomes(outcomes)
	}
	if err != nil {
		return err
	}
	if passed := verdicts[selftest.Pass]; passed < len(outcomes) {
		return project.Errorf(project.Invalid, "the self-test does not hold: %d of %d vectors pass, %d fail, %d are unsupported",
			passed, len(outcomes), verdicts[selftest.Fail], verdicts[selftest.Unsupported])
	}
	s.note("%d vectors, %d values: all within their tolerance", len(outcomes), values)
	return nil
}

// printOutcomes writes a line for each vector and, under it, one for each expected value.
func (s *session) printOutcomes(outcomes []selftest.Outcome) error {
	for _, o := range outcomes {
		if _, err := fmt.Fprintf(s.Out, "%-11s %s (%s)\n", o.Verdict, o.ID, o.Metric); err != nil {
			return err
		}
		for _, key := range slices.Sorted(maps.Keys(o.Expected)) {
			got, err := json.Marshal(o.Got[key])
			if err != nil {
				return err
			}
			if _, err := fmt.Fprintf(s.Out, "            %-24s expected %s  got %s\n", key, shortened(string(o.Expected[key])), shortened(string(got))); err != nil {
				return err
			}
		}
		if o.Reason != "" {
			fmt.Fprintf(s.Out, "            %s\n", o.Reason)
		}
	}
	return nil
}

// shortened keeps a line readable where a value is a whole picture; --json has all of it.
func shortened(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if len(text) > 60 {
		return text[:57] + "..."
	}
	return text
}
