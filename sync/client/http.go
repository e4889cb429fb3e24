package client

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"hotlight/project"
	"hotlight/sync/wire"
)

// HTTP is the way over the network. Its methods may be called from several goroutines, but one Sync at a time keeps the author's order.
type HTTP struct {
	config Config
	base   string
	http   *http.Client

	mu    sync.Mutex
	token string
}

// NewHTTP returns the way over the network to c.Server.URL, whose key must be c.Server.TLSPin. It connects at first use.
func NewHTTP(c Config) (*HTTP, error) {
	if !strings.HasPrefix(c.Server.URL, "https://") || c.Server.TLSPin.IsZero() || len(c.Server.LogKey) == 0 {
		return nil, project.Errorf(project.Invalid, "the project's definition names no server, or not its TLS pin and log key; exchange by folder instead")
	}
	c.Retry = c.Retry.withDefaults()
	if c.MaxBundle == 0 {
		c.MaxBundle = 2 << 30
	}
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext
	}
	t := &http.Transport{
		Proxy: http.ProxyFromEnvironment, DialContext: dial, TLSClientConfig: wire.PinnedTLS(c.Server.TLSPin),
		TLSHandshakeTimeout: 15 * time.Second, IdleConnTimeout: time.Minute, MaxIdleConns: 4, Protocols: new(http.Protocols),
	}
	t.Protocols.SetHTTP1(true)
	noRedirects := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &HTTP{config: c, base: strings.TrimRight(c.Server.URL, "/"), http: &http.Client{Transport: t, CheckRedirect: noRedirects}}, nil
}

// Close closes connections that are kept open.
func (h *HTTP) Close() error {
	h.http.CloseIdleConnections()
	return nil
}

// Sync pushes, then pulls; see Push and Pull.
func (h *HTTP) Sync(ctx context.Context, out Outbox, in Inbox) (Report, error) {
	report, err := h.Push(ctx, out)
	if err != nil || in == nil {
		return report, err
	}
	report.Received, err = h.Pull(ctx, in, 0)
	return report, err
}

// request is one message to the server.
type request struct {
	method, path string
	body         []byte
	header       map[string]string
	allow        time.Duration // for the whole exchange
}

// slowest is the rate below which a transfer is broken off, to be gone on with.
const slowest = 16 << 10 // bytes a second

func timeFor(n int64) time.Duration { return 30*time.Second + time.Duration(n/slowest)*time.Second }

// call sends r as this person, logging in where needed, and gives the answer to read, also one that says no.
func (h *HTTP) call(ctx context.Context, r request, read func(*http.Response) error) error {
	for again := false; ; again = true {
		token, err := h.session(ctx, again)
		if err != nil {
			return err
		}
		expired := false
		err = h.send(ctx, r, token, func(resp *http.Response) error {
			expired = resp.StatusCode == http.StatusUnauthorized
			return read(resp)
		})
		if !expired || again {
			return err
		}
	}
}

// send sends one request.
func (h *HTTP) send(ctx context.Context, r request, token string, read func(*http.Response) error) error {
	if r.allow == 0 {
		r.allow = timeFor(int64(len(r.body)))
	}
	within, cancel := context.WithTimeout(ctx, r.allow)
	defer cancel()
	req, err := http.NewRequestWithContext(within, r.method, h.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return project.Errorf(project.Invalid, "the server's address cannot be used")
	}
	for k, v := range r.header {
		req.Header.Set(k, v)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := h.http.Do(req)
	if err != nil {
		return away(err)
	}
	defer resp.Body.Close()
	if err := read(resp); err != nil {
		return err
	}
	io.Copy(io.Discard, io.LimitReader(resp.Body, 64<<10)) // so that the connection can be used again
	return nil
}

// away says in one sentence that the server is not there. The address is left out: it may name a person's network.
func away(err error) error {
	var e *project.Error
	if errors.As(err, &e) {
		return e
	}
	return project.Errorf(project.Offline, "the server cannot be reached; nothing is lost, what waits is sent next time: %w", pathless(err))
}

// pathless keeps the cause of a network error without the URL in it.
func pathless(err error) error {
	for _, known := range []error{context.DeadlineExceeded, context.Canceled, io.ErrUnexpectedEOF, io.EOF} {
		if errors.Is(err, known) {
			return known
		}
	}
	var op *net.OpError
	if errors.As(err, &op) {
		return op.Err
	}
	return errors.New("the connection failed")
}

// expect returns a reader of answers that wants a success with a message v.
func expect(v any) func(*http.Response) error {
	return func(r *http.Response) error {
		if r.StatusCode/100 != 2 {
			return wire.ReadProblem(r)
		}
		if v == nil {
			return nil
		}
		return wire.Decode(r.Body, wire.MaxAnswer, v)
	}
}

// session returns a token, of a new login if renew is set or none was made yet.
func (h *HTTP) session(ctx context.Context, renew bool) (string, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.token != "" && !renew {
		return h.token, nil
	}
	h.token = ""
	var c wire.Challenge
	if err := h.send(ctx, request{method: http.MethodGet, path: "/v1/challenge"}, "", expect(&c)); err != nil {
		return "", err
	}
	s := h.config.Signer
	l := wire.Login{Project: h.config.Project, Reader: s.ReaderID(), Device: project.DeviceID(s.Device().KeyID()), Challenge: c.Challenge, Pin: h.config.Server.TLSPin}
	e, err := project.SignEnvelope(wire.LoginType, wire.Marshal(l), s.Device(), s.Person())
	if err != nil {
		return "", err
	}
	var session wire.Session
	if err := h.send(ctx, request{method: http.MethodPost, path: "/v1/session", body: e.Marshal()}, "", expect(&session)); err != nil {
		return "", err
	}
	h.token = session.Token
	return h.token, nil
}

// Info asks what the server is and takes. It needs no login.
func (h *HTTP) Info(ctx context.Context) (*wire.Info, error) {
	var i wire.Info
	err := h.config.Retry.do(ctx, func() (bool, error) {
		return false, h.send(ctx, request{method: http.MethodGet, path: "/v1/info"}, "", expect(&i))
	})
	return &i, err
}

// PushRoster sends a newer signed roster; the lead's only. A definition bundle does the same and tells everybody.
func (h *HTTP) PushRoster(ctx context.Context, roster *project.Envelope) error {
	return h.config.Retry.do(ctx, func() (bool, error) {
		return false, h.call(ctx, request{method: http.MethodPost, path: "/v1/roster", body: roster.Marshal()}, expect(nil))
	})
}
