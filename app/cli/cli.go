package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"hotlight/app/flow"
)

// Version is set by the build from FyneApp.toml.
var Version = "0.1.0"

// ProgramName is what signatures and bundles say made them.
func ProgramName() string { return "Hotlight " + Version }

// Records and signatures name the program that made them, whichever way it was started.
func init() { flow.Program = ProgramName() }

// Exit statuses.
const (
	Done     = 0
	Failed   = 1
	BadUsage = 2
)

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Standard are the process's own streams.
func Standard() Streams { return Streams{os.Stdin, os.Stdout, os.Stderr} }

// grammar is the whole command line; each command's fields and Run are in its own file.
type grammar struct {
	JSON       bool   `help:"Print one JSON document instead of text."`
	Vault      string `help:"The acting person's vault." env:"HOTLIGHT_VAULT" placeholder:"FILE"`
	Passphrase string `name:"passphrase-file" help:"Read the passphrase from the first line of this file." placeholder:"FILE"`

	Scan    scanCommand    `cmd:"" help:"What is there: studies, series, volumes, and what was skipped."`
	Decode  decodeCommand  `cmd:"" help:"The stored values of a file after decompression."`
	Convert convertCommand `cmd:"" help:"A volume with its place in the patient, as NIfTI or NRRD."`
	Render  renderCommand  `cmd:"" help:"One picture of what a viewport shows, or its values."`

	Key      keyCommand      `cmd:"" help:"A person's keys."`
	Project  projectCommand  `cmd:"" help:"A project folder: definition, items, people, state."`
	Edit     editCommand     `cmd:"" help:"Apply edits, one JSON object a line, each durable when its answer is printed."`
	Segments segmentsCommand `cmd:"" help:"The segments of a read."`
	Sign     signCommand     `cmd:"" help:"Sign a read."`
	Audit    auditCommand    `cmd:"" help:"The audit trail."`

	Bundle bundleCommand `cmd:"" help:"Signed, encrypted exchange files."`
	Sync   syncCommand   `cmd:"" help:"Trade bundles with a server or a folder."`

	Compare  compareCommand  `cmd:"" help:"Two label maps, segment by segment: overlap and surface distances."`
	Selftest selftestCommand `cmd:"" help:"Repeat the published worked examples that ship with the program."`
	Report   reportCommand   `cmd:"" help:"The concordance and provenance report of a panel of readers: HTML, CSV, JSON."`

	Demo    demoCommand    `cmd:"" help:"The whole main job on the built-in phantom."`
	Version versionCommand `cmd:"" help:"Name and version of the program."`
}

// session is what every command's Run gets.
type session struct {
	Streams
	terminal *os.File // what passphrases are asked on; nil where there is none
	ctx      context.Context
	json     bool
	flags    *grammar
	window   Window
	// unhook gives interrupts back to the system: a window ends on them at once.
	unhook func()
}

// Commands are the first words that mean the command line; anything else is a path for the window.
func Commands() []string {
	k, err := kong.New(&grammar{})
	if err != nil {
		panic("cli: " + err.Error())
	}
	var names []string
	for _, n := range k.Model.Children {
		names = append(names, n.Name)
	}
	return names
}

// IsCommand reports whether args are for the command line: a command first, or a flag.
func IsCommand(args []string) bool {
	if len(args) == 0 {
		return false
	}
	if args[0] != "" && args[0][0] == '-' || args[0] == "help" {
		return true
	}
	for _, name := range Commands() {
		if name == args[0] {
			return true
		}
	}
	return false
}

// stopParsing carries kong's wish to exit (after --help) up through the panic that its Exit hook needs.
type stopParsing int

// Run carries out one command line and returns its exit status. window, if not nil, is what the demo ends with: the workstation opened on
// the demo's folder.
func Run(args []string, io Streams, window Window) (status int) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var g grammar
	parser, err := kong.New(&g,
		kong.Name("hotlight"),
		kong.Description("Annotation workstation for radiologists: the command line. Not for primary diagnosis."),
		kong.Writers(io.Out, io.Err),
		kong.Exit(func(code int) { panic(stopParsing(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
	)
	if err != nil {
		panic("cli: " + err.Error())
	}
	defer func() {
		switch code := recover().(type) {
		case nil:
		case stopParsing:
			status = int(code)
		default:
			panic(code) // a bug of ours must not look like success
		}
	}()
	parsed, err := parser.Parse(joinNegatives(args))
	if err != nil {
		fmt.Fprintf(io.Err, "hotlight: %v\n", unnamed(err))
		return BadUsage
	}
	out := &results{to: io.Out}
	in := interruptible(ctx, io.In)
	err = parsed.Run(&session{Streams: Streams{in, out, io.Err}, terminal: terminalOf(io.In), ctx: ctx, json: g.JSON, flags: &g, window: window, unhook: stop})
	if err == nil {
		err = out.err
	}
	return report(io, err)
}

// usageError is wrong usage that only a command could see.
type usageError struct{ text string }

func (e usageError) Error() string { return e.text }

func usage(format string, args ...any) error { return usageError{fmt.Sprintf(format, args...)} }

// report prints a failure in one line and returns the exit status.
func report(io Streams, err error) int {
	var wrong usageError
	switch {
	case err == nil:
		return Done
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(io.Err, "hotlight: cancelled")
		return Failed
	case errors.As(err, &wrong):
		fmt.Fprintf(io.Err, "hotlight: %v\n", err)
		return BadUsage
	}
	fmt.Fprintf(io.Err, "hotlight: %s\n", sentence(err))
	return Failed
}

type versionCommand struct{}

func (versionCommand) Run(s *session) error {
	if s.json {
		return s.printJSON(map[string]string{"name": "Hotlight", "version": Version})
	}
	_, err := fmt.Fprintf(s.Out, "%s, annotation workstation, not for primary diagnosis\n", ProgramName())
	return err
}
