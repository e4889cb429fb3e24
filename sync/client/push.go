package client

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"hotlight/project"
	"hotlight/sync/wire"
)

// Push sends what waits, in the author's order, and records each receipt after verifying it. It stops at the first bundle that cannot be
// sent now, since the server takes none out of order. The report is true also beside an error.
func (h *HTTP) Push(ctx context.Context, out Outbox) (Report, error) {
	var report Report
	waiting, err := out.Waiting()
	if err != nil {
		return report, err
	}
	report.Waiting = len(waiting)
	for _, address := range waiting {
		data, err := out.Bundle(address)
		if err != nil {
			return report, err
		}
		receipt, err := h.deliver(ctx, address, data)
		if err != nil {
			return report, err
		}
		if err := out.Delivered(address, receipt.Marshal()); err != nil {
			return report, err
		}
		report.Sent++
		report.Waiting--
	}
	return report, nil
}

// deliver uploads and commits one bundle and returns its verified receipt.
func (h *HTTP) deliver(ctx context.Context, address project.Hash, data []byte) (*wire.Receipt, error) {
	u := &upload{h: h, address: address, data: data}
	var receipt wire.Receipt
	err := h.config.Retry.do(ctx, func() (bool, error) {
		before := u.offset
		if err := u.run(ctx); err != nil {
			return u.offset > before, err
		}
		err := h.commit(ctx, address, &receipt)
		if k := project.KindOf(err); (k == project.NotFound || k == project.Corrupt) && !u.again {
			// The server has lost the upload or found it damaged, and dropped it. Once more, from the start.
			u.offset, u.again = 0, true
			err = project.Errorf(project.Busy, "the upload has to be repeated: %w", err)
		}
		return false, err
	})
	if err != nil {
		return nil, err
	}
	if _, err := receipt.Verify(h.config.Server.LogKey, h.config.Project, h.config.Signer.ReaderID(), address); err != nil {
		return nil, project.Errorf(project.Corrupt, "the server's receipt does not hold, the bundle counts as not sent: %w", err)
	}
	return &receipt, nil
}

func (h *HTTP) commit(ctx context.Context, address project.Hash, receipt *wire.Receipt) error {
	r := request{method: http.MethodPost, path: "/v1/commit", body: wire.Marshal(wire.Commit{Bundle: address}), allow: 10 * time.Minute}
	return h.call(ctx, r, expect(receipt))
}

// upload is one bundle on its way. It begins at the start without asking; the server says where to go on.
type upload struct {
	h       *HTTP
	address project.Hash
	data    []byte
	offset  int64 // up to where the server has it, as far as is known
	again   bool  // it was sent again from the start already
}

// run sends chunks until the server has everything.
func (u *upload) run(ctx context.Context) error {
	if u.offset > 0 { // an earlier try broke off: how much arrived?
		if err := u.ask(ctx); err != nil {
			return err
		}
	}
	for moved := 0; u.offset < int64(len(u.data)); {
		before := u.offset
		if err := u.chunk(ctx); err != nil {
			u.offset = max(u.offset, 1) // so that the next try asks
			return err
		}
		if u.offset == before {
			if moved++; moved > 3 {
				return project.Errorf(project.Busy, "the server takes the bundle's bytes but does not keep them")
			}
		}
	}
	return nil
}

func (u *upload) path() string { return "/v1/blob/" + u.address.String() }

func (u *upload) ask(ctx context.Context) error {
	return u.h.call(ctx, request{method: http.MethodHead, path: u.path()}, func(r *http.Response) error {
		if r.StatusCode/100 != 2 {
			return wire.ReadProblem(r)
		}
		return u.heard(r)
	})
}

// heard takes the server's word for how much it has.
func (u *upload) heard(r *http.Response) error {
	n, err := strconv.ParseInt(r.Header.Get(wire.OffsetHeader), 10, 64)
	if err != nil || n < 0 || n > int64(len(u.data)) {
		return project.Errorf(project.Corrupt, "the server says that it has more of the bundle than there is")
	}
	u.offset = n
	return nil
}

func (u *upload) chunk(ctx context.Context) error {
	end := min(u.offset+wire.MaxChunk, int64(len(u.data)))
	r := request{method: http.MethodPatch, path: u.path(), body: u.data[u.offset:end], header: map[string]string{
		"Content-Type": wire.ChunkType, wire.OffsetHeader: fmt.Sprint(u.offset), wire.LengthHeader: fmt.Sprint(len(u.data)),
	}}
	return u.h.call(ctx, r, func(r *http.Response) error {
		switch {
		case r.StatusCode == http.StatusConflict && r.Header.Get(wire.OffsetHeader) != "":
			return u.heard(r)
		case r.StatusCode/100 != 2:
			return wire.ReadProblem(r)
		}
		return u.heard(r)
	})
}
