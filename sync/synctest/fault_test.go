package synctest_test

import (
	"context"
	"crypto/rand"
	"fmt"
	mrand "math/rand/v2"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/sync/client"
	"hotlight/sync/server"
	"hotlight/sync/synctest"
)

func mkdir(t testing.TB, dir string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// Connections that break anywhere: everything arrives whole, once, and little is sent twice.
func TestBrokenConnectionsAreGoneOnFromTheByte(t *testing.T) {
	w := synctest.New(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := mrand.New(mrand.NewPCG(seed, 0))
	var out synctest.Outbox
	var want []project.Hash
	total := int64(0)
	for i := range 3 {
		h := out.AddRead(t, w.Project, w.Ann, i, noise(1<<20))
		b, _ := out.Bundle(h)
		want, total = append(want, h), total+int64(len(b))
	}
	for range 40 {
		w.Faults.CutAfter(rng.Int64N(400_000))
	}
	c, err := client.NewHTTP(w.Config(w.Ann))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for try := 0; ; try++ {
		_, err := c.Sync(context.Background(), &out, nil)
		if err == nil {
			break
		}
		if project.KindOf(err) != project.Offline && project.KindOf(err) != project.Busy || try > 20 {
			t.Fatal(err)
		}
	}
	t.Logf("%d bytes over %d connections, %d cuts unused", total, w.Faults.Dials, w.Faults.Left())
	w.Faults.CutAfter(3000, 2000, 2500)
	in := synctest.NewInbox(w, w.Lead)
	lead, err := client.NewHTTP(w.Config(w.Lead))
	if err != nil {
		t.Fatal(err)
	}
	defer lead.Close()
	if _, err := lead.Sync(context.Background(), &synctest.Outbox{}, in); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(in.Order, want) || in.Repeats > 0 {
		t.Errorf("%d of %d arrived, %d twice", len(in.Order), len(want), in.Repeats)
	}
	w.Check()
}

func TestAServerThatIsAwayGivesASentenceAndLosesNothing(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	out.AddRead(t, w.Project, w.Ann, 1)
	config := w.Config(w.Ann)
	config.Retry.Tries = 2
	c, err := client.NewHTTP(config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	w.Stop()
	report, err := c.Sync(context.Background(), &out, nil)
	if project.KindOf(err) != project.Offline || !strings.Contains(err.Error(), "nothing is lost") || strings.Contains(err.Error(), "127.0.0.1") {
		t.Errorf("got %v", err)
	}
	if report.Waiting != 1 || report.Sent != 0 {
		t.Errorf("report is %+v", report)
	}
	w.Start()
	if report, err = c.Sync(context.Background(), &out, nil); err != nil || report.Sent != 1 {
		t.Errorf("after it came back: %+v, %v", report, err)
	}
}

func TestWhoWaitsHearsAtOnce(t *testing.T) {
	w := synctest.New(t)
	lead, err := client.NewHTTP(w.Config(w.Lead))
	if err != nil {
		t.Fatal(err)
	}
	defer lead.Close()
	in := synctest.NewInbox(w, w.Lead)
	got := make(chan error, 1)
	go func() {
		n, err := lead.Pull(context.Background(), in, 30*time.Second)
		if err == nil && n != 1 {
			err = fmt.Errorf("%d arrivals", n)
		}
		got <- err
	}()
	var out synctest.Outbox
	out.AddRead(t, w.Project, w.Ann, 1)
	ann, err := client.NewHTTP(w.Config(w.Ann))
	if err != nil {
		t.Fatal(err)
	}
	defer ann.Close()
	if _, err := ann.Sync(context.Background(), &out, nil); err != nil {
		t.Fatal(err)
	}
	if err := <-got; err != nil {
		t.Error(err)
	}
}

func TestWhoWaitsIsReleasedWhenTheServerStops(t *testing.T) {
	w := synctest.New(t)
	config := w.Config(w.Ann)
	config.Retry.Tries = 1
	ann, err := client.NewHTTP(config)
	if err != nil {
		t.Fatal(err)
	}
	defer ann.Close()
	got := make(chan struct{})
	go func() {
		ann.Pull(context.Background(), synctest.NewInbox(w, w.Ann), 50*time.Second)
		close(got)
	}()
	time.Sleep(50 * time.Millisecond) // so that it is waiting by then; either way it must end
	w.Stop()
	<-got
}

// serveEnv makes the test's program a server that is killed from outside.
const serveEnv = "HOTLIGHT_TEST_SERVE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(serveEnv); dir != "" {
		s, err := server.Open(dir, server.Options{LockWithin: 10 * time.Second})
		if err != nil {
			panic(err)
		}
		l, err := net.Listen("tcp", os.Getenv(serveEnv+"_ADDRESS"))
		if err != nil {
			panic(err)
		}
		fmt.Println(l.Addr())
		panic(s.Serve(l))
	}
	os.Exit(m.Run())
}

// Killed with SIGKILL at random moments, the server has every commit that it acknowledged.
func TestAKilledServerHasWhatItAcknowledged(t *testing.T) {
	w := synctest.New(t)
	config := w.Config(w.Ann)
	w.Stop()
	kills := 8
	if os.Getenv("HOTLIGHT_SOAK") != "" {
		kills = 500
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rng := mrand.New(mrand.NewPCG(seed, 0))
	var out synctest.Outbox
	address := "127.0.0.1:0"
	for n := range kills {
		for range 6 {
			out.AddRead(t, w.Project, w.Ann, n)
		}
		p := startServer(t, w.Dir, &address)
		config.Server.URL = "https://" + address
		config.Retry = client.Retry{Tries: 1}
		c, err := client.NewHTTP(config)
		if err != nil {
			t.Fatal(err)
		}
		timer := time.AfterFunc(time.Duration(50+rng.IntN(300))*time.Millisecond, func() { p.Process.Kill() })
		c.Sync(context.Background(), &out, nil)
		timer.Stop()
		p.Process.Kill()
		p.Wait()
		c.Close()
	}
	t.Logf("%d acknowledged at %d kills", len(out.Receipts), kills)
	w.Start()
	w.Check()
	config.Retry, config.Server.URL = client.Retry{}, w.Config(w.Ann).Server.URL
	c, err := client.NewHTTP(config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_, leaves, err := c.OwnLog(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	known := map[project.Hash]bool{}
	for _, l := range leaves {
		known[l.Bundle] = true
	}
	for h := range out.Receipts {
		if !known[h] {
			t.Error("an acknowledged commit is lost")
		}
	}
	if _, err := c.Sync(context.Background(), &out, nil); err != nil {
		t.Fatal(err)
	}
	if left, _ := out.Waiting(); len(left) > 0 {
		t.Errorf("%d still wait", len(left))
	}
	w.Check()
}

// startServer starts this test's program as a server on dir and waits until it listens.
func startServer(t *testing.T, dir string, address *string) *exec.Cmd {
	t.Helper()
	p := exec.Command(os.Args[0])
	p.Env = append(os.Environ(), serveEnv+"="+dir, serveEnv+"_ADDRESS="+*address)
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 100)
	n, err := out.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	*address = strings.TrimSpace(string(b[:n]))
	return p
}

// A medium that was pulled out while it was being written, at every length: the import takes all or nothing, and never something else.
func TestAHalfCopiedMediumIsTakenWholeOrNotAtAll(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1, noise(100_000))
	dir := stick(w, w.Ann)
	f, err := client.NewFolder(w.Config(w.Ann), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.Sync(context.Background(), &out, nil); err != nil {
		t.Fatal(err)
	}
	blob := dir + "/HOTLIGHT/blob/" + address.String()[:2] + "/" + address.String() + ".hlb"
	whole, err := os.ReadFile(blob)
	if err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(whole); at += 4096 {
		if err := os.WriteFile(blob, whole[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Server.Exchange(context.Background(), dir); project.KindOf(err) != project.Corrupt {
			t.Fatalf("cut at %d: %v", at, err)
		}
	}
	if err := os.Remove(blob); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Server.Exchange(context.Background(), dir); project.KindOf(err) != project.Corrupt {
		t.Fatalf("without the file: %v", err)
	}
	if err := os.WriteFile(blob, whole, 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		done, err := w.Server.Exchange(context.Background(), dir)
		if err != nil || done.Committed != 1 {
			t.Fatalf("%+v, %v", done, err)
		}
	}
	w.Check()
}

func TestTheLeadCollectsAReadersMedium(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1)
	dir := stick(w, w.Ann)
	sync := func(c client.Config, o *synctest.Outbox, in client.Inbox) (client.Report, error) {
		f, err := client.NewFolder(c, dir)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return f.Sync(context.Background(), o, in)
	}
	if _, err := sync(w.Config(w.Ann), &out, nil); err != nil {
		t.Fatal(err)
	}
	in := synctest.NewInbox(w, w.Lead)
	for range 2 {
		if r, err := sync(w.Config(w.Lead), &synctest.Outbox{}, in); err != nil || r.Received != 1 {
			t.Fatalf("%+v, %v", r, err)
		}
	}
	if !slices.Equal(in.Order, []project.Hash{address}) {
		t.Errorf("the lead has %v", in.Order)
	}
	var ben synctest.Outbox
	ben.AddRead(t, w.Project, w.Ben, 1)
	if _, err := sync(w.Config(w.Ben), &ben, synctest.NewInbox(w, w.Ben)); project.KindOf(err) != project.Conflict {
		t.Errorf("another reader's medium: %v", err)
	}
	if _, err := w.Server.Exchange(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if r, err := sync(w.Config(w.Ann), &out, nil); err != nil || r.Sent != 1 {
		t.Errorf("the reader's receipt after all that: %+v, %v", r, err)
	}
}

var _ client.Outbox = (*synctest.Outbox)(nil)
var _ client.Inbox = (*synctest.Inbox)(nil)
