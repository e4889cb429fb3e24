package server

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hotlight/project"
	"hotlight/sync/wire"
)

// A running server holds its data directory. So that the operator can admit a project or plug in a medium meanwhile, it writes down where it
// listens, and takes orders from whoever proves to have read the directory's secret: that is, from whoever could do the same by hand.

const servingFile = "serving.json"

type servingAt struct {
	Address string       `json:"address"`
	Pin     project.Hash `json:"pin"`
}

// announce writes down where the server listens.
func (s *Server) announce(a net.Addr) error {
	return writeFile(filepath.Join(s.dir, servingFile), wire.Marshal(servingAt{reachable(a), s.keys.pin}))
}

func (s *Server) withdraw() { os.Remove(filepath.Join(s.dir, servingFile)) }

// reachable turns "every interface" into this computer's own.
func reachable(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("localhost", port)
	}
	return a.String()
}

func operatorToken(secret [32]byte) string {
	m := hmac.New(sha256.New, secret[:])
	m.Write([]byte("operator"))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// exchangeOrder asks for an exchange with a medium plugged into the server's computer.
type exchangeOrder struct {
	Path string `json:"path"`
}

func (s *Server) operator(w http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.RemoteAddr)
	if err := s.limits.take("address " + host); err != nil {
		s.answer(w, err)
		return
	}
	token := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !hmac.Equal([]byte(token), []byte(operatorToken(s.keys.session))) {
		s.answer(w, wire.NotFound())
		return
	}
	switch r.PathValue("what") {
	case "admit":
		deadline(w, 0, 0)
		e, err := readEnvelope(r)
		if err == nil {
			err = s.Admit(e)
		}
		if err == nil {
			w.WriteHeader(http.StatusNoContent)
		}
		s.answer(w, err)
	case "exchange":
		deadline(w, 0, time.Hour)
		var order exchangeOrder
		err := wire.Decode(r.Body, wire.MaxMessage, &order)
		var done Exchanged
		if err == nil {
			done, err = s.Exchange(r.Context(), order.Path)
		}
		if err == nil {
			err = reply(w, done)
		}
		s.answer(w, err)
	case "check":
		deadline(w, 0, 24*time.Hour)
		c, err := s.Check(r.Context())
		if err == nil {
			err = reply(w, c)
		}
		s.answer(w, err)
	default:
		s.answer(w, wire.NotFound())
	}
}

// AdmitAt is Admit for the operator: on the directory itself, or through the process that holds it.
func AdmitAt(ctx context.Context, dir string, roster *project.Envelope, o Options) error {
	s, err := Open(dir, o)
	if project.KindOf(err) == project.Busy {
		_, err = order(ctx, dir, "admit", roster.Marshal())
		return err
	}
	if err != nil {
		return err
	}
	return errors.Join(s.Admit(roster), s.Close())
}

// CheckAt is Check for the operator: on the directory itself, or through the process that holds it.
func CheckAt(ctx context.Context, dir string, o Options) (Checked, error) {
	s, err := Open(dir, o)
	if project.KindOf(err) == project.Busy {
		b, err := order(ctx, dir, "check", []byte("{}"))
		if err != nil {
			return Checked{}, err
		}
		var c Checked
		err = wire.Unmarshal(b, &c)
		return c, err
	}
	if err != nil {
		return Checked{}, err
	}
	c, err := s.Check(ctx)
	return c, errors.Join(err, s.Close())
}

// ExchangeAt is Exchange for the operator: on the directory itself, or through the process that holds it.
func ExchangeAt(ctx context.Context, dir, path string, o Options) (Exchanged, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return Exchanged{}, err
	}
	s, err := Open(dir, o)
	if project.KindOf(err) == project.Busy {
		b, err := order(ctx, dir, "exchange", wire.Marshal(exchangeOrder{path}))
		if err != nil {
			return Exchanged{}, err
		}
		var done Exchanged
		err = wire.Unmarshal(b, &done)
		return done, err
	}
	if err != nil {
		return Exchanged{}, err
	}
	done, err := s.Exchange(ctx, path)
	return done, errors.Join(err, s.Close())
}

// order sends an order to the process that holds dir.
func order(ctx context.Context, dir, what string, body []byte) ([]byte, error) {
	var at servingAt
	b, err := os.ReadFile(filepath.Join(dir, servingFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, project.Errorf(project.Busy, "another process holds the data directory and does not serve; wait until it is done")
	}
	if err == nil {
		err = json.Unmarshal(b, &at)
	}
	secret, readErr := os.ReadFile(filepath.Join(dir, sessionFile))
	if err = errors.Join(err, readErr); err != nil || len(secret) != 32 {
		return nil, errors.Join(errors.New("the data directory cannot be read"), err)
	}
	h := &http.Client{Transport: &http.Transport{TLSClientConfig: wire.PinnedTLS(at.Pin)}}
	defer h.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "https://"+at.Address+"/v1/operator/"+what, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Authorization", "Bearer "+operatorToken([32]byte(secret)))
	resp, err := h.Do(r)
	if err != nil {
		return nil, project.Errorf(project.Offline, "the process that holds the data directory does not answer")
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return nil, wire.ReadProblem(resp)
	}
	return io.ReadAll(io.LimitReader(resp.Body, wire.MaxMessage))
}
