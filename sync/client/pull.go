package client

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"hotlight/project"
	"hotlight/sync/wire"
)

// Pull fetches what has arrived for this person into in, in order, each arrival whole by its address and with a verified receipt. With a wait it stays until
// something arrives, at most that long (wire.MaxWait). It returns how many were accepted, also beside an error.
func (h *HTTP) Pull(ctx context.Context, in Inbox, wait time.Duration) (int, error) {
	received, last := 0, uint64(0)
	for {
		after, err := readCursor(in)
		if err != nil {
			return received, err
		}
		if received > 0 && after != last { // or this would go on for ever
			return received, project.Errorf(project.Other, "the inbox did not keep its position in the feed")
		}
		var feed wire.Feed
		path := fmt.Sprintf("/v1/feed?after=%d&wait=%d", after, int(min(wait, wire.MaxWait).Seconds()))
		err = h.config.Retry.do(ctx, func() (bool, error) {
			return false, h.call(ctx, request{method: http.MethodGet, path: path, allow: 30*time.Second + wait}, expect(&feed))
		})
		if err != nil || len(feed.Entries) == 0 {
			return received, err
		}
		for _, e := range feed.Entries {
			if err := checkEntry(e, after, h.config); err != nil {
				return received, err
			}
			if err := h.fetchInto(ctx, in, e); err != nil {
				return received, err
			}
			after, last = e.Cursor, e.Cursor
			received++
		}
		wait = 0
	}
}

// checkEntry verifies what a server says about an arrival.
func checkEntry(e wire.FeedEntry, after uint64, c Config) error {
	if e.Cursor != after+1 {
		return project.Errorf(project.Corrupt, "the server leaves out an arrival: number %d follows number %d", e.Cursor, after)
	}
	if e.Size < 1 || e.Size > c.MaxBundle {
		return project.Errorf(project.Full, "an arrival has %d bytes, at most %d are fetched", e.Size, c.MaxBundle)
	}
	if _, err := e.Receipt.Verify(c.Server.LogKey, c.Project, e.Receipt.Author, e.Bundle); err != nil {
		return project.Errorf(project.Corrupt, "an arrival's receipt does not hold: %w", err)
	}
	return nil
}

func readCursor(in Inbox) (uint64, error) {
	b, err := in.Cursor(feedCursor)
	if err != nil || b == nil {
		return 0, err
	}
	n, err := strconv.ParseUint(string(b), 10, 64)
	if err != nil {
		return 0, project.Errorf(project.Corrupt, "the stored position in the feed cannot be read")
	}
	return n, nil
}

func cursorValue(n uint64) []byte { return strconv.AppendUint(nil, n, 10) }

// fetchInto downloads one arrival and has it accepted.
func (h *HTTP) fetchInto(ctx context.Context, in Inbox, e wire.FeedEntry) error {
	f, err := os.CreateTemp(h.config.Spool, "fetch-*.tmp")
	if err != nil {
		return project.Errorf(project.Full, "there is no place for what is being fetched")
	}
	defer os.Remove(f.Name())
	defer f.Close()
	if err := h.fetch(ctx, f, e); err != nil {
		return err
	}
	receipt := e.Receipt
	return in.Accept(ctx, Arrival{Address: e.Bundle, Size: e.Size, Data: f, Receipt: &receipt, Cursor: feedCursor, Value: cursorValue(e.Cursor)})
}

// fetch downloads a bundle into f, going on where a try broke off, and compares it with its address.
func (h *HTTP) fetch(ctx context.Context, f *os.File, e wire.FeedEntry) error {
	have := int64(0)
	err := h.config.Retry.do(ctx, func() (bool, error) {
		before := have
		err := h.fetchFrom(ctx, f, e, &have)
		if err == nil && have < e.Size {
			err = project.Errorf(project.Offline, "the server's answer was cut off")
		}
		return have > before, err
	})
	if err != nil {
		return err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, e.Size)); err != nil {
		return project.Errorf(project.Other, "read what was fetched: %w", err)
	}
	if project.Hash(sum.Sum(nil)) != e.Bundle {
		return project.Errorf(project.Corrupt, "the server sent another bundle than its receipt names")
	}
	return nil
}

// fetchFrom appends what the server sends from byte *have on, at most to the announced size.
func (h *HTTP) fetchFrom(ctx context.Context, f *os.File, e wire.FeedEntry, have *int64) error {
	r := request{method: http.MethodGet, path: "/v1/blob/" + e.Bundle.String(), allow: timeFor(e.Size - *have)}
	if *have > 0 {
		r.header = map[string]string{"Range": fmt.Sprintf("bytes=%d-", *have)}
	}
	return h.call(ctx, r, func(resp *http.Response) error {
		switch resp.StatusCode {
		case http.StatusOK:
			*have = 0
		case http.StatusPartialContent:
			if want := fmt.Sprintf("bytes %d-%d/%d", *have, e.Size-1, e.Size); resp.Header.Get("Content-Range") != want {
				return project.Errorf(project.Corrupt, "the server sends another part of the bundle than was asked for")
			}
		default:
			return wire.ReadProblem(resp)
		}
		n, err := io.Copy(io.NewOffsetWriter(f, *have), io.LimitReader(resp.Body, e.Size-*have))
		*have += n
		if err != nil {
			return away(err)
		}
		return nil
	})
}
