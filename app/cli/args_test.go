package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"hotlight/project"
)

func TestNegativeNumbersStandAfterTheirFlag(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"render d --at -40,0,12.5 -o x", "render d --at=-40,0,12.5 -o x"},
		{"render d --normal -.5,0,1 --up 0,-1,0", "render d --normal=-.5,0,1 --up 0,-1,0"},
		{"render d --at=-1,2,3 -4", "render d --at=-1,2,3 -4"},
		{"edit d --script - --item x", "edit d --script - --item x"},
		{"decode -- -1", "decode -- -1"},
		{"-1", "-1"},
	} {
		if got := strings.Join(joinNegatives(strings.Fields(c.args)), " "); got != c.want {
			t.Errorf("%q became %q, wanted %q", c.args, got, c.want)
		}
	}
}

func run(args ...string) (status int, out, complaint string) {
	var o, e bytes.Buffer
	status = Run(args, Streams{strings.NewReader(""), &o, &e}, nil)
	return status, o.String(), e.String()
}

func TestUsageNamesNoFiles(t *testing.T) {
	status, out, complaint := run("decode", "a.dcm", "DOE^JOHN.dcm")
	if status != BadUsage || out != "" || strings.Contains(complaint, "DOE") || !strings.Contains(complaint, "decode") || strings.Count(complaint, "\n") != 1 {
		t.Errorf("%d, %q, %q", status, out, complaint)
	}
	if status, _, complaint := run("scna"); status != BadUsage || !strings.Contains(complaint, "scna") {
		t.Errorf("a mistyped command: %d, %q", status, complaint)
	}
}

func TestFailuresAreOneLineWithoutPaths(t *testing.T) {
	gone := &os.PathError{Op: "open", Path: "/data/DOE^JOHN", Err: syscall.ENOENT}
	full := &os.PathError{Op: "write", Path: "/data/DOE^JOHN", Err: syscall.ENOSPC}
	for _, c := range []struct {
		err  error
		want string
	}{
		{fmt.Errorf("script: %w", gone), "script: open: no such file or directory"},
		{errors.Join(fmt.Errorf("a: %w", gone), fmt.Errorf("b: %w", full)), "the disk is full: a: open: no such file or directory; b: write: no space left on device"},
		{project.Errorf(project.Full, "a stroke has at most 3 points"), "a stroke has at most 3 points"},
		{&os.LinkError{Op: "rename", Old: "DOE", New: "DOE2", Err: syscall.EXDEV}, "rename: " + syscall.EXDEV.Error()},
	} {
		if got := sentence(c.err); got != c.want {
			t.Errorf("%q, wanted %q", got, c.want)
		}
	}
}

// broken is a standard output on a full disk.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

func TestResultsThatCannotBeWrittenAreAFailure(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"version", "--json"}, {"scan", t.TempDir()}} {
		var complaint bytes.Buffer
		if status := Run(args, Streams{strings.NewReader(""), broken{}, &complaint}, nil); status != Failed || !strings.Contains(complaint.String(), "the disk is full") {
			t.Errorf("%v: %d, %q", args, status, complaint.String())
		}
	}
}

func TestAVaultWhoseRecoveryKeyNobodySawIsNotLeft(t *testing.T) {
	t.Setenv("HOTLIGHT_PASSPHRASE", "a passphrase for tests")
	vault := t.TempDir() + "/v.hlv"
	status := Run([]string{"key", "new", "--name", "Dr", "--role", "lead", "--vault", vault}, Streams{strings.NewReader(""), broken{}, io.Discard}, nil)
	if _, err := os.Stat(vault); status != Failed || err == nil {
		t.Errorf("status %d, the vault: %v", status, err)
	}
}

func TestAnInterruptEndsWaitingForInput(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	from, to := io.Pipe()
	defer to.Close()
	in := interruptible(ctx, from)
	go to.Write([]byte("ab"))
	b := make([]byte, 1)
	for _, want := range "ab" {
		if n, err := in.Read(b); n != 1 || err != nil || b[0] != byte(want) {
			t.Fatalf("%d %v %q", n, err, b)
		}
	}
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := in.Read(b); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := in.Read(b); !errors.Is(err, context.Canceled) {
		t.Errorf("once more: %v", err)
	}
}

func TestInputArrivesWhole(t *testing.T) {
	want := bytes.Repeat([]byte("0123456789"), 50_000)
	got, err := io.ReadAll(interruptible(context.Background(), bytes.NewReader(want)))
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
