package main

import (
	"bytes"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/sync/bundle/bundletest"
)

func hotlightd(args ...string) (status int, out, errOut string) {
	var o, e bytes.Buffer
	status = run(args, &o, &e)
	return status, o.String(), e.String()
}

func TestTheAddressOfEveryInterfaceIsGivenByName(t *testing.T) {
	name, err := os.Hostname()
	if err != nil {
		t.Skip("this computer has no name")
	}
	for address, want := range map[string]string{"[::]:8443": "https://" + name + ":8443", "0.0.0.0:1": "https://" + name + ":1", "127.0.0.1:2": "https://127.0.0.1:2"} {
		a, err := net.ResolveTCPAddr("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		if got := urlOf(a); got != want {
			t.Errorf("%s is reached as %s, want %s", address, got, want)
		}
	}
}

func TestCommands(t *testing.T) {
	p := bundletest.NewProject(t)
	dir := t.TempDir()
	data, roster, definition, stick := filepath.Join(dir, "data"), filepath.Join(dir, "roster.json"), filepath.Join(dir, "definition.json"), filepath.Join(dir, "stick")
	for name, b := range map[string][]byte{roster: p.Roster.Marshal(), definition: p.Signed.Marshal()} {
		if err := os.WriteFile(name, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(stick, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		args   []string
		status int
		says   string
	}{
		{"help", []string{"--help"}, 0, "not for primary"},
		{"no command", nil, 2, "expected one of"},
		{"an unknown flag", []string{"serve", "--fast"}, 2, "--fast"},
		{"no data to check", []string{"check", "--data", data}, 1, "no data directory"},
		{"keys", []string{"keys", "--data", data}, 0, "tls_pin: "},
		{"a definition is not for servers", []string{"admit", "--data", data, definition}, 1, "ask the lead for the roster"},
		{"no roster", []string{"admit", "--data", data, roster + "x"}, 1, "cannot be opened"},
		{"a roster", []string{"admit", "--data", data, roster}, 0, "4 people"},
		{"the same roster again", []string{"admit", "--data", data, roster}, 0, "4 people"},
		{"an empty medium", []string{"exchange", "--data", data, "--folder", stick}, 1, "nothing on this medium"},
		{"no medium", []string{"exchange", "--data", data, "--folder", stick + "x"}, 1, "not there"},
		{"check", []string{"check", "--data", data}, 0, "1 projects, 0 bundles"},
		{"an address that is taken", []string{"serve", "--data", data, "--listen", "256.0.0.1:1"}, 1, "listen"},
	} {
		status, out, errOut := hotlightd(c.args...)
		if status != c.status || !strings.Contains(out+errOut, c.says) {
			t.Errorf("%s: status %d, %q, %q", c.name, status, out, errOut)
		}
		if strings.Contains(errOut, dir) {
			t.Errorf("%s: a path stands in %q", c.name, errOut)
		}
	}
	status, out, _ := hotlightd("check", "--data", data, "--json")
	var found struct{ Projects int }
	if err := json.Unmarshal([]byte(out), &found); err != nil || status != 0 || found.Projects != 1 {
		t.Errorf("check --json: %d, %q", status, out)
	}
}
