package client_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/synctest"
	"hotlight/sync/wire"
)

// double stands between a client and the true server, with a key that the client was made to pin, and changes what it likes.
type double struct {
	*httptest.Server
	change func(r *http.Request, status int, header http.Header, body []byte) (int, []byte)
}

// newDouble returns a double and who's configuration that trusts it.
func newDouble(t *testing.T, w *synctest.World, who *bundletest.Person) (*double, client.Config) {
	t.Helper()
	truth := w.Config(who)
	inner := &http.Client{Transport: &http.Transport{TLSClientConfig: wire.PinnedTLS(truth.Server.TLSPin)}}
	t.Cleanup(inner.CloseIdleConnections)
	d := &double{}
	d.Server = httptest.NewTLSServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.URL.Path == "/v1/session" {
			body = relogin(t, w, who, body)
		}
		forward, err := http.NewRequest(r.Method, truth.Server.URL+r.URL.RequestURI(), bytes.NewReader(body))
		if err != nil {
			t.Error(err)
			return
		}
		forward.Header = r.Header
		resp, err := inner.Do(forward)
		if err != nil {
			t.Error(err)
			return
		}
		defer resp.Body.Close()
		answer, _ := io.ReadAll(resp.Body)
		status := resp.StatusCode
		if d.change != nil {
			status, answer = d.change(r, status, resp.Header, answer)
		}
		for k, v := range resp.Header {
			if k != "Content-Length" {
				rw.Header()[k] = v
			}
		}
		rw.WriteHeader(status)
		rw.Write(answer)
	}))
	t.Cleanup(d.Close)
	config := truth
	config.Server.URL = d.URL
	config.Server.TLSPin = sha256.Sum256(d.Certificate().RawSubjectPublicKeyInfo)
	return d, config
}

// relogin signs the login again for the true server: a double cannot do that, but a test that wants to see further can.
func relogin(t *testing.T, w *synctest.World, who *bundletest.Person, body []byte) []byte {
	e, err := project.ParseEnvelope(body)
	if err != nil {
		t.Error(err)
		return nil
	}
	var l wire.Login
	if err := wire.Unmarshal(e.Payload, &l); err != nil {
		t.Error(err)
		return nil
	}
	l.Pin = w.Server.TLSPin()
	again, err := project.SignEnvelope(wire.LoginType, wire.Marshal(l), who.Device(), who.Person())
	if err != nil {
		t.Error(err)
		return nil
	}
	return again.Marshal()
}

func connect(t *testing.T, c client.Config) *client.HTTP {
	t.Helper()
	h, err := client.NewHTTP(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close() })
	return h
}

func TestAReceiptThatDoesNotHoldMarksNothing(t *testing.T) {
	w := synctest.New(t)
	d, config := newDouble(t, w, w.Ann)
	var ben synctest.Outbox
	theirs := ben.AddRead(t, w.Project, w.Ben, 1)
	if _, err := connect(t, w.Config(w.Ben)).Push(context.Background(), &ben); err != nil {
		t.Fatal(err)
	}
	var out synctest.Outbox
	first := out.AddRead(t, w.Project, w.Ann, 1)
	if _, err := connect(t, w.Config(w.Ann)).Push(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	second := out.AddRead(t, w.Project, w.Ann, 2)
	edit := func(f func(*wire.Receipt)) func([]byte) []byte {
		return func(b []byte) []byte {
			r, err := wire.ParseReceipt(b)
			if err != nil {
				t.Fatal(err)
			}
			f(r)
			return r.Marshal()
		}
	}
	for name, forge := range map[string]func([]byte) []byte{
		"for the bundle before":       func([]byte) []byte { return out.Receipts[first] },
		"for another person's bundle": func([]byte) []byte { return ben.Receipts[theirs] },
		"with another index":          edit(func(r *wire.Receipt) { r.Index-- }),
		"with a changed leaf": edit(func(r *wire.Receipt) {
			r.Leaf = bytes.Replace(r.Leaf, []byte(`"author_seq":2`), []byte(`"author_seq":3`), 1)
		}),
		"with the proof of another": edit(func(r *wire.Receipt) { r.Proof[0][5] ^= 1 }),
		"without a proof":           edit(func(r *wire.Receipt) { r.Proof = []project.Hash{} }),
		"with an older checkpoint": edit(func(r *wire.Receipt) {
			old, _ := wire.ParseReceipt(out.Receipts[first])
			r.Checkpoint = old.Checkpoint
		}),
		"that is empty":           func([]byte) []byte { return []byte("{}") },
		"that is no JSON":         func([]byte) []byte { return []byte("<html>") },
		"with something more":     func(b []byte) []byte { return append(b[:len(b)-1], `,"x":1}`...) },
		"that is endless":         func([]byte) []byte { return bytes.Repeat([]byte("a"), 40<<20) },
		"of another project":      edit(func(r *wire.Receipt) { r.Project = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }),
		"with a foreign log's ID": edit(func(r *wire.Receipt) { r.Author = w.Ben.ReaderID() }),
	} {
		d.change = func(r *http.Request, status int, _ http.Header, body []byte) (int, []byte) {
			if r.URL.Path == "/v1/commit" {
				return 200, forge(body)
			}
			return status, body
		}
		report, err := connect(t, config).Push(context.Background(), &out)
		if err == nil || report.Sent != 0 || out.Receipts[second] != nil {
			t.Errorf("a receipt %s was believed", name)
		}
	}
	d.change = nil
	config.Server.LogKey = ed25519.PublicKey(bytes.Repeat([]byte{7}, 32))
	if _, err := connect(t, config).Push(context.Background(), &out); project.KindOf(err) != project.Corrupt || out.Receipts[second] != nil {
		t.Errorf("another log key: %v", err)
	}
	config.Server.LogKey = w.Server.LogKey()
	if report, err := connect(t, config).Push(context.Background(), &out); err != nil || report.Sent != 1 {
		t.Errorf("the truth in the end: %+v, %v", report, err)
	}
}

// trusting takes everything, so that a test sees what the client alone keeps out.
type trusting struct{ accepted int }

func (i *trusting) Cursor(string) ([]byte, error) { return nil, nil }

func (i *trusting) Accept(context.Context, client.Arrival) error {
	i.accepted++
	return nil
}

func TestAFeedThatDoesNotHoldDeliversNothing(t *testing.T) {
	w := synctest.New(t)
	d, config := newDouble(t, w, w.Lead)
	var out synctest.Outbox
	out.AddRead(t, w.Project, w.Ann, 1)
	second := out.AddRead(t, w.Project, w.Ann, 2)
	if _, err := connect(t, w.Config(w.Ann)).Push(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	other, _ := out.Bundle(second)
	edit := func(f func(*wire.Feed)) func(string, []byte) []byte {
		return func(path string, b []byte) []byte {
			if path != "/v1/feed" {
				return b
			}
			var feed wire.Feed
			if err := wire.Unmarshal(b, &feed); err != nil {
				t.Fatal(err)
			}
			f(&feed)
			return wire.Marshal(feed)
		}
	}
	for name, forge := range map[string]func(string, []byte) []byte{
		"leaves out the first":   edit(func(f *wire.Feed) { f.Entries = f.Entries[1:] }),
		"is in another order":    edit(func(f *wire.Feed) { f.Entries[0], f.Entries[1] = f.Entries[1], f.Entries[0] }),
		"has the wrong receipt":  edit(func(f *wire.Feed) { f.Entries[0].Receipt = f.Entries[1].Receipt }),
		"names a huge bundle":    edit(func(f *wire.Feed) { f.Entries[0].Size = 1 << 50 }),
		"names a shorter bundle": edit(func(f *wire.Feed) { f.Entries[0].Size-- }),
		"says another author":    edit(func(f *wire.Feed) { f.Entries[0].Receipt.Author = w.Ben.ReaderID() }),
		"serves something else": func(path string, b []byte) []byte {
			if strings.HasPrefix(path, "/v1/blob/") {
				return other
			}
			return b
		},
	} {
		d.change = func(r *http.Request, status int, _ http.Header, body []byte) (int, []byte) {
			return status, forge(r.URL.Path, body)
		}
		in := &trusting{}
		if n, err := connect(t, config).Pull(context.Background(), in, 0); err == nil || n != 0 || in.accepted != 0 {
			t.Errorf("a feed that %s was believed", name)
		}
	}
	d.change = nil
	in := synctest.NewInbox(w, w.Lead)
	if n, err := connect(t, config).Pull(context.Background(), in, 0); err != nil || n != 2 {
		t.Errorf("the truth in the end: %d, %v", n, err)
	}
}

func TestLogsAreProvedAndALyingOneIsNoticed(t *testing.T) {
	w := synctest.New(t)
	d, config := newDouble(t, w, w.Lead)
	var out synctest.Outbox
	for i := range 5 {
		out.AddRead(t, w.Project, w.Ann, i)
	}
	ann := connect(t, w.Config(w.Ann))
	if _, err := ann.Push(context.Background(), &out); err != nil {
		t.Fatal(err)
	}
	if c, leaves, err := ann.OwnLog(context.Background()); err != nil || c.Size != 5 || leaves[4].Seq != 5 {
		t.Errorf("own log: %v %v", c, err)
	}
	if _, _, err := ann.ProjectLog(context.Background()); project.KindOf(err) != project.NotFound {
		t.Errorf("a reader sees the project's log: %v", err)
	}
	lead := connect(t, config)
	if c, leaves, err := lead.ProjectLog(context.Background()); err != nil || c.Size != 5 || leaves[0].Author != w.Ann.ReaderID() {
		t.Errorf("project's log: %v %v", c, err)
	}
	for name, f := range map[string]func(*wire.LogPage){
		"cut":      func(p *wire.LogPage) { p.Leaves = p.Leaves[:len(p.Leaves)-1] },
		"changed":  func(p *wire.LogPage) { p.Leaves[1][9] ^= 1 },
		"reversed": func(p *wire.LogPage) { p.Leaves[1], p.Leaves[2] = p.Leaves[2], p.Leaves[1] },
	} {
		d.change = func(r *http.Request, status int, _ http.Header, body []byte) (int, []byte) {
			var p wire.LogPage
			if strings.HasPrefix(r.URL.Path, "/v1/log/") && wire.Unmarshal(body, &p) == nil && (len(p.Leaves) > 2 || name == "cut") {
				f(&p)
				body = wire.Marshal(p)
			}
			return status, body
		}
		if _, _, err := lead.ProjectLog(context.Background()); err == nil {
			t.Errorf("a log that was %s is believed", name)
		}
	}
}

func TestAServerThatTalksNonsenseIsNotWaitedForForever(t *testing.T) {
	w := synctest.New(t)
	d, config := newDouble(t, w, w.Ann)
	config.Retry = client.Retry{Tries: 3, Base: time.Millisecond, Max: time.Millisecond}
	var out synctest.Outbox
	out.AddRead(t, w.Project, w.Ann, 1)
	for name, change := range map[string]func(r *http.Request, status int, h http.Header, body []byte) (int, []byte){
		"says that it has a negative number of bytes": func(r *http.Request, status int, h http.Header, body []byte) (int, []byte) {
			h.Set(wire.OffsetHeader, "-5")
			return status, body
		},
		"says that it has more than there is": func(r *http.Request, status int, h http.Header, body []byte) (int, []byte) {
			h.Set(wire.OffsetHeader, "99999999999")
			return status, body
		},
		"always has nothing": func(r *http.Request, status int, h http.Header, body []byte) (int, []byte) {
			h.Set(wire.OffsetHeader, "0")
			return status, body
		},
		"sends elsewhere": func(r *http.Request, status int, h http.Header, body []byte) (int, []byte) {
			h.Set("Location", "https://127.0.0.1:1/elsewhere")
			return 307, nil
		},
		"wants a login each time": func(*http.Request, int, http.Header, []byte) (int, []byte) { return 401, nil },
		"is always busy":          func(*http.Request, int, http.Header, []byte) (int, []byte) { return 503, nil },
		"explains itself at length": func(_ *http.Request, _ int, h http.Header, _ []byte) (int, []byte) {
			h.Set("Content-Type", wire.ProblemType)
			return 500, []byte(`{"kind":"invalid","detail":"` + strings.Repeat("no\\n", 5000) + `"}`)
		},
	} {
		d.change = change
		_, err := connect(t, config).Push(context.Background(), &out)
		if err == nil || len(out.Receipts) > 0 {
			t.Errorf("a server that %s was believed", name)
		} else if len(err.Error()) > 600 || strings.Contains(err.Error(), "\n") {
			t.Errorf("a server that %s is quoted at length", name)
		}
	}
}

func TestAMediumThatLiesIsNotBelieved(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1)
	dir := t.TempDir()
	visit := func() (client.Report, error) {
		f, err := client.NewFolder(w.Config(w.Ann), dir)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		return f.Sync(context.Background(), &out, synctest.NewInbox(w, w.Ann))
	}
	if _, err := visit(); err != nil {
		t.Fatal(err)
	}
	m, err := wire.OpenMedium(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	lie := wire.Answer{V: 1, Project: w.Trust.Roster.Project, To: w.Ann.ReaderID(), Refused: []wire.Refusal{}, Arrived: []wire.FeedEntry{},
		Receipts: []wire.Receipt{{Project: w.Trust.Roster.Project, Author: w.Ann.ReaderID(), Leaf: wire.Marshal(wire.Leaf{V: 1, Bundle: address, Seq: 1, Kind: bundle.KindRead}), Proof: []project.Hash{}}}}
	e, err := project.SignEnvelope(wire.AnswerType, wire.Marshal(lie), w.Ben.Person())
	if err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string][]byte{"signed by somebody": e.Marshal(), "nonsense": []byte("{}"), "empty": nil} {
		if err := m.PutAnswer(b); err != nil {
			t.Fatal(err)
		}
		if _, err := visit(); err == nil || len(out.Receipts) > 0 {
			t.Errorf("an answer that is %s was believed", name)
		}
	}
	if err := m.RemoveAnswer(); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Server.Exchange(context.Background(), dir); err != nil {
		t.Fatal(err)
	}
	if r, err := visit(); err != nil || r.Sent != 1 {
		t.Errorf("the truth in the end: %+v, %v", r, err)
	}
}
