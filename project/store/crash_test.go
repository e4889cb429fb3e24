package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/project/keys/keystest"
)

// TestMain runs the child of the crash tests when it is asked to.
func TestMain(m *testing.M) {
	switch os.Getenv("HOTLIGHT_CHILD") {
	case "edits":
		childEdits()
	case "full":
		childFull()
	}
	os.Exit(m.Run())
}

// child starts this test's program again as a child that works on the folder of a store.
func child(t testing.TB, what, dir, vault string, read project.ReadID, more ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "HOTLIGHT_CHILD="+what, "HOTLIGHT_DIR="+dir, "HOTLIGHT_TEST_VAULT="+vault, "HOTLIGHT_READ="+string(read))
	cmd.Env = append(cmd.Env, more...)
	cmd.Stderr = os.Stderr
	return cmd
}

// openAsChild opens what the parent named.
func openAsChild(o Options) (*Store, project.ReadID) {
	t := &childTB{}
	h := keystest.Open(t, os.Getenv("HOTLIGHT_TEST_VAULT"))
	s, err := Open(os.Getenv("HOTLIGHT_DIR"), h, o)
	if err != nil {
		t.Fatalf("child: open: %v", err)
	}
	return s, project.ReadID(os.Getenv("HOTLIGHT_READ"))
}

// childTB is the little of testing.TB that helpers need in a child.
type childTB struct{ testing.TB }

func (*childTB) Helper()                     {}
func (*childTB) Logf(string, ...any)         {}
func (*childTB) Cleanup(func())              {}
func (c *childTB) Fatal(args ...any)         { fmt.Fprintln(os.Stderr, args...); os.Exit(3) }
func (c *childTB) Fatalf(f string, a ...any) { fmt.Fprintf(os.Stderr, f+"\n", a...); os.Exit(3) }

// childEdits edits for ever and says of each change when it is durable: "seq sha256-of-the-record".
func childEdits() {
	t := &childTB{}
	s, read := openAsChild(Options{})
	h := replayed(t, s, read)
	rng := rand.New(rand.NewPCG(rand.Uint64(), 0))
	for {
		burst := doSome(t, s, read, h, rng, 1+rng.IntN(6))
		first := h.Seq() - uint64(len(burst)) + 1
		for i, w := range burst {
			if err := w.Wait(context.Background()); err != nil {
				t.Fatal("child: ", err)
			}
			b, err := s.Entry(read, first+uint64(i))
			if err != nil {
				t.Fatal("child: ", err)
			}
			fmt.Printf("%d %s\n", first+uint64(i), project.HashOf(b))
		}
		if rng.IntN(10) == 0 {
			if err := s.SaveState(read, h.Seq(), h.MarshalState()); err != nil {
				t.Fatal("child: ", err)
			}
		}
	}
}

// TestNoAcknowledgedEditIsLostToKill9 kills a process that edits, at random moments, and looks after each.
func TestNoAcknowledgedEditIsLostToKill9(t *testing.T) {
	rounds := 1
	if os.Getenv("HOTLIGHT_SOAK") == "1" {
		rounds = 50
	}
	rng := newRNG(t)
	m := newTeam(t)
	total, taken := 0, 0
	for round := range rounds {
		total += killRound(t, rng, m, 20)
		if t.Failed() {
			t.Fatalf("in round %d", round)
		}
		taken++
	}
	t.Logf("%d kills, %d acknowledged changes, 0 lost", 20*taken, total)
	if total == 0 {
		t.Error("no change was acknowledged: the test tests nothing")
	}
}

// killRound kills a number of times over one store, so that journals stay short enough to be replayed each time. It returns how many changes were
// acknowledged.
func killRound(t *testing.T, rng *rand.Rand, m *team, kills int) (total int) {
	t.Helper()
	s, dir, read := m.reading(t)
	mustCheck(t, s)
	s.Close()
	acked := map[uint64]string{}
	for kill := range kills {
		total += runAndKill(t, child(t, "edits", dir, m.reader.Vault, read), time.Duration(5+rng.IntN(120))*time.Millisecond, acked)
		s, err := Open(dir, m.reader.Holder, Options{})
		if err != nil {
			t.Fatalf("kill %d: %v", kill, err)
		}
		if kill%10 == 9 {
			mustCheck(t, s)
		}
		verifyAcked(t, s, read, acked)
		s.Close()
		if t.Failed() {
			t.Fatalf("after kill %d", kill)
		}
	}
	return total
}

// runAndKill runs cmd, waits until it has acknowledged something, then some more, and kills it. It notes what was acknowledged.
func runAndKill(t *testing.T, cmd *exec.Cmd, after time.Duration, acked map[uint64]string) (n int) {
	t.Helper()
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if n == 0 {
			time.AfterFunc(after, func() { cmd.Process.Kill() })
		}
		seq, hash, ok := strings.Cut(lines.Text(), " ")
		number, err := strconv.ParseUint(seq, 10, 64)
		if !ok || err != nil || len(hash) != 64 {
			break // cut off by the kill
		}
		acked[number] = hash
		n++
	}
	io.Copy(io.Discard, out)
	cmd.Wait()
	return n
}

func verifyAcked(t *testing.T, s *Store, read project.ReadID, acked map[uint64]string) {
	t.Helper()
	for seq, hash := range acked {
		b, err := s.Entry(read, seq)
		if err != nil || project.HashOf(b).String() != hash {
			t.Errorf("acknowledged change %d is lost or another: %v", seq, err)
		}
	}
	replayed(t, s, read)
}

// TestKilledCreationLeavesAStoreOrNone cuts the files that Create writes in every order that the design allows.
func TestKilledCreationLeavesAStoreOrNone(t *testing.T) {
	m := newTeam(t)
	for n := range 5 {
		dir := filepath.Join(t.TempDir(), fmt.Sprint(n))
		s, err := Create(dir, m.reader.Holder, m.definition, Options{})
		if err != nil {
			t.Fatal(err)
		}
		s.Close()
		os.Rename(filepath.Join(dir, storeName), filepath.Join(dir, storeName+".tmp"))
		for i, name := range []string{storeName + ".tmp", emergencyName, slotsName} {
			if i < n {
				os.Truncate(filepath.Join(dir, name), 100)
			}
		}
		if n == 4 {
			os.Remove(filepath.Join(dir, slotsName))
		}
		_, err = Open(dir, m.reader.Holder, Options{})
		wantKind(t, "open", err, project.NotFound)
		s, err = Create(dir, m.reader.Holder, m.definition, Options{})
		if err != nil {
			t.Fatalf("state %d: %v", n, err)
		}
		mustCheck(t, s)
		s.Close()
	}
}
