package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// participant is a running process that does one repeat for each line it is sent.
type participant struct {
	cmd     *exec.Cmd
	in      io.WriteCloser
	out     *bufio.Reader
	stderr  *strings.Builder
	seconds []float64
	note    string
	peakMiB float64
	driven  bool
	failure error
}

// start runs the command and waits until it is set up.
func start(ctx context.Context, argv []string) (*participant, error) {
	p := &participant{cmd: exec.CommandContext(ctx, argv[0], argv[1:]...), stderr: &strings.Builder{}}
	p.cmd.Stderr = p.stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	p.in, p.out = in, bufio.NewReader(out)
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	if line, err := p.out.ReadString('\n'); err != nil || line != "ready\n" {
		return nil, p.failed("setting up", line)
	}
	return p, nil
}

// repeat asks for one repeat. The answer is a line "T <seconds>... | <note>": one figure or many, and what was computed.
func (p *participant) repeat() ([]float64, error) {
	if _, err := io.WriteString(p.in, "go\n"); err != nil {
		return nil, p.failed("a repeat", "")
	}
	line, err := p.out.ReadString('\n')
	figures, note, found := strings.Cut(strings.TrimSpace(line), "|")
	if err != nil || !found || !strings.HasPrefix(figures, "T ") {
		return nil, p.failed("a repeat", line)
	}
	p.note = strings.TrimSpace(note)
	var out []float64
	for f := range strings.FieldsSeq(figures[2:]) {
		s, err := strconv.ParseFloat(f, 64)
		if err != nil {
			return nil, p.failed("a repeat", line)
		}
		out = append(out, s)
	}
	return out, nil
}

// failed ends the process and says what it said last.
func (p *participant) failed(doing, line string) error {
	p.in.Close()
	p.cmd.Process.Kill()
	p.cmd.Wait()
	said := strings.TrimSpace(line + p.stderr.String())
	if n := len(said); n > 700 { // Go says what happened first, Python last
		said = said[:300] + " ... " + said[n-400:]
	}
	return fmt.Errorf("ended while %s: %s", doing, said)
}

// stop takes note of the process's memory and lets it end.
func (p *participant) stop() error {
	p.peakMiB = peakMiB(p.cmd.Process.Pid)
	return errors.Join(p.in.Close(), p.cmd.Wait())
}

// ours is the command line that runs an operation of this program as a participant.
func ours(operation string, args ...string) []string {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	return append([]string{self, "worker", operation}, args...)
}
