package wire

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"strings"
	"syscall"

	"hotlight/project"
)

// Problem is an error on its way between machines: RFC 9457 problem details, with our Kind in it.
type Problem struct {
	Type   string `json:"type"` // urn:hotlight:problem:<kind>
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"` // for people, without names, patient data or paths
	Kind   string `json:"kind"`   // project.Kind as text
}

const problemPrefix = "urn:hotlight:problem:"

var statusOf = map[project.Kind]int{
	project.Other: http.StatusInternalServerError, project.Invalid: http.StatusBadRequest, project.NotPermitted: http.StatusForbidden,
	project.Conflict: http.StatusConflict, project.Corrupt: http.StatusUnprocessableEntity, project.Unsupported: http.StatusNotImplemented,
	project.Busy: http.StatusTooManyRequests, project.NotFound: http.StatusNotFound, project.Offline: http.StatusBadRequest,
	project.Full: http.StatusInsufficientStorage, project.Locked: http.StatusUnauthorized,
}

// ProblemOf describes err. Only the texts of a *project.Error travel: another error's text may hold a path.
func ProblemOf(err error) Problem {
	var e *project.Error
	detail := "the server met an error that it does not explain; its own log says more"
	kind := project.Other
	switch {
	case errors.As(err, &e):
		kind = e.Kind
		if kind != project.Other {
			detail = e.Text
		}
	case errors.Is(err, syscall.ENOSPC):
		kind, detail = project.Full, "the server has no space left"
	case errors.Is(err, fs.ErrNotExist):
		kind, detail = project.NotFound, notFound
	}
	return Problem{Type: problemPrefix + kind.String(), Title: strings.ReplaceAll(kind.String(), "_", " "), Status: statusOf[kind], Detail: detail, Kind: kind.String()}
}

const notFound = "there is nothing by that name for you"

// NotFound is the one answer to "does not exist" and to "not yours".
func NotFound() error { return &project.Error{Kind: project.NotFound, Text: notFound} }

// WriteProblem answers a request with err.
func WriteProblem(w http.ResponseWriter, err error) {
	p := ProblemOf(err)
	h := w.Header()
	h.Set("Content-Type", ProblemType)
	if p.Status == http.StatusTooManyRequests {
		h.Set("Retry-After", "1")
	}
	w.WriteHeader(p.Status)
	w.Write(Marshal(p))
}

// ReadProblem turns an answer that is no success into an error with the server's kind and sentence. It reads at most 64 KiB of the body.
func ReadProblem(r *http.Response) error {
	b, err := io.ReadAll(io.LimitReader(r.Body, 64<<10))
	if err != nil {
		return project.Errorf(project.Offline, "the server's answer was cut off: %w", err)
	}
	var p Problem
	// A newer server may say more; an error is understood as far as it goes.
	if !strings.HasPrefix(r.Header.Get("Content-Type"), ProblemType) || json.Unmarshal(b, &p) != nil {
		return project.Errorf(kindOfStatus(r.StatusCode), "the server answered %d without an explanation", r.StatusCode)
	}
	kind := project.ParseKind(p.Kind)
	if kind == project.Offline {
		kind = project.Invalid // the server cannot say this of itself
	}
	return project.Errorf(kind, "the server says: %s", clip(p.Detail))
}

func kindOfStatus(status int) project.Kind {
	switch {
	case status == http.StatusUnauthorized:
		return project.Locked
	case status == http.StatusNotFound:
		return project.NotFound
	case status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable:
		return project.Busy
	}
	return project.Other
}

// clip keeps a foreign text short and on one line.
func clip(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7F {
			return ' '
		}
		return r
	}, s)
	if len(s) > 400 {
		s = strings.ToValidUTF8(s[:400], "") + " ..."
	}
	return s
}

// Temporary reports whether trying again may help: the other side is away or busy.
func Temporary(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false
	}
	k := project.KindOf(err)
	return k == project.Offline || k == project.Busy
}
