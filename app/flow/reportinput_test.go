package flow

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"hotlight/project"
	concordance "hotlight/project/report"
)

// A report opens reads: nobody but the lead may ask for it, and a case whose reads have not all arrived stays closed.
func TestReportInputIsTheLeads(t *testing.T) {
	c := newCast(t)
	_, err := c.anns.ReportInput(context.Background(), nil)
	wantKind(t, "a reader's report", err, project.NotPermitted)
	_, err = c.leads.ReportInput(context.Background(), nil)
	wantKind(t, "a report of nothing", err, project.NotFound)
}

func TestReportInputHoldsTheReceivedRead(t *testing.T) {
	c, ctx := newCast(t), context.Background()
	_, err := c.leads.AddImages(ctx, []string{c.images}, nil)
	must(t, err)
	c.signed(t)
	out, err := c.anns.SealRead(ctx, c.item)
	must(t, err)
	data, err := c.anns.Store.Bundle(out.Hash)
	must(t, err)
	_, err = c.leads.Import(ctx, strings.NewReader(string(data)), int64(len(data)))
	must(t, err)
	in, err := c.leads.ReportInput(ctx, nil)
	must(t, err)
	if len(in.Reads) != 1 || len(in.Reads[0].Segments) != 1 || in.Reads[0].Segments[0].Class != "liver" || !in.Reads[0].Signature.Verified {
		t.Fatalf("reads %+v", in.Reads)
	}
	drawn, err := in.Reads[0].Draw(ctx)
	if err != nil || drawn.Segments[0].Mask.Count() == 0 || drawn.Geometry.Uncalibrated {
		t.Errorf("drawn %+v, %v", drawn, err)
	}
	r, err := concordance.Build(ctx, in, concordance.Options{Program: "test"})
	must(t, err)
	var page bytes.Buffer
	must(t, r.WriteHTML(&page))
	for _, name := range []string{"Dr. Ann", "Prof. Lead", string(c.item)} {
		if strings.Contains(page.String(), name) {
			t.Errorf("the report names %q", name)
		}
	}
	if n := r.Number("flow/analysed"); n == nil || n.Value != 1 {
		t.Errorf("analysed %+v", n)
	}
}
