// Command hotlightd is Hotlight's central server: it takes sealed bundles, checks their outside, gives receipts and hands bundles to those
// they are addressed to. It links no user interface and opens nothing that it holds.
//
// Exit status 0: done. 1: failed, or a check did not hold; one line on standard error says what and why. 2: wrong usage.
package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/server"
)

type grammar struct {
	Data string `help:"The server's data directory; made at first use." default:"hotlight-data" env:"HOTLIGHTD_DATA" placeholder:"DIR"`
	JSON bool   `help:"Print one JSON document instead of text."`

	Serve    serveCommand    `cmd:"" help:"Answer workstations over the network, until interrupted."`
	Admit    admitCommand    `cmd:"" help:"Admit a project, or a newer roster of one."`
	Exchange exchangeCommand `cmd:"" help:"Trade with a removable medium."`
	Check    checkCommand    `cmd:"" help:"Prove every log, bundle and receipt."`
	Keys     keysCommand     `cmd:"" help:"Print what a project's definition says of this server."`
}

// streams are where results and messages go.
type streams struct {
	out, err io.Writer
	json     bool
}

// result prints v as JSON, or text.
func (s *streams) result(v any, text string) error {
	if s.json {
		b, err := json.Marshal(v)
		if err != nil {
			return err
		}
		text = string(b)
	}
	_, err := fmt.Fprintln(s.out, text)
	return err
}

func (s *streams) options() server.Options {
	return server.Options{Log: func(line string) { fmt.Fprintln(s.err, line) }}
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, out, errOut io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var g grammar
	status := -1
	k, err := kong.New(&g, kong.Name("hotlightd"), kong.Description("The central server of Hotlight, an annotation workstation, not for primary diagnosis."),
		kong.Writers(out, errOut), kong.Exit(func(n int) { status = n }))
	if err != nil {
		panic("hotlightd: the grammar is constant and valid: " + err.Error())
	}
	parsed, err := k.Parse(args)
	if status >= 0 { // help was printed
		return status
	}
	if err != nil {
		fmt.Fprintln(errOut, "hotlightd:", err)
		return 2
	}
	parsed.BindTo(ctx, (*context.Context)(nil))
	if err := parsed.Run(&g, &streams{out, errOut, g.JSON}); err != nil {
		fmt.Fprintln(errOut, "hotlightd:", err)
		return 1
	}
	return 0
}

// identity is what a definition says of a server.
type identity struct {
	URL    string       `json:"url,omitempty"`
	TLSPin project.Hash `json:"tls_pin"`
	LogKey string       `json:"log_key"`
}

func identityOf(s *server.Server, url string) identity {
	return identity{url, s.TLSPin(), base64.StdEncoding.EncodeToString(s.LogKey())}
}

// text is the section of a project's definition file.
func (i identity) text() string {
	url := i.URL
	if url == "" {
		url = "https://HOST:PORT"
	}
	return fmt.Sprintf("server:\n  url: %s\n  tls_pin: %s\n  log_key: %s", url, i.TLSPin, i.LogKey)
}

// urlOf is how workstations reach a listener; one on every interface is reached by the computer's name.
func urlOf(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		if name, err := os.Hostname(); err == nil {
			return "https://" + net.JoinHostPort(name, port)
		}
	}
	return "https://" + a.String()
}

type serveCommand struct {
	Listen string `help:"Address to listen on." default:":8443" placeholder:"ADDR"`
}

// Run serves until ctx ends. It prints the address and keys first, when the port is open.
func (c *serveCommand) Run(ctx context.Context, g *grammar, out *streams) error {
	s, err := server.Open(g.Data, out.options())
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(fmt.Errorf("listen: %w", err), s.Close())
	}
	id := identityOf(s, urlOf(l.Addr()))
	if err := out.result(id, id.text()); err != nil {
		return errors.Join(err, l.Close(), s.Close())
	}
	served := make(chan error, 1)
	go func() { served <- s.Serve(l) }()
	select {
	case err = <-served:
		return errors.Join(err, s.Close())
	case <-ctx.Done():
		err = s.Close()
		return errors.Join(<-served, err)
	}
}

type admitCommand struct {
	Roster string `arg:"" help:"The signed roster that the project's lead has sent." placeholder:"ROSTER"`
}

// Run admits a roster; a server that is running on the directory takes it at once.
func (c *admitCommand) Run(ctx context.Context, g *grammar, out *streams) error {
	b, err := readFile(c.Roster)
	if err != nil {
		return err
	}
	e, err := project.ParseEnvelope(b)
	if err != nil {
		return err
	}
	if e.PayloadType == project.DefinitionType {
		return project.Errorf(project.Invalid, "this is the project's definition, which holds names and a secret and is not for servers: ask the lead for the roster")
	}
	r, err := bundle.OpenRoster(e)
	if err != nil {
		return err
	}
	if err := server.AdmitAt(ctx, g.Data, e, out.options()); err != nil {
		return err
	}
	return out.result(map[string]any{"project": r.Project, "version": r.Version, "members": len(r.Members), "lead": r.Lead().ID},
		fmt.Sprintf("admitted project %s, version %d, %d people, lead %s", r.Project, r.Version, len(r.Members), project.ShortFingerprint(string(r.Lead().ID))))
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, project.Errorf(project.NotFound, "the roster file cannot be opened")
	}
	defer f.Close()
	b, err := io.ReadAll(io.LimitReader(f, 4*bundle.MaxRoster))
	if err != nil {
		return nil, project.Errorf(project.Other, "the roster file cannot be read")
	}
	return b, nil
}

type exchangeCommand struct {
	Folder string `help:"Where the medium is mounted." required:"" placeholder:"PATH"`
}

// Run trades with a medium; a server that is running on the directory does it itself.
func (c *exchangeCommand) Run(ctx context.Context, g *grammar, out *streams) error {
	done, err := server.ExchangeAt(ctx, g.Data, c.Folder, out.options())
	if err != nil {
		return err
	}
	return out.result(done, fmt.Sprintf("%d bundles have a receipt, %d were refused, %d were put on the medium", done.Committed, done.Refused, done.Arrived))
}

type checkCommand struct{}

// Run checks everything; what does not hold makes it fail.
func (c *checkCommand) Run(ctx context.Context, g *grammar, out *streams) error {
	if _, err := os.Stat(g.Data); err != nil {
		return project.Errorf(project.NotFound, "there is no data directory to check")
	}
	found, err := server.CheckAt(ctx, g.Data, out.options())
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%d projects, %d bundles, %d leaves", found.Projects, found.Bundles, found.Leaves)
	for _, p := range found.Problems {
		text += "\n" + p
	}
	if err := out.result(found, text); err != nil {
		return err
	}
	if len(found.Problems) > 0 {
		return project.Errorf(project.Corrupt, "%d things do not hold", len(found.Problems))
	}
	return nil
}

type keysCommand struct{}

// Run prints pin and log key, making them if the directory is new.
func (c *keysCommand) Run(g *grammar, out *streams) error {
	s, err := server.Open(g.Data, out.options())
	if err != nil {
		return err
	}
	id := identityOf(s, "")
	return errors.Join(out.result(id, id.text()), s.Close())
}
