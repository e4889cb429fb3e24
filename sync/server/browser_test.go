package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"testing"

	"hotlight/project"
	"hotlight/sync/bundle/bundletest"
	"hotlight/sync/client"
	"hotlight/sync/synctest"
	"hotlight/sync/wire"
)

type browser struct {
	t     testing.TB
	w     *synctest.World
	http  *http.Client
	token string
}

func browse(t testing.TB, w *synctest.World, who *bundletest.Person) *browser {
	t.Helper()
	tr := &http.Transport{TLSClientConfig: wire.PinnedTLS(w.Server.TLSPin())}
	t.Cleanup(tr.CloseIdleConnections)
	b := &browser{t: t, w: w, http: &http.Client{Transport: tr}}
	if who == nil {
		return b
	}
	status, body, _ := b.do("POST", "/v1/session", b.login(who, nil))
	if status != 200 {
		t.Fatalf("login: %d %s", status, body)
	}
	var s wire.Session
	if err := wire.Unmarshal([]byte(body), &s); err != nil {
		t.Fatal(err)
	}
	b.token = s.Token
	return b
}

func (b *browser) login(who *bundletest.Person, change func(*wire.Login)) []byte {
	b.t.Helper()
	_, body, _ := b.do("GET", "/v1/challenge", nil)
	var c wire.Challenge
	if err := wire.Unmarshal([]byte(body), &c); err != nil {
		b.t.Fatal(err)
	}
	l := wire.Login{Project: b.w.Trust.Roster.Project, Reader: who.ReaderID(), Device: project.DeviceID(who.Device().KeyID()), Challenge: c.Challenge, Pin: b.w.Server.TLSPin()}
	if change != nil {
		change(&l)
	}
	e, err := project.SignEnvelope(wire.LoginType, wire.Marshal(l), who.Device(), who.Person())
	if err != nil {
		b.t.Fatal(err)
	}
	return e.Marshal()
}

func (b *browser) do(method, path string, body []byte, header ...string) (int, string, http.Header) {
	b.t.Helper()
	r, err := http.NewRequest(method, b.w.Config(b.w.Ann).Server.URL+path, bytes.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	if b.token != "" {
		r.Header.Set("Authorization", "Bearer "+b.token)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	resp, err := b.http.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	resp.Header.Del("Date")
	return resp.StatusCode, string(text), resp.Header
}

func (b *browser) upload(address project.Hash, data []byte) (int, string) {
	b.t.Helper()
	status, text, _ := b.do("PATCH", "/v1/blob/"+address.String(), data, "Content-Type", wire.ChunkType, wire.OffsetHeader, "0", wire.LengthHeader, fmt.Sprint(len(data)))
	return status, text
}

func (b *browser) commit(address project.Hash) (int, string) {
	b.t.Helper()
	status, text, _ := b.do("POST", "/v1/commit", wire.Marshal(wire.Commit{Bundle: address}))
	return status, text
}

func deliver(t testing.TB, w *synctest.World, who *bundletest.Person, out *synctest.Outbox) {
	t.Helper()
	c, err := client.NewHTTP(w.Config(who))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := c.Sync(context.Background(), out, nil); err != nil {
		t.Fatal(err)
	}
}
