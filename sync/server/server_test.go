package server_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/tls"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"hotlight/project"
	"hotlight/sync/bundle"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/server"
	"hotlight/sync/synctest"
	"hotlight/sync/wire"
)

// browser talks to the server by hand.

// login makes a signed login, with change applied before signing.

func TestNotYoursLooksLikeDoesNotExist(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1)
	deliver(t, w, w.Ann, &out)
	nothing := project.HashOf([]byte("nothing"))
	ben := browse(t, w, w.Ben)
	for _, try := range []struct{ method, path string }{
		{"GET", "/v1/blob/%s"}, {"HEAD", "/v1/blob/%s"},
	} {
		s1, b1, h1 := ben.do(try.method, fmt.Sprintf(try.path, address), nil)
		s2, b2, h2 := ben.do(try.method, fmt.Sprintf(try.path, nothing), nil)
		if s1 != s2 || b1 != b2 || !reflect.DeepEqual(h1, h2) {
			t.Errorf("%s differs: %d %s %v, %d %s %v", try.method, s1, b1, h1, s2, b2, h2)
		}
	}
	s1, b1 := ben.commit(address)
	s2, b2 := ben.commit(nothing)
	if s1 != s2 || b1 != b2 || s1 != http.StatusNotFound {
		t.Errorf("commit differs: %d %s, %d %s", s1, b1, s2, b2)
	}
	s1, b1, _ = ben.do("GET", "/v1/log/project?from=0", nil)
	s2, b2, _ = ben.do("GET", "/v1/log/nonsense?from=0", nil)
	if s1 != s2 || b1 != b2 {
		t.Errorf("the project's log shows: %d %s", s1, b1)
	}
	if s, b, _ := ben.do("GET", "/v1/feed?after=0", nil); s != 200 || b != `{"entries":[]}` {
		t.Errorf("feed: %d %s", s, b)
	}
	for _, who := range []*bundletest.Person{w.Ann, w.Lead} {
		if s, b, _ := browse(t, w, who).do("GET", "/v1/blob/"+address.String(), nil); s != 200 || project.HashOf([]byte(b)) != address {
			t.Errorf("%s cannot fetch it: %d", who.Name, s)
		}
	}
	w.Check()
}

func TestWhatIsRefused(t *testing.T) {
	w := synctest.New(t)
	var ann, ben synctest.Outbox
	mine := ann.AddRead(t, w.Project, w.Ann, 1)
	data, _ := ann.Bundle(mine)
	second := ann.AddRead(t, w.Project, w.Ann, 2)
	data2, _ := ann.Bundle(second)
	theirs := ben.AddRead(t, w.Project, w.Ben, 1)
	dataB, _ := ben.Bundle(theirs)
	b := browse(t, w, w.Ann)
	expect := func(what string, status, want int, text string) {
		t.Helper()
		if status != want {
			t.Errorf("%s: %d, wanted %d: %s", what, status, want, text)
		}
		if want >= 400 && !strings.Contains(text, `"kind":`) {
			t.Errorf("%s: no problem details: %s", what, text)
		}
	}
	s, text := b.upload(theirs, dataB)
	expect("upload another's bundle", s, 204, text)
	s, text = b.commit(theirs)
	expect("commit another's bundle", s, 403, text)
	s, text = b.upload(second, data2)
	expect("upload the second", s, 204, text)
	s, text = b.commit(second)
	expect("commit the second before the first", s, 409, text)
	s, text = b.upload(mine, data[:len(data)-1])
	expect("upload a cut one", s, 204, text)
	s, text = b.commit(mine)
	expect("commit a cut one", s, 422, text)
	_, _, h := b.do("HEAD", "/v1/blob/"+mine.String(), nil)
	if h.Get(wire.OffsetHeader) != "0" {
		t.Errorf("the damaged upload was kept: %s", h.Get(wire.OffsetHeader))
	}
	s, text = b.upload(mine, data2)
	expect("upload something else under its name", s, 204, text)
	s, text = b.commit(mine)
	expect("commit it", s, 422, text)
	s, text, _ = b.do("PATCH", "/v1/blob/"+mine.String(), data, "Content-Type", wire.ChunkType, wire.OffsetHeader, "10", wire.LengthHeader, "1000000")
	expect("a chunk beyond the end", s, 409, text)
	s, text, _ = b.do("PATCH", "/v1/blob/"+mine.String(), data, "Content-Type", wire.ChunkType, wire.OffsetHeader, "0", wire.LengthHeader, "100")
	expect("a chunk longer than said", s, 400, text)
	s, text, _ = b.do("PATCH", "/v1/blob/"+mine.String(), data, "Content-Type", wire.ChunkType, wire.OffsetHeader, "0", wire.LengthHeader, "99999999999999")
	expect("a bundle that is too long", s, 507, text)
	s, text, _ = b.do("PATCH", "/v1/blob/"+mine.String(), data, wire.OffsetHeader, "0", wire.LengthHeader, "100")
	expect("a chunk without its type", s, 400, text)
	for _, path := range []string{"/v1/blob/..%2f..%2findex.db", "/v1/blob/" + strings.ToUpper(mine.String()), "/v1/blob/abc", "/v1/nothing", "/", "/v1/operator/admit"} {
		s, text, _ = b.do("GET", path, nil)
		if s != 404 && s != 405 {
			t.Errorf("%s: %d %s", path, s, text)
		}
	}
	s, text, _ = b.do("POST", "/v1/operator/exchange", []byte(`{"path":"/"}`))
	expect("an order by somebody who is no operator", s, 404, text)
	s, text, _ = b.do("POST", "/v1/commit", []byte(`{"bundle":"`+mine.String()+`","extra":1}`))
	expect("a message with more in it", s, 400, text)
	s, text, _ = b.do("POST", "/v1/commit", bytes.Repeat([]byte(" "), wire.MaxMessage+1))
	expect("a message that is too long", s, 507, text)
	s, text, _ = b.do("GET", "/v1/feed?after=-1", nil)
	expect("a negative cursor", s, 400, text)
	s, text, _ = b.do("GET", "/v1/log/own?from=0&size=99", nil)
	expect("a log longer than it is", s, 404, text)
	s, text, _ = b.do("POST", "/v1/roster", w.Next(t, func(*project.Definition) {}).Roster.Marshal())
	expect("a roster from a reader", s, 403, text)
	s, text, _ = browse(t, w, w.Lead).do("POST", "/v1/roster", w.Next(t, func(*project.Definition) {}).Roster.Marshal())
	expect("a roster from the lead", s, 204, text)
	w.Check()
}

func TestLoginsThatDoNotHold(t *testing.T) {
	w := synctest.New(t)
	b := browse(t, w, nil)
	stranger := bundletest.NewPerson(t, "Stranger", project.Radiologist)
	first := ""
	for name, body := range map[string][]byte{
		"for another server": b.login(w.Ann, func(l *wire.Login) { l.Pin[0] ^= 1 }),
		"as somebody else":   b.login(w.Ben, func(l *wire.Login) { l.Reader = w.Ann.ReaderID() }),
		"with Ann's name and device by Ben": b.login(w.Ben, func(l *wire.Login) {
			l.Reader, l.Device = w.Ann.ReaderID(), project.DeviceID(w.Ann.Device().KeyID())
		}),
		"of another project":  b.login(w.Ann, func(l *wire.Login) { l.Project = "aaaaaaaaaaaaaaaaaaaaaaaaaa" }),
		"of a stranger":       b.login(stranger, nil),
		"with an own idea":    b.login(w.Ann, func(l *wire.Login) { l.Challenge = "AAAA" }),
		"with a token for it": b.login(w.Ann, func(l *wire.Login) { l.Challenge = browse(t, w, w.Ann).token }),
		"from another device": b.login(w.Ann, func(l *wire.Login) { l.Device = project.DeviceID(w.Ben.Device().KeyID()) }),
	} {
		status, text, _ := b.do("POST", "/v1/session", body)
		if status != 403 {
			t.Errorf("a login %s: %d %s", name, status, text)
		}
		if first == "" {
			first = text
		}
		if text != first {
			t.Errorf("a login %s is told apart: %s", name, text)
		}
	}
	b.token = "bm90IGEgdG9rZW4"
	if status, _, _ := b.do("GET", "/v1/feed", nil); status != 401 {
		t.Errorf("a made-up token: %d", status)
	}
}

func TestSessionsAndChallengesEnd(t *testing.T) {
	now := time.Now()
	w := synctest.New(t)
	w.Options.Now = func() time.Time { return now }
	w.Restart()
	ann := browse(t, w, w.Ann)
	login := ann.login(w.Ann, nil)
	now = now.Add(2 * time.Minute)
	if status, _, _ := ann.do("POST", "/v1/session", login); status != 403 {
		t.Errorf("a stale challenge: %d", status)
	}
	if status, _, _ := ann.do("GET", "/v1/feed", nil); status != 200 {
		t.Errorf("two minutes later: %d", status)
	}
	now = now.Add(9 * time.Minute)
	if status, _, _ := ann.do("GET", "/v1/feed", nil); status != 401 {
		t.Errorf("eleven minutes later: %d", status)
	}
	c, err := client.NewHTTP(w.Config(w.Ann)) // and a client logs in again by itself
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for range 2 {
		if _, err := c.Pull(context.Background(), synctest.NewInbox(w, w.Ann), 0); err != nil {
			t.Error(err)
		}
		now = now.Add(time.Hour)
	}
}

func TestARevokedPersonIsOutAtOnce(t *testing.T) {
	w := synctest.New(t)
	ann := browse(t, w, w.Ann)
	if err := w.Server.Admit(w.Next(t, func(d *project.Definition) { d.Readers[1].Revoked = true }).Roster); err != nil {
		t.Fatal(err)
	}
	if status, _, _ := ann.do("GET", "/v1/feed", nil); status != 403 {
		t.Errorf("got %d", status)
	}
}

func TestCommitAgainGivesTheSameReceipt(t *testing.T) {
	w := synctest.New(t)
	var out synctest.Outbox
	address := out.AddRead(t, w.Project, w.Ann, 1)
	data, _ := out.Bundle(address)
	b := browse(t, w, w.Ann)
	b.upload(address, data)
	_, first := b.commit(address)
	later := out.AddRead(t, w.Project, w.Ann, 2)
	data, _ = out.Bundle(later)
	b.upload(later, data)
	b.commit(later)
	w.Restart()
	b = browse(t, w, w.Ann)
	for range 3 {
		if status, again := b.commit(address); status != 200 || again != first {
			t.Errorf("%d %s, first %s", status, again, first)
		}
	}
	if s, _ := b.upload(address, []byte("anything")); s != 204 {
		t.Errorf("sending a committed bundle again: %d", s)
	}
	if left, _ := filepath.Glob(filepath.Join(w.Dir, "upload", "*", "*", "*")); len(left) > 0 {
		t.Error("a committed bundle takes more bytes")
	}
	w.Check()
}

// Number and predecessor are each checked: neither a gap with the right predecessor nor another history with the right number is taken.

func TestAnAuthorsHistoryHasNoGapsAndNoForks(t *testing.T) {
	w := synctest.New(t)
	b := browse(t, w, w.Ann)
	send := func(seq uint64, prev project.Hash) (project.Hash, int) {
		var file bytes.Buffer
		sealed, err := bundle.Seal(&file, w.Trust, w.Ann, w.Read(t, w.Ann, int(seq), seq, prev))
		if err != nil {
			t.Fatal(err)
		}
		b.upload(sealed.Address, file.Bytes())
		status, _ := b.commit(sealed.Address)
		return sealed.Address, status
	}
	first, status := send(1, project.Hash{})
	if status != 200 {
		t.Fatal(status)
	}
	for name, c := range map[string]struct {
		seq  uint64
		prev project.Hash
	}{"a gap": {3, first}, "a fork": {2, project.HashOf([]byte("another"))}, "another first": {1, project.Hash{}}} {
		if _, status := send(c.seq, c.prev); status != 409 {
			t.Errorf("%s: %d", name, status)
		}
	}
	if _, status := send(2, first); status != 200 {
		t.Errorf("the true second: %d", status)
	}
	w.Check()
}

func TestTooManyRequestsWait(t *testing.T) {
	w := synctest.New(t)
	w.Options.PerSecond = 1
	w.Restart()
	b := browse(t, w, w.Ann)
	busy := false
	for range 5 {
		status, _, h := b.do("GET", "/v1/feed", nil)
		busy = busy || status == 429 && h.Get("Retry-After") != ""
	}
	if !busy {
		t.Error("five requests at once are answered at one a second")
	}
}

func TestOlderTLSAndAnotherKeyAreRefused(t *testing.T) {
	w := synctest.New(t)
	url := w.Config(w.Ann).Server.URL
	old := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12}}}
	if r, err := old.Get(url + "/healthz"); err == nil {
		r.Body.Close()
		t.Error("TLS 1.2 is spoken")
	}
	config := w.Config(w.Ann)
	config.Server.TLSPin[0] ^= 1
	c, err := client.NewHTTP(config)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Info(context.Background()); project.KindOf(err) != project.NotPermitted {
		t.Errorf("another key: %v", err)
	}
}

func TestRostersAreAdmittedInOrderAndByOneLead(t *testing.T) {
	w := synctest.New(t)
	two := w.Next(t, func(*project.Definition) {})
	other := w.Next(t, func(d *project.Definition) { d.Project.Title = "Another" })
	three := two.Next(t, func(*project.Definition) {})
	skipped := three.Next(t, func(*project.Definition) {})
	five := skipped.Next(t, func(*project.Definition) {})
	usurper := bundletest.WithPeople(t, bundletest.NewPerson(t, "Usurper", project.Lead), w.Ann, w.Ben, w.Judge)
	for range 8 {
		usurper = usurper.Next(t, func(*project.Definition) {})
	}
	for _, c := range []struct {
		name   string
		roster *project.Envelope
		kind   project.Kind // Other: it is admitted
	}{
		{"the same", w.Roster, project.Other}, {"the next", two.Roster, project.Other}, {"another second", other.Roster, project.Conflict},
		{"the one after", three.Roster, project.Other}, {"the first again", w.Roster, project.Other}, {"one version left out", five.Roster, project.Other},
		{"the one left out, later", skipped.Roster, project.Conflict}, {"another lead's", usurper.Roster, project.NotPermitted},
		{"a definition", w.Signed, project.Corrupt},
	} {
		err := w.Server.Admit(c.roster)
		if project.KindOf(err) != c.kind || (err == nil) != (c.kind == project.Other) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	w.Restart()
	w.Check()
}

func TestTheServersKeysStayTheSame(t *testing.T) {
	dir := t.TempDir()
	var pin project.Hash
	var key ed25519.PublicKey
	for i := range 2 {
		s, err := server.Open(dir, server.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := server.Open(dir, server.Options{LockWithin: time.Millisecond}); project.KindOf(err) != project.Busy {
			t.Errorf("a second process: %v", err)
		}
		if i > 0 && (s.TLSPin() != pin || !s.LogKey().Equal(key)) {
			t.Error("the keys have changed")
		}
		pin, key = s.TLSPin(), s.LogKey()
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"tls.pem", "log.key", "session.key"} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
}

// Whatever is damaged in the data directory, Check names it.

// The server's files hold nothing that names a person, a patient or a project.
