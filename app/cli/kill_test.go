package cli

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hotlight/app/flow"
	"hotlight/project"
	"hotlight/project/definition"
	"hotlight/project/edit"
	"hotlight/project/keys/keystest"
	"hotlight/project/phantom"
)

// bench is a reader's project with one item, for tests that kill the program.
type killBench struct {
	dir  string
	me   *keystest.Person
	item project.ItemID
}

func newKillBench(t *testing.T) killBench {
	t.Helper()
	ctx, base := context.Background(), t.TempDir()
	lead := keystest.New(t, "Dr Lead", project.Lead)
	me := keystest.New(t, "Dr Reader", project.Radiologist)
	d := project.Definition{Schema: project.DefinitionSchema, Project: project.About{ID: "org.example.kill", Title: "Kill", Version: 1},
		Classes: []project.Class{{ID: "liver", Value: 1, Name: "Liver", Colour: project.Palette[0]}, {ID: "lesion", Value: 2, Name: "Lesion", Colour: project.Palette[1]}},
		Readers: []project.Reader{lead.Public(), me.Public()}}
	var yaml bytes.Buffer
	must(t, definition.Write(&yaml, &d))
	leadProject, err := flow.NewProject(filepath.Join(base, "lead"), &yaml, lead.Holder, "")
	must(t, err)
	must(t, leadProject.Close())
	signed, err := os.Open(filepath.Join(base, "lead", flow.DefinitionFile))
	must(t, err)
	defer signed.Close()
	p, err := flow.NewProject(filepath.Join(base, "reader"), signed, me.Holder, lead.ReaderID())
	must(t, err)
	v, _, err := phantom.Compute(ctx, phantom.Options{Size: [3]int{64, 64, 16}, SpacingMM: [3]float64{6, 6, 8}, Seed: 1}, nil)
	must(t, err)
	must(t, phantom.WriteDICOM(ctx, filepath.Join(base, "images"), v, phantom.StudyOptions{Seed: 1}))
	added, err := p.AddImages(ctx, []string{filepath.Join(base, "images")}, nil)
	must(t, err)
	must(t, p.Close())
	return killBench{filepath.Join(base, "reader"), me, added.Items[0]}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// randomOps makes n script lines: strokes of every shape, undos and redos. Everything follows from the generator.
func randomOps(r *rand.Rand, n int) []string {
	lines := []string{`{"op":"brush","segment":"liver","shape":"sphere","radius_mm":20,"points_mm":[[0,0,0]]}`,
		`{"op":"brush","segment":"lesion","shape":"sphere","radius_mm":9,"points_mm":[[5,5,5]]}`}
	for len(lines) < n {
		switch r.IntN(8) {
		case 0:
			lines = append(lines, `{"op":"undo"}`)
			// What undo took back may be the segment's birth; the next lines make it again.
			lines = append(lines, fmt.Sprintf(`{"op":"brush","segment":"liver","shape":"sphere","radius_mm":%d,"points_mm":[[0,0,0]]}`, 10+r.IntN(10)))
		default:
			segment := [2]string{"liver", "lesion"}[r.IntN(2)]
			mode := [3]string{"add", "add", "erase"}[r.IntN(3)]
			shape := [2]string{"disc", "sphere"}[r.IntN(2)]
			at := func() int { return r.IntN(240) - 120 }
			lines = append(lines, fmt.Sprintf(`{"op":"brush","segment":"%s","mode":"%s","shape":"%s","radius_mm":%d,"points_mm":[[%d,%d,%d],[%d,%d,%d]]}`,
				segment, mode, shape, 3+r.IntN(25), at(), at(), at()/3, at(), at(), at()/3))
		}
	}
	return lines
}

// No acknowledged edit is lost by kill -9 at a random moment, and the store checks clean after each: the masks are those of the same edits
// made in memory. 200 kills with HOTLIGHT_SOAK, fewer otherwise.
func TestKilledAtAnyMomentLosesNoAcknowledgedEdit(t *testing.T) {
	kills := 12
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		kills = 200
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	b := newKillBench(t)
	lines := randomOps(r, 2000*kills) // far more than a fast disk takes before the kill
	model, done := b.model(t), uint64(0)
	acknowledged := 0
	for kill := range kills {
		last := b.runAndKill(t, lines[min(int(done), len(lines)-1):], time.Duration(r.IntN(250))*time.Millisecond)
		acknowledged += int(last) - int(min(last, done))
		p, reading := b.open(t)
		seq := reading.History.Seq()
		if seq < last {
			t.Fatalf("kill %d: change %d was acknowledged, the journal ends at %d", kill, last, seq)
		}
		for ; done < seq; done++ {
			op, err := edit.ParseOp([]byte(lines[done]))
			must(t, err)
			if _, err := model.Do(op); err != nil {
				t.Fatalf("line %d in memory: %v", done+1, err)
			}
		}
		if !model.Set().Equal(reading.History.Set()) {
			t.Fatalf("kill %d: the masks after change %d are not those of the same edits in memory", kill, seq)
		}
		must(t, reading.Close())
		problems, err := p.Check(context.Background())
		must(t, err)
		for _, q := range problems {
			t.Errorf("kill %d: %s: %s", kill, q.Where, q.What)
		}
		must(t, p.Close())
	}
	t.Logf("%d kills, %d changes on disk, %d of them acknowledged before a kill", kills, done, acknowledged)
	if acknowledged < kills {
		t.Errorf("only %d edits were acknowledged in %d runs: the test kills too early to mean anything", acknowledged, kills)
	}
}

func (b killBench) open(t *testing.T) (*flow.Project, *flow.Reading) {
	t.Helper()
	p, err := flow.OpenProject(b.dir, b.me.Holder)
	must(t, err)
	reading, err := p.OpenRead(context.Background(), b.item)
	must(t, err)
	return p, reading
}

// model is a history in memory on the same images.
func (b killBench) model(t *testing.T) *edit.History {
	t.Helper()
	p, reading := b.open(t)
	defer p.Close()
	defer reading.Close()
	var images []edit.Image
	for n := range reading.Item.Images {
		images = append(images, edit.Image{Geometry: &reading.Item.Images[n].Geometry})
	}
	return edit.New(images, p.Definition().Classes)
}

// runAndKill feeds lines to `hotlight edit` in a process of its own, kills it after the delay from its first answer, and returns the highest
// change that it acknowledged.
func (b killBench) runAndKill(t *testing.T, lines []string, delay time.Duration) (last uint64) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "--vault", b.me.Vault, "edit", b.dir, "--item", string(b.item), "--script", "-")
	cmd.Env = append(os.Environ(), runCLI+"=1", "HOTLIGHT_PASSPHRASE="+keystest.Passphrase)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	go io.Copy(in, strings.NewReader(strings.Join(lines, "\n")+"\n"))
	answers := bufio.NewScanner(out)
	for answers.Scan() {
		var a editAnswer
		// The last line may be cut by the kill; it is then no acknowledgement.
		if err := json.Unmarshal(answers.Bytes(), &a); err != nil || !a.Durable {
			break
		}
		if last == 0 {
			time.AfterFunc(delay, func() { cmd.Process.Kill() })
		}
		last = a.Seq
	}
	cmd.Wait()
	if last == 0 && complaints.Len() > 0 {
		t.Fatalf("the program said: %s", complaints.String())
	}
	return last
}
