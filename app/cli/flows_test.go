package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/keys"
	"hotlight/project/keys/keystest"
	"hotlight/project/phantom"
)

// runCLI in the environment makes the test binary the program itself, for tests that kill it.
const runCLI = "HOTLIGHT_TEST_RUN_CLI"

func TestMain(m *testing.M) {
	if os.Getenv(runCLI) != "" {
		keystest.CheapForProcess()
		os.Exit(Run(os.Args[1:], Standard(), nil))
	}
	keystest.CheapForProcess()
	testscript.Main(m, map[string]func(){
		"hotlight": func() { os.Exit(Run(os.Args[1:], Standard(), nil)) },
	})
}

// TestFlows runs the whole flows of testdata/flows: what must happen, and what must not exist after each failure.
func TestFlows(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("..", "..", "testdata", "flows"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOTLIGHT_PASSPHRASE", keystest.Passphrase)
			e.Setenv("HOME", e.WorkDir)
			return nil
		},
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"phantom":  makePhantom,
			"people":   makePeople,
			"jsonpath": jsonPath,
			"flip":     flipByte,
		},
	})
}

// phantom DIR writes a small computed CT.
func makePhantom(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: phantom DIR")
	}
	ctx := context.Background()
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{48, 48, 12}, SpacingMM: [3]float64{8, 8, 10}, Seed: 1}, nil)
	ts.Check(err)
	ts.Check(phantom.WriteDICOM(ctx, ts.MkAbs(args[0]), v, phantom.StudyOptions{Seed: 1}))
}

// people NAME:ROLE... makes NAME.hlv for each and project.yaml, the unsigned definition with all of them.
func makePeople(ts *testscript.TestScript, neg bool, args []string) {
	d := project.Definition{
		Schema:  project.DefinitionSchema,
		Project: project.About{ID: "org.example.flow", Title: "Flow", Version: 1},
		Classes: []project.Class{
			{ID: "liver", Value: 1, Name: "Liver", Colour: project.Palette[0], Category: project.Code{Value: "91723000", Scheme: "SCT", Meaning: "Anatomical Structure"}, Type: project.Code{Value: "10200004", Scheme: "SCT", Meaning: "Liver"}},
			{ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[1]},
		},
	}
	for _, a := range args {
		name, role, ok := strings.Cut(a, ":")
		if !ok {
			ts.Fatalf("usage: people NAME:ROLE...")
		}
		path := ts.MkAbs(name + ".hlv")
		_, err := keys.Create(path, keys.Profile{Name: "Dr " + name, Role: project.Role(role)}, []byte(keystest.Passphrase))
		ts.Check(err)
		v, err := keys.Open(path)
		ts.Check(err)
		d.Readers = append(d.Readers, v.Public())
		ts.Setenv(strings.ToUpper(name), string(v.Public().ID))
	}
	var b bytes.Buffer
	ts.Check(definition.Write(&b, &d))
	ts.Check(os.WriteFile(ts.MkAbs("project.yaml"), b.Bytes(), 0o600))
}

// jsonpath VAR FILE path.to.field sets a variable from a JSON file (or stdout); numbers in the path index lists.
func jsonPath(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: jsonpath VAR FILE PATH")
	}
	var v any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[1])), &v))
	for _, step := range strings.Split(args[2], ".") {
		switch at := v.(type) {
		case map[string]any:
			v = at[step]
		case []any:
			var n int
			fmt.Sscan(step, &n)
			if n >= len(at) {
				ts.Fatalf("%s: no element %d", args[2], n)
			}
			v = at[n]
		default:
			ts.Fatalf("%s: nothing at %s", args[2], step)
		}
	}
	ts.Setenv(args[0], fmt.Sprint(v))
}

// flip FILE OFFSET changes one bit.
func flipByte(ts *testscript.TestScript, neg bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	var at int
	fmt.Sscan(args[1], &at)
	b[at] ^= 1
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o600))
}
